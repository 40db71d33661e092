//! What a request of the event API carries.

use serde::Deserialize;

use super::refusal::Refused;
use crate::civil_registry::model::event::{EventType, Fields};
use crate::kit::seed::places::{Community, District, Province};
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
        let input = read
            .map_err(|error| Refused::bad(format!("at `{}`: {}", error.path(), error.inner())))?;
        if input.transaction_id.is_empty() || input.transaction_id.len() > 100 {
            return Err(Refused::bad(
                "`transactionId` is missing: name the request, up to 100 characters",
            ));
        }
        if input.declaration.len() + input.annotation.len() > MOST_FIELDS {
            return Err(Refused::bad(format!("a form has at most {MOST_FIELDS} fields")));
        }
        if let Some(place) = input.created_at_location.as_deref().filter(|id| !is_place(id)) {
            let sentence =
                format!("`createdAtLocation`: {place} is no id of GET /api/events/locations");
            return Err(Refused::bad(sentence));
        }
        call.correlation(&input.transaction_id);
        Ok(input)
    }

    /// The kind of event that `type` names.
    pub(super) fn event_type(&self) -> Result<EventType, Refused> {
        EventType::read(&self.kind).ok_or_else(|| {
            let kind = &self.kind;
            Refused::bad(format!("`type` is `{kind}`; write birth, death, marriage or divorce"))
        })
    }

    /// Why, in a sentence.
    pub(super) fn why(&self) -> Result<&str, Refused> {
        let reason = [self.reason.trim(), self.content.reason.trim()];
        let given = reason.into_iter().find(|text| !text.is_empty());
        given.ok_or_else(|| Refused::bad("`content.reason` is missing: say in a sentence why"))
    }
}

fn is_place(id: &str) -> bool {
    Community::parse(id).is_some()
        || District::all().any(|district| district.code() == id)
        || Province::all().any(|province| province.code() == id)
}
