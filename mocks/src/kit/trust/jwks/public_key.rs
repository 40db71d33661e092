//! A public key out of a JWK (RFC 7517): what signatures are checked with, and what messages are encrypted to.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use ed25519_dalek::VerifyingKey;
use jsonwebtoken::{Algorithm, DecodingKey};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use rsa::{BigUint, RsaPublicKey};
use serde_json::Value;

/// A public key that signatures are checked with.
#[derive(Debug, Clone)]
pub enum PublicKey {
    Ed25519(VerifyingKey),
    /// The uncompressed point.
    P256(Vec<u8>),
    /// Modulus and exponent.
    Rsa(Vec<u8>, Vec<u8>),
}

/// A public key that messages are encrypted to (RSA-OAEP-256), and its id.
#[derive(Debug, Clone)]
pub struct EncryptionKey {
    pub kid: String,
    pub key: RsaPublicKey,
}

impl EncryptionKey {
    /// Reads a JWK; none where nothing is encrypted to it.
    pub(super) fn read(jwk: &Value) -> Option<Self> {
        let number = |name: &str| {
            let bytes = B64.decode(jwk[name].as_str()?).ok()?;
            Some(BigUint::from_bytes_be(&bytes))
        };
        if jwk["kty"] != "RSA" || jwk["use"] != "enc" {
            return None;
        }
        let key = RsaPublicKey::new(number("n")?, number("e")?).ok()?;
        Some(Self { kid: jwk["kid"].as_str()?.to_owned(), key })
    }
}

impl PublicKey {
    /// Reads a JWK; none where it is of a kind that nothing here is signed with.
    pub fn read(jwk: &Value) -> Option<Self> {
        let part = |name: &str| jwk[name].as_str();
        let number = |name: &str| B64.decode(part(name)?).ok();
        match (part("kty")?, part("crv")) {
            ("OKP", Some("Ed25519")) => {
                let bytes = <[u8; 32]>::try_from(B64.decode(part("x")?).ok()?).ok()?;
                VerifyingKey::from_bytes(&bytes).ok().map(Self::Ed25519)
            }
            ("EC", Some("P-256")) => {
                let (x, y) = (number("x")?, number("y")?);
                (x.len() == 32 && y.len() == 32).then(|| Self::P256([&[4][..], &x, &y].concat()))
            }
            ("RSA", _) => Some(Self::Rsa(number("n")?, number("e")?)),
            _ => None,
        }
    }

    pub(super) fn fits(&self, algorithm: Algorithm) -> bool {
        match self {
            Self::Ed25519(_) => algorithm == Algorithm::EdDSA,
            Self::P256(_) => algorithm == Algorithm::ES256,
            Self::Rsa(..) => algorithm == Algorithm::RS256,
        }
    }

    /// The key in the form that [`jsonwebtoken::decode`] takes; none for Ed25519.
    pub fn for_jwt(&self) -> Option<DecodingKey> {
        match self {
            Self::Ed25519(_) => None,
            Self::P256(point) => {
                let (x, y) = point.get(1..)?.split_at_checked(32)?;
                DecodingKey::from_ec_components(&B64.encode(x), &B64.encode(y)).ok()
            }
            Self::Rsa(n, e) => Some(DecodingKey::from_rsa_raw_components(n, e)),
        }
    }

    /// Whether `signature` is this key's over `message`.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Ed25519(key) => <[u8; 64]>::try_from(signature).is_ok_and(|bytes| {
                key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(&bytes)).is_ok()
            }),
            Self::P256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                .verify(message, signature)
                .is_ok(),
            Self::Rsa(n, e) => RsaPublicKeyComponents { n, e }
                .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
                .is_ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_key_that_is_too_short_is_no_key() {
        assert!(PublicKey::read(&json!({"kty": "OKP", "crv": "Ed25519", "x": "AAAA"})).is_none());
    }

    #[test]
    fn an_rsa_key_checks_what_its_private_half_signed() {
        use crate::kit::trust::{Keys, sign};
        let keys = Keys::generate();
        let text = sign::jws(&keys, Algorithm::RS256, b"{}");
        let (covered, signature) = text.rsplit_once('.').unwrap();
        let key = PublicKey::read(keys.rsa_jwk()).unwrap();
        let signature = B64.decode(signature).unwrap();
        assert!(key.verifies(covered.as_bytes(), &signature));
        assert!(!key.verifies(b"something else", &signature));
    }
}
