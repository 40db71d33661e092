//! POST /bulkTransfers and PUT /bulkTransfers/{ID}: up to 1000 transfers to one FSP.

use super::amount::Money;
use super::date_time::DateTime;
use super::error_information::{ErrorInformation, ExtensionList};
use crate::code::open_code;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

open_code! {
    /// How far a bulk has come.
    BulkTransferState {
        Received = "RECEIVED",
        Pending = "PENDING",
        Accepted = "ACCEPTED",
        Processing = "PROCESSING",
        Completed = "COMPLETED",
        Rejected = "REJECTED",
    }
}

/// Body of POST /bulkTransfers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BulkTransfersPostRequest {
    /// Name of the bulk.
    pub bulk_transfer_id: String,
    /// The bulk of quotes it follows.
    pub bulk_quote_id: String,
    /// Who pays.
    pub payer_fsp: String,
    /// Who is paid: one FSP a bulk.
    pub payee_fsp: String,
    /// 1 to 1000 transfers.
    pub individual_transfers: Vec<IndividualTransfer>,
    /// Until when they must be fulfilled.
    pub expiration: DateTime,
    /// More, as keys and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_list: Option<ExtensionList>,
}

/// One transfer of a bulk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IndividualTransfer {
    /// Name of the transfer.
    pub transfer_id: String,
    /// How much.
    pub transfer_amount: Money,
    /// The packet of the quote.
    pub ilp_packet: String,
    /// The condition of the quote.
    pub condition: String,
    /// More, as keys and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_list: Option<ExtensionList>,
}

/// Body of PUT /bulkTransfers/{ID}.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BulkTransfersPutResponse {
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_timestamp: Option<DateTime>,
    /// How each went.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub individual_transfer_results: Vec<IndividualTransferResult>,
    /// How far it has come.
    pub bulk_transfer_state: BulkTransferState,
    /// More, as keys and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_list: Option<ExtensionList>,
}

/// One transfer of a bulk: fulfilled, or why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IndividualTransferResult {
    /// Name of the transfer.
    pub transfer_id: String,
    /// What proves that the payee was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fulfilment: Option<String>,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_information: Option<ErrorInformation>,
    /// More, as keys and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_list: Option<ExtensionList>,
}

impl IndividualTransferResult {
    /// A transfer fulfilled.
    pub fn fulfilled(transfer_id: impl Into<String>, fulfilment: impl Into<String>) -> Self {
        Self {
            transfer_id: transfer_id.into(),
            fulfilment: Some(fulfilment.into()),
            error_information: None,
            extension_list: None,
        }
    }

    /// A transfer refused.
    pub fn refused(transfer_id: impl Into<String>, error: ErrorInformation) -> Self {
        Self {
            transfer_id: transfer_id.into(),
            fulfilment: None,
            error_information: Some(error),
            extension_list: None,
        }
    }
}
