//! A household and a marriage: the two ties between people that registers keep.

use std::fmt;
use std::ops::Range;

use jiff::civil::Date;

use super::numbers::{EntryKind, EntryNumber};
use super::person::{Language, Link};
use super::places::{Community, Point};

/// How well a household lives: 0 is the poorest, 100 the best off; kept in tenths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PovertyScore(u16);

/// DCI leaves the codes of `IncomeLevelEnum` open; the rules of the country say low, medium, high.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IncomeLevel {
    Low,
    Medium,
    High,
}

/// People who live and eat together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Household {
    /// The place in [`People::households`](super::People::households).
    pub index: u32,
    pub community: Community,
    pub score: PovertyScore,
    pub language: Language,
    /// The day the social registry first visited.
    pub registered: Date,
    /// The day of its latest visit.
    pub updated: Date,
    pub(super) street: u8,
    pub(super) house: u16,
    pub(super) first: u32,
    pub(super) size: u8,
}

/// A marriage, with the day it ended if it did.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Marriage {
    pub date: Date,
    pub ended: Option<MarriageEnd>,
    pub(super) serial: u32,
    pub(super) husband: Link,
    pub(super) wife: Link,
}

/// How a marriage ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MarriageEnd {
    Divorce(Date),
    Death(Date),
}

static STREETS: [&str; 12] = [
    "Harbour Road",
    "Well Lane",
    "Market Street",
    "Salt Road",
    "Mill Lane",
    "River Street",
    "School Road",
    "Hill Path",
    "Garden Lane",
    "Station Road",
    "Bridge Street",
    "Dune Walk",
];

impl PovertyScore {
    /// A score from its tenths; anything above 100 is 100.
    pub const fn from_tenths(tenths: u16) -> Self {
        Self(if tenths > 1000 { 1000 } else { tenths })
    }

    /// The score times ten.
    pub const fn tenths(self) -> u16 {
        self.0
    }

    /// The score as a number with one decimal at most.
    pub fn value(self) -> f64 {
        f64::from(self.0) / 10.0
    }

    /// Below 40 is low, below 70 medium.
    pub fn income_level(self) -> IncomeLevel {
        match self.0 {
            0..400 => IncomeLevel::Low,
            400..700 => IncomeLevel::Medium,
            _ => IncomeLevel::High,
        }
    }
}

impl fmt::Display for PovertyScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 % 10 {
            0 => write!(f, "{}", self.0 / 10),
            tenth => write!(f, "{}.{tenth}", self.0 / 10),
        }
    }
}

impl IncomeLevel {
    pub fn code(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl Household {
    /// The number the social registry gives it: `HH-00042`.
    pub fn number(&self) -> String {
        format!("HH-{:05}", self.index + 1)
    }

    /// The indices of those who live in it; the head comes first.
    pub fn members(&self) -> Range<usize> {
        let first = self.first as usize;
        first..first + usize::from(self.size)
    }

    /// The index of the head.
    pub fn head(&self) -> usize {
        self.first as usize
    }

    /// How many live in it.
    pub fn size(&self) -> usize {
        usize::from(self.size)
    }

    /// House and street: `12 Harbour Road`.
    pub fn address_line(&self) -> String {
        format!("{} {}", self.house, STREETS[usize::from(self.street) % STREETS.len()])
    }

    /// Where the house stands.
    pub fn location(&self) -> Point {
        self.community.house(self.index)
    }

    pub fn income_level(&self) -> IncomeLevel {
        self.score.income_level()
    }
}

impl Marriage {
    /// `MRN-1985-0003`.
    pub fn number(&self) -> EntryNumber {
        EntryNumber { kind: EntryKind::Marriage, year: self.date.year(), serial: self.serial }
    }

    pub fn husband(&self) -> Option<usize> {
        self.husband.get()
    }

    pub fn wife(&self) -> Option<usize> {
        self.wife.get()
    }

    /// The day of the divorce, if there was one.
    pub fn divorced(&self) -> Option<Date> {
        match self.ended {
            Some(MarriageEnd::Divorce(date)) => Some(date),
            _ => None,
        }
    }
}

/// How many streets there are to choose from.
pub(super) const STREET_COUNT: u32 = 12;
