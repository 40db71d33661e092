//! **Account mapper**: who is paid where. Stands for OpenG2P SPAR and for the identity account mapper of Payment Hub.
//!
//! Standard: G2P Connect 1.0.0 mapper (`link`, `update`, `unlink`, `resolve`, `txn/status`; synchronous and with
//! callbacks); SPAR 1.x (`/sync/...`) and its successor (`request_header`, fa objects); `GovStack` Payments, first shape
//! (`register-beneficiary`, `update-beneficiary-details`) and second (`identityAccountMapper/beneficiary`); the identity
//! account mapper of Payment Hub EE.
//! One store (`holder`, `account`) and one law (`model.rs`, `beneficiary.rs`, `address.rs`) stand behind it; every face
//! is a file (`g2p.rs`, `spar.rs`, `govstack.rs`, `hub.rs`, `lookup.rs`) that reads its own messages into the same
//! [`model::Entry`].
//! Left out: multipart files, encrypted messages, `Signature` headers of SPAR, several accounts of one
//! person.

mod address;
mod api;
mod beneficiary;
mod deliver;
mod g2p;
mod govstack;
mod hub;
mod lookup;
mod model;
mod operations;
mod outbox;
mod seed;
mod settings;
mod spar;
mod store;
mod strategy;
#[cfg(test)]
mod tests;

use crate::kit::store::Layout;
use crate::kit::system::System;

/// The row of this system.
pub(crate) const SYSTEM: System = System {
    name: "account_mapper",
    folder: "account_mapper",
    title: "Account mapper",
    does: "knows who is paid where",
    standard: "G2P Connect",
    schema: include_str!("schema.sql"),
    layout: Layout::Rows,
    seed: seed::seed,
    routes: api::routes,
    refusal: api::refusal,
    secrets: &[],
    at_root: &[],
    wake: deliver::wake,
};
