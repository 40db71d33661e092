//! `POST /auth/token`: client credentials (JSON, form or query), and the exchange for a token of a single record
//! (RFC 8693 in the words of OpenCRVS); `GET /.well-known`: the key, in PEM. RS256, ten minutes of real time.

use std::sync::Arc;

use actix_web::web::{self, Query};
use actix_web::{HttpRequest, HttpResponse};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use rsa::RsaPublicKey;
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use rsa::pkcs8::{EncodePublicKey as _, LineEnding};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::refusal::{Refused, answer};
use crate::civil_registry::store::events;
use crate::kit::clock::wall;
use crate::kit::courier::Errand;
use crate::kit::server::Call;
use crate::kit::trust::Keys;
use crate::kit::trust::tokens::sandbox_secret;

const ISSUER: &str = "opencrvs:auth-service";
const GOOD_FOR_S: i64 = 600;
const CREDENTIALS: &str = "client_credentials";
const EXCHANGE: &str = "urn:opencrvs:oauth:grant-type:token-exchange";
/// The name that RFC 8693 gives it.
const EXCHANGE_8693: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// What a token of a single record allows.
pub(super) const CONFIRM: &str = "record.confirm-registration";
const ALL: &str = "record.create record.notify record.read record.search record.declare record.register \
     record.request-correction record.correct";

/// Those who may ask for tokens, what each shows, and what each may do.
const CLIENTS: [(&str, &str); 3] = [
    ("demo", ALL),
    ("clinic", "record.create record.notify record.read"),
    ("identity", "record.read"),
];

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Asked {
    grant_type: String,
    client_id: String,
    client_secret: String,
    subject_token: String,
    event_id: String,
    action_id: String,
}

/// What a token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    scope: Vec<String>,
    iat: i64,
    exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    action_id: Option<String>,
}

/// Who asks, and about which record where the token is for a single one.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) client: String,
    scope: Vec<String>,
    pub(super) record: Option<(String, String)>,
}

impl Caller {
    pub(super) fn may(&self, scope: &str) -> bool {
        // A scope may say more behind a bracket: `record.register[event=birth]`.
        self.scope.iter().any(|own| own.split('[').next() == Some(scope))
    }
}

pub(super) async fn issue(call: Call, http: HttpRequest, query: Query<Asked>) -> HttpResponse {
    let done = issued(&call, &http, query.into_inner()).await;
    answer(&call, done)
}

async fn issued(call: &Call, http: &HttpRequest, query: Asked) -> Result<Value, Refused> {
    let asked = if query.grant_type.is_empty() { read(call, http)? } else { query };
    let claims = match asked.grant_type.as_str() {
        CREDENTIALS => credentials(&call.errand, &asked)?,
        EXCHANGE | EXCHANGE_8693 => exchanged(call, &asked).await?,
        other => {
            let sentence = format!("grant_type `{other}` is neither {CREDENTIALS} nor {EXCHANGE}");
            return Err(Refused::bad(sentence));
        }
    };
    let token = signed(&call.errand, claims).await?;
    Ok(json!({"access_token": token, "token_type": "Bearer", "expires_in": GOOD_FOR_S}))
}

fn read(call: &Call, http: &HttpRequest) -> Result<Asked, Refused> {
    let kind = http.headers().get("content-type").and_then(|value| value.to_str().ok());
    let wrong =
        |why: String| Refused::bad(format!("{why}; send grant_type, client_id and client_secret"));
    if kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        let text = String::from_utf8_lossy(&call.body);
        let asked = Query::<Asked>::from_query(&text).map_err(|e| wrong(e.to_string()))?;
        return Ok(asked.into_inner());
    }
    serde_json::from_slice(&call.body).map_err(|e| wrong(e.to_string()))
}

fn credentials(errand: &Errand, asked: &Asked) -> Result<Claims, Refused> {
    let known = CLIENTS.iter().find(|(client, _)| *client == asked.client_id);
    let right = |client: &str| {
        let own = if client == "identity" { sandbox_secret(client) } else { client.into() };
        own == asked.client_secret
    };
    let (client, scope) = known
        .filter(|(client, _)| right(client))
        .ok_or_else(|| Refused::new(401, "the client is unknown, or its secret is another"))?;
    Ok(claims(errand, client, scope))
}

