//! The authorization request: `GET /authorize` (RFC 6749 4.1.1, `OpenID Connect` Core 3.1.2.1, RFC 7636 4.3).

use serde::{Deserialize, Serialize};

use super::claims::ClaimsAsked;
use super::client::{Auth, Client};
use super::factor::Factor;
use super::fields::Fields;
use super::pkce;
use super::refusal::Refusal;

/// What is asked for where a client names no class: a one-time code.
const USUAL: &str = "mosip:idp:acr:generated-code";

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
    /// The authentication contexts among which the person chooses, in the client's order; never empty.
    pub(in crate::identity) acr: Vec<String>,
    pub(in crate::identity) login_hint: Option<String>,
    /// Languages in which names are wanted, as ISO 639-2 writes them; more than one means `name#fra`.
    #[serde(default)]
    pub(in crate::identity) locales: Vec<String>,
    /// The subject of `id_token_hint`, once that was found to be ours.
    #[serde(default)]
    pub(in crate::identity) hinted: Option<String>,
}

impl Asked {
    /// The ways of proving among which the person chooses, each once.
    pub(in crate::identity) fn factors(&self) -> Vec<Factor> {
        let mut factors: Vec<Factor> = Vec::new();
        for factor in self.acr.iter().filter_map(|class| Factor::of_class(class)) {
            if !factors.contains(&factor) {
                factors.push(factor);
            }
        }
        factors
    }

    /// Whether the person whom the client knows as `subject` may be the one who logs in (Core 3.1.2.2).
    pub(in crate::identity) fn admits(&self, subject: &str) -> bool {
        let by_hint = self.hinted.as_deref().is_none_or(|hinted| hinted == subject);
        by_hint && self.claims.admit(subject)
    }

    /// The context that was reached with `factor`, in the client's own word.
    pub(in crate::identity) fn reached(&self, factor: Factor) -> &str {
        let class = self.acr.iter().find(|class| Factor::of_class(class) == Some(factor));
        class.map_or(USUAL, String::as_str)
    }
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
    /// Reads everything else but the hint; what is wrong is told to the client at its address.
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
        max_age(fields)?;
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
            locales: locales(&fields.words("claims_locales")),
            hinted: None,
        })
    }
}

/// Languages by ISO 639-2 code, each once: `fr-CH` and `fra` are the same.
pub(in crate::identity) fn locales(asked: &[String]) -> Vec<String> {
    let three = |tag: &String| {
        let primary = tag.split('-').next().unwrap_or_default().to_lowercase();
        Some(match primary.as_str() {
            "en" | "eng" => "eng",
            "fr" | "fra" | "fre" => "fra",
            "es" | "spa" => "spa",
            "ar" | "ara" => "ara",
            "pt" | "por" => "por",
            _ => return None,
        })
    };
    let mut locales: Vec<String> = Vec::new();
    for locale in asked.iter().filter_map(three) {
        if !locales.iter().any(|known| known == locale) {
            locales.push(locale.into());
        }
    }
    locales
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

/// Every login is a fresh one, so any age holds; only its form is checked. `auth_time` is always told.
fn max_age(fields: &Fields) -> Result<(), Refusal> {
    match fields.get("max_age").map(str::parse::<u32>) {
        None | Some(Ok(_)) => Ok(()),
        Some(Err(_)) => Err(Refusal::request("`max_age` must be a number of seconds")),
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

/// The context classes that can be reached, as the client names them. An essential one that cannot is refused; one
/// that is only wished for gives way to a one-time code.
fn acr(fields: &Fields, claims: &ClaimsAsked) -> Result<Vec<String>, Refusal> {
    let named = claims.id_token.get("acr").cloned().flatten();
    let text = |v: &serde_json::Value| v.as_str().map(str::to_owned);
    let demanded: Vec<String> = named
        .iter()
        .flat_map(|d| d.values.iter().flatten().chain(&d.value))
        .filter_map(text)
        .collect();
    let essential = named.is_some_and(|d| d.essential) && !demanded.is_empty();
    let mut wished = demanded.clone();
    if !essential {
        wished.extend(fields.words("acr_values"));
    }
    wished.retain(|class| Factor::of_class(class).is_some());
    if wished.is_empty() && essential {
        return Err(Refusal::new(
            "unmet_authentication_requirements",
            format!("{} cannot be reached here; {USUAL} can", demanded.join(" ")),
        ));
    }
    if wished.is_empty() {
        wished.push(USUAL.into());
    }
    Ok(wished)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Result<Vec<String>, Refusal> {
        let fields = Fields::read(query);
        let claims = fields.get("claims").map(ClaimsAsked::read).transpose()?.unwrap_or_default();
        acr(&fields, &claims)
    }

    #[test]
    fn the_clients_order_of_classes_is_kept_and_unknown_ones_give_way() {
        let both = "acr_values=urn:x%20mosip:idp:acr:static-code%20mosip:idp:acr:generated-code";
        assert_eq!(
            asked(both).unwrap(),
            ["mosip:idp:acr:static-code", "mosip:idp:acr:generated-code"]
        );
        assert_eq!(asked("acr_values=urn:x").unwrap(), [USUAL]);
        let essential = r#"claims={"id_token":{"acr":{"essential":true,"values":["urn:x"]}}}"#;
        assert_eq!(asked(essential).unwrap_err().error, "unmet_authentication_requirements");
    }

    #[test]
    fn languages_are_told_apart_by_what_they_are_not_by_how_they_are_written() {
        let asked: Vec<String> = ["fr-CH", "fra", "eng", "xx"].map(String::from).into();
        assert_eq!(locales(&asked), ["fra", "eng"]);
    }
}
