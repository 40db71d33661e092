//! The public key that a participant signs with, out of PEM.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use p256::pkcs8::DecodePublicKey as _;
use rsa::RsaPublicKey;
use rsa::pkcs1::DecodeRsaPublicKey as _;
use rsa::traits::PublicKeyParts as _;
use serde_json::{Value, json};

use crate::kit::trust::x509;

/// The JWK of an RSA or P-256 key in PEM (`PUBLIC KEY`, `RSA PUBLIC KEY` or `CERTIFICATE`); none where it is neither.
pub(in crate::payment_switch) fn key_of_pem(pem: &str, kid: &str) -> Option<Value> {
    let pem = pem.trim();
    if let Ok(key) = p256::PublicKey::from_public_key_pem(pem) {
        let point = key.to_encoded_point(false);
        let (x, y) = (B64.encode(point.x()?), B64.encode(point.y()?));
        return Some(
            json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid, "use": "sig", "alg": "ES256"}),
        );
    }
    let certified = || x509::public_key_of(&x509::from_pem(pem)?);
    let key = RsaPublicKey::from_public_key_pem(pem)
        .ok()
        .or_else(|| RsaPublicKey::from_pkcs1_pem(pem).ok())
        .or_else(certified)?;
    let (n, e) = (key.n().to_bytes_be(), key.e().to_bytes_be());
    let is_long = (256..=1024).contains(&n.len());
    let (n, e) = (B64.encode(n), B64.encode(e));
    is_long.then(|| json!({"kty": "RSA", "n": n, "e": e, "kid": kid, "use": "sig", "alg": "RS256"}))
}
