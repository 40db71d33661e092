//! `POST /register` (RFC 7591, 3; `OpenID Connect` Dynamic Client Registration 1.0, 3): a client library registers itself. Anybody
//! may in the sandbox; what was registered is changed at `/client-mgmt/client/{id}`.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, PRAGMA};
use serde_json::{Value, json};

use super::answers::{Failure, open_to_all, preflight_of, refuse_client};
use crate::identity::chance;
use crate::identity::model::dynamic_registration::Metadata;
use crate::identity::model::refusal::Refusal;
use crate::identity::store::clients;
use crate::kit::clock::wall;
use crate::kit::openapi::{Routes, says};
use crate::kit::server::Call;
use crate::kit::store::Store;

/// Where clients register themselves; discovery names it.
pub(super) const REGISTER: &str = "/register";

pub(super) fn routes(routes: &mut Routes) {
    let wish = json!({
        "client_name": "A ministry", "redirect_uris": ["http://127.0.0.1:54321/callback"],
        "token_endpoint_auth_method": "client_secret_basic",
    });
    let is = says("Registers a client by what it says about itself")
        .more("RFC 7591. `userinfo_signed_response_alg` asks for a signed userinfo.")
        .tag("OpenID Connect")
        .takes::<Metadata>(wish)
        .gives::<Value>(201, "The client, with its id and, where it wants one, its secret");
    routes.post(REGISTER, register, is);
    preflight_of(routes, REGISTER);
}

async fn register(call: Call) -> HttpResponse {
    match registered(&call) {
        Ok(told) => open_to_all(HttpResponse::Created())
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((PRAGMA, "no-cache"))
            .json(told),
        Err(failure) => refuse_client(&call, failure),
    }
}

fn registered(call: &Call) -> Result<Value, Failure> {
    let mut reader = serde_json::Deserializer::from_slice(&call.body);
    let metadata: Metadata = serde_path_to_error::deserialize(&mut reader).map_err(|e| {
        Refusal::new("invalid_client_metadata", format!("at `{}`: {}", e.path(), e.inner()))
    })?;
    let secret = if metadata.wants_secret() { Some(chance::unguessable()?) } else { None };
    let client = metadata.client(&chance::short()?, secret.as_deref().map(chance::digest))?;
    let add = |store: &Store| store.alter(|tx| clients::add(tx, &client));
    call.for_good(add)?;
    let mut told = metadata.granted(&client);
    told["client_id_issued_at"] = wall().as_second().into();
    if let Some(secret) = secret {
        told["client_secret"] = secret.into();
        // It never expires (RFC 7591, 3.2.1).
        told["client_secret_expires_at"] = 0.into();
    }
    Ok(told)
}
