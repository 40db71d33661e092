//! MOSIP IDA as a partner uses it: readable, and with the real cryptography.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as B64};
use jiff::SignedDuration;
use rsa::{Oaep, Pkcs1v15Sign};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::SYSTEMS;
use super::visitor::*;
use crate::identity::{der, sealed};
use crate::kit::courier::Letter;
use crate::kit::journal::Verdict;
use crate::kit::trial::Trial;
use crate::kit::trust::Keys;

fn body(kind: &str, changes: &Value) -> Value {
    let mut body = json!({
        "id": format!("mosip.identity.{kind}"), "version": "1.0", "individualId": TOMAS,
        "individualIdType": "UIN", "transactionID": "1234567890", "requestTime": "2026-10-01T08:00:00.000Z",
        "consentObtained": true, "request": {"timestamp": "2026-10-01T08:00:00.000Z"},
    });
    for (name, value) in changes.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    body
}

async fn ask(trial: &Trial, kind: &str, partner: &str, body: &Value) -> Value {
    let path = format!("/idauthentication/v1/{kind}/licence/{partner}/key");
    let (status, answer) = trial.ask(Letter::post("identity", path).json(body)).await;
    assert_eq!(status, 200);
    answer
}

fn demographics(facts: &Value) -> Value {
    json!({"request": {"demographics": facts}})
}

#[actix_web::test]
async fn a_bank_asks_yes_or_no_and_gets_the_same_token_each_time() {
    let trial = Trial::start(SYSTEMS, 50);
    let right = json!({"name": [{"language": "eng", "value": "tomas  AMARO"}], "dob": "1959/02/11", "age": 67});
    let yes = ask(&trial, "auth", "pinkbank", &body("auth", &demographics(&right))).await;
    assert_eq!(
        (&yes["response"]["authStatus"], &yes["errors"]),
        (&json!(true), &Value::Null),
        "{yes}"
    );
    assert_eq!(yes["transactionID"], "1234567890");
    let wrong = json!({"dob": "1959/11/02", "gender": [{"language": "eng", "value": "female"}]});
    let no = ask(&trial, "auth", "pinkbank", &body("auth", &demographics(&wrong))).await;
    assert_eq!(no["response"]["authStatus"], false);
    let codes: Vec<_> =
        no["errors"].as_array().unwrap().iter().map(|e| e["errorCode"].as_str().unwrap()).collect();
    assert_eq!(codes, ["IDA-DEA-001", "IDA-DEA-001"]);
    assert_eq!(no["response"]["authToken"], yes["response"]["authToken"]);
    let other = ask(&trial, "auth", "greenbank", &body("auth", &demographics(&right))).await;
    assert_ne!(other["response"]["authToken"], yes["response"]["authToken"]);
}

