//! POST /mapper/link, update, unlink and resolve, their `on-` callbacks and sync forms (G2P Connect 1.0.0).
//!
//! `id` and `fa` stay text until they are looked at, so that one bad entry is refused with its own reason code and the rest of
//! the batch is done. [`FinancialAddress`](super::FinancialAddress) reads them.

mod link;
mod resolve;
mod unlink;
mod update;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use link::{LinkItem, LinkRequest, LinkResponse, LinkResult};
pub use resolve::{
    AccountProviderInfo, ResolveItem, ResolveRequest, ResolveResponse, ResolveResult, ResolveScope,
};
pub use unlink::{UnlinkItem, UnlinkRequest, UnlinkResponse, UnlinkResult};
pub use update::{UpdateItem, UpdateRequest, UpdateResponse, UpdateResult};

/// A name and a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AdditionalInfo {
    /// Its name.
    pub name: String,
    /// What it says.
    pub value: serde_json::Value,
}

#[cfg(test)]
mod tests;
