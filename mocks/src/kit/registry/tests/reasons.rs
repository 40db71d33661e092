//! The remaining reason codes of the standard: each is reached by some input.

use serde_json::{Value, json};

use super::SYSTEMS;
use super::later::{answered_at, subscribe, unsubscribe};
use super::listener::Listener;
use crate::kit::registry::visitor::{Visitor, search};
use crate::kit::trial::Trial;

#[actix_web::test]
async fn a_message_with_too_many_items_or_too_many_wrong_ones_is_refused_whole() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    let good = json!({"query_type": "idtype-value", "query": {"type": "UIN", "value": "1"}});
    for (criteria, count, code) in
        [(good, 1001, "rjct.total_count.limit_exceeded"), (json!({}), 101, "rjct.errors.too_many")]
    {
        let asked = search(&vec![criteria; count]);
        let (_, answer) = visitor.post("civil_registry", "/registry/sync/search", &asked).await;
        assert_eq!(answer["header"]["status_reason_code"], code, "{}", answer["header"]);
    }
}

#[actix_web::test]
async fn a_question_that_means_half_the_country_needs_pages() {
    let trial = Trial::start(SYSTEMS, 1300);
    let visitor = Visitor::new(&trial).await;
    let everybody = json!({"query_type": "expression", "query": {"age": {"ge": 0}}});
    let item = visitor.search("civil_registry", everybody.clone()).await;
    assert_eq!(item["status_reason_code"], "rjct.search.too_many_records_found");
    let page = |number: u64| {
        let mut criteria = everybody.clone();
        criteria["pagination"] = json!({"page_size": 700, "page_number": number});
        visitor.search("civil_registry", criteria)
    };
    let sizes = [page(1).await, page(2).await, page(9).await].map(|item| {
        let records = item["data"]["reg_records"].as_array().unwrap().len() as u64;
        (records, item["pagination"]["total_count"].as_u64().unwrap())
    });
    let total = sizes[0].1;
    assert_eq!(sizes, [(700, total), (total - 700, total), (0, total)]);
}

#[actix_web::test]
async fn a_wrong_wish_is_refused_with_its_own_code() {
    let trial = Trial::start(SYSTEMS, 50);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let tomas = visitor.uin("tomas");
    let wish = |pointer: &str, value: Value| {
        let mut body = subscribe(&tomas);
        body["message"]["subscribe_request"][0][pointer] = value;
        body
    };
    let about = |name: &str, value: Value| {
        let mut body = subscribe(&tomas);
        body["message"]["subscribe_request"][0]["subscribe_criteria"][name] = value;
        body
    };
    let often = |start: &str, end: &str, cron: &str| {
        about("frequency", json!({"start_time": start, "end_time": end, "frequency": cron}))
    };
    let (soon, late) = ("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z");
    let wishes = [
        (wish("reference_id", json!("")), "rjct.reference_id.invalid"),
        (wish("timestamp", json!("now")), "rjct.timestamp.invalid"),
        (about("reg_event_type", json!("Rain")), "rjct.notify_types.invalid"),
        (about("notify_record_type", json!("Boat")), "rjct.notify_types.invalid"),
        (about("filter", Value::Null), "rjct.notify_details.invalid"),
        (about("filter", json!({"type": "SHOE", "value": "1"})), "rjct.notify_details.invalid"),
        (often(late, soon, "0 * * * *"), "rjct.notify_details.invalid"),
        (often(soon, late, "often"), "rjct.notify_details.invalid"),
        (about("filter", json!({"type": "UIN", "value": "0"})), "rjct.person_id.invalid"),
    ];
    for (number, (body, code)) in wishes.into_iter().enumerate() {
        let body = answered_at(body, &listener.base);
        visitor.post("civil_registry", "/registry/subscribe", &body).await;
        let heard = listener.hears(number + 1).await;
        let item = &heard[number].1["message"]["subscribe_response"][0];
        assert_eq!(item["status_reason_code"], code, "{item:#}");
    }
}

#[actix_web::test]
async fn only_its_owner_ends_a_subscription() {
    let trial = Trial::start(SYSTEMS, 50);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let wish = answered_at(subscribe(&visitor.uin("tomas")), &listener.base);
    visitor.post("civil_registry", "/registry/subscribe", &wish).await;
    listener.hears(1).await;
    let mut stranger = unsubscribe("SUB-000001");
    stranger["header"]["sender_id"] = json!("somebody-else");
    let mut undated = unsubscribe("SUB-000001");
    undated["message"]["timestamp"] = json!("today");
    let unknown = unsubscribe("SUB-999999");
    for (number, (body, code)) in [
        (stranger, "rjct.requester.invalid"),
        (undated, "rjct.timestamp.invalid"),
        (unknown, "rjct.subscription_code.invalid"),
    ]
    .into_iter()
    .enumerate()
    {
        let body = answered_at(body, &listener.base);
        visitor.post("civil_registry", "/registry/unsubscribe", &body).await;
        let heard = listener.hears(number + 2).await;
        assert_eq!(heard[number + 1].1["message"]["status_reason_code"], code);
    }
}
