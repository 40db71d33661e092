//! The life of a membership, with the guards that OpenSPP and OpenG2P share: draft, enrolled, paused, exited,
//! not_eligible, duplicated.

use serde::{Deserialize, Serialize};

/// Where a membership stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::programme_office) enum Membership {
    Draft,
    Enrolled,
    Paused,
    Exited,
    NotEligible,
    Duplicated,
}

/// What can happen to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::programme_office) enum Change {
    Enrol,
    Refuse,
    /// Back to the start: after an appeal, a new assessment, or a cleared suspicion of a duplicate.
    Reopen,
    MarkDuplicate,
    Pause,
    Continue,
    /// For good, with the reason.
    Exit(String),
}

/// Why a change is not possible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::programme_office) enum Refusal {
    #[error("a membership that is {from} cannot {wanted}; only {right} can")]
    NotFrom { from: &'static str, wanted: &'static str, right: &'static str },
    #[error("nobody leaves a programme without a reason: say which")]
    NoReason,
}

impl Membership {
    pub(in crate::programme_office) fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Enrolled => "enrolled",
            Self::Paused => "paused",
            Self::Exited => "exited",
            Self::NotEligible => "not_eligible",
            Self::Duplicated => "duplicated",
        }
    }

    /// The state after `change`, where the guards allow it.
    pub(in crate::programme_office) fn after(self, change: &Change) -> Result<Self, Refusal> {
        use Membership::{Draft, Duplicated, Enrolled, Exited, NotEligible, Paused};
        let refuse = |wanted, right| Err(Refusal::NotFrom { from: self.as_str(), wanted, right });
        match (self, change) {
            (Draft, Change::Enrol) | (Paused, Change::Continue) => Ok(Enrolled),
            (Draft, Change::Refuse) => Ok(NotEligible),
            (NotEligible | Duplicated, Change::Reopen) => Ok(Draft),
            (Draft | Enrolled, Change::MarkDuplicate) => Ok(Duplicated),
            (Enrolled, Change::Pause) => Ok(Paused),
            (Enrolled | Paused, Change::Exit(reason)) if reason.trim().is_empty() => {
                Err(Refusal::NoReason)
            }
            (Enrolled | Paused, Change::Exit(_)) => Ok(Exited),
            (_, Change::Enrol) => refuse("be enrolled", "a draft"),
            (_, Change::Refuse) => refuse("be refused", "a draft"),
            (_, Change::Reopen) => refuse("be opened again", "a refused or duplicated one"),
            (_, Change::MarkDuplicate) => {
                refuse("become a duplicate", "a draft or an enrolled one")
            }
            (_, Change::Pause) => refuse("be paused", "an enrolled one"),
            (_, Change::Continue) => refuse("continue", "a paused one"),
            (_, Change::Exit(_)) => refuse("leave", "an enrolled or paused one"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_enrolled_refused_or_found_twice() {
        let draft = Membership::Draft;
        assert_eq!(draft.after(&Change::Enrol), Ok(Membership::Enrolled));
        assert_eq!(draft.after(&Change::Refuse), Ok(Membership::NotEligible));
        assert_eq!(draft.after(&Change::MarkDuplicate), Ok(Membership::Duplicated));
    }

    #[test]
    fn only_a_refused_or_duplicated_membership_is_opened_again() {
        assert_eq!(Membership::NotEligible.after(&Change::Reopen), Ok(Membership::Draft));
        assert_eq!(Membership::Duplicated.after(&Change::Reopen), Ok(Membership::Draft));
        let refused = Membership::Exited.after(&Change::Reopen).unwrap_err();
        assert!(refused.to_string().contains("only a refused or duplicated one can"));
    }

    #[test]
    fn nobody_is_paused_before_being_enrolled_or_leaves_without_a_reason() {
        assert!(Membership::Draft.after(&Change::Pause).is_err());
        let leave = |reason: &str| Membership::Paused.after(&Change::Exit(reason.into()));
        assert_eq!(leave(" "), Err(Refusal::NoReason));
        assert_eq!(leave("Deceased"), Ok(Membership::Exited));
    }
}
