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
use actix_web::web::{self, ServiceConfig};
use serde_json::json;

use crate::identity::der;
use crate::kit::room::Office;
use crate::kit::server::Call;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/v1/authmanager/authenticate/clientidsecretkey")
                .route(web::post().to(kernel::authenticate)),
        )
        .service(
            web::resource("/v1/partnermanager/partners/certificate/upload")
                .route(web::post().to(kernel::upload_certificate)),
        )
        .service(
            web::resource("/commons/v1/packetmanager/createPacket")
                .route(web::put().to(packets::create)),
        )
        .service(
            web::resource("/registrationprocessor/v1/workflowmanager/workflowinstance")
                .route(web::post().to(packets::start)),
        )
        .service(web::resource("/.well-known/public-key.json").route(web::get().to(public_key)))
        .service(
            web::resource("/trigger/events/{type}/actions/{action}")
                .route(web::post().to(trigger::trigger)),
        )
        .service(web::resource("/hub").route(web::post().to(hub::subscribe)))
        .service(web::resource("/hub/").route(web::post().to(hub::subscribe)));
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
