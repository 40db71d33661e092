//! JSON Web Signatures (RFC 7515, compact) with the provider's keys, made away from the server's threads.

use std::sync::{Arc, OnceLock};

use actix_web::web;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as B64};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::der;
use super::model::client::SigningAlg;
use crate::kit::room::Office;
use crate::kit::trust::Keys;

/// Why something could not be signed.
#[derive(Debug, thiserror::Error)]
pub(super) enum SignError {
    #[error("the key could not sign: {0}")]
    Key(#[from] rsa::Error),
    #[error("there is no key that can sign {0}")]
    Unusable(&'static str),
    #[error("the thread that signs is gone: {0}")]
    Thread(#[from] actix_web::error::BlockingError),
}

/// What is known of the published keys once it was worked out.
#[derive(Debug, Default)]
struct Published {
    certificate: OnceLock<Vec<u8>>,
    own: OnceLock<Option<DecodingKey>>,
}

/// Signs one set of claims on the pool for blocking work; `typ` says what it is.
pub(super) async fn sign(
    office: &Office,
    alg: SigningAlg,
    (typ, claims): (&'static str, Value),
) -> Result<String, SignError> {
    let keys = Arc::clone(&office.keys);
    web::block(move || jws(&keys, alg, typ, &claims)).await?
}

/// Signs an access token, and the `id_token` that carries its hash.
pub(super) async fn sign_both(
    office: &Office,
    alg: SigningAlg,
    (access, mut id): (Value, Value),
) -> Result<(String, String), SignError> {
    let keys = Arc::clone(&office.keys);
    let both = web::block(move || {
        let access = jws(&keys, SigningAlg::Rs256, "at+jwt", &access)?;
        id["at_hash"] = at_hash(&access).into();
        Ok((access, jws(&keys, alg, "JWT", &id)?))
    });
    both.await?
}

fn jws(keys: &Keys, alg: SigningAlg, typ: &str, claims: &Value) -> Result<String, SignError> {
    let kid = match alg {
        SigningAlg::Rs256 => keys.rsa_jwk()["kid"].clone(),
        SigningAlg::Ps256 => as_ps256(keys.rsa_jwk().clone())["kid"].take(),
        SigningAlg::Es256 => keys.p256_jwk()["kid"].clone(),
    };
    let header = json!({"alg": alg.name(), "kid": kid, "typ": typ});
    let signed = format!("{}.{}", B64.encode(header.to_string()), B64.encode(claims.to_string()));
    let signature = match alg {
        SigningAlg::Rs256 => keys.sign_rsa(signed.as_bytes()),
        SigningAlg::Ps256 => keys.sign_rsa_pss(signed.as_bytes()),
        SigningAlg::Es256 => keys.sign_p256(signed.as_bytes()),
    };
    if signature.is_empty() {
        return Err(SignError::Unusable(alg.name()));
    }
    Ok(format!("{signed}.{}", B64.encode(signature)))
}

/// The RSA key as it is published for PS256: relying parties take a key only for the algorithm that stands beside it, so
/// it is there twice, under two names.
fn as_ps256(mut jwk: Value) -> Value {
    jwk["kid"] = format!("{}-ps256", jwk["kid"].as_str().unwrap_or_default()).into();
    jwk["alg"] = "PS256".into();
    jwk
}

/// Our certificate, made once and away from the server's threads.
pub(super) async fn certificate(office: &Office) -> Result<Vec<u8>, SignError> {
    let published = office.memory.of::<Published>();
    if let Some(certificate) = published.certificate.get() {
        return Ok(certificate.clone());
    }
    let keys = Arc::clone(&office.keys);
    let made = web::block(move || der::certificate(&keys, "Arenoa ID")).await??;
    Ok(published.certificate.get_or_init(|| made).clone())
}

/// The public keys, RSA first, with the certificate that eSignet's clients look for (`x5c`, `x5t#S256`, `exp`); made
/// away from the server's threads, because the first time takes long.
pub(super) async fn jwks(office: &Office) -> Result<Value, SignError> {
    let certificate = certificate(office).await?;
    let keys = &office.keys;
    let mut rsa = keys.rsa_jwk().clone();
    rsa["x5c"] = json!([STANDARD.encode(&certificate)]);
    rsa["x5t#S256"] = B64.encode(Sha256::digest(&certificate)).into();
    rsa["exp"] = der::VALID_UNTIL.into();
    let ps256 = as_ps256(rsa.clone());
    let of_office = Arc::clone(&office.keys);
    let encryption = web::block(move || of_office.encryption_jwk().clone()).await?;
    Ok(json!({"keys": [rsa, ps256, keys.p256_jwk(), keys.ed25519_jwk(), encryption]}))
}

/// The claims of an access token of our own, where its signature and its time are right.
pub(super) async fn read_own(office: &Office, token: &str, issuer: &str) -> Option<Value> {
    let published = published_rsa(office).await?;
    let data = verified(published.own.get()?.as_ref()?, token, issuer)?;
    (data.header.typ.as_deref() == Some("at+jwt")).then_some(data.claims)
}

/// The subject of an `id_token` of our own that was given to the client `audience`, whenever it ended and with
/// whichever algorithm it was signed.
pub(super) async fn hinted_subject(
    office: &Office,
    token: &str,
    (issuer, audience): (&str, &str),
) -> Option<String> {
    let alg = jsonwebtoken::decode_header(token).ok()?.alg;
    let mut rules = Validation::new(alg);
    rules.set_issuer(&[issuer]);
    rules.set_audience(&[audience]);
    rules.set_required_spec_claims(&["iss", "aud", "sub"]);
    rules.validate_exp = false;
    let key = match alg {
        Algorithm::RS256 | Algorithm::PS256 => {
            published_rsa(office).await?.own.get()?.as_ref()?.clone()
        }
        Algorithm::ES256 => p256_key(office)?,
        _ => return None,
    };
    let claims = jsonwebtoken::decode::<Value>(token, &key, &rules).ok()?.claims;
    // What else is signed for a client, as userinfo is, tells of no login.
    claims["auth_time"].as_i64()?;
    claims["sub"].as_str().map(str::to_owned)
}

/// What is known of the published keys, with the RSA key in it.
async fn published_rsa(office: &Office) -> Option<Arc<Published>> {
    let published = office.memory.of::<Published>();
    if published.own.get().is_none() {
        // Where no token was ever given, this makes the key.
        let keys = Arc::clone(&office.keys);
        let made = web::block(move || DecodingKey::from_jwk(&rsa_key(&keys)?).ok()).await.ok()?;
        published.own.get_or_init(|| made);
    }
    Some(published)
}

fn p256_key(office: &Office) -> Option<DecodingKey> {
    let jwk = Jwk::deserialize(office.keys.p256_jwk()).ok()?;
    DecodingKey::from_jwk(&jwk).ok()
}

fn rsa_key(keys: &Keys) -> Option<Jwk> {
    Jwk::deserialize(keys.rsa_jwk()).ok()
}

fn verified(
    key: &DecodingKey,
    token: &str,
    issuer: &str,
) -> Option<jsonwebtoken::TokenData<Value>> {
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_issuer(&[issuer]);
    rules.set_required_spec_claims(&["exp", "iss"]);
    rules.validate_aud = false;
    rules.leeway = 0;
    jsonwebtoken::decode::<Value>(token, key, &rules).ok()
}

/// The claims of a paper credential of our own (ES256), where its signature is right; it has no end.
pub(super) fn read_paper(office: &Office, token: &str) -> Option<Value> {
    let mut rules = Validation::new(Algorithm::ES256);
    rules.required_spec_claims.clear();
    rules.validate_aud = false;
    rules.validate_exp = false;
    Some(jsonwebtoken::decode::<Value>(token, &p256_key(office)?, &rules).ok()?.claims)
}

/// `at_hash` of an access token (`OpenID Connect` Core 3.1.3.6): the left half of its SHA-256.
pub(super) fn at_hash(access_token: &str) -> String {
    B64.encode(&Sha256::digest(access_token)[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_hash_is_the_left_half_of_the_digest() {
        // The example of OpenID Connect Core, appendix A.3.
        let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        assert_eq!(at_hash(token), "77QmUPtjPfzWtF2AnpK9RQ");
    }

    #[test]
    fn each_algorithm_signs_so_that_others_can_check() {
        let keys = Keys::generate();
        for (name, alg) in SigningAlg::ALL {
            let token = jws(&keys, alg, "JWT", &json!({"sub": "1"})).unwrap();
            let jwk = if name == "ES256" { keys.p256_jwk() } else { keys.rsa_jwk() };
            let jwk = Jwk::deserialize(jwk).unwrap();
            let mut rules = Validation::new(name.parse().unwrap());
            rules.required_spec_claims.clear();
            rules.validate_exp = false;
            let key = DecodingKey::from_jwk(&jwk).unwrap();
            assert_eq!(
                jsonwebtoken::decode::<Value>(&token, &key, &rules).unwrap().claims["sub"],
                "1"
            );
        }
    }
}
