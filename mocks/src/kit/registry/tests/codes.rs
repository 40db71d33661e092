//! Every reason code of the standard (dci v1.0.0: header, search, subscribe, unsubscribe) is reached by some input.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::later::{answered_at, subscribe, unsubscribe};
use super::{SYSTEMS, doors};
use crate::kit::courier::Letter;
use crate::kit::registry::listener::Listener;
use crate::kit::registry::visitor::{Visitor, search};
use crate::kit::room::Policy;
use crate::kit::trial::Trial;
use crate::kit::trust::sign::{Dialect, seal};

const HEADER: [&str; 8] = [
    "rjct.version.invalid",
    "rjct.message_id.duplicate",
    "rjct.message_ts.invalid",
    "rjct.action.invalid",
    "rjct.action.not_supported",
    "rjct.total_count.invalid",
    "rjct.total_count.limit_exceeded",
    "rjct.errors.too_many",
];
const SEARCH: [&str; 8] = [
    "rjct.reference_id.invalid",
    "rjct.reference_id.duplicate",
    "rjct.timestamp.invalid",
    "rjct.search_criteria.invalid",
    "rjct.filter.invalid",
    "rjct.sort.invalid",
    "rjct.pagination.invalid",
    "rjct.search.too_many_records_found",
];
const SUBSCRIBE: [&str; 7] = [
    "rjct.reference_id.invalid",
    "rjct.reference_id.duplicate",
    "rjct.timestamp.invalid",
    "rjct.notify_types.invalid",
    "rjct.notify_details.invalid",
    "rjct.person_id.invalid",
    "rjct.event.already_subscribed",
];
const UNSUBSCRIBE: [&str; 6] = [
    "rjct.reference_id.invalid",
    "rjct.reference_id.duplicate",
    "rjct.timestamp.invalid",
    "rjct.subscription_code.invalid",
    "rjct.requester.invalid",
    "rjct.event.already_unsubscribed",
];

/// Inputs, and the code that each must be answered with.
type Table = Vec<(Value, &'static str)>;

/// The table reaches every code of the list, and no other.
fn is_whole(table: &Table, all: &[&str]) {
    let reached: BTreeSet<_> = table.iter().map(|(_, code)| *code).collect();
    assert_eq!(reached, all.iter().copied().collect::<BTreeSet<_>>());
}

fn anybody() -> Value {
    json!({"query_type": "idtype-value", "query": {"type": "UIN", "value": "1"}})
}

/// A good message with one thing changed.
fn with(mut body: Value, pointer: &str, value: Value) -> Value {
    *body.pointer_mut(pointer).unwrap() = value;
    body
}

fn headers() -> Table {
    let changed = |pointer: &str, value: Value| with(search(&[anybody()]), pointer, value);
    vec![
        (changed("/header/version", json!("2.0.0")), HEADER[0]),
        (changed("/header/message_id", json!("again")), HEADER[1]),
        (changed("/header/message_ts", json!("2026-10-01T08:00:00")), HEADER[2]),
        (changed("/header/message_ts", json!("2026-10-01T07:30:00Z")), HEADER[2]),
        (changed("/header/action", json!("subscribe")), HEADER[3]),
        (changed("/header/action", json!("dance")), HEADER[4]),
        (changed("/header/total_count", json!(7)), HEADER[5]),
        (search(&vec![anybody(); 1001]), HEADER[6]),
        (search(&vec![json!({}); 101]), HEADER[7]),
    ]
}

#[actix_web::test]
async fn every_code_of_a_header_is_reached() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    trial.hall().room.set_policy(Policy::Strict).unwrap();
    let office = trial.office("social_registry");
    let sealed = |mut body: Value, number: usize| {
        if body["header"]["message_id"] != "again" {
            body["header"]["message_id"] = json!(format!("H-{number}"));
        }
        body["header"]["sender_id"] = json!("social-registry.arenoa");
        seal(&office, Dialect::default(), &body["header"], &body["message"]).unwrap().to_vec()
    };
    let first = with(search(&[anybody()]), "/header/message_id", json!("again"));
    visitor.raw("civil_registry", "/registry/sync/search", sealed(first, 0)).await;
    let table = headers();
    is_whole(&table, &HEADER);
    for (number, (body, code)) in table.into_iter().enumerate() {
        let body = sealed(body, number);
        let (status, answer) = visitor.raw("civil_registry", "/registry/sync/search", body).await;
        let header = &answer["header"];
        assert_eq!((status, &header["status"]), (200, &json!("rjct")), "{code}: {answer:#}");
        assert_eq!(header["status_reason_code"], code);
        assert!(header["status_reason_message"].as_str().is_some_and(|s| !s.is_empty()));
        assert_eq!(answer["message"]["search_response"], json!([]));
    }
}

