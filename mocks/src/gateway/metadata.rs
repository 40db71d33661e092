//! `GET /.well-known/oauth-authorization-server/{issuer's path}` (RFC 8414, 3.1): where an issuer has a path, its metadata is
//! looked for with the well-known part before that path, at the root of the port. What the issuer says of itself is
//! passed on, as long as it says so of itself.

use actix_web::HttpResponse;
use actix_web::http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use actix_web::web::Path;
use http::Method;
use schemars::JsonSchema;
use serde_json::Value;

use super::api::refusal;
use crate::kit::country::MAIN;
use crate::kit::courier::Letter;
use crate::kit::openapi::{Routes, says};
use crate::kit::server::Call;

const WELL_KNOWN: &str = "/.well-known/oauth-authorization-server";

/// What an issuer says of itself, and more (RFC 8414, section 2).
#[derive(JsonSchema)]
#[schemars(rename = "ProviderMetadata")]
#[expect(dead_code, reason = "only its schema is read: the issuer's own words are passed on")]
struct Metadata {
    issuer: String,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    jwks_uri: Option<String>,
    response_types_supported: Vec<String>,
    scopes_supported: Option<Vec<String>>,
    grant_types_supported: Option<Vec<String>>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    code_challenge_methods_supported: Option<Vec<String>>,
}

pub(super) fn routes(routes: &mut Routes) {
    let is = || {
        says("What the provider with this issuer can do")
            .more("RFC 8414, section 3.1, for issuers with a path.")
            .path("system", "identity")
            .gives::<Metadata>(200, "The configuration")
    };
    routes.get("/oauth-authorization-server/{system}", of_main, is());
    let in_room = is().path("room", "blue").after("the room was opened");
    routes.get("/oauth-authorization-server/r/{room}/{system}", of_room, in_room);
}

async fn of_main(call: Call, system: Path<String>) -> HttpResponse {
    pass_on(&call, MAIN, &system).await
}

async fn of_room(call: Call, of: Path<(String, String)>) -> HttpResponse {
    pass_on(&call, &of.0, &of.1).await
}

async fn pass_on(call: &Call, room: &str, system: &str) -> HttpResponse {
    let fabric = &call.room().fabric;
    let Some(issuer) = fabric.mount_of(room, &system.replace('-', "_")) else {
        return no_issuer(call, system);
    };
    let letter = Letter::to_address(Method::GET, &format!("{issuer}{WELL_KNOWN}"));
    let said = match call.errand.send(letter).await {
        Ok(reply) if reply.is_success() => reply.json::<Value>().unwrap_or_default(),
        _ => Value::Null,
    };
    if said["issuer"] != *issuer {
        return no_issuer(call, &issuer);
    }
    HttpResponse::Ok().insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, "*")).json(said)
}

fn no_issuer(call: &Call, named: &str) -> HttpResponse {
    let sentence = format!("{named} issues no tokens for people here; the issuer is `identity`");
    call.remark(&sentence);
    HttpResponse::NotFound().json(refusal(404, &sentence))
}
