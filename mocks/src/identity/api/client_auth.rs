//! Checks a client's proof at the token endpoint: secrets by digest, assertions (RFC 7523) by the registered key or
//! by the keys that the client publishes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::HttpRequest;
use http::Method;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::Value;

use super::TOKEN;
use super::answers::{Failure, client_of};
use crate::identity::chance::digest;
use crate::identity::model::client::{Auth, Client};
use crate::identity::model::fields::Fields;
use crate::identity::model::proof::Proof;
use crate::identity::model::refusal::Refusal;
use crate::identity::store::grants;
use crate::kit::clock::wall;
use crate::kit::courier::Letter;
use crate::kit::journal::Verdict;
use crate::kit::room::Policy;
use crate::kit::server::Call;
use crate::kit::trust::TO_VERIFY;

/// How far clocks may differ, in seconds.
const LEEWAY: u64 = 60;

/// Keys that systems publish, as they were last fetched.
#[derive(Debug, Default)]
struct Published(Mutex<BTreeMap<String, JwkSet>>);

/// The client that sent this, once it has proved so.
pub(super) async fn client(
    call: &Call,
    request: &HttpRequest,
    fields: &Fields,
) -> Result<Client, Failure> {
    let header = request.headers().get("authorization").and_then(|v| v.to_str().ok());
    match Proof::read(header.unwrap_or_default(), fields)? {
        Proof::Name { client } => {
            let client = known(call, &client)?;
            match client.auth {
                Auth::None => Ok(client),
                _ => Err(Refusal::client(format!(
                    "`{}` must prove itself: {}",
                    client.id,
                    wanted(&client)
                ))
                .into()),
            }
        }
        Proof::Secret { client, secret } => {
            let client = known(call, &client)?;
            match &client.auth {
                Auth::Secret { digest: kept } if *kept == digest(&secret) => Ok(client),
                Auth::Secret { .. } => Err(Refusal::client("the client secret is wrong").into()),
                _ => Err(Refusal::client(format!(
                    "`{}` has no secret: {}",
                    client.id,
                    wanted(&client)
                ))
                .into()),
            }
        }
        Proof::Assertion { client, jwt } => {
            let checked = by_assertion(call, client.as_deref(), &jwt).await;
            call.verdict(if checked.is_ok() { Verdict::Valid } else { Verdict::Invalid });
            checked
        }
    }
}

fn known(call: &Call, id: &str) -> Result<Client, Failure> {
    let unknown = || Refusal::client(format!("`{id}` is not registered here"));
    Ok(client_of(call, id)?.ok_or_else(unknown)?)
}

fn wanted(client: &Client) -> &'static str {
    match client.auth {
        Auth::None => "it is public and proves itself with PKCE alone",
        Auth::Secret { .. } => "send its secret (client_secret_basic or client_secret_post)",
        Auth::Key { .. }
        | Auth::Keys { .. }
        | Auth::PublishedBy { .. }
        | Auth::PublishedAt { .. } => "send a client_assertion (private_key_jwt)",
    }
}

async fn by_assertion(call: &Call, named: Option<&str>, jwt: &str) -> Result<Client, Failure> {
    let unreadable = |e: jsonwebtoken::errors::Error| {
        Refusal::client(format!("the client assertion is no JWT: {e}"))
    };
    let header = jsonwebtoken::decode_header(jwt).map_err(unreadable)?;
    let claims: Value = jsonwebtoken::dangerous::insecure_decode_claims(jwt).map_err(unreadable)?;
    let said = claims["sub"].as_str().unwrap_or_default();
    if claims["iss"].as_str() != Some(said) || named.is_some_and(|n| n != said) {
        let sentence = "`iss` and `sub` of the client assertion must both be the client's id";
        return Err(Refusal::client(sentence).into());
    }
    let client = known(call, said)?;
    let served = [Algorithm::RS256, Algorithm::PS256, Algorithm::ES256, Algorithm::EdDSA];
    if !served.contains(&header.alg) {
        return Err(Refusal::client(
            "the client assertion must be signed with RS256, PS256, ES256 or EdDSA",
        )
        .into());
    }
    let key = key_of(call, &client, header.kid.as_deref()).await?;
    let issuer = call.errand.own_base();
    let mut audience: Vec<String> = TOKEN.iter().map(|path| format!("{issuer}{path}")).collect();
    audience.push(issuer);
    let wanted = audience[0].clone();
    if call.room().policy() == Policy::Open {
        audience.extend(audience.clone().iter().flat_map(|address| with_other_loopbacks(address)));
    }
    let mut rules = Validation::new(header.alg);
    rules.set_audience(&audience);
    rules.set_issuer(&[said]);
    rules.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
    rules.leeway = LEEWAY;
    rules.validate_nbf = true;
    let key = DecodingKey::from_jwk(&key)
        .map_err(|e| Refusal::client(format!("the client's key cannot be used: {e}")))?;
    jsonwebtoken::decode::<Value>(jwt, &key, &rules).map_err(|e| match e.kind() {
        ErrorKind::InvalidAudience => Refusal::client(format!(
            "the client assertion is for {}; `aud` must be {wanted}",
            claims["aud"]
        )),
        _ => Refusal::client(format!("the client assertion does not hold: {e}")),
    })?;
    fresh(call, &claims)?;
    Ok(client)
}

