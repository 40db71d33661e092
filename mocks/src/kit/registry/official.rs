//! The paths of the official static mocks (`/crvs/*`, `/sr/*`, `/ibr/*`, `/dr/*`, `/fr/*`, `/ess/*`): a body that is absent or `{}` is a probe and gets an
//! example; a real message gets full behaviour, with what the clients of those mocks read beside the standard's answer.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody as _};
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use standards::dci::search::{SearchItem, SearchResponse};
use standards::dci::subscribe::SubscribeItem;
use standards::dci::txn_status::TxnStatusRequest;
use standards::dci::unsubscribe::UnsubscribeRequest;

use super::book::Readers;
use super::gate::{Counter, own_id};
use super::message::Batch;
use super::nested::Nested;
use super::operations::{CALLBACKS, NOTIFY};
use super::routes::{Asynchronous, accept};
use super::told::take;
use super::{example, sync, transactions};
use crate::kit::openapi::Routes;
use crate::kit::server::Call;

pub(super) fn mount(routes: &mut Routes, counter: Counter) {
    routes
        .post("/sync/search", move |call| sync_search(call, counter), counter.sync_search())
        .post("/sync/txn/status", move |call| sync_status(call, counter), counter.sync_txn_status())
        .post("/search", move |call| search(call, counter), counter.search())
        .post("/subscribe", move |call| subscribe(call, counter), counter.subscribe())
        .post(
            "/unsubscribe",
            move |call| asked::<UnsubscribeRequest>(call, counter),
            counter.unsubscribe(),
        )
        .post("/txn/status", move |call| status(call, counter), counter.txn_status());
    for (path, action, words) in CALLBACKS {
        let is = counter.told(words, action);
        if path == NOTIFY {
            let heard = move |call| async move { typed(told(call).await, counter) };
            routes.post(path, heard, is);
        } else {
            routes.post(path, told, is);
        }
    }
}

/// Whether the body holds nothing: a client that only looks whether somebody is there.
pub(super) fn is_probe(body: &[u8]) -> bool {
    let text = body.trim_ascii();
    let inside = text.strip_prefix(b"{").and_then(|rest| rest.strip_suffix(b"}"));
    text.is_empty() || inside.is_some_and(|inside| inside.trim_ascii().is_empty())
}

/// The Ack that a probe of an asynchronous path, or of one that tells something, is answered with.
pub fn probe_ack(call: &Call) -> HttpResponse {
    let id = call.errand.office.next_id("COR");
    HttpResponse::Ok().json(example::ack(&id, &call.errand.stamp()))
}

/// The answer to a probe of a synchronous path of a registry's own: a valid example.
pub fn probe_answer(call: &Call, message: &Value) -> HttpResponse {
    let mut body = json!({"header": example_header(call, "on-search"), "message": message});
    let names: Vec<_> =
        body["message"].as_object().into_iter().flatten().map(|(n, _)| n.clone()).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    lift(&mut body, "/message", &names);
    HttpResponse::Ok().json(body)
}

/// Readers of employment support's mock read the body themselves where its type is not plain JSON, and fail otherwise.
fn typed(mut response: HttpResponse, counter: Counter) -> HttpResponse {
    if counter.registry.readers == Readers::Employment {
        let kind = HeaderValue::from_static("application/ld+json");
        response.headers_mut().insert(CONTENT_TYPE, kind);
    }
    response
}

async fn subscribe(call: Call, counter: Counter) -> HttpResponse {
    typed(asked::<Batch<SubscribeItem>>(call, counter).await, counter)
}

async fn status(call: Call, counter: Counter) -> HttpResponse {
    if counter.registry.readers != Readers::Employment {
        return asked::<TxnStatusRequest>(call, counter).await;
    }
    let example = || ("completed", example::transaction());
    let (word, transaction) = transactions::progress(&call).unwrap_or_else(example);
    changed(asked::<TxnStatusRequest>(call, counter).await, |body| {
        body["message"]["txn_status"] = json!(word);
        body["message"]["transaction_id"] = transaction;
    })
}

async fn asked<M: Asynchronous>(call: Call, counter: Counter) -> HttpResponse {
    if is_probe(&call.body) {
        return probe_ack(&call);
    }
    changed(accept::<M>(call, counter).await, with_error)
}

async fn search(call: Call, counter: Counter) -> HttpResponse {
    if is_probe(&call.body) {
        let id = call.errand.office.next_id("COR");
        return HttpResponse::Ok().json(example::search(&id, &call.errand.stamp()));
    }
    let asked = serde_json::from_slice::<Value>(&call.body).unwrap_or_default();
    let transaction_id = asked["message"]["transaction_id"].clone();
    changed(accept::<Batch<SearchItem>>(call, counter).await, |body| {
        with_error(body);
        let correlation_id = body["message"]["correlation_id"].clone();
        // What came encrypted is echoed in the callback only.
        if !transaction_id.is_null() {
            body["transaction_id"] = transaction_id;
        }
        body["correlation_id"] = correlation_id;
        body["search_response"] = example::accepted_search();
    })
}

