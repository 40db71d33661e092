//! A household on paper, before its people get numbers: who sits at which place of the table.

use super::account::Bank;
use super::days::Day;
use super::disability::Disability;
use super::household::PovertyScore;
use super::names::{FamilyName, GivenName};
use super::person::{Language, MaritalStatus, Role, Sex};
use super::places::Community;
use super::work::Work;

/// A place at the table of one household.
pub(super) type Seat = u8;

#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) given: GivenName,
    pub(super) family: FamilyName,
    pub(super) sex: Sex,
    pub(super) born: Day,
    pub(super) birth_place: Community,
    pub(super) role: Role,
    pub(super) mother: Option<Seat>,
    pub(super) father: Option<Seat>,
    pub(super) marital: MaritalStatus,
    pub(super) died: Option<Day>,
    pub(super) work: Work,
    pub(super) disability: Option<Disability>,
    pub(super) purse: Option<Purse>,
    /// The place in the roster, for one of the cast.
    pub(super) slot: Option<u32>,
}

/// An account before it has a number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Purse {
    pub(super) bank: Bank,
    pub(super) closed: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Wedding {
    pub(super) husband: Option<Seat>,
    pub(super) wife: Option<Seat>,
    pub(super) day: Day,
    pub(super) ended: Option<Ending>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Ending {
    Divorce(Day),
    Death(Day),
}

#[derive(Debug, Clone)]
pub(super) struct Home {
    pub(super) community: Community,
    pub(super) score: PovertyScore,
    pub(super) language: Language,
    pub(super) street: u8,
    pub(super) house: u16,
    pub(super) registered: Day,
    pub(super) updated: Day,
    pub(super) table: Vec<Draft>,
    pub(super) weddings: Vec<Wedding>,
}

impl Home {
    /// How many of the household live.
    pub(super) fn living(&self) -> usize {
        self.table.iter().filter(|draft| draft.died.is_none()).count()
    }
}
