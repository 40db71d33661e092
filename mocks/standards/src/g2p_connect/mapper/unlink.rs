//! POST /mapper/unlink, /mapper/on-unlink and /mapper/sync/unlink (G2P Connect 1.0.0): no account any more.

use super::{AdditionalInfo, ItemResult};
use crate::dci::{DateTime, TransactionId};
use crate::dci::{null, object};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `message` of an unlink.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnlinkRequest {
    /// The caller's name for the batch.
    pub transaction_id: TransactionId,
    /// One entry each.
    #[serde(deserialize_with = "object::each")]
    pub unlink_request: Vec<UnlinkItem>,
}

/// One account to unlink from a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnlinkItem {
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
    /// Which account; absent means the one that is linked.
    #[serde(
        default,
        deserialize_with = "object::perhaps_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub fa: Option<String>,
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

/// `message` of an on-unlink.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnlinkResponse {
    /// As in the request.
    pub transaction_id: TransactionId,
    /// As in the Ack; the mapper may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
    /// One entry each.
    pub unlink_response: Vec<ItemResult>,
}
