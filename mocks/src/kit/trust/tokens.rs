//! Bearer tokens (RFC 6750): JWTs (RFC 9068 in spirit, ES256) that the gateway issues and every system checks.
//!
//! A checker fetches the gateway's keys once, over HTTP, and remembers the tokens that it has checked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use actix_web::http::header::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use p256::pkcs8::EncodePrivateKey as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::jwks::{KeyRing, NoKey, Owner};
use crate::kit::clock::wall;
use crate::kit::courier::Errand;
use crate::kit::room::Room;
use standards::dci::ErrorCode;

/// The part of the cast that issues tokens.
pub const GATEWAY: &str = "gateway";
/// How long a token is good for, in real seconds.
pub const GOOD_FOR_SECONDS: i64 = 3600;
/// Clocks of issuer and checker may differ by so much.
const SKEW_SECONDS: i64 = 5;
/// So many checked tokens are remembered.
const MOST_TOKENS: usize = 1024;
/// A longer token is no token.
const LONGEST_TOKEN: usize = 8 * 1024;

/// What a token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    iat: i64,
    exp: i64,
    #[serde(default)]
    jti: String,
}

/// Who bears a token, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// The client id.
    pub client: String,
    /// Scopes with spaces between them.
    pub scope: String,
    /// Seconds since 1970 in real time.
    pub expires: i64,
}

impl Bearer {
    /// Whether the token was issued for `scope`.
    pub fn may(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|s| s == scope)
    }
}

/// Why a request is not let in.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NotLetIn {
    #[error(
        "there is no bearer token: get one at /oauth2/client/token and send Authorization: Bearer ..."
    )]
    Missing,
    #[error("this is no bearer token: {0}")]
    Malformed(&'static str),
    #[error("the token expired {0} s ago: get another at /oauth2/client/token")]
    Expired(i64),
    #[error("the token is not signed by the gateway of this room")]
    WrongSignature,
    #[error("the token was issued by {0}, which is not the gateway of this room")]
    WrongIssuer(String),
    #[error("the token does not allow `{0}`: ask for that scope")]
    MissingScope(String),
    #[error("the token cannot be checked: {0}")]
    NoKey(#[from] NoKey),
}

impl NotLetIn {
    /// 403 where the token is right and not enough, otherwise 401.
    pub fn status(&self) -> u16 {
        if matches!(self, Self::MissingScope(_)) { 403 } else { 401 }
    }

    /// The code of DCI and G2P Connect.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::MissingScope(_) => ErrorCode::RequestForbidden,
            _ => ErrorCode::RequestUnauthorized,
        }
    }
}

/// The gateway's key in the form that signs JWTs, made once.
#[derive(Default)]
struct Signer(OnceLock<Option<(EncodingKey, String)>>);

/// Issues a token in the name of the office that `errand` serves: the gateway. None where its key cannot sign.
pub fn issue(errand: &Errand, client: &str, scope: &str) -> Option<String> {
    let office = &errand.office;
    let signer = office.memory.of::<Signer>();
    let (key, kid) = signer
        .0
        .get_or_init(|| {
            let der = office.keys.p256().to_pkcs8_der().ok()?;
            let kid = office.keys.p256_jwk()["kid"].as_str()?.to_owned();
            Some((EncodingKey::from_ec_der(der.as_bytes()), kid))
        })
        .as_ref()?;
    let now = wall().as_second();
    let claims = Claims {
        iss: errand.own_base(),
        sub: client.into(),
        scope: scope.into(),
        iat: now,
        exp: now + GOOD_FOR_SECONDS,
        jti: office.next_id("TOKEN"),
    };
    let header = Header { kid: Some(kid.clone()), ..Header::new(Algorithm::ES256) };
    jsonwebtoken::encode(&header, &claims, key).ok()
}

/// The secret that a system of the cast shows at the gateway. A sandbox's: it follows from the name, so that it need
/// not be kept anywhere; the gateway keeps only its hash.
pub fn sandbox_secret(client: &str) -> String {
    B64.encode(Sha256::digest(format!("arenoa sandbox client secret of {client}")))
}

/// The tokens that an office has checked.
#[derive(Default)]
struct Seen(Mutex<Checked>);

#[derive(Default)]
struct Checked {
    /// What they were checked under.
    under: Terms,
    /// By the hash of their text.
    bearers: BTreeMap<[u8; 32], Arc<Bearer>>,
}

/// Whose tokens a room takes. Where that changes, by another policy or another gateway, none counts as checked any more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Terms {
    gateway: Option<String>,
    is_guest: bool,
    serves_strangers: bool,
}

