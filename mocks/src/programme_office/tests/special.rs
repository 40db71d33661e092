//! Programmes that ask the registries of disability, farms and employment: the whole country, every system the real one.

use http::Method;
use serde_json::{Value, json};

use super::country::{look, requests_to, settled, verdict};
use super::whole::{persona, start, through_for};
use crate::kit::courier::Letter;
use crate::kit::trial::Trial;

async fn assess(trial: &Trial, assessment: &Value) {
    let letter = Letter::post("disability_registry", "/assessments").json(assessment);
    let (status, answer) = trial.ask(letter).await;
    assert!(matches!(status, 200 | 201), "{answer:#}");
}

#[actix_web::test]
async fn daniel_is_paid_for_one_severe_disability_in_a_poor_household() {
    let trial = start();
    let application = through_for(&trial, "daniel", "DIS").await;
    assert_eq!(application["state"], "enrolled", "{application:#}");
    for decision in ["D1", "D2", "D3", "D4", "D5", "D6", "D7"] {
        assert_eq!(verdict(&application, decision), "pass", "{decision}");
    }
    let payment = &application["payments"][0];
    assert_eq!(
        (&payment["state"], &payment["amount_cents"]),
        (&json!("paid"), &json!(17500)),
        "{payment:#}"
    );
}

#[actix_web::test]
async fn no_certificate_and_a_mild_one_are_refused_and_nobody_else_is_asked() {
    let trial = start();
    let application = through_for(&trial, "ravi", "DIS").await;
    assert_eq!(
        (&application["state"], verdict(&application, "D2")),
        (&json!("not_eligible"), "fail"),
        "{application:#}"
    );
    let uin = persona(&trial, "daniel").uin.to_string();
    assess(&trial, &json!({"uin": uin, "status": "Approved", "level": "Moderate"})).await;
    let application = through_for(&trial, "daniel", "DIS").await;
    assert_eq!(
        (&application["state"], verdict(&application, "D3")),
        (&json!("not_eligible"), "fail"),
        "{application:#}"
    );
    assert_eq!(requests_to(&trial, "social_registry", "").await, 0);
    assert_eq!(requests_to(&trial, "payment_hub", "").await, 0);
}

#[actix_web::test]
async fn a_registry_that_is_silent_leaves_the_application_undetermined() {
    let trial = start();
    let fault = json!({"kind": "refusing", "status": 503});
    trial.ask(Letter::post("disability_registry", "/_arenoa/faults").json(&fault)).await;
    let application = through_for(&trial, "daniel", "DIS").await;
    assert_eq!(application["state"], "undetermined", "never no: {application:#}");
}

#[actix_web::test]
async fn ama_is_due_a_voucher_for_her_maize_and_a_large_farm_is_not() {
    let trial = start();
    let application = through_for(&trial, "ama", "AGR").await;
    assert_eq!(application["state"], "enrolled", "{application:#}");
    assert_eq!((verdict(&application, "D2"), verdict(&application, "D3")), ("pass", "pass"));
    let reason = application["reason"].as_str().unwrap();
    assert!(reason.contains("a voucher of 120.00 XTS"), "{reason}");
    let application = through_for(&trial, "tomas_altena", "AGR").await;
    assert_eq!(
        (&application["state"], verdict(&application, "D2")),
        (&json!("not_eligible"), "fail"),
        "2.65 ha"
    );
    let application = through_for(&trial, "oda", "AGR").await;
    assert_eq!(application["state"], "manual_check", "no farm is known: {application:#}");
}

#[actix_web::test]
async fn acres_are_not_taken_for_hectares() {
    let trial = start();
    let letter = Letter::to("farmer_registry", Method::PUT, "/plots/PLOT-00001");
    let acres = json!({"land_size": 3.46, "measurment": "AC"});
    assert_eq!(trial.ask(letter.json(&acres)).await.0, 200);
    let application = through_for(&trial, "ama", "AGR").await;
    assert_eq!(application["state"], "enrolled", "3.46 acres are 1.40 ha: {application:#}");
}

#[actix_web::test]
async fn leo_works_for_the_public_once_his_profile_is_active() {
    let trial = start();
    let application = through_for(&trial, "leo", "JOB").await;
    assert_eq!(
        (&application["state"], verdict(&application, "D2")),
        (&json!("not_eligible"), "fail"),
        "{application:#}"
    );
    let leo = json!({"uin": persona(&trial, "leo").uin.to_string(), "reason": "8"});
    assert_eq!(
        trial.ask(Letter::post("employment_service", "/jobseekers").json(&leo)).await.0,
        201
    );
    let id = application["application_id"].as_str().unwrap();
    let again =
        Letter::post("programme_office", format!("/applications/{id}/reassess")).json(&json!({}));
    assert_eq!(trial.ask(again).await.0, 200);
    settled(&trial).await;
    let application = look(&trial, id).await;
    assert_eq!(application["state"], "enrolled", "{application:#}");
    assert_eq!(application["payments"][0]["amount_cents"], 9000, "{application:#}");
}
