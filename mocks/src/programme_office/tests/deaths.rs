//! Whoever dies leaves the programme: by an application or on the list of members, before a month is paid and in the midst of it.

use serde_json::{Value, json};

use super::country::settled;
use super::cycles::post;
use super::whole::{persona, through_for};
use crate::kit::courier::Letter;
use crate::kit::journal::Kind;
use crate::kit::registry::visitor::{Visitor, envelope};
use crate::kit::trial::Trial;

const CYCLE: &str = "/cycles/OAP-2026-10";

async fn dies(trial: &Trial, uin: &str) {
    let death = json!({"uin": uin, "date": "2026-09-30"});
    let (status, answer) =
        trial.ask(Letter::post("civil_registry", "/events/deaths").json(&death)).await;
    assert_eq!(status, 201, "{answer}");
    settled(trial).await;
}

/// Somebody tells the office of a death, as the civil registry does.
async fn notify(trial: &Trial, uin: &str, reference: &str) {
    let record = json!({"identifier": [{"identifier_type": "UIN", "identifier_value": uin}],
        "death_date": "2026-09-30"});
    let message = json!({"transaction_id": "T-1", "correlation_id": "C-1", "notify_event": [{
        "reference_id": reference, "timestamp": "2026-10-01T08:00:00Z",
        "data": {"reg_type": "ns:org:RegistryType:Civil", "reg_event_type": "Death",
            "reg_records": record}}]});
    let visitor = Visitor::new(trial).await;
    let mut told = envelope("notify", 1, &message);
    told["header"]["message_id"] = json!(reference);
    visitor.post("programme_office", "/registry/notify", &told).await;
    settled(trial).await;
}

async fn events(trial: &Trial, action: &str) -> Vec<Value> {
    let journal = trial.journal().await;
    let of_office = journal.iter().filter(|e| e.kind == Kind::Event && e.action == action);
    of_office.map(|e| serde_json::from_str(&e.body).unwrap()).collect()
}

async fn exits_counted(trial: &Trial) -> i64 {
    let (_, all) = trial.ask(Letter::get("statistics", "/indicators")).await;
    let found = all["indicators"].as_array().unwrap().iter().find(|i| i["id"] == "exited");
    found.unwrap()["total"].as_i64().unwrap()
}

async fn payee(trial: &Trial, uin: &str) -> Value {
    let (_, all) = trial.ask(Letter::get("programme_office", format!("{CYCLE}/payees"))).await;
    let found = all["payees"].as_array().unwrap().iter().find(|p| p["uin"] == uin).cloned();
    found.unwrap_or(Value::Null)
}

async fn act(trial: &Trial, what: &str, body: Value) -> Value {
    let (status, answer) = post(trial, &format!("{CYCLE}/{what}"), body).await;
    assert!((200..300).contains(&status), "{what}: {answer}");
    trial.ask(Letter::get("programme_office", CYCLE)).await.1
}

async fn approved(trial: &Trial) -> Value {
    let new = json!({"programme": "OAP", "month": "2026-10"});
    assert_eq!(post(trial, "/cycles", new).await.0, 201);
    act(trial, "verify", json!({})).await;
    act(trial, "approve", json!({"officer": "Dina Volpi"})).await;
    act(trial, "approve", json!({"officer": "Marco Nimri"})).await
}

async fn application(trial: &Trial, id: &Value) -> Value {
    let path = format!("/applications/{}", id.as_str().unwrap());
    trial.ask(Letter::get("programme_office", path)).await.1
}

async fn fault(trial: &Trial, system: &str, on: Option<&str>) {
    let clear = Letter::to(system, http::Method::DELETE, "/_arenoa/faults");
    let letter = match on {
        Some(on) => Letter::post(system, "/_arenoa/faults")
            .json(&json!({"kind": "refusing", "status": 503, "on": on})),
        None => clear,
    };
    trial.send(letter).await;
}

#[actix_web::test]
async fn an_enrolled_applicant_who_dies_leaves_and_is_paid_no_more() {
    let trial = Trial::start(crate::ALL, 300);
    let enrolled = through_for(&trial, "tomas", "OAP").await;
    let uin = persona(&trial, "tomas").uin.to_string();
    dies(&trial, &uin).await;
    let now = application(&trial, &enrolled["application_id"]).await;
    assert_eq!(now["state"], "exited", "{now:#}");
    assert_eq!(now["reason"], "The civil registry records a death on 2026-09-30.");
    assert_eq!(now["notes"][0]["kind"], "death");
    assert_eq!(now["payments"][0]["state"], "paid", "what has come has come");
    assert_eq!(exits_counted(&trial).await, 1);
    let shown = events(&trial, "membership exited").await;
    assert_eq!((shown.len(), &shown[0]["state"]), (1, &json!("exited")));
    let new = json!({"programme": "OAP", "month": "2026-11"});
    assert_eq!(post(&trial, "/cycles", new).await.0, 201);
    let path = "/cycles/OAP-2026-11/payees";
    let (_, all) = trial.ask(Letter::get("programme_office", path)).await;
    assert!(all["payees"].as_array().unwrap().iter().all(|p| p["uin"] != uin.as_str()));
    notify(&trial, &uin, "N-again").await;
    assert_eq!(exits_counted(&trial).await, 1, "the same death changes nothing more");
}

