//! Deaths, and what they make of a marriage.

use jiff::ToSpan;
use jiff::civil::Date;
use standards::dci::records::{CrvsPerson, Identifier, IdentifierType, MaritalStatus};

use super::birth::{AFTER_FATHER_DAYS, days};
use super::declaration;
use super::event::Fields;
use super::known::{Known, day, not_ahead};
use super::place::place;
use super::refusal::Refusal;

/// A death is late after so many days.
const LATE_DAYS: i32 = 45;

/// A death as it is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::civil_registry) struct Death {
    pub(in crate::civil_registry) uin: String,
    pub(in crate::civil_registry) date: Date,
    /// Where, by name or code.
    pub(in crate::civil_registry) place: Option<String>,
}

impl Death {
    /// Reads a declaration.
    pub(in crate::civil_registry) fn read(fields: &Fields) -> Result<Self, Refusal> {
        const NUMBER: &str = "write the UIN of the person who died";
        Ok(Self {
            uin: declaration::text(fields, "deceased.nid", NUMBER)?,
            date: declaration::date(fields, "eventDetails.date")?,
            place: declaration::may(fields, "eventDetails.placeOfDeath")?,
        })
    }

    /// Whether it may be entered for `person`, who has these children, on the day `today`.
    pub(in crate::civil_registry) fn check(
        &self,
        person: &Known,
        children: &[Known],
        today: Date,
    ) -> Result<(), Refusal> {
        if let Some(drn) = person.id(&IdentifierType::Drn) {
            return Err(Refusal::Twice(drn.into()));
        }
        check_day(self.date, person, children, today)
    }

    /// The flags of an entry made on the day `today`.
    pub(in crate::civil_registry) fn flags(&self, today: Date) -> Vec<&'static str> {
        if days(self.date, today) > LATE_DAYS { vec!["late-registration"] } else { Vec::new() }
    }

    /// The person's record after the entry `drn`.
    pub(in crate::civil_registry) fn entered(
        &self,
        person: &Known,
        drn: &str,
        today: Date,
    ) -> CrvsPerson {
        let mut record = person.record.clone();
        record.death_date = Some(self.date.to_string());
        record.death_place = self.place.as_deref().map(place);
        record.identifier.push(Identifier::new(IdentifierType::Drn, drn).inner());
        record.last_updated = Some(today.to_string());
        record
    }
}

/// Whether somebody with these children may have died on that day: after the birth and after everything that they lived to see.
pub(super) fn check_day(
    on: Date,
    person: &Known,
    children: &[Known],
    today: Date,
) -> Result<(), Refusal> {
    not_ahead(on, today)?;
    if on < person.birth_date {
        return Err(Refusal::BeforeBirth(on, person.birth_date));
    }
    for lived in lived_to_see(person, children) {
        if on < lived.earliest_death {
            return Err(Refusal::DeadTooEarly(on, lived.what, lived.date, lived.earliest_death));
        }
    }
    Ok(())
}

/// An event of the register that somebody was alive for, or nearly so.
struct Lived {
    what: String,
    date: Date,
    earliest_death: Date,
}

fn lived_to_see(person: &Known, children: &[Known]) -> Vec<Lived> {
    let own = |dates: &[String], what: &str| -> Vec<Lived> {
        let dates = dates.iter().filter_map(|text| day(text));
        dates.map(|date| Lived { what: what.into(), date, earliest_death: date }).collect()
    };
    let mut lived = own(&person.record.marriage_date, "the marriage");
    lived.extend(own(&person.record.divorce_date, "the divorce"));
    lived.extend(children.iter().map(|child| child_of(person, child)));
    lived
}

/// A mother lives to see the birth day; a father may have died before it.
fn child_of(person: &Known, child: &Known) -> Lived {
    let mother = child.record.parent1_identifier.as_ref();
    let mother = mother.and_then(|id| id.identifier_value.as_deref());
    let is_mother = mother.is_some() && mother == person.id(&IdentifierType::Uin);
    let before = if is_mother { 0 } else { AFTER_FATHER_DAYS };
    let born = child.birth_date;
    Lived {
        what: format!("the birth of the child {}", child.called()),
        date: born,
        earliest_death: born.saturating_sub(before.days()),
    }
}

/// The record of somebody whose husband or wife died.
pub(in crate::civil_registry) fn widowed(person: &Known, today: Date) -> CrvsPerson {
    let mut record = person.record.clone();
    record.marital_status = Some(MaritalStatus::Widow);
    record.last_updated = Some(today.to_string());
    record
}

#[cfg(test)]
mod tests {
    use super::super::known::somebody;
    use super::*;
    use jiff::civil::date;

    #[test]
    fn nobody_dies_tomorrow_before_birth_or_twice() {
        let today = date(2026, 10, 1);
        let death = |date| Death { uin: "1".into(), date, place: None };
        let mut tomas = somebody("1", date(1959, 2, 11));
        assert_eq!(death(today).check(&tomas, &[], today), Ok(()));
        let check = |on| death(on).check(&tomas, &[], today);
        assert!(matches!(check(date(2026, 10, 2)), Err(Refusal::Ahead(..))));
        assert!(matches!(check(date(1959, 2, 10)), Err(Refusal::BeforeBirth(..))));
        tomas.record = death(today).entered(&tomas, "DRN-2026-0001", today);
        let twice = death(today).check(&tomas, &[], today);
        assert_eq!(twice, Err(Refusal::Twice("DRN-2026-0001".into())));
    }

    #[test]
    fn whoever_married_parted_or_had_a_child_was_alive_that_day() {
        let today = date(2026, 10, 1);
        let mut person = somebody("1", date(1959, 2, 11));
        let check = |person: &Known, children: &[Known], on| {
            let death = Death { uin: "1".into(), date: on, place: None };
            death.check(person, children, today)
        };
        let too_early = |refused| matches!(refused, Err(Refusal::DeadTooEarly(..)));
        person.record.marriage_date = vec!["1980-05-01".into()];
        person.record.divorce_date = vec!["1990-05-01".into()];
        assert!(too_early(check(&person, &[], date(1980, 4, 30))));
        assert!(too_early(check(&person, &[], date(1990, 4, 30))));
        assert_eq!(check(&person, &[], date(1990, 5, 1)), Ok(()));
        let parent = Some(Identifier::new(IdentifierType::Uin, "1"));
        let mut child = somebody("2", date(2000, 12, 31));
        child.record.parent1_identifier.clone_from(&parent);
        assert!(too_early(check(&person, &[child.clone()], date(2000, 12, 30))));
        assert_eq!(check(&person, &[child.clone()], date(2000, 12, 31)), Ok(()));
        (child.record.parent1_identifier, child.record.parent2_identifier) = (None, parent);
        assert_eq!(check(&person, &[child.clone()], date(2000, 3, 6)), Ok(()), "a father");
        assert!(too_early(check(&person, &[child], date(2000, 3, 5))));
    }

    #[test]
    fn a_death_is_late_after_forty_five_days() {
        let death = Death { uin: "1".into(), date: date(2026, 1, 1), place: None };
        assert!(death.flags(date(2026, 2, 15)).is_empty());
        assert_eq!(death.flags(date(2026, 2, 16)), ["late-registration"]);
    }
}
