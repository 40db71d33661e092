//! eSignet 1.x `oauth-details`: an authorization request as JSON, and what its page is told about it.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::Client;
use super::factor::Factor;
use super::fields::Fields;
use super::request::Asked;

/// What the page read off its own address, in eSignet's names.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::identity) struct Details {
    client_id: String,
    #[serde(default)]
    scope: String,
    response_type: Option<String>,
    redirect_uri: Option<String>,
    prompt: Option<String>,
    acr_values: Option<String>,
    claims: Option<Value>,
    nonce: Option<String>,
    state: Option<String>,
    claims_locales: Option<String>,
    ui_locales: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
    id_token_hint: Option<String>,
}

impl Details {
    /// The same as the fields of `/authorize`.
    pub(in crate::identity) fn fields(self) -> Fields {
        let claims = self.claims.filter(|c| !c.is_null()).map(|claims| match claims {
            Value::String(text) => text,
            other => other.to_string(),
        });
        Fields::of([
            ("client_id", Some(self.client_id)),
            ("scope", Some(self.scope)),
            ("response_type", self.response_type),
            ("redirect_uri", self.redirect_uri),
            ("prompt", self.prompt),
            ("acr_values", self.acr_values),
            ("claims", claims),
            ("nonce", self.nonce),
            ("state", self.state),
            ("claims_locales", self.claims_locales),
            ("ui_locales", self.ui_locales),
            ("code_challenge", self.code_challenge),
            ("code_challenge_method", self.code_challenge_method),
            ("id_token_hint", self.id_token_hint),
        ])
    }
}

/// What the page is told: who asks, for what, and which proofs are taken.
pub(in crate::identity) fn details(transaction: &str, asked: &Asked, client: &Client) -> Value {
    let factor = |f: &Factor| json!([{"type": f.word(), "count": 0, "bioSubTypes": null}]);
    let (essential, voluntary) = asked.claims.asked_for(&asked.scope, client);
    json!({
        "transactionId": transaction,
        "logoUrl": client.logo,
        "redirectUri": asked.redirect_uri,
        "clientName": {"@none": client.name},
        "authFactors": asked.factors().iter().map(factor).collect::<Vec<_>>(),
        "essentialClaims": essential,
        "voluntaryClaims": voluntary,
        "authorizeScopes": [],
        "credentialScopes": [],
        "configs": {
            "otp.length": 6, "send.otp.channels": "phone,email", "username.regex": "^[0-9]{5,19}$",
            "resend.otp.delay.secs": 180, "consent.screen.timeout-in-secs": 1800, "captcha.enable": "",
        },
    })
}