#[actix_web::test]
async fn what_cannot_be_answered_has_its_code() {
    let trial = Trial::start(SYSTEMS, 50);
    for (changes, code) in [
        (json!({"consentObtained": false}), "IDA-MLC-012"),
        (json!({"individualId": "2154189532"}), "IDA-MLC-002"),
        (json!({"individualId": "12"}), "IDA-MLC-002"),
        (json!({"individualIdType": "VID"}), "IDA-MLC-004"),
        (json!({"individualId": null}), "IDA-MLC-006"),
        (json!({"id": "mosip.identity.kyc"}), "IDA-MLC-009"),
        (json!({"transactionID": "12"}), "IDA-MLC-009"),
        (json!({"requestTime": "2020-01-01T00:00:00.000Z"}), "IDA-MLC-001"),
        (json!({"request": {}}), "IDA-MLC-008"),
        (json!({"request": null}), "IDA-MLC-006"),
        (json!({"request": {"demographics": {"emailId": "a@b.example"}}}), "IDA-MLC-018"),
        (json!({"request": {"otp": "111111"}}), "IDA-OTA-012"),
        (
            json!({"request": "c2VhbGVk", "requestSessionKey": "AA", "requestHMAC": "AA"}),
            "IDA-MPA-003",
        ),
    ] {
        let answer = ask(&trial, "auth", "pinkbank", &body("auth", &changes)).await;
        assert_eq!(answer["errors"][0]["errorCode"], code, "{changes}");
        assert_eq!(answer["response"]["authStatus"], false);
    }
    for (partner, code) in
        [("unknown-partner", "IDA-MPA-009"), ("deactivated-partner", "IDA-MPA-012")]
    {
        let answer = ask(&trial, "auth", partner, &body("auth", &json!({}))).await;
        assert_eq!(answer["errors"][0]["errorCode"], code);
    }
    for (status, code) in [("BLOCKED", "IDA-MLC-022"), ("DEACTIVATED", "IDA-MLC-003")] {
        let change = json!({"status": status, "reason": "test"});
        trial
            .ask(Letter::post("identity", format!("/desk/persons/{TOMAS}/status")).json(&change))
            .await;
        let answer = ask(&trial, "auth", "pinkbank", &body("auth", &json!({}))).await;
        assert_eq!(answer["errors"][0]["errorCode"], code);
    }
}

#[actix_web::test]
async fn a_one_time_code_belongs_to_its_transaction_and_is_used_once() {
    let trial = Trial::start(SYSTEMS, 50);
    let otp = |transaction: &str| {
        body(
            "otp",
            &json!({"transactionID": transaction, "otpChannel": ["PHONE"], "request": null}),
        )
    };
    let typed = |transaction: &str, code: &str| {
        body("auth", &json!({"transactionID": transaction, "request": {"otp": code}}))
    };
    let sent = ask(&trial, "otp", "pinkbank", &otp("0000000001")).await;
    assert_eq!(sent["response"]["maskedMobile"], "+999 •••• 537", "{sent}");
    let code = |answer: &Value| answer["errors"][0]["errorCode"].as_str().map(str::to_owned);
    let auth = async |body: Value| ask(&trial, "auth", "pinkbank", &body).await;
    assert_eq!(code(&auth(typed("0000000002", "111111")).await).as_deref(), Some("IDA-OTA-005"));
    assert_eq!(code(&auth(typed("0000000001", "222222")).await).as_deref(), Some("IDA-OTA-004"));
    assert_eq!(code(&auth(typed("0000000001", "111111")).await), None);
    assert_eq!(code(&auth(typed("0000000001", "111111")).await).as_deref(), Some("IDA-OTA-012"));
    ask(&trial, "otp", "pinkbank", &otp("0000000003")).await;
    trial.hall().room.clock.advance(SignedDuration::from_mins(3));
    assert_eq!(code(&auth(typed("0000000003", "111111")).await).as_deref(), Some("IDA-OTA-003"));
    let email = body("otp", &json!({"otpChannel": ["email"]}));
    assert_eq!(code(&ask(&trial, "otp", "pinkbank", &email).await).as_deref(), Some("IDA-MLC-014"));
}

#[actix_web::test]
async fn a_fact_that_cannot_be_read_is_not_taken_for_unsaid() {
    let trial = Trial::start(SYSTEMS, 50);
    for wrong in [
        json!({"dob": "1959/02/11", "name": ["Mallory X"]}),
        json!({"dob": "1959/02/11", "name": [{"language": "eng", "value": null}]}),
        json!({"dob": "1959/02/11", "gender": ["female"]}),
        json!({"dob": "1959/02/11", "gender": {"value": "male"}}),
    ] {
        let answer = ask(&trial, "auth", "pinkbank", &body("auth", &demographics(&wrong))).await;
        assert_eq!(answer["response"]["authStatus"], false, "{wrong}");
        assert_eq!(answer["errors"][0]["errorCode"], "IDA-MLC-009", "{wrong}: {answer}");
    }
}

