//! Registration of a relying party in the wording of eSignet 1.x (`POST /client-mgmt/client`).

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

use super::client::{
    AUTH_METHODS, Auth, BirthdateForm, Client, GRANT_TYPES, GenderForm, SigningAlg, UserinfoForm,
};
use super::refusal::Refusal;
use super::{claims, client_key, factor};

/// What is sent to register a client. Names are eSignet's.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
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
    auth_context_refs: Vec<String>,
    #[serde(default)]
    grant_types: Vec<String>,
    #[serde(default)]
    client_auth_methods: Vec<String>,
    #[serde(default)]
    additional_config: Map<String, Value>,
    #[serde(default)]
    logo_uri: Option<String>,
}

impl Registration {
    /// Whether the client wants a secret, which eSignet does not offer and other providers do.
    pub(in crate::identity) fn wants_secret(&self) -> bool {
        self.client_auth_methods.iter().any(|m| m.starts_with("client_secret_"))
    }

    /// The client as it will be kept. What eSignet's clients expect is the default: signed userinfo, `1959/02/11`.
    /// `additionalConfig` may say otherwise; see [`configure`].
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
        filled(&self.client_name, ("clientName", "invalid_client_name"))?;
        filled(&self.relying_party_id, ("relyingPartyId", "invalid_rp_id"))?;
        shown(self.logo_uri.as_deref())?;
        addresses("redirectUris", &self.redirect_uris)?;
        served([
            &self.grant_types,
            &self.client_auth_methods,
            &self.auth_context_refs,
            &self.user_claims,
        ])?;
        let auth = self.auth(secret_digest)?;
        let mut client = Client {
            redirect_uris: self.redirect_uris,
            partner: self.relying_party_id,
            userinfo: UserinfoForm::Signed,
            birthdate: BirthdateForm::Slashes,
            gender: GenderForm::Capital,
            claims: self.user_claims,
            logo: self.logo_uri,
            ..Client::plain(&self.client_id, &self.client_name, auth)
        };
        configure(&mut client, &self.additional_config)?;
        Ok(client)
    }

    fn auth(&self, secret_digest: Option<String>) -> Result<Auth, Refusal> {
        if self.public_key.as_ref().is_some_and(|key| !client_key::is_usable(key)) {
            let sentence = "`publicKey` must be the public half of an RSA (2048 to 4096 bits), P-256 or Ed25519 key as a JWK";
            return Err(Refusal::new("invalid_public_key", sentence));
        }
        if let Some(digest) = secret_digest {
            return Ok(Auth::Secret { digest });
        }
        match (&self.public_key, self.client_auth_methods.iter().any(|m| m == "none")) {
            (Some(key), _) => Ok(Auth::Key { jwk: key.clone() }),
            (None, true) => Ok(Auth::None),
            (None, false) => Err(Refusal::new(
                "invalid_public_key",
                "`publicKey` is missing; or name `none` or `client_secret_basic` in `clientAuthMethods`",
            )),
        }
    }
}

/// What is sent to change a registration; what is left out stays.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "RegistrationChange")]
#[serde(rename_all = "camelCase")]
pub(in crate::identity) struct Change {
    client_name: Option<String>,
    logo_uri: Option<String>,
    redirect_uris: Option<Vec<String>>,
    user_claims: Option<Vec<String>>,
    /// Must be served here; changes nothing, like the next two.
    auth_context_refs: Option<Vec<String>>,
    grant_types: Option<Vec<String>>,
    client_auth_methods: Option<Vec<String>>,
    #[serde(default)]
    additional_config: Map<String, Value>,
    /// `ACTIVE` or `INACTIVE`.
    status: Option<String>,
}

