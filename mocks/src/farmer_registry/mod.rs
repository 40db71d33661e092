//! **Farmer registry**: who farms which land, how large it is and what grows there. Stands for an `OpenG2P` or `OpenSPP` farmer
//! registry with its DCI interface.
//!
//! Standard: DCI Farmer Registry interoperability API v1.0.0, records in the JSON-LD shape of 2026 (`Farmer_Person`); the
//! counter where land is registered and measured anew (`POST /plots`, `PUT /plots/{plot}`) is our own.
//! Left out: files in place of messages, `graphql`, asking by `marital_status`, `group_size` and `measurment`, animals, fish
//! and machines, outlines of plots on a map, sale and inheritance of land.

mod api;
mod describe;
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
    name: "farmer_registry",
    folder: "farmer_registry",
    title: "Farmer Registry",
    does: "knows who farms which land",
    standard: "DCI FR",
    schema: concat!(include_str!("../kit/registry/schema.sql"), include_str!("schema.sql")),
    layout: Layout::Records { bytes: 500 },
    seed: seed::seed,
    routes: api::routes,
    refusal: registry::refusal,
    secrets: registry::SECRETS,
    at_root: &[("/fr", api::official_routes)],
    wake: |office| registry::take_up(office, &describe::REGISTRY),
};
