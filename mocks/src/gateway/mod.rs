//! **Trust gateway**: issues the bearer tokens that the other systems check, and publishes its keys and the country's
//! places. Stands for a national API gateway or an authorization server such as Keycloak.
//!
//! Standard: OAuth 2.0 client credentials (RFC 6749 section 4.4) with JWT tokens, as DCI `authz_core` v1.0.0 wants it;
//! DCI `jwks_core` and `locations_core` v1.0.0; at the root of the port, RFC 8414's place for the metadata of Arenoa ID.
//! Left out: other grants, refresh and revocation of tokens, registration of clients.

mod api;
mod metadata;
mod model;
mod places;
mod seed;
mod store;
#[cfg(test)]
mod tests;

use crate::kit::store::Layout;
use crate::kit::system::System;

/// The row of this system.
pub(crate) const SYSTEM: System = System {
    name: "gateway",
    folder: "gateway",
    title: "Trust gateway",
    does: "issues the tokens that open doors",
    standard: "OAuth 2.0",
    schema: include_str!("schema.sql"),
    layout: Layout::Rows,
    seed: seed::seed,
    routes: api::routes,
    refusal: api::refusal,
    secrets: &["client_secret", "access_token"],
    at_root: &[("/oauth2", api::token_routes), ("/.well-known", api::well_known_routes)],
    wake: |_| {},
};
