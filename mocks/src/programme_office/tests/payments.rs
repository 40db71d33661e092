//! Money: paid once, held where no account can take it, sent until the hub says more.

use serde_json::json;

use super::country::{
    called, last_sms, look, post, put_out_of_order, requests_to, settled, start, through, verdict,
};
use crate::kit::courier::Letter;

#[actix_web::test]
async fn tomas_is_paid_once_although_the_hub_says_so_twice() {
    let trial = start();
    let tomas = called("Tomas");
    let application = through(&trial, tomas).await;
    assert_eq!(application["state"], "enrolled", "{application}");
    for decision in ["D1", "D2", "D3", "D4", "D5", "D6", "D7"] {
        assert_eq!(verdict(&application, decision), "pass", "{decision}");
    }
    let payment = &application["payments"][0];
    assert_eq!(payment["reference_id"], "PAY-2026-000001-1");
    assert_eq!((&payment["amount_cents"], &payment["state"]), (&json!(10_000), &json!("paid")));
    assert_eq!(requests_to(&trial, "programme_office", "/on-disburse").await, 2);
    assert_eq!(requests_to(&trial, "messenger", "/sms").await, 1, "he is told once");
    let sms = last_sms(&trial, tomas).await.unwrap();
    assert!(sms.contains("100 XTS por 2026-10"), "in the language of his household: {sms}");
    assert_eq!(requests_to(&trial, "beneficiary_registry", "enrollment/updates").await, 2);
    assert_eq!(requests_to(&trial, "statistics", "/events").await, 1);

    let path = format!("/members/{}/payments", tomas.uin());
    let (_, member) = trial.ask(Letter::get("programme_office", path)).await;
    assert_eq!(member["payments"][0]["state"], "paid");
    let (_, state) = trial.ask(Letter::get("programme_office", "/_arenoa/state")).await;
    assert_eq!(state["fetch"]["count"], 4, "one row a question");
    assert_eq!(state["subscription"]["rows"][0]["state"], "active");
}

#[actix_web::test]
async fn each_decision_rests_on_facts_with_their_sources() {
    let trial = start();
    let application = through(&trial, called("Tomas")).await;
    let decisions = application["decisions"].as_array().unwrap();
    let source = |id: &str| {
        let decision = decisions.iter().find(|d| d["id"] == id).unwrap();
        let fact = &decision["facts"][0];
        assert!(fact["at"].is_string() && fact["message_id"].is_string());
        fact["source"].as_str().unwrap()
    };
    assert_eq!((source("D2"), source("D5")), ("civil_registry", "social_registry"));
    assert_eq!(source("D6"), "beneficiary_registry");
}

#[actix_web::test]
async fn a_closed_account_holds_the_payment_and_says_so_once() {
    let trial = start();
    let rosa = called("Rosa");
    let application = through(&trial, rosa).await;
    assert_eq!(application["state"], "enrolled");
    assert_eq!(application["payments"][0]["state"], "held");
    assert_eq!(
        application["payments"][0]["sentence"],
        "100 XTS for 2026-10 are on hold. The account is closed."
    );
    assert_eq!(requests_to(&trial, "payment_hub", "").await, 0);
    assert!(last_sms(&trial, rosa).await.unwrap().contains("cuenta nueva"));
    let id = application["application_id"].as_str().unwrap();
    post(&trial, &format!("/applications/{id}/resume"), &json!({})).await;
    assert_eq!(requests_to(&trial, "messenger", "/sms").await, 1);
}

#[actix_web::test]
async fn who_has_no_account_is_linked_to_the_number_typed() {
    let trial = start();
    let nora = called("Nora");
    let application = through(&trial, nora).await;
    let fa = format!("msisdn:{}@greenbank", nora.phone().trim_start_matches('+'));
    assert_eq!(application["payments"][0]["payee_fa"], fa.as_str());
    assert_eq!(application["payments"][0]["state"], "paid");
}

#[actix_web::test]
async fn a_payment_stays_sent_until_the_hub_says_more() {
    let trial = start();
    let mira = called("Mira");
    let application = through(&trial, mira).await;
    assert_eq!(application["payments"][0]["state"], "sent");
    assert_eq!(last_sms(&trial, mira).await, None);
    let id = application["application_id"].as_str().unwrap();
    post(&trial, &format!("/applications/{id}/resume"), &json!({})).await;
    assert_eq!(requests_to(&trial, "payment_hub", "/disburse").await, 1, "nothing is sent twice");
    assert_eq!(look(&trial, id).await["payments"][0]["state"], "sent");
}

#[actix_web::test]
async fn a_restart_takes_up_what_was_left() {
    let trial = start();
    put_out_of_order(&trial, "beneficiary_registry", "POST /registry/sync/enrollment/updates");
    let tomas = called("Tomas");
    let application = through(&trial, tomas).await;
    assert_eq!(application["payments"][0]["state"], "paid", "a report that fails holds nothing up");
    trial.office("beneficiary_registry").faults.clear();
    let reports = requests_to(&trial, "beneficiary_registry", "enrollment/updates").await;
    (crate::programme_office::SYSTEM.wake)(&trial.office("programme_office"));
    settled(&trial).await;
    let again = requests_to(&trial, "beneficiary_registry", "enrollment/updates").await;
    assert_eq!(again, reports + 2, "enrolment and benefit are reported now");
    assert_eq!(requests_to(&trial, "messenger", "/sms").await, 1, "nothing else is done again");
    assert_eq!(requests_to(&trial, "payment_hub", "/disburse").await, 1);
}

#[actix_web::test]
async fn a_hub_that_is_down_is_given_the_same_reference_again() {
    let trial = start();
    put_out_of_order(&trial, "payment_hub", "POST /disburse");
    let application = through(&trial, called("Tomas")).await;
    assert_eq!(application["payments"][0]["state"], "issued");
    trial.office("payment_hub").faults.clear();
    let id = application["application_id"].as_str().unwrap();
    post(&trial, &format!("/applications/{id}/resume"), &json!({})).await;
    let application = look(&trial, id).await;
    assert_eq!(application["payments"][0]["state"], "paid");
    assert_eq!(application["payments"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn a_payment_that_failed_is_made_once_more_when_an_officer_resumes() {
    let trial = start();
    let application = through(&trial, called("Zita")).await;
    assert_eq!(application["payments"][0]["state"], "failed", "{application}");
    let id = application["application_id"].as_str().unwrap();
    for _ in 0..2 {
        post(&trial, &format!("/applications/{id}/resume"), &json!({})).await;
    }
    let application = look(&trial, id).await;
    let payments = application["payments"].as_array().unwrap();
    let stand: Vec<_> = payments
        .iter()
        .map(|payment| (payment["reference_id"].as_str().unwrap(), payment["state"].clone()))
        .collect();
    let right = [("PAY-2026-000001-1", json!("failed")), ("PAY-2026-000001-2", json!("paid"))];
    assert_eq!(stand, right, "once more, and no third time");
    let told = requests_to(&trial, "statistics", "/events").await;
    assert_eq!(told, 2, "of the failure, and of the payment");
}
