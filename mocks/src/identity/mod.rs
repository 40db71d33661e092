//! **Arenoa ID**: proves to other systems who somebody is. Stands for MOSIP's eSignet, IDA and mock-identity-system,
//! and for any `OpenID` Provider of a government.
//!
//! Standards: `OpenID Connect` Core 1.0 and Discovery 1.0, RFC 6749, RFC 7636 (PKCE), RFC 7523 (client assertions),
//! RFC 8252 (loopback redirects), RFC 9207 (`iss` in answers), RFC 8414 (metadata), RFC 7591 (registration of clients);
//! DCI "ID Systems v1.0.0" adopts `OpenID Connect` as it is.
//! MOSIP IDA 1.2 (`api/ida.rs`), mock-identity-system (`api/mock_identity.rs`), the JSON calls of eSignet's own pages
//! (`api/esignet.rs`), MOSIP VIDs (`api/vids.rs`) and paper credentials (`api/paper.rs`) on the same archive.
//! Left out: implicit and hybrid flows, refresh tokens, single sign-on and logout (as in eSignet, which serves
//! assisted counters), pushed requests, `DPoP`, encrypted userinfo, verified claims, wallet linking, and the matching
//! of biometrics. Births and deaths reach it at the desk and from the civil registry: as packets over the
//! routes of MOSIP 1.2 and its `WebSub` hub, or over the action trigger of `OpenCRVS` 2 (`api/crvs`); deaths also as
//! notices of DCI (`api/civil.rs`).

mod api;
mod chance;
mod credential;
mod model;
mod pages;
pub(crate) mod roll;
mod sealed;
mod seed;
mod signer;
mod store;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use crate::kit::clock::rest;
use crate::kit::room::Office;
use crate::kit::store::Layout;
use crate::kit::system::System;
use crate::kit::trust::x509 as der;

/// The row of this system.
pub(super) const SYSTEM: System = System {
    name: "identity",
    folder: "identity",
    title: "Arenoa ID",
    does: "proves who somebody is",
    standard: "OpenID Connect",
    schema: include_str!("schema.sql"),
    layout: Layout::Records { bytes: 200 },
    seed: seed::seed,
    routes: api::routes,
    refusal: api::refusal,
    secrets: &[
        "/login/",
        "/consent/",
        "code",
        "access_token",
        "id_token",
        "id_token_hint",
        "idTokenHint",
        "client_secret",
        "client_assertion",
        "code_verifier",
        "otp",
        "pin",
        "password",
        "kycToken",
        "secret",
        "secretKey",
        "hub.secret",
        "subject_token",
        "challenge",
        "transactionId",
    ],
    at_root: &[],
    wake,
};

/// The country starts first.
const BEFORE_THE_KEYS: Duration = Duration::from_secs(1);

/// Takes up what was under way; then makes the RSA keys, which takes a while, before the first login needs them.
fn wake(office: &Arc<Office>) {
    api::take_up(office);
    let keys = Arc::clone(&office.keys);
    // The thread ends by itself; nothing waits for it.
    drop(std::thread::spawn(move || {
        rest(BEFORE_THE_KEYS);
        keys.rsa_jwk();
        keys.encryption_jwk();
    }));
}
