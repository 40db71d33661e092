//! MOSIP IDA, `/idauthentication/v1/{auth|kyc|otp}/{licence key}/{partner}/{API key}`: yes or no, e-KYC, one-time codes.
//! HTTP is 200 for refusals too; the verdict is in the body. Any licence key and partner is taken but for a few that
//! are barred; biometrics match whenever some are sent.

use actix_web::web::{self, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::answers::{Failure, open_to_all, refuse_client};
use super::ida_request::{certificate, shown};
use super::settings::one_time_code;
use crate::identity::chance::digest;
use crate::identity::model::ida::{self, Asked, IdaError, Policy, Sent, Shown};
use crate::identity::model::otp::{self, Outcome};
use crate::identity::model::person::Person;
use crate::identity::model::psut;
use crate::identity::pages::Frame;
use crate::identity::sealed::{self, upper_hex};
use crate::identity::store::ida::{self as codes, Tried};
use crate::identity::store::people;
use crate::identity::store::records::{self, Release};
use crate::identity::{der, signer::SignError};
use crate::kit::clock::wall;
use crate::kit::courier::Letter;
use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::kit::store::StoreError;

/// Licence key, partner, API key.
type Route = Path<(String, String, String)>;

pub(super) fn routes(config: &mut Routes<'_>) {
    let path = |kind: &str| format!("/idauthentication/v1/{kind}/{{licence}}/{{partner}}/{{key}}");
    config
        .service(web::resource(path("auth")).route(web::post().to(auth)))
        .service(web::resource(path("kyc")).route(web::post().to(kyc)))
        .service(web::resource(path("otp")).route(web::post().to(send_otp)))
        .service(
            web::resource("/idauthentication/v1/internal/getCertificate")
                .route(web::get().to(get_certificate)),
        );
}

async fn auth(call: Call, request: HttpRequest, route: Route) -> HttpResponse {
    let done = authenticate(&call, &request, &route, "mosip.identity.auth").await;
    let (status, token, errors) = match done {
        Ok(it) => {
            let told = if it.errors.is_empty() { "yes" } else { "no" };
            if let Err(error) = note(&call, &it, &route.1, "IDA auth", told) {
                return failed(&call, &error);
            }
            let token = psut::token(&it.person.uin, &route.1);
            (it.errors.is_empty(), Value::from(token), it.errors)
        }
        Err(error) => (false, Value::Null, vec![error]),
    };
    answer(
        &call,
        "mosip.identity.auth",
        &json!({"authStatus": status, "authToken": token}),
        &errors,
    )
}

async fn kyc(call: Call, request: HttpRequest, route: Route) -> HttpResponse {
    let told = known_customer(&call, &request, &route).await;
    match told {
        Ok(response) => answer(&call, "mosip.identity.kyc", &response, &[]),
        Err(Trouble::Refused(errors)) => {
            let none = json!({"kycStatus": false, "authToken": null, "identity": null, "sessionKey": null});
            answer(&call, "mosip.identity.kyc", &none, &errors)
        }
        Err(Trouble::Store(error)) => failed(&call, &error),
    }
}

/// Why there is no e-KYC answer.
enum Trouble {
    Refused(Vec<IdaError>),
    Store(StoreError),
}

async fn known_customer(
    call: &Call,
    request: &HttpRequest,
    route: &Route,
) -> Result<Value, Trouble> {
    let one = |error| Trouble::Refused(vec![error]);
    let it = authenticate(call, request, route, "mosip.identity.kyc").await.map_err(one)?;
    if !it.policy.kyc {
        return Err(one(IdaError::new("IDA-MPA-013", "Partner is unauthorised for eKYC")));
    }
    if !it.errors.is_empty() {
        return Err(Trouble::Refused(it.errors));
    }
    let identity = ida::released(&it.person, it.policy);
    let names = identity.keys().cloned().collect::<Vec<_>>().join(" ");
    let (identity, key, thumbprint) = carried(&it, identity).map_err(one)?;
    note(call, &it, &route.1, "IDA kyc", &names).map_err(Trouble::Store)?;
    Ok(json!({
        "kycStatus": true, "authToken": psut::token(&it.person.uin, &route.1),
        "thumbprint": thumbprint, "identity": identity, "sessionKey": key,
    }))
}

/// The identity as it travels: sealed to the partner's certificate where the request came sealed, readable otherwise.
fn carried(it: &Checked, identity: Map<String, Value>) -> Result<(Value, Value, Value), IdaError> {
    if !it.sealed {
        return Ok((Value::Object(identity), Value::Null, Value::Null));
    }
    let unsigned = || IdaError::new("IDA-MPA-001", "Invalid Signature");
    let certificate = it.certificate.as_deref().ok_or_else(unsigned)?;
    let key = der::public_key_of(certificate).ok_or_else(unsigned)?;
    let text = Value::Object(identity).to_string();
    let sealed = sealed::seal(&key, text.as_bytes());
    let (text, key) =
        sealed.ok_or_else(|| IdaError::new("IDA-MPA-003", "Unable to encrypt the answer"))?;
    Ok((text.into(), key.into(), upper_hex(&Sha256::digest(certificate)).into()))
}

/// A request whose person is known; `errors` tells what did not match.
struct Checked {
    person: Person,
    policy: Policy,
    certificate: Option<Vec<u8>>,
    sealed: bool,
    errors: Vec<IdaError>,
}

async fn authenticate(
    call: &Call,
    request: &HttpRequest,
    route: &Route,
    kind: &str,
) -> Result<Checked, IdaError> {
    let policy = ida::policy(&route.0, &route.1)?;
    let certificate = certificate(call, request)?;
    let sent = read(call)?;
    let asked = sent.asked(kind, [call.errand.now(), wall()])?;
    call.correlation(&asked.transaction);
    sent.consented()?;
    let person = person(call, &asked)?;
    let (shown, sealed) = shown(call, &sent).await?;
    shown.something()?;
    let mut errors = shown.differences(&person, call.room().clock.today());
    errors.extend(otp_error(call, &asked, &shown)?);
    Ok(Checked { person, policy, certificate, sealed, errors })
}

fn read(call: &Call) -> Result<Sent, IdaError> {
    let invalid = |e| IdaError::new("IDA-MLC-009", format!("Invalid Input Parameter - {e}"));
    serde_json::from_slice(&call.body).map_err(invalid)
}

fn person(call: &Call, asked: &Asked) -> Result<Person, IdaError> {
    let found = call.store().read(|db| people::find(db, &asked.uin)).map_err(|e| broken(&e))?;
    ida::standing(found)
}

fn broken(error: &StoreError) -> IdaError {
    // The cause is for our own log, not for the partner.
    tracing::error!(%error, "IDA could not use its archive");
    IdaError::new("IDA-MLC-007", "Could not process the request/Unknown error; please try again")
}

fn otp_error(call: &Call, asked: &Asked, shown: &Shown) -> Result<Option<IdaError>, IdaError> {
    let Some(typed) = shown.otp.as_deref().filter(|o| !o.is_empty()) else { return Ok(None) };
    let typed = digest(&format!("{}{typed}", asked.transaction));
    let now = call.errand.now();
    let tried = codes::attempt(call.store(), &asked.uin, &asked.transaction, (&typed, now));
    Ok(Some(match tried.map_err(|e| broken(&e))? {
        Tried::Decided(Outcome::Right) => return Ok(None),
        Tried::OtherTransaction => IdaError::new(
            "IDA-OTA-005",
            "Input transactionID does not match transactionID of OTP Request",
        ),
        Tried::Decided(Outcome::Wrong { .. }) => IdaError::new("IDA-OTA-004", "OTP is invalid"),
        Tried::Decided(Outcome::Expired) => IdaError::new("IDA-OTA-003", "OTP has expired"),
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

async fn send_otp(call: Call, request: HttpRequest, route: Route) -> HttpResponse {
    match otp_sent(&call, &request, &route).await {
        Ok(phone) => {
            let response = json!({"maskedMobile": phone, "maskedEmail": null});
            answer(&call, "mosip.identity.otp", &response, &[])
        }
        Err(error) => answer(&call, "mosip.identity.otp", &Value::Null, &[error]),
    }
}

async fn otp_sent(
    call: &Call,
    request: &HttpRequest,
    route: &Route,
) -> Result<Option<String>, IdaError> {
    ida::policy(&route.0, &route.1)?;
    certificate(call, request)?;
    let sent = read(call)?;
    let asked = sent.asked("mosip.identity.otp", [call.errand.now(), wall()])?;
    call.correlation(&asked.transaction);
    let channels = sent.otp_channel.unwrap_or_default();
    if !channels.iter().any(|c| matches!(c.to_lowercase().as_str(), "phone" | "email")) {
        return Err(IdaError::new("IDA-MLC-006", "Missing Input Parameter - otpChannel"));
    }
    let person = person(call, &asked)?;
    let by_phone = channels.iter().any(|c| c.eq_ignore_ascii_case("phone"));
    let Some(phone) = person.phone.clone().filter(|_| by_phone) else {
        let channel = channels.join(",");
        let message = format!("{channel} not registered. Individual has to register and try again");
        return Err(IdaError::new("IDA-MLC-014", message));
    };
    let now = call.errand.now();
    let lock = call.store().read(|db| crate::identity::store::logins::lock_of(db, &asked.uin));
    if otp::locked(lock.map_err(|e| broken(&e))?.1, now).is_some() {
        return Err(locked());
    }
    let failed = |_| IdaError::new("IDA-OTA-002", "Could not generate/send OTP");
    let code = one_time_code(call).map_err(failed)?;
    let kept = digest(&format!("{}{code}", asked.transaction));
    codes::keep(call.store(), &asked.uin, &asked.transaction, (&kept, otp::later(now, otp::LIFE)))
        .map_err(|e| broken(&e))?;
    let sms =
        json!({"to": phone, "text": Frame::new("en", false).texts.sms.replace("{code}", &code)});
    let delivered = call.errand.send(Letter::post("messenger", "/sms").json(&sms)).await;
    if !delivered.is_ok_and(|reply| reply.is_success()) {
        return Err(IdaError::new("IDA-OTA-002", "Could not generate/send OTP"));
    }
    Ok(person.masked_phone())
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    application_id: String,
    #[serde(default)]
    reference_id: String,
}

/// How a partner gets the certificate that it seals requests to.
async fn get_certificate(call: Call, wanted: Query<Wanted>) -> HttpResponse {
    if wanted.application_id != "IDA" {
        let message =
            format!("no certificate for {} {}", wanted.application_id, wanted.reference_id);
        return answer(&call, "", &Value::Null, &[IdaError::new("KER-KMS-002", message)]);
    }
    let keys = std::sync::Arc::clone(&call.errand.office.keys);
    let made = web::block(move || der::certificate(&keys, "Arenoa ID")).await;
    match made.map_err(SignError::from).and_then(|made| Ok(made?)) {
        Ok(der) => answer(&call, "", &json!({"certificate": der::pem(&der)}), &[]),
        Err(error) => refuse_client(&call, Failure::Sign(error)),
    }
}

fn note(
    call: &Call,
    it: &Checked,
    asker: &str,
    occasion: &str,
    released: &str,
) -> Result<(), StoreError> {
    let line = Release {
        asker: asker.into(),
        occasion: occasion.into(),
        released: released.into(),
        at: call.errand.stamp(),
    };
    call.store().write(|tx| Ok::<_, StoreError>(records::audit(tx, &it.person.uin, &line)?))
}

fn failed(call: &Call, error: &StoreError) -> HttpResponse {
    answer(call, "", &Value::Null, &[broken(error)])
}

/// The envelope of IDA: `errors` is null where all is well.
fn answer(call: &Call, id: &str, response: &Value, errors: &[IdaError]) -> HttpResponse {
    let sent: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    if let Some(first) = errors.first() {
        call.remark(&format!("{}: {}", first.code, first.message));
    }
    let listed: Vec<_> =
        errors.iter().map(|e| json!({"errorCode": e.code, "errorMessage": e.message})).collect();
    let errors = if listed.is_empty() { Value::Null } else { listed.into() };
    open_to_all(HttpResponse::Ok()).json(json!({
        "id": id, "version": "1.0", "transactionID": sent["transactionID"],
        "responseTime": call.errand.stamp(), "response": response, "errors": errors,
    }))
}