#[actix_web::test]
async fn a_payment_that_waits_for_an_account_is_cancelled() {
    let trial = Trial::start(crate::ALL, 300);
    fault(&trial, "account_mapper", Some("POST /mapper/sync/resolve")).await;
    let enrolled = through_for(&trial, "tomas", "OAP").await;
    dies(&trial, &persona(&trial, "tomas").uin.to_string()).await;
    fault(&trial, "account_mapper", None).await;
    let now = application(&trial, &enrolled["application_id"]).await;
    assert_eq!(
        (&now["state"], &now["payments"][0]["state"]),
        (&json!("exited"), &json!("cancelled"))
    );
    let sentence = now["notes"][0]["sentence"].as_str().unwrap();
    assert!(sentence.contains("100.00 XTS that were due are not paid"), "{sentence}");
}

#[actix_web::test]
async fn a_member_who_dies_between_approval_and_issuing_is_not_paid() {
    let trial = Trial::start(crate::ALL, 300);
    fault(&trial, "account_mapper", Some("POST /mapper/sync/resolve")).await;
    let waits = approved(&trial).await;
    assert_eq!(waits["state"], "approved");
    let (_, all) = trial.ask(Letter::get("programme_office", format!("{CYCLE}/payees"))).await;
    let all = all["payees"].as_array().unwrap();
    let member = all.iter().find(|p| p["standing"] == "approved").unwrap()["uin"].clone();
    let uin = member.as_str().unwrap();
    dies(&trial, uin).await;
    notify(&trial, uin, "N-1").await;
    assert_eq!(exits_counted(&trial).await, 1);
    fault(&trial, "account_mapper", None).await;
    let paid = act(&trial, "pay", json!({})).await;
    assert_eq!(paid["state"], "distributed");
    assert_eq!(paid["payees"].as_i64(), waits["payees"].as_i64().map(|all| all - 1));
    let dead = payee(&trial, uin).await;
    assert_eq!((&dead["standing"], &dead["reference_id"]), (&json!("deceased"), &Value::Null));
    assert_eq!(dead["remark"], "The civil registry records a death on 2026-09-30.");
    let shown = events(&trial, "membership exited").await;
    assert_eq!(shown[0]["stopped_cents"], 10_000, "{shown:?}");
    let reconciled = act(&trial, "reconcile", json!({})).await;
    assert_eq!(reconciled["reconciled"]["difference_minor"], 0);
    let (_, left) =
        trial.ask(Letter::get("programme_office", format!("/members/{uin}/payments"))).await;
    assert_eq!(left["left"][0]["state"], "exited", "{left}");
}

#[actix_web::test]
async fn a_payment_in_a_list_that_has_not_left_is_taken_out_of_it() {
    let trial = Trial::start(crate::ALL, 300);
    fault(&trial, "payment_hub", Some("POST /disburse")).await;
    let waits = approved(&trial).await;
    let (_, all) = trial.ask(Letter::get("programme_office", format!("{CYCLE}/payees"))).await;
    let all = all["payees"].as_array().unwrap();
    let member = all.iter().find(|p| p["standing"] == "issued").unwrap()["uin"].clone();
    let uin = member.as_str().unwrap();
    dies(&trial, uin).await;
    notify(&trial, uin, "N-1").await;
    fault(&trial, "payment_hub", None).await;
    let paid = act(&trial, "pay", json!({})).await;
    assert_eq!(paid["state"], "distributed");
    let payments = |cycle: &Value| cycle["lists"][0]["payments"].as_i64().unwrap();
    assert_eq!(payments(&paid), payments(&waits) - 1);
    assert_eq!(payee(&trial, uin).await["standing"], "deceased");
    let reconciled = act(&trial, "reconcile", json!({})).await;
    assert_eq!(reconciled["reconciled"]["difference_minor"], 0);
}

