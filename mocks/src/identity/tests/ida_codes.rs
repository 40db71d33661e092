//! Every error code of MOSIP IDA that is served, each reached by a request, in one table.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::SYSTEMS;
use super::visitor::*;
use crate::kit::courier::Letter;
use crate::kit::trial::Trial;

/// A request of the kind `auth`, with `changes` over the right members.
fn body(changes: &Value) -> Value {
    let mut body = json!({
        "id": "mosip.identity.auth", "version": "1.0", "individualId": TOMAS,
        "individualIdType": "UIN", "transactionID": "1234567890",
        "requestTime": "2026-10-01T08:00:00.000Z", "consentObtained": true,
        "request": {"demographics": {"dob": "1959/02/11"}},
    });
    for (name, value) in changes.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    body
}

async fn send(trial: &Trial, path: &str, changes: &Value, signature: Option<&str>) -> Value {
    let letter = Letter::post("identity", format!("/idauthentication/v1/{path}"));
    let letter = signature.into_iter().fold(letter, |l, s| l.header("signature", s));
    let (status, answer) = trial.ask(letter.json(&body(changes))).await;
    assert_eq!(status, 200);
    answer
}

async fn code(trial: &Trial, path: &str, changes: &Value) -> String {
    let answer = send(trial, path, changes, None).await;
    answer["errors"][0]["errorCode"].as_str().unwrap_or("none").to_owned()
}

const AUTH: &str = "auth/licence/pinkbank/key";
const OTP: &str = "otp/licence/pinkbank/key";

fn handle(text: &str) -> Value {
    json!({"individualId": text, "individualIdType": "HANDLE"})
}

fn facts(facts: &Value) -> Value {
    json!({"request": {"demographics": facts}})
}

fn named(trial: &Trial, key: &str) -> String {
    trial.country.people.named(key).unwrap().uin.to_string()
}

#[actix_web::test]
async fn every_code_about_the_request_is_reached_by_some_request() {
    let trial = Trial::start(SYSTEMS, 50);
    let sealed = json!({"request": "c2VhbGVk", "requestSessionKey": "AA", "requestHMAC": "AA"});
    let other_key = json!({"request": "c2VhbGVk", "requestSessionKey": "AA", "requestHMAC": "AA",
        "thumbprint": "00".repeat(32)});
    for (path, changes, wanted) in [
        (AUTH, json!({}), "none"),
        (AUTH, json!({"requestTime": "2020-01-01T00:00:00.000Z"}), "IDA-MLC-001"),
        (AUTH, json!({"individualId": "2154189532"}), "IDA-MLC-002"),
        (AUTH, json!({"individualId": "12"}), "IDA-MLC-002"),
        (AUTH, json!({"individualId": "2154189532", "individualIdType": "VID"}), "IDA-MLC-004"),
        (AUTH, json!({"individualIdType": "VID"}), "IDA-MLC-004"),
        (AUTH, json!({"individualId": null}), "IDA-MLC-006"),
        (AUTH, json!({"request": null}), "IDA-MLC-006"),
        (AUTH, json!({"request": "c2VhbGVk"}), "IDA-MLC-006"),
        (AUTH, json!({"request": {}}), "IDA-MLC-008"),
        (AUTH, json!({"id": "mosip.identity.kyc"}), "IDA-MLC-009"),
        (AUTH, json!({"transactionID": "12"}), "IDA-MLC-009"),
        (AUTH, json!({"individualIdType": "FACE"}), "IDA-MLC-009"),
        (AUTH, handle(&format!("{PHONE}@phone")), "none"),
        (AUTH, handle("+99900000000@phone"), "IDA-MLC-018"),
        (AUTH, handle(TOMAS), "IDA-MLC-018"),
        (OTP, json!({"id": "mosip.identity.otp", "otpChannel": ["pigeon"]}), "IDA-MLC-009"),
        (OTP, json!({"id": "mosip.identity.otp", "otpChannel": []}), "IDA-MLC-006"),
        (OTP, json!({"id": "mosip.identity.otp", "otpChannel": null}), "IDA-MLC-006"),
        (AUTH, facts(&json!({"shoeSize": "43"})), "IDA-MLC-009"),
        (AUTH, json!({"consentObtained": false}), "IDA-MLC-012"),
        (AUTH, facts(&json!({"emailId": "a@b.example"})), "IDA-MLC-018"),
        (AUTH, facts(&json!({"dob": "1959/11/02"})), "IDA-DEA-001"),
        (AUTH, sealed, "IDA-MPA-003"),
        (AUTH, other_key, "IDA-MPA-003"),
        ("auth/expired-licence/pinkbank/key", json!({}), "IDA-MPA-007"),
        ("auth/licence/unknown-partner/key", json!({}), "IDA-MPA-009"),
        ("auth/licence/deactivated-partner/key", json!({}), "IDA-MPA-012"),
        ("kyc/licence/yes-no-partner/key", json!({"id": "mosip.identity.kyc"}), "IDA-MPA-013"),
    ] {
        assert_eq!(code(&trial, path, &changes).await, wanted, "{path} {changes}");
    }
    let forged = send(&trial, AUTH, &json!({}), Some("e30..AAAA")).await;
    assert_eq!(forged["errors"][0]["errorCode"], "IDA-MPA-001");
    let wrong = facts(&json!({"name": [{"language": "eng", "value": "Tomas Amara"}]}));
    let answer = send(&trial, AUTH, &wrong, None).await;
    assert_eq!(answer["errors"][0]["errorMessage"], "Demographic data name in eng did not match");
    assert_eq!(answer["errors"][0]["actionMessage"], "Please re-enter your name");
    let arabic = facts(&json!({"name": [{"language": "ara", "value": "توماس أمارو"}]}));
    assert_eq!(code(&trial, AUTH, &arabic).await, "none");
}

