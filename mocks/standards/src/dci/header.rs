//! `header` of every message: the union of `MsgHeader_V1.0.0` (requests) and `MsgCallbackHeader_V1.0.0` (answers).

use super::codes::{Action, ReasonCode, Status};
use super::null;
use super::timestamp::DateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Who says something, to whom, when, and whether it went well. One type serves requests and answers, because the
/// published texts mix them up (an `on-subscribe` carries a request header); neither is closed, so the union is valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Header {
    /// Version of the envelope.
    #[serde(default = "version_1_0_0", deserialize_with = "said_or_1_0_0")]
    pub version: String,
    /// The sender's name for this message.
    pub message_id: String,
    /// When it was sent.
    pub message_ts: DateTime,
    /// What is wanted or answered.
    pub action: Action,
    /// Answers only: how it went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Answers only: why not, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_code: Option<ReasonCode>,
    /// Answers only: why not, for a person; at most 999 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_message: Option<String>,
    /// Who sends. Required in requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_id: Option<String>,
    /// Where the asynchronous answer should go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_uri: Option<String>,
    /// Who receives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receiver_id: Option<String>,
    /// How many items the batch has. Required in requests.
    #[serde(default, deserialize_with = "null::count", skip_serializing_if = "Option::is_none")]
    pub total_count: Option<u64>,
    /// Answers only: how many of them are done.
    #[serde(default, deserialize_with = "null::count", skip_serializing_if = "Option::is_none")]
    pub completed_count: Option<u64>,
    /// Whether the message is encrypted.
    #[serde(default, deserialize_with = "null::or_default")]
    pub is_msg_encrypted: bool,
    /// Anything both sides agreed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meta: Option<Value>,
    /// Fields beyond the published ones, kept because a signature covers them.
    #[serde(flatten)]
    pub other: BTreeMap<String, Value>,
}

fn version_1_0_0() -> String {
    "1.0.0".to_owned()
}

fn said_or_1_0_0<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Option::deserialize(deserializer).map(|version| version.unwrap_or_else(version_1_0_0))
}

impl Header {
    /// The header of a request: what the standard requires, nothing else.
    pub fn request(
        action: Action,
        sender_id: &str,
        message_id: impl Into<String>,
        message_ts: impl Into<DateTime>,
        total_count: u64,
    ) -> Self {
        Self {
            version: version_1_0_0(),
            message_id: message_id.into(),
            message_ts: message_ts.into(),
            action,
            status: None,
            status_reason_code: None,
            status_reason_message: None,
            sender_id: Some(sender_id.to_owned()),
            sender_uri: None,
            receiver_id: None,
            total_count: Some(total_count),
            completed_count: None,
            is_msg_encrypted: false,
            meta: None,
            other: BTreeMap::new(),
        }
    }

    /// The header that answers this one: the `on-` action, sender and receiver changed places, the counts carried over.
    /// `sender_id` is who answers, for the case that the request did not name its receiver.
    #[must_use]
    pub fn answer(
        &self,
        status: Status,
        sender_id: &str,
        message_id: impl Into<String>,
        message_ts: impl Into<DateTime>,
    ) -> Self {
        let count = self.total_count.unwrap_or(0);
        let mut header =
            Self::request(self.action.answered(), sender_id, message_id, message_ts, count);
        header.status = Some(status);
        header.completed_count = Some(if status.is_final() { count } else { 0 });
        header.receiver_id.clone_from(&self.sender_id);
        header
    }

    /// Names the receiver.
    #[must_use]
    pub fn to(mut self, receiver_id: &str) -> Self {
        self.receiver_id = Some(receiver_id.to_owned());
        self
    }

    /// Says where the asynchronous answer should go.
    #[must_use]
    pub fn answer_at(mut self, sender_uri: &str) -> Self {
        self.sender_uri = Some(sender_uri.to_owned());
        self
    }

    /// Says why a request was refused, or succeeded with a remark.
    #[must_use]
    pub fn because(mut self, code: ReasonCode, message: impl Into<String>) -> Self {
        self.status_reason_code = Some(code);
        self.status_reason_message = Some(message.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_request_header_reads_with_its_defaults_and_keeps_what_it_does_not_know() {
        let header: Header = serde_json::from_value(json!({
            "message_id": "123", "message_ts": "2026-01-05T09:00:00Z", "action": "search",
            "sender_id": "spp.example.org", "total_count": 1, "x_trace": "abc",
        }))
        .unwrap();
        assert_eq!(header.version, "1.0.0");
        assert!(!header.is_msg_encrypted);
        assert_eq!(header.other["x_trace"], "abc");
        let back = serde_json::to_value(&header).unwrap();
        assert_eq!(back["x_trace"], "abc");
        assert_eq!(back.get("status"), None, "absent fields stay absent");
    }

    #[test]
    fn null_is_read_as_absent() {
        let header: Header = serde_json::from_value(json!({
            "version": null, "message_id": "1", "message_ts": "2026-01-05T09:00:00Z",
            "action": "search", "is_msg_encrypted": null, "sender_uri": null, "total_count": null,
        }))
        .unwrap();
        assert_eq!((header.version.as_str(), header.is_msg_encrypted), ("1.0.0", false));
    }

    #[test]
    fn a_count_may_be_written_with_a_point_and_is_whole() {
        let read = |count: Value| {
            serde_json::from_value::<Header>(
                json!({"message_id": "1", "message_ts": "2026-01-05T09:00:00Z",
                "action": "search", "total_count": count}),
            )
            .map(|header| header.total_count)
        };
        assert_eq!(read(json!(2.0)).unwrap(), Some(2));
        for wrong in [json!(1.5), json!(-1), json!(-1.0), json!("1")] {
            assert!(read(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_answer_swaps_the_parties_and_carries_everything_either_header_requires() {
        let request =
            Header::request(Action::Search, "sp", "M-1", "2026-01-05T09:00:00Z", 3).to("crvs");
        let answer = request.answer(Status::Succ, "crvs", "M-2", "2026-01-05T09:00:01Z");
        let json = serde_json::to_value(&answer).unwrap();
        assert_eq!(json["action"], "on-search");
        assert_eq!(json["status"], "succ");
        assert_eq!(json["sender_id"], "crvs");
        assert_eq!(json["receiver_id"], "sp");
        assert_eq!(json["total_count"], 3);
        assert_eq!(json["completed_count"], 3);
    }

    #[test]
    fn a_pending_answer_has_completed_nothing() {
        let request = Header::request(Action::Search, "sp", "M-1", "2026-01-05T09:00:00Z", 3);
        let answer = request.answer(Status::Pdng, "crvs", "M-2", "2026-01-05T09:00:01Z");
        assert_eq!(answer.completed_count, Some(0));
    }
}
