//! What a civil registry reaches here, as `mosip-api` of OpenCRVS reaches MOSIP 1.2: authmanager, partner certificates,
//! packets and workflows, the `WebSub` hub; and the action
//! trigger of OpenCRVS 2.

mod births;
mod hub;
mod kernel;
mod packets;
mod trigger;

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web;
use serde_json::{Value, json};

use crate::identity::der;
use crate::kit::openapi::{Routes, says};
use crate::kit::room::Office;
use crate::kit::server::Call;

pub(super) fn routes(routes: &mut Routes) {
    let ours = |summary| {
        says(summary)
            .tag("MOSIP 1.2, for civil registries")
            .more("Refusals are answered with 200 too, and listed in `errors`.")
            .gives::<Value>(200, "In the kernel's envelope")
    };
    let authorized =
        |summary| ours(summary).header("cookie", "Authorization=...").after("a token was got");
    kernel::routes(routes, ours, authorized);
    packets::routes(routes, authorized);
    routes.get(
        "/.well-known/public-key.json",
        public_key,
        says("The key that proofs of credentials are checked with")
            .tag("MOSIP 1.2, for civil registries")
            .gives::<Value>(200, "In PEM"),
    );
    trigger::routes(routes);
    hub::routes(routes);
}

/// Takes up what was under way when the program ended.
pub(in crate::identity) fn take_up(office: &Arc<Office>) {
    packets::take_up(office);
    hub::take_up(office);
}

/// The key that proofs of credentials are checked with.
async fn public_key(call: Call) -> HttpResponse {
    let keys = Arc::clone(&call.errand.office.keys);
    let pem = web::block(move || der::public_pem(&keys)).await.ok().flatten();
    let base = call.errand.own_base();
    HttpResponse::Ok().json(json!({
        "@context": "https://w3id.org/security/v2",
        "type": "RsaVerificationKey2018",
        "id": format!("{base}/.well-known/public-key.json"),
        "controller": format!("{base}/.well-known/controller.json"),
        "publicKeyPem": pem,
    }))
}
