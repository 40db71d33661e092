//! mock-identity-system: `send-otp`, `kyc-auth` (a proof becomes a token) and `kyc-exchange` (a token becomes the claims
//! that were accepted, signed). Versions 2 and 3 add members and change none.

use actix_web::HttpResponse;
use actix_web::web::Path;
use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::answers::{Failure, client_of, note};
use super::envelope::{gives, sealed, without_nulls};
use super::mock_identity::{TOLD_AS, known, ours};
use super::proving::{reachable, tell_code};
use super::settings::{biometrics_match, one_time_code};
use crate::identity::chance::{digest, secret_digest, unguessable};
use crate::identity::model::claims;
use crate::identity::model::client::{Auth, BirthdateForm, Client, GenderForm, UserinfoForm};
use crate::identity::model::factor::Factor;
use crate::identity::model::otp::{self, Outcome};
use crate::identity::model::person::Person;
use crate::identity::model::psut;
use crate::identity::model::refusal::Refusal;
use crate::identity::model::request::locales;
use crate::identity::signer;
use crate::identity::store::ida::{self as codes, Tried};
use crate::identity::store::kyc_tokens;
use crate::kit::openapi::Routes;
use crate::kit::seed::cast_uin;
use crate::kit::server::Call;

/// How long a kyc token waits, on the sandbox clock.
const TOKEN_LIFE: SignedDuration = SignedDuration::from_secs(180);
/// How long a one-time code counts here.
const OTP_LIFE: SignedDuration = SignedDuration::from_secs(600);

/// Relying party and client.
pub(super) type Route = Path<(String, String)>;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct OtpWanted {
    transaction_id: String,
    individual_id: String,
    #[serde(default)]
    otp_channels: Vec<String>,
}

/// One of the proofs comes; the others are null or left out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Proof {
    transaction_id: String,
    individual_id: String,
    otp: Option<String>,
    pin: Option<String>,
    password: Option<String>,
    biometrics: Option<Value>,
    /// Of a wallet: any is taken.
    tokens: Option<Value>,
    #[serde(default)]
    claim_metadata_required: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Exchange {
    transaction_id: String,
    individual_id: String,
    kyc_token: String,
    #[serde(default)]
    accepted_claims: AcceptedClaims,
    /// Of versions 2 and 3, beside the other or instead of it.
    #[serde(default)]
    accepted_claim_detail: AcceptedClaims,
    #[serde(default)]
    claim_locales: Vec<String>,
    resp_type: Option<String>,
}

/// The claims that were accepted: a list of names, or names with how they were asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum AcceptedClaims {
    Names(Vec<String>),
    Asked(Map<String, Value>),
}

impl Default for AcceptedClaims {
    fn default() -> Self {
        Self::Names(Vec::new())
    }
}

impl AcceptedClaims {
    fn names(self) -> Vec<String> {
        match self {
            Self::Names(names) => names,
            Self::Asked(asked) => asked.into_iter().map(|(name, _)| name).collect(),
        }
    }
}

pub(super) fn routes(routes: &mut Routes) {
    let path = |rest: &str| format!("/v1/mock-identity-system{rest}/{{rp}}/{{client}}");
    let of = |summary| ours(summary).path("rp", "rp").path("client", "demo-portal");
    let tomas = cast_uin("tomas");
    let code = json!({"transactionId": "t1", "individualId": tomas, "otpChannels": ["phone"]});
    let pin = json!({"transactionId": "t1", "individualId": tomas, "pin": "545411"});
    let wanted = json!({
        "transactionId": "t1", "individualId": tomas, "kycToken": "...", "acceptedClaims": ["name"],
        "claimLocales": ["eng"],
    });
    routes.post(
        &path("/send-otp"),
        send_otp,
        gives(of("Sends a one-time code").takes::<OtpWanted>(code)),
    );
    for version in ["", "/v2", "/v3"] {
        let told = of("Tells what was allowed, for a token").takes::<Exchange>(wanted.clone());
        routes
            .post(
                &path(&format!("{version}/kyc-auth")),
                kyc_auth,
                gives(of("Takes a proof, for a token").takes::<Proof>(pin.clone())),
            )
            .post(
                &path(&format!("{version}/kyc-exchange")),
                kyc_exchange,
                gives(told).after("a token was got with kyc-auth"),
            );
    }
}

