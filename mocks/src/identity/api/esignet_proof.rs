//! eSignet 1.x: `send-otp` and `authenticate`, where a person proves who they are through somebody else's page.

use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answers::{Failure, note};
use super::envelope::{opened, sealed};
use super::esignet::{TOLD_AS, login_in, proven};
use super::proving::{self, Who, who};
use crate::identity::model::factor::Factor;
use crate::identity::model::otp::Outcome;
use crate::identity::model::person::{Barred, Person};
use crate::identity::model::refusal::Refusal;
use crate::identity::store::logins::{Login, Tried};
use crate::kit::server::Call;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OtpWanted {
    transaction_id: String,
    individual_id: String,
    #[serde(default)]
    otp_channels: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Proofs {
    transaction_id: String,
    individual_id: String,
    challenge_list: Vec<Challenge>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Challenge {
    auth_factor_type: String,
    challenge: String,
    #[serde(default)]
    format: String,
}

pub(super) async fn send_otp(call: Call, request: HttpRequest) -> HttpResponse {
    let done = otp_sent(&call, &request).await;
    sealed(&call, TOLD_AS, done)
}

async fn otp_sent(call: &Call, request: &HttpRequest) -> Result<Value, Failure> {
    let wanted: OtpWanted = opened(call)?;
    let (ticket, login) = login_in(call, request, &wanted.transaction_id)?;
    let known = |c: &String| matches!(c.to_lowercase().as_str(), "phone" | "email");
    if wanted.otp_channels.is_empty() || !wanted.otp_channels.iter().all(known) {
        let sentence = "`otpChannels` must name phone, email or both";
        return Err(Refusal::new("invalid_otp_channel", sentence).into());
    }
    offered(&login, Factor::Otp)?;
    let (person, vid) = bearer(call, &login, &wanted.individual_id, Factor::Otp)?;
    let failed = |why: &str| Refusal::new("send_otp_failed", why);
    if !proving::reachable(&person, &wanted.otp_channels) {
        return Err(failed("nothing is registered for these channels").into());
    }
    let phone = person.phone.clone().ok_or_else(|| failed("no telephone is registered"))?;
    if !proving::send_code(call, &login, &person, (vid.as_deref(), &phone)).await? {
        return Err(failed("the code could not be delivered").into());
    }
    Ok(json!({
        "transactionId": ticket, "maskedMobile": person.masked_phone(),
        "maskedEmail": person.masked_email(),
    }))
}

/// Whom the number stands for, or eSignet's word for why they may not go on.
fn bearer(
    call: &Call,
    login: &Login,
    number: &str,
    factor: Factor,
) -> Result<(Box<Person>, Option<String>), Failure> {
    let refused = |code, sentence: &str| Err(Refusal::new(code, sentence).into());
    match who(call, number, factor, &login.asked.client)? {
        Who::Is(person, vid) => Ok((person, vid)),
        Who::Unknown => refused("invalid_individual_id", "nobody has this number"),
        Who::VidEnded => refused("invalid_individual_id", "this virtual number no longer counts"),
        Who::Locked(_) => refused("individual_id_blocked", "too many wrong proofs; wait"),
        Who::Barred(_, Barred::Blocked) => {
            refused("individual_id_blocked", "this identity is blocked")
        }
        Who::Barred(_, Barred::Deactivated) => {
            refused("auth_failed", "this identity is no longer active")
        }
        Who::Barred(_, Barred::Deceased) => {
            refused("auth_failed", "the death of this person has been registered")
        }
        Who::FactorLocked => refused("auth_failed", "the holder has locked this way of proving"),
    }
}

fn offered(login: &Login, factor: Factor) -> Result<(), Refusal> {
    if login.asked.factors().contains(&factor) {
        return Ok(());
    }
    let sentence = format!("{} is not among the `authFactors` of this transaction", factor.word());
    Err(Refusal::new("auth_factor_mismatch", sentence))
}

pub(super) async fn authenticate(call: Call, request: HttpRequest) -> HttpResponse {
    let done = authenticated(&call, &request);
    sealed(&call, TOLD_AS, done)
}

fn authenticated(call: &Call, request: &HttpRequest) -> Result<Value, Failure> {
    let proofs: Proofs = opened(call)?;
    let (ticket, login) = login_in(call, request, &proofs.transaction_id)?;
    let [challenge] = proofs.challenge_list.as_slice() else {
        let sentence = "`challengeList` must hold exactly one challenge";
        return Err(Refusal::new("invalid_no_of_challenges", sentence).into());
    };
    let factor = challenge.factor()?;
    offered(&login, factor)?;
    let (person, vid) = bearer(call, &login, &proofs.individual_id, factor)?;
    let tried = match factor {
        Factor::Otp if login.uin.as_deref() != Some(&person.uin) => {
            return Err(Refusal::new("auth_failed", "no code was sent to this person").into());
        }
        Factor::Otp => proving::check_code(call, &login, &challenge.challenge)?,
        _ => {
            let typed = (factor, challenge.challenge.as_str());
            proving::check_secret(call, &login, (&person, vid.as_deref()), typed)?
        }
    };
    let failed = |why: &str| Failure::from(Refusal::new("auth_failed", why));
    match tried {
        Tried::Decided(Outcome::Right) => {
            proven(call, &ticket)?;
            note(call, (&person.uin, &login.asked.client), "login proved", "")?;
            Ok(json!({"transactionId": ticket, "consentAction": "CAPTURE"}))
        }
        Tried::Decided(Outcome::Wrong { left }) => {
            Err(failed(&format!("the {} is wrong; tries left: {left}", factor.word())))
        }
        Tried::Decided(Outcome::Expired) => Err(failed("the code has expired")),
        Tried::Decided(Outcome::NotSent) => Err(failed("no code was sent, or none is set")),
        Tried::Decided(Outcome::LockedNow { .. }) => {
            Err(Refusal::new("no_attempts_left", "too many wrong proofs; wait").into())
        }
        Tried::Decided(Outcome::Locked { .. }) => {
            Err(Refusal::new("individual_id_blocked", "too many wrong proofs; wait").into())
        }
        Tried::VidEnded => {
            let sentence = "this virtual number no longer counts";
            Err(Refusal::new("invalid_individual_id", sentence).into())
        }
    }
}

impl Challenge {
    /// The factor, where its challenge comes in the form that eSignet has for it.
    fn factor(&self) -> Result<Factor, Refusal> {
        let factor = Factor::read(&self.auth_factor_type).ok_or_else(|| {
            let sentence =
                format!("`{}` is no factor; write OTP, PIN or PWD", self.auth_factor_type);
            Refusal::new("invalid_auth_factor_type", sentence)
        })?;
        if self.challenge.is_empty() {
            return Err(Refusal::new("invalid_challenge", "`challenge` is empty"));
        }
        let form = if factor == Factor::Pin { "number" } else { "alpha-numeric" };
        if factor != Factor::Bio && self.format != form {
            let sentence = format!("`format` of {} must be {form}", factor.word());
            return Err(Refusal::new("invalid_challenge_format", sentence));
        }
        Ok(factor)
    }
}
