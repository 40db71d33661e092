//! A person: what every register of the country would write down, were it complete and right.

use jiff::civil::Date;

use super::account::Account;
use super::days::{TODAY, age_on};
use super::disability::Disability;
use super::names::{FamilyName, GivenName};
use super::numbers::{EntryKind, EntryNumber, Phone, Uin};
use super::places::Community;
use super::work::{Education, Employment, Trade};

/// Female or male; the codes of DCI `SexCategoryEnum`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    Female,
    Male,
}

/// A language of the country, as ISO 639-1 writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    En,
    Fr,
    Es,
    Ar,
    Pt,
}

/// What somebody is to the head of the household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    Head,
    Spouse,
    Child,
    Grandchild,
    Parent,
    Sibling,
}

/// DCI `MaritalStatusEnum`, as far as the country uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MaritalStatus {
    Single,
    Married,
    Widowed,
    Divorced,
}

/// Somebody or something further up in a list, kept in four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Link(u32);

impl Link {
    pub(super) const NONE: Self = Self(u32::MAX);

    pub(super) fn to(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    pub(super) fn get(self) -> Option<usize> {
        (self != Self::NONE).then_some(self.0 as usize)
    }
}

/// The end of a life, as the civil registry entered it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Death {
    pub date: Date,
    pub(super) serial: u32,
}

impl Death {
    /// `DRN-2019-0007`.
    pub fn number(&self) -> EntryNumber {
        EntryNumber { kind: EntryKind::Death, year: self.date.year(), serial: self.serial }
    }
}

/// One person. Relatives are indices into [`People::persons`](super::People::persons).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Person {
    /// The place in [`People::persons`](super::People::persons).
    pub index: u32,
    pub uin: Uin,
    pub given: GivenName,
    pub family: FamilyName,
    pub sex: Sex,
    pub birth_date: Date,
    pub birth_place: Community,
    /// The day the birth was entered in the civil register.
    pub birth_registered: Date,
    /// Where the person lives, or lived last.
    pub community: Community,
    pub role: Role,
    pub marital_status: MaritalStatus,
    pub language: Language,
    pub education: Education,
    pub employment: Employment,
    /// What the person works as, or worked as before retiring; `None` for children and those who never worked.
    pub trade: Option<Trade>,
    /// Adults have one.
    pub phone: Option<Phone>,
    pub disability: Option<Disability>,
    /// A bank account or a wallet; about two adults in three have one.
    pub account: Option<Account>,
    pub death: Option<Death>,
    pub(super) birth_serial: u32,
    pub(super) household: Link,
    pub(super) mother: Link,
    pub(super) father: Link,
    pub(super) spouse: Link,
    pub(super) marriage: Link,
}

impl Person {
    /// The given name in Latin script.
    pub fn given_name(&self) -> &'static str {
        self.given.text(Language::En)
    }

    /// The family name in Latin script.
    pub fn family_name(&self) -> &'static str {
        self.family.text(Language::En)
    }

    /// Both names in Latin script.
    pub fn full_name(&self) -> String {
        self.name_in(Language::En)
    }

    /// Both names as `language` writes them.
    pub fn name_in(&self, language: Language) -> String {
        format!("{} {}", self.given.text(language), self.family.text(language))
    }

    /// The number of the birth's entry: `BRN-1958-0042`.
    pub fn brn(&self) -> EntryNumber {
        let year = self.birth_date.year();
        EntryNumber { kind: EntryKind::Birth, year, serial: self.birth_serial }
    }

    /// Full years on the first day of every story.
    pub fn age(&self) -> u8 {
        self.age_on(TODAY)
    }

    /// Full years on the sandbox day `on`.
    pub fn age_on(&self, on: Date) -> u8 {
        age_on(self.birth_date, on)
    }

    pub fn is_alive(&self) -> bool {
        self.death.is_none()
    }

    /// The household the person lives in; the dead live in none.
    pub fn household(&self) -> Option<usize> {
        self.household.get()
    }

    pub fn mother(&self) -> Option<usize> {
        self.mother.get()
    }

    pub fn father(&self) -> Option<usize> {
        self.father.get()
    }

    /// Whom the person is married to, or was when the marriage ended.
    pub fn spouse(&self) -> Option<usize> {
        self.spouse.get()
    }

    /// The latest marriage, an index into [`People::marriages`](super::People::marriages).
    pub fn marriage(&self) -> Option<usize> {
        self.marriage.get()
    }
}

impl Sex {
    /// The code of DCI `SexCategoryEnum`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
        }
    }
}

impl Language {
    /// The code of ISO 639-1.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::Ar => "ar",
            Self::Pt => "pt",
        }
    }
}

impl Role {
    /// The word for it, in lower case.
    pub fn code(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Spouse => "spouse",
            Self::Child => "child",
            Self::Grandchild => "grandchild",
            Self::Parent => "parent",
            Self::Sibling => "sibling",
        }
    }
}

impl MaritalStatus {
    /// The code of DCI `MaritalStatusEnum`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Single => "S",
            Self::Married => "M",
            Self::Widowed => "W",
            Self::Divorced => "D",
        }
    }
}
