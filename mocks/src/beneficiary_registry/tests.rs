//! A visitor to the beneficiary registry: only HTTP.

use serde_json::{Value, json};

use super::describe::REGISTRY;
use crate::kit::registry::visitor::{Visitor, envelope, scans};
use crate::kit::trial::Trial;

const SYSTEMS: &[crate::kit::system::System] = &[super::SYSTEM, crate::gateway::SYSTEM];

async fn enrolled(visitor: &Visitor<'_>, uin: &str, programme: &str) -> Value {
    let query = json!({"person_identifier": {"eq": uin},
        "programme_identifier.program.programme_identifier": {"eq": programme}});
    let criteria = json!({"query_type": "expression", "response_entity": "Member", "query": query});
    let asked =
        envelope("search", 1, &json!({"transaction_id": "T-1", "enrolled_criteria": criteria}));
    let (status, answer) =
        visitor.post("beneficiary_registry", "/registry/sync/enrolled", &asked).await;
    assert_eq!(status, 200, "{answer:#}");
    assert_eq!(answer["enrolled_response"], answer["message"]["enrolled_response"]);
    answer["message"]["enrolled_response"][0].clone()
}

async fn update(visitor: &Visitor<'_>, beneficiary: Value) -> Value {
    let message =
        json!({"transaction_id": "T-2", "enrolled_updates": {"beneficiaries": [beneficiary]}});
    let body = envelope("notify", 1, &message);
    let (status, answer) =
        visitor.post("beneficiary_registry", "/registry/sync/enrollment/updates", &body).await;
    assert_eq!(status, 200, "{answer:#}");
    answer["message"]["enrolled_response"][0].clone()
}

fn beneficiary(uin: &str, status: &str, benefits: &Value) -> Value {
    json!({"member": {"member_identifier": [{"identifier_type": "UIN", "identifier_value": uin}]},
        "programme_identifier": [{"programme_identifier": "OAP"}], "assistance_unit": "1",
        "enrollment_date": "2026-10-01", "enrollment_status": status, "benefits": benefits})
}

#[actix_web::test]
async fn otto_has_a_contributory_pension_and_tomas_has_none() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let otto = enrolled(&visitor, &visitor.uin("otto"), "CPF").await;
    assert_eq!(
        (otto["status"].as_str(), otto["enrolled_status"].as_str()),
        (Some("succ"), Some("yes"))
    );
    for programme in ["CPF", "OAP"] {
        assert_eq!(
            enrolled(&visitor, &visitor.uin("tomas"), programme).await["enrolled_status"],
            "no"
        );
    }
}

#[actix_web::test]
async fn an_unknown_programme_is_neither_yes_nor_no() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let result = enrolled(&visitor, &visitor.uin("tomas"), "XYZ").await;
    assert_eq!((&result["status"], &result["enrolled_status"]), (&json!("rjct"), &Value::Null));
    assert!(result["status_reason_message"].as_str().unwrap().contains("OAP, SUR"));
}

#[actix_web::test]
async fn an_enrolment_and_its_benefits_are_kept() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let tomas = visitor.uin("tomas");
    let stored = update(&visitor, beneficiary(&tomas, "1", &json!([]))).await;
    assert_eq!(stored["status"], "succ", "{stored:#}");
    assert_eq!(enrolled(&visitor, &tomas, "OAP").await["enrolled_status"], "yes");

    let line =
        json!([{"benefit_type": "1", "benefit_date": "2026-10-01", "benefit_value": "100.00 XTS"}]);
    update(&visitor, beneficiary(&tomas, "1", &line)).await;
    update(&visitor, beneficiary(&tomas, "1", &line)).await;
    let item = visitor.find("beneficiary_registry", "UIN", &tomas).await;
    let record = &item["data"]["reg_records"][0];
    assert_eq!(record["@type"], "Beneficiary");
    assert_eq!(record["benefits"].as_array().unwrap().len(), 1, "the same line twice is one line");
    assert_eq!(record["programme_identifier"][0]["programme_name"], "Old Age Pension");

    update(&visitor, beneficiary(&tomas, "2", &json!([]))).await;
    assert_eq!(enrolled(&visitor, &tomas, "OAP").await["enrolled_status"], "no");
}

#[actix_web::test]
async fn what_lacks_a_person_or_a_programme_is_not_kept() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let nobody =
        update(&visitor, json!({"programme_identifier": [{"programme_identifier": "OAP"}]})).await;
    assert_eq!(nobody["status"], "rjct");
    assert!(nobody["status_reason_message"].as_str().unwrap().contains("member"));
}

#[actix_web::test]
async fn no_question_reads_all_records() {
    let trial = Trial::start(SYSTEMS, 50);
    let except = &[];
    assert_eq!(scans(&trial, &REGISTRY, "beneficiary_registry", except), Vec::<String>::new());
}
