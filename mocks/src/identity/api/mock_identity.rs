//! mock-identity-system, `/v1/mock-identity-system/...`: plain JSON, so that a real eSignet can stand in front of this
//! archive. One-time codes only: PIN, password and biometrics are refused.

use actix_web::HttpResponse;
use actix_web::web::{self, Path};
use jiff::SignedDuration;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::answers::{Failure, client_of};
use super::envelope::{opened, sealed};
use super::settings::one_time_code;
use crate::identity::chance::{digest, unguessable};
use crate::identity::model::claims;
use crate::identity::model::client::{Auth, BirthdateForm, Client, GenderForm, UserinfoForm};
use crate::identity::model::mock_identity::Record;
use crate::identity::model::otp::{self, Outcome};
use crate::identity::model::person::Person;
use crate::identity::model::psut;
use crate::identity::model::refusal::Refusal;
use crate::identity::pages::Frame;
use crate::identity::signer;
use crate::identity::store::ida::{self as codes, Tried};
use crate::identity::store::records::{self, Release};
use crate::identity::store::{kyc_tokens, people};
use crate::kit::courier::Letter;
use crate::kit::openapi::Routes;
use crate::kit::server::{Call, Part};
use crate::kit::store::StoreError;

/// How long a kyc token waits, on the sandbox clock.
const TOKEN_LIFE: SignedDuration = SignedDuration::from_secs(180);
/// How long a one-time code counts here.
const OTP_LIFE: SignedDuration = SignedDuration::from_secs(600);
/// Under this name errors carry their sentence.
const TOLD_AS: &str = "message";

/// Relying party and client.
type Route = Path<(String, String)>;

pub(super) fn routes(config: &mut Routes<'_>) {
    let path = |rest: &str| format!("/v1/mock-identity-system{rest}");
    config
        .service(
            web::resource(path("/identity"))
                .route(web::post().to(create))
                .route(web::put().to(change)),
        )
        .service(web::resource(path("/identity/{id}")).route(web::get().to(read)))
        .service(web::resource(path("/send-otp/{rp}/{client}")).route(web::post().to(send_otp)));
    for version in ["", "/v2"] {
        let auth = path(&format!("{version}/kyc-auth/{{rp}}/{{client}}"));
        let exchange = path(&format!("{version}/kyc-exchange/{{rp}}/{{client}}"));
        config
            .service(web::resource(auth).route(web::post().to(kyc_auth)))
            .service(web::resource(exchange).route(web::post().to(kyc_exchange)));
    }
}

async fn create(call: Call) -> HttpResponse {
    let created = opened::<Record>(&call).and_then(|record| {
        let person = record.person()?;
        if found(&call, &person.uin)?.is_some() {
            return Err(
                Refusal::new("duplicate_individual_id", "this `individualId` is taken").into()
            );
        }
        call.store().write(|tx| Ok::<_, StoreError>(people::add(tx, &person)?))?;
        Ok(json!({"status": "mock identity data created successfully"}))
    });
    sealed(&call, TOLD_AS, created)
}

async fn change(call: Call) -> HttpResponse {
    let changed = opened::<Record>(&call).and_then(|record| {
        let person = record.changed(known(&call, &record.individual_id)?)?;
        call.store().write(|tx| Ok::<_, StoreError>(people::rewrite(tx, &person)?))?;
        Ok(json!({"status": "mock Identity data updated successfully"}))
    });
    sealed(&call, TOLD_AS, changed)
}

