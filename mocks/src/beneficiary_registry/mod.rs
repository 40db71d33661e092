//! **Beneficiary registry**: who gets what from which programme, across all programmes. Stands for an integrated
//! beneficiary registry.
//!
//! Standard: DCI IBR interoperability API v1.0.0, records in the JSON-LD shape of 2026 (`Beneficiary`).
//! Left out: files in place of messages, `graphql`, receipts in transaction status, asking by a programme's
//! name or type, `status_change_date` and `benefits`.

mod api;
mod describe;
mod model;
mod programmes;
pub(crate) mod roll;
mod seed;
mod store;
#[cfg(test)]
mod tests;

use crate::kit::registry;
use crate::kit::store::Layout;
use crate::kit::system::System;

/// The row of this system.
pub(crate) const SYSTEM: System = System {
    name: "beneficiary_registry",
    folder: "beneficiary_registry",
    title: "Beneficiary Registry",
    does: "knows who is in which programme",
    standard: "DCI IBR",
    schema: concat!(include_str!("../kit/registry/schema.sql"), include_str!("schema.sql")),
    layout: Layout::Records { bytes: 150 },
    seed: seed::seed,
    routes: api::routes,
    refusal: registry::refusal,
    secrets: registry::SECRETS,
    at_root: &[("/ibr", api::official_routes)],
    wake: |office| registry::take_up(office, &describe::REGISTRY),
};
