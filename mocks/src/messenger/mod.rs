//! **Messenger**: the text messages of the country. Stands for an SMS gateway, whose API no standard fixes.
//!
//! Standard: none; three routes of our own (`POST /sms`, `POST /sms/batch`, `GET /inbox/{phone}`).
//! Left out: delivery reports, incoming messages, long-message parts.

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
    name: "messenger",
    folder: "messenger",
    title: "Messenger",
    does: "delivers text messages",
    standard: "SMS",
    schema: include_str!("schema.sql"),
    layout: Layout::Rows,
    seed: seed::seed,
    routes: api::routes,
    refusal: api::refusal,
    secrets: &[],
    at_root: &[],
    wake: |_| {},
};
