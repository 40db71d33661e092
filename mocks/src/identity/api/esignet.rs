//! eSignet 1.x: the JSON calls of its own pages (`/v1/esignet/authorization/...`), so that its page, or a test of a client,
//! can lead a person from login over consent to a code. Every call after the first repeats the transaction
//! (`oauth-details-key`) and the digest of the first answer (`oauth-details-hash`). There are no cookies to forge with,
//! so the token of `csrf/token` is given and not asked for.

use std::collections::BTreeSet;

use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::answers::{Failure, client_of, open_to_all};
use super::authorize;
use super::deciding::{self, Proven, Stand};
use super::envelope::{gives, opened, sealed, takes};
use super::esignet_proof as proof;
use super::login::under_way;
use crate::identity::chance;
use crate::identity::model::claims::Wanted;
use crate::identity::model::esignet::{Details, details};
use crate::identity::model::refusal::Refusal;
use crate::identity::model::request::Back;
use crate::identity::pages::language_of;
use crate::identity::store::logins::Login;
use crate::kit::openapi::{Operation, Routes, says};
use crate::kit::seed::cast_uin;
use crate::kit::server::Call;

/// Under this name errors carry their sentence.
pub(super) const TOLD_AS: &str = "errorMessage";

pub(super) fn routes(routes: &mut Routes) {
    let path = |rest: &str| format!("/v1/esignet/{rest}");
    let of_login = |summary| {
        ours(summary)
            .header("oauth-details-key", "...")
            .header("oauth-details-hash", "...")
            .after("a login was begun with oauth-details")
    };
    let asked = json!({
        "clientId": "demo-portal", "scope": "openid profile", "responseType": "code",
        "redirectUri": "http://127.0.0.1:54321/callback", "state": "s", "nonce": "n",
        "acrValues": "mosip:idp:acr:generated-code",
        "codeChallenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "codeChallengeMethod": "S256",
    });
    let proof = json!({"transactionId": "...", "individualId": cast_uin("tomas"), "challengeList": [
        {"authFactorType": "OTP", "challenge": "111111", "format": "alpha-numeric"},
    ]});
    routes.get(
        &path("csrf/token"),
        csrf,
        ours("A token for its own pages").gives::<Value>(200, "The token"),
    );
    for version in ["", "v2/", "v3/"] {
        let begins = takes::<Details>(ours("Begins a login"), &asked);
        let proves = takes::<Value>(of_login("Takes a proof"), &proof);
        routes
            .post(
                &path(&format!("authorization/{version}oauth-details")),
                begin_login,
                gives(begins),
            )
            .post(
                &path(&format!("authorization/{version}authenticate")),
                proof::authenticate,
                gives(proves),
            );
    }
    let wanted = json!({"transactionId": "...", "individualId": cast_uin("tomas"), "otpChannels": ["phone"]});
    let accepted = json!({"transactionId": "...", "acceptedClaims": ["name"]});
    routes
        .post(
            &path("authorization/send-otp"),
            proof::send_otp,
            gives(takes::<Value>(of_login("Sends a one-time code"), &wanted)),
        )
        .get(
            &path("authorization/claim-details"),
            claim_details,
            gives(of_login("What is asked for")),
        )
        .post(
            &path("authorization/auth-code"),
            auth_code,
            gives(takes::<Accepted>(of_login("Allows it, for a code"), &accepted)),
        );
}

fn ours(summary: &'static str) -> Operation {
    says(summary).tag("eSignet 1.x, the calls of its pages")
}

async fn csrf() -> HttpResponse {
    match chance::unguessable() {
        Ok(token) => open_to_all(HttpResponse::Ok()).json(json!({
            "token": token, "headerName": "X-XSRF-TOKEN", "parameterName": "_csrf",
        })),
        Err(error) => {
            tracing::error!(%error, "Arenoa ID could not answer");
            HttpResponse::InternalServerError().finish()
        }
    }
}

async fn begin_login(call: Call, request: HttpRequest) -> HttpResponse {
    let accepted = request.headers().get("accept-language").and_then(|v| v.to_str().ok());
    let done = begun(&call, accepted.unwrap_or_default()).await;
    sealed(&call, TOLD_AS, done)
}

async fn begun(call: &Call, accept_language: &str) -> Result<Value, Failure> {
    let fields = opened::<Details>(call)?.fields();
    let id = fields.get("client_id").unwrap_or_default();
    let unknown = || Refusal::new("invalid_client_id", format!("`{id}` is not registered here"));
    let client = client_of(call, id)?.ok_or_else(unknown)?;
    let back = Back::read(&fields, &client)
        .map_err(|refusal| Refusal::new("invalid_redirect_uri", refusal.sentence))?;
    let asked = authorize::asked(call, &fields, &client, &back).await?;
    let language = language_of(&fields.words("ui_locales"), accept_language);
    let answer = |ticket: &str| details(ticket, &asked, &client);
    let hash = |ticket: &str| hash_of(&answer(ticket));
    let ticket = authorize::open(call, asked.clone(), (language, Some(&hash)))?;
    Ok(answer(&ticket))
}

