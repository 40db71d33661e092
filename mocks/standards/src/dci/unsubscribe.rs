//! POST /registry/unsubscribe and /registry/on-unsubscribe: `UnSubscribeRequest` and the flat `UnSubscribeResponse` v1.0.0.

use super::codes::{ReasonCode, Status};
use super::subscribe::SubscriptionStatus;
use super::timestamp::DateTime;
use super::transaction_id::TransactionId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `message` of an unsubscribe. The published text misspells two of its names; all spellings are read, the right one is
/// written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "AsSpelled")]
#[schemars(!try_from)]
pub struct UnsubscribeRequest {
    /// The caller's name for the conversation.
    pub transaction_id: TransactionId,
    /// When.
    pub timestamp: DateTime,
    /// Which subscriptions should end.
    pub subscription_codes: Vec<String>,
}

#[derive(Deserialize)]
struct AsSpelled {
    transaction_id: TransactionId,
    timestamp: Option<DateTime>,
    timesstamp: Option<DateTime>,
    subscription_codes: Option<Vec<String>>,
    sunscription_codes: Option<Vec<String>>,
    subscription_code: Option<OneOrMany>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl TryFrom<AsSpelled> for UnsubscribeRequest {
    type Error = &'static str;

    fn try_from(spelled: AsSpelled) -> Result<Self, Self::Error> {
        let single = spelled.subscription_code.map(|code| match code {
            OneOrMany::One(code) => vec![code],
            OneOrMany::Many(codes) => codes,
        });
        Ok(Self {
            transaction_id: spelled.transaction_id,
            timestamp: spelled
                .timestamp
                .or(spelled.timesstamp)
                .ok_or("missing field `timestamp`")?,
            subscription_codes: spelled
                .subscription_codes
                .or(spelled.sunscription_codes)
                .or(single)
                .ok_or("missing field `subscription_codes`")?,
        })
    }
}

/// `message` of an on-unsubscribe: flat, unlike every other answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnsubscribeResponse {
    /// As in the request.
    pub transaction_id: TransactionId,
    /// As in the Ack.
    pub correlation_id: String,
    /// When.
    #[serde(alias = "timesatmp")]
    pub timestamp: DateTime,
    /// How it went.
    pub status: Status,
    /// Why not, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_code: Option<ReasonCode>,
    /// Why not, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_message: Option<String>,
    /// How each subscription stands now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscription_status: Vec<SubscriptionState>,
}

/// How one subscription stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubscriptionState {
    /// Which.
    pub code: String,
    /// Whether it stands.
    pub status: SubscriptionStatus,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_spelling_seen_in_the_field_is_read_and_the_right_one_written() {
        for body in [
            json!({"transaction_id": "T", "timestamp": "t", "subscription_codes": ["S-1"]}),
            json!({"transaction_id": "T", "timesstamp": "t", "sunscription_codes": ["S-1"]}),
            json!({"transaction_id": "T", "timestamp": "t", "timesstamp": "t", "subscription_codes": ["S-1"],
                "sunscription_codes": ["S-1"]}),
            json!({"transaction_id": "T", "timestamp": "t", "subscription_code": "S-1"}),
        ] {
            let request: UnsubscribeRequest = serde_json::from_value(body.clone()).unwrap();
            assert_eq!(
                serde_json::to_value(&request).unwrap(),
                json!({"transaction_id": "T", "timestamp": "t", "subscription_codes": ["S-1"]}),
                "{body}"
            );
        }
    }

    #[test]
    fn missing_codes_are_refused_by_their_right_name() {
        let error = serde_json::from_value::<UnsubscribeRequest>(
            json!({"transaction_id": "T", "timestamp": "t"}),
        );
        assert_eq!(error.unwrap_err().to_string(), "missing field `subscription_codes`");
    }

    #[test]
    fn the_misspelt_timestamp_of_the_answer_is_read() {
        let body = json!({"transaction_id": "T", "correlation_id": "C", "timesatmp": "t", "status": "succ",
            "subscription_status": [{"code": "S-1", "status": "unsubscribe"}]});
        let response: UnsubscribeResponse = serde_json::from_value(body).unwrap();
        assert_eq!(response.subscription_status[0].status, SubscriptionStatus::Unsubscribe);
        assert!(serde_json::to_value(&response).unwrap().get("timestamp").is_some());
    }
}
