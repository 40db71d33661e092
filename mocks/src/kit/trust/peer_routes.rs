//! `/_arenoa/peers` of every system: how it writes to each of its peers (our own; see [`super::peers`]).

use actix_web::HttpResponse;
use actix_web::web::{self, Query, ServiceConfig};
use serde::Deserialize;
use serde_json::{Value, json};

use super::peers::{self, Manners};
use crate::kit::server::Call;

/// Routes below `/_arenoa`.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config.service(
        web::resource("/peers")
            .route(web::get().to(list))
            .route(web::put().to(set))
            .route(web::delete().to(forget)),
    );
}

/// A peer by the name that it gives itself in `sender_id`.
#[derive(Debug, Deserialize)]
struct Named {
    peer: String,
}

async fn list(call: Call) -> HttpResponse {
    HttpResponse::Ok().json(json!({"peers": *peers::all(&call.errand.office)}))
}

async fn set(call: Call) -> HttpResponse {
    match read(&call.body) {
        Ok((peer, manners)) => change(call, &peer, Some(manners)).await,
        Err(why) => {
            let example = r#"{"peer":"opencrvs.example","signature":"jws-rs256","encrypt":true,"records":"v1.0.0"}"#;
            let words = "signature is cavage, published, jws-rs256, jws-es256, jws-eddsa or unsigned; records v1.0.0 or 2026";
            wrong(&format!("these are no manners: {why}; write {example} ({words})"))
        }
    }
}

fn read(body: &[u8]) -> Result<(String, Manners), String> {
    let mut value: Value = serde_json::from_slice(body).map_err(|e| e.to_string())?;
    let peer = value.as_object_mut().and_then(|members| members.remove("peer"));
    let peer = peer.as_ref().and_then(Value::as_str).filter(|p| !p.trim().is_empty());
    let peer = peer.ok_or("peer is missing")?.to_owned();
    let manners = serde_json::from_value(value).map_err(|e| e.to_string())?;
    Ok((peer, manners))
}

async fn forget(call: Call, named: Query<Named>) -> HttpResponse {
    change(call, &named.peer, None).await
}

async fn change(call: Call, peer: &str, manners: Option<Manners>) -> HttpResponse {
    match peers::set(&call.errand.office, peer, manners) {
        Ok(()) => list(call).await,
        Err(sentence) => wrong(&sentence),
    }
}

fn wrong(sentence: &str) -> HttpResponse {
    HttpResponse::BadRequest().json(json!({"error": sentence}))
}