async fn told(call: Call) -> HttpResponse {
    if is_probe(&call.body) {
        return probe_ack(&call);
    }
    // Clients of the official mocks write other actions.
    changed(take(call, None).await, with_error)
}

async fn sync_search(call: Call, counter: Counter) -> HttpResponse {
    let readers = counter.registry.readers;
    if is_probe(&call.body) {
        let id = call.errand.office.next_id("COR");
        let header = example_header(&call, "on-search");
        let mut body = example::found(counter.registry, &id, &call.errand.stamp(), &header);
        match readers {
            Readers::ItemOnTop => lift(&mut body, "/message/search_response/0", &ON_TOP),
            Readers::Nested => body["message"] = nested(&body["message"]),
            Readers::Employment => {
                body["header"]["receiver_id"] = json!("demo");
                body["message"]["transaction_id"] = json!(example::transaction().to_string());
            }
            Readers::Standard => {}
        }
        return HttpResponse::Ok().json(body);
    }
    let answer = sync::search(call, counter).await;
    // Nothing is changed for the others, and a long answer is not read again for nothing.
    if readers == Readers::ItemOnTop { with_item_on_top(answer) } else { answer }
}

/// What stands of the first answered item beside `message`.
const ON_TOP: [&str; 4] = ["status", "data", "locale", "reference_id"];

/// An answer as it was sealed, of which only the first item's members matter here.
#[derive(Deserialize)]
struct Sealed<'a> {
    #[serde(borrow)]
    message: Items<'a>,
}

#[derive(Deserialize)]
struct Items<'a> {
    #[serde(borrow, default)]
    search_response: Vec<BTreeMap<&'a str, &'a RawValue>>,
}

/// The answer with [`ON_TOP`] added at its end, as text: the records are not read for it.
fn with_item_on_top(response: HttpResponse) -> HttpResponse {
    rewritten(response, |body| {
        let sealed: Sealed<'_> = serde_json::from_slice(body).ok()?;
        let item = sealed.message.search_response.first()?;
        let mut text = body.strip_suffix(b"}")?.to_vec();
        for (name, value) in ON_TOP.iter().filter_map(|name| Some((name, item.get(name)?))) {
            text.extend_from_slice(format!(",\"{name}\":{}", value.get()).as_bytes());
        }
        text.push(b'}');
        Some(text)
    })
}

async fn sync_status(call: Call, counter: Counter) -> HttpResponse {
    let on_top = |body: &mut Value| {
        lift(body, "/message", &["transaction_id", "correlation_id", "txnstatus_response"]);
    };
    if is_probe(&call.body) {
        let id = call.errand.office.next_id("COR");
        let mut body = example::status(&id, &example_header(&call, "txn-on-status"));
        on_top(&mut body);
        return HttpResponse::Ok().json(body);
    }
    changed(transactions::status(call, counter).await, on_top)
}

fn example_header(call: &Call, action: &str) -> Value {
    json!({
        "version": "1.0.0", "message_id": call.errand.office.next_id("MSG"), "message_ts": call.errand.stamp(),
        "action": action, "status": "succ", "total_count": 1, "completed_count": 1,
        "sender_id": own_id(call), "is_msg_encrypted": false,
    })
}

/// The example as [`Nested`] readers expect it.
fn nested(message: &Value) -> Value {
    let answer = SearchResponse::<Value>::deserialize(message);
    // The example is one of ours, and is read.
    answer.map_or(Value::Null, |answer| json!(Nested::of(answer)))
}

/// Repeats members of an inner object at the top, beside what a signature covers.
fn lift(body: &mut Value, from: &str, names: &[&str]) {
    let inner = body.pointer(from).cloned().unwrap_or_default();
    for name in names {
        if let Some(value) = inner.get(name) {
            body[*name] = value.clone();
        }
    }
}

/// An Ack of this family has an `error`, empty where there is none.
fn with_error(body: &mut Value) {
    if body["message"]["error"].is_null() {
        body["message"]["error"] = json!({});
    }
}

/// The answer with members of its `message` beside it, where the published text has them bare.
pub fn with_bare(response: HttpResponse, names: &[&str]) -> HttpResponse {
    changed(response, |body| lift(body, "/message", names))
}

/// Changes the JSON of an answer that went well; a refusal stays as it is.
fn changed(response: HttpResponse, change: impl FnOnce(&mut Value)) -> HttpResponse {
    rewritten(response, |body| {
        let mut value = serde_json::from_slice::<Value>(body).ok()?;
        change(&mut value);
        serde_json::to_vec(&value).ok()
    })
}

/// Writes the body of an answer that went well anew; where that gives nothing, and in a refusal, it stays as it is.
fn rewritten(
    response: HttpResponse,
    rewrite: impl FnOnce(&[u8]) -> Option<Vec<u8>>,
) -> HttpResponse {
    if response.status() != StatusCode::OK {
        return response;
    }
    let (head, body) = response.into_parts();
    let Ok(bytes) = body.try_into_bytes() else {
        return HttpResponse::InternalServerError().finish();
    };
    let body = rewrite(&bytes).map_or(bytes, Into::into);
    head.set_body(BoxBody::new(body))
}
