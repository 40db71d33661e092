//! Months that follow one another, and months that go wrong: each comes to its end.

use serde_json::{Value, json};

use super::country::settled;
use super::cycles::post;
use super::whole::{persona, through_for};
use crate::kit::courier::Letter;
use crate::kit::registry::visitor::{Visitor, envelope};
use crate::kit::store::Transaction;
use crate::kit::trial::Trial;

pub(super) async fn act(trial: &Trial, cycle: &str, what: &str, body: Value) -> Value {
    let path = format!("/cycles/{cycle}/{what}");
    let (status, answer) = post(trial, &path, body).await;
    assert!((200..300).contains(&status), "{cycle} {what}: {answer}");
    trial.ask(Letter::get("programme_office", format!("/cycles/{cycle}"))).await.1
}

/// Opens a month and verifies it; gives the cycle's name.
pub(super) async fn verified(trial: &Trial, month: &str) -> String {
    let new = json!({"programme": "OAP", "month": month});
    assert_eq!(post(trial, "/cycles", new).await.0, 201);
    let cycle = format!("OAP-{month}");
    act(trial, &cycle, "verify", json!({})).await;
    cycle
}

pub(super) async fn approved(trial: &Trial, cycle: &str) -> Value {
    act(trial, cycle, "approve", json!({"officer": "Dina Volpi"})).await;
    act(trial, cycle, "approve", json!({"officer": "Marco Nimri"})).await
}

pub(super) async fn fault(trial: &Trial, system: &str, fault: Value) {
    trial.send(Letter::post(system, "/_arenoa/faults").json(&fault)).await;
}

#[actix_web::test]
async fn two_months_are_paid_and_closed_one_after_the_other() {
    let trial = Trial::start(crate::ALL, 300);
    for month in ["2026-10", "2026-11"] {
        let cycle = verified(&trial, month).await;
        assert_eq!(approved(&trial, &cycle).await["state"], "distributed");
        let reconciled = act(&trial, &cycle, "reconcile", json!({})).await;
        let sums = &reconciled["reconciled"];
        assert_eq!((&sums["unmatched"], &sums["difference_minor"]), (&json!([]), &json!(0)));
        assert_eq!(sums["debited_minor"], sums["paid_minor"], "this month's money only");
        act(&trial, &cycle, "finish", json!({})).await;
        assert_eq!(act(&trial, &cycle, "close", json!({})).await["state"], "ended");
    }
}

#[actix_web::test]
async fn who_was_enrolled_and_paid_this_month_is_paid_with_all_others_from_the_next_until_the_end()
{
    let trial = Trial::start(crate::ALL, 300);
    let application = through_for(&trial, "tomas", "OAP").await;
    assert_eq!(application["payments"][0]["state"], "paid", "{application:#}");
    let uin = persona(&trial, "tomas").uin.to_string();
    let is_in = async |month: &str| {
        let new = json!({"programme": "OAP", "month": month});
        assert_eq!(post(&trial, "/cycles", new).await.0, 201);
        let path = format!("/cycles/OAP-{month}/payees");
        let (_, payees) = trial.ask(Letter::get("programme_office", path)).await;
        payees.to_string().contains(&uin)
    };
    assert!(!is_in("2026-10").await, "nobody is paid a month twice");
    assert!(is_in("2026-11").await);
    let id = application["application_id"].as_str().unwrap();
    let exit = json!({"change": "exit", "reason": "Moved away"});
    assert_eq!(post(&trial, &format!("/applications/{id}/membership"), exit).await.0, 200);
    assert!(!is_in("2026-12").await, "who left is paid no more");
}

#[actix_web::test]
async fn a_month_in_which_everybody_is_held_is_distributed_all_the_same() {
    let trial = Trial::start(crate::ALL, 300);
    let cycle = verified(&trial, "2026-10").await;
    let forget = |tx: &Transaction<'_>| {
        tx.execute("update holder set fa = null", [])?;
        Ok(())
    };
    trial.office("account_mapper").store.alter(forget).unwrap();
    let held = approved(&trial, &cycle).await;
    assert_eq!((&held["state"], &held["paid"]), (&json!("distributed"), &json!(0)), "{held}");
    assert!(held["held"].as_i64().unwrap() > 0, "{held}");
}

#[actix_web::test]
async fn a_verification_whose_answer_was_lost_is_gone_on_with() {
    let trial = Trial::start(crate::ALL, 300);
    let lost = json!({"kind": "refusing", "status": 400, "on": "POST /registry/on-search"});
    fault(&trial, "programme_office", lost).await;
    let cycle = verified(&trial, "2026-10").await;
    let path = format!("/cycles/{cycle}");
    let (_, waits) = trial.ask(Letter::get("programme_office", &path)).await;
    assert_eq!(waits["state"], "verifying");
    trial.office("programme_office").faults.clear();
    assert_eq!(act(&trial, &cycle, "verify", json!({})).await["state"], "to_approve");
    settled(&trial).await;
}