async fn read(call: Call, id: Part) -> HttpResponse {
    let told = known(&call, &id).map(|p| {
        let said = |text: &str| json!([{"language": "eng", "value": text}]);
        let maybe = |text: &Option<String>| text.as_deref().map(said);
        json!({
            "individualId": p.uin, "fullName": said(&p.name()), "givenName": said(&p.given_name),
            "familyName": said(&p.family_name), "gender": said(&p.sex), "dateOfBirth": p.birth_date.replace('-', "/"),
            "phone": p.phone, "email": p.email, "streetAddress": maybe(&p.street), "locality": maybe(&p.locality),
            "region": maybe(&p.region), "postalCode": p.postal_code, "country": said("QN"),
        })
    });
    sealed(&call, TOLD_AS, told)
}

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
struct Proof {
    transaction_id: String,
    individual_id: String,
    #[serde(default)]
    otp: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Exchange {
    transaction_id: String,
    individual_id: String,
    kyc_token: String,
    #[serde(default)]
    accepted_claims: Vec<String>,
}

/// These calls come without an envelope.
fn bare<T: DeserializeOwned>(call: &Call) -> Result<T, Failure> {
    serde_json::from_slice(&call.body)
        .map_err(|e| Refusal::new("invalid_input", e.to_string()).into())
}

fn found(call: &Call, id: &str) -> Result<Option<Person>, StoreError> {
    call.store().read(|db| people::find(db, id))
}

fn known(call: &Call, id: &str) -> Result<Person, Failure> {
    let unknown = || Refusal::new("invalid_individual_id", format!("nobody has the number {id}"));
    Ok(found(call, id)?.ok_or_else(unknown)?)
}

async fn send_otp(call: Call) -> HttpResponse {
    let done = otp_sent(&call).await;
    sealed(&call, TOLD_AS, done)
}

async fn otp_sent(call: &Call) -> Result<Value, Failure> {
    let wanted: OtpWanted = bare(call)?;
    let person = known(call, &wanted.individual_id)?;
    if !wanted.otp_channels.iter().any(|c| matches!(c.to_lowercase().as_str(), "phone" | "email")) {
        return Err(
            Refusal::new("invalid_otp_channel", "`otpChannels` must name phone or email").into()
        );
    }
    let nowhere = || Refusal::new("no_email_mobile_found", "this person has no telephone");
    let phone = person.phone.clone().ok_or_else(nowhere)?;
    let code = one_time_code(call)?;
    let kept = digest(&format!("{}{code}", wanted.transaction_id));
    let until = otp::later(call.errand.now(), OTP_LIFE);
    codes::keep(call.store(), &person.uin, &wanted.transaction_id, (&kept, until))?;
    let text = Frame::new("en", false).texts.sms.replace("{code}", &code);
    let letter = Letter::post("messenger", "/sms").json(&json!({"to": phone, "text": text}));
    if !call.errand.send(letter).await.is_ok_and(|reply| reply.is_success()) {
        return Err(Refusal::new("send_otp_failed", "the code could not be delivered").into());
    }
    Ok(
        json!({"transactionId": wanted.transaction_id, "maskedMobile": person.masked_phone(), "maskedEmail": null}),
    )
}

async fn kyc_auth(call: Call, route: Route) -> HttpResponse {
    let done = authenticated(&call, &route);
    sealed(&call, TOLD_AS, done)
}

fn authenticated(call: &Call, route: &Route) -> Result<Value, Failure> {
    let proof: Proof = bare(call)?;
    let person = known(call, &proof.individual_id)?;
    let failed = |why: &str| Refusal::new("auth_failed", why);
    if person.barred().is_some() {
        return Err(failed("this identity can no longer be used").into());
    }
    let otp = proof.otp.ok_or_else(|| failed("only `otp` is served"))?;
    let typed = digest(&format!("{}{otp}", proof.transaction_id));
    let now = call.errand.now();
    match codes::attempt(call.store(), &person.uin, &proof.transaction_id, (&typed, now))? {
        Tried::Decided(Outcome::Right) => {}
        Tried::OtherTransaction | Tried::Decided(Outcome::NotSent) => {
            return Err(Refusal::new(
                "invalid_transaction",
                "ask for a code in this transaction first",
            )
            .into());
        }
        Tried::Decided(_) => return Err(failed("the code is wrong, too old, or locked").into()),
    }
    let token = unguessable()?;
    let belongs = (person.uin.as_str(), route.1.as_str(), proof.transaction_id.as_str());
    kyc_tokens::keep(call.store(), &digest(&token), belongs, otp::later(now, TOKEN_LIFE))?;
    let subject = psut::token(&person.uin, &route.0);
    Ok(json!({"authStatus": true, "kycToken": token, "partnerSpecificUserToken": subject}))
}

async fn kyc_exchange(call: Call, route: Route) -> HttpResponse {
    let done = exchanged(&call, &route).await;
    sealed(&call, TOLD_AS, done)
}

async fn exchanged(call: &Call, route: &Route) -> Result<Value, Failure> {
    let exchange: Exchange = bare(call)?;
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
    let accepted = exchange.accepted_claims.into_iter().collect();
    let mut told: Map<String, Value> = claims::told(&accepted, &person, &client);
    let line = Release {
        asker: route.1.clone(),
        occasion: "kyc-exchange".into(),
        released: told.keys().cloned().collect::<Vec<_>>().join(" "),
        at: call.errand.stamp(),
    };
    call.store().write(|tx| Ok::<_, StoreError>(records::audit(tx, &person.uin, &line)?))?;
    told.insert("sub".into(), psut::token(&person.uin, &route.0).into());
    told.insert("iss".into(), call.errand.own_base().into());
    told.insert("aud".into(), route.1.clone().into());
    let kyc =
        signer::sign(&call.errand.office, vec![("JWT", Value::Object(told))]).await?.remove(0);
    Ok(json!({"kyc": kyc}))
}

/// A client that only the eSignet in front of us knows: its formats are MOSIP's.
fn esignet_client(id: &str) -> Client {
    Client {
        id: id.into(),
        name: id.into(),
        redirect_uris: Vec::new(),
        auth: Auth::None,
        partner: id.into(),
        userinfo: UserinfoForm::Signed,
        birthdate: BirthdateForm::Slashes,
        gender: GenderForm::Capital,
        claims: Vec::new(),
        active: true,
    }
}
