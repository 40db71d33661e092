//! `POST /oauth/v2/token` and its aliases: a code becomes an `id_token` and an access token (`OpenID Connect` Core
//! 3.1.3, RFC 9068). Token times are real time, because real clients check them against their own clocks.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::answers::{Failure, fresh_json, note, refuse_client};
use super::client_auth;
use crate::identity::chance;
use crate::identity::model::claims;
use crate::identity::model::client::Client;
use crate::identity::model::fields::Fields;
use crate::identity::model::psut;
use crate::identity::model::refusal::Refusal;
use crate::identity::signer;
use crate::identity::store::grants::{self, Granted, Redeemed, Redeeming};
use crate::identity::store::people;
use crate::kit::clock::wall;
use crate::kit::server::Call;

/// How long both tokens live, in seconds.
const LIFE: i64 = 3600;

pub(super) async fn token(call: Call, request: HttpRequest) -> HttpResponse {
    let fields = Fields::read(&String::from_utf8_lossy(&call.body));
    match issue(&call, &request, &fields).await {
        Ok(body) => fresh_json(&body),
        Err(failure) => refuse_client(&call, failure),
    }
}

async fn issue(call: &Call, request: &HttpRequest, fields: &Fields) -> Result<Value, Failure> {
    if let Some(name) = fields.repeated() {
        return Err(Refusal::request(format!("`{name}` was sent twice; send it once")).into());
    }
    match fields.get("grant_type") {
        Some("authorization_code") => {}
        None => {
            return Err(
                Refusal::request("`grant_type` is missing; write authorization_code").into()
            );
        }
        Some(other) => {
            let sentence = format!("`grant_type` {other} is not served; write authorization_code");
            return Err(Refusal::new("unsupported_grant_type", sentence).into());
        }
    }
    let client = client_auth::client(call, request, fields).await?;
    let now = wall().as_second();
    let id = chance::unguessable()?;
    let granted = redeem(call, fields, &client, (&id, now + LIFE))?;
    let claims = claims_of(call, &client, &granted, (&id, now))?;
    let (access, id_token) = signer::sign_both(&call.errand.office, client.alg, claims).await?;
    Ok(json!({
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": LIFE,
        "id_token": id_token,
        "scope": granted.scope.join(" "),
    }))
}

fn redeem(
    call: &Call,
    fields: &Fields,
    client: &Client,
    token: (&str, i64),
) -> Result<Granted, Failure> {
    let needed = |name: &str| {
        fields.get(name).ok_or_else(|| Refusal::request(format!("`{name}` is missing")))
    };
    let code = chance::digest(needed("code")?);
    let redeeming = Redeeming {
        code: &code,
        client,
        redirect_uri: needed("redirect_uri")?,
        verifier: fields.get("code_verifier"),
        now: call.errand.now(),
        token,
    };
    let sentence = match grants::redeem(call.store(), &redeeming)? {
        Redeemed::Granted(granted) => return Ok(*granted),
        Redeemed::Unknown => "this code was never given",
        Redeemed::Replayed => "this code was used before; what it brought is revoked",
        Redeemed::Expired => "this code is too old; begin the login again",
        Redeemed::OtherClient => "this code was given to another client",
        Redeemed::OtherRedirect => "`redirect_uri` is not the one that the code was sent to",
        Redeemed::WrongVerifier => {
            "`code_verifier` does not belong to the code challenge of the login"
        }
    };
    Err(Refusal::grant(sentence).into())
}

/// The claims of the access token and of the `id_token`; what the latter tells of the person goes into the audit.
fn claims_of(
    call: &Call,
    client: &Client,
    granted: &Granted,
    (id, now): (&str, i64),
) -> Result<(Value, Value), Failure> {
    let person = call.store().read(|db| people::find(db, &granted.uin))?;
    let person = person.filter(|p| p.barred().is_none());
    let person = person.ok_or_else(|| Refusal::grant("this identity can no longer be used"))?;
    let issuer = call.errand.own_base();
    let subject = psut::token(&granted.uin, &client.partner);
    let access = json!({
        "iss": issuer, "sub": subject, "aud": issuer, "client_id": client.id, "scope": granted.scope.join(" "),
        "iat": now, "exp": now + LIFE, "jti": id,
    });
    let mut told = claims::told(&granted.allowed.id_token, &person, client, &granted.locales);
    let released = told.keys().cloned().collect::<Vec<_>>().join(" ");
    note(call, (&granted.uin, &client.id), "login", released)?;
    let standard = json!({
        "iss": issuer, "sub": subject, "aud": client.id, "iat": now, "exp": now + LIFE,
        "auth_time": granted.auth_time, "acr": granted.acr, "amr": [granted.factor.amr()],
    });
    if let Value::Object(members) = standard {
        told.extend(members);
    }
    if let Some(nonce) = &granted.nonce {
        told.insert("nonce".into(), nonce.clone().into());
    }
    Ok((access, Value::Object(told)))
}
