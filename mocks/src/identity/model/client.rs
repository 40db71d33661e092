//! Relying parties: who may ask for a login, where answers go, and in which form they want them.
//! `OpenID Connect` Dynamic Client Registration 1.0, 2, in the wording of eSignet's `client-mgmt`.

use reqwest::Url;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A registered relying party.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub(in crate::identity) struct Client {
    pub(in crate::identity) id: String,
    pub(in crate::identity) name: String,
    /// May begin with `{system}`, which stands for the base address of a system of the room.
    pub(in crate::identity) redirect_uris: Vec<String>,
    pub(in crate::identity) auth: Auth,
    /// Whose pairwise subjects it sees; several clients of one organisation share one.
    pub(in crate::identity) partner: String,
    #[serde(default)]
    pub(in crate::identity) userinfo: UserinfoForm,
    #[serde(default)]
    pub(in crate::identity) birthdate: BirthdateForm,
    #[serde(default)]
    pub(in crate::identity) gender: GenderForm,
    /// Claims it may ask for; empty means all.
    #[serde(default)]
    pub(in crate::identity) claims: Vec<String>,
    pub(in crate::identity) active: bool,
}

/// How a client proves who it is at the token endpoint.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::identity) enum Auth {
    /// A public client: PKCE is its proof.
    None,
    /// `client_secret_basic` or `client_secret_post`; only the secret's digest is kept.
    Secret { digest: String },
    /// `private_key_jwt` with a key that was registered.
    Key { jwk: Value },
    /// `private_key_jwt` with the keys published below a system of the room.
    PublishedBy { system: String },
}

/// How userinfo is answered: many libraries cannot read a JWT, and clients of eSignet read nothing else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::identity) enum UserinfoForm {
    #[default]
    Json,
    Signed,
}

/// How birth dates are written: `1959-02-11` (`OpenID Connect`, DCI) or `1959/02/11` (MOSIP).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::identity) enum BirthdateForm {
    #[default]
    Dashes,
    Slashes,
}

/// How gender is written: `female` (`OpenID Connect`) or `Female` (MOSIP).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::identity) enum GenderForm {
    #[default]
    Small,
    Capital,
}

impl Client {
    /// Whether answers may go to `uri`: exactly one of those registered; a public client may choose the port of a
    /// loopback address when it starts (RFC 8252, 7.3).
    pub(in crate::identity) fn redirects_to(&self, uri: &str) -> bool {
        let any_port = self.auth == Auth::None;
        self.redirect_uris.iter().any(|r| r == uri || (any_port && same_loopback(r, uri)))
    }

    /// Whether it may ask for `claim`.
    pub(in crate::identity) fn may_ask(&self, claim: &str) -> bool {
        self.claims.is_empty() || self.claims.iter().any(|c| c == claim)
    }

    /// The system whose published keys prove it, where that is how.
    pub(in crate::identity) fn published_by(&self) -> Option<&str> {
        match &self.auth {
            Auth::PublishedBy { system } => Some(system),
            _ => None,
        }
    }
}

fn same_loopback(registered: &str, uri: &str) -> bool {
    let (Ok(registered), Ok(uri)) = (Url::parse(registered), Url::parse(uri)) else {
        return false;
    };
    let host = uri.host_str().unwrap_or_default();
    let loopback = matches!(host, "127.0.0.1" | "[::1]" | "localhost");
    let bare = |u: &Url| u.username().is_empty() && u.password().is_none();
    loopback
        && uri.scheme() == "http"
        && registered.scheme() == "http"
        && registered.host_str() == uri.host_str()
        && registered.path() == uri.path()
        && registered.query() == uri.query()
        && uri.fragment().is_none()
        && bare(&uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(auth: Auth) -> Client {
        Client {
            id: "demo".into(),
            name: "Demo".into(),
            redirect_uris: vec!["http://127.0.0.1/cb".into(), "https://rp.example/cb?x=1".into()],
            auth,
            partner: "demo".into(),
            userinfo: UserinfoForm::Json,
            birthdate: BirthdateForm::Dashes,
            gender: GenderForm::Small,
            claims: Vec::new(),
            active: true,
        }
    }

    #[test]
    fn a_redirect_is_taken_letter_by_letter() {
        let client = client(Auth::Secret { digest: String::new() });
        assert!(client.redirects_to("https://rp.example/cb?x=1"));
        for foreign in [
            "https://rp.example/cb",
            "https://rp.example/cb?x=1&y=2",
            "https://rp.example/cb/?x=1",
            "https://RP.example/cb?x=1",
            "http://127.0.0.1:9/cb",
        ] {
            assert!(!client.redirects_to(foreign), "{foreign}");
        }
    }

    #[test]
    fn a_public_client_chooses_the_port_of_a_loopback_address_and_nothing_else() {
        let client = client(Auth::None);
        assert!(client.redirects_to("http://127.0.0.1:53412/cb"));
        for foreign in [
            "http://127.0.0.1:53412/other",
            "http://127.0.0.1:80@evil.example/cb",
            "http://localhost:53412/cb",
            "https://127.0.0.1:1/cb",
            "http://127.0.0.1:1/cb#x",
            "http://127.0.0.1.evil.example/cb",
            "https://rp.example:8443/cb?x=1",
        ] {
            assert!(!client.redirects_to(foreign), "{foreign}");
        }
    }
}
