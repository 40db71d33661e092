//! The authorization request: `GET /authorize` (RFC 6749 4.1.1, `OpenID Connect` Core 3.1.2.1, RFC 7636 4.3).

use serde::{Deserialize, Serialize};

use super::claims::ClaimsAsked;
use super::client::{Auth, Client};
use super::fields::Fields;
use super::pkce;
use super::refusal::Refusal;

/// How a person proves who they are here: a one-time code. The names that eSignet and `GovStack` give it.
pub(in crate::identity) const ACR: [&str; 2] =
    ["mosip:idp:acr:generated-code", "idbb:acr:generated-code"];

/// A well-formed request, kept while the person logs in.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub(in crate::identity) struct Asked {
    pub(in crate::identity) client: String,
    pub(in crate::identity) redirect_uri: String,
    pub(in crate::identity) scope: Vec<String>,
    pub(in crate::identity) state: Option<String>,
    pub(in crate::identity) nonce: Option<String>,
    pub(in crate::identity) challenge: Option<String>,
    pub(in crate::identity) claims: ClaimsAsked,
    /// The authentication context that the `id_token` will name.
    pub(in crate::identity) acr: String,
    pub(in crate::identity) login_hint: Option<String>,
}

/// What stands in for `redirect_uri` once it is known to be the client's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::identity) struct Back {
    pub(in crate::identity) redirect_uri: String,
    pub(in crate::identity) state: Option<String>,
}

impl Back {
    /// The address of the client, and that it is the client's. Whoever fails here is told on a page of ours: an
    /// answer is never sent to an address that is not registered.
    pub(in crate::identity) fn read(fields: &Fields, client: &Client) -> Result<Self, Refusal> {
        let uri = fields.get("redirect_uri").ok_or_else(|| {
            Refusal::request("`redirect_uri` is missing: write one that the client registered")
        })?;
        if !client.redirects_to(uri) {
            return Err(Refusal::request(format!(
                "`{uri}` is not registered for {}: an answer goes only to a registered `redirect_uri`, letter by letter",
                client.id
            )));
        }
        Ok(Self { redirect_uri: uri.into(), state: fields.owned("state") })
    }
}

impl Asked {
    /// Reads everything else; what is wrong is told to the client at its address.
    pub(in crate::identity) fn read(
        fields: &Fields,
        client: &Client,
        back: &Back,
    ) -> Result<Self, Refusal> {
        if let Some(name) = fields.repeated() {
            return Err(Refusal::request(format!("`{name}` was sent twice; send it once")));
        }
        unsupported(fields)?;
        match fields.get("response_type") {
            Some("code") => {}
            None => return Err(Refusal::request("`response_type` is missing; write `code`")),
            Some(other) => {
                let sentence = format!("`response_type` {other} is not served; write `code`");
                return Err(Refusal::new("unsupported_response_type", sentence));
            }
        }
        let scope = fields.words("scope");
        if !scope.iter().any(|s| s == "openid") {
            return Err(Refusal::new("invalid_scope", "`scope` must contain `openid`"));
        }
        prompt(fields)?;
        let claims = fields.get("claims").map(ClaimsAsked::read).transpose()?.unwrap_or_default();
        Ok(Self {
            client: client.id.clone(),
            redirect_uri: back.redirect_uri.clone(),
            scope,
            state: back.state.clone(),
            nonce: fields.owned("nonce"),
            challenge: challenge(fields, client)?,
            acr: acr(fields, &claims)?,
            claims,
            login_hint: fields.owned("login_hint"),
        })
    }
}

fn unsupported(fields: &Fields) -> Result<(), Refusal> {
    let refuse = |name: &str, error| {
        let sentence = format!("`{name}` is not served; send the parameters themselves");
        if fields.get(name).is_some() { Err(Refusal::new(error, sentence)) } else { Ok(()) }
    };
    refuse("request", "request_not_supported")?;
    refuse("request_uri", "request_uri_not_supported")?;
    refuse("registration", "registration_not_supported")?;
    match fields.get("response_mode") {
        None | Some("query") => Ok(()),
        Some(other) => {
            Err(Refusal::request(format!("`response_mode` {other} is not served; write `query`")))
        }
    }
}

/// Every login is a fresh one, so only `none` cannot be served.
fn prompt(fields: &Fields) -> Result<(), Refusal> {
    let prompts = fields.words("prompt");
    match prompts.as_slice() {
        [only] if only == "none" => Err(Refusal::new(
            "login_required",
            "nobody is logged in: Arenoa ID keeps no session, so `prompt=none` never succeeds",
        )),
        many if many.iter().any(|p| p == "none") => {
            Err(Refusal::request("`prompt=none` cannot be combined with another prompt"))
        }
        _ => Ok(()),
    }
}

fn challenge(fields: &Fields, client: &Client) -> Result<Option<String>, Refusal> {
    let Some(challenge) = fields.get("code_challenge") else {
        return match client.auth {
            Auth::None => Err(Refusal::request(
                "a public client proves itself with PKCE: send `code_challenge` and `code_challenge_method=S256`",
            )),
            _ => Ok(None),
        };
    };
    if fields.get("code_challenge_method") != Some("S256") {
        return Err(Refusal::request("only `code_challenge_method=S256` is served"));
    }
    if !pkce::is_challenge(challenge) {
        return Err(Refusal::request(
            "`code_challenge` is no SHA-256 in base64url: 43 characters without padding",
        ));
    }
    Ok(Some(challenge.into()))
}

/// The context class: ours, named as the client names it; an essential one that we cannot reach is refused.
fn acr(fields: &Fields, claims: &ClaimsAsked) -> Result<String, Refusal> {
    let named = claims.id_token.get("acr").cloned().flatten();
    let text = |v: &serde_json::Value| v.as_str().map(str::to_owned);
    let demanded: Vec<String> = named
        .iter()
        .flat_map(|d| d.values.iter().flatten().chain(&d.value))
        .filter_map(text)
        .collect();
    let ours = |word: &&String| ACR.contains(&word.as_str());
    if let Some(acr) = demanded.iter().chain(&fields.words("acr_values")).find(ours) {
        return Ok(acr.clone());
    }
    if named.is_some_and(|d| d.essential) && !demanded.is_empty() {
        return Err(Refusal::new(
            "unmet_authentication_requirements",
            format!("{} cannot be reached here; {} can", demanded.join(" "), ACR[0]),
        ));
    }
    Ok(ACR[0].into())
}