#[actix_web::test]
async fn a_notice_that_the_registry_does_not_confirm_pauses_and_ends_nothing() {
    let trial = Trial::start(crate::ALL, 300);
    let enrolled = through_for(&trial, "tomas", "OAP").await;
    let uin = persona(&trial, "tomas").uin.to_string();
    notify(&trial, &uin, "N-false").await;
    let now = application(&trial, &enrolled["application_id"]).await;
    assert_eq!(now["state"], "paused", "{now:#}");
    assert!(now["reason"].as_str().unwrap().contains("does not record"), "{now:#}");
    let new = json!({"programme": "OAP", "month": "2026-10"});
    assert_eq!(post(&trial, "/cycles", new).await.0, 201);
    let drafted = act(&trial, "verify", json!({})).await;
    let (_, all) = trial.ask(Letter::get("programme_office", format!("{CYCLE}/payees"))).await;
    let all = all["payees"].as_array().unwrap();
    let member = all.iter().rfind(|p| p["standing"] == "entitled").unwrap()["uin"].clone();
    notify(&trial, member.as_str().unwrap(), "N-false-too").await;
    assert_eq!(
        drafted["payees"],
        act(&trial, "approve", json!({"officer": "Ida"})).await["payees"]
    );
    let paid = act(&trial, "approve", json!({"officer": "Marco"})).await;
    assert_eq!(paid["state"], "distributed", "{paid}");
    act(&trial, "mend", json!({})).await;
    let waits = payee(&trial, member.as_str().unwrap()).await;
    assert_eq!(waits["standing"], "held", "no round pays before an officer has looked: {waits}");
    assert_eq!(exits_counted(&trial).await, 0);
    let path = format!("/members/{}/membership", member.as_str().unwrap());
    let go_on = json!({"programme": "OAP", "change": "continue", "reason": "The person was here."});
    let (status, answer) = post(&trial, &path, go_on.clone()).await;
    assert_eq!((status, &answer["state"]), (200, &json!("enrolled")), "{answer}");
    assert_eq!(post(&trial, &path, go_on).await.0, 409, "only who is paused goes on");
    act(&trial, "mend", json!({})).await;
    assert_eq!(payee(&trial, member.as_str().unwrap()).await["standing"], "paid");
}

#[actix_web::test]
async fn a_silent_civil_registry_is_asked_again_at_the_next_start() {
    let trial = Trial::start(crate::ALL, 300);
    let enrolled = through_for(&trial, "tomas", "OAP").await;
    let uin = persona(&trial, "tomas").uin.to_string();
    let office = trial.office("programme_office");
    let unfollowed = || crate::programme_office::store::unfollowed(&office.store).unwrap().len();
    fault(&trial, "civil_registry", Some("POST /registry/sync/search")).await;
    dies(&trial, &uin).await;
    let paused = application(&trial, &enrolled["application_id"]).await;
    assert_eq!((&paused["state"], unfollowed()), (&json!("paused"), 1), "{paused:#}");
    notify(&trial, &uin, "N-again").await;
    assert_eq!(unfollowed(), 2);
    fault(&trial, "civil_registry", None).await;
    (crate::programme_office::SYSTEM.wake)(&office);
    settled(&trial).await;
    let now = application(&trial, &enrolled["application_id"]).await;
    assert_eq!((&now["state"], unfollowed()), (&json!("exited"), 0), "{now:#}");
}

#[actix_web::test]
async fn an_officer_who_has_looked_ends_a_doubt_for_good() {
    let trial = Trial::start(crate::ALL, 300);
    let enrolled = through_for(&trial, "tomas", "OAP").await;
    let uin = persona(&trial, "tomas").uin.to_string();
    fault(&trial, "civil_registry", Some("POST /registry/sync/search")).await;
    notify(&trial, &uin, "N-false").await;
    let path = format!("/members/{uin}/membership");
    let go_on = json!({"programme": "OAP", "change": "continue", "reason": "The person was here."});
    assert_eq!(post(&trial, &path, go_on).await.0, 200);
    (crate::programme_office::SYSTEM.wake)(&trial.office("programme_office"));
    settled(&trial).await;
    assert_eq!(application(&trial, &enrolled["application_id"]).await["state"], "enrolled");
}

#[actix_web::test]
async fn a_notice_that_a_stop_left_unfollowed_is_followed_at_the_next_start() {
    let trial = Trial::start(crate::ALL, 300);
    let enrolled = through_for(&trial, "tomas", "OAP").await;
    let uin = persona(&trial, "tomas").uin.to_string();
    fault(&trial, "programme_office", Some("POST /registry/notify")).await;
    dies(&trial, &uin).await;
    let office = trial.office("programme_office");
    let record = json!({"identifier": [{"identifier_type": "UIN", "identifier_value": uin}]});
    let kept = crate::programme_office::store::keep_notice(
        &office.store,
        "N-1",
        "Death",
        &record.to_string(),
        "2026-10-01T08:00:00.000Z",
    );
    assert!(kept.unwrap());
    for _ in 0..2 {
        (crate::programme_office::SYSTEM.wake)(&office);
        settled(&trial).await;
        assert_eq!(application(&trial, &enrolled["application_id"]).await["state"], "exited");
        assert_eq!(exits_counted(&trial).await, 1);
    }
    assert!(crate::programme_office::store::unfollowed(&office.store).unwrap().is_empty());
}
