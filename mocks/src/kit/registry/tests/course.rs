//! How far a transaction has come: told at any moment, kept when the program ends, and the same whatever goes wrong.

use std::path::PathBuf;
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::{Value, json};
use standards::dci::query::Mode;
use standards::dci::{Status, TransactionId};

use super::SYSTEMS;
use super::later::{answered_at, die, status, subscribe};
use crate::kit::clock::pause;
use crate::kit::registry::archive::{self, Operation, Places, Style, Txn};
use crate::kit::registry::listener::Listener;
use crate::kit::registry::visitor::{Visitor, search};
use crate::kit::trial::Trial;

fn everybody() -> Value {
    json!({"query_type": "expression", "query": {"age": {"ge": 0}}})
}

/// The state that the registry tells of the transaction `T-1`.
async fn state(visitor: &Visitor<'_>) -> String {
    let asked = status("search", "transaction_id", &json!("T-1"));
    let (_, told) = visitor.post("civil_registry", "/registry/sync/txn/status", &asked).await;
    told["header"]["status"].as_str().unwrap().to_owned()
}

/// Files a search as it is filed before anything is done about it.
fn file(trial: &Trial, address: &str) {
    let txn = Txn {
        correlation_id: "COR-000901".into(),
        operation: Operation::Search,
        transaction_id: TransactionId::Text("T-1".into()),
        sender: "demo".into(),
        address: address.into(),
        request: search(&[everybody()]).to_string(),
        mode: Mode::Lenient,
        state: Status::Rcvd,
        answer: None,
        page: 1,
        places: Places::default(),
        style: Style::default(),
        message_id: String::new(),
        attempt: 0,
        traceparent: String::new(),
        tracestate: String::new(),
    };
    let store = &trial.office("civil_registry").store;
    let filed = store.alter(|tx| {
        archive::open(tx, &txn, &["R-1"], "2026-10-01T08:00:00Z")?;
        Ok(())
    });
    filed.unwrap();
}

#[actix_web::test]
async fn a_search_is_received_then_pending_then_done() {
    let trial = Trial::start(SYSTEMS, 230);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    file(&trial, &format!("{}/registry/on-search", listener.base));
    assert_eq!(state(&visitor).await, "rcvd");
    listener.takes(1);
    let office = trial.office("civil_registry");
    (office.system.wake)(&office);
    listener.hears(1).await;
    for _ in 0..100 {
        if state(&visitor).await == "pdng" {
            break;
        }
        pause(Duration::from_millis(10)).await;
    }
    assert_eq!(state(&visitor).await, "pdng", "the second page waits");
    listener.takes(9);
    trial.hall().room.clock.advance(SignedDuration::from_mins(2));
    listener.hears(3).await;
    trial.hall().room.clock.idle().await;
    assert_eq!(state(&visitor).await, "succ");
}

#[actix_web::test]
async fn a_search_that_cannot_be_answered_is_rejected() {
    let trial = Trial::start(SYSTEMS, 50);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let unknown = json!({"query_type": "idtype-value", "query": {"type": "NOBODY", "value": "1"}});
    let asked = answered_at(search(&[unknown, json!({})]), &listener.base);
    visitor.post("civil_registry", "/registry/search", &asked).await;
    listener.hears(1).await;
    assert_eq!(state(&visitor).await, "rjct");
}