impl Change {
    /// `client` with what was sent.
    pub(in crate::identity) fn of(self, mut client: Client) -> Result<Client, Refusal> {
        let sent = [
            &self.grant_types,
            &self.client_auth_methods,
            &self.auth_context_refs,
            &self.user_claims,
        ];
        served(sent.map(|words| words.as_deref().unwrap_or_default()))?;
        if let Some(name) = &self.client_name {
            filled(name, ("clientName", "invalid_client_name"))?;
        }
        shown(self.logo_uri.as_deref())?;
        if let Some(uris) = self.redirect_uris {
            addresses("redirectUris", &uris)?;
            client.redirect_uris = uris;
        }
        match self.status.as_deref() {
            None => {}
            Some(word) if word.eq_ignore_ascii_case("ACTIVE") => client.active = true,
            Some(word) if word.eq_ignore_ascii_case("INACTIVE") => client.active = false,
            Some(other) => {
                let sentence = format!("`status` {other} is unknown; write ACTIVE or INACTIVE");
                return Err(Refusal::new("invalid_status", sentence));
            }
        }
        client.name = self.client_name.unwrap_or(client.name);
        client.logo = self.logo_uri.or(client.logo);
        client.claims = self.user_claims.unwrap_or(client.claims);
        configure(&mut client, &self.additional_config)?;
        Ok(client)
    }
}

/// Sets what `additionalConfig` says: `userinfo_response_type` JWS or JSON, `birthdate_format` yyyy/MM/dd or yyyy-MM-dd,
/// `gender_format` capital or lower, `id_token_signed_response_alg`, `redirect_uri_without_query`.
fn configure(client: &mut Client, config: &Map<String, Value>) -> Result<(), Refusal> {
    for (name, value) in config.iter().filter(|(_, value)| !value.is_null()) {
        match (name.as_str(), value.as_str()) {
            ("userinfo_response_type", Some("JSON")) => client.userinfo = UserinfoForm::Json,
            ("userinfo_response_type", Some("JWS")) => client.userinfo = UserinfoForm::Signed,
            ("birthdate_format", Some("yyyy-MM-dd")) => client.birthdate = BirthdateForm::Dashes,
            ("birthdate_format", Some("yyyy/MM/dd")) => client.birthdate = BirthdateForm::Slashes,
            ("gender_format", Some("lower")) => client.gender = GenderForm::Small,
            ("gender_format", Some("capital")) => client.gender = GenderForm::Capital,
            ("id_token_signed_response_alg", Some(alg)) if SigningAlg::read(alg).is_some() => {
                client.alg = SigningAlg::read(alg).unwrap_or_default();
            }
            ("redirect_uri_without_query", None) if value.is_boolean() => {
                client.loose_redirect = value == &Value::Bool(true);
            }
            ("purpose", _) if is_purpose(value) => {}
            (
                "purpose"
                | "userinfo_response_type"
                | "birthdate_format"
                | "gender_format"
                | "id_token_signed_response_alg"
                | "redirect_uri_without_query",
                _,
            ) => {
                let sentence = format!("`additionalConfig.{name}` {value} is not served here");
                return Err(Refusal::new("invalid_additional_config", sentence));
            }
            // eSignet has more of these; what concerns its own pages changes nothing here.
            _ => {}
        }
    }
    Ok(())
}

/// Whether eSignet knows what a client wants people to do on its pages; here every page is the same.
fn is_purpose(purpose: &Value) -> bool {
    let word = purpose["type"].as_str();
    word.is_some_and(|word| ["none", "verify", "link", "login"].contains(&word))
}

/// Claims of OpenID Connect (Core 5.1) and eSignet that nobody here has: they are taken, and never told.
const CLAIMS_ELSEWHERE: [&str; 12] = [
    "email_verified",
    "locale",
    "middle_name",
    "nickname",
    "picture",
    "preferred_username",
    "profile",
    "registration_type",
    "updated_at",
    "verified_claims",
    "website",
    "zoneinfo",
];

/// That a client names nothing but what discovery announces or others know; with anything else it could never work.
fn served([grants, methods, classes, claims]: [&[String]; 4]) -> Result<(), Refusal> {
    known(grants, &GRANT_TYPES, ("grantTypes", "invalid_grant_type"))?;
    known(methods, &AUTH_METHODS, ("clientAuthMethods", "invalid_client_auth"))?;
    let classes: Vec<_> = classes.iter().filter(|c| !factor::is_class(c)).cloned().collect();
    known(&classes, &factor::classes(), ("authContextRefs", "invalid_acr"))?;
    let all_claims = [&claims::announced()[..], &CLAIMS_ELSEWHERE].concat();
    known(claims, &all_claims, ("userClaims", "invalid_claim"))
}