fn searches() -> Table {
    let item = "/message/search_request/0";
    let changed =
        |name: &str, value: Value| with(search(&[anybody()]), &format!("{item}/{name}"), value);
    let criteria = |name: &str, value: Value| {
        let mut criteria = anybody();
        criteria[name] = value;
        search(&[criteria])
    };
    let page = |size: Value, number: Value| {
        criteria("pagination", json!({"page_size": size, "page_number": number}))
    };
    let twice = with(
        search(&[anybody(), anybody()]),
        "/message/search_request/1/reference_id",
        json!("R-1"),
    );
    let wrong = |order: &str| json!([{"attribute_name": "birth_date", "sort_order": order}]);
    vec![
        (changed("reference_id", json!("")), SEARCH[0]),
        (changed("reference_id", json!(5)), SEARCH[0]),
        (twice, SEARCH[1]),
        (changed("timestamp", json!("yesterday")), SEARCH[2]),
        (changed("timestamp", json!("2026-10-01T08:00:00")), SEARCH[2]),
        (changed("timestamp", json!(5)), SEARCH[2]),
        (changed("search_criteria", json!({})), SEARCH[3]),
        (criteria("reg_type", json!("ns:org:RegistryType:Fish")), SEARCH[3]),
        (criteria("reg_record_type", json!("Boat")), SEARCH[3]),
        (criteria("query_type", json!("graphql")), SEARCH[3]),
        (criteria("query", json!({"type": "SHOE", "value": "1"})), SEARCH[4]),
        (criteria("query", json!([])), SEARCH[4]),
        (criteria("sort", json!([{"attribute_name": "shoe"}])), SEARCH[5]),
        (criteria("sort", wrong("up")), SEARCH[5]),
        (page(json!(0), json!(1)), SEARCH[6]),
        (page(json!(-1), json!(1)), SEARCH[6]),
        (page(json!(10), json!(0)), SEARCH[6]),
        (page(json!(1_000_000_000), json!(1)), SEARCH[6]),
        (page(json!("ten"), json!(1)), SEARCH[6]),
        (search(&[json!({"query_type": "expression", "query": {"age": {"ge": 0}}})]), SEARCH[7]),
    ]
}

#[actix_web::test]
async fn every_code_of_a_search_is_reached_at_every_registry_in_both_families() {
    let trial = Trial::start(doors::SYSTEMS, 1300);
    let visitor = Visitor::new(&trial).await;
    is_whole(&searches(), &SEARCH);
    for (mount, prefix, _) in doors::REGISTRIES {
        let system = mount.replace('-', "_");
        // Only the civil registry knows so many.
        let table = searches().into_iter();
        let table = table.filter(|(_, code)| *code != SEARCH[7] || system == "civil_registry");
        for (body, code) in table {
            let url = format!("{}/{prefix}/sync/search", trial.running.base);
            let official = Letter::to_address(http::Method::POST, &url).json(&body);
            let strict = visitor.post(&system, "/registry/sync/search", &body).await;
            for (status, answer) in [strict, trial.ask(official).await] {
                let items = answer["message"]["search_response"].as_array().unwrap();
                let item = items.last().unwrap();
                assert_eq!(
                    (status, &item["status"]),
                    (200, &json!("rjct")),
                    "{system}: {answer:#}"
                );
                assert_eq!(item["status_reason_code"], code, "{system}: {item:#}");
                assert!(item["status_reason_message"].as_str().is_some_and(|s| !s.is_empty()));
            }
        }
    }
}

