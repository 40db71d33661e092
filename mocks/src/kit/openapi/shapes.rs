//! Answers that several systems give, by their shape.

use schemars::JsonSchema;
use serde::Serialize;
use standards::dci::{EncryptedMessage, Envelope};

/// Why something was refused, in the house's own words.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Complaint")]
pub struct Complaint<'a> {
    pub error: &'a str,
}

/// A bearer token (RFC 6749, section 5.1).
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TokenAnswer")]
pub struct Issued {
    pub access_token: String,
    /// `Bearer`.
    pub token_type: &'static str,
    /// In seconds.
    pub expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

/// Why there is no token (RFC 6749, section 5.2).
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TokenRefusal")]
pub struct NoToken<'a> {
    /// `invalid_client`, `invalid_grant` and others of the section.
    pub error: &'a str,
    pub error_description: &'a str,
}

/// A set of public keys (RFC 7517, section 5).
#[derive(Debug, JsonSchema)]
#[expect(dead_code, reason = "only its schema is read: keys are written as JSON")]
#[schemars(rename = "JwkSet")]
pub struct KeySet {
    keys: Vec<PublicKey>,
}

/// A public key (RFC 7517, section 4; RFC 7518, section 6; RFC 8037, section 2).
#[derive(Debug, JsonSchema)]
#[expect(dead_code, reason = "only its schema is read: keys are written as JSON")]
#[schemars(rename = "Jwk")]
struct PublicKey {
    /// `OKP`, `EC` or `RSA`.
    kty: String,
    kid: String,
    /// `sig` or `enc`.
    #[schemars(rename = "use")]
    purpose: String,
    /// `EdDSA`, `ES256`, `RS256` or `RSA-OAEP-256`.
    alg: String,
    /// The curve of `OKP` and `EC`.
    crv: Option<String>,
    x: Option<String>,
    /// Of `EC`.
    y: Option<String>,
    /// Of `RSA`, as `n`.
    e: Option<String>,
    n: Option<String>,
}

/// One shape or the other.
#[derive(Debug, JsonSchema)]
#[schemars(rename = "{A}_or_{B}", untagged)]
pub enum Either<A, B> {
    One(A),
    Other(B),
}

/// A message of DCI in clear, or encrypted to who asked.
pub type Sealable<M> = Envelope<Either<M, EncryptedMessage>>;