impl Terms {
    fn of(room: &Room) -> Self {
        Self {
            gateway: room.base_of(GATEWAY),
            is_guest: room.is_guest(GATEWAY),
            serves_strangers: room.serves_strangers(),
        }
    }
}

impl Seen {
    /// The tokens that were checked under `terms`.
    fn under(&self, terms: &Terms) -> MutexGuard<'_, Checked> {
        let mut checked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if checked.under != *terms {
            *checked = Checked { under: terms.clone(), bearers: BTreeMap::new() };
        }
        checked
    }
}

/// Checks the header `Authorization`, and that the token allows `scope` where one is asked for.
pub async fn check(
    errand: &Errand,
    authorization: Option<&HeaderValue>,
    scope: Option<&str>,
) -> Result<Arc<Bearer>, NotLetIn> {
    let text = authorization.ok_or(NotLetIn::Missing)?;
    let text = text.to_str().map_err(|_| NotLetIn::Malformed("it is not ASCII"))?;
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") || token.trim().is_empty() {
        return Err(NotLetIn::Malformed("write Authorization: Bearer ..."));
    }
    if token.len() > LONGEST_TOKEN {
        return Err(NotLetIn::Malformed("it is longer than 8192 characters"));
    }
    let bearer = known_or_checked(errand, token.trim()).await?;
    match scope {
        Some(scope) if !bearer.may(scope) => Err(NotLetIn::MissingScope(scope.into())),
        _ => Ok(bearer),
    }
}

async fn known_or_checked(errand: &Errand, token: &str) -> Result<Arc<Bearer>, NotLetIn> {
    let hash: [u8; 32] = Sha256::digest(token).into();
    let seen = errand.office.memory.of::<Seen>();
    let terms = Terms::of(&errand.office.room);
    let known = seen.under(&terms).bearers.get(&hash).cloned();
    let now = wall().as_second();
    if let Some(bearer) = known.filter(|b| b.expires >= now) {
        return Ok(bearer);
    }
    let bearer = Arc::new(read(errand, &terms, token).await?);
    if bearer.expires < now - SKEW_SECONDS {
        return Err(NotLetIn::Expired(now.saturating_sub(bearer.expires)));
    }
    let bearers = &mut seen.under(&terms).bearers;
    if bearers.len() >= MOST_TOKENS {
        bearers.retain(|_, b| b.expires >= now);
    }
    if bearers.len() >= MOST_TOKENS {
        bearers.pop_first();
    }
    bearers.insert(hash, Arc::clone(&bearer));
    Ok(bearer)
}

/// Reads a token and checks who signed it, and that the terms allow for that; not whether it is still good.
async fn read(errand: &Errand, terms: &Terms, token: &str) -> Result<Bearer, NotLetIn> {
    let malformed = NotLetIn::Malformed;
    let header = jsonwebtoken::decode_header(token)
        .map_err(|_| malformed("it is not a JWT with an algorithm that is known here"))?;
    if !matches!(header.alg, Algorithm::ES256 | Algorithm::RS256 | Algorithm::EdDSA) {
        return Err(malformed("it must be signed with ES256, RS256 or EdDSA"));
    }
    let (covered, signature) = token.rsplit_once('.').ok_or(malformed("it is not a JWT"))?;
    let (_, payload) = covered.split_once('.').ok_or(malformed("it is not a JWT"))?;
    let decode = |part: &str| B64.decode(part).map_err(|_| malformed("it is not base64url"));
    let claims: Claims = serde_json::from_slice(&decode(payload)?)
        .map_err(|_| malformed("it lacks iss, sub or exp"))?;
    let ours = terms.gateway.as_ref() == Some(&claims.iss);
    let foreign = !ours && terms.serves_strangers;
    let owner =
        if foreign { Owner::Address(claims.iss.clone()) } else { Owner::Part(GATEWAY.into()) };
    let ring = errand.office.memory.of::<KeyRing>();
    let key = ring.key(errand, &owner, header.kid.as_deref(), header.alg).await;
    let key = match key {
        Err(NoKey::UnknownKey { .. }) => return Err(NotLetIn::WrongSignature),
        other => other?,
    };
    if !key.verifies(covered.as_bytes(), &decode(signature)?) {
        return Err(NotLetIn::WrongSignature);
    }
    // All rooms share the gateway's keys: without this a token of one room would open another. A real gateway that
    // stands in names itself as it likes.
    if !ours && !foreign && !terms.is_guest {
        return Err(NotLetIn::WrongIssuer(claims.iss));
    }
    Ok(Bearer { client: claims.sub, scope: claims.scope, expires: claims.exp })
}
