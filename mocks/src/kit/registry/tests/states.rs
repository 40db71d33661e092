//! How far transactions have come, by each of their names; subscriptions that end; and counts that are checked.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::SYSTEMS;
use super::later::{answered_at, status, subscribe, unsubscribe};
use super::listener::Listener;
use crate::kit::courier::Letter;
use crate::kit::registry::visitor::{Visitor, search};
use crate::kit::trial::Trial;

const STATUS: &str = "/registry/sync/txn/status";

async fn asked(visitor: &Visitor<'_>, kind: &str, by: &str, value: Value) -> Value {
    let body = status(kind, by, &value);
    let (_, told) = visitor.post("civil_registry", STATUS, &body).await;
    json!({"status": told["header"]["status"], "of": told["message"]["txnstatus_response"]["txn_status"]})
}

#[actix_web::test]
async fn every_item_that_is_named_is_told_and_an_unknown_one_by_itself() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let who = json!({"query_type": "idtype-value", "query": {"type": "UIN", "value": visitor.uin("tomas")}});
    let mut first = answered_at(search(&[who.clone(), who.clone(), json!(5)]), &listener.base);
    first["message"]["transaction_id"] = json!(r#"T "quoted" \ back"#);
    let mut second = answered_at(search(&[who]), &listener.base);
    second["message"]["search_request"][0]["reference_id"] = json!("R-9");
    for body in [&first, &second] {
        visitor.post("civil_registry", "/registry/search", body).await;
    }
    listener.hears(2).await;
    trial.hall().room.clock.idle().await;
    let names = json!(["R-2", "R-9", "R-3", "R-none", "R-2"]);
    let told = asked(&visitor, "search", "reference_id_list", names).await;
    assert_eq!(told["status"], "succ", "{told:#}");
    let items = told["of"]["search_response"].as_array().unwrap();
    let states: Vec<_> = items.iter().map(|i| (&i["reference_id"], &i["status"])).collect();
    let [succ, rjct] = [json!("succ"), json!("rjct")];
    let right = ["R-2", "R-9", "R-3", "R-none"].map(|name| json!(name));
    let right: Vec<_> = right.iter().zip([&succ, &succ, &rjct, &rjct]).collect();
    assert_eq!(states, right);
    assert_eq!(items[2]["status_reason_code"], "rjct.search_criteria.invalid", "it was malformed");
    assert_eq!(items[3]["status_reason_code"], "rjct.reference_id.invalid");

    let by_name = first["message"]["transaction_id"].clone();
    let told = asked(&visitor, "search", "transaction_id", by_name.clone()).await;
    assert_eq!((&told["status"], &told["of"]["transaction_id"]), (&json!("succ"), &by_name));
}

#[actix_web::test]
async fn a_refused_question_is_answered_in_the_form_of_an_answer() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    for (kind, named, list) in [
        ("search", "search", "search_response"),
        ("on-subscribe", "subscribe", "subscribe_response"),
        ("unsubscribe", "unsubscribe", "status"),
        ("receipt", "search", "search_response"),
        ("foo", "search", "search_response"),
    ] {
        let good = status(kind, "transaction_id", &json!("T".repeat(5000)));
        let mut refused = good.clone();
        refused["header"]["version"] = json!("2.0.0");
        for body in [good, refused] {
            let (_, told) = visitor.post("civil_registry", STATUS, &body).await;
            assert_eq!(told["header"]["status"], "rjct", "{told:#}");
            let answer = &told["message"]["txnstatus_response"];
            assert_eq!(answer["txn_type"], named, "{answer:#}");
            let of = &answer["txn_status"];
            assert!(!of[list].is_null() && of["correlation_id"].is_string(), "{kind}: {answer:#}");
            assert_eq!(of["transaction_id"].as_str().map(str::len), Some(99), "{answer:#}");
        }
    }
}

#[actix_web::test]
async fn a_subscription_is_found_by_its_code_and_by_no_other_word() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let wish = answered_at(subscribe(&visitor.uin("tomas")), &listener.base);
    visitor.post("civil_registry", "/registry/subscribe", &wish).await;
    let heard = listener.hears(1).await.remove(0).1;
    let code = heard["message"]["subscribe_response"][0]["subscriptions"][0]["code"].clone();
    let ended = answered_at(unsubscribe(code.as_str().unwrap()), &listener.base);
    for (kind, code, right) in [
        ("subscribe", &code, "succ"),
        ("unsubscribe", &code, "rjct"),
        ("subscribe", &json!("succ"), "rjct"),
        ("subscribe", &json!("Death"), "rjct"),
    ] {
        let told = asked(&visitor, kind, "subscription_code_list", json!([code])).await;
        assert_eq!(told["status"], right, "{kind} {code}");
    }
    visitor.post("civil_registry", "/registry/unsubscribe", &ended).await;
    listener.hears(2).await;
    trial.hall().room.clock.idle().await;
    let told = asked(&visitor, "unsubscribe", "subscription_code_list", json!([code])).await;
    assert_eq!(told["status"], "succ", "{told:#}");
    assert_eq!(told["of"]["subscription_status"][0]["code"], code);
}

