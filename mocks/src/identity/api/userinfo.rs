//! `GET` and `POST /oidc/userinfo`: tells what the person allowed, as JSON or as a signed JWT (`OpenID Connect` Core 5.3).

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value};

use super::answers::{
    Failure, client_of, fresh_json, note, open_to_all, refuse_bearer, want_bearer,
};
use crate::identity::model::claims;
use crate::identity::model::client::{Client, UserinfoForm};
use crate::identity::model::fields::Fields;
use crate::identity::model::psut;
use crate::identity::model::refusal::Refusal;
use crate::identity::signer;
use crate::identity::store::{grants, people};
use crate::kit::clock::wall;
use crate::kit::server::Call;

/// How long a signed answer may be held for true, in seconds.
const LIFE: i64 = 300;

pub(super) async fn userinfo(call: Call, request: HttpRequest) -> HttpResponse {
    let Some(token) = bearer(&call, &request) else { return want_bearer(&call) };
    match tell(&call, &token).await {
        Ok((client, claims)) if client.userinfo == UserinfoForm::Json => {
            fresh_json(&Value::Object(claims))
        }
        Ok((client, claims)) => signed(&call, &client, claims).await,
        Err(failure) => refuse_bearer(&call, failure),
    }
}

/// The access token (RFC 6750, 2.1 and 2.2); none where the request brings no such proof.
fn bearer(call: &Call, request: &HttpRequest) -> Option<String> {
    let header = request.headers().get("authorization").and_then(|v| v.to_str().ok());
    let (scheme, token) = header.and_then(|h| h.split_once(' ')).unwrap_or_default();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(token.trim().into());
    }
    Fields::read(&String::from_utf8_lossy(&call.body)).owned("access_token")
}

async fn tell(call: &Call, token: &str) -> Result<(Client, Map<String, Value>), Failure> {
    let bad = || Refusal::token("the access token is malformed, expired, revoked or not ours");
    let office = &call.errand.office;
    let token = signer::read_own(office, token, &call.errand.own_base()).await;
    let token = token.ok_or_else(bad)?;
    let id = token["jti"].as_str().unwrap_or_default();
    let granted = call.store().read(|db| grants::granted_by(db, id))?.ok_or_else(bad)?;
    let client = client_of(call, &granted.client)?.ok_or_else(bad)?;
    let person = call.store().read(|db| people::find(db, &granted.uin))?;
    let person = person.filter(|p| p.barred().is_none()).ok_or_else(bad)?;
    let mut claims = claims::told(&granted.allowed.userinfo, &person, &client, &granted.locales);
    let released = claims.keys().cloned().collect::<Vec<_>>().join(" ");
    note(call, (&granted.uin, &client.id), "userinfo", released)?;
    claims.insert("sub".into(), psut::token(&granted.uin, &client.partner).into());
    Ok((client, claims))
}

async fn signed(call: &Call, client: &Client, mut claims: Map<String, Value>) -> HttpResponse {
    let now = wall().as_second();
    claims.insert("iss".into(), call.errand.own_base().into());
    claims.insert("aud".into(), client.id.clone().into());
    claims.insert("iat".into(), now.into());
    claims.insert("exp".into(), (now + LIFE).into());
    let alg = client.userinfo_alg.unwrap_or(client.alg);
    match signer::sign(&call.errand.office, alg, ("JWT", Value::Object(claims))).await {
        Ok(token) => open_to_all(HttpResponse::Ok())
            .content_type("application/jwt")
            .insert_header((CACHE_CONTROL, "no-store"))
            .body(token),
        Err(error) => refuse_bearer(call, error.into()),
    }
}
