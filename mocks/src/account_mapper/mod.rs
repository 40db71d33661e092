//! **Account mapper**: who is paid where. Stands for OpenG2P SPAR and for the identity account mapper of Payment Hub.
//!
//! Standard: G2P Connect 1.0.0 mapper (`link`, `update`, `unlink`, `resolve`, `txn/status`; synchronous and with callbacks);
//! `GovStack` Payments, first shape (`register-beneficiary`, `update-beneficiary-details`).
//! One store (`holder`, `account`) and one law (`model.rs`) stand behind it; every face is a file (`g2p.rs`,
//! `govstack.rs`) that reads its own messages into the same [`model::Entry`].
//! Left out: the faces of SPAR 2, of `GovStack`'s second shape and of Payment Hub; multipart files, encrypted messages,
//! refusal of repeated message ids.

mod api;
mod deliver;
mod g2p;
mod govstack;
mod model;
mod seed;
mod store;
#[cfg(test)]
mod tests;

use crate::kit::system::System;

/// The row of this system.
pub(crate) const SYSTEM: System = System {
    name: "account_mapper",
    folder: "account_mapper",
    title: "Account mapper",
    does: "knows who is paid where",
    standard: "G2P Connect",
    schema: include_str!("schema.sql"),
    seed: seed::seed,
    routes: api::routes,
    refusal: api::refusal,
    secrets: &[],
    at_root: &[],
    wake: deliver::wake,
};
