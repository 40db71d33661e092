//! A visitor to the disability registry: only HTTP.

use http::Method;
use serde_json::{Value, json};

use super::describe::REGISTRY;
use crate::kit::courier::Letter;
use crate::kit::registry::visitor::{Listener, Visitor, envelope, followed, scans};
use crate::kit::trial::Trial;

const SYSTEMS: &[crate::kit::system::System] =
    &[super::SYSTEM, crate::civil_registry::SYSTEM, crate::gateway::SYSTEM];
const SYSTEM: &str = "disability_registry";

fn question(query: &Value) -> Value {
    let criteria = json!({"query_type": "expression", "query": query});
    envelope("search", 1, &json!({"transaction_id": "T-1", "disabled_criteria": criteria}))
}

async fn asked(visitor: &Visitor<'_>, path: &str, uin: &str) -> Value {
    let body = question(&json!({"member.member_identifier": {"eq": uin}}));
    let (status, answer) = visitor.post(SYSTEM, &format!("/registry/sync/{path}"), &body).await;
    assert_eq!(status, 200, "{answer:#}");
    assert_eq!(answer["header"]["action"], "on-search");
    let message = &answer["message"];
    let list = message.get("disabled_response").unwrap_or(&message["search_response"]);
    list[0].clone()
}

async fn assess(trial: &Trial, assessment: &Value) -> (u16, Value) {
    trial.ask(Letter::post(SYSTEM, "/assessments").json(assessment)).await
}

#[actix_web::test]
async fn daniel_lost_a_leg_at_work_and_is_certified_severe() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let daniel = visitor.uin("daniel");
    let item = visitor.find(SYSTEM, "UIN", &daniel).await;
    let record = &item["data"]["reg_records"][0];
    assert_eq!(item["pagination"]["total_count"], 1, "{item:#}");
    assert_eq!(record["@type"], "PWD_Person");
    assert_eq!(record["personal_details"]["demographic_info"]["name"]["given_name"], "Daniel");
    assert_eq!(record["personal_details"]["demographic_info"]["@type"], "DR_Person");
    assert_eq!(
        (&record["disability_status"], &record["disability_status_level"]),
        (&json!("0"), &json!("2"))
    );
    assert_eq!(record["review_date"], "2028-09-15");

    assert_eq!(asked(&visitor, "disabled", &daniel).await["disabled_status"], "yes");
    assert_eq!(asked(&visitor, "get-disability-status", &daniel).await["disabled_status"], "yes");
    let details = asked(&visitor, "get-disability-details", &daniel).await;
    let details = &details["data"]["reg_records"][0]["disability_details"][0];
    let told = ["impairment_type", "impairment_level", "impairment_cause"].map(|n| &details[n]);
    assert_eq!(told, [&json!("3"), &json!("3"), &json!("5")], "mobility, severe, at work");
    let support = asked(&visitor, "get-disability-support", &daniel).await;
    let support = &support["data"]["reg_records"][0][0];
    assert_eq!(support["transport_requirement"], "2", "{support:#}");
    assert_eq!(support["assistive_technology"][0]["type"], "1");
}

#[actix_web::test]
async fn who_has_no_certificate_is_not_disabled_and_has_nothing_to_tell() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let tomas = visitor.uin("tomas");
    assert_eq!(asked(&visitor, "disabled", &tomas).await["disabled_status"], "no");
    for path in ["get-disability-details", "get-disability-support"] {
        let nothing = asked(&visitor, path, &tomas).await;
        assert_eq!(
            (&nothing["status"], &nothing["data"]["reg_records"]),
            (&json!("succ"), &json!([]))
        );
        assert_eq!(nothing["pagination"]["total_count"], 0);
    }
    for path in ["disabled", "get-disability-details"] {
        let body = question(&json!({"disability_status": {"eq": "0"}}));
        let (_, answer) = visitor.post(SYSTEM, &format!("/registry/sync/{path}"), &body).await;
        assert_eq!(answer["header"]["status"], "rjct", "{answer:#}");
        let message = answer["message"].to_string();
        assert!(
            message.contains("name a person") && !message.contains("disabled_status\":"),
            "{message}"
        );
    }
}

