//! `GET /.well-known/openid-configuration` (`OpenID Connect` Discovery 1.0, 4; RFC 8414) and `/.well-known/jwks.json`.

use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use serde_json::{Value, json};

use super::TOKEN;
use super::answers::{Failure, open_to_all, refuse_client};
use super::dynamic_registration::REGISTER;
use super::provider::USERINFO;
use crate::identity::model::client::{AUTH_METHODS, GRANT_TYPES, SigningAlg};
use crate::identity::model::{claims, factor};
use crate::identity::signer;
use crate::kit::server::Call;

pub(super) async fn configuration(call: Call) -> HttpResponse {
    open_to_all(HttpResponse::Ok())
        .insert_header((CACHE_CONTROL, "max-age=60"))
        // GovStack's tests want it with the charset.
        .content_type("application/json; charset=utf-8")
        .json(document(&call.errand.own_base()))
}

pub(super) async fn keys(call: Call) -> HttpResponse {
    match signer::jwks(&call.errand.office).await {
        Ok(set) => {
            open_to_all(HttpResponse::Ok()).insert_header((CACHE_CONTROL, "max-age=60")).json(set)
        }
        Err(error) => refuse_client(&call, Failure::Sign(error)),
    }
}

fn document(issuer: &str) -> Value {
    let algorithms = SigningAlg::ALL.map(|(name, _)| name);
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}{}", TOKEN[0]),
        "userinfo_endpoint": format!("{issuer}{}", USERINFO[0]),
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": GRANT_TYPES,
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": algorithms,
        "userinfo_signing_alg_values_supported": algorithms,
        "registration_endpoint": format!("{issuer}{REGISTER}"),
        "scopes_supported": ["openid", "profile", "email", "phone", "address", "dci_person"],
        "claims_supported": claims::announced(),
        "claim_types_supported": ["normal"],
        "claims_parameter_supported": true,
        "claims_locales_supported": ["eng", "fra", "spa", "ara", "por"],
        "display_values_supported": ["page", "popup", "touch", "wap"],
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": AUTH_METHODS,
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "PS256", "ES256", "EdDSA"],
        "acr_values_supported": factor::classes(),
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "ui_locales_supported": ["en", "fr", "es", "ar", "pt"],
    })
}
