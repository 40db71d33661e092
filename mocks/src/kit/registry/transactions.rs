//! POST /registry/txn/status and /registry/sync/txn/status: how far a transaction has come (DCI v1.0.0, `TxnStatusRequest`).
//! The answer repeats the stored answer, with the state it has now; an unknown transaction is `rjct`.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::HttpResponse;
use rusqlite::Connection;
use serde_json::{Value, json};
use standards::dci::txn_status::{AttributeType, TxnStatusQuery, TxnStatusRequest, TxnType};
use standards::dci::{ReasonCode, Status, TransactionId};

use super::archive::{self, Name, Operation, Txn};
use super::async_search::{unreadable, waiting};
use super::callbacks::{Step, header};
use super::gate::Counter;
use super::message::{MOST_ITEMS, MOST_RECORDS, Request as _};
use super::refusal::Refusal;
use super::sync::{Answered, answer};
use super::words::word;
use crate::kit::courier::Errand;
use crate::kit::server::Call;
use crate::kit::store::{Store, StoreError};

/// POST /registry/sync/txn/status.
pub(super) async fn status(call: Call, counter: Counter) -> HttpResponse {
    answer::<TxnStatusRequest, _>(&call, counter, |asked, correlation_id| {
        let sender = asked.header.sender_id.clone().unwrap_or_default();
        let query = &asked.message.txnstatus_request;
        let at = call.errand.stamp();
        let found = look(call.store(), query, |db| look_up(db, &sender, query, &at));
        let (status, txn_type, txn_status) = found.map_err(|e| Refusal::failed(&e))?;
        let message = json!({
            "transaction_id": asked.message.transaction_id,
            "correlation_id": correlation_id,
            "txnstatus_response": {"txn_type": txn_type, "txn_status": txn_status},
        });
        Ok(Answered { status, message })
    })
    .await
}

/// How far the transaction has come that `call` asks after, in the words of employment support's mock, and the
/// question's own transaction.
pub(super) fn progress(call: &Call) -> Option<(&'static str, Value)> {
    let asked = TxnStatusRequest::read(&call.body).ok()?;
    if asked.message.size() > MOST_ITEMS {
        return None;
    }
    let sender = asked.header.sender_id.clone().unwrap_or_default();
    let query = &asked.message.txnstatus_request;
    let at = call.errand.stamp();
    let found = look(call.store(), query, |db| look_up(db, &sender, query, &at));
    let word = match found.ok()?.0 {
        Status::Rcvd => "pending",
        Status::Pdng => "processing",
        Status::Succ => "completed",
        Status::Rjct => "failed",
    };
    Some((word, json!(asked.message.transaction_id)))
}

/// The txn/on-status that answers `txn`.
pub(super) fn step(errand: &Errand, txn: &Txn) -> Result<Step, StoreError> {
    let asked = TxnStatusRequest::read(txn.request.as_bytes()).map_err(unreadable)?;
    let query = &asked.message.txnstatus_request;
    let store = &errand.office.store;
    let (status, txn_type, txn_status) =
        look(store, query, |db| look_up(db, &txn.sender, query, &errand.stamp()))?;
    let message = json!({
        "transaction_id": txn.transaction_id,
        "correlation_id": txn.correlation_id,
        "txnstatus_response": {"txn_type": txn_type, "txn_status": txn_status},
    });
    let text = message.to_string();
    store.alter(|tx| {
        archive::note(tx, txn, status, Some(&text))?;
        Ok(())
    })?;
    Ok(Step { header: header(errand, txn, (&asked.header, 1), status), message, next: None })
}

