//! What is answered later: asynchronous search, subscriptions, notices, transaction status.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::SYSTEMS;
use super::listener::Listener;
use crate::kit::clock::pause;
use crate::kit::courier::Letter;
use crate::kit::registry::archive;
use crate::kit::registry::visitor::{Visitor, envelope, search};
use crate::kit::retry::MOST_ATTEMPTS;
use crate::kit::trial::Trial;

const AT: &str = "2026-10-01T08:00:00Z";

pub(super) fn answered_at(mut body: Value, base: &str) -> Value {
    body["header"]["sender_uri"] = json!(base);
    body
}

pub(super) fn subscribe(uin: &str) -> Value {
    let criteria = json!({"reg_event_type": "Death", "filter_type": "idtype-value",
        "filter": {"type": "UIN", "value": uin}, "notify_record_type": "Person"});
    let item = json!({"reference_id": "R-1", "timestamp": AT, "subscribe_criteria": criteria});
    envelope("subscribe", 1, &json!({"transaction_id": "T-9", "subscribe_request": [item]}))
}

pub(super) fn unsubscribe(code: &str) -> Value {
    let message = json!({"transaction_id": "T-10", "timestamp": AT, "subscription_codes": [code]});
    envelope("unsubscribe", 1, &message)
}

pub(super) fn status(kind: &str, attribute: &str, value: &Value) -> Value {
    let request = json!({"reference_id": "R-1", "txn_type": kind, "attribute_type": attribute,
        "attribute_value": value});
    envelope("txn-status", 1, &json!({"transaction_id": "T-11", "txnstatus_request": request}))
}

pub(super) async fn die(trial: &Trial, uin: &str) -> u16 {
    let report = json!({"uin": uin, "date": "2026-10-01"});
    trial.ask(Letter::post("civil_registry", "/events/deaths").json(&report)).await.0
}

#[actix_web::test]
async fn a_search_is_acknowledged_and_answered_by_callback() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let criteria = json!({"query_type": "idtype-value", "query": {"type": "UIN", "value": visitor.uin("tomas")}});
    let asked = answered_at(search(&[criteria]), &listener.base);
    let (_, ack) = visitor.post("civil_registry", "/registry/search", &asked).await;
    assert_eq!(ack["message"]["ack_status"], "ACK", "{ack:#}");
    let (path, answer) = listener.hears(1).await.remove(0);
    assert_eq!(path, "/registry/on-search");
    assert_eq!(answer["header"]["action"], "on-search");
    assert_eq!(answer["message"]["correlation_id"], ack["message"]["correlation_id"]);
    assert_eq!(answer["message"]["transaction_id"], "T-1");
    let item = &answer["message"]["search_response"][0];
    assert_eq!(item["data"]["reg_records"][0]["birth_date"], "1959-02-11");
    assert!(answer["signature"].as_str().unwrap().len() > 40);

    let by_id = status("search", "correlation_id", &ack["message"]["correlation_id"]);
    let (_, told) = visitor.post("civil_registry", "/registry/sync/txn/status", &by_id).await;
    assert_eq!(told["header"]["status"], "succ");
    assert_eq!(told["message"]["txnstatus_response"]["txn_status"], answer["message"]);
}

