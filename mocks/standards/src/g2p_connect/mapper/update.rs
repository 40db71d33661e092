//! POST /mapper/update, /mapper/on-update and /mapper/sync/update (G2P Connect 1.0.0): another account for the same person.

use super::{ItemResult, LinkItem};
use crate::dci::TransactionId;
use crate::dci::object;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `message` of an update.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateRequest {
    /// The caller's name for the batch.
    pub transaction_id: TransactionId,
    /// One entry each.
    #[serde(deserialize_with = "object::each")]
    pub update_request: Vec<UpdateItem>,
}

/// One account to put in the place of another: said as in a link.
pub type UpdateItem = LinkItem;

/// `message` of an on-update.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateResponse {
    /// As in the request.
    pub transaction_id: TransactionId,
    /// As in the Ack; the mapper may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
    /// One entry each.
    pub update_response: Vec<ItemResult>,
}