/// The names of this machine for itself, of which a client may have come by any.
const LOOPBACKS: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// An address of this machine by its other names; nothing for any other address.
fn with_other_loopbacks(address: &str) -> Vec<String> {
    let own = LOOPBACKS.iter().find_map(|name| {
        let rest = address.strip_prefix("http://")?.strip_prefix(name)?;
        rest.starts_with([':', '/']).then_some((name, rest))
    });
    let Some((own, rest)) = own else { return Vec::new() };
    let others = LOOPBACKS.iter().filter(|name| *name != own);
    others.map(|name| format!("http://{name}{rest}")).collect()
}

/// `iat` may not lie ahead, and an assertion that carries an id (`jti`) is used once.
fn fresh(call: &Call, claims: &Value) -> Result<(), Failure> {
    let ahead = i64::try_from(LEEWAY).unwrap_or(0);
    if claims["iat"].as_i64().is_some_and(|iat| iat > wall().as_second() + ahead) {
        return Err(Refusal::client("`iat` of the client assertion lies in the future").into());
    }
    let Some(id) = claims["jti"].as_str() else { return Ok(()) };
    let expires = claims["exp"].as_i64().unwrap_or(i64::MAX);
    // The end is part of the name: a client that starts to count anew makes other assertions, not the same ones again.
    let name = digest(&format!("{} {id} {expires}", claims["sub"]));
    if !grants::note_assertion(call.store(), &name, (expires, wall().as_second() - ahead))? {
        return Err(
            Refusal::client("this client assertion was used before (`jti`); make another").into()
        );
    }
    Ok(())
}

async fn key_of(call: &Call, client: &Client, kid: Option<&str>) -> Result<Jwk, Failure> {
    let none =
        || Refusal::client(format!("{} has no key `{}`", client.id, kid.unwrap_or("without kid")));
    let read = |jwk: &Value| {
        serde_json::from_value::<Jwk>(jwk.clone())
            .map_err(|e| Refusal::client(format!("the registered key cannot be read: {e}")))
    };
    let (source, letter) = match &client.auth {
        Auth::Key { jwk } => {
            let jwk = read(jwk)?;
            let other = jwk
                .common
                .key_id
                .as_deref()
                .zip(kid)
                .is_some_and(|(registered, sent)| registered != sent);
            return if other { Err(none().into()) } else { Ok(jwk) };
        }
        Auth::Keys { keys } => {
            let keys = keys.iter().map(read).collect::<Result<Vec<_>, _>>()?;
            return Ok(pick(&keys, kid).ok_or_else(none)?);
        }
        Auth::PublishedBy { system } => {
            (system, Letter::get(system, format!("/.well-known/jwks.json?{TO_VERIFY}")))
        }
        Auth::PublishedAt { uri } => (uri, Letter::to_address(Method::GET, uri)),
        Auth::None | Auth::Secret { .. } => {
            let sentence = format!("`{}` registered no key: {}", client.id, wanted(client));
            return Err(Refusal::client(sentence).into());
        }
    };
    let cache = call.errand.office.memory.of::<Published>();
    if let Some(key) = kept(&cache, source, kid) {
        return Ok(key);
    }
    fetch(call, &cache, (source, letter)).await?;
    Ok(kept(&cache, source, kid).ok_or_else(none)?)
}

fn kept(cache: &Published, source: &str, kid: Option<&str>) -> Option<Jwk> {
    let sets = cache.0.lock().unwrap_or_else(PoisonError::into_inner);
    pick(&sets.get(source)?.keys, kid)
}

/// The key of this name; without a name the only one there is.
fn pick(keys: &[Jwk], kid: Option<&str>) -> Option<Jwk> {
    match kid {
        Some(kid) => keys.iter().find(|k| k.common.key_id.as_deref() == Some(kid)).cloned(),
        None => keys.first().filter(|_| keys.len() == 1).cloned(),
    }
}

async fn fetch(
    call: &Call,
    cache: &Arc<Published>,
    (source, letter): (&str, Letter),
) -> Result<(), Failure> {
    let trouble = |e: &dyn std::fmt::Display| {
        Refusal::client(format!("the keys of {source} could not be fetched: {e}"))
    };
    let reply = call.errand.send(letter).await;
    let set = reply.map_err(|e| trouble(&e))?.json::<JwkSet>().map_err(|e| trouble(&e))?;
    cache.0.lock().unwrap_or_else(PoisonError::into_inner).insert(source.into(), set);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_names_of_this_machine_stand_for_each_other() {
        let others = with_other_loopbacks("http://127.0.0.1:8080/identity");
        assert_eq!(others, ["http://localhost:8080/identity", "http://[::1]:8080/identity"]);
        for other in [
            "https://127.0.0.1/identity",
            "http://127.0.0.1.example/identity",
            "http://localhost.example:80",
            "http://id.example/localhost",
        ] {
            assert!(with_other_loopbacks(other).is_empty(), "{other}");
        }
    }
}
