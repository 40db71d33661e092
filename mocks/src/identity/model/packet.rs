//! What a packet of a civil registry says (MOSIP packet manager, processes of a CRVS).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::newcomer::Newcomer;

/// What a packet asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::identity) enum Process {
    New,
    Death,
    /// A death was entered in error; ours, because MOSIP has no word for it.
    DeathRevoked,
}

/// A packet that could be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::identity) enum Packet {
    Birth(Newcomer),
    Death { uin: String, date: String, number: Option<String> },
    Revoked { uin: String },
}

impl Process {
    pub(in crate::identity) const WORDS: [&'static str; 3] =
        ["CRVS_NEW", "CRVS_DEATH", "CRVS_DEATH_REVOKED"];

    pub(in crate::identity) fn read(word: &str) -> Option<Self> {
        [Self::New, Self::Death, Self::DeathRevoked].into_iter().find(|p| p.word() == word)
    }

    pub(in crate::identity) fn word(self) -> &'static str {
        match self {
            Self::New => Self::WORDS[0],
            Self::Death => Self::WORDS[1],
            Self::DeathRevoked => Self::WORDS[2],
        }
    }
}

impl Packet {
    /// Reads the fields of a packet; the error says which is missing or wrong. `day` stands for a day of death that was not
    /// told.
    pub(in crate::identity) fn read(
        process: Process,
        fields: &Value,
        day: Option<Date>,
    ) -> Result<Self, String> {
        let uin = || text(fields, "nationalIdNumber").ok_or_else(|| missing("nationalIdNumber"));
        match process {
            Process::New => birth(fields).map(Self::Birth),
            Process::Death => Ok(Self::Death {
                uin: uin()?,
                date: match (lacks_day(process, fields), day) {
                    (true, Some(day)) => day,
                    _ => date(fields, "dateOfDeath")?,
                }
                .to_string(),
                number: text(fields, "deathCertificateNumber"),
            }),
            Process::DeathRevoked => Ok(Self::Revoked { uin: uin()? }),
        }
    }
}

/// Whether a packet tells of a death and not of its day, as those of OpenCRVS's own configuration for MOSIP do.
pub(in crate::identity) fn lacks_day(process: Process, fields: &Value) -> bool {
    process == Process::Death && text(fields, "dateOfDeath").is_none()
}

/// Who is born according to an event document (OpenCRVS 2); the error says what is missing.
pub(in crate::identity) fn newborn(
    declared: &serde_json::Map<String, Value>,
) -> Result<Newcomer, String> {
    let name = declared.get("child.name").unwrap_or(&Value::Null);
    let fields = serde_json::json!({
        "firstName": name["firstname"],
        "lastName": name["surname"],
        "dateOfBirth": declared.get("child.dob"),
        "gender": declared.get("child.gender"),
    });
    birth(&fields)
}

fn birth(fields: &Value) -> Result<Newcomer, String> {
    let both = text(fields, "firstName").zip(text(fields, "lastName"));
    let (given_name, family_name) = if let Some(both) = both {
        both
    } else {
        // The last word of a whole name is taken for the family's.
        let whole = text(fields, "fullName").ok_or_else(|| missing("fullName"))?;
        let parts = whole.rsplit_once(' ').ok_or_else(|| missing("fullName"))?;
        (parts.0.to_owned(), parts.1.to_owned())
    };
    let gender = text(fields, "gender").ok_or_else(|| missing("gender"))?.to_lowercase();
    let sex = match gender.as_str() {
        "female" | "male" | "unknown" => gender,
        "other" | "others" => String::from("others"),
        _ => return Err(format!("`fields.gender` is `{gender}`; write Female, Male or Others")),
    };
    Ok(Newcomer {
        given_name,
        family_name,
        birth_date: date(fields, "dateOfBirth")?,
        sex,
        phone: text(fields, "phone"),
        birth_registration: text(fields, "birthCertificateNumber"),
    })
}

fn missing(name: &str) -> String {
    format!("`fields.{name}` is missing")
}

/// A day with slashes, as MOSIP writes it, or with dashes.
fn date(fields: &Value, name: &str) -> Result<Date, String> {
    let day = text(fields, name).ok_or_else(|| missing(name))?.replace('/', "-");
    day.get(..10)
        .and_then(|day| day.parse().ok())
        .ok_or_else(|| format!("`fields.{name}` is no day such as 2026/10/04"))
}

/// A text, or the first of the texts in languages, which MOSIP's clients write as JSON inside the JSON or plainly.
fn text(fields: &Value, name: &str) -> Option<String> {
    let first = |list: &Value| list.as_array()?.first()?["value"].as_str().map(str::to_owned);
    let value = fields.get(name)?;
    let told = match value {
        Value::String(text) => {
            let inner = serde_json::from_str::<Value>(text).ok();
            inner.as_ref().and_then(first).or_else(|| Some(text.clone()))
        }
        list => first(list),
    };
    told.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty() && text.len() <= 200)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_birth_is_read_as_either_side_writes_it() {
        let plain =
            json!({"fullName": "Ada Maria Ortal", "dateOfBirth": "2026-10-04", "gender": "Female"});
        let inside = json!({"fullName": r#"[{"language":"eng","value":"Ada Maria Ortal"}]"#,
            "dateOfBirth": "2026/10/04", "gender": [{"language": "eng", "value": "female"}]});
        let read = |fields| Packet::read(Process::New, &fields, None).unwrap();
        assert_eq!(read(plain.clone()), read(inside));
        let Packet::Birth(child) = read(plain) else { panic!("no birth") };
        assert_eq!((child.given_name.as_str(), child.family_name.as_str()), ("Ada Maria", "Ortal"));
    }

    #[test]
    fn what_is_missing_is_named() {
        let wrong = |process, fields: Value| Packet::read(process, &fields, None).unwrap_err();
        assert!(wrong(Process::New, json!({"fullName": "Ada"})).contains("fullName"));
        let no_day = json!({"fullName": "Ada Ortal", "gender": "Female", "dateOfBirth": "soon"});
        assert!(wrong(Process::New, no_day).contains("2026/10/04"));
        assert!(wrong(Process::Death, json!({})).contains("nationalIdNumber"));
        assert!(wrong(Process::Death, json!({"nationalIdNumber": "1"})).contains("dateOfDeath"));
    }

    #[test]
    fn a_day_that_was_not_told_is_the_packets_and_one_that_was_told_wrongly_is_wrong() {
        let day = "2026-10-02".parse().ok();
        let died = |told: Option<&str>| {
            let fields = json!({"nationalIdNumber": "1", "dateOfDeath": told});
            match Packet::read(Process::Death, &fields, day) {
                Ok(Packet::Death { date, .. }) => Some(date),
                _ => None,
            }
        };
        assert_eq!(died(None).as_deref(), Some("2026-10-02"));
        assert_eq!(died(Some("2026/09/01")).as_deref(), Some("2026-09-01"));
        assert_eq!(died(Some("soon")), None);
    }
}
