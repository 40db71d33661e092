//! MOSIP IDA, `/idauthentication/v1/{auth|kyc|otp}/{licence key}/{partner}/{API key}`: yes or no, e-KYC, one-time codes.
//! HTTP is 200 for refusals too; the verdict is in the body. Any licence key and partner is taken but for a few that
//! are barred; biometrics match whenever some are sent.

use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::answers::{Failure, note, open_to_all, refuse_client};
use super::ida_otp::{otp_error, send_otp};
use super::ida_request::{certificate, shown};
use super::settings::{biometrics_match, strict_numbers};
use crate::identity::model::factor::Factor;
use crate::identity::model::id_type::IdType;
use crate::identity::model::ida::{self, Asked, IdaError, Policy, Sent};
use crate::identity::model::person::Person;
use crate::identity::model::psut;
use crate::identity::sealed::{self, upper_hex};
use crate::identity::store::vids;
use crate::identity::{der, signer};
use crate::kit::clock::wall;
use crate::kit::openapi::{Routes, says};
use crate::kit::seed::cast_uin;
use crate::kit::server::Call;
use crate::kit::store::StoreError;

/// Licence key, partner, API key.
pub(super) type Route = Path<(String, String, String)>;

pub(super) fn routes(routes: &mut Routes) {
    let path = |kind: &str| format!("/idauthentication/v1/{kind}/{{licence}}/{{partner}}/{{key}}");
    let facts = json!({"timestamp": THEN, "demographics": {"dob": "1959/02/11"}});
    let ours = |summary| {
        says(summary)
            .tag("MOSIP IDA")
            .more("Refusals are answered with 200 too, and listed in `errors`.")
    };
    let asked = |summary, kind: &str, request: &Value| {
        ours(summary)
            .path("licence", "licence")
            .path("partner", "pinkbank")
            .path("key", "key")
            .takes::<Value>(json!({
                "id": format!("mosip.identity.{kind}"), "version": "1.0", "individualId": cast_uin("tomas"),
                "individualIdType": "UIN", "transactionID": "1234567890", "requestTime": THEN,
                "consentObtained": true, "otpChannel": ["phone"], "request": request,
            }))
            .gives::<Value>(200, "Yes or no, or why not")
    };
    routes
        .post(
            &path("auth"),
            auth,
            asked("Whether somebody is who they say: yes or no", "auth", &facts),
        )
        .post(&path("kyc"), kyc, asked("Who somebody is (e-KYC)", "kyc", &facts))
        .post(&path("otp"), send_otp, asked("Sends a one-time code", "otp", &Value::Null))
        .get(
            "/idauthentication/v1/internal/getCertificate",
            get_certificate,
            ours("The certificate that requests are encrypted to")
                .asks("applicationId", "IDA")
                .query("referenceId", "PARTNER")
                .gives::<Value>(200, "In PEM"),
        );
}

/// What e-KYC is called in its envelope.
const KYC: &str = "mosip.identity.kyc";
/// The first moment of the country, for the examples.
const THEN: &str = "2026-10-01T08:00:00.000Z";

