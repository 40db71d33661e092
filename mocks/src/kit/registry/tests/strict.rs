//! A strict room: signed messages, each once, in time, and to the right receiver. And what a restart finds under way.

use http::Method;
use serde_json::{Value, json};
use standards::dci::query::Mode;
use standards::dci::{Status, TransactionId};

use super::SYSTEMS;
use super::listener::Listener;
use crate::kit::courier::Letter;
use crate::kit::journal::Verdict;
use crate::kit::registry::archive::{self, Name, Operation, Places, Style, Txn};
use crate::kit::registry::visitor::{Visitor, search};
use crate::kit::room::Policy;
use crate::kit::trial::Trial;
use crate::kit::trust::sign::{Dialect, seal};

fn anybody() -> Value {
    json!({"query_type": "idtype-value", "query": {"type": "UIN", "value": "1"}})
}

/// Posts a search that the social registry has signed, with its header changed.
async fn signed(visitor: &Visitor<'_>, header: &[(&str, &str)]) -> Value {
    signed_to("/civil-registry/registry/sync/search", visitor, header).await
}

/// The same, to the path of a registry.
async fn signed_to(path: &str, visitor: &Visitor<'_>, header: &[(&str, &str)]) -> Value {
    let trial = visitor.trial;
    let mut body = search(&[anybody()]);
    body["header"]["sender_id"] = json!("social-registry.arenoa");
    for (name, value) in header {
        body["header"][*name] = json!(value);
    }
    let office = trial.office("social_registry");
    let sealed = seal(&office, Dialect::default(), &body["header"], &body["message"]).unwrap();
    let letter = Letter::to_address(Method::POST, &format!("{}{path}", trial.running.base));
    trial.ask(visitor.signed_in(letter.bytes("application/json", sealed))).await.1
}

#[actix_web::test]
async fn a_signed_message_is_taken_once_in_time_and_by_its_receiver() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    trial.hall().room.set_policy(Policy::Strict).unwrap();
    let first = signed(&visitor, &[("message_id", "A")]).await;
    assert_eq!(first["header"]["status"], "succ", "{first:#}");
    let again = signed(&visitor, &[("message_id", "A")]).await;
    assert_eq!(again["header"]["status_reason_code"], "rjct.message_id.duplicate");
    let late = [("message_id", "B"), ("message_ts", "2026-10-01T07:30:00Z")];
    let late = signed(&visitor, &late).await;
    assert_eq!(late["header"]["status_reason_code"], "rjct.message_ts.invalid");
    let astray = [("message_id", "C"), ("receiver_id", "social-registry.arenoa")];
    let astray = signed(&visitor, &astray).await;
    assert_eq!(astray["errors"][0]["code"], "err.receiver_id.invalid", "{astray:#}");
    let address = format!("{}/civil-registry/registry", trial.running.base);
    let by_address = signed(&visitor, &[("message_id", "D"), ("receiver_id", &address)]).await;
    assert_eq!(by_address["header"]["status"], "succ", "{by_address:#}");
    let verdicts: Vec<_> = trial.journal().await.into_iter().map(|entry| entry.verdict).collect();
    assert_eq!(verdicts.iter().filter(|v| **v == Verdict::Valid).count(), 5, "{verdicts:?}");
}

#[actix_web::test]
async fn the_paths_of_the_official_mocks_forgive_the_form_and_nothing_else() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    trial.hall().room.set_policy(Policy::Strict).unwrap();
    let post = async |header: &[(&str, &str)]| {
        signed_to("/crvs/sync/search", &visitor, header).await["header"].clone()
    };
    assert_eq!(signed(&visitor, &[("message_id", "A")]).await["header"]["status"], "succ");
    let again = post(&[("message_id", "A")]).await;
    assert_eq!(again["status_reason_code"], "rjct.message_id.duplicate", "{again:#}");
    let late = post(&[("message_id", "B"), ("message_ts", "2026-10-01T07:30:00Z")]).await;
    assert_eq!(late["status_reason_code"], "rjct.message_ts.invalid", "{late:#}");
    let astray = [("message_id", "C"), ("receiver_id", "social-registry.arenoa")];
    let astray = signed_to("/crvs/sync/search", &visitor, &astray).await;
    assert_eq!(astray["errors"][0]["code"], "err.receiver_id.invalid", "{astray:#}");
    let other = [("message_id", "D"), ("action", "lookup")];
    assert_eq!(post(&other).await["status"], "succ", "the action is forgiven");
    assert_eq!(post(&other).await["status_reason_code"], "rjct.message_id.duplicate");
}

/// Has the registry keep no transactions, or keep them again.
fn rename(trial: &Trial, from: &str, to: &str) {
    let sql = format!("alter table {from} rename to {to}");
    let store = &trial.office("civil_registry").store;
    store.alter(|tx| tx.execute_batch(&sql)).unwrap();
}

