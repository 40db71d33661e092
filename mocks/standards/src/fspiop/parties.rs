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

    /// The same at an FSP.
    #[must_use]
    pub fn at(mut self, fsp_id: impl Into<String>) -> Self {
        self.fsp_id = Some(fsp_id.into());
        self
    }
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
}
