//! A visitor to the employment service: only HTTP.

use http::Method;
use serde_json::{Value, json};

use super::describe::REGISTRY;
use crate::kit::courier::Letter;
use crate::kit::registry::visitor::{Listener, Visitor, envelope, followed, scans};
use crate::kit::trial::Trial;

const SYSTEMS: &[crate::kit::system::System] =
    &[super::SYSTEM, crate::civil_registry::SYSTEM, crate::gateway::SYSTEM];
const SYSTEM: &str = "employment_service";

async fn standing(visitor: &Visitor<'_>, uin: &str) -> Value {
    let criteria = json!({"query": {"person_identifier": {"eq": uin}}});
    let asked =
        envelope("search", 1, &json!({"transaction_id": "T-7", "enrolled_criteria": criteria}));
    let (status, answer) = visitor.post(SYSTEM, "/registry/sync/check-enrollment", &asked).await;
    assert_eq!(status, 200, "{answer:#}");
    assert_eq!(answer["correlation_id"], "CORR-T-7");
    assert_eq!(answer["enrolled_response"], answer["message"]["enrolled_response"]);
    answer["enrolled_response"][0].clone()
}

async fn register(trial: &Trial, body: &Value) -> (u16, Value) {
    trial.ask(Letter::post(SYSTEM, "/jobseekers").json(body)).await
}

async fn restand(trial: &Trial, uin: &str, status: &str) -> (u16, Value) {
    let letter = Letter::to(SYSTEM, Method::PUT, format!("/jobseekers/{uin}/status"));
    trial.ask(letter.json(&json!({"status": status}))).await
}

#[actix_web::test]
async fn ravi_was_dismissed_and_has_to_activate_his_profile() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let ravi = visitor.uin("ravi");
    let item = visitor.find(SYSTEM, "UIN", &ravi).await;
    let record = &item["data"]["reg_records"][0];
    assert_eq!((&record["@type"], &record["unemployment_reason"]), (&json!("Member"), &json!("1")));
    assert_eq!(record["demographic_info"]["@type"], "ESS_Person");
    let job = &record["employment_info"][0];
    assert_eq!((&job["end_date"], &job["job_title"]), (&json!("2026-09-15"), &json!("packer")));
    let told = standing(&visitor, &ravi).await;
    assert_eq!(
        (&told["reference_id"], &told["enrolled_status"]),
        (&json!(ravi), &json!("Inactive"))
    );

    followed(&visitor, &listener, SYSTEM, ("UPDATE", &ravi)).await;
    let (status, changed) = restand(&trial, &ravi, "Active").await;
    assert_eq!((status, &changed["notices"]), (200, &json!(1)), "{changed:#}");
    assert_eq!(standing(&visitor, &ravi).await["enrolled_status"], "Active");
    let notice = listener.hears(2).await.pop().unwrap().1;
    let record = &notice["message"]["notify_event"][0]["data"]["reg_records"];
    assert_eq!(
        (&record["@type"], &record["enrollment_status"]),
        (&json!("beneficiary"), &json!("1"))
    );
    assert_eq!(record["member"]["member_identifier"][0]["identifier_value"], ravi);
    assert_eq!(restand(&trial, &ravi, "Active").await.0, 409);
    assert_eq!(restand(&trial, &ravi, "Reinstated").await.0, 409);
    assert_eq!(restand(&trial, &ravi, "Sleepy").await.0, 400);
    assert_eq!(restand(&trial, "0000000000", "Active").await.0, 404);
}

#[actix_web::test]
async fn leo_is_unknown_until_somebody_refers_him() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let (leo, pavel) = (visitor.uin("leo"), visitor.uin("pavel"));
    let unknown = standing(&visitor, &leo).await;
    assert_eq!((&unknown["status"], &unknown["enrolled_status"]), (&json!("succ"), &Value::Null));
    assert!(unknown["status_reason_message"].as_str().unwrap().contains("not registered"));

    followed(&visitor, &listener, SYSTEM, ("REGISTER", "")).await;
    let asks = json!({"uin": leo, "reason": "8", "job_title": "packer", "employer": "Harbour Stores",
        "start_date": "2025-06-02", "end_date": "2026-06-30", "employment_type": "Seasonal"});
    let (status, entered) = register(&trial, &asks).await;
    assert_eq!(
        (status, &entered["status"], &entered["notices"]),
        (201, &json!("Active"), &json!(1)),
        "{entered:#}"
    );
    assert_eq!(listener.hears(2).await[1].0, "/registry/notify");
    let record = visitor.find(SYSTEM, "UIN", &leo).await["data"]["reg_records"][0].clone();
    assert_eq!(record["demographic_info"]["birth_date"], "2007-01-25");
    assert_eq!(standing(&visitor, &leo).await["enrolled_status"], "Active");
    let child = trial.country.people.named("hana").unwrap().uin.to_string();
    let (status, refused) = register(&trial, &json!({"uin": child, "reason": "8"})).await;
    let sentence = refused["errors"][0]["message"].as_str().unwrap();
    assert!(status == 409 && sentence.contains("at least 15 years old"), "{refused:#}");
    let unborn = json!({"uin": visitor.uin("nadia"), "reason": "8", "job_title": "packer",
        "employer": "Harbour Stores", "start_date": "1980-06-02", "end_date": "2026-06-30"});
    let (status, refused) = register(&trial, &unborn).await;
    let sentence = refused["errors"][0]["message"].as_str().unwrap();
    assert!(status == 409 && sentence.contains("on 1980-06-02 that is not so"), "{refused:#}");
    for uin in [child, visitor.uin("nadia")] {
        assert_eq!(visitor.find(SYSTEM, "UIN", &uin).await["pagination"]["total_count"], 0);
    }
    for (status, body) in [
        (409, asks.clone()),
        (409, json!({"uin": pavel, "reason": "8"})),
        (404, json!({"uin": "0000000000", "reason": "8"})),
        (400, json!({"uin": leo})),
        (400, json!({"uin": leo, "reason": "bored"})),
    ] {
        assert_eq!(register(&trial, &body).await.0, status, "{body}");
    }
}

