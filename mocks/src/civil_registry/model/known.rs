//! A person as the register knows one when an event is reported.

use jiff::civil::Date;
use standards::dci::records::{CrvsPerson, Identifier, IdentifierType, MaritalStatus};

use super::refusal::Refusal;

/// Somebody's line in the register.
#[derive(Debug, Clone)]
pub(in crate::civil_registry) struct Known {
    pub(in crate::civil_registry) number: i64,
    pub(in crate::civil_registry) birth_date: Date,
    pub(in crate::civil_registry) record: CrvsPerson,
}

impl Known {
    /// The last identifier of that kind.
    pub(in crate::civil_registry) fn id(&self, kind: &IdentifierType) -> Option<&str> {
        id_of(&self.record, kind)
    }

    /// How sentences name the person: the UIN, or the birth entry where there is none yet.
    pub(in crate::civil_registry) fn called(&self) -> &str {
        let uin = self.id(&IdentifierType::Uin);
        uin.or_else(|| self.id(&IdentifierType::Brn)).unwrap_or("somebody without a number")
    }

    pub(in crate::civil_registry) fn death_date(&self) -> Option<Date> {
        self.record.death_date.as_deref().and_then(day)
    }

    /// Legally separated people are still married.
    pub(in crate::civil_registry) fn is_married(&self) -> bool {
        let status = self.record.marital_status.as_ref();
        matches!(status, Some(MaritalStatus::Married | MaritalStatus::LegallySeparated))
    }

    /// The dead do nothing.
    pub(in crate::civil_registry) fn must_live(&self) -> Result<(), Refusal> {
        match self.death_date() {
            Some(on) => Err(Refusal::Dead(self.called().into(), on)),
            None => Ok(()),
        }
    }

    /// The UINs of the parents that are known.
    pub(in crate::civil_registry) fn parents(&self) -> impl Iterator<Item = &str> {
        let both = [&self.record.parent1_identifier, &self.record.parent2_identifier];
        both.into_iter().flatten().filter_map(|id| id.identifier_value.as_deref())
    }
}

/// The last identifier of that kind in a record.
pub(in crate::civil_registry) fn id_of<'a>(
    record: &'a CrvsPerson,
    kind: &IdentifierType,
) -> Option<&'a str> {
    let mine = |id: &&Identifier| id.identifier_type.as_ref() == Some(kind);
    record.identifier.iter().rev().find(mine)?.identifier_value.as_deref()
}

/// A date as records write it.
pub(in crate::civil_registry) fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// Whether a day lies behind us.
pub(in crate::civil_registry) fn not_ahead(on: Date, today: Date) -> Result<(), Refusal> {
    if on > today { Err(Refusal::Ahead(on, today)) } else { Ok(()) }
}

/// A person for tests of the law.
#[cfg(test)]
pub(super) fn somebody(uin: &str, birth_date: Date) -> Known {
    let record = CrvsPerson {
        identifier: vec![Identifier::new(IdentifierType::Uin, uin).inner()],
        birth_date: Some(birth_date.to_string()),
        ..CrvsPerson::default()
    };
    Known { number: 1, birth_date, record }
}
