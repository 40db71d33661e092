//! The office as a relying party of OpenID Connect Core 1.0: code flow with PKCE (RFC 7636), `private_key_jwt` with ES256
//! (RFC 7523), signed user info (Core 5.3.2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use jsonwebtoken::{Algorithm, EncodingKey, Header, Validation};
use p256::pkcs8::EncodePrivateKey as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::kit::clock::wall;
use crate::kit::courier::{Errand, Letter, Undelivered};
use crate::kit::trust::jwks::{KeyRing, NoKey, Owner};
use crate::programme_office::model::application::Application;
use crate::programme_office::store::Login;

/// The part of the cast that people log in at.
const PROVIDER: &str = "identity";
/// The office's name there.
const CLIENT: &str = "programme-office";
/// How long a proof of who the office is stands, in real seconds.
const ASSERTION_SECONDS: i64 = 60;
/// What the office asks to know.
const SCOPE: &str = "openid profile phone address";
/// How a person may prove who they are, the usual way first: a code on the phone, or a PIN for whoever has no phone.
const WAYS: &str = "mosip:idp:acr:generated-code mosip:idp:acr:static-code";

/// Who logged in, as the identity system vouches for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::programme_office) struct Verified {
    /// The person's name towards this office only.
    pub(in crate::programme_office) sub: String,
    pub(in crate::programme_office) name: String,
    /// `YYYY-MM-DD`.
    pub(in crate::programme_office) birth_date: String,
    /// The UIN, where the identity system releases it.
    pub(in crate::programme_office) uin: Option<String>,
    pub(in crate::programme_office) locale: Option<String>,
    /// Where the person lives, which tells namesakes apart.
    pub(in crate::programme_office) locality: Option<String>,
    /// How they proved it, in a word of RFC 8176: `otp` or `pin`.
    pub(in crate::programme_office) by: Option<String>,
}

