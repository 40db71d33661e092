//! **Civil registry**: births, deaths, marriages and divorces, and the people they made. Stands for OpenCRVS with its
//! DCI interface.
//!
//! Standard: DCI CRVS interoperability API v1.0.0, records in the JSON-LD shape of 2026 (`CRVS_Person`); the counter where
//! events are registered (`POST /events/deaths`) is our own.
//! Left out: files in place of messages, `graphql`, corrections and revocations of entries.

mod api;
mod describe;
mod model;
pub(crate) mod roll;
mod seed;
mod store;
#[cfg(test)]
mod tests;

use crate::kit::registry;
use crate::kit::system::System;

/// The row of this system.
pub(crate) const SYSTEM: System = System {
    name: "civil_registry",
    folder: "civil_registry",
    title: "Civil Registry",
    does: "records births, deaths and marriages",
    standard: "DCI CRVS",
    schema: concat!(include_str!("../kit/registry/schema.sql"), include_str!("schema.sql")),
    seed: seed::seed,
    routes: api::routes,
    refusal: registry::refusal,
    secrets: &[],
    at_root: &[("/crvs", api::official_routes)],
    wake: |office| registry::take_up(office, &describe::REGISTRY),
};
