//! What real clients write in words of their own: an open room reads it, and what it reads is remarked or answered rightly.

use serde_json::{Value, json};

use super::later::{answered_at, die, status, subscribe, unsubscribe};
use super::listener::Listener;
use super::{SYSTEMS, doors};
use crate::kit::registry::visitor::{Visitor, envelope, search};
use crate::kit::trial::Trial;

const SYNC: &str = "/registry/sync/search";
const STATUS: &str = "/registry/sync/txn/status";

#[actix_web::test]
async fn questions_in_the_words_of_clients_find_the_same_person() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let tomas = visitor.uin("tomas");
    let found = visitor.find("civil_registry", "UIN", &tomas).await;
    let record = &found["data"]["reg_records"][0];
    let name = &record["name"];
    let born = record["birth_date"].as_str().unwrap();
    let equal = |name: &str, value: &Value| json!({"attribute_name": name, "operator": "eq", "attribute_value": value});
    let list = json!([{"seq_num": 1, "expression1": equal("dob", &json!(born)),
        "condition": "and", "expression2": equal("firstName", &name["given_name"])}]);
    let flat = json!({"firstName": name["given_name"], "lastName": name["surname"]});
    for (kind, query) in [
        (
            "idtype-value",
            json!({"type": "idtype-value", "value": {"id_type": "UIN", "id_value": tomas}}),
        ),
        ("idtype-value", json!({"identifier_type": {"value": "UIN"}, "identifier_value": tomas})),
        ("expression", json!({"type": "x", "value": {"expression": flat}})),
        (
            "expression",
            json!({"first_name": {"$eq": name["given_name"]}, "last_name": {"eq": name["surname"]}}),
        ),
        ("expression", list.clone()),
        ("expression", json!({"type": "x", "value": {"expression": {"query": list.clone()}}})),
        ("expression", json!({"type": "x", "value": list.clone()})),
    ] {
        let criteria = json!({"query_type": kind, "query": query,
            "reg_event_type": {"namespace": "?", "value": "1"},
            "sort": [{"attribute_name": "dateOfDeclaration", "sort_order": "asc"}]});
        let item = visitor.search("civil_registry", criteria).await;
        let records = item["data"]["reg_records"].as_array().unwrap_or_else(|| panic!("{item:#}"));
        assert!(
            records.iter().any(|r| r["identifier"] == record["identifier"]),
            "{query} {item:#}"
        );
        assert!(records.iter().all(|r| r["birth_date"] == born || kind == "expression"), "{query}");
    }
}

#[actix_web::test]
async fn registries_are_called_by_the_words_of_clients() {
    let trial = Trial::start(doors::SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    for (system, word) in [
        ("social_registry", "ns:registry_type:social_registry"),
        ("social_registry", "SOCIAL_REGISTRY"),
        ("civil_registry", "ns:registry_type:civil_registry"),
        ("farmer_registry", "Farmer"),
    ] {
        let criteria = json!({"reg_type": word, "query_type": "idtype-value",
            "query": {"type": "UIN", "value": "1"}});
        assert_eq!(visitor.search(system, criteria).await["status"], "succ", "{system} {word}");
    }
}

#[actix_web::test]
async fn a_wrong_count_is_remarked_and_the_true_one_answered() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    for count in [json!(10), json!(0), Value::Null] {
        let criteria =
            json!({"query_type": "idtype-value", "query": {"type": "UIN", "value": "1"}});
        let mut asked = search(&[criteria]);
        asked["header"]["total_count"] = count;
        let (_, answer) = visitor.post("civil_registry", SYNC, &asked).await;
        let header = &answer["header"];
        assert_eq!((&header["status"], &header["total_count"]), (&json!("succ"), &json!(1)));
    }
    let journal = trial.journal().await;
    let remarked = journal.iter().filter(|e| e.remark.contains("rjct.total_count.invalid"));
    assert_eq!(remarked.count(), 3);
}