async fn auth(call: Call, request: HttpRequest, route: Route) -> HttpResponse {
    let done = authenticate(&call, &request, &route, "mosip.identity.auth").await;
    let (status, token, errors) = match done {
        Ok(it) => {
            let told = if it.errors.is_empty() { "yes" } else { "no" };
            if let Err(error) = note(&call, (&it.person.uin, &route.1), "IDA auth", told) {
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
        Ok(response) => answer(&call, KYC, &response, &[]),
        Err(Trouble::Refused(errors)) => {
            let none = json!({"kycStatus": false, "authToken": null, "identity": null, "sessionKey": null});
            answer(&call, KYC, &none, &errors)
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
    // Before anything is asked of the person: a code or a number that is used once is not spent in vain.
    if !ida::policy(&route.0, &route.1).map_err(one)?.kyc {
        return Err(one(IdaError::new("IDA-MPA-013", "Partner is unauthorised for eKYC")));
    }
    let it = authenticate(call, request, route, KYC).await.map_err(one)?;
    if !it.errors.is_empty() {
        return Err(Trouble::Refused(it.errors));
    }
    let identity = ida::released(&it.person, it.policy);
    let names = identity.keys().cloned().collect::<Vec<_>>().join(" ");
    let (identity, key, thumbprint) = carried(&it, identity).map_err(one)?;
    note(call, (&it.person.uin, &route.1), "IDA kyc", names).map_err(Trouble::Store)?;
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
    let asked = asked(call, &sent, kind)?;
    sent.consented()?;
    let (person, vid) = bearer(call, &asked)?;
    let (shown, sealed) = shown(call, &sent).await?;
    shown.something()?;
    shown.unlocked(&person)?;
    let mut errors = shown.differences(&person, call.room().clock.today());
    let wrong = |e: StoreError| broken(&e);
    if shown.factors().contains(&Factor::Bio)
        && !biometrics_match(call, &person.uin).map_err(wrong)?
    {
        let error = IdaError::new("IDA-BIA-001", "Biometric data did not match");
        errors.push(error.with_action("Please give your biometrics again"));
    }
    errors.extend(otp_error(call, (&asked, &person), &shown)?);
    if errors.is_empty() {
        let now = call.errand.now();
        let spent = call.store().write(|tx| Ok(vids::spend(tx, vid.as_deref(), now)?));
        if !spent.map_err(wrong)? {
            return Err(IdaError::new("IDA-MLC-005", "VID is used"));
        }
    }
    Ok(Checked { person, policy, certificate, sealed, errors })
}

pub(super) fn read(call: &Call) -> Result<Sent, IdaError> {
    let invalid = |e| IdaError::new("IDA-MLC-009", format!("Invalid Input Parameter - {e}"));
    serde_json::from_slice(&call.body).map_err(invalid)
}

/// Checks what all three kinds of request have in common.
pub(super) fn asked(call: &Call, sent: &Sent, kind: &str) -> Result<Asked, IdaError> {
    let strict = strict_numbers(call).map_err(|e| broken(&e))?;
    let asked = sent.asked(kind, [call.errand.now(), wall()], strict)?;
    call.correlation(&asked.transaction);
    Ok(asked)
}

/// The person that is asked about, and the virtual number where that was how.
pub(super) fn bearer(call: &Call, asked: &Asked) -> Result<(Person, Option<String>), IdaError> {
    let now = call.errand.now();
    let found = call.store().read(|db| match asked.kind {
        IdType::Uin | IdType::Vid => vids::bearer(db, &asked.number, now),
        IdType::Handle => vids::holder(db, &asked.number),
    });
    ida::standing(found.map_err(|e| broken(&e))?, asked)
}

pub(super) fn broken(error: &StoreError) -> IdaError {
    // The cause is for our own log, not for the partner.
    tracing::error!(%error, "IDA could not use its archive");
    IdaError::new("IDA-MLC-007", "Could not process the request/Unknown error; please try again")
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
    match signer::certificate(&call.errand.office).await {
        Ok(der) => answer(&call, "", &json!({"certificate": der::pem(&der)}), &[]),
        Err(error) => refuse_client(&call, Failure::Sign(error)),
    }
}

fn failed(call: &Call, error: &StoreError) -> HttpResponse {
    answer(call, "", &Value::Null, &[broken(error)])
}

/// The envelope of IDA: `errors` is null where all is well.
pub(super) fn answer(call: &Call, id: &str, response: &Value, errors: &[IdaError]) -> HttpResponse {
    let sent: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    if let Some(first) = errors.first() {
        call.remark(&format!("{}: {}", first.code, first.message));
    }
    let line = |e: &IdaError| {
        let mut line = json!({"errorCode": e.code, "errorMessage": e.message});
        if let Some(action) = &e.action {
            line["actionMessage"] = action.clone().into();
        }
        line
    };
    let listed: Vec<_> = errors.iter().map(line).collect();
    let errors = if listed.is_empty() { Value::Null } else { listed.into() };
    open_to_all(HttpResponse::Ok()).json(json!({
        "id": id, "version": "1.0", "transactionID": sent["transactionID"],
        "responseTime": call.errand.stamp(), "response": response, "errors": errors,
    }))
}
