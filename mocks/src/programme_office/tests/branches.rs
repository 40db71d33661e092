//! The branches of the old age pension, each to its end.

use jiff::SignedDuration;
use serde_json::json;

use super::country::{
    apply, by_uin, called, come_back, last_sms, look, parameter, post, put_out_of_order,
    requests_to, settled, start, through, verdict,
};
use crate::kit::courier::Letter;

#[actix_web::test]
async fn a_dead_applicant_is_refused_flagged_and_not_written_to() {
    let trial = start();
    let pavel = called("Pavel");
    let application = through(&trial, pavel).await;
    assert_eq!(
        (application["state"].as_str(), verdict(&application, "D2")),
        (Some("not_eligible"), "fail")
    );
    let notes: Vec<_> =
        application["notes"].as_array().unwrap().iter().map(|n| n["kind"].clone()).collect();
    assert_eq!(notes, ["fraud_flag", "correction_suggested"]);
    assert_eq!(requests_to(&trial, "payment_hub", "").await, 0);
    assert_eq!(last_sms(&trial, pavel).await, None, "whoever applied is not warned");
}

#[actix_web::test]
async fn one_day_too_young_is_refused_and_one_day_later_enrolled() {
    let trial = start();
    let elia = called("Elia");
    let application = through(&trial, elia).await;
    assert_eq!(
        (application["state"].as_str(), verdict(&application, "D3")),
        (Some("not_eligible"), "fail")
    );
    assert!(last_sms(&trial, elia).await.is_some());
    let id = application["application_id"].as_str().unwrap();
    let again = format!("/applications/{id}/reassess");
    assert_eq!(post(&trial, &again, &json!({})).await.0, 200);
    assert_eq!(look(&trial, id).await["state"], "not_eligible", "no day has passed");

    trial.hall().room.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(post(&trial, &again, &json!({})).await.0, 200);
    assert_eq!(look(&trial, id).await["state"], "enrolled");
}

#[actix_web::test]
async fn another_pension_is_named_and_its_amount_is_not() {
    let trial = start();
    let otto = called("Otto");
    let application = through(&trial, otto).await;
    assert_eq!(
        (application["state"].as_str(), verdict(&application, "D6")),
        (Some("not_eligible"), "fail")
    );
    let sms = last_sms(&trial, otto).await.unwrap();
    assert!(sms.contains("pensión contributiva") && !sms.contains("100"), "in his language: {sms}");
}

#[actix_web::test]
async fn two_birth_dates_are_reviewed_and_an_officer_decides() {
    let trial = start();
    let kemal = called("Kemal");
    let application = through(&trial, kemal).await;
    assert_eq!(application["state"], "needs_review");
    assert_eq!(application["exception"], "EXC.COM.03");
    assert_eq!(application["notes"][0]["kind"], "change_request");
    assert_eq!(
        requests_to(&trial, "social_registry", "").await,
        0,
        "nobody else is asked meanwhile"
    );

    let decide =
        format!("/applications/{}/decide", application["application_id"].as_str().unwrap());
    let (status, refused) =
        post(&trial, &decide, &json!({"decision": "reject", "reason": ""})).await;
    assert_eq!(
        (status, refused["error"].as_str()),
        (400, Some("a decision needs a reason: write why"))
    );
    let word = json!({"decision": "approve", "reason": "The paper certificate says 7 May."});
    assert_eq!(post(&trial, &decide, &word).await.0, 200);
    let application = look(&trial, application["application_id"].as_str().unwrap()).await;
    assert_eq!(application["state"], "enrolled");
    assert_eq!(application["payments"][0]["state"], "paid");
    assert_eq!(post(&trial, &decide, &word).await.0, 409, "what is decided is decided");
}

