//! Relying parties: who may ask for a login, where answers go, and in which form they want them.
//! `OpenID Connect` Dynamic Client Registration 1.0, 2, in the wording of eSignet's `client-mgmt`.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

/// A registered relying party.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub(in crate::identity) struct Client {
    pub(in crate::identity) id: String,
    pub(in crate::identity) name: String,
    #[serde(default)]
    pub(in crate::identity) logo: Option<String>,
    /// May begin with `{system}`, which stands for the base address of a system of the room.
    pub(in crate::identity) redirect_uris: Vec<String>,
    pub(in crate::identity) auth: Auth,
    /// Whose pairwise subjects it sees; several clients of one organisation share one.
    pub(in crate::identity) partner: String,
    #[serde(default)]
    pub(in crate::identity) userinfo: UserinfoForm,
    /// With which algorithm its `id_token` and its signed userinfo are signed.
    #[serde(default)]
    pub(in crate::identity) alg: SigningAlg,
    /// With which algorithm its userinfo is signed, where it wants another one there.
    #[serde(default)]
    pub(in crate::identity) userinfo_alg: Option<SigningAlg>,
    #[serde(default)]
    pub(in crate::identity) birthdate: BirthdateForm,
    #[serde(default)]
    pub(in crate::identity) gender: GenderForm,
    /// Whether it may redeem a code with its address shortened by the query, as OpenCRVS does.
    #[serde(default)]
    pub(in crate::identity) loose_redirect: bool,
    /// Claims it may ask for; empty means all.
    #[serde(default)]
    pub(in crate::identity) claims: Vec<String>,
    pub(in crate::identity) active: bool,
}

/// What a client may bring to the token endpoint.
pub(in crate::identity) const GRANT_TYPES: [&str; 1] = ["authorization_code"];

/// How it may prove there who it is, in the words of `OpenID Connect`.
pub(in crate::identity) const AUTH_METHODS: [&str; 4] =
    ["private_key_jwt", "client_secret_basic", "client_secret_post", "none"];

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
    /// `private_key_jwt` with any of several keys that were registered.
    Keys { keys: Vec<Value> },
    /// `private_key_jwt` with the keys published below a system of the room.
    PublishedBy { system: String },
    /// `private_key_jwt` with the keys published at an address.
    PublishedAt { uri: String },
}

/// How userinfo is answered: many libraries cannot read a JWT, and clients of eSignet read nothing else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::identity) enum UserinfoForm {
    #[default]
    Json,
    Signed,
}

/// With which of the published keys a client's tokens are signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(in crate::identity) enum SigningAlg {
    #[default]
    #[serde(rename = "RS256")]
    Rs256,
    #[serde(rename = "PS256")]
    Ps256,
    #[serde(rename = "ES256")]
    Es256,
}

impl SigningAlg {
    /// All of them, by the names of RFC 7518.
    pub(in crate::identity) const ALL: [(&'static str, Self); 3] =
        [("RS256", Self::Rs256), ("PS256", Self::Ps256), ("ES256", Self::Es256)];

    /// The name in RFC 7518.
    pub(in crate::identity) fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
        }
    }

    /// Reads the name.
    pub(in crate::identity) fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, alg)| alg)
    }
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
    /// A relying party with everything else as `OpenID Connect` has it.
    pub(in crate::identity) fn plain(id: &str, name: &str, auth: Auth) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            logo: None,
            redirect_uris: Vec::new(),
            auth,
            partner: id.into(),
            userinfo: UserinfoForm::Json,
            alg: SigningAlg::Rs256,
            userinfo_alg: None,
            birthdate: BirthdateForm::Dashes,
            gender: GenderForm::Small,
            loose_redirect: false,
            claims: Vec::new(),
            active: true,
        }
    }

    /// Whether answers may go to `uri`: exactly one of those registered; a public client may choose the port of a
    /// loopback address when it starts (RFC 8252, 7.3).
    pub(in crate::identity) fn redirects_to(&self, uri: &str) -> bool {
        let any_port = self.auth == Auth::None;
        self.redirect_uris.iter().any(|r| r == uri || (any_port && same_loopback(r, uri)))
    }

    /// Whether a code that was sent to `kept` may be redeemed with `sent`.
    pub(in crate::identity) fn redeems_with(&self, kept: &str, sent: &str) -> bool {
        let bare = kept.split('?').next().unwrap_or(kept);
        kept == sent || (self.loose_redirect && bare == sent)
    }

    /// Whether it may ask for `claim`.
    pub(in crate::identity) fn may_ask(&self, claim: &str) -> bool {
        self.claims.is_empty() || self.claims.iter().any(|c| c == claim)
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
pub(super) mod tests {
    use super::*;

    pub(in crate::identity::model) fn client() -> Client {
        let auth = Auth::Secret { digest: String::new() };
        let redirect_uris = vec!["http://127.0.0.1/cb".into(), "https://rp.example/cb?x=1".into()];
        Client { redirect_uris, ..Client::plain("demo", "Demo", auth) }
    }

    #[test]
    fn only_a_client_that_registered_so_leaves_the_query_out() {
        let strict = client();
        let loose = Client { loose_redirect: true, ..client() };
        let (whole, bare) = ("https://rp.example/cb?x=1", "https://rp.example/cb");
        assert!(strict.redeems_with(whole, whole) && !strict.redeems_with(whole, bare));
        assert!(loose.redeems_with(whole, bare) && !loose.redeems_with(bare, whole));
    }

    #[test]
    fn a_redirect_is_taken_letter_by_letter() {
        let client = client();
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
        let client = Client { auth: Auth::None, ..client() };
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
