//! How one entry of a list went: one type for the answers to all four verbs, whose published members differ only in which
//! of `id` and `fa` they have.

use super::AdditionalInfo;
use crate::dci::null;
use crate::dci::{DateTime, ReasonCode, Status};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where an account is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccountProviderInfo {
    /// Name of the provider.
    pub name: String,
    /// Its code.
    pub code: String,
    /// A part of it, such as a branch. Empty where none is known: the published client wants it always.
    #[serde(default, deserialize_with = "null::or_default")]
    pub subcode: String,
    /// More.
    #[serde(default, deserialize_with = "null::or_default", skip_serializing_if = "Vec::is_empty")]
    pub additional_info: Vec<AdditionalInfo>,
}

/// How one entry went. What a resolve did not find is `succ` with a `succ.*.not_found` code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemResult {
    /// As in the request.
    pub reference_id: String,
    /// When.
    pub timestamp: DateTime,
    /// Which account; not told of an unlink. Of an update, the published text has only `id` among the properties and only
    /// `fa` among the required names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fa: Option<String>,
    /// Whose; not told of a link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Where the account is; told to a resolve that asks for details.
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
    #[serde(default, deserialize_with = "null::or_default", skip_serializing_if = "Vec::is_empty")]
    pub additional_info: Vec<AdditionalInfo>,
    /// Language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

impl ItemResult {
    /// The result of the entry with this reference; whose and which account is for the caller to add.
    pub fn of(
        reference_id: impl Into<String>,
        status: Status,
        timestamp: impl Into<DateTime>,
    ) -> Self {
        Self {
            reference_id: reference_id.into(),
            timestamp: timestamp.into(),
            fa: None,
            id: None,
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
