//! **Payment hub**: takes payment lists from programmes and sees every payment through, at the treasury and at the switch.
//! Stands for a G2P payment hub with the scheme adapter of the government's bank (participant `treasury`).
//!
//! Standard: G2P Connect 1.0.0 (`/disburse`, `/disburse/search`, `/disburse/txn/status`, their callbacks and sync
//! forms); the Payments Interoperability Layer of DCI; `GovStack` Payments, first shape (bulk payments) and second, which
//! is Payment Hub EE's `batchtransactions`, with its operations app; the bridge of OpenG2P, 1.x and today's. FSPIOP 1.1 on
//! the payer's side, single and in bulk, whose callbacks arrive below `/fspiop`. Our own `/lists` and `/payees` tell how
//! far each payment has come, whatever counter it came in at.
//! Left out: payments on files of G2P Connect, encrypted messages, vouchers, authorisation of lists by callback, programmes'
//! own accounts at the bridge, its batch control and signatures, callbacks of `GovStack`'s first shape.

mod api;
mod model;
mod pipeline;
mod seed;
mod store;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::kit::room::Office;
use crate::kit::store::Layout;
use crate::kit::system::System;

/// The row of this system.
pub(crate) const SYSTEM: System = System {
    name: "payment_hub",
    folder: "payment_hub",
    title: "Payment hub",
    does: "sees payments through",
    standard: "G2P Connect",
    schema: include_str!("schema.sql"),
    layout: Layout::Rows,
    seed: seed::seed,
    routes: api::routes,
    refusal: api::refusal,
    secrets: &[],
    at_root: &[],
    wake,
};

fn wake(office: &Arc<Office>) {
    pipeline::wake(office);
    api::wake(office);
}