#[actix_web::test]
async fn jobseekers_are_found_by_what_they_did_and_why_it_ended() {
    let trial = Trial::start(SYSTEMS, 600);
    let visitor = Visitor::new(&trial).await;
    let query =
        json!({"unemployment_reason": {"in": ["1", "2"]}, "end_date": {"ge": "2025-01-01"}});
    let criteria = json!({"query_type": "expression", "query": query, "reg_record_type": "Member"});
    let item = visitor.search(SYSTEM, criteria).await;
    let records = item["data"]["reg_records"].as_array().unwrap();
    assert_eq!(item["pagination"]["total_count"], records.len());
    assert!(
        records.len() > 3
            && records
                .iter()
                .all(|r| r["employment_info"][0]["end_date"].as_str() >= Some("2025-01-01"))
    );
    let active = json!({"query_type": "expression", "reg_record_type": "Beneficiary",
        "query": {"enrollment_status": {"eq": "Active"}}});
    let item = visitor.search(SYSTEM, active).await;
    let records = item["data"]["reg_records"].as_array().unwrap();
    assert!(!records.is_empty() && records.iter().all(|r| r["enrollment_status"] == "1"));
    let at_home = json!({"query_type": "expression",
        "query": {"demographic_info.address.region_code": {"eq": "QN03"}}});
    assert_eq!(visitor.search(SYSTEM, at_home).await["status"], "succ");
    assert_eq!(scans(&trial, &REGISTRY, SYSTEM, &["sex"]), Vec::<String>::new());
}

#[actix_web::test]
async fn clients_of_the_official_mock_get_what_they_read() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let post = |path: &str| {
        Letter::to_address(Method::POST, &format!("{}/ess{path}", trial.running.base))
            .header("content-type", "application/json")
    };
    for path in ["/subscribe", "/notify"] {
        for body in ["", "{}"] {
            let reply = trial.send(post(path).body(body)).await;
            assert_eq!(reply.status, 200);
            assert_eq!(reply.header("content-type"), Some("application/ld+json"), "{path}");
        }
    }
    let (_, told) = trial.ask(post("/txn/status").body("{}")).await;
    assert_eq!(told["message"]["txn_status"], "completed", "{told:#}");
    assert!(told["message"]["transaction_id"].is_i64());
    let (_, example) = trial.ask(post("/sync/check-enrollment").body("{}")).await;
    assert_eq!(example["message"]["enrolled_response"][0]["enrolled_status"], "Active");
    let criteria = json!({"query": {"person_identifier": {"eq": visitor.uin("ravi")}}});
    let asked = envelope("check", 1, &json!({"transaction_id": 42, "enrolled_criteria": criteria}));
    let (_, answer) = trial.ask(post("/sync/check-enrollment").json(&asked)).await;
    assert_eq!(answer["message"]["correlation_id"], "CORR-42", "{answer:#}");
    assert_eq!(answer["transaction_id"], 42);
}

#[actix_web::test]
async fn a_transaction_is_told_in_the_word_of_the_mock() {
    let trial = Trial::start(SYSTEMS, 100);
    let listener = Listener::start();
    let request = json!({"reference_id": "R-1", "txn_type": "search", "attribute_type": "transaction_id",
        "attribute_value": "T-none"});
    let mut asked =
        envelope("txn-status", 1, &json!({"transaction_id": "T-8", "txnstatus_request": request}));
    asked["header"]["sender_uri"] = json!(listener.base);
    let url = format!("{}/ess/txn/status", trial.running.base);
    let (_, told) = trial.ask(Letter::to_address(Method::POST, &url).json(&asked)).await;
    assert_eq!(
        (&told["message"]["txn_status"], &told["message"]["ack_status"]),
        (&json!("failed"), &json!("ACK"))
    );
    assert_eq!(told["message"]["transaction_id"], "T-8");
    assert_eq!(listener.hears(1).await[0].0, "/registry/txn/on-status");
}

/// The civil registry enters somebody's death, of which this registry has not heard.
async fn die(trial: &Trial, uin: &str) {
    let report = json!({"uin": uin, "date": "2026-10-01"});
    assert_eq!(
        trial.ask(Letter::post("civil_registry", "/events/deaths").json(&report)).await.0,
        201
    );
}

#[actix_web::test]
async fn of_somebody_who_has_died_only_the_death_is_entered() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let ravi = visitor.uin("ravi");
    die(&trial, &ravi).await;
    assert_eq!(restand(&trial, &ravi, "Active").await.0, 409);
    assert_eq!(restand(&trial, &ravi, "Deceased").await.0, 200);
}
