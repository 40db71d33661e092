//! Somebody who is to get an identity.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who gets an identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::identity) struct Newcomer {
    pub(in crate::identity) given_name: String,
    pub(in crate::identity) family_name: String,
    #[schemars(with = "String")]
    pub(in crate::identity) birth_date: Date,
    /// `female`, `male` or `others`.
    pub(in crate::identity) sex: String,
    #[serde(default)]
    pub(in crate::identity) phone: Option<String>,
    /// The number of the civil registry's entry, where a birth led here.
    #[serde(default)]
    pub(in crate::identity) birth_registration: Option<String>,
}
