//! **Account mapper**: who is paid where. Stands for OpenG2P SPAR and for the identity account mapper of Payment Hub.
//!
//! Standard: G2P Connect 1.0.0 mapper (`link`, `update`, `unlink`, `resolve`, `txn/status`; synchronous and with callbacks).
//! One store (`holder`, `account`) and one law (`model.rs`) stand behind it; every other face (SPAR, `GovStack`, Payment
//! Hub) is a file beside `g2p.rs` that reads its own messages into the same [`model::Entry`].
//! Left out: those other faces, multipart files, encrypted messages, refusal of repeated message ids.

mod api;
mod deliver;
mod g2p;
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
