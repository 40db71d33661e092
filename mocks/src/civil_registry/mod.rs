//! **Civil registry**: births, deaths, marriages and divorces, and the people they made. Stands for OpenCRVS with its
//! DCI interface.
//!
//! Standard: DCI CRVS interoperability API v1.0.0, records in the JSON-LD shape of 2026 (`CRVS_Person`). The counter
//! where births, deaths, marriages and divorces are entered, annulled and corrected (`/events/...`) is our own; what it
//! keeps of each event is an event document with its log of actions, as OpenCRVS 2 has it.
//! Arenoa ID hears of births and deaths as `mosip-api` tells MOSIP (packets, credentials over `WebSub`), or is asked
//! first over the action trigger of OpenCRVS 2 (`link`); `/settings` says which. The event API beside DCI has the shape
//! of OpenCRVS 2 (`/api/events/...`), with plain routes for what is tRPC there.
//! Left out: FHIR and webhooks of older OpenCRVS versions, drafts, assignment of records, users; files in place of
//! messages, `graphql`; entries older than the country have an event
//! document only once somebody changes them.

mod api;
mod describe;
mod link;
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
    name: "civil_registry",
    folder: "civil_registry",
    title: "Civil Registry",
    does: "records births, deaths and marriages",
    standard: "DCI CRVS",
    schema: concat!(include_str!("../kit/registry/schema.sql"), include_str!("schema.sql")),
    layout: Layout::Records { bytes: 1500 },
    seed: seed::seed,
    routes: api::routes,
    refusal: registry::refusal,
    secrets: &["hub.challenge", "client_secret", "access_token", "subject_token"],
    at_root: &[("/crvs", api::official_routes)],
    wake: |office| {
        registry::take_up(office, &describe::REGISTRY);
        link::packets::take_up(office);
    },
};
