//! One-time codes of MOSIP IDA: `POST /idauthentication/v1/otp/...`, and what is decided about a code that is typed.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::answers::note;
use super::ida::{Route, answer, asked, bearer, broken, read};
use super::ida_request::certificate;
use super::proving::tell_code;
use super::settings::one_time_code;
use crate::identity::chance::digest;
use crate::identity::model::factor::Factor;
use crate::identity::model::ida::{self, Asked, IdaError, Shown, locked_type};
use crate::identity::model::otp::{self, Outcome};
use crate::identity::model::person::Person;
use crate::identity::store::ida::{self as codes, Tried};
use crate::identity::store::logins;
use crate::kit::server::Call;

const KIND: &str = "mosip.identity.otp";

pub(super) async fn send_otp(call: Call, request: HttpRequest, route: Route) -> HttpResponse {
    match sent(&call, &request, &route).await {
        Ok(response) => answer(&call, KIND, &response, &[]),
        Err(error) => answer(&call, KIND, &Value::Null, &[error]),
    }
}

async fn sent(call: &Call, request: &HttpRequest, route: &Route) -> Result<Value, IdaError> {
    ida::policy(&route.0, &route.1)?;
    certificate(call, request)?;
    let sent = read(call)?;
    let asked = asked(call, &sent, KIND)?;
    let channels = sent.channels()?;
    let wants = |channel: &str| channels.iter().any(|c| c.eq_ignore_ascii_case(channel));
    let (person, _) = bearer(call, &asked)?;
    if person.locked.contains(&Factor::Otp) {
        return Err(locked_type(Factor::Otp));
    }
    // Nobody reads mail here: a code goes to the telephone, and an address only counts as registered.
    let phone = person.phone.clone().filter(|_| wants("phone"));
    let Some(phone) = phone else {
        let channel = channels.join(",");
        let message = format!("{channel} not registered. Individual has to register and try again");
        return Err(IdaError::new("IDA-MLC-014", message));
    };
    send(call, &asked, (&person, &phone)).await?;
    note(call, (&person.uin, &route.1), "IDA otp", "").map_err(|e| broken(&e))?;
    let email = person.masked_email().filter(|_| wants("email"));
    Ok(json!({"maskedMobile": person.masked_phone(), "maskedEmail": email}))
}

async fn send(
    call: &Call,
    asked: &Asked,
    (person, phone): (&Person, &str),
) -> Result<(), IdaError> {
    let now = call.errand.now();
    let lock = call.store().read(|db| logins::lock_of(db, &person.uin)).map_err(|e| broken(&e))?;
    if otp::locked(lock.1, now).is_some() {
        return Err(locked());
    }
    let failed = || IdaError::new("IDA-OTA-002", "Could not generate/send OTP");
    let code = one_time_code(call).map_err(|_| failed())?;
    let kept = digest(&format!("{}{code}", asked.transaction));
    let until = otp::later(now, otp::LIFE);
    codes::keep(call.store(), &person.uin, &asked.transaction, (&kept, until))
        .map_err(|e| broken(&e))?;
    if tell_code(&call.errand, (person, phone), &code).await { Ok(()) } else { Err(failed()) }
}

/// What is wrong with a typed code, where one was typed.
pub(super) fn otp_error(
    call: &Call,
    (asked, person): (&Asked, &Person),
    shown: &Shown,
) -> Result<Option<IdaError>, IdaError> {
    let Some(typed) = shown.otp.as_deref().filter(|o| !o.is_empty()) else { return Ok(None) };
    let typed = digest(&format!("{}{typed}", asked.transaction));
    let now = call.errand.now();
    let tried = codes::attempt(call.store(), &person.uin, &asked.transaction, (&typed, now));
    Ok(Some(match tried.map_err(|e| broken(&e))? {
        Tried::Decided(Outcome::Right) => return Ok(None),
        Tried::OtherTransaction => IdaError::new(
            "IDA-OTA-005",
            "Input transactionID does not match transactionID of OTP Request",
        ),
        Tried::Decided(Outcome::Wrong { .. }) => IdaError::new("IDA-OTA-004", "OTP is invalid")
            .with_action("Please provide correct OTP value"),
        Tried::Decided(Outcome::Expired) => IdaError::new("IDA-OTA-003", "OTP has expired")
            .with_action("Please regenerate OTP and try again after sometime"),
        Tried::Decided(Outcome::NotSent) => {
            IdaError::new("IDA-OTA-012", "Please request for OTP before OTP Authentication")
        }
        Tried::Decided(Outcome::Locked { .. } | Outcome::LockedNow { .. }) => locked(),
    }))
}

fn locked() -> IdaError {
    IdaError::new(
        "IDA-OTA-007",
        "OTP Authentication is blocked after too many wrong codes; try again later",
    )
}
