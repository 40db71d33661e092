//! Paper credentials (DCI ID Systems v1.0.0, PRS.ID.03): a compact signed JWT in a QR code. What it says can be checked
//! without a network; whether it still counts is asked of us.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::person::{Barred, Person};

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::identity) enum Kind {
    IdCard,
    BirthCertificate,
}

impl Kind {
    /// The word in addresses, in the archive and in the credential (`vct`).
    pub(in crate::identity) fn word(self) -> &'static str {
        match self {
            Self::IdCard => "id-card",
            Self::BirthCertificate => "birth-certificate",
        }
    }
}

/// What a birth's entry in the civil register says, as far as a certificate shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::identity) struct Birth {
    pub(in crate::identity) number: String,
    pub(in crate::identity) given_name: String,
    pub(in crate::identity) family_name: String,
    pub(in crate::identity) sex: String,
    pub(in crate::identity) date: String,
    pub(in crate::identity) place: String,
    pub(in crate::identity) registered: String,
}

impl Birth {
    /// Reads a `CRVS_Person` (DCI); nothing where number, name or day are missing.
    pub(in crate::identity) fn read(record: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let brn = |entry: &&Value| {
            let kind = entry["identifier_type"].as_str().unwrap_or_default();
            kind.rsplit(':').next().is_some_and(|k| k.eq_ignore_ascii_case("BRN"))
        };
        let number = record["identifier"].as_array()?.iter().find(brn)?;
        let date: Date = record["birth_date"].as_str()?.get(..10)?.parse().ok()?;
        Some(Self {
            number: text(&number["identifier_value"])?,
            given_name: text(&record["name"]["given_name"])?,
            family_name: text(&record["name"]["surname"])?,
            sex: text(&record["sex"]).unwrap_or_default(),
            date: date.to_string(),
            place: text(&record["birth_place"]["name"]).unwrap_or_default(),
            registered: text(&record["registration_date"]).unwrap_or_default(),
        })
    }
}

/// What an ID card's credential says. Names of members are short, because each letter makes the code larger.
pub(in crate::identity) fn card_claims(person: &Person) -> Value {
    json!({
        "uin": person.uin, "gn": person.given_name, "fn": person.family_name,
        "dob": person.birth_date, "sex": person.sex,
    })
}

/// What a birth certificate's credential says: the number of the entry, and no identity number.
pub(in crate::identity) fn birth_claims(birth: &Birth) -> Value {
    json!({
        "rn": birth.number, "gn": birth.given_name, "fn": birth.family_name,
        "dob": birth.date, "pob": birth.place,
    })
}

/// Whether a paper about this person still counts, and why not.
pub(in crate::identity) fn status(person: &Person) -> Value {
    match person.barred() {
        None => json!({"status": "valid"}),
        Some(Barred::Deceased) => {
            json!({"status": "revoked", "reason": "deceased", "since": person.deceased_on})
        }
        Some(Barred::Blocked) => json!({"status": "revoked", "reason": "blocked"}),
        Some(Barred::Deactivated) => json!({"status": "revoked", "reason": "deactivated"}),
    }
}

/// The credential inside what somebody pasted: itself, or the address that a QR code holds.
pub(in crate::identity) fn pasted(text: &str) -> &str {
    let text = text.trim();
    text.rsplit_once('#').map_or(text, |(_, credential)| credential)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_holds_no_identity_number_and_a_card_does() {
        let mut person = Person::with_number("2154189532");
        person.given_name = String::from("Ada");
        assert_eq!(card_claims(&person)["uin"], "2154189532");
        let record = json!({
            "identifier": [{"identifier_type": "UIN", "identifier_value": "2154189532"},
                {"identifier_type": "BRN", "identifier_value": "BRN-2026-0001"}],
            "name": {"given_name": "Ada", "surname": "Ortal"}, "birth_date": "2026-10-04",
            "birth_place": {"name": "Salmara"}, "registration_date": "2026-10-05", "sex": "female",
        });
        let claims = birth_claims(&Birth::read(&record).unwrap());
        assert_eq!((&claims["rn"], &claims["pob"]), (&json!("BRN-2026-0001"), &json!("Salmara")));
        assert!(!claims.to_string().contains("2154189532"));
        assert_eq!(Birth::read(&json!({"identifier": []})), None);
    }

    #[test]
    fn what_is_pasted_may_be_the_address_of_the_code() {
        assert_eq!(pasted(" http://x/verify?lang=fr#a.b.c\n"), "a.b.c");
        assert_eq!(pasted("a.b.c"), "a.b.c");
    }
}
