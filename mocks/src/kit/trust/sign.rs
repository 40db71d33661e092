//! Signing DCI and G2P Connect messages: `signature` over `{header, message}` in the dialect that the receiver reads.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as B64};
use bytes::Bytes;
use jsonwebtoken::Algorithm;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use standards::dci::canonical::canonical_text;

use super::Keys;
use super::jwks::sender_id_of;
use crate::kit::clock::wall;
use crate::kit::room::Office;

/// A signature is good for so long, as `OpenSPP2` has it.
const GOOD_FOR_SECONDS: i64 = 300;

/// How a message is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// draft-cavage as `OpenSPP2` writes it, with this namespace (`dci`, `g2p`): the default.
    Cavage(&'static str),
    /// draft-cavage with the published prefix: `Signature: namespace="spdci", ...`.
    Published,
    /// A compact JWS as `OpenCRVS` writes it: `EdDSA`, ES256 or RS256.
    Jws(Algorithm),
    /// The text `unsigned-stub`, which says so itself.
    Unsigned,
}

impl Default for Dialect {
    fn default() -> Self {
        Self::Cavage("dci")
    }
}

/// The body of a signed envelope, in canonical form: it is written once, and what is sent is what was signed.
pub fn seal(
    office: &Office,
    dialect: Dialect,
    header: &impl Serialize,
    message: &impl Serialize,
) -> Result<Bytes, serde_json::Error> {
    let envelope = serde_json::to_string(&Envelope { header, message })?;
    let covered = canonical_text(&envelope);
    let signature = sign(office, dialect, &covered);
    let mut body = Vec::with_capacity(covered.len() + signature.len() + 32);
    body.extend_from_slice(b"{\"signature\":");
    serde_json::to_writer(&mut body, &signature)?;
    body.push(b',');
    body.extend_from_slice(&covered[1..]);
    Ok(body.into())
}

#[derive(Serialize)]
struct Envelope<'a, H, M> {
    header: &'a H,
    message: &'a M,
}

/// The signature text of `office` over `covered`, the canonical `{header, message}`.
pub fn sign(office: &Office, dialect: Dialect, covered: &[u8]) -> String {
    match dialect {
        Dialect::Cavage(namespace) => cavage(office, namespace, covered),
        Dialect::Published => format!("Signature: {}", cavage(office, "spdci", covered)),
        Dialect::Jws(algorithm) => jws(&office.keys, algorithm, covered),
        Dialect::Unsigned => String::from("unsigned-stub"),
    }
}

fn cavage(office: &Office, namespace: &str, covered: &[u8]) -> String {
    let created = wall().as_second();
    let expires = created + GOOD_FOR_SECONDS;
    let signed = format!("(created): {created}\n(expires): {expires}\ndigest: {}", digest(covered));
    let signature = STANDARD.encode(office.keys.sign_ed25519(signed.as_bytes()));
    let (sender, kid) = (sender_id_of(office.system.name), office.keys.ed25519_kid());
    format!(
        "namespace=\"{namespace}\", kidId=\"{sender}|{kid}|ed25519\", algorithm=\"ed25519\", created=\"{created}\", \
         expires=\"{expires}\", headers=\"(created) (expires) digest\", signature=\"{signature}\""
    )
}

/// The digest as it stands in a signing string.
pub(super) fn digest(covered: &[u8]) -> String {
    STANDARD.encode(Sha256::digest(covered))
}

pub(super) fn jws(keys: &Keys, algorithm: Algorithm, covered: &[u8]) -> String {
    let jwk = match algorithm {
        Algorithm::RS256 => keys.rsa_jwk(),
        Algorithm::ES256 => keys.p256_jwk(),
        _ => keys.ed25519_jwk(),
    };
    let header = json!({"alg": jwk["alg"], "kid": jwk["kid"]}).to_string();
    let signed = format!("{}.{}", B64.encode(header), B64.encode(covered));
    let signature = match algorithm {
        Algorithm::RS256 => keys.sign_rsa(signed.as_bytes()),
        Algorithm::ES256 => keys.sign_p256(signed.as_bytes()),
        _ => keys.sign_ed25519(signed.as_bytes()),
    };
    // A key of ours that cannot sign leaves the signature empty, which no receiver takes for a right one.
    format!("{signed}.{}", B64.encode(signature))
}