/// Looks for what has one name, or for longer where several are asked after.
fn look<T>(
    store: &Store,
    query: &TxnStatusQuery,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> Result<T, StoreError> {
    if query.attribute_value.count() > 1 { store.survey(work) } else { store.read(work) }
}

/// The state of the transaction asked after, its kind, and its answer so far. Where no kind is said, any is meant.
fn look_up(
    db: &Connection,
    sender: &str,
    query: &TxnStatusQuery,
    at: &str,
) -> rusqlite::Result<(Status, TxnType, Value)> {
    if !query.txn_type.as_str().is_empty() {
        let (status, answer) = look_up_one(db, sender, query, at)?;
        return Ok((status, answered_as(query), answer));
    }
    let mut unknown = None;
    for kind in [Operation::Search, Operation::Subscribe, Operation::Unsubscribe] {
        let query = TxnStatusQuery { txn_type: kind.word().into(), ..query.clone() };
        let (status, answer) = look_up_one(db, sender, &query, at)?;
        if status != Status::Rjct
            || answer["correlation_id"].as_str().is_some_and(|c| !c.is_empty())
        {
            return Ok((status, query.txn_type, answer));
        }
        unknown.get_or_insert((status, query.txn_type, answer));
    }
    Ok(unknown.unwrap_or((Status::Rjct, TxnType::from("search"), Value::Null)))
}

/// The kind of transaction that is asked after, in any of its words.
fn asked_after(query: &TxnStatusQuery) -> Option<Operation> {
    let asked = word(query.txn_type.as_str());
    let asked = asked.trim_start_matches("on");
    let kept = [Operation::Search, Operation::Subscribe, Operation::Unsubscribe];
    kept.into_iter().find(|operation| operation.word() == asked)
}

/// The kind that an answer names: one of the standard's, also where what was asked after is no kind at all.
fn answered_as(query: &TxnStatusQuery) -> TxnType {
    TxnType::from(asked_after(query).unwrap_or(Operation::Search).word())
}

/// What a question is answered with that is refused as a whole: the form of an answer, and nothing in it.
pub(super) fn nothing(asked: &TxnStatusRequest, correlation_id: &str, at: &str) -> Value {
    let query = &asked.txnstatus_request;
    let mut answer = json!({"transaction_id": name_of(query), "correlation_id": correlation_id});
    match asked_after(query) {
        Some(Operation::Unsubscribe) => {
            answer["timestamp"] = json!(at);
            answer["status"] = json!(Status::Rjct);
        }
        kind => answer[list_of(kind.unwrap_or(Operation::Search))] = json!([]),
    }
    json!({"txn_type": answered_as(query), "txn_status": answer})
}

/// The first name that is asked by, as far as it can be the name of a transaction.
fn name_of(query: &TxnStatusQuery) -> String {
    let first = query.attribute_value.texts().into_iter().next().unwrap_or_default();
    first.chars().take(TransactionId::MAX_CHARS).collect()
}

/// The same, of one kind of transaction.
fn look_up_one(
    db: &Connection,
    sender: &str,
    query: &TxnStatusQuery,
    at: &str,
) -> rusqlite::Result<(Status, Value)> {
    let Some(operation) = asked_after(query) else {
        let other = query.txn_type.as_str();
        let sentence =
            format!("txn_type {other} is not kept; use search, subscribe or unsubscribe");
        return Ok((Status::Rjct, unknown(query, Operation::Search, at, &sentence)));
    };
    let names = query.attribute_value.texts();
    if query.attribute_type == AttributeType::ReferenceIdList && operation != Operation::Unsubscribe
    {
        return items(db, sender, (operation, &names), at);
    }
    for text in &names {
        let name = match &query.attribute_type {
            AttributeType::TransactionId => Name::Transaction(text),
            AttributeType::CorrelationId => Name::Correlation(text),
            AttributeType::ReferenceIdList => Name::Reference(text),
            AttributeType::SubscriptionCodeList => Name::Subscription(text),
            AttributeType::Other(other) => {
                let known = AttributeType::KNOWN.join(", ");
                let sentence = format!("attribute_type {other} is not known; use {known}");
                return Ok((Status::Rjct, unknown(query, operation, at, &sentence)));
            }
        };
        if let Some(txn) = archive::named(db, sender, name, operation)? {
            return Ok((txn.state, state(&txn, at)));
        }
    }
    let word = query.txn_type.as_str();
    let sentence = format!("{sender} has no {word} called {}", names.join(", "));
    Ok((Status::Rjct, unknown(query, operation, at, &sentence)))
}

/// The items that have these names, of whichever transactions, each once: an unknown one is refused by itself, and so is one
/// for whose records the answer has no room.
fn items(
    db: &Connection,
    sender: &str,
    (operation, names): (Operation, &[String]),
    at: &str,
) -> rusqlite::Result<(Status, Value)> {
    let list = list_of(operation);
    let (mut found, mut states) = (Vec::new(), Vec::new());
    let mut message = json!({"transaction_id": "", "correlation_id": ""});
    let (mut answers, mut seen) = (BTreeMap::new(), BTreeSet::new());
    let wanted: BTreeSet<_> = names.iter().map(String::as_str).collect();
    let mut left = usize::try_from(MOST_RECORDS).unwrap_or(usize::MAX);
    for name in names.iter().filter(|name| seen.insert(name.as_str())) {
        let Some(id) = archive::with_item(db, sender, name, operation)? else {
            let sentence = format!("{sender} has no {} item called {name}", operation.word());
            found.push(refused(name, at, (ReasonCode::ReferenceIdInvalid, &sentence)));
            continue;
        };
        if !answers.contains_key(&id) {
            let Some(txn) = archive::named(db, sender, Name::Correlation(&id), operation)? else {
                continue;
            };
            if states.is_empty() {
                message["transaction_id"] = json!(txn.transaction_id);
                message["correlation_id"] = json!(txn.correlation_id);
            }
            states.push(txn.state);
            answers.insert(
                id.clone(),
                (txn.state, named_items(state(&txn, at)[list].take(), &wanted)),
            );
        }
        let Some((state, items)) = answers.get_mut(&id) else { continue };
        let items = items.remove(name).unwrap_or_else(|| {
            vec![json!({"reference_id": name, "timestamp": at, "status": state})]
        });
        let records = |item: &Value| item["data"]["reg_records"].as_array().map_or(0, Vec::len);
        let Some(rest) = left.checked_sub(items.iter().map(records).sum()) else {
            let sentence = format!(
                "one message tells at most {MOST_RECORDS} records; ask for this in a message of its own"
            );
            found.push(refused(name, at, (ReasonCode::TooManyRecordsFound, &sentence)));
            continue;
        };
        left = rest;
        found.extend(items);
    }
    message[list] = Value::from(found);
    let under_way = states.iter().copied().find(|state| !state.is_final());
    let went_well = states.contains(&Status::Succ).then_some(Status::Succ);
    Ok((under_way.or(went_well).unwrap_or(Status::Rjct), message))
}

/// The items of an answer that are wanted, by their names.
fn named_items(items: Value, wanted: &BTreeSet<&str>) -> BTreeMap<String, Vec<Value>> {
    let mut named = BTreeMap::<_, Vec<_>>::new();
    let Value::Array(items) = items else { return named };
    for item in items {
        if let Some(name) = item["reference_id"].as_str().filter(|name| wanted.contains(name)) {
            named.entry(name.to_owned()).or_default().push(item);
        }
    }
    named
}

/// Where the items of an answer stand.
fn list_of(operation: Operation) -> &'static str {
    if operation == Operation::Subscribe { "subscribe_response" } else { "search_response" }
}

