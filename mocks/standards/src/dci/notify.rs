//! POST /registry/notify: `NotifyEventRequest` v1.0.0, from a registry to a subscriber; the answer is an Ack.

use super::timestamp::DateTime;
use super::transaction_id::TransactionId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `message` of a notify. `R` is the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotifyRequest<R = Value> {
    /// The registry's name for the conversation.
    pub transaction_id: TransactionId,
    /// One entry an event; openIMIS calls the list `notify_request`.
    #[serde(alias = "notify_request")]
    pub notify_event: Vec<NotifyEvent<R>>,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotifyEvent<R = Value> {
    /// The registry's name for the event.
    pub reference_id: String,
    /// When.
    pub timestamp: DateTime,
    /// What happened to whom.
    pub data: NotifyData<R>,
    /// Language of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// What happened to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotifyData<R = Value> {
    /// Version of the data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Which registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reg_type: Option<String>,
    /// Which event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reg_event_type: Option<String>,
    /// Which kind of record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reg_record_type: Option<String>,
    /// The record: one object despite the plural, in every registry. openIMIS calls it `reg_record`.
    #[serde(alias = "reg_record")]
    pub reg_records: R,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_spelling_of_openimis_is_read_and_the_published_one_written() {
        let body = json!({"transaction_id": "T", "notify_request": [{"reference_id": "R", "timestamp": "t",
            "data": {"reg_record_type": "Member", "reg_record": {"a": 1}}}]});
        let request: NotifyRequest = serde_json::from_value(body).unwrap();
        let written = serde_json::to_value(&request).unwrap();
        assert_eq!(written["notify_event"][0]["data"]["reg_records"], json!({"a": 1}));
        assert_eq!(written["notify_event"][0]["data"]["reg_record_type"], "Member");
    }
}
