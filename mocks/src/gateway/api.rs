//! The counter of the gateway: `POST /oauth2/client/token` (RFC 6749, DCI `authz_core` v1.0.0) and
//! the gateway's keys.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};

use super::model::{Application, Refusal, grant};
use super::{metadata, places, store};
use crate::kit::openapi::{Issued, KeySet, NoToken, Operation, Routes, says};
use crate::kit::room::Policy;
use crate::kit::server::Call;
use crate::kit::trust::{published, tokens};

pub(super) fn routes(routes: &mut Routes) {
    routes.post("/oauth2/client/token", token, says_token());
    places::routes(routes, "/.well-known/locations.json");
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
        says("The public keys of the gateway").gives::<KeySet>(200, "A key set"),
    );
    places::routes(routes, "/locations.json");
    metadata::routes(routes);
}

fn says_token() -> Operation {
    let wish = json!({
        "grant_type": "client_credentials", "client_id": "demo", "client_secret": "demo", "scope": "registry.search",
    });
    says("A bearer token for a client")
        .more("RFC 6749, section 4.4; DCI authz core API 1.0.0. The client may also show itself by Basic authentication.")
        .takes_as::<BTreeMap<String, String>>("application/x-www-form-urlencoded", wish)
        .gives::<Issued>(200, "The token")
        .gives::<NoToken<'_>>(401, "No client by this name and secret")
}

/// The body of an error (RFC 6749 section 5.2).
pub(super) fn refusal(status: u16, sentence: &str) -> Value {
    let code = if status >= 500 { "server_error" } else { "invalid_request" };
    json!({"error": code, "error_description": sentence})
}

async fn token(call: Call, http: HttpRequest) -> HttpResponse {
    match issue(&call, http.query_string()) {
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

fn issue(call: &Call, query: &str) -> Result<Issued, Failure> {
    let application = read(call, query)?;
    let client = store::client(call.store(), &application.client_id)
        .map_err(|error| Failure::Broken(error.to_string()))?;
    let scope = grant(&application, client.as_ref())?;
    let token = tokens::issue(&call.errand, &application.client_id, &scope)
        .ok_or_else(|| Failure::Broken("the gateway's key cannot sign".into()))?;
    call.correlation(&application.client_id);
    let expires_in = tokens::GOOD_FOR_SECONDS;
    Ok(Issued { access_token: token, token_type: "Bearer", expires_in, scope: Some(scope) })
}

/// The application, out of the form. An open room reads it also where clients write it that know no forms: as JSON, or in
/// the address.
fn read(call: &Call, query: &str) -> Result<Application, Refusal> {
    let wrong = |why: &str| Refusal::InvalidRequest(format!("this is no form: {why}"));
    let text = std::str::from_utf8(&call.body).map_err(|_| wrong("it is not UTF-8"))?;
    let open = call.room().policy() == Policy::Open;
    let fields = match Place::of(text, query).filter(|_| open) {
        Some(Place::Json(fields)) => {
            call.remark("the application came as JSON; RFC 6749 wants a form");
            fields
        }
        Some(Place::Address) => {
            call.remark(
                "the application came in the address, where RFC 6749 (2.3.1) forbids secrets",
            );
            pairs(query).map_err(|e| wrong(&e))?
        }
        None => pairs(text).map_err(|e| wrong(&e))?,
    };
    let authorization = call.authorization.as_ref().and_then(|a| a.to_str().ok());
    Application::read(fields, authorization)
}

fn pairs(text: &str) -> Result<Vec<(String, String)>, String> {
    let read = Query::<Vec<(String, String)>>::from_query(text);
    read.map(Query::into_inner).map_err(|e| e.to_string())
}

/// Where an application stands that is no form.
enum Place {
    Json(Vec<(String, String)>),
    Address,
}

impl Place {
    fn of(body: &str, query: &str) -> Option<Self> {
        let members = || serde_json::from_str::<Map<String, Value>>(body).ok();
        if body.trim_start().starts_with('{') {
            let written = |(name, value): (String, Value)| Some((name, value.as_str()?.to_owned()));
            return members().map(|all| Self::Json(all.into_iter().filter_map(written).collect()));
        }
        let is_there = query.split('&').any(|pair| pair.starts_with("grant_type="));
        (body.trim().is_empty() && is_there).then_some(Self::Address)
    }
}

async fn jwks(call: Call, req: HttpRequest) -> HttpResponse {
    published(&call.errand.office, req.query_string()).await
}

fn refuse(call: &Call, refused: &Refusal) -> HttpResponse {
    let sentence = refused.to_string();
    call.remark(&sentence);
    let status = StatusCode::from_u16(refused.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = HttpResponse::build(status);
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header(("www-authenticate", "Basic realm=\"arenoa\""));
    }
    response.json(NoToken { error: refused.code(), error_description: &sentence })
}

pub(super) fn failed(call: &Call, error: &str) -> HttpResponse {
    tracing::error!(error, "the gateway failed");
    call.remark("the gateway failed");
    HttpResponse::InternalServerError().json(refusal(500, "the archive failed; try again"))
}