#[actix_web::test]
async fn every_item_of_a_message_is_answered_at_its_own_length() {
    let trial = Trial::start(SYSTEMS, 230);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let mut two = everybody();
    two["pagination"] = json!({"page_size": 2, "page_number": 3});
    let mut sorted = everybody();
    sorted["sort"] = json!([{"attribute_name": "birth_date", "sort_order": "desc"}]);
    let asked = answered_at(search(&[two, everybody(), json!({}), sorted]), &listener.base);
    visitor.post("civil_registry", "/registry/search", &asked).await;
    let heard = listener.hears(3).await;
    let items = |n: usize| heard[n].1["message"]["search_response"].as_array().unwrap();
    let names = |n: usize| -> Vec<_> {
        items(n).iter().map(|item| item["reference_id"].as_str().unwrap()).collect()
    };
    assert_eq!(names(0), ["R-1", "R-2", "R-3", "R-4"]);
    assert_eq!([names(1), names(2)], [["R-2", "R-4"], ["R-2", "R-4"]]);
    assert_eq!(items(0)[0]["data"]["reg_records"].as_array().unwrap().len(), 2);
    assert_eq!(items(0)[2]["status_reason_code"], "rjct.search_criteria.invalid");
    for (first, at) in [(1, [1, 0, 0]), (3, [3, 1, 1])] {
        let total = items(0)[first]["pagination"]["total_count"].as_u64().unwrap();
        let records =
            (0..3).flat_map(|n| items(n)[at[n]]["data"]["reg_records"].as_array().unwrap());
        let mut ids: Vec<_> = records.map(|record| record["@id"].as_str().unwrap()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len() as u64, total, "item {first}");
    }
}

#[actix_web::test]
async fn a_total_stays_what_the_first_page_said() {
    let trial = Trial::start(SYSTEMS, 230);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    listener.takes(1);
    let asked = answered_at(search(&[everybody()]), &listener.base);
    visitor.post("civil_registry", "/registry/search", &asked).await;
    let first = listener.hears(1).await.remove(0).1;
    let office = trial.office("civil_registry");
    let gone = office.store.alter(|tx| tx.execute("delete from person where number > 200", []));
    assert!(gone.unwrap() > 0);
    listener.takes(9);
    trial.hall().room.clock.advance(SignedDuration::from_mins(2));
    let second = listener.hears(2).await.remove(1).1;
    let total =
        |body: &Value| body["message"]["search_response"][0]["pagination"]["total_count"].clone();
    assert_eq!(total(&first), total(&second));
}

#[actix_web::test]
async fn a_sorted_answer_goes_on_behind_the_record_that_it_ended_with() {
    let trial = Trial::start(SYSTEMS, 230);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    listener.takes(1);
    let mut sorted = everybody();
    sorted["sort"] = json!([{"attribute_name": "birth_date", "sort_order": "desc"}]);
    let asked = answered_at(search(&[sorted]), &listener.base);
    visitor.post("civil_registry", "/registry/search", &asked).await;
    listener.hears(1).await;
    let office = trial.office("civil_registry");
    // The youngest of all is entered while the first page is on its way: an offset would send one record again.
    let entered = office.store.alter(|tx| {
        let sql = "update person set birth_date = '2026-09-30' where number =
                   (select number from person where death_date is null order by birth_date limit 1)";
        tx.execute(sql, [])
    });
    assert_eq!(entered.unwrap(), 1);
    listener.takes(9);
    trial.hall().room.clock.advance(SignedDuration::from_mins(2));
    let heard = listener.hears(3).await;
    let records = heard.iter().flat_map(|(_, body)| {
        body["message"]["search_response"][0]["data"]["reg_records"].as_array().unwrap()
    });
    let mut ids: Vec<_> = records.map(|record| record["@id"].as_str().unwrap()).collect();
    let sent = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), sent, "none came twice");
    let total = &heard[0].1["message"]["search_response"][0]["pagination"]["total_count"];
    assert_eq!(total.as_u64(), Some(sent as u64 + 1), "all but the one that moved");
}

#[actix_web::test]
async fn a_subscription_counts_within_its_time() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let clock = &trial.hall().room.clock;
    let people = ["tomas", "grace", "otto"].map(|name| visitor.uin(name));
    for uin in &people {
        let mut wish = subscribe(uin);
        let criteria = &mut wish["message"]["subscribe_request"][0]["subscribe_criteria"];
        criteria["frequency"] = json!({"start_time": "2026-10-02T00:00:00Z",
            "end_time": "2026-10-03T00:00:00Z", "frequency": "0 * * * *"});
        let wish = answered_at(wish, &listener.base);
        visitor.post("civil_registry", "/registry/subscribe", &wish).await;
        clock.idle().await;
    }
    for (uin, heard) in people.iter().zip([3, 4, 4]) {
        assert_eq!(die(&trial, uin).await, 201);
        clock.idle().await;
        assert_eq!(listener.count(), heard, "before, within, and after the time");
        clock.advance(SignedDuration::from_hours(24));
    }
    assert_eq!(listener.hears(4).await[3].0, "/registry/notify");
}

