//! The short forms of the counter, and the declarations that they stand for.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::civil_registry::model::declaration::FormName;
use crate::civil_registry::model::event::{EventType, Fields};
use crate::civil_registry::model::refusal::Refusal;

/// How the counter writes a parent of whom nothing is known.
const UNKNOWN: &str = "unknown";

pub(super) const BIRTH: &str = r#"{"given_name":"Ada","family_name":"Ortal","sex":"female","date":"2026-10-04","place":"QN010101","mother":"...","father":"unknown"}"#;
pub(super) const DEATH: &str = r#"{"uin":"...","date":"2026-10-01","place":"..."}"#;
pub(super) const UNION: &str = r#"{"spouse1":"...","spouse2":"...","date":"2026-10-01"}"#;
pub(super) const ANNULMENT: &str = r#"{"registration_number":"DRN-2026-0001","reason":"..."}"#;
pub(super) const CORRECTION: &str =
    r#"{"registration_number":"BRN-1958-0042","reason":"...","date":"1958-05-07"}"#;

/// Reads a form; the refusal shows one that is right.
pub(super) fn read<T: DeserializeOwned>(body: &[u8], example: &'static str) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|e| Refusal::Malformed(e.to_string(), example))
}

/// How the counter calls the fields of a declaration.
const CALLED: &[(&str, &str)] = &[
    ("child.name.firstname", "given_name"),
    ("child.name.middlename", "second_name"),
    ("child.name.surname", "family_name"),
    ("child.gender", "sex"),
    ("child.dob", "date"),
    ("child.placeOfBirth", "place"),
    ("child.nid", "uin"),
    ("mother.nid", "mother"),
    ("father.nid", "father"),
    ("deceased.nid", "uin"),
    ("spouse1.nid", "spouse1"),
    ("spouse2.nid", "spouse2"),
    ("eventDetails.date", "date"),
    ("eventDetails.placeOfDeath", "place"),
];

/// A refusal about a field of the declaration, in the words of the form that was handed in.
pub(super) fn in_own_words(refusal: Refusal) -> Refusal {
    let called = |field: String| {
        let own = CALLED.iter().find(|(declared, _)| *declared == field);
        own.map_or(field, |(_, own)| (*own).to_owned())
    };
    match refusal {
        Refusal::Field(field, _) if ["mother.nid", "father.nid"].contains(&field.as_str()) => {
            Refusal::Field(called(field), "write the parent's UIN, or `unknown`")
        }
        Refusal::Field(field, right) => Refusal::Field(called(field), right),
        Refusal::TooLong(field, longest) => Refusal::TooLong(called(field), longest),
        Refusal::NotCorrectable(field) => Refusal::NotCorrectable(called(field)),
        other => other,
    }
}

/// A form that stands for a declaration.
pub(super) trait Form: DeserializeOwned {
    const KIND: EventType;
    const EXAMPLE: &'static str;
    fn fields(&self) -> Fields;
}

#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct BirthForm {
    given_name: String,
    #[serde(default)]
    second_name: Option<String>,
    family_name: String,
    sex: String,
    date: String,
    #[serde(default)]
    place: Option<String>,
    /// A UIN, or `unknown`.
    mother: String,
    father: String,
    /// The number of somebody who is entered late and has one already.
    #[serde(default)]
    uin: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct DeathForm {
    uin: String,
    date: String,
    #[serde(default)]
    place: Option<String>,
    #[serde(default)]
    cause: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct UnionForm {
    spouse1: String,
    spouse2: String,
    date: String,
    #[serde(default)]
    place: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub(super) struct MarriageForm(UnionForm);

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub(super) struct DivorceForm(UnionForm);

#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct AnnulmentForm {
    pub(super) registration_number: String,
    pub(super) reason: String,
}

/// The right values, each where it was wrong.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct CorrectionForm {
    pub(super) registration_number: String,
    pub(super) reason: String,
    given_name: Option<String>,
    family_name: Option<String>,
    sex: Option<String>,
    date: Option<String>,
    place: Option<String>,
    mother: Option<String>,
    father: Option<String>,
}