#[actix_web::test]
async fn a_long_answer_comes_in_pages_that_add_up() {
    let trial = Trial::start(SYSTEMS, 230);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let everybody = json!({"query_type": "expression", "query": {"age": {"ge": 0}}});
    let asked = answered_at(search(&[everybody]), &format!("{}/registry/on-search", listener.base));
    visitor.post("civil_registry", "/registry/search", &asked).await;
    listener.hears(1).await;
    trial.hall().room.clock.idle().await;
    let heard = listener.hears(3).await;
    let items: Vec<_> =
        heard.iter().map(|(_, body)| &body["message"]["search_response"][0]).collect();
    let states: Vec<_> =
        heard.iter().map(|(_, body)| body["header"]["status"].as_str().unwrap()).collect();
    assert_eq!(states, ["pdng", "pdng", "succ"]);
    let total = items[0]["pagination"]["total_count"].as_u64().unwrap();
    assert!(items.iter().all(|i| i["pagination"]["total_count"] == total));
    let mut ids: Vec<_> = items
        .iter()
        .flat_map(|i| i["data"]["reg_records"].as_array().unwrap())
        .map(|record| record["@id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len() as u64, total);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len() as u64, total, "nobody comes twice");
}

#[actix_web::test]
async fn a_subscriber_is_told_of_a_death_until_it_unsubscribes() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let (tomas, grace) = (visitor.uin("tomas"), visitor.uin("grace"));
    for (uin, expected) in [(&tomas, "succ"), (&tomas, "rjct"), (&grace, "succ")] {
        let wish = answered_at(subscribe(uin), &listener.base);
        visitor.post("civil_registry", "/registry/subscribe", &wish).await;
        trial.hall().room.clock.idle().await;
        let heard = listener.hears(1).await;
        let item = &heard.last().unwrap().1["message"]["subscribe_response"][0];
        assert_eq!(item["status"], expected, "{item:#}");
        if expected == "rjct" {
            assert_eq!(item["status_reason_code"], "rjct.event.already_subscribed");
        }
    }
    let heard = listener.hears(3).await;
    let code = &heard[2].1["message"]["subscribe_response"][0]["subscriptions"][0]["code"];
    let end = answered_at(unsubscribe(code.as_str().unwrap()), &listener.base);
    for expected in [Value::Null, json!("rjct.event.already_unsubscribed")] {
        visitor.post("civil_registry", "/registry/unsubscribe", &end).await;
        trial.hall().room.clock.idle().await;
        let (path, ended) = listener.hears(4).await.pop().unwrap();
        assert_eq!(path, "/registry/on-unsubscribe");
        assert_eq!(ended["message"]["status_reason_code"], expected);
        assert_eq!(ended["message"]["subscription_status"][0]["status"], "unsubscribe");
    }
    assert_eq!(die(&trial, &grace).await, 201);
    assert_eq!(die(&trial, &tomas).await, 201);
    let heard = listener.hears(6).await;
    assert_eq!(heard.len(), 6, "nobody is told of Grace's death");
    let (path, notice) = &heard[5];
    assert_eq!(path, "/registry/notify");
    let data = &notice["message"]["notify_event"][0]["data"];
    assert_eq!(data["reg_event_type"], "Death");
    assert_eq!(data["reg_records"]["death_date"], "2026-10-01");
    assert_eq!(data["reg_records"]["identifier"][0]["identifier_value"], tomas);
}

#[actix_web::test]
async fn who_wishes_to_hear_of_everything_hears_what_it_was() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let named = |name| trial.country.people.named(name).unwrap().uin.to_string();
    let (nadia, sami) = (named("nadia"), named("sami_oran"));
    let mut wish = answered_at(subscribe(&sami), &listener.base);
    let item = "/message/subscribe_request/0/subscribe_criteria";
    wish.pointer_mut(item).unwrap()["reg_event_type"] = json!("ALL");
    visitor.post("civil_registry", "/registry/subscribe", &wish).await;
    let begun = listener.hears(1).await.remove(0).1;
    let begun = &begun["message"]["subscribe_response"][0];
    assert_eq!(begun["status"], "succ", "{begun:#}");
    assert_eq!(begun["subscriptions"][0]["reg_event_type"], "ALL");
    let wedding = json!({"spouse1": nadia, "spouse2": sami, "date": "2026-09-12"});
    let letter = Letter::post("civil_registry", "/events/marriages").json(&wedding);
    assert_eq!(trial.ask(letter).await.0, 201);
    listener.hears(2).await;
    assert_eq!(die(&trial, &sami).await, 201);
    let heard = listener.hears(3).await;
    let told = heard[1..].iter().map(|(_, body)| &body["message"]["notify_event"][0]["data"]);
    let events: Vec<_> = told.map(|data| data["reg_event_type"].as_str().unwrap()).collect();
    assert_eq!(events, ["Marriage", "Death"]);
}

#[actix_web::test]
async fn whoever_was_away_is_told_when_back() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let tomas = visitor.uin("tomas");
    let wish = answered_at(subscribe(&tomas), &listener.base);
    visitor.post("civil_registry", "/registry/subscribe", &wish).await;
    listener.hears(1).await;
    let port = listener.stop().await;
    assert_eq!(die(&trial, &tomas).await, 201);
    trial.hall().room.clock.idle().await;
    let back = Listener::start_at(port);
    trial.hall().room.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(back.hears(1).await[0].0, "/registry/notify");
}

/// Gives the civil registry's people another name, so that no question about them can be answered.
fn rename(trial: &Trial, from: &str, to: &str) {
    let sql = format!("alter table {from} rename to {to}");
    let store = &trial.office("civil_registry").store;
    store.alter(|tx| tx.execute_batch(&sql)).unwrap();
}

#[actix_web::test]
async fn a_question_that_the_archive_fails_on_is_tried_again_and_then_refused() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let criteria = json!({"query_type": "idtype-value", "query": {"type": "UIN", "value": "1"}});
    let asked = answered_at(search(&[criteria]), &listener.base);
    let clock = &trial.hall().room.clock;
    rename(&trial, "person", "gone");
    visitor.post("civil_registry", "/registry/search", &asked).await;
    clock.idle().await;
    rename(&trial, "gone", "person");
    clock.advance(SignedDuration::from_mins(1));
    assert_eq!(listener.hears(1).await[0].0, "/registry/on-search");
    clock.idle().await;
    rename(&trial, "person", "gone");
    let (_, ack) = visitor.post("civil_registry", "/registry/search", &asked).await;
    let open = || archive::all_under_way(&trial.office("civil_registry").store).unwrap().len();
    for _ in 0..MOST_ATTEMPTS {
        clock.idle().await;
        if open() == 0 {
            break;
        }
        clock.advance(SignedDuration::from_hours(2));
        pause(Duration::from_millis(20)).await;
    }
    assert_eq!(open(), 0);
    let by_id = status("search", "correlation_id", &ack["message"]["correlation_id"]);
    let (_, told) = visitor.post("civil_registry", "/registry/sync/txn/status", &by_id).await;
    assert_eq!(told["header"]["status"], "rjct", "{told:#}");
    assert!(trial.journal().await.iter().any(|entry| entry.action == "callback given up"));
}

#[actix_web::test]
async fn a_transaction_that_nobody_began_is_rejected() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    for kind in ["search", "subscribe", "unsubscribe"] {
        let asked = status(kind, "transaction_id", &json!("T-none"));
        let (code, told) =
            visitor.post("civil_registry", "/registry/sync/txn/status", &asked).await;
        assert_eq!((code, told["header"]["status"].as_str()), (200, Some("rjct")), "{told:#}");
        assert_eq!(told["message"]["txnstatus_response"]["txn_type"], kind);
    }
}
