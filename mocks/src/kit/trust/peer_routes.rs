//! `/_arenoa/peers` of every system: how it writes to each of its peers (our own; see [`super::peers`]).

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::Query;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::peers::{self, Manners, NotSet};
use crate::kit::openapi::{Routes, says};
use crate::kit::server::Call;

/// What is sent to set the manners to a peer.
#[derive(JsonSchema)]
#[expect(
    dead_code,
    reason = "only its schema is read: the name is taken out before the manners are read"
)]
struct Set {
    /// The name that it gives itself in `sender_id`.
    peer: String,
    #[serde(flatten)]
    manners: Manners,
}

/// What is set for each peer, by its name.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PeerList")]
struct Peers {
    peers: BTreeMap<String, Manners>,
}

/// Routes of every system.
pub(crate) fn routes(routes: &mut Routes) {
    let manners =
        json!({"peer": "opencrvs.example", "signature": "jws-rs256", "records": "v1.0.0"});
    let ours =
        |summary| says(summary).tag("every system").gives::<Peers>(200, "By the name of the peer");
    routes
        .get("/_arenoa/peers", list, ours("How this system writes to each of its peers"))
        .put(
            "/_arenoa/peers",
            set,
            ours("Sets how this system writes to a peer").takes::<Set>(manners),
        )
        .delete(
            "/_arenoa/peers",
            forget,
            ours("Writes to a peer as to everybody else").asks("peer", "opencrvs.example"),
        );
}

/// A peer by the name that it gives itself in `sender_id`.
#[derive(Debug, Deserialize)]
struct Named {
    peer: String,
}

async fn list(call: Call) -> HttpResponse {
    HttpResponse::Ok().json(Peers { peers: peers::shown(&call.errand.office) })
}

async fn set(call: Call) -> HttpResponse {
    match read(&call.body) {
        Ok((peer, manners)) => change(call, &peer, Some(manners)).await,
        Err(why) => {
            let example = r#"{"peer":"opencrvs.example","signature":"jws-rs256","encrypt":true,"records":"v1.0.0"}"#;
            let words = "signature is cavage, openspp2, published, jws-rs256, jws-es256, jws-eddsa or unsigned; records v1.0.0 or 2026; access_token what callbacks to it carry, or token_from who grants that: token_url, client_id, client_secret";
            wrong(&format!("these are no manners: {why}; write {example} ({words})"))
        }
    }
}

fn read(body: &[u8]) -> Result<(String, Manners), String> {
    let mut value: Value = serde_json::from_slice(body).map_err(|e| e.to_string())?;
    let peer = value.as_object_mut().and_then(|members| members.remove("peer"));
    let peer = peer.as_ref().and_then(Value::as_str).filter(|p| !p.trim().is_empty());
    let peer = peer.ok_or("peer is missing")?.to_owned();
    let manners: Manners = serde_json::from_value(value).map_err(|e| e.to_string())?;
    manners.wrong().map_or(Ok((peer, manners)), |why| Err(why.into()))
}

async fn forget(call: Call, named: Query<Named>) -> HttpResponse {
    change(call, &named.peer, None).await
}

async fn change(call: Call, peer: &str, manners: Option<Manners>) -> HttpResponse {
    match peers::set(&call.errand, peer, manners.as_ref()) {
        Ok(()) => list(call).await,
        Err(error @ NotSet::Archive(_)) => {
            HttpResponse::InternalServerError().json(json!({"error": error.to_string()}))
        }
        Err(error) => wrong(&error.to_string()),
    }
}

fn wrong(sentence: &str) -> HttpResponse {
    HttpResponse::BadRequest().json(json!({"error": sentence}))
}