#[actix_web::test]
async fn what_the_statement_said_before_another_round_closes_nothing() {
    let trial = Trial::start(crate::ALL, 300);
    let cycle = verified(&trial, "2026-10").await;
    let forget = |tx: &Transaction<'_>| {
        tx.execute("update holder set fa = null where id like '%0@arenoa'", [])?;
        Ok(())
    };
    trial.office("account_mapper").store.alter(forget).unwrap();
    approved(&trial, &cycle).await;
    act(&trial, &cycle, "reconcile", json!({})).await;
    act(&trial, &cycle, "mend", json!({})).await;
    act(&trial, &cycle, "finish", json!({})).await;
    let (status, refused) = post(&trial, &format!("/cycles/{cycle}/close"), json!({})).await;
    assert_eq!(status, 409, "{refused}");
    assert!(refused["error"].as_str().unwrap().contains("/reconcile"), "{refused}");
    act(&trial, &cycle, "reconcile", json!({})).await;
    assert_eq!(act(&trial, &cycle, "close", json!({})).await["state"], "ended");
}

/// Links those whose numbers end so to an account that takes everything, or to none.
fn link(trial: &Trial, ending: &str, fa: Option<&str>) {
    let write = |tx: &Transaction<'_>| {
        let ids = format!("%{ending}@arenoa");
        tx.execute("update holder set fa = $1 where id like $2", rusqlite::params![fa, ids])?;
        Ok(())
    };
    trial.office("account_mapper").store.alter(write).unwrap();
}

#[actix_web::test]
async fn who_was_held_is_paid_by_whichever_round_finds_an_account() {
    let trial = Trial::start(crate::ALL, 300);
    let tomas = format!("uin:{}@arenoa", persona(&trial, "tomas").uin);
    let read = |db: &rusqlite::Connection| {
        db.query_row("select fa from holder where id = $1", [&tomas], |row| row.get(0))
    };
    let fa: String = trial.office("account_mapper").store.read(read).unwrap();
    let cycle = verified(&trial, "2026-10").await;
    link(&trial, "", Some(&fa));
    link(&trial, "0", None);
    link(&trial, "5", None);
    let mut stands = approved(&trial, &cycle).await;
    assert_eq!(stands["failed"], 0, "nobody's attempt says how many rounds there were: {stands}");
    for ending in ["0", "5"] {
        link(&trial, ending, Some(&fa));
        let before = stands["paid"].as_i64();
        stands = act(&trial, &cycle, "mend", json!({})).await;
        assert_eq!(stands["state"], "distributed");
        assert!(stands["paid"].as_i64() > before, "{ending}: {stands}");
    }
    assert_eq!(stands["held"], 0, "{stands}");
    let lists = stands["lists"].as_array().unwrap();
    assert!(lists.iter().map(|list| &list["attempt"]).eq([1, 2, 3].iter()), "{stands}");
    let reconciled = act(&trial, &cycle, "reconcile", json!({})).await;
    assert_eq!(reconciled["reconciled"]["difference_minor"], 0);
}

/// Answers the open question of a verification in the civil registry's place.
async fn answer_instead(trial: &Trial, status: &str, told: Value) -> Value {
    let lost = json!({"kind": "refusing", "status": 400, "on": "POST /registry/on-search"});
    fault(trial, "programme_office", lost).await;
    let cycle = verified(trial, "2026-10").await;
    trial.office("programme_office").faults.clear();
    let read = |db: &rusqlite::Connection| {
        db.query_row("select transaction_id from cycle_question", [], |row| row.get(0))
    };
    let transaction: String = trial.office("programme_office").store.read(read).unwrap();
    let message =
        json!({"transaction_id": transaction, "correlation_id": "C-1", "search_response": told});
    let mut answer = envelope("on-search", 1, &message);
    answer["header"]["status"] = json!(status);
    let visitor = Visitor::new(trial).await;
    let (code, ack) = visitor.post("programme_office", "/registry/on-search", &answer).await;
    assert_eq!(code, 200, "{ack}");
    settled(trial).await;
    trial.ask(Letter::get("programme_office", format!("/cycles/{cycle}"))).await.1
}

#[actix_web::test]
async fn whom_an_answer_leaves_out_is_unknown_and_is_not_asked_about_for_ever() {
    let trial = Trial::start(crate::ALL, 300);
    let told = json!([{"reference_id": "OAP-2026-10-1", "timestamp": "2026-10-01T08:00:00Z", "status": "succ",
        "data": {"reg_records": [{"birth_date": "1950-03-03"}]}}]);
    let cycle = answer_instead(&trial, "succ", told).await;
    assert_eq!((&cycle["state"], &cycle["payees"]), (&json!("to_approve"), &json!(1)), "{cycle}");
    let unknown = cycle["standings"]["unknown"]["count"].as_i64().unwrap();
    assert_eq!(unknown, cycle["members"].as_i64().unwrap() - 1);
}

#[actix_web::test]
async fn a_question_that_is_rejected_as_a_whole_leaves_a_draft() {
    let trial = Trial::start(crate::ALL, 300);
    let cycle = answer_instead(&trial, "rjct", json!([])).await;
    assert_eq!((&cycle["state"], &cycle["payees"]), (&json!("draft"), &json!(0)), "{cycle}");
    let again = act(&trial, "OAP-2026-10", "verify", json!({})).await;
    assert_eq!(again["state"], "to_approve", "nobody was taken for unknown: {again}");
}