#[actix_web::test]
async fn a_partner_without_e_kyc_spends_no_ones_code() {
    let trial = Trial::start(SYSTEMS, 50);
    let otp = body("otp", &json!({"otpChannel": ["PHONE"], "request": null}));
    ask(&trial, "otp", "yes-no-partner", &otp).await;
    let typed = |kind: &str| body(kind, &json!({"request": {"otp": "111111"}}));
    let barred = ask(&trial, "kyc", "yes-no-partner", &typed("kyc")).await;
    assert_eq!(barred["errors"][0]["errorCode"], "IDA-MPA-013");
    let yes = ask(&trial, "auth", "yes-no-partner", &typed("auth")).await;
    assert_eq!(yes["response"]["authStatus"], true, "the code is still good: {yes}");
}

async fn sends_a_code(trial: &Trial, partner: &str) {
    let otp = body("otp", &json!({"otpChannel": ["PHONE"], "request": null}));
    let sent = ask(trial, "otp", partner, &otp).await;
    assert_eq!(sent["errors"], json!(null), "{sent}");
}

#[actix_web::test]
async fn e_kyc_releases_what_the_partner_may_know_and_no_more() {
    let trial = Trial::start(SYSTEMS, 50);
    let facts = demographics(&json!({"dob": "1959/02/11"}));
    let proved = body("kyc", &json!({"request": {"otp": "111111"}}));
    sends_a_code(&trial, "pinkbank").await;
    let answer = ask(&trial, "kyc", "pinkbank", &proved).await;
    let identity = &answer["response"]["identity"];
    assert_eq!(
        identity,
        &json!({"name_eng": "Tomas Amaro", "dob": "1959/02/11", "phoneNumber": PHONE})
    );
    sends_a_code(&trial, "ministry").await;
    let full = ask(&trial, "kyc", "ministry", &proved).await;
    assert!(full["response"]["identity"]["fullAddress_eng"].is_string());
    let barred = ask(&trial, "kyc", "yes-no-partner", &body("kyc", &facts)).await;
    assert_eq!(barred["errors"][0]["errorCode"], "IDA-MPA-013");
    let by_facts = ask(&trial, "kyc", "pinkbank", &body("kyc", &facts)).await;
    assert_eq!(by_facts["response"]["kycStatus"], true, "as MOSIP's client library asks");
    let (_, file) = trial.ask(Letter::get("identity", format!("/desk/persons/{TOMAS}"))).await;
    let mut released = file["audit"].as_array().unwrap().iter().map(|line| &line["released"]);
    assert!(released.any(|released| released == "dob name_eng phoneNumber"), "{file}");
}

/// The key and the initial value that requests are sealed with here.
const SESSION: ([u8; 32], [u8; 16]) = ([9; 32], [3; 16]);

fn under_session(text: &str) -> Value {
    sealed::encrypt(&SESSION.0, &SESSION.1, text.as_bytes()).into()
}

fn digest(text: &str) -> String {
    sealed::upper_hex(&Sha256::digest(text))
}

/// A request that is sealed as MOSIP's partner libraries do.
async fn sealed_body(trial: &Trial, kind: &str) -> Value {
    let path = "/idauthentication/v1/internal/getCertificate?applicationId=IDA&referenceId=PARTNER";
    let (_, answer) = trial.ask(Letter::get("identity", path)).await;
    let pem = answer["response"]["certificate"].as_str().unwrap().to_owned();
    let lines: Vec<_> = pem.lines().filter(|l| !l.contains("-----")).collect();
    let ida = der::public_key_of(&STANDARD.decode(lines.concat()).unwrap()).unwrap();
    let at = "2026-10-01T08:00:00.000Z";
    let mut request = json!({"timestamp": at, "demographics": {"dob": "1959/02/11"}});
    if kind == "kyc" {
        request["otp"] = json!("111111");
    }
    let request = request.to_string();
    let mut random = rsa::rand_core::OsRng;
    let wrapped = ida.encrypt(&mut random, Oaep::new::<Sha256>(), &SESSION.0).unwrap();
    body(
        kind,
        &json!({
            "request": under_session(&request),
            "requestHMAC": under_session(&digest(&request)),
            "requestSessionKey": B64.encode(wrapped),
        }),
    )
}

