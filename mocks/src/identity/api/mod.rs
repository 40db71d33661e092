//! The counter of Arenoa ID: what is served where. eSignet's paths lead to the same places as the short ones.

mod answers;
mod authorize;
mod birth;
mod civil;
mod client_auth;
mod client_mgmt;
mod consent;
mod crvs;
mod deaths;
mod deciding;
mod desk;
mod discovery;
mod envelope;
mod esignet;
mod esignet_proof;
mod ida;
mod ida_otp;
mod ida_request;
mod issue;
mod locks;
mod login;
mod mock_identity;
mod mock_identity_kyc;
mod paper;
mod proving;
mod settings;
mod token;
mod userinfo;
mod vids;

use actix_web::web::{self, ServiceConfig};

pub(super) use answers::refusal;

/// Takes up what was under way when the program ended.
pub(super) fn take_up(office: &std::sync::Arc<crate::kit::room::Office>) {
    crvs::take_up(office);
    deaths::take_up(office);
}

/// Where tokens are issued; the second is what discovery names.
pub(super) const TOKEN: [&str; 4] =
    ["/oauth/v2/token", "/oauth/token", "/v1/esignet/oauth/v2/token", "/v1/esignet/oauth/token"];
const USERINFO: [&str; 2] = ["/oidc/userinfo", "/v1/esignet/oidc/userinfo"];
const CONFIGURATION: [&str; 5] = [
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "/v1/esignet/oidc/.well-known/openid-configuration",
    "/v1/esignet/oauth/.well-known/openid-configuration",
    "/v1/esignet/.well-known/oauth-authorization-server",
];
const REGISTRATION: [&str; 5] = [
    "/v1/esignet/client-mgmt/client",
    "/v1/esignet/client-mgmt/oidc-client",
    "/v1/esignet/client-mgmt/oauth-client",
    "/client-mgmt/client",
    "/client-mgmt/oidc-client",
];
const KEYS: [&str; 2] = ["/.well-known/jwks.json", "/v1/esignet/oauth/.well-known/jwks.json"];

pub(super) fn routes(config: &mut ServiceConfig) {
    let preflight = || web::method(actix_web::http::Method::OPTIONS).to(answers::preflight);
    for path in CONFIGURATION {
        let resource = web::resource(path).route(web::get().to(discovery::configuration));
        config.service(resource.route(preflight()));
    }
    for path in KEYS {
        let resource = web::resource(path).route(web::get().to(discovery::keys));
        config.service(resource.route(preflight()));
    }
    for path in TOKEN {
        let resource = web::resource(path).route(web::post().to(token::token));
        config.service(resource.route(preflight()));
    }
    for path in USERINFO {
        let resource = web::resource(path)
            .route(web::get().to(userinfo::userinfo))
            .route(web::post().to(userinfo::userinfo));
        config.service(resource.route(preflight()));
    }
    for path in REGISTRATION {
        config.service(web::resource(path).route(web::post().to(client_mgmt::register)));
        let one = web::resource(format!("{path}/{{id}}")).route(web::put().to(client_mgmt::change));
        config.service(one.route(web::patch().to(client_mgmt::change)));
    }
    config
        .configure(desk::routes)
        .configure(civil::routes)
        .configure(crvs::routes)
        .configure(deaths::routes)
        .configure(ida::routes)
        .configure(mock_identity::routes)
        .configure(esignet::routes)
        .configure(paper::routes)
        .configure(vids::routes)
        .configure(locks::routes)
        .service(
            web::resource("/authorize")
                .route(web::get().to(authorize::authorize))
                .route(web::post().to(authorize::authorize)),
        )
        .service(web::resource("/login/{ticket}/code").route(web::post().to(login::send_code)))
        .service(
            web::resource("/login/{ticket}")
                .route(web::get().to(login::show))
                .route(web::post().to(login::check)),
        )
        .service(
            web::resource("/consent/{ticket}")
                .route(web::get().to(consent::show))
                .route(web::post().to(consent::decide)),
        )
        .service(
            web::resource("/settings")
                .route(web::get().to(settings::show))
                .route(web::put().to(settings::change)),
        );
}
