//! What a request of the event API carries.

use serde::Deserialize;

use super::places;
use super::refusal::Refused;
use crate::civil_registry::model::event::{EventType, Fields};
use crate::kit::server::Call;

/// A form has fewer fields.
const MOST_FIELDS: usize = 200;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Input {
    pub(super) transaction_id: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) declaration: Fields,
    pub(super) annotation: Fields,
    pub(super) created_at_location: Option<String>,
    pub(super) registration_number: Option<String>,
    pub(super) action_id: Option<String>,
    pub(super) reason: String,
    /// Where OpenCRVS puts reasons.
    pub(super) content: Content,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Content {
    reason: String,
}

impl Input {
    /// Reads it; every request that changes something names its transaction, so that it can be sent twice.
    pub(super) fn read(call: &Call) -> Result<Self, Refused> {
        let mut reader = serde_json::Deserializer::from_slice(&call.body);
        let read: Result<Self, _> = serde_path_to_error::deserialize(&mut reader);
        let unreadable = |error: serde_path_to_error::Error<serde_json::Error>| {
            Refused::input("", format!("at `{}`: {}", error.path(), error.inner()))
        };
        let input = read.map_err(unreadable)?;
        if input.transaction_id.is_empty() || input.transaction_id.len() > 100 {
            let sentence = "`transactionId` is missing: name the request, up to 100 characters";
            return Err(Refused::input("transactionId", sentence));
        }
        if input.declaration.len() + input.annotation.len() > MOST_FIELDS {
            return Err(Refused::bad(format!("a form has at most {MOST_FIELDS} fields")));
        }
        let place = input.created_at_location.as_deref();
        if let Some(place) = place.filter(|id| places::kind_of(id).is_none()) {
            let sentence =
                format!("`createdAtLocation`: {place} is no id of GET /api/events/locations");
            return Err(Refused::input("createdAtLocation", sentence));
        }
        call.correlation(&input.transaction_id);
        Ok(input)
    }

    /// The kind of event that `type` names; the configuration that OpenCRVS ships with calls them `v2.birth` and so on.
    pub(super) fn event_type(&self) -> Result<EventType, Refused> {
        let kind = self.kind.strip_prefix("v2.").unwrap_or(&self.kind);
        if kind == "NOTIFY" {
            let sentence = "`eventId` is missing: name the event that is notified, or write its kind as `type`";
            return Err(Refused::input("eventId", sentence));
        }
        let wrong = || format!("`type` is `{kind}`; write birth, death, marriage or divorce");
        EventType::read(kind).ok_or_else(|| Refused::input("type", wrong()))
    }

    /// Why, in a sentence.
    pub(super) fn why(&self) -> Result<&str, Refused> {
        let reason = [self.reason.trim(), self.content.reason.trim()];
        let given = reason.into_iter().find(|text| !text.is_empty());
        let missing = "`content.reason` is missing: say in a sentence why";
        given.ok_or_else(|| Refused::input("content", missing))
    }
}
