//! POST /ess/sync/check-enrollment of employment support services: no published text; the official mock defines it.

use super::codes::Status;
use super::enrollment::EntityCriteria;
use super::timestamp::DateTime;
use super::transaction_id::TransactionId;
use crate::code::open_code;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

open_code! {
    /// Enrolment in employment support; written by name in this message, by number in a record.
    EnrolmentStatusName {
        Active = "Active",
        Deceased = "Deceased",
        Exited = "Exited",
        Suspended = "Suspended",
        Inactive = "Inactive",
        Reinstated = "Reinstated",
        AwaitingRenewal = "Awaiting Renewal",
    }
}

/// `message` of the question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckEnrollmentRequest {
    /// The caller's name for the conversation.
    pub transaction_id: TransactionId,
    /// Who.
    pub enrolled_criteria: EntityCriteria,
}

/// `message` of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckEnrollmentResponse {
    /// As in the request.
    pub transaction_id: TransactionId,
    /// The registry's handle.
    pub correlation_id: String,
    /// One entry a person asked after.
    pub enrolled_response: Vec<CheckEnrollmentResult>,
}

/// How one person is enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckEnrollmentResult {
    /// The official mock puts the identifier that was asked after here.
    pub reference_id: String,
    /// When.
    pub timestamp: DateTime,
    /// How it went.
    pub status: Status,
    /// Why not, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_message: Option<String>,
    /// The name of the status, not yes or no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolled_status: Option<EnrolmentStatusName>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_written_by_name_and_another_one_is_kept() {
        for name in ["\"Active\"", "\"Awaiting Renewal\"", "\"On leave\""] {
            let status: EnrolmentStatusName = serde_json::from_str(name).unwrap();
            assert_eq!(serde_json::to_string(&status).unwrap(), name);
        }
        assert!(!EnrolmentStatusName::from("On leave").is_known());
    }
}
