//! POST /registry/sync/enrolled and /registry/sync/enrollment/updates of the beneficiary registry (IBR v1.0.0).

use super::codes::Status;
use super::query::{Filter, Mode, QueryError, parse};
use super::search::QueryType;
use super::timestamp::DateTime;
use super::transaction_id::TransactionId;
use crate::code::open_code;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

open_code! {
    /// The two answers a yes-or-no question has.
    YesNo { Yes = "yes", No = "no" }
}

/// `message` of an `enrolled` question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EnrolledRequest {
    /// The caller's name for the conversation.
    pub transaction_id: TransactionId,
    /// Who, in which programme.
    pub enrolled_criteria: EntityCriteria,
}

/// A question without its item wrapper, as the synchronous extras of IBR, DR and ESS have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EntityCriteria {
    /// How `query` is written; an expression where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_type: Option<QueryType>,
    /// `Group` or `Member` (IBR).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_entity: Option<String>,
    /// The question.
    pub query: Value,
}

impl EntityCriteria {
    /// The question as a filter.
    pub fn filter(&self, mode: Mode) -> Result<Filter, QueryError> {
        let query_type = self.query_type.as_ref().unwrap_or(&QueryType::Expression);
        parse(query_type.as_str(), &self.query, mode)
    }
}

/// The answer: bare in the published text, in an envelope like every other answer here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EnrolledResponse {
    /// As in the request.
    pub transaction_id: TransactionId,
    /// The registry's handle.
    pub correlation_id: String,
    /// One entry a person asked after.
    pub enrolled_response: Vec<EnrolledResult>,
}

/// Whether one person is enrolled; also the receipt of an update, then without `enrolled_status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EnrolledResult {
    /// The registry's or the caller's name for the entry.
    pub reference_id: String,
    /// When.
    pub timestamp: DateTime,
    /// How it went.
    pub status: Status,
    /// Why not, for a person; these answers have no reason code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_message: Option<String>,
    /// `yes` or `no` (IBR).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolled_status: Option<YesNo>,
}

/// `message` of an enrolment update; its header is the one of a callback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EnrollmentUpdatesRequest<R = Value> {
    /// The caller's name for the conversation.
    pub transaction_id: TransactionId,
    /// What changed.
    pub enrolled_updates: EnrolledUpdates<R>,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EnrolledUpdates<R = Value> {
    /// Whose enrolment changed.
    #[serde(default = "Vec::<R>::new")]
    pub beneficiaries: Vec<R>,
}

/// The answer to an update: as to an `enrolled` question, without the status.
pub type EnrollmentUpdatesResponse = EnrolledResponse;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_bare_question_reads_as_an_expression() {
        let request: EnrolledRequest =
            serde_json::from_value(json!({"transaction_id": "T", "enrolled_criteria": {
            "query": {"person_identifier": {"eq": "847951632"},
                "programme_identifier.program.programme_identifier": {"eq": "P-1"}}}}))
            .unwrap();
        let filter = request.enrolled_criteria.filter(Mode::Lenient).unwrap();
        assert_eq!(
            filter.attributes(),
            ["person_identifier", "programme_identifier.program.programme_identifier"]
        );
    }
}
