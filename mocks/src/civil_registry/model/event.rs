//! An event and its action log, in the shape of OpenCRVS 2 (`EventDocument`).

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// What a form holds: field ids such as `child.name` with their values.
pub(in crate::civil_registry) type Fields = BTreeMap<String, Value>;

/// A vital event from the first word about it to its entry in the register, as a log of actions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::civil_registry) struct Event {
    pub(in crate::civil_registry) id: String,
    #[serde(rename = "type")]
    pub(in crate::civil_registry) kind: EventType,
    /// Six characters that people can read out at a counter.
    pub(in crate::civil_registry) tracking_id: String,
    pub(in crate::civil_registry) created_at: String,
    pub(in crate::civil_registry) updated_at: String,
    pub(in crate::civil_registry) actions: Vec<Action>,
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::civil_registry) struct Action {
    pub(in crate::civil_registry) id: String,
    #[serde(rename = "type")]
    pub(in crate::civil_registry) kind: ActionKind,
    pub(in crate::civil_registry) status: ActionStatus,
    pub(in crate::civil_registry) created_at: String,
    pub(in crate::civil_registry) created_by: String,
    #[serde(default)]
    pub(in crate::civil_registry) transaction_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::civil_registry) created_at_location: Option<String>,
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub(in crate::civil_registry) declaration: Fields,
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub(in crate::civil_registry) annotation: Fields,
    /// The request that this one accepts or rejects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::civil_registry) original_action_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::civil_registry) registration_number: Option<String>,
    /// What a custom action is called: `REVOKE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::civil_registry) custom_action_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::civil_registry) reason: Option<String>,
    /// Registration numbers of entries that may be the same event.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::civil_registry) duplicates: Vec<String>,
}

/// The kinds of events that are entered here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::civil_registry) enum EventType {
    Birth,
    Death,
    Marriage,
    Divorce,
}

/// Where an event stands. Rejections, corrections and the like do not change it; they are flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(in crate::civil_registry) enum Status {
    Created,
    Notified,
    Declared,
    Registered,
    Archived,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(in crate::civil_registry) enum ActionKind {
    Create,
    Notify,
    Declare,
    Register,
    Reject,
    Archive,
    DuplicateDetected,
    MarkAsDuplicate,
    MarkAsNotDuplicate,
    RequestCorrection,
    ApproveCorrection,
    RejectCorrection,
    Custom,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::civil_registry) enum ActionStatus {
    Requested,
    Accepted,
    Rejected,
}

impl Event {
    /// Adds a line to the log; it gets an id that follows from its place.
    pub(in crate::civil_registry) fn push(&mut self, mut action: Action) -> String {
        let name = format!("{}/{}", self.id, self.actions.len() + 1);
        action.id = Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()).to_string();
        self.updated_at.clone_from(&action.created_at);
        let id = action.id.clone();
        self.actions.push(action);
        id
    }
}

impl Action {
    /// An accepted action of somebody at some moment.
    pub(in crate::civil_registry) fn of(kind: ActionKind, by: &str, at: &str) -> Self {
        Self {
            id: String::new(),
            kind,
            status: ActionStatus::Accepted,
            created_at: at.into(),
            created_by: by.into(),
            transaction_id: String::new(),
            created_at_location: None,
            declaration: Fields::new(),
            annotation: Fields::new(),
            original_action_id: None,
            registration_number: None,
            custom_action_type: None,
            reason: None,
            duplicates: Vec::new(),
        }
    }
}

impl EventType {
    pub(in crate::civil_registry) fn word(self) -> &'static str {
        match self {
            Self::Birth => "birth",
            Self::Death => "death",
            Self::Marriage => "marriage",
            Self::Divorce => "divorce",
        }
    }

    /// The kind that a word names.
    pub(in crate::civil_registry) fn read(word: &str) -> Option<Self> {
        let all = [Self::Birth, Self::Death, Self::Marriage, Self::Divorce];
        all.into_iter().find(|kind| kind.word() == word)
    }

    /// The letters before the numbers of such entries.
    pub(in crate::civil_registry) fn series(self) -> &'static str {
        match self {
            Self::Birth => "BRN",
            Self::Death => "DRN",
            Self::Marriage => "MRN",
            Self::Divorce => "DIV",
        }
    }

    /// What subscribers call it (DCI).
    pub(in crate::civil_registry) fn told_as(self) -> &'static str {
        match self {
            Self::Birth => "LiveBirth",
            Self::Death => "Death",
            Self::Marriage => "Marriage",
            Self::Divorce => "Divorce",
        }
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Status {
    pub(in crate::civil_registry) fn word(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Notified => "NOTIFIED",
            Self::Declared => "DECLARED",
            Self::Registered => "REGISTERED",
            Self::Archived => "ARCHIVED",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The tracking id of the `number`th event: every number its own, and none looks like the one before it.
pub(in crate::civil_registry) fn tracking_id(number: i64) -> String {
    const LETTERS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const ALL: u64 = 36_u64.pow(6);
    // The factor shares no divisor with 36, so no two numbers below `ALL` meet.
    let mut rest = number.unsigned_abs().wrapping_mul(1_345_678_901) % ALL;
    let mut text = [b'0'; 6];
    for letter in text.iter_mut().rev() {
        *letter = LETTERS[usize::try_from(rest % 36).unwrap_or(0)];
        rest /= 36;
    }
    text.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn tracking_ids_are_all_different_and_six_characters_long() {
        let ids: BTreeSet<String> = (1..5000).map(tracking_id).collect();
        assert_eq!(ids.len(), 4999);
        assert!(ids.iter().all(|id| id.len() == 6));
    }

    #[test]
    fn actions_are_written_as_opencrvs_writes_them() {
        let kind = serde_json::to_value(ActionKind::MarkAsNotDuplicate).unwrap();
        assert_eq!(kind, "MARK_AS_NOT_DUPLICATE");
        assert_eq!(serde_json::to_value(ActionStatus::Requested).unwrap(), "Requested");
    }
}
