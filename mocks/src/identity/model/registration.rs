//! Registration of a relying party in the wording of eSignet 1.x (`POST /client-mgmt/client`).

use jsonwebtoken::jwk::Jwk;
use reqwest::Url;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::client::{Auth, BirthdateForm, Client, GenderForm, UserinfoForm};
use super::refusal::Refusal;

/// What is sent to register a client. Names are eSignet's.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::identity) struct Registration {
    client_id: String,
    client_name: String,
    relying_party_id: String,
    redirect_uris: Vec<String>,
    #[serde(default)]
    public_key: Option<Value>,
    #[serde(default)]
    user_claims: Vec<String>,
    #[serde(default)]
    client_auth_methods: Vec<String>,
    #[serde(default)]
    additional_config: Map<String, Value>,
}

impl Registration {
    /// Whether the client wants a secret, which eSignet does not offer and other providers do.
    pub(in crate::identity) fn wants_secret(&self) -> bool {
        self.client_auth_methods.iter().any(|m| m.starts_with("client_secret_"))
    }

    /// The client as it will be kept. What eSignet's clients expect is the default: signed userinfo, `1959/02/11`.
    /// `additionalConfig` may say otherwise: `userinfo_response_type` JWS or JSON, `birthdate_format` and
    /// `gender_format`.
    pub(in crate::identity) fn client(
        self,
        secret_digest: Option<String>,
    ) -> Result<Client, Refusal> {
        let legal = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
        if self.client_id.is_empty()
            || self.client_id.len() > 100
            || !self.client_id.bytes().all(legal)
        {
            let sentence = "`clientId` must be 1 to 100 letters, digits and - _ . ~";
            return Err(Refusal::new("invalid_client_id", sentence));
        }
        if self.redirect_uris.is_empty() {
            return Err(Refusal::new(
                "invalid_redirect_uri",
                "`redirectUris` must name at least one address",
            ));
        }
        self.redirect_uris.iter().try_for_each(|uri| address(uri))?;
        let auth = self.auth(secret_digest)?;
        let says = |name: &str, word: &str| {
            self.additional_config.get(name).and_then(Value::as_str) == Some(word)
        };
        let json = says("userinfo_response_type", "JSON");
        let (dashes, small) =
            (says("birthdate_format", "yyyy-MM-dd"), says("gender_format", "lower"));
        Ok(Client {
            id: self.client_id,
            name: self.client_name,
            redirect_uris: self.redirect_uris,
            auth,
            partner: self.relying_party_id,
            userinfo: if json { UserinfoForm::Json } else { UserinfoForm::Signed },
            birthdate: if dashes { BirthdateForm::Dashes } else { BirthdateForm::Slashes },
            gender: if small { GenderForm::Small } else { GenderForm::Capital },
            claims: self.user_claims,
            active: true,
        })
    }

    fn auth(&self, secret_digest: Option<String>) -> Result<Auth, Refusal> {
        if let Some(digest) = secret_digest {
            return Ok(Auth::Secret { digest });
        }
        match (&self.public_key, self.client_auth_methods.iter().any(|m| m == "none")) {
            (Some(key), _) => {
                let private = ["d", "p", "q", "k"].iter().any(|member| key.get(member).is_some());
                let readable = serde_json::from_value::<Jwk>(key.clone()).is_ok();
                if private || !readable {
                    let sentence = "`publicKey` must be the public half of an RSA, P-256 or Ed25519 key as a JWK";
                    return Err(Refusal::new("invalid_public_key", sentence));
                }
                Ok(Auth::Key { jwk: key.clone() })
            }
            (None, true) => Ok(Auth::None),
            (None, false) => Err(Refusal::new(
                "invalid_public_key",
                "`publicKey` is missing; or name `none` or `client_secret_basic` in `clientAuthMethods`",
            )),
        }
    }
}

/// An address that answers may go to: absolute, without fragment, of a scheme that runs nothing.
fn address(uri: &str) -> Result<(), Refusal> {
    let runs = |url: &Url| matches!(url.scheme(), "javascript" | "data" | "vbscript" | "file");
    match Url::parse(uri) {
        Ok(url) if url.fragment().is_none() && !runs(&url) && !uri.contains('*') => Ok(()),
        _ => Err(Refusal::new(
            "invalid_redirect_uri",
            format!("`{uri}` is no absolute address without fragment and wildcard"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn registration(changes: &Value) -> Registration {
        let mut sent = json!({"clientId": "rp", "clientName": "RP", "relyingPartyId": "ministry",
            "redirectUris": ["https://rp.example/cb"], "clientAuthMethods": ["none"]});
        for (name, value) in changes.as_object().unwrap() {
            sent[name] = value.clone();
        }
        serde_json::from_value(sent).unwrap()
    }

    #[test]
    fn esignet_formats_are_the_default_and_can_be_changed() {
        let client = registration(&json!({})).client(None).unwrap();
        assert_eq!(
            (client.userinfo, client.birthdate),
            (UserinfoForm::Signed, BirthdateForm::Slashes)
        );
        let config = json!({"userinfo_response_type": "JSON", "birthdate_format": "yyyy-MM-dd"});
        let client = registration(&json!({"additionalConfig": config})).client(None).unwrap();
        assert_eq!(
            (client.userinfo, client.birthdate),
            (UserinfoForm::Json, BirthdateForm::Dashes)
        );
    }

    #[test]
    fn addresses_that_run_and_keys_that_are_private_are_refused() {
        for uri in [
            "javascript:alert(1)",
            "https://rp.example/*",
            "/cb",
            "https://rp.example/cb#x",
            "{gateway}/cb",
        ] {
            let refused = registration(&json!({"redirectUris": [uri]})).client(None).unwrap_err();
            assert_eq!(refused.error, "invalid_redirect_uri", "{uri}");
        }
        let private = json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "d": "AA"});
        let refused = registration(&json!({"publicKey": private})).client(None).unwrap_err();
        assert_eq!(refused.error, "invalid_public_key");
    }
}
