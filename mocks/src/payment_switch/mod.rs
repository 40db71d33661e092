//! **Payment switch**: passes lookups, quotes and transfers between banks, and keeps the books of who owes whom. Stands
//! for a Mojaloop hub.
//!
//! Standard: FSPIOP API 1.1 (with the looser identifiers of 2.0); administration as in Mojaloop's central-ledger, below
//! `/admin`.
//! Left out: transaction requests and authorizations (refused with 2002), settlement models other than deferred net,
//! several oracles, currency conversion.

mod api;
mod bulks;
mod directory;
mod model;
mod relay;
mod seed;
mod store;
#[cfg(test)]
mod tests;
mod transfers;

use crate::kit::fspiop;
use crate::kit::store::Layout;
use crate::kit::system::System;

/// The row of this system.
pub(crate) const SYSTEM: System = System {
    name: "payment_switch",
    folder: "payment_switch",
    title: "Payment switch",
    does: "passes payments between banks",
    standard: "FSPIOP 1.1",
    schema: concat!(include_str!("../kit/ledger/schema.sql"), include_str!("schema.sql")),
    layout: Layout::Rows,
    seed: seed::seed,
    routes: api::routes,
    refusal: fspiop::refusal,
    secrets: &[],
    at_root: &[],
    wake: transfers::wake,
};
