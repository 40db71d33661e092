//! Our own route `GET /keys/{participant}/.well-known/jwks.json`: the public keys of a participant, as it publishes them at
//! its registered address or as they were handed over, or where its part in the country has them. Schemes exchange keys by hand; here a bank asks the switch that it trusts.

use actix_web::HttpResponse;
use actix_web::web::Path;
use http::Method;
use serde::Deserialize;
use serde_json::Value;
use standards::fspiop::ErrorCode;

use super::refuse;
use crate::kit::fspiop::{Refusal, To};
use crate::kit::openapi::{Routes, says};
use crate::kit::server::Call;
use crate::payment_switch::directory;
use crate::payment_switch::relay::base_of;

const JWKS: &str = "/.well-known/jwks.json";

pub(super) fn routes(routes: &mut Routes) {
    routes.get(
        "/keys/{name}/.well-known/jwks.json",
        keys,
        says("The public keys of a participant")
            .tag("administration")
            .path("name", "bluebank")
            .gives::<Value>(200, "A key set")
            .after("a participant from elsewhere was added with its keys"),
    );
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

async fn keys(call: Call, path: Path<Name>) -> HttpResponse {
    match fetch(&call, &path.name).await {
        Ok(keys) => HttpResponse::Ok().content_type("application/json").body(keys),
        Err(refused) => refuse(&call, &refused),
    }
}

async fn fetch(call: &Call, name: &str) -> Result<bytes::Bytes, Refusal> {
    let refused = |code, sentence: String| Refusal::new(code, sentence);
    let listed = directory::look_up(&call.errand.office, name)?;
    if let Some(kept) = &listed.keys {
        return Ok(kept.clone().into());
    }
    let place =
        listed.participant.as_ref().and_then(|_| base_of(&call.errand, name)).ok_or_else(|| {
            refused(ErrorCode::UNKNOWN_URI, format!("{name} takes no part here, or has no address"))
        })?;
    // A part of the country has its keys beside its FSPIOP paths, not below them.
    let place = match place {
        To::Part(part, _) => To::Part(part, String::new()),
        other => other,
    };
    let sent = call.errand.send(place.letter(Method::GET, JWKS, JWKS)).await;
    let reply = sent.map_err(|e| refused(ErrorCode::DESTINATION_COMMUNICATION, e.to_string()))?;
    if reply.is_success() {
        return Ok(reply.body);
    }
    let sentence = format!("{name} answered {} when asked for its keys", reply.status);
    Err(refused(ErrorCode::DESTINATION_COMMUNICATION, sentence))
}
