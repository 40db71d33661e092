//! What a form may hold. OpenCRVS refuses unknown fields and values of another kind with a list in the message:
//! `[{"message":"Unexpected field","id":"foo.bar","value":..}]`. The fields are those of its own configuration, and ours.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::input::Input;
use super::places::{Kind, kind_of};
use super::refusal::Refused;
use crate::civil_registry::model::event::{EventType, Fields};
use crate::kit::room::Policy;
use crate::kit::server::Call;

/// What is asked of anybody.
const OF_PEOPLE: &[&str] = &[
    "address",
    "addressSameAs",
    "age",
    "brn",
    "detailsNotAvailable",
    "dob",
    "dobUnknown",
    "educationalAttainment",
    "email",
    "gender",
    "idType",
    "maritalStatus",
    "name",
    "nationality",
    "nid",
    "numberOfDependants",
    "occupation",
    "other",
    "passport",
    "phoneNo",
    "previousBirths",
    "reason",
    "relation",
    "verified",
];
/// What is asked of a child besides.
const OF_CHILDREN: &[&str] = &[
    "attendantAtBirth",
    "birthLocation",
    "birthLocationId",
    "birthType",
    "placeOfBirth",
    "weightAtBirth",
];
/// What is asked of an event.
const OF_EVENTS: &[&str] = &[
    "causeOfDeath",
    "causeOfDeathEstablished",
    "court",
    "date",
    "deathLocation",
    "deathLocationId",
    "deathLocationOther",
    "description",
    "mannerOfDeath",
    "placeOfDeath",
    "placeOfMarriage",
    "reasonForLateRegistration",
    "sourceCauseDeath",
];
const OF_DOCUMENTS: &[&str] = &[
    "proofOfBirth",
    "proofOfMother",
    "proofOfFather",
    "proofOfInformant",
    "proofOfDeceased",
    "proofOfDeath",
    "proofOfCauseOfDeath",
    "proofOther",
];

/// One thing that is wrong, as OpenCRVS writes it.
#[derive(Debug, Serialize)]
struct Wrong<'a> {
    message: &'static str,
    id: &'a str,
    value: &'a Value,
}

/// That every field is one of the form of that kind, and its value of the kind that belongs there.
pub(super) fn check(kind: EventType, declaration: &Fields) -> Result<(), Refused> {
    let wrong: Vec<Wrong<'_>> = declaration
        .iter()
        .filter_map(|(id, value)| {
            let message = match name_of(kind, id) {
                None => "Unexpected field",
                Some(name) if !fits(name, value) => "Invalid input",
                Some(_) => return None,
            };
            Some(Wrong { message, id, value })
        })
        .collect();
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Refused::bad(serde_json::to_string(&wrong).unwrap_or_default()))
}

/// What a field is called in its section, where the form has it.
fn name_of(kind: EventType, id: &str) -> Option<&str> {
    let (section, name) = id.split_once('.')?;
    let first = name.split('.').next()?;
    let people: &[&str] = match kind {
        EventType::Birth => &["child", "mother", "father", "informant"],
        EventType::Death => &["deceased", "spouse", "mother", "father", "informant"],
        EventType::Marriage | EventType::Divorce => &["spouse1", "spouse2", "informant"],
    };
    let known = match section {
        "documents" => OF_DOCUMENTS.contains(&first),
        "eventDetails" => kind != EventType::Birth && OF_EVENTS.contains(&first),
        "child" if OF_CHILDREN.contains(&first) => kind == EventType::Birth,
        person => people.contains(&person) && OF_PEOPLE.contains(&first),
    };
    known.then_some(name)
}

/// Whether a value is of the kind that belongs in the field. What is left open (`null`, an empty text) always is.
fn fits(name: &str, value: &Value) -> bool {
    match (name, value) {
        (_, Value::Null) => true,
        ("name", Value::Object(parts)) => {
            parts.values().all(|part| part.is_string() || part.is_null())
        }
        ("dob" | "date", Value::String(day)) => day.is_empty() || day.parse::<Date>().is_ok(),
        ("name" | "dob" | "date", _) => false,
        ("detailsNotAvailable" | "dobUnknown" | "causeOfDeathEstablished", value) => {
            value.is_boolean()
        }
        ("weightAtBirth" | "previousBirths" | "numberOfDependants", value) => value.is_number(),
        (
            "gender" | "nid" | "brn" | "passport" | "idType" | "nationality" | "relation" | "email"
            | "phoneNo" | "reason" | "placeOfBirth" | "placeOfDeath" | "placeOfMarriage" | "court"
            | "occupation" | "maritalStatus",
            value,
        ) => value.is_string(),
        _ => true,
    }
}

/// That a notification says at which office or facility it was made. OpenCRVS insists on it; an open room remarks it.
pub(super) fn made_somewhere(call: &Call, input: &Input) -> Result<(), Refused> {
    let sentence = match input.created_at_location.as_deref().map(kind_of) {
        Some(Some(Kind::Office | Kind::Facility)) => return Ok(()),
        Some(Some(Kind::Area)) => "createdAtLocation must be an office location",
        None | Some(None) => "createdAtLocation is required and must be a valid office id",
    };
    if call.room().policy() == Policy::Strict {
        return Err(Refused::bad(sentence));
    }
    call.remark(&format!("{sentence}: OpenCRVS would refuse this"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_form_does_not_have_is_refused_and_what_opencrvs_has_is_taken() {
        let taken = |kind, id: &str, value: Value| {
            check(kind, &Fields::from([(id.to_owned(), value)])).is_ok()
        };
        for (id, value) in [
            ("child.birthLocation.privateHome", json!({"country": "QN"})),
            ("child.reason", json!("")),
            ("child.weightAtBirth", json!(3.2)),
            ("child.dob", json!("2026-12-20")),
            ("informant.other.relation", json!("AUNT")),
            ("mother.name", json!({"surname": "Ray"})),
            ("mother.age", json!({"age": 30, "asOfDateRef": "child.dob"})),
            ("mother.nid", Value::Null),
            ("father.detailsNotAvailable", json!(true)),
            ("documents.proofOfBirth", json!({"path": "x"})),
        ] {
            assert!(taken(EventType::Birth, id, value), "{id}");
        }
        for (id, value) in [
            ("foo.bar", json!("x")),
            ("child", json!("x")),
            ("child.naem", json!({})),
            ("mother.weightAtBirth", json!(3)),
            ("deceased.nid", json!("1")),
            ("eventDetails.date", json!("2026-10-01")),
            ("child.name", json!("Ada Ortal")),
            ("child.name", json!({"surname": 12345})),
            ("child.dob", json!("soon")),
            ("child.dob", json!(4)),
            ("mother.nid", json!(123)),
            ("father.detailsNotAvailable", json!("true")),
        ] {
            assert!(!taken(EventType::Birth, id, value.clone()), "{id} {value}");
        }
        assert!(taken(EventType::Death, "deceased.nid", json!("1")));
        assert!(taken(EventType::Divorce, "eventDetails.court", json!("Norra")));
    }
}