/// That a text which people are shown, or which others are told apart by, says something.
fn filled(text: &str, (field, error): (&str, &'static str)) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::new(error, format!("`{field}` is empty")));
    }
    Ok(())
}

fn shown(logo: Option<&str>) -> Result<(), Refusal> {
    if let Some(other) = logo.filter(|logo| Url::parse(logo).is_err()) {
        return Err(Refusal::new("invalid_uri", format!("`logoUri` {other:?} is no address")));
    }
    Ok(())
}

fn known(
    sent: &[String],
    known: &[&str],
    (field, error): (&str, &'static str),
) -> Result<(), Refusal> {
    let Some(other) = sent.iter().find(|word| !known.contains(&word.as_str())) else {
        return Ok(());
    };
    let sentence =
        format!("`{field}` {other} is not served here; write any of {}", known.join(" "));
    Err(Refusal::new(error, sentence))
}

/// That `field` names addresses that answers may go to, at least one.
pub(super) fn addresses(field: &str, uris: &[String]) -> Result<(), Refusal> {
    if uris.is_empty() {
        let sentence = format!("`{field}` must name at least one address");
        return Err(Refusal::new("invalid_redirect_uri", sentence));
    }
    uris.iter().try_for_each(|uri| address(uri))
}

/// An address that answers may go to: absolute, without fragment, of a scheme that runs nothing.
pub(super) fn address(uri: &str) -> Result<(), Refusal> {
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
        let alg = json!({"additionalConfig": {"id_token_signed_response_alg": "HS256"}});
        let refused = registration(&alg).client(None).unwrap_err();
        assert_eq!(refused.error, "invalid_additional_config");
        let private = json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "d": "AA"});
        let refused = registration(&json!({"publicKey": private})).client(None).unwrap_err();
        assert_eq!(refused.error, "invalid_public_key");
    }

    #[test]
    fn what_others_know_is_taken_and_what_says_nothing_is_not() {
        for (name, value) in [
            ("userClaims", json!(["middle_name", "zoneinfo", "email_verified"])),
            ("additionalConfig", json!({"userinfo_response_type": null, "purpose": null})),
            ("additionalConfig", json!({"purpose": {"type": "verify", "title": {"@none": "t"}}})),
            ("authContextRefs", json!(["idbb:acr:linked-wallet-static-code"])),
            ("authContextRefs", json!(["mosip:idp:acr:biometrics-generated-code"])),
        ] {
            let mut sent = json!({});
            sent[name] = value;
            registration(&sent).client(None).unwrap();
        }
        for (name, value, error) in [
            ("clientName", json!(""), "invalid_client_name"),
            ("relyingPartyId", json!(" "), "invalid_rp_id"),
            ("logoUri", json!(""), "invalid_uri"),
            ("authContextRefs", json!(["picture"]), "invalid_acr"),
            ("authContextRefs", json!(["idbb:acr:static"]), "invalid_acr"),
            ("userClaims", json!(["mosip:idp:acr:biometrics"]), "invalid_claim"),
            ("additionalConfig", json!({"purpose": {"type": ""}}), "invalid_additional_config"),
            (
                "additionalConfig",
                json!({"purpose": {"type": "verifies"}}),
                "invalid_additional_config",
            ),
            ("additionalConfig", json!({"purpose": {}}), "invalid_additional_config"),
        ] {
            let mut sent = json!({});
            sent[name] = value;
            assert_eq!(registration(&sent).client(None).unwrap_err().error, error, "{sent}");
        }
        let client = registration(&json!({})).client(None).unwrap();
        let off: Change = serde_json::from_value(json!({"status": "inactive"})).unwrap();
        assert!(!off.of(client).unwrap().active);
    }
}