/// Why a login could not be completed.
#[derive(Debug, thiserror::Error)]
pub(in crate::programme_office) enum LoginError {
    #[error(transparent)]
    Undelivered(#[from] Undelivered),
    #[error("Arenoa ID refused at {at} ({status}): {sentence}")]
    Refused { at: &'static str, status: u16, sentence: String },
    #[error("Arenoa ID's key is not to be had: {0}")]
    NoKey(#[from] NoKey),
    #[error("the {what} of Arenoa ID cannot be trusted: {reason}")]
    Untrusted { what: &'static str, reason: String },
    #[error("the user info lacks `{0}`")]
    Lacks(&'static str),
    #[error("the office cannot sign: {0}")]
    Unsigned(String),
    #[error("this machine gives no random numbers")]
    NoChance,
}

#[derive(Debug, Serialize)]
struct Assertion<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: String,
    iat: i64,
    exp: i64,
}

#[derive(Debug, Deserialize)]
struct Tokens {
    access_token: String,
    id_token: String,
}

/// Makes ready for a login: what to remember, and the address that the person opens.
pub(in crate::programme_office) fn begin(
    errand: &Errand,
    application: &Application,
) -> Result<(Login, String), LoginError> {
    let login = Login {
        state: unguessable()?,
        application: application.id.clone(),
        nonce: unguessable()?,
        verifier: unguessable()?,
        used: false,
    };
    let challenge = B64.encode(Sha256::digest(&login.verifier));
    let essential = json!({"essential": true});
    let claims = json!({"userinfo": {"name": essential, "birthdate": essential}}).to_string();
    let back = redirect_uri(errand);
    let mut fields = vec![
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", &back),
        ("scope", SCOPE),
        ("state", &login.state),
        ("nonce", &login.nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
        ("claims", &claims),
        ("acr_values", WAYS),
    ];
    // The number that was given at the portal then stands in the form already.
    fields.extend(application.uin.as_deref().map(|uin| ("login_hint", uin)));
    let base = errand.office.room.base_of(PROVIDER);
    let url = base.and_then(|b| Url::parse_with_params(&format!("{b}/authorize"), fields).ok());
    let url = url.ok_or_else(|| Undelivered::NoSuchPart(PROVIDER.into()))?;
    Ok((login, url.into()))
}

/// Whether an answer that names its issuer (RFC 9207) comes from the provider that was asked.
pub(in crate::programme_office) fn comes_from_provider(
    errand: &Errand,
    issuer: Option<&str>,
) -> bool {
    let base = errand.office.room.base_of(PROVIDER);
    issuer.is_none_or(|issuer| base.as_deref() == Some(issuer))
}

/// Changes the code for what the identity system says about the person, and checks every signature on the way.
pub(in crate::programme_office) async fn complete(
    errand: &Errand,
    login: &Login,
    code: &str,
) -> Result<Verified, LoginError> {
    let tokens = redeem(errand, login, code).await?;
    let id_token = trusted(errand, "id token", &tokens.id_token, true).await?;
    check_id_token(&id_token, login, &tokens.access_token)?;
    let letter = Letter::get(PROVIDER, "/oidc/userinfo").bearer(&tokens.access_token);
    let reply = errand.send(letter).await?;
    if !reply.is_success() {
        return Err(refused("user info", reply.status, &reply.body));
    }
    let text = String::from_utf8_lossy(&reply.body);
    let info = trusted(errand, "user info", text.trim(), false).await?;
    if info["sub"] != id_token["sub"] {
        let reason = String::from("it is about somebody else than the id token");
        return Err(LoginError::Untrusted { what: "user info", reason });
    }
    let by = id_token["amr"][0].as_str().map(str::to_owned);
    Ok(Verified { by, ..read_person(&info)? })
}

async fn redeem(errand: &Errand, login: &Login, code: &str) -> Result<Tokens, LoginError> {
    let base = errand.office.room.base_of(PROVIDER).unwrap_or_default();
    let assertion = assertion(errand, &format!("{base}/oauth/v2/token"))?;
    let back = redirect_uri(errand);
    let letter = Letter::post(PROVIDER, "/oauth/v2/token").form(&[
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", &back),
        ("code_verifier", &login.verifier),
        ("client_id", CLIENT),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", &assertion),
    ]);
    let reply = errand.send(letter).await?;
    if !reply.is_success() {
        return Err(refused("the token endpoint", reply.status, &reply.body));
    }
    Ok(reply.json()?)
}

/// The office's proof of who it is, for one use.
fn assertion(errand: &Errand, token_endpoint: &str) -> Result<String, LoginError> {
    let keys = &errand.office.keys;
    let der = keys.p256().to_pkcs8_der().map_err(|e| LoginError::Unsigned(e.to_string()))?;
    let kid = keys.p256_jwk()["kid"].as_str().map(str::to_owned);
    let now = wall().as_second();
    let claims = Assertion {
        iss: CLIENT,
        sub: CLIENT,
        aud: token_endpoint,
        jti: errand.office.next_id("JTI"),
        iat: now,
        exp: now + ASSERTION_SECONDS,
    };
    let header = Header { kid, ..Header::new(Algorithm::ES256) };
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ec_der(der.as_bytes()))
        .map_err(|e| LoginError::Unsigned(e.to_string()))
}

/// The claims of a JWT whose signature is the provider's; for an id token also issuer, audience and expiry.
async fn trusted(
    errand: &Errand,
    what: &'static str,
    token: &str,
    is_id_token: bool,
) -> Result<Value, LoginError> {
    let untrusted =
        |e: jsonwebtoken::errors::Error| LoginError::Untrusted { what, reason: e.to_string() };
    let header = jsonwebtoken::decode_header(token).map_err(untrusted)?;
    let owner = Owner::Part(PROVIDER.into());
    let ring = errand.office.memory.of::<KeyRing>();
    let key = ring.key(errand, &owner, header.kid.as_deref(), header.alg).await?;
    let Some(key) = key.for_jwt() else {
        let reason = String::from("it must be signed with RS256 or ES256");
        return Err(LoginError::Untrusted { what, reason });
    };
    let mut rules = Validation::new(header.alg);
    rules.set_required_spec_claims::<&str>(&[]);
    rules.validate_exp = false;
    rules.validate_aud = false;
    if is_id_token {
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        rules.validate_exp = true;
        rules.validate_aud = true;
        rules.set_audience(&[CLIENT]);
        rules.set_issuer(&[errand.office.room.base_of(PROVIDER).unwrap_or_default()]);
    }
    Ok(jsonwebtoken::decode::<Value>(token, &key, &rules).map_err(untrusted)?.claims)
}

/// The nonce is ours, and the access token is the one the id token came with (Core 3.1.3.7, 3.1.3.8).
fn check_id_token(claims: &Value, login: &Login, access_token: &str) -> Result<(), LoginError> {
    let wrong = |reason: &str| LoginError::Untrusted { what: "id token", reason: reason.into() };
    if claims["nonce"] != login.nonce.as_str() {
        return Err(wrong("its nonce is not the one that was sent"));
    }
    let expected = B64.encode(&Sha256::digest(access_token)[..16]);
    match claims["at_hash"].as_str() {
        Some(hash) if hash != expected => Err(wrong("it belongs to another access token")),
        _ => Ok(()),
    }
}

fn read_person(info: &Value) -> Result<Verified, LoginError> {
    let text = |name: &'static str| {
        info[name]
            .as_str()
            .filter(|t| !t.is_empty())
            .map(str::to_owned)
            .ok_or(LoginError::Lacks(name))
    };
    Ok(Verified {
        sub: text("sub")?,
        name: text("name")?,
        // MOSIP writes slashes.
        birth_date: text("birthdate")?.replace('/', "-"),
        uin: text("individual_id").ok(),
        locale: text("locale").ok(),
        locality: info["address"]["locality"].as_str().map(str::to_owned),
        by: None,
    })
}

fn redirect_uri(errand: &Errand) -> String {
    format!("{}/portal/callback", errand.own_base())
}

fn refused(at: &'static str, status: u16, body: &[u8]) -> LoginError {
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    let why = said["error_description"].as_str().or(said["error"].as_str());
    LoginError::Refused { at, status, sentence: why.unwrap_or("no reason was given").into() }
}

fn unguessable() -> Result<String, LoginError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|_| LoginError::NoChance)?;
    Ok(B64.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_token_with_another_nonce_or_for_another_access_token_is_refused() {
        let login = Login {
            state: "s".into(),
            application: "APP-2026-000001".into(),
            nonce: "n".into(),
            verifier: "v".into(),
            used: false,
        };
        let hash = B64.encode(&Sha256::digest("token")[..16]);
        let claims = |nonce: &str| json!({"nonce": nonce, "at_hash": hash});
        assert!(check_id_token(&claims("n"), &login, "token").is_ok());
        assert!(check_id_token(&claims("other"), &login, "token").is_err());
        assert!(check_id_token(&claims("n"), &login, "another").is_err());
    }

    #[test]
    fn user_info_without_a_birth_date_is_refused() {
        let info = json!({"sub": "1", "name": "Tomas Amaro"});
        assert!(matches!(read_person(&info), Err(LoginError::Lacks("birthdate"))));
    }
}
