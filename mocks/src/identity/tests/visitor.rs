//! What a relying party and a person do, step by step.

use actix_web::HttpResponse;
use actix_web::web;
use http::Method;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use p256::pkcs8::EncodePrivateKey as _;
use serde_json::{Value, json};
use url::Url;

use crate::kit::clock::wall;
use crate::kit::courier::{Letter, Reply};
use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::kit::store::Layout;
use crate::kit::system::System;
use crate::kit::trial::Trial;

pub(super) const TOMAS: &str = "2238778167";
pub(super) const PHONE: &str = "+99920945537";
pub(super) const CALLBACK: &str = "http://127.0.0.1:54321/callback";
pub(super) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(super) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A programme office that does nothing but publish its keys.
pub(super) const OFFICE: System = System {
    name: "programme_office",
    folder: "identity",
    title: "Programme office of a test",
    does: "publishes its keys",
    standard: "none",
    schema: "",
    layout: Layout::Rows,
    seed: |_, _| Ok(()),
    routes: office_routes,
    refusal: |_, sentence| json!({"error": sentence}),
    secrets: &[],
    at_root: &[],
    wake: |_| {},
};

fn office_routes(config: &mut Routes) {
    config.service(web::resource("/.well-known/jwks.json").route(web::get().to(office_keys)));
}

async fn office_keys(call: Call) -> HttpResponse {
    HttpResponse::Ok().json(call.errand.office.keys.jwks())
}

/// An assertion of the programme office (RFC 7523), with `changes` over the right claims.
pub(super) fn assertion(trial: &Trial, changes: &Value) -> String {
    let keys = &trial.office("programme_office").keys;
    let mut header = Header::new(Algorithm::ES256);
    header.kid = keys.p256_jwk()["kid"].as_str().map(str::to_owned);
    let now = wall().as_second();
    let mut claims = json!({
        "iss": "programme-office", "sub": "programme-office",
        "aud": format!("{}/identity/oauth/v2/token", trial.running.base), "iat": now, "exp": now + 60,
    });
    for (name, value) in changes.as_object().into_iter().flatten() {
        claims[name] = value.clone();
    }
    let der = keys.p256().to_pkcs8_der().unwrap();
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ec_der(der.as_bytes())).unwrap()
}

/// A query for `/authorize` by the public client; `changes` replace or (where empty) take away.
pub(super) fn query(changes: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("response_type", "code"),
        ("client_id", "demo-portal"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid profile phone"),
        ("state", "af0ifjsldkj"),
        ("nonce", "n-0S6_WzA2Mj"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in changes {
        fields.retain(|(n, _)| n != name);
        if !value.is_empty() {
            fields.push((name, value));
        }
    }
    let url = Url::parse_with_params("http://query", fields).unwrap();
    url.query().unwrap().to_owned()
}

pub(super) async fn authorize(trial: &Trial, changes: &[(&str, &str)]) -> Reply {
    trial.send(Letter::get("identity", format!("/authorize?{}", query(changes)))).await
}

/// Begins a login and gives the address of its page.
pub(super) async fn begin(trial: &Trial, changes: &[(&str, &str)]) -> String {
    let reply = authorize(trial, changes).await;
    assert_eq!(reply.status, 303, "{}", text(&reply));
    reply.header("location").unwrap().to_owned()
}

pub(super) async fn post(trial: &Trial, address: &str, fields: &[(&str, &str)]) -> Reply {
    trial.send(Letter::to_address(Method::POST, address).form(fields)).await
}

pub(super) async fn get(trial: &Trial, address: &str) -> Reply {
    trial.send(Letter::to_address(Method::GET, address)).await
}

/// Proves with the one-time code that this is `uin`, and gives the address of the consent page.
pub(super) async fn prove(trial: &Trial, login: &str, uin: &str) -> String {
    let sent = post(trial, &format!("{login}/code"), &[("individual_id", uin)]).await;
    assert_eq!(sent.status, 303, "{}", text(&sent));
    let proved = post(trial, login, &[("otp", "111111")]).await;
    assert_eq!(proved.status, 303, "{}", text(&proved));
    proved.header("location").unwrap().to_owned()
}

/// Logs Tomas in and lets him allow everything; gives the parameters that the relying party receives.
pub(super) async fn log_in(trial: &Trial, changes: &[(&str, &str)]) -> Value {
    let login = begin(trial, changes).await;
    let consent = prove(trial, &login, TOMAS).await;
    let back = post(trial, &consent, &[("decision", "allow"), ("claims", "*")]).await;
    assert_eq!(back.status, 303, "{}", text(&back));
    parameters(&back)
}

/// The parameters of the address that an answer leads to.
pub(super) fn parameters(reply: &Reply) -> Value {
    let url = Url::parse(reply.header("location").unwrap()).unwrap();
    url.query_pairs().map(|(n, v)| (n.into_owned(), Value::from(v.into_owned()))).collect()
}

/// Asks for tokens; `changes` as in [`query`].
pub(super) async fn redeem(trial: &Trial, code: &Value, changes: &[(&str, &str)]) -> (u16, Value) {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("client_id", "demo-portal"),
        ("code", code.as_str().unwrap()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    for (name, value) in changes {
        fields.retain(|(n, _)| n != name);
        if !value.is_empty() {
            fields.push((name, value));
        }
    }
    trial.ask(Letter::post("identity", "/oauth/v2/token").form(&fields)).await
}

pub(super) async fn userinfo(trial: &Trial, token: &Value) -> Reply {
    let letter = Letter::get("identity", "/oidc/userinfo");
    trial.send(letter.bearer(token.as_str().unwrap())).await
}

/// Checks a token of Arenoa ID with what it publishes, as a relying party does.
pub(super) async fn checked(trial: &Trial, token: &str, audience: &str) -> Value {
    let (_, set) = trial.ask(Letter::get("identity", "/.well-known/jwks.json")).await;
    let set: JwkSet = serde_json::from_value(set).unwrap();
    let header = jsonwebtoken::decode_header(token).unwrap();
    let key = set.find(header.kid.as_deref().unwrap()).expect("the key is published");
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_issuer(&[format!("{}/identity", trial.running.base)]);
    rules.set_audience(&[audience]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    jsonwebtoken::decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &rules)
        .unwrap()
        .claims
}

pub(super) fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}