/// These calls come without an envelope.
fn bare<T: DeserializeOwned>(call: &Call) -> Result<T, Failure> {
    let sent = serde_json::from_slice(&call.body).map(without_nulls);
    sent.and_then(serde_json::from_value)
        .map_err(|e| Refusal::new("invalid_input", e.to_string()).into())
}

async fn send_otp(call: Call) -> HttpResponse {
    let done = otp_sent(&call).await;
    sealed(&call, TOLD_AS, done)
}

async fn otp_sent(call: &Call) -> Result<Value, Failure> {
    let wanted: OtpWanted = bare(call)?;
    let person = known(call, &wanted.individual_id)?;
    if wanted.transaction_id.is_empty() {
        return Err(Refusal::new("invalid_transaction", "`transactionId` is empty").into());
    }
    if !wanted.otp_channels.iter().any(|c| matches!(c.to_lowercase().as_str(), "phone" | "email")) {
        return Err(
            Refusal::new("invalid_otp_channel", "`otpChannels` must name phone or email").into()
        );
    }
    let nowhere = |why| Refusal::new("no_email_mobile_found", why);
    if !reachable(&person, &wanted.otp_channels) {
        return Err(nowhere("nothing is registered for these channels").into());
    }
    let phone = person.phone.clone().ok_or_else(|| nowhere("this person has no telephone"))?;
    let code = one_time_code(call)?;
    let kept = digest(&format!("{}{code}", wanted.transaction_id));
    let until = otp::later(call.errand.now(), OTP_LIFE);
    codes::keep(call.store(), &person.uin, &wanted.transaction_id, (&kept, until))?;
    if !tell_code(&call.errand, (&person, &phone), &code).await {
        return Err(Refusal::new("send_otp_failed", "the code could not be delivered").into());
    }
    Ok(json!({
        "transactionId": wanted.transaction_id, "maskedMobile": person.masked_phone(),
        "maskedEmail": person.masked_email(),
    }))
}

async fn kyc_auth(call: Call, route: Route) -> HttpResponse {
    let done = authenticated(&call, &route);
    sealed(&call, TOLD_AS, done)
}

fn authenticated(call: &Call, route: &Route) -> Result<Value, Failure> {
    let proof: Proof = bare(call)?;
    let person = known(call, &proof.individual_id)?;
    let failed = |why: &str| Failure::from(Refusal::new("auth_failed", why));
    if person.barred().is_some() {
        note(call, (&person.uin, &route.1), "kyc-auth refused", "")?;
        return Err(failed("this identity can no longer be used"));
    }
    let factor = proved(call, &proof, &person)?;
    note(call, (&person.uin, &route.1), format!("kyc-auth by {}", factor.word()), "")?;
    let token = unguessable()?;
    let belongs = (person.uin.as_str(), route.1.as_str(), proof.transaction_id.as_str());
    let until = otp::later(call.errand.now(), TOKEN_LIFE);
    kyc_tokens::keep(call.store(), &digest(&token), belongs, until)?;
    let subject = psut::token(&person.uin, &route.0);
    let mut answer =
        json!({"authStatus": true, "kycToken": token, "partnerSpecificUserToken": subject});
    if proof.claim_metadata_required {
        answer["claimMetadata"] = json!({});
    }
    Ok(answer)
}

