//! The law of the civil registry: what may be entered, and what an entry changes in a person's record.

use jiff::civil::Date;
use serde::Deserialize;
use standards::dci::records::{CrvsPerson, Identifier, IdentifierType, Place};

/// A death as somebody reports it at the counter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Death {
    pub(super) uin: String,
    pub(super) date: Date,
    /// Where, by name.
    pub(super) place: Option<String>,
}

/// Why an event is not entered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error(r#"this is no report: {0}; write {{"uin":"...","date":"2026-10-01","place":"..."}}"#)]
    Malformed(String),
    #[error("nobody in the register has the number {0}")]
    Unknown(String),
    #[error("{0} lies ahead: today is {1}")]
    Ahead(Date, Date),
    #[error("{0} lies before the birth, {1}")]
    BeforeBirth(Date, Date),
    #[error("the death was entered already, as {0}")]
    Twice(String),
}

/// What the register knows about somebody when an event is reported.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) number: i64,
    pub(super) birth_date: Date,
    pub(super) drn: Option<String>,
    pub(super) record: CrvsPerson,
}

impl Death {
    /// Reads a report.
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        serde_json::from_slice(body).map_err(|e| Refusal::Malformed(e.to_string()))
    }

    /// Whether it may be entered for `person` on the day `today`.
    pub(super) fn check(&self, person: &Known, today: Date) -> Result<(), Refusal> {
        if let Some(drn) = &person.drn {
            return Err(Refusal::Twice(drn.clone()));
        }
        if self.date > today {
            return Err(Refusal::Ahead(self.date, today));
        }
        if self.date < person.birth_date {
            return Err(Refusal::BeforeBirth(self.date, person.birth_date));
        }
        Ok(())
    }

    /// The person's record after the entry `drn`.
    pub(super) fn entered(&self, person: &Known, drn: &str, today: Date) -> CrvsPerson {
        let mut record = person.record.clone();
        record.death_date = Some(self.date.to_string());
        record.death_place = self.place.as_deref().map(|name| Place::named(name).inner());
        record.identifier.push(Identifier::new(IdentifierType::Drn, drn).inner());
        record.last_updated = Some(today.to_string());
        record
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn known(drn: Option<&str>) -> Known {
        let record = CrvsPerson::default();
        Known { number: 1, birth_date: date(1959, 2, 11), drn: drn.map(Into::into), record }
    }

    fn death(on: Date) -> Death {
        Death { uin: "1".into(), date: on, place: None }
    }

    #[test]
    fn nobody_dies_tomorrow_before_birth_or_twice() {
        let today = date(2026, 10, 1);
        let check = |on, drn| death(on).check(&known(drn), today);
        assert_eq!(check(today, None), Ok(()));
        assert!(matches!(check(date(2026, 10, 2), None), Err(Refusal::Ahead(..))));
        assert!(matches!(check(date(1959, 2, 10), None), Err(Refusal::BeforeBirth(..))));
        assert_eq!(
            check(today, Some("DRN-2026-0001")),
            Err(Refusal::Twice("DRN-2026-0001".into()))
        );
    }
}
