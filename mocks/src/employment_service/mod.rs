//! **Employment service**: who looks for work, what they did before, and why it ended. Stands for a public employment
//! service's information system with a DCI interface.
//!
//! Standard: DCI Employment Support Services, of which no text is published: the routes and answers are those of its official
//! mock, the records those of 2026 (`Member` with `employment_info`, `beneficiary`); the counter where people register and
//! their standing changes (`POST /jobseekers`, `PUT /jobseekers/{uin}/status`) is our own.
//! Left out: files in place of messages, `graphql`, vacancies and placements, logs of applications for
//! jobs, the service provider's side of the official mock (`/sp/*`).

mod api;
mod describe;
mod enrolled;
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
    name: "employment_service",
    folder: "employment_service",
    title: "Employment Service",
    does: "helps people find work",
    standard: "DCI ESS",
    schema: concat!(include_str!("../kit/registry/schema.sql"), include_str!("schema.sql")),
    layout: Layout::Records { bytes: 100 },
    seed: seed::seed,
    routes: api::routes,
    refusal: registry::refusal,
    secrets: registry::SECRETS,
    at_root: &[("/ess", api::official_routes)],
    wake: |office| registry::take_up(office, &describe::REGISTRY),
};
