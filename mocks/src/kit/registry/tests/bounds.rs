//! What one message may ask of a registry: more is refused with the standard's own code, and nobody else notices.

use serde_json::{Value, json};

use super::SYSTEMS;
use super::later::{answered_at, die, status, subscribe, unsubscribe};
use super::listener::Listener;
use crate::kit::registry::visitor::{Visitor, search};
use crate::kit::trial::Trial;

/// A predicate with so many entries, each with a list of so many values.
fn lists(entries: usize, (attribute, value): (&str, &str), values: usize) -> Value {
    let text = vec![value; values].join(",");
    let one = json!({"attribute_name": attribute, "operator": "in", "attribute_value": text});
    Value::from(vec![json!({"expression1": one}); entries])
}

fn predicate(query: &Value) -> Value {
    json!({"query_type": "predicate", "query": query})
}

/// Has `listener` told of the deaths that `filter` means.
fn wish(listener: &Listener, filter: Value) -> Value {
    let mut wish = answered_at(subscribe("1"), &listener.base);
    let criteria = &mut wish["message"]["subscribe_request"][0]["subscribe_criteria"];
    (criteria["filter_type"], criteria["filter"]) = (json!("predicate"), filter);
    wish
}

#[actix_web::test]
async fn a_question_that_is_too_large_is_refused_and_the_next_is_answered() {
    let trial = Trial::start(SYSTEMS, 50);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let mut sorted = json!({"query_type": "idtype-value", "query": {"type": "UIN", "value": "1"}});
    sorted["sort"] = Value::from(vec![json!({"attribute_name": "birth_date"}); 2001]);
    let most_years = predicate(&lists(1, ("YOB", "1980"), 500));
    let wide = predicate(&lists(40, ("surname", "Mensah"), 1000));
    let nested = (0..14).fold(json!({"YOB": {"in": vec![1980; 500]}}), |it, _| json!({"$not": it}));
    let mut deepest = json!({"query_type": "expression", "query": nested});
    deepest["sort"] = Value::from(vec![json!({"attribute_name": "birth_date"}); 16]);
    let years = predicate(&lists(1, ("YOB", "1980"), 1000));
    let body = answered_at(search(&[sorted, wide, years, most_years, deepest]), &listener.base);
    let (sort, filter) = (json!("rjct.sort.invalid"), json!("rjct.filter.invalid"));
    let right = [&sort, &filter, &filter, &Value::Null, &Value::Null];
    let (_, told) = visitor.post("civil_registry", "/registry/sync/search", &body).await;
    visitor.post("civil_registry", "/registry/search", &body).await;
    let heard = listener.hears(1).await.remove(0).1;
    for answer in [told, heard] {
        let items = answer["message"]["search_response"].as_array();
        let items = items.unwrap_or_else(|| panic!("{answer:#}"));
        let codes: Vec<_> = items.iter().map(|item| &item["status_reason_code"]).collect();
        assert_eq!(codes, right, "{answer:#}");
    }
}

#[actix_web::test]
async fn no_subscription_keeps_a_registry_from_entering_what_happens() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let outcome = async |filter: Value, count: usize| {
        let wish = wish(&listener, filter);
        visitor.post("civil_registry", "/registry/subscribe", &wish).await;
        let heard = listener.hears(count).await.pop().unwrap().1;
        heard["message"]["subscribe_response"][0]["status_reason_code"].clone()
    };
    let too_many = lists(1, ("YOB", "1980"), 1000);
    assert_eq!(outcome(too_many.clone(), 1).await, "rjct.notify_details.invalid");
    assert_eq!(outcome(lists(1, ("YOB", "1959"), 1), 2).await, Value::Null);
    assert_eq!(outcome(lists(2, ("YOB", "1959"), 250), 3).await, Value::Null);
    trial.hall().room.clock.idle().await;
    // One that was taken when there were no bounds.
    let item = wish(&listener, too_many)["message"]["subscribe_request"][0].to_string();
    let store = &trial.office("civil_registry").store;
    let sql = "insert into subscription (code, sender, address, event, filter, item, status, at)
        select 'SUB-OLD', sender, address, event, 'old', $1, status, at from subscription where code = 'SUB-000001'";
    store.alter(|tx| tx.execute(sql, [&item])).unwrap();
    assert_eq!(die(&trial, &visitor.uin("tomas")).await, 201);
    let heard = listener.hears(5).await;
    assert!(heard[3..].iter().all(|(path, _)| path == "/registry/notify"), "{heard:#?}");
}

#[actix_web::test]
async fn a_question_about_too_many_names_is_refused() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    let names: Vec<_> = (0..=1000).map(|n| format!("R-{n}")).collect();
    let asked = status("search", "reference_id_list", &json!(names));
    let (_, told) = visitor.post("civil_registry", "/registry/sync/txn/status", &asked).await;
    let limit = "rjct.total_count.limit_exceeded";
    assert_eq!(told["header"]["status_reason_code"], limit, "{told:#}");
    let (_, ack) = visitor.post("civil_registry", "/registry/txn/status", &asked).await;
    let sentence = ack["message"]["error"]["message"].as_str().unwrap_or_default();
    assert!(sentence.starts_with(limit), "{ack:#}");
    let asked = status("search", "reference_id_list", &json!(names[..1000]));
    let (_, told) = visitor.post("civil_registry", "/registry/sync/txn/status", &asked).await;
    let items = &told["message"]["txnstatus_response"]["txn_status"]["search_response"];
    assert_eq!(items.as_array().unwrap().len(), 1000);
}

/// A message that subscribes to the deaths of the people who were born in each of `years`, one by one.
fn wishes(listener: &Listener, years: std::ops::Range<u16>) -> Value {
    let mut body = wish(listener, Value::Null);
    let item = body["message"]["subscribe_request"][0].clone();
    let each = |year: u16| {
        let mut item = item.clone();
        item["reference_id"] = json!(format!("R-{year}"));
        let filter = lists(1, ("YOB", &year.to_string()), 1);
        item["subscribe_criteria"]["filter"] = filter;
        item
    };
    body["header"]["total_count"] = json!(years.len());
    body["message"]["subscribe_request"] = years.map(each).collect();
    body
}

#[actix_web::test]
async fn the_subscriptions_of_a_message_are_ended_and_told_once() {
    let trial = Trial::start(SYSTEMS, 50);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let (mut count, mut begun) = (0, Vec::new());
    for years in [1900..1903, 500..1001, 1001..1502] {
        let body = wishes(&listener, years);
        let (_, ack) = visitor.post("civil_registry", "/registry/subscribe", &body).await;
        begun.push(ack["message"]["correlation_id"].clone());
        count += 1;
        listener.hears(count).await;
    }
    let mut end = async |codes: [&Value; 2]| {
        let mut body = answered_at(unsubscribe(""), &listener.base);
        body["header"]["total_count"] = json!(2);
        body["message"]["subscription_codes"] = json!(codes);
        visitor.post("civil_registry", "/registry/unsubscribe", &body).await;
        count += 1;
        let message = listener.hears(count).await.pop().unwrap().1["message"].clone();
        let told = message["subscription_status"].as_array().map_or(0, Vec::len);
        (message["status_reason_code"].clone(), told)
    };
    let twice = end([&begun[0], &begun[0]]).await;
    assert_eq!(twice, (json!("rjct.reference_id.duplicate"), 3));
    let (code, told) = end([&begun[1], &begun[2]]).await;
    assert_eq!(code, "rjct.subscription_code.invalid", "they are 1002");
    assert!(told <= 1000, "{told}");
    assert_eq!(end([&begun[0], &begun[1]]).await, (Value::Null, 504));
}
