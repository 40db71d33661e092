//! The key that a client registers (RFC 7517, RFC 7518 6): public, and one that its assertions can be checked with.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use ed25519_dalek::VerifyingKey;
use jsonwebtoken::jwk::Jwk;
use rsa::traits::PublicKeyParts as _;
use rsa::{BigUint, RsaPublicKey};
use serde::Deserialize as _;
use serde_json::Value;

/// Bits that an RSA key has at least (RFC 7518, 3.3).
const SHORTEST_RSA: usize = 2048;

/// Whether `jwk` is the public half of a key whose signatures can be checked, and nothing more than that half.
pub(in crate::identity) fn is_usable(jwk: &Value) -> bool {
    let private = ["d", "p", "q", "k"].iter().any(|member| jwk.get(member).is_some());
    let readable = Jwk::deserialize(jwk).is_ok();
    !private && readable && is_key(jwk).unwrap_or(false)
}

/// Whether the numbers of `jwk` are a key; nothing where one is missing or the kind is not served.
fn is_key(jwk: &Value) -> Option<bool> {
    let bytes = |name: &str| B64.decode(jwk[name].as_str()?).ok();
    let number = |name: &str| Some(BigUint::from_bytes_be(&bytes(name)?));
    Some(match (jwk["kty"].as_str()?, jwk["crv"].as_str()) {
        ("RSA", _) => RsaPublicKey::new(number("n")?, number("e")?)
            .is_ok_and(|key| key.n().bits() >= SHORTEST_RSA),
        ("EC", Some("P-256")) => {
            let (x, y) = (bytes("x")?, bytes("y")?);
            let point = [&[4], x.as_slice(), y.as_slice()].concat();
            x.len() == y.len() && p256::PublicKey::from_sec1_bytes(&point).is_ok()
        }
        ("OKP", Some("Ed25519")) => {
            VerifyingKey::try_from(bytes("x")?.as_slice()).is_ok_and(|key| !key.is_weak())
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kit::trust::Keys;

    #[test]
    fn only_keys_that_signatures_can_be_checked_with_are_usable() {
        let keys = Keys::generate();
        for jwk in [keys.rsa_jwk(), keys.p256_jwk(), keys.ed25519_jwk()] {
            assert!(is_usable(jwk), "{jwk}");
        }
        let with = |jwk: &Value, name: &str, value: &str| {
            let mut changed = jwk.clone();
            changed[name] = value.into();
            changed
        };
        let short = B64.encode([255; 128]);
        for jwk in [
            json!({"kty": "RSA"}),
            json!({"kty": "oct", "k": "AAAA"}),
            json!("a key"),
            with(keys.rsa_jwk(), "d", "AAAA"),
            with(keys.rsa_jwk(), "n", ""),
            with(keys.rsa_jwk(), "n", "not base64!"),
            with(keys.rsa_jwk(), "n", &short),
            with(keys.rsa_jwk(), "e", "AQ"),
            with(keys.p256_jwk(), "crv", "P-384"),
            with(keys.p256_jwk(), "x", &B64.encode([1; 32])),
            with(keys.p256_jwk(), "y", ""),
            with(keys.ed25519_jwk(), "x", "AAAA"),
            with(keys.ed25519_jwk(), "crv", "X25519"),
        ] {
            assert!(!is_usable(&jwk), "{jwk}");
        }
    }
}
