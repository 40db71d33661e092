//! POST /mapper/link, update, unlink and resolve, their `on-` callbacks and sync forms (G2P Connect 1.0.0).
//!
//! `id` and `fa` stay text until they are looked at, so that one bad entry is refused with its own reason code and the rest of
//! the batch is done. [`FinancialAddress`](super::FinancialAddress) reads them.

mod link;
mod resolve;
mod result;
mod unlink;
mod update;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use link::{LinkItem, LinkRequest, LinkResponse};
pub use resolve::{ResolveItem, ResolveRequest, ResolveResponse, ResolveScope};
pub use result::{AccountProviderInfo, ItemResult};
pub use unlink::{UnlinkItem, UnlinkRequest, UnlinkResponse};
pub use update::{UpdateItem, UpdateRequest, UpdateResponse};

/// How an entry of a resolve went.
pub type ResolveResult = ItemResult;

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
