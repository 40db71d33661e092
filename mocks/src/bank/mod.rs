//! **Banks**: Pinkbank (accounts), Greenbank (wallets) and the government's own bank. Stand for the core systems of banks
//! with their scheme adapters.
//!
//! Standard: FSPIOP API 1.1 on the payee's side, one by one and in bulk, below `/fspiop`; the example bank of OpenG2P for the government's funds
//! (`/check_funds`, `/block_funds`, and our own `/settle_block` and `/release_block`); our own `/accounts`.
//! Left out: payments that a bank's customer starts, statements as MT940, fees.

mod api;
mod bulks;
mod model;
mod promises;
mod scheme;
mod seed;
mod store;
#[cfg(test)]
mod tests;

use rusqlite::Transaction;

use crate::kit::fspiop;
use crate::kit::seed::{Bank, People};
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
        seed,
        routes: api::routes,
        refusal: fspiop::refusal,
        secrets: &[],
        at_root: &[],
        wake: scheme::wake,
    }
}
