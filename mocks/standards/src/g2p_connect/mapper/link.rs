//! POST /mapper/link, /mapper/on-link and /mapper/sync/link (G2P Connect 1.0.0): who is paid where, for the first time.

use super::{AdditionalInfo, ItemResult};
use crate::dci::{DateTime, TransactionId};
use crate::dci::{null, object};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `message` of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LinkRequest {
    /// The caller's name for the batch.
    pub transaction_id: TransactionId,
    /// One entry each.
    #[serde(deserialize_with = "object::each")]
    pub link_request: Vec<LinkItem>,
}

/// One account to link to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LinkItem {
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
    #[serde(default, deserialize_with = "null::or_default", skip_serializing_if = "Vec::is_empty")]
    pub additional_info: Vec<AdditionalInfo>,
    /// Language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// `message` of an on-link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LinkResponse {
    /// As in the request.
    pub transaction_id: TransactionId,
    /// As in the Ack; the mapper may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
    /// One entry each.
    pub link_response: Vec<ItemResult>,
}
