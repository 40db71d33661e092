//! JSON Web Signatures (RFC 7515, compact) with the provider's RSA key, made away from the server's threads.

use std::sync::Arc;

use actix_web::web;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use rsa::Pkcs1v15Sign;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::kit::room::Office;
use crate::kit::trust::Keys;

/// Why something could not be signed.
#[derive(Debug, thiserror::Error)]
pub(super) enum SignError {
    #[error("the RSA key could not sign: {0}")]
    Key(#[from] rsa::Error),
    #[error("the thread that signs is gone: {0}")]
    Thread(#[from] actix_web::error::BlockingError),
}

/// Signs each claims set with RS256, on the pool for blocking work; `typ` says what each is.
pub(super) async fn sign(
    office: &Office,
    sets: Vec<(&'static str, Value)>,
) -> Result<Vec<String>, SignError> {
    let keys = Arc::clone(&office.keys);
    let tokens = web::block(move || {
        sets.iter().map(|(typ, claims)| jws(&keys, typ, claims)).collect::<Result<Vec<_>, _>>()
    });
    Ok(tokens.await??)
}

fn jws(keys: &Keys, typ: &str, claims: &Value) -> Result<String, rsa::Error> {
    let kid = keys.rsa_jwk()["kid"].take();
    let header = json!({"alg": "RS256", "kid": kid, "typ": typ});
    let signed = format!("{}.{}", B64.encode(header.to_string()), B64.encode(claims.to_string()));
    let padding = Pkcs1v15Sign::new::<Sha256>();
    let signature = keys.rsa().sign_with_rng(
        &mut rsa::rand_core::OsRng,
        padding,
        &Sha256::digest(signed.as_bytes()),
    )?;
    Ok(format!("{signed}.{}", B64.encode(signature)))
}

/// The public keys, RSA first; made away from the server's threads, because the first time takes long.
pub(super) async fn jwks(office: &Office) -> Result<Value, SignError> {
    let keys = Arc::clone(&office.keys);
    let set = web::block(move || {
        let [rsa, encryption] = [keys.rsa_jwk(), keys.encryption_jwk()];
        json!({"keys": [rsa, keys.p256_jwk(), keys.ed25519_jwk(), encryption]})
    });
    Ok(set.await?)
}

/// The claims of an access token of our own, where its signature and its time are right.
pub(super) fn read_own(office: &Office, token: &str, issuer: &str) -> Option<Value> {
    let jwk: Jwk = serde_json::from_value(office.keys.rsa_jwk()).ok()?;
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_issuer(&[issuer]);
    rules.set_required_spec_claims(&["exp", "iss"]);
    rules.validate_aud = false;
    rules.leeway = 0;
    let key = DecodingKey::from_jwk(&jwk).ok()?;
    let data = jsonwebtoken::decode::<Value>(token, &key, &rules).ok()?;
    (data.header.typ.as_deref() == Some("at+jwt")).then_some(data.claims)
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
}
