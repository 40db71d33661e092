//! Ack: the answer to every asynchronous call and to every callback; and the body of HTTP 401, 403 and 500.

use super::codes::ErrorCode;
use super::timestamp::DateTime;
use crate::code::open_code;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

open_code! {
    /// Whether the receiver took the message.
    AckStatus {
        /// Accepted; a callback will follow.
        Ack = "ACK",
        /// Understood, but no further update will come.
        Nack = "NACK",
        /// Malformed or refused.
        Err = "ERR",
    }
}

/// `{"message": {...}}`: the receipt of an asynchronous message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ack {
    /// The receipt itself.
    pub message: AckMessage,
}

/// What the receipt says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AckMessage {
    /// Taken or not.
    pub ack_status: AckStatus,
    /// When.
    pub timestamp: DateTime,
    /// Why not. Official mocks put an empty object here on success, so an empty one is written, not skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorBody>,
    /// The receiver's handle; the later callback repeats it.
    pub correlation_id: String,
}

/// An error; both members may be absent, so `{}` is a valid one and means none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorBody {
    /// Code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// For a person, at most 999 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl ErrorBody {
    /// An error with its code and sentence.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code: Some(code), message: Some(message.into()) }
    }
}

impl Ack {
    /// The message was taken.
    pub fn accepted(correlation_id: impl Into<String>, timestamp: impl Into<DateTime>) -> Self {
        Self::with(AckStatus::Ack, correlation_id, timestamp, None)
    }

    /// The message was refused or could not be read.
    pub fn refused(
        correlation_id: impl Into<String>,
        timestamp: impl Into<DateTime>,
        code: ErrorCode,
        message: impl Into<String>,
    ) -> Self {
        Self::with(AckStatus::Err, correlation_id, timestamp, Some(ErrorBody::new(code, message)))
    }

    fn with(
        ack_status: AckStatus,
        correlation_id: impl Into<String>,
        timestamp: impl Into<DateTime>,
        error: Option<ErrorBody>,
    ) -> Self {
        let (timestamp, correlation_id) = (timestamp.into(), correlation_id.into());
        Self { message: AckMessage { ack_status, timestamp, error, correlation_id } }
    }
}

/// Body of HTTP 401, 403 and 500: `{"errors": [...]}`, and the code of the first once more beside the list, where readers
/// of other error formats look. Its sentence cannot stand there: `message` is an object in every body of the standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HttpErrors {
    /// What went wrong, one entry a fault.
    pub errors: Vec<ErrorBody>,
    /// The code of the first of them.
    pub code: ErrorCode,
}

impl HttpErrors {
    /// The body for one error.
    pub fn one(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { errors: vec![ErrorBody::new(code.clone(), message)], code }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_accepted_ack_holds_the_three_required_fields() {
        let ack = Ack::accepted("C-1", "2026-01-05T09:00:00Z");
        assert_eq!(
            serde_json::to_value(&ack).unwrap(),
            json!({"message": {"ack_status": "ACK", "timestamp": "2026-01-05T09:00:00Z", "correlation_id": "C-1"}})
        );
    }

    #[test]
    fn a_refused_ack_says_why() {
        let ack = Ack::refused(
            "C-1",
            "2026-01-05T09:00:00Z",
            ErrorCode::SignatureInvalid,
            "the digest differs",
        );
        let json = serde_json::to_value(&ack).unwrap();
        assert_eq!(json["message"]["ack_status"], "ERR");
        assert_eq!(
            json["message"]["error"],
            json!({"code": "err.signature.invalid", "message": "the digest differs"})
        );
    }

    #[test]
    fn an_empty_error_object_is_read_and_written_as_it_is() {
        let text =
            r#"{"message":{"ack_status":"ACK","timestamp":"t","error":{},"correlation_id":"C"}}"#;
        let ack: Ack = serde_json::from_str(text).unwrap();
        assert_eq!(ack.message.error, Some(ErrorBody::default()));
        assert_eq!(serde_json::to_string(&ack).unwrap(), text);
    }
}
