//! **Banks**: Pinkbank (accounts), Greenbank (wallets) and the government's own bank. Stand for the core systems of banks
//! with their scheme adapters.
//!
//! Standard: FSPIOP API 1.1 below `/fspiop`, on the payee's side one by one and in bulk, on the payer's one by one; the
//! example bank of OpenG2P (`/check_funds`, `/block_funds`, `/initiate_payment`, `/generate_account_statement`, `/ussd`, and
//! our own `/settle_block` and `/release_block`); statements as MT940; our own `/accounts` and `/payments`.
//! Left out: fees, payments out of the treasury one by one (the payment hub makes them).

mod api;
mod bulks;
mod model;
mod outgoing;
mod promises;
mod scheme;
mod seed;
mod statement;
mod store;
#[cfg(test)]
mod tests;

use crate::kit::fspiop;
use crate::kit::seed::{Bank, People};
use crate::kit::store::{Layout, Transaction};
use crate::kit::system::System;

/// The row of the bank of accounts.
pub(crate) const PINKBANK: System =
    row("pinkbank", "Pinkbank", |people, tx| seed::people(people, tx, Bank::Pinkbank));

/// The row of the bank of wallets.
pub(crate) const GREENBANK: System =
    row("greenbank", "Greenbank", |people, tx| seed::people(people, tx, Bank::Greenbank));

/// The row of the government's bank.
pub(crate) const TREASURY: System = row("treasury", "Treasury", |_, tx| seed::government(tx));

const fn row(
    name: &'static str,
    title: &'static str,
    seed: fn(&People, &Transaction<'_>) -> rusqlite::Result<()>,
) -> System {
    System {
        name,
        folder: "bank",
        title,
        does: "keeps accounts",
        standard: "FSPIOP 1.1",
        schema: concat!(include_str!("../kit/ledger/schema.sql"), include_str!("schema.sql")),
        layout: Layout::Rows,
        seed,
        routes: api::routes,
        refusal: fspiop::refusal,
        secrets: &[],
        at_root: &[],
        wake: scheme::wake,
    }
}
