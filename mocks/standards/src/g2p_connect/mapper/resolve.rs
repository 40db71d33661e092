//! POST /mapper/resolve, /mapper/on-resolve and /mapper/sync/resolve (G2P Connect 1.0.0): who is paid where.

use super::AdditionalInfo;
use crate::code::open_code;
use crate::dci::object;
use crate::dci::{DateTime, ReasonCode, Status, TransactionId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

open_code! {
    /// What a resolve wants to know.
    ResolveScope { YesNo = "yes_no", Details = "details" }
}

/// Where an account is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccountProviderInfo {
    /// Name of the provider.
    pub name: String,
    /// Its code.
    pub code: String,
    /// A part of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subcode: Option<String>,
    /// More.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additional_info: Vec<AdditionalInfo>,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fa: Option<String>,
    /// Whose; this or `fa`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Name of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What is wanted; yes or no where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<ResolveScope>,
    /// More.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
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
    pub resolve_response: Vec<ResolveResult>,
}

/// How one entry went. What was not found is `succ` with a `succ.*.not_found` code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResolveResult {
    /// As in the request.
    pub reference_id: String,
    /// When.
    pub timestamp: DateTime,
    /// Which account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fa: Option<String>,
    /// Whose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Where the account is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_provider_info: Option<AccountProviderInfo>,
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

impl ResolveResult {
    /// An entry's result: how it went, and what was asked after; the other half of the answer is for the caller to add.
    pub fn of(item: &ResolveItem, status: Status, timestamp: impl Into<DateTime>) -> Self {
        Self {
            reference_id: item.reference_id.clone(),
            timestamp: timestamp.into(),
            fa: item.fa.clone(),
            id: item.id.clone(),
            account_provider_info: None,
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