fn claims(errand: &Errand, client: &str, scope: &str) -> Claims {
    let now = wall().as_second();
    Claims {
        iss: ISSUER.into(),
        aud: errand.own_base(),
        sub: client.into(),
        scope: scope.split(' ').map(str::to_owned).collect(),
        iat: now,
        exp: now + GOOD_FOR_S,
        event_id: None,
        action_id: None,
    }
}

/// A token for the one registration that waits, in exchange for one that is good.
async fn exchanged(call: &Call, asked: &Asked) -> Result<Claims, Refused> {
    let subject = claims_of(&call.errand, &asked.subject_token).await?;
    let kept = call.store().read(|db| events::find(db, &asked.event_id))?;
    let waits = kept.is_some_and(|kept| {
        kept.event.waiting_registration().is_some_and(|action| action.id == asked.action_id)
    });
    if !waits {
        return Err(Refused::new(404, "no registration with these ids waits for a word"));
    }
    let mut claims = claims(&call.errand, &subject.sub, CONFIRM);
    claims.event_id = Some(asked.event_id.clone());
    claims.action_id = Some(asked.action_id.clone());
    Ok(claims)
}

/// The registrar's own token, which goes along when another system is asked about a registration.
pub(in crate::civil_registry) async fn of_registrar(errand: &Errand) -> Option<String> {
    let claims = claims(errand, "registrar", "record.register");
    signed(errand, claims).await.ok()
}

async fn signed(errand: &Errand, claims: Claims) -> Result<String, Refused> {
    let keys = Arc::clone(&errand.office.keys);
    let made = web::block(move || {
        let der = keys.rsa().to_pkcs1_der().ok()?;
        let key = EncodingKey::from_rsa_der(der.as_bytes());
        jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, &key).ok()
    });
    let token = made.await.ok().flatten();
    token.ok_or_else(|| Refused::new(500, "our key cannot sign; try again"))
}

/// Checks the header `Authorization`, and that the token allows `scope`.
pub(super) async fn check(call: &Call, scope: &str) -> Result<Caller, Refused> {
    let caller = caller(call).await?;
    if caller.may(scope) {
        return Ok(caller);
    }
    Err(Refused::new(403, format!("the token does not allow `{scope}`")))
}

/// Checks the header `Authorization`.
pub(super) async fn caller(call: &Call) -> Result<Caller, Refused> {
    let header = call.authorization.as_ref().and_then(|value| value.to_str().ok());
    let token = header.and_then(|text| text.strip_prefix("Bearer "));
    let none = || Refused::new(401, "there is no bearer token: get one at /auth/token");
    let claims = claims_of(&call.errand, token.ok_or_else(none)?).await?;
    Ok(Caller {
        client: claims.sub,
        scope: claims.scope,
        record: claims.event_id.zip(claims.action_id),
    })
}

async fn claims_of(errand: &Errand, token: &str) -> Result<Claims, Refused> {
    let wrong =
        || Refused::new(401, "the token is not ours or has expired: get one at /auth/token");
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_issuer(&[ISSUER]);
    rules.set_audience(&[errand.own_base()]);
    rules.leeway = 5;
    let keys = Arc::clone(&errand.office.keys);
    let pem = web::block(move || public_pem(&keys)).await.ok().flatten().ok_or_else(wrong)?;
    let key = DecodingKey::from_rsa_pem(pem.as_bytes()).map_err(|_| wrong())?;
    let read = jsonwebtoken::decode::<Claims>(token.trim(), &key, &rules);
    read.map(|data| data.claims).map_err(|_| wrong())
}

fn public_pem(keys: &Keys) -> Option<String> {
    RsaPublicKey::from(keys.rsa()).to_public_key_pem(LineEnding::LF).ok()
}

/// The public key, in PEM.
pub(super) async fn key(call: Call) -> HttpResponse {
    let keys = Arc::clone(&call.errand.office.keys);
    match web::block(move || public_pem(&keys)).await.ok().flatten() {
        Some(pem) => HttpResponse::Ok().content_type("text/plain").body(pem),
        None => answer(&call, Err(Refused::new(500, "the key cannot be written; try again"))),
    }
}
