//! The identity store: issuing, mock-identity-system, and the real pension office as a relying party.

use serde_json::{Value, json};
use standards::ids::Uin;

use super::SYSTEMS;
use super::visitor::*;
use crate::kit::courier::Letter;
use crate::kit::trial::Trial;

#[actix_web::test]
async fn an_identity_that_is_issued_can_log_in_at_once() {
    let trial = Trial::start(SYSTEMS, 50);
    let new = json!({"given_name": "Zoe", "family_name": "Brandt", "birth_date": "1990-02-03", "sex": "female",
        "phone": "+99955500001"});
    let issue = || Letter::post("identity", "/desk/persons").json(&new);
    let (status, file) = trial.ask(issue()).await;
    assert_eq!(status, 201, "{file}");
    let uin = file["person"]["uin"].as_str().unwrap();
    assert!(Uin::checked(uin).is_ok(), "{uin}");
    let (_, other) = trial.ask(issue()).await;
    assert_ne!(other["person"]["uin"], uin);
    prove(&trial, &begin(&trial, &[]).await, uin).await;
}

#[actix_web::test]
async fn a_baby_that_a_story_expects_gets_the_number_kept_for_her() {
    let trial = Trial::start(SYSTEMS, 50);
    let ada = &trial.country.people.expected_births()[0];
    let new = json!({"given_name": "Ada", "family_name": "Ortal", "birth_date": ada.on.to_string(),
        "sex": "female", "birth_registration": "BRN-2026-0001"});
    let issue = || Letter::post("identity", "/desk/persons").json(&new);
    let (status, refused) = trial.ask(issue()).await;
    assert_eq!(status, 400, "not born yet: {refused}");
    trial.hall().room.clock.advance(jiff::SignedDuration::from_hours(24 * 7));
    let (_, file) = trial.ask(issue()).await;
    assert_eq!(file["person"]["uin"], ada.uin.to_string());
    let (_, twin) = trial.ask(issue()).await;
    assert_ne!(twin["person"]["uin"], file["person"]["uin"], "a number is given once");
}

async fn mock(trial: &Trial, path: &str, body: &Value) -> Value {
    let path = format!("/v1/mock-identity-system{path}");
    trial.ask(Letter::post("identity", path).json(body)).await.1
}

#[actix_web::test]
async fn a_real_esignet_can_stand_in_front() {
    let trial = Trial::start(SYSTEMS, 50);
    let said = |text: &str| json!([{"language": "eng", "value": text}]);
    let new = json!({"request": {"individualId": "8267411571", "fullName": said("Siddharth Mansour"),
        "gender": said("Male"), "dateOfBirth": "1987/11/25", "phone": "+99955500002", "pin": "1234"}});
    let created = mock(&trial, "/identity", &new).await;
    assert_eq!(
        created["response"]["status"], "mock identity data created successfully",
        "{created}"
    );
    let again = mock(&trial, "/identity", &new).await;
    assert_eq!(again["errors"][0]["errorCode"], "duplicate_individual_id");

    let mail =
        json!({"transactionId": "t1", "individualId": "8267411571", "otpChannels": ["email"]});
    let nowhere = mock(&trial, "/send-otp/rp/client", &mail).await;
    assert_eq!(nowhere["errors"][0]["errorCode"], "no_email_mobile_found", "{nowhere}");
    let otp =
        json!({"transactionId": "t1", "individualId": "8267411571", "otpChannels": ["phone"]});
    mock(&trial, "/send-otp/rp/client", &otp).await;
    let proof = json!({"transactionId": "t1", "individualId": "8267411571", "otp": "111111"});
    let wrong = json!({"transactionId": "t2", "individualId": "8267411571", "otp": "111111"});
    let refused = mock(&trial, "/kyc-auth/rp/client", &wrong).await;
    assert_eq!(refused["errors"][0]["errorCode"], "invalid_transaction");
    let token = mock(&trial, "/kyc-auth/rp/client", &proof).await["response"]["kycToken"].clone();
    let exchange = json!({"transactionId": "t1", "individualId": "8267411571", "kycToken": token,
        "acceptedClaims": ["name", "birthdate"], "claimLocales": ["en"]});
    let answer = mock(&trial, "/v2/kyc-exchange/rp/client", &exchange).await;
    let kyc = answer["response"]["kyc"].as_str().unwrap();
    let claims: Value = jsonwebtoken::dangerous::insecure_decode_claims(kyc).unwrap();
    assert_eq!(
        (&claims["name"], &claims["birthdate"]),
        (&json!("Siddharth Mansour"), &json!("1987/11/25"))
    );
    assert!(claims.get("gender").is_none());
    let again = mock(&trial, "/kyc-exchange/rp/client", &exchange).await;
    assert_eq!(again["errors"][0]["errorCode"], "mock-ida-006", "a token is used once");

    let moved = json!({"request": {"individualId": "8267411571", "locality": said("Norra")}});
    let put = Letter::to("identity", http::Method::PUT, "/v1/mock-identity-system/identity");
    trial.ask(put.json(&moved)).await;
    let (_, file) =
        trial.ask(Letter::get("identity", "/v1/mock-identity-system/identity/8267411571")).await;
    let kept = &file["response"];
    assert_eq!((&kept["locality"], &kept["dateOfBirth"]), (&said("Norra"), &json!("1987/11/25")));
}

