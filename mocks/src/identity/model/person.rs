//! A person as Arenoa ID knows them, and whether they may prove who they are.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::factor::Factor;

/// A person's identity record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::identity) struct Person {
    pub(in crate::identity) uin: String,
    pub(in crate::identity) given_name: String,
    pub(in crate::identity) family_name: String,
    /// Given and family name in languages that spell them differently, by ISO 639-2 code: `ara`, `fra`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(in crate::identity) names: BTreeMap<String, [String; 2]>,
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
    /// The country of the address, where mock-identity-system was told one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::identity) country: Option<String>,
    /// The preferred language, as ISO 639-1 writes it.
    pub(in crate::identity) language: Option<String>,
    pub(in crate::identity) status: Status,
    /// The day of death that the civil registry told.
    pub(in crate::identity) deceased_on: Option<String>,
    /// The number of the civil registry's entry of the death.
    pub(in crate::identity) deceased_by: Option<String>,
    /// Ways of proving who they are that the person has locked.
    pub(in crate::identity) locked: BTreeSet<Factor>,
}

/// Where an identity stands in its life (MOSIP).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[schemars(rename = "PersonStatus")]
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

/// A name of which either part may be all there is.
pub(in crate::identity) fn joined(given: &str, family: &str) -> String {
    format!("{given} {family}").trim().to_owned()
}

impl Person {
    /// An active identity with a number and nothing else yet.
    pub(in crate::identity) fn with_number(uin: impl Into<String>) -> Self {
        Self {
            uin: uin.into(),
            given_name: String::new(),
            family_name: String::new(),
            names: BTreeMap::new(),
            birth_date: String::new(),
            sex: String::new(),
            phone: None,
            email: None,
            street: None,
            locality: None,
            region: None,
            postal_code: None,
            country: None,
            language: None,
            status: Status::Active,
            deceased_on: None,
            deceased_by: None,
            locked: BTreeSet::new(),
        }
    }

    /// Given name and family name.
    pub(in crate::identity) fn name(&self) -> String {
        joined(&self.given_name, &self.family_name)
    }

    /// Given and family name as `language` (ISO 639-2) spells them; the Latin spelling stands for those that do not
    /// differ.
    pub(in crate::identity) fn names_in(&self, language: &str) -> (&str, &str) {
        match self.names.get(language) {
            Some([given, family]) => (given, family),
            None => (&self.given_name, &self.family_name),
        }
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

    /// The e-mail address with all but its first letter and its domain hidden.
    pub(in crate::identity) fn masked_email(&self) -> Option<String> {
        let (name, domain) = self.email.as_deref()?.split_once('@')?;
        Some(format!("{}••••@{domain}", name.chars().next()?))
    }
}

/// Whether `text` has the form of an identity number: 5 to 19 digits, as mock-identity-system has it; our own UINs have
/// ten and VIDs sixteen. The check digit is enforced when numbers are issued.
pub(in crate::identity) fn is_number(text: &str) -> bool {
    (5..=19).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}