#[actix_web::test]
async fn whoever_waits_twice_for_an_officer_is_enrolled_once() {
    let trial = start();
    let [first, second] =
        [through(&trial, called("Kemal")).await, through(&trial, called("Kemal")).await];
    let word = json!({"decision": "approve", "reason": "The paper certificate says 7 May."});
    let decide = |application: &serde_json::Value| {
        format!("/applications/{}/decide", application["application_id"].as_str().unwrap())
    };
    assert_eq!(post(&trial, &decide(&first), &word).await.0, 200);
    let (status, refused) = post(&trial, &decide(&second), &word).await;
    assert_eq!(status, 409, "{refused}");
    assert!(
        refused["error"].as_str().unwrap().contains("is enrolled already, by APP-"),
        "{refused}"
    );
    let second = look(&trial, second["application_id"].as_str().unwrap()).await;
    assert_eq!(second["state"], "needs_review", "it still waits");
}

#[actix_web::test]
async fn somebody_whom_the_civil_registry_does_not_know_is_checked_by_hand() {
    let trial = start();
    let application = through(&trial, called("Ivo")).await;
    assert_eq!(application["state"], "manual_check");
    assert_eq!(application["exception"], "EXC.COM.02");
    assert_eq!(verdict(&application, "D2"), "review", "no record is not a death");
    assert_eq!((verdict(&application, "D3"), verdict(&application, "D5")), ("pass", "pass"));
}

#[actix_web::test]
async fn among_several_records_the_wrong_pick_is_caught() {
    let trial = start();
    let (luca, amina) = (called("Luca"), called("Amina"));
    let wish = json!({"programme": "OAP", "name": "Luca Zamor", "birth_date": "1950-03-03",
        "phone": luca.phone()});
    for (picked, state) in [(amina, "needs_review"), (luca, "enrolled")] {
        let (id, login) = apply(&trial, &wish).await;
        come_back(&trial, &login, luca).await;
        let application = look(&trial, &id).await;
        assert_eq!(application["state"], "needs_choice");
        assert_eq!(application["candidates"].as_array().unwrap().len(), 2);
        let choose = format!("/applications/{id}/choose");
        let (status, _) = post(&trial, &choose, &json!({"uin": "1234567890"})).await;
        assert_eq!(status, 400, "only a record that was found can be chosen");
        assert_eq!(post(&trial, &choose, &json!({"uin": picked.uin()})).await.0, 200);
        assert_eq!(look(&trial, &id).await["state"], state, "{}", picked.name);
    }
}

#[actix_web::test]
async fn without_consent_no_registry_is_asked() {
    let trial = start();
    let dina = called("Tomas");
    let (id, login) = apply(&trial, &by_uin(dina)).await;
    let path = format!("/portal/callback?error=access_denied&state={}", parameter(&login, "state"));
    assert_eq!(trial.send(Letter::get("programme_office", path)).await.status, 303);
    settled(&trial).await;
    assert_eq!(look(&trial, &id).await["state"], "consent_refused");
    for system in ["identity", "civil_registry", "social_registry", "beneficiary_registry"] {
        assert_eq!(requests_to(&trial, system, "").await, 0, "{system}");
    }
}

#[actix_web::test]
async fn a_registry_that_is_down_leaves_it_undetermined_until_it_is_resumed() {
    let trial = start();
    put_out_of_order(&trial, "beneficiary_registry", "POST /registry/sync/enrolled");
    let application = through(&trial, called("Tomas")).await;
    assert_eq!(application["state"], "undetermined");
    assert_eq!(verdict(&application, "D6"), "none", "no answer is neither yes nor no");
    let id = application["application_id"].as_str().unwrap();
    trial.office("beneficiary_registry").faults.clear();
    assert_eq!(post(&trial, &format!("/applications/{id}/resume"), &json!({})).await.0, 200);
    assert_eq!(look(&trial, id).await["state"], "enrolled");
}

#[actix_web::test]
async fn who_is_enrolled_already_is_a_duplicate() {
    let trial = start();
    let tomas = called("Tomas");
    through(&trial, tomas).await;
    let second = through(&trial, tomas).await;
    assert_eq!((second["state"].as_str(), verdict(&second, "D7")), (Some("duplicated"), "fail"));
    assert_eq!(requests_to(&trial, "payment_hub", "/disburse").await, 1);
}
