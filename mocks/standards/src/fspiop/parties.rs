//! GET /parties/{Type}/{ID} and PUT /parties/{Type}/{ID}: who a payment identifier belongs to.

use super::error_information::ExtensionList;
use crate::code::open_code;
use crate::money::Currency;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

open_code! {
    /// What kind of identifier names a party.
    PartyIdType {
        Msisdn = "MSISDN",
        Email = "EMAIL",
        PersonalId = "PERSONAL_ID",
        Business = "BUSINESS",
        Device = "DEVICE",
        AccountId = "ACCOUNT_ID",
        Iban = "IBAN",
        Alias = "ALIAS",
    }
}

/// Body of PUT /parties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartiesPutResponse {
    /// Who was found.
    pub party: Party,
}

/// A person or business with its identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Party {
    /// By which identifier, at which FSP.
    pub party_id_info: PartyIdInfo,
    /// Kind of shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant_classification_code: Option<String>,
    /// Name to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Name in parts, and date of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal_info: Option<PartyPersonalInfo>,
    /// 2.0: which currencies it takes; absent means the adapter asks for no conversion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supported_currencies: Option<Vec<Currency>>,
}

impl Party {
    /// A party of which only identifier and FSP are known.
    pub fn new(party_id_info: PartyIdInfo) -> Self {
        Self {
            party_id_info,
            merchant_classification_code: None,
            name: None,
            personal_info: None,
            supported_currencies: None,
        }
    }
}

/// An identifier, and the FSP that holds the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartyIdInfo {
    /// What kind of identifier.
    pub party_id_type: PartyIdType,
    /// The identifier, 1 to 128 characters.
    pub party_identifier: String,
    /// A part of the identified, such as one of a business's tills.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party_sub_id_or_type: Option<String>,
    /// Where the account is, 1 to 32 characters. Adapters refuse an answer without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fsp_id: Option<String>,
    /// More, as keys and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_list: Option<ExtensionList>,
}

impl PartyIdInfo {
    /// An identifier without its FSP.
    pub fn new(party_id_type: PartyIdType, party_identifier: impl Into<String>) -> Self {
        let party_identifier = party_identifier.into();
        Self {
            party_id_type,
            party_identifier,
            party_sub_id_or_type: None,
            fsp_id: None,
            extension_list: None,
        }
    }

    /// The identifier by which the account is known: a telephone number may be written with one `+` before it.
    pub fn bare_identifier(&self) -> &str {
        let identifier = self.party_identifier.as_str();
        let number =
            identifier.strip_prefix('+').filter(|_| self.party_id_type == PartyIdType::Msisdn);
        number.unwrap_or(identifier)
    }

    /// What would have been right where the identifier is none of its type, by API Definition 6.3.7 and what it cites.
    pub fn lacks_pattern(&self) -> Option<&'static str> {
        let id = self.bare_identifier();
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        match self.party_id_type {
            PartyIdType::Msisdn if !((1..=15).contains(&id.len()) && digits(id)) => {
                Some("write 1 to 15 digits, with the country code")
            }
            PartyIdType::Email if !is_mailbox(id) => Some("write an address such as a@b.org"),
            PartyIdType::Iban if !is_iban(id) => Some("write an IBAN"),
            _ => None,
        }
    }

    /// The same at an FSP.
    #[must_use]
    pub fn at(mut self, fsp_id: impl Into<String>) -> Self {
        self.fsp_id = Some(fsp_id.into());
        self
    }
}

fn is_mailbox(text: &str) -> bool {
    let legal = |part: &str| {
        !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c.is_control())
    };
    text.rsplit_once('@').is_some_and(|(whom, host)| legal(whom) && legal(host))
}

/// Country, check digits and up to 30 letters and digits, with or without spaces between. The check digits are not reckoned.
fn is_iban(text: &str) -> bool {
    let bytes: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
    let [a, b, c, d, rest @ ..] = &bytes[..] else { return false };
    let (letters, digits) = (
        a.is_ascii_alphabetic() && b.is_ascii_alphabetic(),
        c.is_ascii_digit() && d.is_ascii_digit(),
    );
    let holds_account =
        (1..=30).contains(&rest.len()) && rest.iter().all(u8::is_ascii_alphanumeric);
    letters && digits && holds_account
}

/// Name in parts, and date of birth.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartyPersonalInfo {
    /// Name in parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complex_name: Option<PartyComplexName>,
    /// A date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<String>,
}

/// Name in parts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartyComplexName {
    /// Given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Between the two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_party_reads_and_writes_in_the_words_of_the_standard() {
        let body = json!({"party": {"partyIdInfo": {"partyIdType": "MSISDN", "partyIdentifier": "27713803912", "fspId": "payeefsp"},
            "name": "Amina D", "personalInfo": {"complexName": {"firstName": "Amina", "lastName": "Diallo"}, "dateOfBirth": "1951-03-02"}}});
        let read: PartiesPutResponse = serde_json::from_value(body.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), body);
        assert_eq!(
            read.party.party_id_info,
            PartyIdInfo::new(PartyIdType::Msisdn, "27713803912").at("payeefsp")
        );
    }

    #[test]
    fn an_identifier_has_the_form_of_its_type() {
        use PartyIdType as Kind;
        for (kind, right, wrong) in [
            (Kind::Msisdn, "+27713803912", "not-a-phone"),
            (Kind::Msisdn, "2", "{ID}"),
            (Kind::Msisdn, "27713803912", "++277"),
            (Kind::Email, "amina@example.org", "not-an-email"),
            (Kind::Iban, "DE89 3704 0044 0532 0130 00", "notaniban"),
        ] {
            let lacks = |id: &str| PartyIdInfo::new(kind.clone(), id).lacks_pattern();
            assert_eq!(lacks(right), None, "{right}");
            assert!(lacks(wrong).is_some(), "{wrong}");
        }
        assert_eq!(PartyIdInfo::new(Kind::Msisdn, "+277").bare_identifier(), "277");
        assert_eq!(PartyIdInfo::new(Kind::Alias, "+277").bare_identifier(), "+277");
    }
}