fn wishes(uin: &str) -> Table {
    let item = "/message/subscribe_request/0";
    let changed = |name: &str, value: Value| with(subscribe(uin), &format!("{item}/{name}"), value);
    let about = |name: &str, value: Value| {
        let mut body = subscribe(uin);
        body["message"]["subscribe_request"][0]["subscribe_criteria"][name] = value;
        body
    };
    let often = |start: &str, end: &str, cron: &str| {
        about("frequency", json!({"start_time": start, "end_time": end, "frequency": cron}))
    };
    let mut twice = subscribe("0");
    let mut again = twice["message"]["subscribe_request"][0].clone();
    again["subscribe_criteria"]["filter"]["value"] = json!("1");
    twice["message"]["subscribe_request"].as_array_mut().unwrap().push(again);
    twice["header"]["total_count"] = json!(2);
    // Beside a good one: alone, it is refused at once.
    let mut late_item = with(twice.clone(), &format!("{item}/reference_id"), json!("R-0"));
    late_item["message"]["subscribe_request"][1]["timestamp"] = json!("now");
    let (soon, late) = ("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z");
    vec![
        (changed("reference_id", json!("")), SUBSCRIBE[0]),
        (twice, SUBSCRIBE[1]),
        (late_item, SUBSCRIBE[2]),
        (about("reg_event_type", json!("Rain")), SUBSCRIBE[3]),
        (about("notify_record_type", json!("Boat")), SUBSCRIBE[3]),
        (about("filter", Value::Null), SUBSCRIBE[4]),
        (about("filter", json!({"type": "SHOE", "value": "1"})), SUBSCRIBE[4]),
        (often(late, soon, "0 * * * *"), SUBSCRIBE[4]),
        (often(soon, late, "often"), SUBSCRIBE[4]),
        (about("filter", json!({"type": "UIN", "value": "0"})), SUBSCRIBE[5]),
        // Who is born tomorrow may be named today, by what can be a number.
        (
            with(
                about("reg_event_type", json!("LiveBirth")),
                &format!("{item}/subscribe_criteria/filter/value"),
                json!("0"),
            ),
            SUBSCRIBE[5],
        ),
        (subscribe(uin), SUBSCRIBE[6]),
    ]
}

#[actix_web::test]
async fn every_code_of_a_subscription_is_reached() {
    let trial = Trial::start(SYSTEMS, 50);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let tomas = visitor.uin("tomas");
    let first = answered_at(subscribe(&tomas), &listener.base);
    visitor.post("civil_registry", "/registry/subscribe", &first).await;
    listener.hears(1).await;
    let table = wishes(&tomas);
    is_whole(&table, &SUBSCRIBE);
    for (number, (body, code)) in table.into_iter().enumerate() {
        let body = answered_at(body, &listener.base);
        visitor.post("civil_registry", "/registry/subscribe", &body).await;
        let heard = listener.hears(number + 2).await;
        let items = heard[number + 1].1["message"]["subscribe_response"].as_array().unwrap();
        assert_eq!(items.last().unwrap()["status_reason_code"], code, "{items:#?}");
    }
}

fn endings() -> Table {
    let coded = |codes: Value| {
        let count = json!(codes.as_array().map(Vec::len));
        let ending = with(unsubscribe(""), "/message/subscription_codes", codes);
        with(ending, "/header/total_count", count)
    };
    let ending = || unsubscribe("SUB-000001");
    vec![
        (coded(json!([""])), UNSUBSCRIBE[0]),
        (coded(json!(["SUB-000001", "SUB-000001"])), UNSUBSCRIBE[1]),
        (with(ending(), "/message/timestamp", json!("today")), UNSUBSCRIBE[2]),
        (coded(json!([])), UNSUBSCRIBE[3]),
        (coded(json!(["SUB-999999"])), UNSUBSCRIBE[3]),
        (with(ending(), "/header/sender_id", json!("somebody-else")), UNSUBSCRIBE[4]),
        (unsubscribe("SUB-000002"), UNSUBSCRIBE[5]),
    ]
}

#[actix_web::test]
async fn every_code_of_an_unsubscription_is_reached_and_only_its_owner_ends_one() {
    let trial = Trial::start(SYSTEMS, 50);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    for (number, name) in ["tomas", "grace"].iter().enumerate() {
        let wish = answered_at(subscribe(&visitor.uin(name)), &listener.base);
        visitor.post("civil_registry", "/registry/subscribe", &wish).await;
        listener.hears(number + 1).await;
    }
    let ended = answered_at(unsubscribe("SUB-000002"), &listener.base);
    visitor.post("civil_registry", "/registry/unsubscribe", &ended).await;
    listener.hears(3).await;
    let table = endings();
    is_whole(&table, &UNSUBSCRIBE);
    for (number, (body, code)) in table.into_iter().enumerate() {
        let body = answered_at(body, &listener.base);
        visitor.post("civil_registry", "/registry/unsubscribe", &body).await;
        let heard = listener.hears(number + 4).await;
        assert_eq!(heard[number + 3].1["message"]["status_reason_code"], code);
    }
    let query = "select count(*) from subscription where status = 'subscribe'";
    let store = &trial.office("civil_registry").store;
    let standing: i64 = store.read(|db| db.query_row(query, [], |row| row.get(0))).unwrap();
    assert_eq!(standing, 1, "a refused end changes nothing");
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
