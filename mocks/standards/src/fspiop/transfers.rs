//! POST /transfers, PUT and PATCH /transfers/{ID}: the movement of money itself.

use super::amount::Money;
use super::date_time::DateTime;
use super::error_information::ExtensionList;
use crate::code::open_code;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

open_code! {
    /// How far a transfer has come.
    TransferState {
        Received = "RECEIVED",
        Reserved = "RESERVED",
        Committed = "COMMITTED",
        Aborted = "ABORTED",
    }
}

/// Body of POST /transfers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TransfersPostRequest {
    /// Name of the transfer.
    pub transfer_id: String,
    /// Who is paid.
    pub payee_fsp: String,
    /// Who pays.
    pub payer_fsp: String,
    /// How much.
    pub amount: Money,
    /// The packet of the quote.
    pub ilp_packet: String,
    /// The condition of the quote.
    pub condition: String,
    /// Until when it must be fulfilled.
    pub expiration: DateTime,
    /// More, as keys and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_list: Option<ExtensionList>,
}

/// Body of PUT /transfers/{ID}.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TransfersPutResponse {
    /// What proves that the payee was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fulfilment: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_timestamp: Option<DateTime>,
    /// How far it has come.
    pub transfer_state: TransferState,
    /// More, as keys and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_list: Option<ExtensionList>,
}

/// Body of PATCH /transfers/{ID}: how a reserved transfer ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TransfersPatchResponse {
    /// When.
    pub completed_timestamp: DateTime,
    /// How.
    pub transfer_state: TransferState,
    /// More, as keys and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_list: Option<ExtensionList>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_transfer_without_its_condition_is_refused_by_name() {
        let body = json!({"transferId": "t", "payeeFsp": "b", "payerFsp": "a", "amount": {"currency": "USD", "amount": "1"},
            "ilpPacket": "AYIC", "expiration": "2026-11-23T10:00:00.000Z"});
        let error = crate::dci::read_value::<TransfersPostRequest>(&body).unwrap_err();
        assert!(error.is_missing());
        assert_eq!(error.sentence, "missing field `condition`");
    }

    #[test]
    fn a_fulfil_reads_and_writes_in_the_words_of_the_standard() {
        let body = json!({"transferState": "COMMITTED", "fulfilment": "mGFs", "completedTimestamp": "2026-11-23T09:00:00.123Z"});
        let read: TransfersPutResponse = serde_json::from_value(body.clone()).unwrap();
        assert_eq!(read.transfer_state, TransferState::Committed);
        assert_eq!(serde_json::to_value(&read).unwrap(), body);
    }
}
