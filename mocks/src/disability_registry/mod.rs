//! **Disability registry**: whose disability is certified, how severe it is, and which support is needed. Stands for
//! `OpenSPP`'s disability registry with its DCI interface.
//!
//! Standard: DCI Disability Registry interoperability API v1.0.0, records in the JSON-LD shape of 2026 (`PWD_Person`); the
//! counter where an assessment is decided (`POST /assessments`) is our own.
//! Left out: files in place of messages, `graphql`, asking by `marital_status`, appeals, `programs_enrolments` (the
//! beneficiary registry knows them), more than one impairment decided at once.

mod api;
mod describe;
mod extras;
mod model;
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
    name: "disability_registry",
    folder: "disability_registry",
    title: "Disability Registry",
    does: "certifies disabilities",
    standard: "DCI DR",
    schema: concat!(include_str!("../kit/registry/schema.sql"), include_str!("schema.sql")),
    layout: Layout::Records { bytes: 150 },
    seed: seed::seed,
    routes: api::routes,
    refusal: registry::refusal,
    secrets: registry::SECRETS,
    at_root: &[("/dr", api::official_routes)],
    wake: |office| registry::take_up(office, &describe::REGISTRY),
};
