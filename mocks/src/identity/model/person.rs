//! A person as Arenoa ID knows them, and whether they may prove who they are.

use serde::{Deserialize, Serialize};

/// A person's identity record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::identity) struct Person {
    pub(in crate::identity) uin: String,
    pub(in crate::identity) given_name: String,
    pub(in crate::identity) family_name: String,
    /// `YYYY-MM-DD`.
    pub(in crate::identity) birth_date: String,
    /// `male`, `female`, `others` or `unknown`.
    pub(in crate::identity) sex: String,
    pub(in crate::identity) phone: Option<String>,
    pub(in crate::identity) email: Option<String>,
    pub(in crate::identity) street: Option<String>,
    pub(in crate::identity) locality: Option<String>,
    pub(in crate::identity) region: Option<String>,
    pub(in crate::identity) postal_code: Option<String>,
    pub(in crate::identity) status: Status,
    /// The day of death that the civil registry told.
    pub(in crate::identity) deceased_on: Option<String>,
}

/// Where an identity stands in its life (MOSIP).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(in crate::identity) enum Status {
    Active,
    Blocked,
    Deactivated,
}

/// Why somebody may not prove who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::identity) enum Barred {
    Blocked,
    Deactivated,
    Deceased,
}

impl Status {
    /// The word on the wire and in the archive.
    pub(in crate::identity) fn word(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Blocked => "BLOCKED",
            Self::Deactivated => "DEACTIVATED",
        }
    }

    /// Reads the word.
    pub(in crate::identity) fn read(word: &str) -> Option<Self> {
        [Self::Active, Self::Blocked, Self::Deactivated].into_iter().find(|s| s.word() == word)
    }
}

impl Person {
    /// Given name and family name.
    pub(in crate::identity) fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }

    /// Why the person may not log in, where they may not. A registered death is told as such, whatever the status.
    pub(in crate::identity) fn barred(&self) -> Option<Barred> {
        match self.status {
            _ if self.deceased_on.is_some() => Some(Barred::Deceased),
            Status::Active => None,
            Status::Blocked => Some(Barred::Blocked),
            Status::Deactivated => Some(Barred::Deactivated),
        }
    }

    /// The telephone number with its middle hidden: `+999 •••• 123`.
    pub(in crate::identity) fn masked_phone(&self) -> Option<String> {
        let phone = self.phone.as_deref()?;
        let tail = phone.len().checked_sub(3).and_then(|at| phone.get(at..))?;
        let head = phone.get(..4)?;
        Some(format!("{head} •••• {tail}"))
    }
}

/// Whether `text` has the form of an identity number: 5 to 19 digits, as mock-identity-system has it; our own have ten.
/// The check digit is enforced when numbers are issued.
pub(in crate::identity) fn is_number(text: &str) -> bool {
    (5..=19).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}
