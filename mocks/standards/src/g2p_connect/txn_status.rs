//! POST /mapper/txn/status, /disburse/txn/status and their sync forms: as in DCI, with the payment leg's own words.

use crate::dci::TransactionId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use crate::dci::txn_status::{AttributeType, Names, TxnStatusQuery, TxnStatusRequest, TxnType};

/// `message` of a txn/on-status. The mapper's `correlation_id` may be absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TxnStatusResponse {
    /// As in the request.
    pub transaction_id: TransactionId,
    /// As in the Ack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
    /// The answer.
    pub txnstatus_response: TxnStatusAnswer,
}

/// The kind of transaction (`on-link`, `on-disburse`, ...) and the whole answer it has so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TxnStatusAnswer {
    /// Which kind.
    pub txn_type: TxnType,
    /// Its answer so far, in full.
    pub txn_status: Value,
}
