//! POST /mapper/update, /mapper/on-update and /mapper/sync/update (G2P Connect 1.0.0): another account for the same person.

use super::AdditionalInfo;
use crate::dci::object;
use crate::dci::{DateTime, ReasonCode, Status, TransactionId};
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

/// One account to put in the place of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateItem {
    /// The caller's name for the entry.
    #[serde(default, deserialize_with = "object::text")]
    #[schemars(required)]
    pub reference_id: String,
    /// When.
    #[serde(default = "object::no_moment", deserialize_with = "object::text")]
    #[schemars(required)]
    pub timestamp: DateTime,
    /// Whose.
    #[serde(default, deserialize_with = "object::text")]
    #[schemars(required)]
    pub id: String,
    /// Which account.
    #[serde(default, deserialize_with = "object::text")]
    #[schemars(required)]
    pub fa: String,
    /// Name of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Telephone of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// More.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additional_info: Vec<AdditionalInfo>,
    /// Language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// `message` of an on-update.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateResponse {
    /// As in the request.
    pub transaction_id: TransactionId,
    /// As in the Ack; the mapper may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
    /// One entry each.
    pub update_response: Vec<UpdateResult>,
}

/// How one entry went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateResult {
    /// As in the request.
    pub reference_id: String,
    /// When.
    pub timestamp: DateTime,
    /// Whose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Which account. The published text has only `id` among its properties and only `fa` among its required names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fa: Option<String>,
    /// How it went.
    pub status: Status,
    /// Why so, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_code: Option<ReasonCode>,
    /// Why so, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_message: Option<String>,
    /// More.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additional_info: Vec<AdditionalInfo>,
    /// Language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

impl UpdateResult {
    /// An entry's result: how it went, for whom and which account.
    pub fn of(item: &UpdateItem, status: Status, timestamp: impl Into<DateTime>) -> Self {
        Self {
            reference_id: item.reference_id.clone(),
            timestamp: timestamp.into(),
            id: Some(item.id.clone()),
            fa: Some(item.fa.clone()),
            status,
            status_reason_code: None,
            status_reason_message: None,
            additional_info: Vec::new(),
            locale: Some("eng".to_owned()),
        }
    }

    /// The same with a reason.
    #[must_use]
    pub fn because(mut self, code: ReasonCode, message: impl Into<String>) -> Self {
        self.status_reason_code = Some(code);
        self.status_reason_message = Some(message.into());
        self
    }
}
