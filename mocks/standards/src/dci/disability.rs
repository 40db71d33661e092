//! POST /registry/sync/disabled, /sync/get-disability-support and /sync/get-disability-details (DR v1.0.0; the official
//! mock calls the first one /sync/get-disability-status).

use super::codes::{ReasonCode, Status};
use super::enrollment::{EntityCriteria, YesNo};
use super::search::Page;
use super::timestamp::DateTime;
use super::transaction_id::TransactionId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `message` of all three questions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DisabledRequest {
    /// The caller's name for the conversation.
    pub transaction_id: TransactionId,
    /// Who.
    pub disabled_criteria: EntityCriteria,
}

/// The answer to `disabled`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DisabledResponse {
    /// As in the request.
    pub transaction_id: TransactionId,
    /// The registry's handle.
    pub correlation_id: String,
    /// One entry a person asked after.
    pub disabled_response: Vec<DisabledResult>,
}

/// Whether one person is registered as disabled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DisabledResult {
    /// Name of the entry.
    pub reference_id: String,
    /// When.
    pub timestamp: DateTime,
    /// How it went.
    pub status: Status,
    /// Why not, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_message: Option<String>,
    /// `yes` or `no`. Required by the standard; absent where the question was refused and neither would be true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_status: Option<YesNo>,
}

/// The answer to `get-disability-details` (records are objects) and `get-disability-support` (records are lists).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DisabilityResponse {
    /// As in the request.
    pub transaction_id: TransactionId,
    /// The registry's handle.
    pub correlation_id: String,
    /// One entry a person asked after.
    pub search_response: Vec<DisabilityResult>,
}

/// One person's disability or support.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DisabilityResult {
    /// Name of the entry.
    pub reference_id: String,
    /// When.
    pub timestamp: DateTime,
    /// How it went.
    pub status: Status,
    /// Why not, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_code: Option<ReasonCode>,
    /// Why not, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_message: Option<String>,
    /// The records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<DisabilityData>,
    /// Which part of how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pagination: Option<Page>,
    /// Language of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// The records of one answer; unlike a search answer it names no registry and no record type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DisabilityData {
    /// Version of the data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Objects (details) or lists of objects (support).
    pub reg_records: Vec<Value>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn support_records_are_lists_and_details_are_objects() {
        for records in [json!([[{"human_assistance": []}]]), json!([{"disability_details": []}])] {
            let body = json!({"transaction_id": "T", "correlation_id": "C", "search_response": [
                {"reference_id": "R", "timestamp": "t", "status": "succ", "data": {"reg_records": records}}]});
            let response: DisabilityResponse = serde_json::from_value(body.clone()).unwrap();
            assert_eq!(serde_json::to_value(&response).unwrap(), body);
        }
    }

    #[test]
    fn a_refused_question_says_neither_yes_nor_no() {
        let result: DisabledResult = serde_json::from_value(
            json!({"reference_id": "R", "timestamp": "t", "status": "rjct", "status_reason_message": "unknown person"}),
        )
        .unwrap();
        assert_eq!(result.disabled_status, None);
    }
}
