//! POST /registry/txn/status, /registry/txn/on-status and /registry/sync/txn/status: `TxnStatusRequest` and -Response v1.0.0.

use super::search::SearchResponse;
use super::subscribe::SubscribeResponse;
use super::transaction_id::TransactionId;
use super::unsubscribe::UnsubscribeResponse;
use crate::code::open_code;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// Which kind of transaction is asked after. `subscibe`, as two of the texts have it, is read as `subscribe`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
pub struct TxnType(String);

impl TxnType {
    /// As it stands on the wire, rightly spelled.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for TxnType {
    fn from(text: &str) -> Self {
        let spelled = match text {
            "subscibe" => "subscribe",
            "on-subscibe" => "on-subscribe",
            other => other,
        };
        Self(spelled.to_owned())
    }
}

impl Serialize for TxnType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for TxnType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::from(text.as_str()))
    }
}

open_code! {
    /// By what the transaction is named. The standard leaves `attribute_value` unlabelled, so this decides.
    AttributeType {
        TransactionId = "transaction_id",
        ReferenceIdList = "reference_id_list",
        CorrelationId = "correlation_id",
        SubscriptionCodeList = "subscription_code_list",
    }
}

/// `message` of a txn-status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TxnStatusRequest {
    /// The caller's name for this conversation, not for the one asked after.
    pub transaction_id: TransactionId,
    /// What is asked after.
    pub txnstatus_request: TxnStatusQuery,
}

/// What is asked after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TxnStatusQuery {
    /// The caller's name for the question. Required; empty where an old client leaves it out.
    #[serde(default)]
    pub reference_id: String,
    /// Which kind of transaction. Required; empty where an old client leaves it out, and any kind is meant.
    #[serde(default)]
    pub txn_type: TxnType,
    /// By what it is named.
    pub attribute_type: AttributeType,
    /// Its name or names.
    pub attribute_value: Names,
    /// Language of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// One name or several; integers are names too, because some clients number their transactions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Names {
    /// One.
    One(TransactionId),
    /// Several.
    Many(Vec<TransactionId>),
}

impl Names {
    /// How many there are.
    pub fn count(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Many(names) => names.len(),
        }
    }

    /// All of them, as text.
    pub fn texts(&self) -> Vec<String> {
        match self {
            Self::One(name) => vec![name.to_string()],
            Self::Many(names) => names.iter().map(ToString::to_string).collect(),
        }
    }
}

/// `message` of a txn-on-status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TxnStatusResponse {
    /// As in the request.
    pub transaction_id: TransactionId,
    /// As in the Ack.
    pub correlation_id: String,
    /// The answer.
    pub txnstatus_response: TxnStatusAnswer,
}

/// The kind of transaction and the whole answer it has so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TxnStatusAnswer {
    /// Which kind of transaction: the request's word.
    pub txn_type: TxnType,
    /// Its answer so far, in full.
    pub txn_status: TxnState,
}

/// An answer so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum TxnState {
    /// Of a search.
    Search(SearchResponse),
    /// Of a subscribe.
    Subscribe(SubscribeResponse),
    /// Of a benefit receipt (social, IBR).
    Receipt(ReceiptRequest),
    /// Of an unsubscribe.
    Unsubscribe(UnsubscribeResponse),
    /// Of something else, kept as it came.
    Other(Value),
}

/// Who received what (social, IBR).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReceiptRequest {
    /// The caller's name for the conversation.
    pub transaction_id: TransactionId,
    /// The receipts.
    pub receipt_information: ReceiptInformation,
}

/// The receipts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReceiptInformation {
    /// Who received.
    #[serde(default)]
    pub beneficiaries: Vec<Value>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_misspelt_subscribe_is_read_rightly() {
        let body = json!({"transaction_id": 5, "txnstatus_request": {"reference_id": "R", "txn_type": "subscibe",
            "attribute_type": "reference_id_list", "attribute_value": ["R-1", 2]}});
        let request: TxnStatusRequest = serde_json::from_value(body).unwrap();
        assert_eq!(request.txnstatus_request.txn_type.as_str(), "subscribe");
        assert_eq!(request.txnstatus_request.attribute_value.texts(), ["R-1", "2"]);
        assert_eq!(serde_json::to_value(&request).unwrap()["transaction_id"], 5);
    }

    #[test]
    fn an_answer_so_far_is_told_apart_by_what_it_holds() {
        let state = |body| serde_json::from_value::<TxnState>(body).unwrap();
        let base = json!({"transaction_id": "T", "correlation_id": "C", "search_response": []});
        assert!(matches!(state(base), TxnState::Search(_)));
        let base = json!({"transaction_id": "T", "receipt_information": {"beneficiaries": []}});
        assert!(matches!(state(base), TxnState::Receipt(_)));
        assert!(matches!(state(json!({"anything": 1})), TxnState::Other(_)));
    }
}