fn refused(reference_id: &str, at: &str, (code, sentence): (ReasonCode, &str)) -> Value {
    json!({
        "reference_id": reference_id,
        "timestamp": at,
        "status": Status::Rjct,
        "status_reason_code": code,
        "status_reason_message": super::refusal::short(sentence),
    })
}

fn state(txn: &Txn, at: &str) -> Value {
    let answer = txn.answer.as_deref().and_then(|text| serde_json::from_str(text).ok());
    answer.unwrap_or_else(|| match txn.operation {
        Operation::Unsubscribe => json!({
            "transaction_id": txn.transaction_id, "correlation_id": txn.correlation_id,
            "timestamp": at, "status": txn.state,
        }),
        Operation::Search => waiting(txn, at),
        _ => json!({
            "transaction_id": txn.transaction_id, "correlation_id": txn.correlation_id,
            "subscribe_response": [],
        }),
    })
}

/// The shape that the reader expects, refused. The standard has no code for it; an unknown name is an invalid reference.
fn unknown(query: &TxnStatusQuery, operation: Operation, at: &str, sentence: &str) -> Value {
    let refused = refused(&query.reference_id, at, (ReasonCode::ReferenceIdInvalid, sentence));
    let mut message = json!({"transaction_id": name_of(query), "correlation_id": ""});
    match operation {
        Operation::Unsubscribe => {
            for (name, value) in refused.as_object().into_iter().flatten() {
                message[name.as_str()] = value.clone();
            }
        }
        other => message[list_of(other)] = json!([refused]),
    }
    message
}