#[actix_web::test]
async fn who_keeps_the_id_of_the_ack_ends_the_subscription_by_it() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let tomas = visitor.uin("tomas");
    let wish = answered_at(subscribe(&tomas), &listener.base);
    let (_, ack) = visitor.post("civil_registry", "/registry/subscribe", &wish).await;
    let began = listener.hears(1).await.remove(0).1;
    let code = &began["message"]["subscribe_response"][0]["subscriptions"][0]["code"];
    let kept = ack["message"]["correlation_id"].as_str().unwrap();
    let ending = answered_at(unsubscribe(kept), &listener.base);
    visitor.post("civil_registry", "/registry/unsubscribe", &ending).await;
    let ended = listener.hears(2).await.remove(1).1;
    assert_eq!(ended["message"]["status"], "succ", "{ended:#}");
    let state = &ended["message"]["subscription_status"];
    assert_eq!(state, &json!([{"code": code, "status": "unsubscribe"}]));
    assert_eq!(die(&trial, &tomas).await, 201);
    trial.hall().room.clock.idle().await;
    assert_eq!(listener.count(), 2, "nobody is told any longer");
}

#[actix_web::test]
async fn a_status_is_told_to_who_does_not_say_of_what() {
    let trial = Trial::start(SYSTEMS, 50);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let wish = answered_at(subscribe(&visitor.uin("tomas")), &listener.base);
    let (_, ack) = visitor.post("civil_registry", "/registry/subscribe", &wish).await;
    listener.hears(1).await;
    let mut asked = status("", "correlation_id", &ack["message"]["correlation_id"]);
    let question = asked["message"]["txnstatus_request"].as_object_mut().unwrap();
    question.remove("txn_type");
    question.remove("reference_id");
    asked["header"]["action"] = json!("txn_status");
    asked["header"].as_object_mut().unwrap().remove("total_count");
    let (_, told) = visitor.post("civil_registry", STATUS, &asked).await;
    assert_eq!(told["header"]["status"], "succ", "{told:#}");
    assert_eq!(told["header"]["action"], "txn-on-status");
    assert_eq!(told["message"]["txnstatus_response"]["txn_type"], "subscribe");
    let asked = answered_at(asked, &listener.base);
    let (_, ack) = visitor.post("civil_registry", "/registry/txn/status", &asked).await;
    assert_eq!(ack["message"]["ack_status"], "ACK", "{ack:#}");
    let later = listener.hears(2).await.remove(1).1;
    assert_eq!(later["message"]["txnstatus_response"], told["message"]["txnstatus_response"]);
}

#[actix_web::test]
async fn who_asks_for_a_person_is_told_what_the_event_carries() {
    let trial = Trial::start(SYSTEMS, 50);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let criteria = json!({"reg_event_type": "REGISTER", "notify_record_type": "Person",
        "filter_type": "expression", "filter": {"group_size": {"ge": 1}}});
    let item = json!({"reference_id": "R-1", "timestamp": "2026-10-01T08:00:00Z",
        "subscribe_criteria": criteria});
    let wish = json!({"transaction_id": "T-1", "subscribe_request": [item]});
    let wish = answered_at(envelope("subscribe", 1, &wish), &listener.base);
    visitor.post("social_registry", "/registry/subscribe", &wish).await;
    let began = listener.hears(1).await.remove(0).1;
    assert_eq!(began["message"]["subscribe_response"][0]["status"], "succ", "{began:#}");
}

#[actix_web::test]
async fn who_asks_again_from_outside_is_told_what_waits_at_once() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    let gone = Listener::start();
    let base = gone.base.clone();
    gone.takes(0);
    let criteria = json!({"query_type": "idtype-value", "query": {"type": "UIN", "value": "1"}});
    let asked = answered_at(search(&[criteria]), &base);
    // Long enough that the wait for another try is half a minute.
    visitor.post("civil_registry", "/registry/search", &asked).await;
    for _ in 0..7 {
        trial.hall().room.clock.idle().await;
        trial.hall().room.clock.advance(jiff::SignedDuration::from_hours(1));
        crate::kit::clock::pause(std::time::Duration::from_millis(20)).await;
    }
    trial.hall().room.clock.idle().await;
    gone.takes(usize::MAX);
    visitor.post("civil_registry", "/registry/search", &asked).await;
    // Which waits five seconds at most.
    gone.hears(2).await;
}
