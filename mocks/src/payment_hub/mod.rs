//! **Payment hub**: takes payment lists from programmes and sees every payment through, at the treasury and at the switch.
//! Stands for a G2P payment hub with the scheme adapter of the government's bank (participant `treasury`).
//!
//! Standard: G2P Connect 1.0.0 (`/disburse`, callback `/on-disburse`, `/disburse/txn/status`, and the sync forms); FSPIOP
//! 1.1 on the payer's side, single and in bulk, whose callbacks arrive below `/fspiop`. Our own `/lists` tells how far each
//! payment list has come.
//! Left out: disburse search, payments on files, encrypted messages.

mod api;
mod model;
mod pipeline;
mod seed;
mod store;
#[cfg(test)]
mod tests;

use crate::kit::system::System;

/// The row of this system.
pub(crate) const SYSTEM: System = System {
    name: "payment_hub",
    folder: "payment_hub",
    title: "Payment hub",
    does: "sees payments through",
    standard: "G2P Connect",
    schema: include_str!("schema.sql"),
    seed: seed::seed,
    routes: api::routes,
    refusal: api::refusal,
    secrets: &[],
    at_root: &[],
    wake: pipeline::wake,
};