#[actix_web::test]
async fn a_subscription_that_has_run_out_can_be_made_again() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let tomas = visitor.uin("tomas");
    let wish = |id: &str, record: &str, until: &str| {
        let mut wish = answered_at(subscribe(&tomas), &listener.base);
        let criteria = &mut wish["message"]["subscribe_request"][0]["subscribe_criteria"];
        criteria["filter"]["type"] = json!(id);
        criteria["notify_record_type"] = json!(record);
        criteria["frequency"] = json!({"start_time": "2026-10-01T00:00:00Z", "end_time": until,
            "frequency": "0 * * * *"});
        wish
    };
    let (soon, later) = ("2026-10-02T00:00:00Z", "2027-10-01T00:00:00Z");
    let mut count = 0;
    let mut outcome = async |wish: Value| {
        visitor.post("civil_registry", "/registry/subscribe", &wish).await;
        count += 1;
        let heard = listener.hears(count).await.pop().unwrap().1;
        heard["message"]["subscribe_response"][0]["status_reason_code"].clone()
    };
    assert_eq!(outcome(wish("UIN", "Person", soon)).await, Value::Null);
    assert_eq!(outcome(wish("NID", "Person", soon)).await, "rjct.event.already_subscribed");
    assert_eq!(outcome(wish("UIN", "Group", soon)).await, "rjct.notify_types.invalid");
    trial.hall().room.clock.advance(SignedDuration::from_hours(48));
    assert_eq!(outcome(wish("UIN", "Person", later)).await, Value::Null);
}

#[actix_web::test]
async fn what_ended_ten_thousand_transactions_ago_is_forgotten() {
    let trial = Trial::start(SYSTEMS, 50);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let store = &trial.office("civil_registry").store;
    let mut body = answered_at(search(&[]), &listener.base);
    let status_of = async |name: &str| {
        asked(&visitor, "search", "transaction_id", json!(name)).await["status"].clone()
    };
    for (number, name) in ["T-1", "T-2", "T-3"].into_iter().enumerate() {
        body["message"]["transaction_id"] = json!(name);
        visitor.post("civil_registry", "/registry/search", &body).await;
        listener.hears(number + 1).await;
        trial.hall().room.clock.idle().await;
        if number == 1 {
            assert_eq!(status_of("T-1").await, "succ");
            let sql = "update serial set last = 10001 where name = 'TXN'";
            store.alter(|tx| tx.execute_batch(sql)).unwrap();
        }
    }
    for (name, right) in [("T-1", "rjct"), ("T-2", "rjct"), ("T-3", "succ")] {
        assert_eq!(status_of(name).await, right, "{name}");
    }
}

#[actix_web::test]
async fn a_code_with_a_blank_behind_it_is_ended_and_told() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let wish = answered_at(subscribe(&visitor.uin("tomas")), &listener.base);
    visitor.post("civil_registry", "/registry/subscribe", &wish).await;
    let heard = listener.hears(1).await.remove(0).1;
    let code = &heard["message"]["subscribe_response"][0]["subscriptions"][0]["code"];
    let code = code.as_str().unwrap();
    let end = answered_at(unsubscribe(&format!("{code} ")), &listener.base);
    visitor.post("civil_registry", "/registry/unsubscribe", &end).await;
    let ended = listener.hears(2).await.pop().unwrap().1;
    assert_eq!(
        ended["message"]["subscription_status"],
        json!([{"code": code, "status": "unsubscribe"}])
    );
}

#[actix_web::test]
async fn a_notice_carries_the_record_that_its_event_has() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let criteria = json!({"reg_event_type": "REGISTER", "notify_record_type": "Member",
        "filter_type": "expression", "filter": {"age": {"ge": 0}}});
    let mut wish = answered_at(subscribe("1"), &listener.base);
    wish["message"]["subscribe_request"][0]["subscribe_criteria"] = criteria;
    visitor.post("social_registry", "/registry/subscribe", &wish).await;
    let heard = listener.hears(1).await.remove(0).1;
    let item = &heard["message"]["subscribe_response"][0];
    assert_eq!(item["status_reason_code"], "rjct.notify_types.invalid", "{item:#}");
    assert!(item["status_reason_message"].as_str().unwrap().contains("Group"), "{item:#}");
}

#[actix_web::test]
async fn a_wrong_count_is_forgiven_in_an_open_room_and_a_true_one_given() {
    let trial = Trial::start(SYSTEMS, 50);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let mut wrong = answered_at(unsubscribe("SUB-1"), &listener.base);
    wrong["header"]["total_count"] = json!(7);
    let (_, ack) = visitor.post("civil_registry", "/registry/unsubscribe", &wrong).await;
    assert_eq!(ack["message"]["ack_status"], "ACK", "{ack}");
    let older = |path: &str, body: &Value| {
        let url = format!("{}/crvs{path}", trial.running.base);
        trial.ask(Letter::to_address(http::Method::POST, &url).json(body))
    };
    let (_, ack) = older("/unsubscribe", &wrong).await;
    assert_eq!(ack["message"]["ack_status"], "ACK", "the older paths forgive it");
    for (_, told) in listener.hears(2).await {
        let header = &told["header"];
        assert_eq!((&header["total_count"], &header["completed_count"]), (&json!(1), &json!(1)));
    }
    let mut odd = search(&[]);
    odd["header"]["action"] = json!("verify");
    let (_, answer) = older("/sync/search", &odd).await;
    assert_eq!(
        (&answer["header"]["action"], &answer["header"]["total_count"]),
        (&json!("on-search"), &json!(0))
    );
}

#[actix_web::test]
async fn a_query_stays_behind_the_path_of_the_callback() {
    let trial = Trial::start(SYSTEMS, 50);
    let office = trial.office("civil_registry");
    let address = |uri: &str| crate::kit::registry::callbacks::address(&office, uri, "on-search");
    for (uri, right) in [
        ("http://127.0.0.1:9/registry?key=1", "http://127.0.0.1:9/registry/on-search?key=1"),
        ("http://127.0.0.1:9/a/registry/notify?k=/", "http://127.0.0.1:9/a/registry/on-search?k=/"),
        ("http://127.0.0.1:9", "http://127.0.0.1:9/registry/on-search"),
        ("http://127.0.0.1:9/my/own", "http://127.0.0.1:9/my/own"),
    ] {
        assert_eq!(address(uri).as_deref(), Some(right));
    }
}
