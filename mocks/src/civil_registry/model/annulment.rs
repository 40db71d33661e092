//! The annulment of an entry that should not have been made: what it takes back.

use jiff::civil::Date;
use standards::dci::records::{CrvsPerson, Identifier, IdentifierType, MaritalStatus};

use super::known::Known;
use super::marriage::with_status;
use super::refusal::Refusal;

/// A birth is annulled only where nothing else rests on it.
pub(in crate::civil_registry) fn check_birth(
    child: &Known,
    children: &[Known],
) -> Result<(), Refusal> {
    let brn = || child.id(&IdentifierType::Brn).unwrap_or_default().to_owned();
    let later = child.id(&IdentifierType::Drn).or_else(|| child.id(&IdentifierType::Mrn));
    let later = later.or_else(|| children.first()?.id(&IdentifierType::Brn));
    match later {
        Some(number) => Err(Refusal::Carries(brn(), number.into())),
        None => Ok(()),
    }
}

/// The record of somebody who turns out to be alive.
pub(in crate::civil_registry) fn alive(person: &Known, drn: &str, today: Date) -> CrvsPerson {
    let mut record = person.record.clone();
    record.death_date = None;
    record.death_place = None;
    record.identifier.retain(|id| !is(id, &IdentifierType::Drn, drn));
    record.last_updated = Some(today.to_string());
    record
}

/// The record of the husband or wife of somebody who turns out to be alive; nothing where they were no widow of it.
pub(in crate::civil_registry) fn spouse_again(person: &Known, today: Date) -> Option<CrvsPerson> {
    let widowed = person.record.marital_status == Some(MaritalStatus::Widow);
    widowed.then(|| with_status(person.record.clone(), MaritalStatus::Married, today))
}

/// The record of somebody whose marriage `mrn` never was.
pub(in crate::civil_registry) fn unmarried(
    person: &Known,
    mrn: &str,
    before: Option<&str>,
    today: Date,
) -> Result<CrvsPerson, Refusal> {
    if !person.is_married() || person.id(&IdentifierType::Mrn) != Some(mrn) {
        let later = person.id(&IdentifierType::Mrn).filter(|own| *own != mrn);
        let later = later.unwrap_or("the divorce or the death that ended it");
        return Err(Refusal::Carries(mrn.into(), later.into()));
    }
    let mut record = person.record.clone();
    record.identifier.retain(|id| !is(id, &IdentifierType::Mrn, mrn));
    record.marriage_date.pop();
    let status = match before {
        Some(code) => MaritalStatus::from(code),
        None if !record.divorce_date.is_empty() => MaritalStatus::Divorced,
        None => MaritalStatus::NeverMarried,
    };
    Ok(with_status(record, status, today))
}

/// The record of somebody whose divorce never was.
pub(in crate::civil_registry) fn still_married(
    person: &Known,
    mrn: &str,
    number: &str,
    today: Date,
) -> Result<CrvsPerson, Refusal> {
    person.must_live()?;
    let own = person.id(&IdentifierType::Mrn).unwrap_or_default();
    if own != mrn || person.record.marital_status != Some(MaritalStatus::Divorced) {
        return Err(Refusal::Carries(number.into(), own.into()));
    }
    let mut record = person.record.clone();
    record.divorce_date.pop();
    Ok(with_status(record, MaritalStatus::Married, today))
}

fn is(id: &Identifier, kind: &IdentifierType, number: &str) -> bool {
    id.identifier_type.as_ref() == Some(kind) && id.identifier_value.as_deref() == Some(number)
}

#[cfg(test)]
mod tests {
    use super::super::known::somebody;
    use super::super::marriage::Union;
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_annulled_marriage_leaves_no_trace_and_one_that_ended_is_not_annulled() {
        let today = date(2026, 10, 1);
        let union = Union { spouses: ["a".into(), "b".into()], date: today };
        let mut person = somebody("a", date(1990, 1, 1));
        let before = person.record.clone();
        person.record = union.married(&person, "MRN-2026-0001", today);
        let after = unmarried(&person, "MRN-2026-0001", Some("W"), today).unwrap();
        assert_eq!(after.marital_status, Some(MaritalStatus::Widow));
        assert_eq!(after.identifier, before.identifier);
        assert!(after.marriage_date.is_empty());
        person.record = union.divorced(&person, today);
        assert!(unmarried(&person, "MRN-2026-0001", None, today).is_err());
        let again = still_married(&person, "MRN-2026-0001", "DIV-2026-0001", today).unwrap();
        assert_eq!(again.marital_status, Some(MaritalStatus::Married));
        assert!(again.divorce_date.is_empty());
    }

    #[test]
    fn a_birth_on_which_other_entries_rest_is_not_annulled() {
        let mother = somebody("a", date(1990, 1, 1));
        assert_eq!(check_birth(&mother, &[]), Ok(()));
        let mut child = somebody("b", date(2020, 1, 1));
        child.record.identifier.push(Identifier::new(IdentifierType::Brn, "BRN-2020-0001"));
        assert!(matches!(check_birth(&mother, &[child]), Err(Refusal::Carries(..))));
    }
}