/// How the person was proved, or why not.
fn proved(call: &Call, proof: &Proof, person: &Person) -> Result<Factor, Failure> {
    let failed = |why: &str| Failure::from(Refusal::new("auth_failed", why));
    let given = |value: &Option<Value>| value.as_ref().is_some_and(|v| !v.is_null());
    let factor = match (&proof.otp, &proof.pin, &proof.password) {
        (Some(_), _, _) => Factor::Otp,
        (None, Some(_), _) => Factor::Pin,
        (None, None, Some(_)) => Factor::Pwd,
        _ if given(&proof.biometrics) || given(&proof.tokens) => Factor::Bio,
        _ => return Err(failed("send one of otp, pin, password, biometrics, tokens")),
    };
    if person.locked.contains(&factor) {
        return Err(failed("the holder has locked this way of proving"));
    }
    let now = call.errand.now();
    let outcome = match factor {
        Factor::Bio => {
            let matches = given(&proof.tokens) || biometrics_match(call, &person.uin)?;
            return if matches { Ok(factor) } else { Err(failed("the biometrics do not match")) };
        }
        Factor::Otp => {
            let otp = proof.otp.as_deref().unwrap_or_default();
            let typed = digest(&format!("{}{otp}", proof.transaction_id));
            codes::attempt(call.store(), &person.uin, &proof.transaction_id, (&typed, now))?
        }
        Factor::Pin | Factor::Pwd => {
            let typed = proof.pin.as_deref().or(proof.password.as_deref()).unwrap_or_default();
            let typed = secret_digest(&person.uin, factor, typed);
            Tried::Decided(codes::attempt_secret(call.store(), &person.uin, factor, (&typed, now))?)
        }
    };
    match outcome {
        Tried::Decided(Outcome::Right) => Ok(factor),
        Tried::OtherTransaction | Tried::Decided(Outcome::NotSent) if factor == Factor::Otp => {
            let sentence = "ask for a code in this transaction first";
            Err(Refusal::new("invalid_transaction", sentence).into())
        }
        _ => Err(failed("the proof is wrong, too old, or locked")),
    }
}

async fn kyc_exchange(call: Call, route: Route) -> HttpResponse {
    let done = exchanged(&call, &route).await;
    sealed(&call, TOLD_AS, done)
}

async fn exchanged(call: &Call, route: &Route) -> Result<Value, Failure> {
    let exchange: Exchange = bare(call)?;
    if exchange.resp_type.as_deref().is_some_and(|wanted| wanted != "JWS") {
        return Err(Refusal::new("invalid_input", "`respType` JWS is served, and no other").into());
    }
    let belongs =
        (exchange.individual_id.as_str(), route.1.as_str(), exchange.transaction_id.as_str());
    let until = kyc_tokens::take(call.store(), &digest(&exchange.kyc_token), belongs)?;
    match until {
        None => return Err(Refusal::new("mock-ida-006", "invalid transaction or token").into()),
        Some(until) if until <= call.errand.now() => {
            return Err(Refusal::new("mock-ida-007", "the token has expired").into());
        }
        Some(_) => {}
    }
    let person = known(call, &exchange.individual_id)?;
    let client = client_of(call, &route.1)?.unwrap_or_else(|| esignet_client(&route.1));
    let accepted = [exchange.accepted_claims, exchange.accepted_claim_detail];
    let accepted = accepted.into_iter().flat_map(AcceptedClaims::names);
    let accepted = accepted.filter(|claim| client.may_ask(claim)).collect();
    let mut told: Map<String, Value> =
        claims::told(&accepted, &person, &client, &locales(&exchange.claim_locales));
    let released = told.keys().cloned().collect::<Vec<_>>().join(" ");
    note(call, (&person.uin, &route.1), "kyc-exchange", released)?;
    told.insert("sub".into(), psut::token(&person.uin, &route.0).into());
    told.insert("iss".into(), call.errand.own_base().into());
    told.insert("aud".into(), route.1.clone().into());
    let claims = ("JWT", Value::Object(told));
    Ok(json!({"kyc": signer::sign(&call.errand.office, client.alg, claims).await?}))
}

/// A client that only the eSignet in front of us knows: its formats are MOSIP's.
fn esignet_client(id: &str) -> Client {
    Client {
        userinfo: UserinfoForm::Signed,
        birthdate: BirthdateForm::Slashes,
        gender: GenderForm::Capital,
        ..Client::plain(id, id, Auth::None)
    }
}
