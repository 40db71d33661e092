//! The counter of the gateway: `POST /oauth2/client/token` (RFC 6749, DCI `authz_core` v1.0.0) and
//! `GET /.well-known/locations.json` (DCI `locations_core` v1.0.0).

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Query;
use serde_json::{Value, json};

use super::model::{Application, Location, Refusal, grant};
use super::{metadata, store};
use crate::kit::clock::D0;
use crate::kit::journal::stamp;
use crate::kit::openapi::{Operation, Routes, says};
use crate::kit::server::Call;
use crate::kit::trust::{published, tokens};

pub(super) fn routes(routes: &mut Routes) {
    routes.post("/oauth2/client/token", token, says_token());
    routes.get("/.well-known/locations.json", locations, says_locations());
}

/// The same token route at the root of the port.
pub(super) fn token_routes(routes: &mut Routes) {
    routes.post("/client/token", token, says_token());
}

/// The gateway's keys and the country's places at the root of the port.
pub(super) fn well_known_routes(routes: &mut Routes) {
    routes.get(
        "/jwks.json",
        jwks,
        says("The public keys of the gateway").gives::<Value>(200, "A key set"),
    );
    routes.get("/locations.json", locations, says_locations());
    metadata::routes(routes);
}

fn says_token() -> Operation {
    let wish = json!({
        "grant_type": "client_credentials", "client_id": "demo", "client_secret": "demo", "scope": "registry.search",
    });
    says("A bearer token for a client")
        .more("RFC 6749, section 4.4; DCI authz core API 1.0.0. The client may also show itself by Basic authentication.")
        .takes_as::<BTreeMap<String, String>>("application/x-www-form-urlencoded", wish)
        .gives::<Value>(200, "The token")
        .gives::<Value>(401, "No client by this name and secret")
}

fn says_locations() -> Operation {
    says("Provinces, districts and communities")
        .more("DCI locations core API 1.0.0.")
        .gives::<Value>(200, "Each within another")
}

/// The body of an error (RFC 6749 section 5.2).
pub(super) fn refusal(status: u16, sentence: &str) -> Value {
    let code = if status >= 500 { "server_error" } else { "invalid_request" };
    json!({"error": code, "error_description": sentence})
}

async fn token(call: Call) -> HttpResponse {
    match issue(&call) {
        Ok(answer) => HttpResponse::Ok()
            .insert_header(("cache-control", "no-store"))
            .insert_header(("pragma", "no-cache"))
            .json(answer),
        Err(Failure::Refused(refused)) => refuse(&call, &refused),
        Err(Failure::Broken(error)) => failed(&call, &error),
    }
}

/// Why there is no token: the client is at fault, or we are.
enum Failure {
    Refused(Refusal),
    Broken(String),
}

impl From<Refusal> for Failure {
    fn from(refused: Refusal) -> Self {
        Self::Refused(refused)
    }
}

fn issue(call: &Call) -> Result<Value, Failure> {
    let application = read(call)?;
    let client = store::client(call.store(), &application.client_id)
        .map_err(|error| Failure::Broken(error.to_string()))?;
    let scope = grant(&application, client.as_ref())?;
    let token = tokens::issue(&call.errand, &application.client_id, &scope)
        .ok_or_else(|| Failure::Broken("the gateway's key cannot sign".into()))?;
    call.correlation(&application.client_id);
    Ok(json!({
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": tokens::GOOD_FOR_SECONDS,
        "scope": scope,
    }))
}

fn read(call: &Call) -> Result<Application, Refusal> {
    let wrong = |why: &str| Refusal::InvalidRequest(format!("this is no form: {why}"));
    let text = std::str::from_utf8(&call.body).map_err(|_| wrong("it is not UTF-8"))?;
    let fields = Query::<Vec<(String, String)>>::from_query(text)
        .map_err(|e| wrong(&e.to_string()))?
        .into_inner();
    let authorization = call.authorization.as_ref().and_then(|a| a.to_str().ok());
    Application::read(fields, authorization)
}

async fn jwks(call: Call) -> HttpResponse {
    published(&call.errand.office).await
}

async fn locations(call: Call) -> HttpResponse {
    match store::locations(call.store()) {
        Ok(locations) => HttpResponse::Ok().json(json!({
            "@context": {
                "@context": "http://spdci.org/",
                "xsd": "http://www.w3.org/2001/XMLSchema#",
                "schema": "http://schema.org/",
            },
            "@type": "LocationHierarchy",
            "last_updated": stamp(D0),
            "locations": locations.iter().map(place).collect::<Vec<_>>(),
        })),
        Err(error) => failed(&call, &error.to_string()),
    }
}

/// A place with its names in both spellings: the published properties and the published list of required ones differ.
fn place(location: &Location) -> Value {
    let Location { code, name, kind, within } = location;
    json!({
        "@type": "Place",
        "id": code,
        "identifier": [{"@type": "PropertyValue", "name": "p-code", "identifier": code, "value": code}],
        "name": name,
        "additional_type": format!("arenoa:{kind}"),
        "contained_in_place": within,
        "containedInPlace": within,
    })
}

fn refuse(call: &Call, refused: &Refusal) -> HttpResponse {
    let sentence = refused.to_string();
    call.remark(&sentence);
    let status = StatusCode::from_u16(refused.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = HttpResponse::build(status);
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header(("www-authenticate", "Basic realm=\"arenoa\""));
    }
    response.json(json!({"error": refused.code(), "error_description": sentence}))
}

fn failed(call: &Call, error: &str) -> HttpResponse {
    tracing::error!(error, "the gateway failed");
    call.remark("the gateway failed");
    HttpResponse::InternalServerError().json(refusal(500, "the archive failed; try again"))
}