/// What the page has to send back: base64url of the SHA-256 of the answer as JavaScript writes it, which is how it is
/// written here too.
fn hash_of(answer: &Value) -> String {
    B64.encode(Sha256::digest(answer.to_string()))
}

/// The login that a call's headers name, with its ticket.
pub(super) fn login_of(call: &Call, request: &HttpRequest) -> Result<(String, Login), Failure> {
    let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    let gone = |sentence: &str| Refusal::new("invalid_transaction", sentence);
    let ticket = header("oauth-details-key")
        .ok_or_else(|| gone("send the header `oauth-details-key`: the transactionId"))?;
    let login = under_way(call, ticket, None)?
        .ok_or_else(|| gone("this transaction has ended, or never was"))?;
    let hash = header("oauth-details-hash").unwrap_or_default().trim_end_matches('=');
    if login.details.as_deref() != Some(hash) {
        let sentence = "`oauth-details-hash` must be base64url(SHA-256(JSON.stringify(response))) of oauth-details";
        return Err(gone(sentence).into());
    }
    Ok((ticket.to_owned(), login))
}

/// As [`login_of`]; the body must name the same transaction.
pub(super) fn login_in(
    call: &Call,
    request: &HttpRequest,
    transaction: &str,
) -> Result<(String, Login), Failure> {
    let (ticket, login) = login_of(call, request)?;
    if ticket != transaction {
        let sentence = "`transactionId` is not the one of `oauth-details-key`";
        return Err(Refusal::new("invalid_transaction", sentence).into());
    }
    Ok((ticket, login))
}

/// The login that may be decided about.
pub(super) fn proven(call: &Call, ticket: &str) -> Result<Box<Proven>, Failure> {
    let gone = || Refusal::new("invalid_transaction", "this transaction has ended, or never was");
    Err(match deciding::stand(call, ticket, None)? {
        Stand::Ready(proven) => return Ok(proven),
        Stand::Gone(_) => gone(),
        Stand::Other(login, person) => {
            deciding::turn_away(call, &login, &person)?.unwrap_or_else(gone)
        }
        Stand::NotProven => Refusal::new("invalid_transaction", "authenticate first"),
        Stand::Barred(..) => Refusal::new("auth_failed", "this identity can no longer be used"),
    }
    .into())
}

async fn claim_details(call: Call, request: HttpRequest) -> HttpResponse {
    let done = login_of(&call, &request).and_then(|(ticket, _)| {
        let it = proven(&call, &ticket)?;
        let line = |w: &Wanted| json!({"claim": w.claim, "available": true, "verified": false});
        let status: Vec<_> = it.wanted.iter().map(line).collect();
        let action = if status.is_empty() { "NOCAPTURE" } else { "CAPTURE" };
        Ok(json!({
            "transactionId": ticket, "consentAction": action, "profileUpdateRequired": false,
            "claimStatus": status,
        }))
    });
    sealed(&call, TOLD_AS, done)
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Accepted {
    transaction_id: String,
    #[serde(default)]
    accepted_claims: BTreeSet<String>,
    #[serde(default)]
    permitted_authorize_scopes: Vec<String>,
}

async fn auth_code(call: Call, request: HttpRequest) -> HttpResponse {
    let done = opened::<Accepted>(&call).and_then(|accepted| {
        let (ticket, login) = login_in(&call, &request, &accepted.transaction_id)?;
        let it = proven(&call, &ticket)?;
        fits(&it, &accepted)?;
        let code = deciding::allow(&call, &it, &accepted.accepted_claims)?;
        let gone = || Refusal::new("invalid_transaction", "a decision is made once");
        let asked = login.asked;
        Ok(json!({
            "code": code.ok_or_else(gone)?, "redirectUri": asked.redirect_uri,
            "nonce": asked.nonce, "state": asked.state,
        }))
    });
    sealed(&call, TOLD_AS, done)
}

/// What is accepted was asked for, and what the relying party cannot do without is accepted.
fn fits(it: &Proven, accepted: &Accepted) -> Result<(), Refusal> {
    let refused = |sentence: String| Err(Refusal::new("invalid_accepted_claim", sentence));
    let asked = |claim: &str| it.wanted.iter().any(|w| w.claim == claim);
    if let Some(other) = accepted.accepted_claims.iter().find(|claim| !asked(claim)) {
        return refused(format!("`{other}` was not asked for, or the record does not have it"));
    }
    let missing =
        it.wanted.iter().find(|w| w.essential && !accepted.accepted_claims.contains(w.claim));
    if let Some(missing) = missing {
        return refused(format!("`{}` is essential; accept it, or nothing at all", missing.claim));
    }
    if let Some(scope) = accepted.permitted_authorize_scopes.first() {
        let sentence = format!("`{scope}` is no scope that this transaction may permit");
        return Err(Refusal::new("invalid_permitted_scope", sentence));
    }
    Ok(())
}