#[actix_web::test]
async fn claims_are_released_in_the_words_of_every_plugin_and_names_are_told_as_they_were_entered()
{
    let trial = Trial::start(SYSTEMS, 50);
    let said = |text: &str| json!([{"language": "eng", "value": text}]);
    for (number, names, told) in [
        ("8267411571", json!({"fullName": said("Suharto")}), "Suharto"),
        (
            "8267411572",
            json!({"fullName": said("Maria del Carmen Lopez"), "givenName": said("Maria"),
                "familyName": said("Lopez")}),
            "Maria del Carmen Lopez",
        ),
    ] {
        let mut record = json!({"individualId": number, "gender": said("Male"),
            "dateOfBirth": "1987/11/25", "pin": "1234", "email": null,
            "locality": said("Oslo"), "country": said("NO")});
        record.as_object_mut().unwrap().extend(names.as_object().unwrap().clone());
        let created = mock(&trial, "/identity", &json!({"request": record})).await;
        assert_eq!(created["errors"], json!([]), "{created}");
        let kept = trial
            .ask(Letter::get("identity", format!("/v1/mock-identity-system/identity/{number}")));
        let kept = kept.await.1;
        assert_eq!(kept["response"]["gender"], said("Male"), "as it was entered: {kept}");
        for accepted in [
            json!({"acceptedClaimDetail": {"name": null, "email": {"essential": true}}, "acceptedClaims": null}),
            json!({"acceptedClaims": {"name": {"essential": true}}, "claimLocales": null}),
            json!({"acceptedClaims": ["name", "address"], "respType": null}),
        ] {
            let proof = json!({"transactionId": "t", "individualId": number, "pin": "1234"});
            let token = mock(&trial, "/v3/kyc-auth/rp/client", &proof).await;
            let mut exchange = json!({"transactionId": "t", "individualId": number,
                "kycToken": token["response"]["kycToken"]});
            exchange.as_object_mut().unwrap().extend(accepted.as_object().unwrap().clone());
            let answer = mock(&trial, "/v3/kyc-exchange/rp/client", &exchange).await;
            let kyc = answer["response"]["kyc"].as_str().unwrap_or_else(|| panic!("{answer}"));
            let claims: Value = jsonwebtoken::dangerous::insecure_decode_claims(kyc).unwrap();
            assert_eq!(claims["name"], told, "{accepted}");
            if accepted["acceptedClaims"].is_array() {
                assert_eq!(claims["address"]["country"], "NO", "as it was entered: {claims}");
            }
        }
    }
}