#[actix_web::test]
async fn the_registry_is_asked_by_what_the_stories_ask() {
    let trial = Trial::start(SYSTEMS, 600);
    let visitor = Visitor::new(&trial).await;
    let is = |name: &str, value: &str| json!({"attribute_name": name, "operator": "eq", "attribute_value": value});
    let query = json!([{"seq_num": 1, "expression1": is("disability_status", "Approved"), "condition": "and",
        "expression2": is("disability_details.impairment_type", "Mobility")}]);
    let criteria = json!({"query_type": "predicate", "query": query,
        "sort": [{"attribute_name": "registration_date", "sort_order": "desc"}],
        "pagination": {"page_size": 2, "page_number": 1}});
    let first = visitor.search(SYSTEM, criteria.clone()).await;
    let total = first["pagination"]["total_count"].as_u64().unwrap();
    let mut seen = Vec::new();
    for page in 1..=total.div_ceil(2) {
        let mut criteria = criteria.clone();
        criteria["pagination"]["page_number"] = json!(page);
        let item = visitor.search(SYSTEM, criteria).await;
        assert_eq!(item["pagination"]["total_count"], total);
        seen.extend(item["data"]["reg_records"].as_array().unwrap().clone());
    }
    assert!(total > 2 && seen.len() as u64 == total, "{total}");
    let dates: Vec<_> = seen.iter().map(|r| r["registration_date"].as_str().unwrap()).collect();
    assert!(dates.is_sorted_by(|a, b| a >= b), "{dates:?}");
    for (name, value) in [
        ("personal_details.demographic_info.address.region_code", "QN03"),
        ("personal_details.demographic_info.name.surname", "Mensah"),
        ("member.member_identifier", "1"),
    ] {
        let asked = json!({"query_type": "expression", "query": {name: {"eq": value}}});
        let item = visitor.search(SYSTEM, asked).await;
        assert_eq!(item["status"], "succ", "{name}: {item:#}");
        let home = |r: &Value| {
            r.pointer("/personal_details/demographic_info/address/0/region_code").cloned()
        };
        let all = item["data"]["reg_records"].as_array().unwrap();
        assert!(
            name.contains("region").then(|| all.iter().all(|r| home(r) == Some(json!(value))))
                != Some(false)
        );
    }
    let caregiver = "disability_support.human_assistance.caregiver.name.surname";
    let asked = json!({"query_type": "expression", "query": {caregiver: {"eq": "Mensah"}}});
    let item = visitor.search(SYSTEM, asked).await;
    assert_eq!(item["status_reason_code"], "rjct.filter.invalid", "{item:#}");
    let wheelchairs =
        json!({"query_type": "expression", "query": {"disability_support": {"eq": "Wheelchairs"}}});
    assert!(
        visitor.search(SYSTEM, wheelchairs).await["pagination"]["total_count"].as_u64() > Some(0)
    );
    assert_eq!(scans(&trial, &REGISTRY, SYSTEM, &["sex"]), Vec::<String>::new());
}

#[actix_web::test]
async fn a_decision_reaches_who_subscribed() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let (daniel, grace) = (visitor.uin("daniel"), visitor.uin("grace"));
    followed(&visitor, &listener, SYSTEM, ("DisabledPerson", &daniel)).await;
    let milder =
        json!({"uin": daniel, "status": "Approved", "level": "Moderate", "review": "2029-10-01"});
    let (status, decided) = assess(&trial, &milder).await;
    assert_eq!((status, &decided["notices"]), (200, &json!(1)), "{decided:#}");
    let (path, notice) = listener.hears(2).await.pop().unwrap();
    assert_eq!(path, "/registry/notify");
    let data = &notice["message"]["notify_event"][0]["data"];
    assert_eq!(data["reg_records"]["disability_status_level"], "3", "{data:#}");
    assert_eq!(data["reg_records"]["disability_details"][0]["impairment_level"], "2");
    assert_eq!(assess(&trial, &milder).await.0, 409, "it says so already");

    let programme = Listener::start();
    followed(&visitor, &programme, SYSTEM, ("DisabledPerson", &grace)).await;
    let first = json!({"uin": grace, "status": "Pending", "impairment": "Vision"});
    let (status, decided) = assess(&trial, &first).await;
    assert_eq!(
        (status, &decided["notices"]),
        (201, &json!(1)),
        "the civil registry knows her, and who followed her before she came is told: {decided:#}"
    );
    assert_eq!(programme.hears(2).await[1].0, "/registry/notify");
    let record = visitor.find(SYSTEM, "UIN", &grace).await["data"]["reg_records"][0].clone();
    assert_eq!(record["personal_details"]["demographic_info"]["birth_date"], "1962-06-30");
    assert_eq!(asked(&visitor, "disabled", &grace).await["disabled_status"], "no", "pending");
}

#[actix_web::test]
async fn what_cannot_be_decided_leaves_no_trace() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let (grace, pavel) = (visitor.uin("grace"), visitor.uin("pavel"));
    let review = "2029-10-01";
    for (status, assessment, words) in [
        (400, json!({"uin": grace}), "status"),
        (400, json!({"uin": grace, "status": "Fine"}), "0 (Approved)"),
        (
            400,
            json!({"uin": grace, "status": "Approved", "level": "2", "review": review}),
            "impairment",
        ),
        (400, json!({"uin": grace, "status": "Pending", "review": "2020-01-01"}), "not ahead"),
        (404, json!({"uin": grace, "status": "Expired"}), "no certificate"),
        (404, json!({"uin": "0000000000", "status": "Pending"}), "civil registry"),
        (409, json!({"uin": pavel, "status": "Pending"}), "died on 2025-12-02"),
    ] {
        let (got, answer) = assess(&trial, &assessment).await;
        assert_eq!(got, status, "{assessment} {answer:#}");
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains(words), "{answer:#}");
    }
    for uin in [&grace, &pavel] {
        let item = visitor.find(SYSTEM, "UIN", uin).await;
        assert_eq!(item["pagination"]["total_count"], 0);
    }
}

#[actix_web::test]
async fn the_paths_of_the_official_mock_answer_a_probe_and_a_question() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let daniel = question(&json!({"person_identifier": {"eq": visitor.uin("daniel")}}));
    for path in
        ["disabled", "get-disability-status", "get-disability-details", "get-disability-support"]
    {
        let url = format!("{}/dr/sync/{path}", trial.running.base);
        for body in ["", "{}"] {
            let (status, example) =
                trial.ask(Letter::to_address(Method::POST, &url).body(body)).await;
            assert_eq!(status, 200, "{path}");
            assert!(
                example["message"]["transaction_id"].is_i64() && example["transaction_id"].is_i64()
            );
        }
        let (status, answer) =
            trial.ask(Letter::to_address(Method::POST, &url).json(&daniel)).await;
        assert_eq!((status, &answer["header"]["status"]), (200, &json!("succ")), "{answer:#}");
    }
}
