//! Registration in the words of RFC 7591, 2 and `OpenID Connect` Dynamic Client Registration 1.0, 2: what a client asks for,
//! and what it is told it got. What is not served is replaced by what is (RFC 7591, 3.2.1), or refused where it could
//! never work.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::client::{AUTH_METHODS, Auth, Client, GRANT_TYPES, SigningAlg, UserinfoForm};
use super::client_key;
use super::refusal::Refusal;
use super::registration::{address, addresses};

/// What a client says about itself. Other members are not served here and change nothing.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(in crate::identity) struct Metadata {
    #[serde(default)]
    redirect_uris: Vec<String>,
    client_name: Option<String>,
    logo_uri: Option<String>,
    token_endpoint_auth_method: Option<String>,
    grant_types: Option<Vec<String>>,
    response_types: Option<Vec<String>>,
    jwks: Option<KeySet>,
    jwks_uri: Option<String>,
    id_token_signed_response_alg: Option<String>,
    userinfo_signed_response_alg: Option<String>,
}

/// A set of keys (RFC 7517, 5).
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
struct KeySet {
    keys: Vec<Value>,
}

impl Metadata {
    /// How the client will prove itself; `client_secret_basic` where it does not say (RFC 7591, 2).
    fn method(&self) -> &str {
        self.token_endpoint_auth_method.as_deref().unwrap_or("client_secret_basic")
    }

    /// Whether it needs a secret.
    pub(in crate::identity) fn wants_secret(&self) -> bool {
        self.method().starts_with("client_secret_")
    }

    /// The client as it will be kept, called `id`; plain as `OpenID Connect` has it.
    pub(in crate::identity) fn client(
        &self,
        id: &str,
        secret_digest: Option<String>,
    ) -> Result<Client, Refusal> {
        addresses("redirect_uris", &self.redirect_uris)?;
        one_of("token_endpoint_auth_method", self.method(), &AUTH_METHODS)?;
        served("grant_types", self.grant_types.as_deref(), GRANT_TYPES[0])?;
        served("response_types", self.response_types.as_deref(), "code")?;
        let id_token = algorithm(
            "id_token_signed_response_alg",
            self.id_token_signed_response_alg.as_deref(),
        )?;
        let userinfo = algorithm(
            "userinfo_signed_response_alg",
            self.userinfo_signed_response_alg.as_deref(),
        )?;
        let name = self.client_name.as_deref().unwrap_or(id);
        Ok(Client {
            redirect_uris: self.redirect_uris.clone(),
            logo: self.logo_uri.clone(),
            alg: id_token.unwrap_or_default(),
            userinfo: userinfo.map_or(UserinfoForm::Json, |_| UserinfoForm::Signed),
            userinfo_alg: userinfo,
            ..Client::plain(id, name, self.auth(secret_digest)?)
        })
    }

    fn auth(&self, secret_digest: Option<String>) -> Result<Auth, Refusal> {
        if self.jwks.is_some() && self.jwks_uri.is_some() {
            return Err(bad("send `jwks` or `jwks_uri`, not both"));
        }
        let all = self.jwks.iter().flat_map(|set| &set.keys);
        if all.clone().any(|key| key.get("d").is_some() || key.get("k").is_some()) {
            return Err(bad("`jwks` holds a private key; send the public half only"));
        }
        if self.method() == "none" {
            return Ok(Auth::None);
        }
        if let Some(digest) = secret_digest {
            return Ok(Auth::Secret { digest });
        }
        if let Some(uri) = &self.jwks_uri {
            address(uri).map_err(|why| bad(format!("`jwks_uri`: {}", why.sentence)))?;
            return Ok(Auth::PublishedAt { uri: uri.clone() });
        }
        let signs = |key: &&Value| key["use"] != "enc" && client_key::is_usable(key);
        let keys: Vec<Value> = all.filter(signs).cloned().collect();
        if keys.is_empty() {
            return Err(bad(
                "private_key_jwt needs `jwks_uri`, or a `jwks` with the public half of an RSA (2048 to 4096 bits), P-256 \
                 or Ed25519 key",
            ));
        }
        Ok(Auth::Keys { keys })
    }

    /// What the client is told it got (RFC 7591, 3.2.1); id, times and secret are added by whoever gave them.
    pub(in crate::identity) fn granted(&self, client: &Client) -> Value {
        let mut told = json!({
            "client_id": client.id,
            "client_name": client.name,
            "redirect_uris": client.redirect_uris,
            "token_endpoint_auth_method": self.method(),
            "grant_types": GRANT_TYPES,
            "response_types": ["code"],
            "subject_type": "pairwise",
            "id_token_signed_response_alg": client.alg.name(),
        });
        let may = [
            ("logo_uri", json!(client.logo)),
            ("userinfo_signed_response_alg", json!(client.userinfo_alg.map(SigningAlg::name))),
            ("jwks", json!(self.jwks)),
            ("jwks_uri", json!(self.jwks_uri)),
        ];
        for (name, value) in may.into_iter().filter(|(_, value)| !value.is_null()) {
            told[name] = value;
        }
        told
    }
}

fn bad(sentence: impl Into<String>) -> Refusal {
    Refusal::new("invalid_client_metadata", sentence)
}

fn one_of(field: &str, sent: &str, known: &[&str]) -> Result<(), Refusal> {
    if known.contains(&sent) {
        return Ok(());
    }
    Err(bad(format!("`{field}` {sent} is not served here; write any of {}", known.join(" "))))
}

/// That what is sent, if anything is, includes the one that is served.
fn served(field: &str, sent: Option<&[String]>, ours: &str) -> Result<(), Refusal> {
    match sent {
        Some(words) if !words.iter().any(|word| word == ours) => {
            Err(bad(format!("`{field}` must include {ours}, which alone is served here")))
        }
        _ => Ok(()),
    }
}

fn algorithm(field: &str, sent: Option<&str>) -> Result<Option<SigningAlg>, Refusal> {
    let Some(name) = sent else { return Ok(None) };
    one_of(field, name, &SigningAlg::ALL.map(|(name, _)| name))?;
    Ok(SigningAlg::read(name))
}