#[actix_web::test]
async fn the_pension_offices_own_relying_party_logs_tomas_in() {
    let trial = Trial::start(crate::ALL, 300);
    let wish = json!({"programme": "OAP", "uin": TOMAS, "phone": PHONE, "channel": "kiosk"});
    let (status, opened) =
        trial.ask(Letter::post("programme_office", "/portal/applications").json(&wish)).await;
    assert_eq!(status, 201, "{opened}");
    let reply = get(&trial, opened["login"].as_str().unwrap()).await;
    let consent = prove(&trial, reply.header("location").unwrap(), TOMAS).await;
    let back = post(&trial, &consent, &[("decision", "allow")]).await;
    let callback = get(&trial, back.header("location").unwrap()).await;
    assert_eq!(callback.status, 303, "{}", text(&callback));
    let (_, file) = trial.ask(Letter::get("identity", format!("/desk/persons/{TOMAS}"))).await;
    assert_eq!(file["audit"][1]["released"], "birthdate name", "{file}");
    let path = format!("/portal/applications/{}", opened["application_id"].as_str().unwrap());
    let letter = Letter::get("programme_office", path).header("accept", "application/json");
    let (_, application) = trial.ask(letter).await;
    assert_ne!(application["state"], "draft", "{application}");
}

#[actix_web::test]
async fn a_death_at_the_civil_registry_reaches_arenoa_id_and_the_next_login_says_so() {
    let trial = Trial::start(crate::ALL, 300);
    let follow = Letter::post("identity", "/desk/civil-registry/follow").json(&json!({}));
    let (status, answer) = trial.ask(follow).await;
    assert_eq!(status, 200, "{answer}");
    let wait = async |action: &str| {
        let path =
            format!("/_arenoa/messages/wait?action=POST%20/registry/{action}&timeout_ms=10000");
        assert_eq!(trial.send(Letter::get("identity", path)).await.status, 200, "{action}");
    };
    wait("on-subscribe").await;
    let report = json!({"uin": TOMAS, "date": "2026-10-01", "place": "Salmara"});
    let (status, entered) =
        trial.ask(Letter::post("civil_registry", "/events/deaths").json(&report)).await;
    assert_eq!(status, 201, "{entered}");
    wait("notify").await;
    // The request is in the journal before it is answered; the archive is right when nothing is under way.
    trial.hall().room.clock.idle().await;
    let (_, file) = trial.ask(Letter::get("identity", format!("/desk/persons/{TOMAS}"))).await;
    assert_eq!(file["person"]["deceased_on"], "2026-10-01", "{file}");
    assert_eq!(file["audit"][0]["asker"], "civil-registry");
    let login = begin(&trial, &[]).await;
    let reply = post(&trial, &format!("{login}/code"), &[("individual_id", TOMAS)]).await;
    assert!(text(&reply).contains("the death of Tomas Amaro has been registered"));
}

#[actix_web::test]
async fn nobody_but_the_civil_registry_can_tell_of_a_death() {
    let trial = Trial::start(crate::ALL, 100);
    let record = json!({"identifier": [{"identifier_type": "UIN", "identifier_value": TOMAS}],
        "death_date": "2026-10-01"});
    let notice = json!({"signature": "", "header": {"version": "1.0.0", "message_id": "1",
        "message_ts": "2026-10-01T08:00:00Z", "action": "notify", "sender_id": "pinkbank.arenoa",
        "receiver_id": "identity.arenoa", "total_count": 1},
        "message": {"transaction_id": "1", "notify_event": [{"reference_id": "1",
            "timestamp": "2026-10-01T08:00:00Z", "data": {"version": "1.0.0", "reg_event_type": "Death",
            "reg_records": record}}]}});
    trial.ask(Letter::post("identity", "/registry/notify").json(&notice)).await;
    let (_, file) = trial.ask(Letter::get("identity", format!("/desk/persons/{TOMAS}"))).await;
    assert_eq!(file["person"]["deceased_on"], Value::Null);
    let journal = trial.journal().await;
    assert!(journal.iter().any(|e| e.remark.contains("civil registry's word")));
}
