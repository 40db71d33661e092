//! Whoever leaves or pauses by an officer's word: what was not sent is not paid, and the beneficiary registry hears of it.

use serde_json::{Value, json};

use super::country::{look, settled};
use super::cycles::post;
use super::months::{act, approved, fault, verified};
use super::whole::{persona, through_for};
use crate::kit::courier::Letter;
use crate::kit::trial::Trial;

async fn change(trial: &Trial, application: &Value, change: &str) {
    let path =
        format!("/applications/{}/membership", application["application_id"].as_str().unwrap());
    let wish = json!({"change": change, "reason": "The person moved abroad."});
    let (status, answer) = post(trial, &path, wish).await;
    assert_eq!(status, 200, "{answer}");
}

async fn payee(trial: &Trial, cycle: &str, uin: &str) -> Value {
    let path = format!("/cycles/{cycle}/payees");
    let (_, all) = trial.ask(Letter::get("programme_office", path)).await;
    let found = all["payees"].as_array().unwrap().iter().find(|p| p["uin"] == uin).cloned();
    found.unwrap_or(Value::Null)
}

/// How the beneficiary registry has the person in the Old Age Pension.
fn registered(trial: &Trial, uin: &str) -> String {
    let read = |db: &rusqlite::Connection| {
        let query = "select status from enrolment where uin = $1 and programme = 'OAP'";
        db.query_row(query, [uin], |row| row.get(0))
    };
    trial.office("beneficiary_registry").store.read(read).unwrap()
}

async fn out_of_order(trial: &Trial, system: &str, on: &str) {
    fault(trial, system, json!({"kind": "refusing", "status": 503, "on": on})).await;
}

#[actix_web::test]
async fn whoever_leaves_while_a_month_is_open_is_not_paid_for_it_and_may_come_back() {
    let trial = Trial::start(crate::ALL, 300);
    let first = through_for(&trial, "tomas", "OAP").await;
    let uin = persona(&trial, "tomas").uin.to_string();
    let cycle = verified(&trial, "2026-11").await;
    change(&trial, &first, "exit").await;
    assert_eq!(registered(&trial, &uin), "3");
    assert_eq!(approved(&trial, &cycle).await["state"], "distributed");
    let left = payee(&trial, &cycle, &uin).await;
    assert_eq!(
        (&left["standing"], &left["reference_id"]),
        (&json!("left"), &Value::Null),
        "{left}"
    );
    assert_eq!(left["remark"], "The person moved abroad.");

    let second = through_for(&trial, "tomas", "OAP").await;
    assert_eq!(second["state"], "enrolled", "{second:#}");
    assert_eq!(registered(&trial, &uin), "1");
    let later = verified(&trial, "2026-12").await;
    assert_eq!(payee(&trial, &later, &uin).await["standing"], "entitled", "as all others");
}

#[actix_web::test]
async fn an_end_that_the_registry_did_not_take_is_told_at_the_next_start_and_receipts_undo_nothing()
{
    let trial = Trial::start(crate::ALL, 300);
    let enrolled = through_for(&trial, "tomas", "OAP").await;
    let uin = persona(&trial, "tomas").uin.to_string();
    let cycle = verified(&trial, "2026-11").await;
    approved(&trial, &cycle).await;
    assert_eq!(payee(&trial, &cycle, &uin).await["standing"], "paid");
    out_of_order(&trial, "beneficiary_registry", "POST /registry/sync/enrollment/updates").await;
    change(&trial, &enrolled, "exit").await;
    assert_eq!(registered(&trial, &uin), "1");
    trial.office("beneficiary_registry").faults.clear();
    (crate::programme_office::SYSTEM.wake)(&trial.office("programme_office"));
    settled(&trial).await;
    assert_eq!(registered(&trial, &uin), "3");
    act(&trial, &cycle, "finish", json!({})).await;
    assert_eq!(registered(&trial, &uin), "3", "what was paid before is no enrolment");
}

#[actix_web::test]
async fn whoever_is_paused_is_paid_by_no_round_until_the_membership_goes_on() {
    let trial = Trial::start(crate::ALL, 300);
    let enrolled = through_for(&trial, "tomas", "OAP").await;
    let uin = persona(&trial, "tomas").uin.to_string();
    let cycle = verified(&trial, "2026-11").await;
    out_of_order(&trial, "payment_hub", "POST /disburse").await;
    approved(&trial, &cycle).await;
    assert_eq!(payee(&trial, &cycle, &uin).await["standing"], "issued");
    change(&trial, &enrolled, "pause").await;
    trial.office("payment_hub").faults.clear();
    assert_eq!(act(&trial, &cycle, "pay", json!({})).await["state"], "distributed");
    act(&trial, &cycle, "mend", json!({})).await;
    let waits = payee(&trial, &cycle, &uin).await;
    assert_eq!(waits["standing"], "held", "{waits}");
    assert_eq!(waits["remark"], "The membership is paused: The person moved abroad.");
    change(&trial, &enrolled, "continue").await;
    act(&trial, &cycle, "mend", json!({})).await;
    assert_eq!(payee(&trial, &cycle, &uin).await["standing"], "paid");
    let reconciled = act(&trial, &cycle, "reconcile", json!({})).await;
    assert_eq!(reconciled["reconciled"]["difference_minor"], 0);
}

#[actix_web::test]
async fn a_first_payment_waits_through_a_pause_and_is_sent_when_the_membership_goes_on() {
    let trial = Trial::start(crate::ALL, 300);
    out_of_order(&trial, "account_mapper", "POST /mapper/sync/resolve").await;
    let enrolled = through_for(&trial, "tomas", "OAP").await;
    let id = enrolled["application_id"].as_str().unwrap();
    change(&trial, &enrolled, "pause").await;
    trial.office("account_mapper").faults.clear();
    post(&trial, &format!("/applications/{id}/resume"), json!({})).await;
    assert_eq!(look(&trial, id).await["payments"][0]["state"], "issued");
    change(&trial, &enrolled, "continue").await;
    assert_eq!(look(&trial, id).await["payments"][0]["state"], "paid");
}

#[actix_web::test]
async fn a_payment_that_was_cancelled_by_an_exit_is_owed_anew_to_who_comes_back() {
    let trial = Trial::start(crate::ALL, 300);
    out_of_order(&trial, "account_mapper", "POST /mapper/sync/resolve").await;
    let first = through_for(&trial, "tomas", "OAP").await;
    change(&trial, &first, "exit").await;
    trial.office("account_mapper").faults.clear();
    let left = look(&trial, first["application_id"].as_str().unwrap()).await;
    assert_eq!(left["payments"][0]["state"], "cancelled", "{left:#}");
    let journal = trial.journal().await;
    let exited = journal.iter().find(|entry| entry.action == "membership exited").unwrap();
    assert!(exited.body.contains(r#""stopped_cents":10000"#), "{exited:?}");
    let second = through_for(&trial, "tomas", "OAP").await;
    assert_eq!(second["payments"][0]["state"], "paid", "{second:#}");
    let reference = second["payments"][0]["reference_id"].as_str().unwrap();
    assert!(reference.ends_with("-2"), "another reference: {reference}");
}
