//! Corrections of an entry: which fields may change, and what the records say afterwards.

use jiff::civil::Date;
use serde_json::Value;
use standards::age::full_years;
use standards::dci::records::{CrvsPerson, Identifier, IdentifierType, Sex};

use super::birth::{Birth, Family, LEAST_AGE};
use super::death::check_day;
use super::declaration::Parent;
use super::event::{EventType, Fields};
use super::known::{Known, day, not_ahead};
use super::place::place;
use super::refusal::Refusal;

/// The fields that a correction may name.
fn correctable(kind: EventType) -> &'static [&'static str] {
    match kind {
        EventType::Birth => &[
            "child.name",
            "child.dob",
            "child.gender",
            "child.placeOfBirth",
            "mother.nid",
            "mother.detailsNotAvailable",
            "father.nid",
            "father.detailsNotAvailable",
        ],
        EventType::Death => &["eventDetails.date", "eventDetails.placeOfDeath"],
        EventType::Marriage | EventType::Divorce => &["eventDetails.date"],
    }
}

/// Checks that a correction names something that may be corrected and that is wrong now.
pub(in crate::civil_registry) fn check_fields(
    kind: EventType,
    stands: &Fields,
    changes: &Fields,
) -> Result<(), Refusal> {
    if let Some(other) = changes.keys().find(|name| !correctable(kind).contains(&name.as_str())) {
        return Err(Refusal::NotCorrectable(other.clone()));
    }
    if changes.iter().all(|(name, value)| stands.get(name) == Some(value)) {
        return Err(Refusal::NothingToCorrect);
    }
    Ok(())
}

/// What is declared after the changes. A parent's number and the word that it is not known exclude each other.
pub(in crate::civil_registry) fn corrected(stands: &Fields, changes: &Fields) -> Fields {
    let mut fields = stands.clone();
    fields.extend(changes.clone());
    for who in ["mother", "father"] {
        let (number, unknown) = (format!("{who}.nid"), format!("{who}.detailsNotAvailable"));
        if changes.contains_key(&number) {
            fields.remove(&unknown);
        } else if changes.get(&unknown) == Some(&Value::Bool(true)) {
            fields.remove(&number);
        }
    }
    fields
}

/// The child's record after a correction of the birth entry. `children` are the person's own.
pub(in crate::civil_registry) fn birth(
    child: &Known,
    birth: &Birth,
    family: &Family,
    children: &[Known],
    today: Date,
) -> Result<CrvsPerson, Refusal> {
    birth.check(family, today)?;
    for own in children {
        let age = full_years(birth.date, own.birth_date);
        if age < LEAST_AGE {
            return Err(Refusal::ParentTooYoung(child.called().into(), age, LEAST_AGE));
        }
    }
    let dates = child.record.marriage_date.iter().chain(&child.record.death_date);
    if let Some(first) = dates.filter_map(|text| day(text)).min()
        && first < birth.date
    {
        return Err(Refusal::BeforeBirth(first, birth.date));
    }
    let mut record = child.record.clone();
    let name = record.name.get_or_insert_default();
    name.given_name = Some(birth.name.first.clone());
    name.second_name.clone_from(&birth.name.middle);
    name.surname = Some(birth.name.surname.clone());
    record.sex = Some(Sex::from(birth.sex.as_str()));
    record.birth_date = Some(birth.date.to_string());
    if let Some(text) = &birth.place {
        record.birth_place = Some(place(text));
    }
    let parent = |parent: &Parent| {
        parent.number().map(|uin| Identifier::new(IdentifierType::Uin, uin).inner())
    };
    record.parent1_identifier = parent(&birth.mother);
    record.parent2_identifier = parent(&birth.father);
    record.last_updated = Some(today.to_string());
    Ok(record)
}

/// The record of the dead, who had these children, after a correction of the death entry.
pub(in crate::civil_registry) fn death(
    (person, children): (&Known, &[Known]),
    on: Date,
    at: Option<&str>,
    today: Date,
) -> Result<CrvsPerson, Refusal> {
    check_day(on, person, children, today)?;
    let mut record = person.record.clone();
    record.death_date = Some(on.to_string());
    if let Some(text) = at {
        record.death_place = Some(place(text));
    }
    record.last_updated = Some(today.to_string());
    Ok(record)
}

/// The record of one of two people after the day of their marriage or divorce was corrected.
pub(in crate::civil_registry) fn union_day(
    person: &Known,
    kind: EventType,
    (was, is): (Date, Date),
    today: Date,
) -> Result<CrvsPerson, Refusal> {
    not_ahead(is, today)?;
    if is < person.birth_date {
        return Err(Refusal::BeforeBirth(is, person.birth_date));
    }
    if let Some(died) = person.death_date().filter(|died| *died < is) {
        return Err(Refusal::AfterDeath(is, died));
    }
    let mut record = person.record.clone();
    let dates = match kind {
        EventType::Divorce => &mut record.divorce_date,
        _ => &mut record.marriage_date,
    };
    for date in dates.iter_mut().filter(|date| day(date) == Some(was)) {
        *date = is.to_string();
    }
    record.last_updated = Some(today.to_string());
    Ok(record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(value: Value) -> Fields {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_correction_must_change_something_that_may_change() {
        let stands = fields(json!({"child.dob": "2026-10-04"}));
        let check = |changes| check_fields(EventType::Birth, &stands, &fields(changes));
        assert_eq!(check(json!({"child.dob": "2026-10-05"})), Ok(()));
        assert_eq!(check(json!({"child.dob": "2026-10-04"})), Err(Refusal::NothingToCorrect));
        assert_eq!(check(json!({})), Err(Refusal::NothingToCorrect));
        assert!(matches!(check(json!({"child.nid": "1"})), Err(Refusal::NotCorrectable(_))));
    }

    #[test]
    fn a_parent_who_is_named_is_no_longer_unknown() {
        let stands = fields(json!({"father.detailsNotAvailable": true}));
        let after = corrected(&stands, &fields(json!({"father.nid": "1"})));
        assert_eq!(after, fields(json!({"father.nid": "1"})));
        let back = corrected(&after, &fields(json!({"father.detailsNotAvailable": true})));
        assert_eq!(back, stands);
    }
}
