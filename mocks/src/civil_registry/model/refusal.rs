//! Why something is not entered, each in a sentence that says what would have been right.

use jiff::civil::Date;

use super::event::{EventType, Status};
use crate::kit::registry::Refuses;

/// Why an event is not entered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::civil_registry) enum Refusal {
    #[error("this is no report: {0}; write {1}")]
    Malformed(String, &'static str),
    #[error("`{0}` is missing or wrong: {1}")]
    Field(String, &'static str),
    #[error("`{0}` is too long: write at most {1} characters")]
    TooLong(String, usize),
    #[error("nobody in the register has the number {0}")]
    Unknown(String),
    #[error("there is no entry with the number {0}")]
    UnknownEntry(String),
    #[error("there is no event with the id {0}")]
    UnknownEvent(String),
    #[error("{0} lies ahead: today is {1}")]
    Ahead(Date, Date),
    #[error("{0} lies before the birth, {1}")]
    BeforeBirth(Date, Date),
    #[error("the death was entered already, as {0}")]
    Twice(String),
    #[error("{0} is registered as dead since {1}: nothing more can be entered in their name")]
    Dead(String, Date),
    #[error("{0} is too early: {1} on {2} is in the register, so the death came on {3} or later")]
    DeadTooEarly(Date, String, Date, Date),
    #[error("{0} lies after the death, {1}")]
    AfterDeath(Date, Date),
    #[error("this birth was entered already, as {0}")]
    BornTwice(String),
    #[error(
        "the mother bore a child on {0} ({1}): another can be born on the same day, the next, or 180 days apart"
    )]
    TooSoon(Date, String),
    #[error("mother and father are the same person; write `unknown` for a parent who is not known")]
    SameParent,
    #[error("{0} was {1} years old at the birth: a parent is at least {2}")]
    ParentTooYoung(String, i16, i16),
    #[error("{0} was {1} years old at the birth: a mother is at most {2}")]
    MotherTooOld(String, i16, i16),
    #[error(
        "{0} is registered as {1} and cannot be the {2}; write `unknown` for a parent who is not known"
    )]
    WrongSex(String, String, &'static str),
    #[error("{0} died on {1}, too long before the birth to be a parent")]
    ParentDead(String, Date),
    #[error("a marriage takes two people, and both numbers are {0}")]
    SamePerson(String),
    #[error("{0} and {1} are close kin, who do not marry")]
    Kin(String, String),
    #[error("{0} is {1} years old on that day: people marry from {2} years on")]
    TooYoung(String, i16, i16),
    #[error("{0} is married ({1}): a divorce or a death comes first")]
    Married(String, String),
    #[error("{0} was still bound until {1}: a new marriage comes after that day")]
    StillBound(String, Date),
    #[error("{0} and {1} are not married to each other")]
    NotMarried(String, String),
    #[error("{0} lies before the marriage, {1}")]
    BeforeMarriage(Date, Date),
    #[error("the entry {0} was annulled already")]
    Annulled(String),
    #[error("the entry {0} carries others: annul {1} first")]
    Carries(String, String),
    #[error("nothing would change: name what is to be corrected and its right value")]
    NothingToCorrect,
    #[error("`{0}` cannot be corrected in an entry of this kind")]
    NotCorrectable(String),
    #[error("a {1} event that is {2} cannot be {0}")]
    WrongMoment(&'static str, EventType, Status),
    #[error("the event does not wait for {0}")]
    NotWaiting(&'static str),
}

impl Refuses for Refusal {
    /// Unknown, in conflict with what stands in the register, or plainly wrong.
    fn status(&self) -> u16 {
        match self {
            Self::Unknown(_) | Self::UnknownEntry(_) | Self::UnknownEvent(_) => 404,
            Self::Twice(_)
            | Self::Dead(..)
            | Self::DeadTooEarly(..)
            | Self::AfterDeath(..)
            | Self::BornTwice(_)
            | Self::TooSoon(..)
            | Self::Married(..)
            | Self::StillBound(..)
            | Self::NotMarried(..)
            | Self::Annulled(_)
            | Self::Carries(..)
            | Self::WrongMoment(..)
            | Self::NotWaiting(_) => 409,
            _ => 400,
        }
    }
}
