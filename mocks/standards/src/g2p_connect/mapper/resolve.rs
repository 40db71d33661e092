//! POST /mapper/resolve, /mapper/on-resolve and /mapper/sync/resolve (G2P Connect 1.0.0): who is paid where.

use super::{AdditionalInfo, ItemResult};
use crate::code::open_code;
use crate::dci::{DateTime, TransactionId};
use crate::dci::{null, object};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

open_code! {
    /// What a resolve wants to know.
    ResolveScope { YesNo = "yes_no", Details = "details" }
}

/// `message` of a resolve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResolveRequest {
    /// The caller's name for the batch.
    pub transaction_id: TransactionId,
    /// One entry each.
    #[serde(deserialize_with = "object::each")]
    pub resolve_request: Vec<ResolveItem>,
}

/// One question who is paid where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResolveItem {
    /// The caller's name for the entry.
    #[serde(default, deserialize_with = "object::text")]
    #[schemars(required)]
    pub reference_id: String,
    /// When.
    #[serde(default = "object::no_moment", deserialize_with = "object::text")]
    #[schemars(required)]
    pub timestamp: DateTime,
    /// Which account; this or `id`.
    #[serde(
        default,
        deserialize_with = "object::perhaps_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub fa: Option<String>,
    /// Whose; this or `fa`.
    #[serde(
        default,
        deserialize_with = "object::perhaps_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub id: Option<String>,
    /// Name of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What is wanted; yes or no where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<ResolveScope>,
    /// More.
    #[serde(default, deserialize_with = "null::or_default", skip_serializing_if = "Vec::is_empty")]
    pub additional_info: Vec<AdditionalInfo>,
    /// Language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

impl ResolveItem {
    /// Whether details are wanted, not only yes or no.
    pub fn wants_details(&self) -> bool {
        self.scope == Some(ResolveScope::Details)
    }
}

/// `message` of an on-resolve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResolveResponse {
    /// As in the request.
    pub transaction_id: TransactionId,
    /// As in the Ack; the mapper may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
    /// One entry each.
    pub resolve_response: Vec<ItemResult>,
}
