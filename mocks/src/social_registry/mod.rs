//! **Social registry**: the households of the country, who lives in them and how well. Stands for OpenSPP or an OpenG2P
//! national social registry with their DCI interface.
//!
//! Standard: DCI Social Registry interoperability API v1.0.0, records in the JSON-LD shape of 2026 (`Group`, `Member`,
//! `SR_Person`).
//! Left out: files in place of messages, `graphql`, benefit receipts in transaction status, asking by
//! `income_level`, `language_code`, `related_person` and `poverty_score_type`, and a counter of its own where households are
//! visited again. So subscribers are told of households that come with a file, and a
//! subscription to anything else is refused.

mod api;
mod describe;
pub(crate) mod roll;
mod seed;
#[cfg(test)]
mod tests;

use crate::kit::registry;
use crate::kit::store::Layout;
use crate::kit::system::System;

/// The row of this system.
pub(crate) const SYSTEM: System = System {
    name: "social_registry",
    folder: "social_registry",
    title: "Social Registry",
    does: "knows households and how well they live",
    standard: "DCI Social",
    schema: concat!(include_str!("../kit/registry/schema.sql"), include_str!("schema.sql")),
    layout: Layout::Records { bytes: 1600 },
    seed: seed::seed,
    routes: api::routes,
    refusal: registry::refusal,
    secrets: registry::SECRETS,
    at_root: &[("/sr", api::official_routes)],
    wake: |office| registry::take_up(office, &describe::REGISTRY),
};