impl Form for BirthForm {
    const KIND: EventType = EventType::Birth;
    const EXAMPLE: &'static str = BIRTH;

    fn fields(&self) -> Fields {
        let mut name = FormName::value(&self.given_name, &self.family_name);
        if let Some(middle) = &self.second_name {
            name["middlename"] = json!(middle);
        }
        let mut fields = told([
            ("child.gender", Some(&self.sex)),
            ("child.dob", Some(&self.date)),
            ("child.placeOfBirth", self.place.as_ref()),
            ("child.nid", self.uin.as_ref()),
        ]);
        fields.insert("child.name".into(), name);
        fields.extend([parent("mother", &self.mother), parent("father", &self.father)]);
        fields
    }
}

impl Form for DeathForm {
    const KIND: EventType = EventType::Death;
    const EXAMPLE: &'static str = DEATH;

    fn fields(&self) -> Fields {
        told([
            ("deceased.nid", Some(&self.uin)),
            ("eventDetails.date", Some(&self.date)),
            ("eventDetails.placeOfDeath", self.place.as_ref()),
            ("eventDetails.causeOfDeath", self.cause.as_ref()),
        ])
    }
}

impl UnionForm {
    fn fields(&self, place: &str) -> Fields {
        told([
            ("spouse1.nid", Some(&self.spouse1)),
            ("spouse2.nid", Some(&self.spouse2)),
            ("eventDetails.date", Some(&self.date)),
            (place, self.place.as_ref()),
        ])
    }
}

impl Form for MarriageForm {
    const KIND: EventType = EventType::Marriage;
    const EXAMPLE: &'static str = UNION;

    fn fields(&self) -> Fields {
        self.0.fields("eventDetails.placeOfMarriage")
    }
}

impl Form for DivorceForm {
    const KIND: EventType = EventType::Divorce;
    const EXAMPLE: &'static str = UNION;

    fn fields(&self) -> Fields {
        self.0.fields("eventDetails.court")
    }
}

impl CorrectionForm {
    /// What is to change in an entry of that kind that stands as `stands`.
    pub(super) fn changes(&self, kind: EventType, stands: &Fields) -> Fields {
        if kind != EventType::Birth {
            return told([
                ("eventDetails.date", self.date.as_ref()),
                ("eventDetails.placeOfDeath", self.place.as_ref()),
                // A name or a parent is no part of these entries; the law says so.
                ("given_name", self.given_name.as_ref()),
                ("family_name", self.family_name.as_ref()),
                ("sex", self.sex.as_ref()),
                ("mother", self.mother.as_ref()),
                ("father", self.father.as_ref()),
            ]);
        }
        let mut fields = told([
            ("child.gender", self.sex.as_ref()),
            ("child.dob", self.date.as_ref()),
            ("child.placeOfBirth", self.place.as_ref()),
        ]);
        if self.given_name.is_some() || self.family_name.is_some() {
            let mut name = stands.get("child.name").cloned().unwrap_or_else(|| json!({}));
            let parts = [("firstname", &self.given_name), ("surname", &self.family_name)];
            for (part, value) in parts {
                if let Some(value) = value {
                    name[part] = json!(value);
                }
            }
            fields.insert("child.name".into(), name);
        }
        let parents = [("mother", &self.mother), ("father", &self.father)];
        for (who, value) in parents {
            fields.extend(value.as_deref().map(|value| parent(who, value)));
        }
        fields
    }
}

fn told<const N: usize>(pairs: [(&str, Option<&String>); N]) -> Fields {
    let told = pairs.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value?))));
    told.collect()
}

fn parent(who: &str, value: &str) -> (String, Value) {
    if value.trim().eq_ignore_ascii_case(UNKNOWN) {
        (format!("{who}.detailsNotAvailable"), json!(true))
    } else {
        (format!("{who}.nid"), json!(value))
    }
}
