//! Deaths, and what they make of a marriage.

use jiff::civil::Date;
use standards::dci::records::{CrvsPerson, Identifier, IdentifierType, MaritalStatus};

use super::birth::days;
use super::declaration;
use super::event::Fields;
use super::known::{Known, not_ahead};
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

    /// Whether it may be entered for `person` on the day `today`.
    pub(in crate::civil_registry) fn check(
        &self,
        person: &Known,
        today: Date,
    ) -> Result<(), Refusal> {
        if let Some(drn) = person.id(&IdentifierType::Drn) {
            return Err(Refusal::Twice(drn.into()));
        }
        not_ahead(self.date, today)?;
        if self.date < person.birth_date {
            return Err(Refusal::BeforeBirth(self.date, person.birth_date));
        }
        Ok(())
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
        assert_eq!(death(today).check(&tomas, today), Ok(()));
        let check = |on| death(on).check(&tomas, today);
        assert!(matches!(check(date(2026, 10, 2)), Err(Refusal::Ahead(..))));
        assert!(matches!(check(date(1959, 2, 10)), Err(Refusal::BeforeBirth(..))));
        tomas.record = death(today).entered(&tomas, "DRN-2026-0001", today);
        let twice = death(today).check(&tomas, today);
        assert_eq!(twice, Err(Refusal::Twice("DRN-2026-0001".into())));
    }

    #[test]
    fn a_death_is_late_after_forty_five_days() {
        let death = Death { uin: "1".into(), date: date(2026, 1, 1), place: None };
        assert!(death.flags(date(2026, 2, 15)).is_empty());
        assert_eq!(death.flags(date(2026, 2, 16)), ["late-registration"]);
    }
}
