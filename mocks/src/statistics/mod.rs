//! **Statistics**: what the programmes reach, in numbers and without names. Stands for the analytics of a social
//! protection system, whose API no standard fixes.
//!
//! Standard: none; three routes of our own (`POST /events`, `GET /indicators`, `GET /indicators/{id}`).
//! Left out: maps, overlaps between programmes, simulations, rates that need a denominator.

mod answers;
mod api;
mod model;
mod seed;
mod store;
#[cfg(test)]
mod tests;

use crate::kit::store::Layout;
use crate::kit::system::System;

/// The row of this system.
pub(crate) const SYSTEM: System = System {
    name: "statistics",
    folder: "statistics",
    title: "Statistics",
    does: "counts what programmes reach",
    standard: "REST",
    schema: include_str!("schema.sql"),
    layout: Layout::Rows,
    seed: seed::seed,
    routes: api::routes,
    refusal: api::refusal,
    secrets: &[],
    at_root: &[],
    wake: |_| {},
};