#[actix_web::test]
async fn a_message_that_could_not_be_kept_may_come_again() {
    let trial = Trial::start(SYSTEMS, 50);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    trial.hall().room.set_policy(Policy::Strict).unwrap();
    let mut body = search(&[anybody()]);
    body["header"]["sender_id"] = json!("social-registry.arenoa");
    body["header"]["sender_uri"] = json!(listener.base);
    let office = trial.office("social_registry");
    let sealed = seal(&office, Dialect::default(), &body["header"], &body["message"]).unwrap();
    let send = async || visitor.raw("civil_registry", "/registry/search", sealed.to_vec()).await;
    rename(&trial, "txn", "gone");
    assert_eq!(send().await.0, 500);
    rename(&trial, "gone", "txn");
    assert_eq!(send().await.1["message"]["ack_status"], "ACK");
    assert_eq!(send().await.1["message"]["ack_status"], "ERR", "it has come before");
}

#[actix_web::test]
async fn names_are_remembered_as_long_as_their_messages_are_in_time() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    trial.hall().room.set_policy(Policy::Strict).unwrap();
    let seen = async || {
        let (_, state) = trial.ask(Letter::get("civil_registry", "/_arenoa/state")).await;
        state["message_seen"]["count"].clone()
    };
    signed(&visitor, &[("message_id", "A")]).await;
    signed(&visitor, &[("message_id", "B")]).await;
    assert_eq!(seen().await, 2);
    trial.hall().room.clock.advance(jiff::SignedDuration::from_hours(1));
    let later = [("message_id", "C"), ("message_ts", "2026-10-01T09:00:00Z")];
    assert_eq!(signed(&visitor, &later).await["header"]["status"], "succ");
    assert_eq!(seen().await, 1, "A and B would be refused for their time");
}

#[actix_web::test]
async fn a_message_that_was_changed_on_the_way_is_refused() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    let body = search(&[anybody()]);
    let office = trial.office("social_registry");
    let mut header = body["header"].clone();
    header["sender_id"] = json!("social-registry.arenoa");
    let sealed = seal(&office, Dialect::default(), &header, &body["message"]).unwrap();
    let changed = String::from_utf8(sealed.to_vec()).unwrap().replace("T-1", "T-2");
    let letter = visitor.raw("civil_registry", "/registry/sync/search", changed.into_bytes());
    let (status, answer) = letter.await;
    assert_eq!((status, &answer["errors"][0]["code"]), (401, &json!("err.signature.invalid")));
}

/// A search that `listener` waits for the answer of.
fn search_of(id: &str, transaction_id: TransactionId, listener: &Listener) -> Txn {
    Txn {
        correlation_id: id.into(),
        operation: Operation::Search,
        transaction_id,
        sender: "demo".into(),
        address: format!("{}/registry/on-search", listener.base),
        request: search(&[anybody()]).to_string(),
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
    }
}

#[actix_web::test]
async fn what_came_first_is_taken_up_first_whatever_its_name() {
    let trial = Trial::start(SYSTEMS, 50);
    let listener = Listener::start();
    let office = trial.office("civil_registry");
    // The clock stood still between the first two, and was set back before the last.
    let came = [("COR-1000000", "T08:00:00Z"), ("COR-999999", "T08:00:00Z"), ("A", "T07:00:00Z")];
    for (id, at) in came {
        let txn = search_of(id, "T-1".into(), &listener);
        let at = format!("2026-10-01{at}");
        let kept = office.store.alter(|tx| archive::open(tx, &txn, &["R-1"], &at));
        kept.unwrap();
    }
    for name in [Name::Transaction("T-1"), Name::Reference("R-1")] {
        let newest = |db: &_| archive::named(db, "demo", name, Operation::Search);
        assert_eq!(office.store.read(newest).unwrap().unwrap().correlation_id, "A");
    }
    (office.system.wake)(&office);
    let heard = listener.hears(3).await;
    let heard: Vec<_> = heard.iter().map(|(_, body)| &body["message"]["correlation_id"]).collect();
    assert_eq!(heard, came.map(|(id, _)| id));
}

#[actix_web::test]
async fn what_was_under_way_at_the_end_is_taken_up_at_the_start() {
    let trial = Trial::start(SYSTEMS, 50);
    let listener = Listener::start();
    let office = trial.office("civil_registry");
    let txn = search_of("COR-OLD", TransactionId::Integer(7), &listener);
    let kept = office.store.alter(|tx| {
        archive::open(tx, &txn, &["R-1"], "2026-10-01T08:00:00Z")?;
        Ok(())
    });
    kept.unwrap();
    (office.system.wake)(&office);
    let (_, answer) = listener.hears(1).await.remove(0);
    assert_eq!(answer["message"]["correlation_id"], "COR-OLD");
    assert_eq!(answer["message"]["transaction_id"], 7, "an integer stays one");
    trial.hall().room.clock.idle().await;
    assert!(archive::all_under_way(&office.store).unwrap().is_empty());
    let (_, state) = trial.ask(Letter::get("civil_registry", "/_arenoa/state")).await;
    assert_eq!(state["txn"]["count"], 1, "it is kept for questions about it");
}
