//! The law of the gateway: what a token request is, and who gets a token for what (RFC 6749 sections 2.3.1, 4.4, 5.2).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as B64};
use sha2::{Digest as _, Sha256};

/// What tokens can be issued for.
pub(super) const SCOPES: &[&str] = &[
    "registry.search",
    "registry.subscribe",
    "registry.notify",
    "mapper.link",
    "mapper.resolve",
    "payments.disburse",
    "statistics.write",
];

/// A client of the gateway, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Client {
    pub(super) client_id: String,
    pub(super) secret_sha256: String,
    /// Scopes with spaces between them.
    pub(super) scopes: String,
}

/// A place of the country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Location {
    /// The P-code.
    pub(super) code: String,
    pub(super) name: String,
    /// `COUNTRY`, `PROVINCE`, `DISTRICT` or `COMMUNITY`.
    pub(super) kind: String,
    /// The code of the place that it lies in.
    pub(super) within: Option<String>,
}

/// Somebody who asks for a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Application {
    pub(super) client_id: String,
    pub(super) client_secret: String,
    /// Absent where the client wants whatever it may have.
    pub(super) scope: Option<String>,
}

/// Why no token is issued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("{0}")]
    InvalidRequest(String),
    #[error("the client is unknown or the secret is wrong")]
    InvalidClient,
    #[error("grant_type `{0}` is not issued here: write client_credentials")]
    UnsupportedGrantType(String),
    #[error("`{wrong}` is not among the scopes of this client: {allowed}")]
    InvalidScope { wrong: String, allowed: String },
}

impl Refusal {
    /// The code of RFC 6749.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::UnsupportedGrantType(_) => "unsupported_grant_type",
            Self::InvalidScope { .. } => "invalid_scope",
        }
    }

    /// 401 where the client could not be recognised, otherwise 400.
    pub(super) fn status(&self) -> u16 {
        if *self == Self::InvalidClient { 401 } else { 400 }
    }
}

impl Application {
    /// Reads the fields of the form, and the header `Authorization` where the client shows its secret there.
    pub(super) fn read(
        fields: Vec<(String, String)>,
        authorization: Option<&str>,
    ) -> Result<Self, Refusal> {
        let mut form = BTreeMap::new();
        for (name, value) in fields {
            if form.insert(name.clone(), value).is_some() {
                return Err(Refusal::InvalidRequest(format!("{name} is given twice")));
            }
        }
        let missing = |name: &str| {
            Refusal::InvalidRequest(format!(
                "{name} is missing: write grant_type=client_credentials&client_id=...&client_secret=... as a form"
            ))
        };
        match form.remove("grant_type") {
            None => return Err(missing("grant_type")),
            Some(grant) if grant != "client_credentials" => {
                return Err(Refusal::UnsupportedGrantType(grant));
            }
            Some(_) => {}
        }
        let scope = form.remove("scope").filter(|s| !s.trim().is_empty());
        if let Some((client_id, client_secret)) = basic(authorization)? {
            if form.contains_key("client_secret") {
                let sentence = "the secret is in the form and in the header: write it once";
                return Err(Refusal::InvalidRequest(sentence.into()));
            }
            return Ok(Self { client_id, client_secret, scope });
        }
        let client_id = form.remove("client_id").ok_or_else(|| missing("client_id"))?;
        let client_secret = form.remove("client_secret").ok_or_else(|| missing("client_secret"))?;
        Ok(Self { client_id, client_secret, scope })
    }
}

/// Client id and secret of `Authorization: Basic ...`; nothing where another scheme or none stands there.
fn basic(authorization: Option<&str>) -> Result<Option<(String, String)>, Refusal> {
    let Some((scheme, text)) = authorization.and_then(|a| a.split_once(' ')) else {
        return Ok(None);
    };
    if !scheme.eq_ignore_ascii_case("basic") {
        return Ok(None);
    }
    let decoded = STANDARD.decode(text.trim()).ok().and_then(|b| String::from_utf8(b).ok());
    match decoded.as_deref().and_then(|d| d.split_once(':')) {
        Some((id, secret)) => Ok(Some((id.into(), secret.into()))),
        None => Err(Refusal::InvalidClient),
    }
}

/// What a secret is kept as.
pub(super) fn secret_hash(secret: &str) -> String {
    B64.encode(Sha256::digest(secret))
}

/// The scopes that `client` gets for its application. An unknown client is refused like a wrong secret.
pub(super) fn grant(application: &Application, client: Option<&Client>) -> Result<String, Refusal> {
    let client = client.ok_or(Refusal::InvalidClient)?;
    if client.secret_sha256 != secret_hash(&application.client_secret) {
        return Err(Refusal::InvalidClient);
    }
    let Some(wanted) = &application.scope else { return Ok(client.scopes.clone()) };
    let allowed: Vec<_> = client.scopes.split(' ').collect();
    match wanted.split_whitespace().find(|s| !allowed.contains(s)) {
        Some(wrong) => {
            Err(Refusal::InvalidScope { wrong: wrong.into(), allowed: client.scopes.clone() })
        }
        None => Ok(wanted.split_whitespace().collect::<Vec<_>>().join(" ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &[(&str, &str)]) -> Vec<(String, String)> {
        text.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect()
    }

    #[test]
    fn the_secret_may_stand_in_the_form_or_in_the_header_and_not_in_both() {
        let grant = ("grant_type", "client_credentials");
        let in_form = form(&[grant, ("client_id", "demo"), ("client_secret", "s")]);
        let read = Application::read(in_form.clone(), None).unwrap();
        let header = format!("Basic {}", STANDARD.encode("demo:s"));
        assert_eq!(Application::read(form(&[grant]), Some(&header)), Ok(read));
        let twice = Application::read(in_form, Some(&header)).unwrap_err();
        assert_eq!(twice.code(), "invalid_request");
    }

    #[test]
    fn a_client_gets_no_more_than_its_scopes() {
        let client = Client {
            client_id: "reader".into(),
            secret_sha256: secret_hash("s"),
            scopes: "a b".into(),
        };
        let ask = |scope: Option<&str>, secret: &str| {
            let application = Application {
                client_id: "reader".into(),
                client_secret: secret.into(),
                scope: scope.map(str::to_owned),
            };
            grant(&application, Some(&client))
        };
        assert_eq!(ask(None, "s"), Ok("a b".into()));
        assert_eq!(ask(Some("b"), "s"), Ok("b".into()));
        assert_eq!(ask(Some("b c"), "s").unwrap_err().code(), "invalid_scope");
        assert_eq!(ask(None, "wrong"), Err(Refusal::InvalidClient));
    }
}