/// Seals and signs as they do; `change` comes after the signature.
async fn sealed_letter(
    trial: &Trial,
    partner: &Keys,
    kind: &str,
    change: impl Fn(&mut Value),
) -> Letter {
    let mut body = sealed_body(trial, kind).await;
    let own = der::pem(&der::certificate(partner, "Partner").unwrap());
    let head = B64.encode(json!({"alg": "RS256", "x5c": [STANDARD.encode(own)]}).to_string());
    let signed = format!("{head}.{}", B64.encode(body.to_string()));
    let signature =
        partner.rsa().sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(signed)).unwrap();
    change(&mut body);
    Letter::post("identity", format!("/idauthentication/v1/{kind}/licence/pinkbank/key"))
        .header("signature", &format!("{head}..{}", B64.encode(signature)))
        .bytes("application/json", body.to_string())
}

#[actix_web::test]
async fn a_sealed_and_signed_request_is_answered_sealed_to_the_partner() {
    let trial = Trial::start(SYSTEMS, 50);
    let partner = Keys::generate();
    sends_a_code(&trial, "pinkbank").await;
    let (_, answer) = trial.ask(sealed_letter(&trial, &partner, "kyc", |_| {}).await).await;
    let response = &answer["response"];
    assert_eq!(response["kycStatus"], true, "{answer}");
    let wrapped = B64.decode(response["sessionKey"].as_str().unwrap()).unwrap();
    let key = partner.rsa().decrypt(Oaep::new::<Sha256>(), &wrapped).unwrap();
    let text = sealed::decrypt(&key, response["identity"].as_str().unwrap()).unwrap();
    let identity: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(identity["name_eng"], "Tomas Amaro");
    assert!(trial.journal().await.iter().any(|e| e.verdict == Verdict::Valid));
}

#[actix_web::test]
async fn a_request_that_was_touched_after_signing_is_refused() {
    let trial = Trial::start(SYSTEMS, 50);
    let partner = Keys::generate();
    let touch = |body: &mut Value| body["individualId"] = "2154189532".into();
    let (_, answer) = trial.ask(sealed_letter(&trial, &partner, "auth", touch).await).await;
    assert_eq!(answer["errors"][0]["errorCode"], "IDA-MPA-001");
    assert!(trial.journal().await.iter().any(|e| e.verdict == Verdict::Invalid));
}

#[actix_web::test]
async fn a_sealed_request_that_does_not_open_says_whether_its_key_or_its_digest_is_wrong() {
    let trial = Trial::start(SYSTEMS, 50);
    let foreign = sealed::encrypt(&[8; 32], &SESSION.1, b"{}");
    for (changes, wanted) in [
        (json!({}), Value::Null),
        (json!({"requestSessionKey": B64.encode([1; 256])}), json!("IDA-MPA-003")),
        (json!({"request": foreign.clone()}), json!("IDA-MPA-003")),
        (json!({"request": under_session("{}")}), json!("IDA-MPA-016")),
        (json!({"requestHMAC": under_session(&digest("{}"))}), json!("IDA-MPA-016")),
        (json!({"requestHMAC": under_session("")}), json!("IDA-MPA-016")),
        (json!({"requestHMAC": foreign}), json!("IDA-MPA-016")),
        (json!({"requestHMAC": null}), json!("IDA-MLC-006")),
        (json!({"requestSessionKey": null}), json!("IDA-MLC-006")),
    ] {
        let mut body = sealed_body(&trial, "auth").await;
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        let answer = ask(&trial, "auth", "pinkbank", &body).await;
        assert_eq!(answer["errors"][0]["errorCode"], wanted, "{changes}");
    }
}