#[actix_web::test]
async fn every_code_about_the_person_is_reached_by_some_person() {
    let trial = Trial::start(SYSTEMS, 50);
    let of = |key: &str| json!({"individualId": named(&trial, key)});
    let otp = |key: &str| {
        json!({"id": "mosip.identity.otp", "individualId": named(&trial, key),
            "otpChannel": ["phone"], "request": null})
    };
    assert_eq!(code(&trial, AUTH, &of("rosa_reyn")).await, "IDA-MLC-022", "she is blocked");
    assert_eq!(code(&trial, OTP, &otp("hana_torres")).await, "IDA-MLC-014", "no telephone");
    assert_eq!(code(&trial, OTP, &otp("omar_elling")).await, "IDA-MLC-019", "he locked codes");

    let nora = named(&trial, "nora_brandt");
    let (_, file) = trial.ask(Letter::get("identity", format!("/desk/persons/{nora}"))).await;
    let expired = json!({"individualId": file["vids"][0]["VID"], "individualIdType": "VID"});
    assert_eq!(file["vids"][0]["vidStatus"], "EXPIRED", "{file}");
    assert_eq!(code(&trial, AUTH, &expired).await, "IDA-MLC-005");

    let (_, file) = trial.ask(Letter::get("identity", format!("/desk/persons/{TOMAS}"))).await;
    let vid = json!({"individualId": file["vids"][0]["VID"], "individualIdType": "VID"});
    assert_eq!(code(&trial, AUTH, &vid).await, "none");
    let off = json!({"status": "DEACTIVATED", "reason": "test"});
    trial.ask(Letter::post("identity", format!("/desk/persons/{TOMAS}/status")).json(&off)).await;
    assert_eq!(code(&trial, AUTH, &json!({})).await, "IDA-MLC-003");
    assert_eq!(code(&trial, AUTH, &vid).await, "IDA-MLC-010");
}

#[actix_web::test]
async fn strict_numbers_and_biometrics_that_do_not_match_are_settings() {
    let trial = Trial::start(SYSTEMS, 50);
    let bio = json!({"request": {"biometrics": [{"data": {}}]}});
    assert_eq!(code(&trial, AUTH, &bio).await, "none");
    let wanted = json!({"strict_numbers": true, "biometric_mismatch": [TOMAS]});
    let put = Letter::to("identity", http::Method::PUT, "/settings").json(&wanted);
    assert_eq!(trial.ask(put).await.0, 200);
    assert_eq!(code(&trial, AUTH, &bio).await, "IDA-BIA-001");
    for (number, kind, wanted) in [
        ("123456789", "UIN", "IDA-MLC-026"),
        ("8267411571", "UIN", "IDA-MLC-027"),
        ("98308726905936", "VID", "IDA-MLC-028"),
        ("9830872690593683", "VID", "IDA-MLC-029"),
    ] {
        let asked = json!({"individualId": number, "individualIdType": kind});
        assert_eq!(code(&trial, AUTH, &asked).await, wanted, "{number}");
    }
    let lock = json!({"factor": "BIO", "locked": true});
    trial.ask(Letter::post("identity", format!("/desk/persons/{TOMAS}/locks")).json(&lock)).await;
    assert_eq!(code(&trial, AUTH, &bio).await, "IDA-MLC-019");
}

#[actix_web::test]
async fn every_code_about_one_time_codes_is_reached() {
    let trial = Trial::start(SYSTEMS, 50);
    let send_otp = async |transaction: &str| {
        let changes = json!({"id": "mosip.identity.otp", "transactionID": transaction,
            "otpChannel": ["phone"], "request": null});
        code(&trial, OTP, &changes).await
    };
    let typed = async |transaction: &str, otp: &str| {
        let changes = json!({"transactionID": transaction, "request": {"otp": otp}});
        code(&trial, AUTH, &changes).await
    };
    assert_eq!(typed("0000000001", "111111").await, "IDA-OTA-012");
    assert_eq!(send_otp("0000000001").await, "none");
    assert_eq!(typed("0000000002", "111111").await, "IDA-OTA-005");
    assert_eq!(typed("0000000001", "222222").await, "IDA-OTA-004");
    trial.hall().room.clock.advance(SignedDuration::from_mins(3));
    assert_eq!(typed("0000000001", "111111").await, "IDA-OTA-003");
    assert_eq!(send_otp("0000000003").await, "none");
    for _ in 0..4 {
        typed("0000000003", "222222").await;
    }
    assert_eq!(typed("0000000003", "111111").await, "IDA-OTA-007");
    assert_eq!(send_otp("0000000004").await, "IDA-OTA-007");
}