#[actix_web::test]
async fn a_filter_decides_of_whom_a_subscriber_is_told() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let mut wish = subscribe("");
    let criteria = &mut wish["message"]["subscribe_request"][0]["subscribe_criteria"];
    criteria["filter_type"] = json!("expression");
    criteria["filter"] = json!({"type": "ns:org:QueryType:expression",
        "value": {"expression": {"query": {"sex": {"$eq": "female"}}}}});
    let wish = answered_at(wish, &listener.base);
    visitor.post("civil_registry", "/registry/subscribe", &wish).await;
    listener.hears(1).await;
    for (name, heard) in [("tomas", 1), ("grace", 2)] {
        assert_eq!(die(&trial, &visitor.uin(name)).await, 201);
        trial.hall().room.clock.idle().await;
        assert_eq!(listener.count(), heard, "{name}");
    }
}

/// Runs `life` in a program of its own, as far as one process allows: threads and tasks end with it.
fn in_a_life<F: Future<Output = ()>>(life: impl FnOnce() -> F + Send + 'static) {
    let thread = std::thread::spawn(|| actix_web::rt::System::new().block_on(life()));
    thread.join().unwrap();
}

#[test]
fn a_callback_that_was_pending_when_the_program_ended_comes_after_the_next_start() {
    let dir = std::env::temp_dir().join(format!("arenoa-lives-{}", std::process::id()));
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let (first, second) = (dir.clone(), dir.clone());
    in_a_life(move || async move { accept_and_end(first, port).await });
    in_a_life(move || async move {
        let listener = Listener::start_at(port);
        pause(Duration::from_millis(800)).await;
        assert_eq!(listener.count(), 0, "nothing of the first life goes on");
    });
    in_a_life(move || async move { start_and_deliver(second, port).await });
    std::fs::remove_dir_all(dir).unwrap();
}

/// Somebody asks, subscribes to a death that comes, and is gone; then the program ends.
async fn accept_and_end(dir: PathBuf, port: u16) {
    let mut trial = Trial::start_in(dir, SYSTEMS, 60);
    let base = format!("http://127.0.0.1:{port}");
    let visitor = Visitor::new(&trial).await;
    let uin = visitor.uin("tomas");
    let listener = Listener::start_at(port);
    let wish = answered_at(subscribe(&uin), &base);
    visitor.post("civil_registry", "/registry/subscribe", &wish).await;
    listener.hears(1).await;
    listener.stop().await;
    let asked = answered_at(search(&[everybody()]), &base);
    let (_, ack) = visitor.post("civil_registry", "/registry/search", &asked).await;
    assert_eq!(ack["message"]["ack_status"], "ACK");
    assert_eq!(die(&trial, &uin).await, 201);
    trial.hall().room.clock.idle().await;
    trial.running.halt().await;
}

/// The next start delivers what was promised, and gives no id twice.
async fn start_and_deliver(dir: PathBuf, port: u16) {
    let listener = Listener::start_at(port);
    let mut trial = Trial::start_in(dir, SYSTEMS, 60);
    let visitor = Visitor::new(&trial).await;
    let mut paths: Vec<_> = listener.hears(2).await.into_iter().map(|(path, _)| path).collect();
    paths.sort();
    assert_eq!(paths, ["/registry/notify", "/registry/on-search"]);
    let asked = answered_at(search(&[everybody()]), &listener.base);
    let (_, ack) = visitor.post("civil_registry", "/registry/search", &asked).await;
    assert_eq!(ack["message"]["ack_status"], "ACK", "{ack:#}");
    listener.hears(3).await;
    trial.running.halt().await;
}
