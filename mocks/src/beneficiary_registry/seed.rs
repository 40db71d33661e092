//! Who is in a programme at the start: some of the people, and of the cast only those whose story says so.

use std::collections::BTreeSet;

use jiff::civil::Date;
use standards::dci::records::{
    AssistanceUnit, Beneficiary, EnrollmentStatus, Identifier, IdentifierType, Member, Name,
    Person as Demographics, Sex, kind,
};

use super::model::{described, name_of};
use super::programmes::named;
use super::store::keep;
use crate::kit::seed::{Employment, People, Person, Quirk};
use crate::kit::store::Transaction;

pub(super) fn seed(people: &People, tx: &Transaction<'_>) -> rusqlite::Result<()> {
    let pensioners: BTreeSet<usize> = people.payroll().iter().map(|line| line.person).collect();
    for person in people.living() {
        let index = person.index as usize;
        if people.is_cast(index) {
            if people.quirks(index).contains(&Quirk::OtherPension) {
                enrol(tx, person, "CPF", AssistanceUnit::Member)?;
            }
            continue;
        }
        if pensioners.contains(&index) {
            enrol(tx, person, "OAP", AssistanceUnit::Member)?;
            if people.quirks(index).contains(&Quirk::OtherPension) {
                enrol(tx, person, "CPF", AssistanceUnit::Member)?;
            }
        } else if let Some(pension) = pension(person) {
            enrol(tx, person, pension, AssistanceUnit::Member)?;
        }
        let home = people.household_of(person).filter(|home| home.head() == index);
        if home.is_some_and(|h| h.score.value() < 30.0 && h.size() >= 2 && h.index % 2 == 0) {
            enrol(tx, person, "GCT", AssistanceUnit::Household)?;
        }
    }
    Ok(())
}

/// Most of the old have a pension: the contributory one, or the one that the state gives to those without.
fn pension(person: &Person) -> Option<&'static str> {
    if person.age() < 65 {
        return None;
    }
    match (person.employment, person.index % 4) {
        (Employment::Retired, 0) => Some("CPF"),
        (_, 3) => None,
        _ => Some("OAP"),
    }
}

fn enrol(
    tx: &Transaction<'_>,
    person: &Person,
    programme: &str,
    unit: AssistanceUnit,
) -> rusqlite::Result<()> {
    let since = since(person);
    let uin = person.uin.to_string();
    let record = Beneficiary {
        ld_id: Some(name_of(&uin, programme)),
        assistance_unit: Some(unit),
        member: Some(member(person)),
        programme_identifier: named(programme).map(described).into_iter().collect(),
        enrollment_date: Some(since.to_string()),
        enrollment_status: Some(EnrollmentStatus::Active),
        ..Beneficiary::default()
    };
    keep(tx, &uin, programme, &record).map(drop)
}

/// The first of a month some years ago, the same on every run.
fn since(person: &Person) -> Date {
    let year = 2018 + i16::from(person.age() % 8);
    let month = i8::try_from(person.index % 12 + 1).unwrap_or(1);
    Date::new(year, month, 1).unwrap_or(Date::ZERO)
}

fn member(person: &Person) -> Member {
    let uin = Identifier::new(IdentifierType::Uin, person.uin.to_string()).inner();
    let demographics = Demographics {
        identifier: vec![uin.clone()],
        name: Some(Name::of(person.given_name(), person.family_name()).inner()),
        sex: Some(Sex::from(person.sex.code())),
        birth_date: Some(person.birth_date.to_string()),
        ..Demographics::default()
    };
    Member {
        member_identifier: vec![uin],
        demographic_info: Some(demographics.called(kind::IBR_PERSON).inner()),
        ..Member::default()
    }
    .called(kind::IBR_MEMBER)
    .inner()
}
