//! The counter of the mapper: G2P Connect 1.0.0 `/mapper/{verb}`, `/mapper/sync/{verb}`, the status of transactions; and
//! the doors to its other faces.

use actix_web::HttpResponse;
use serde_json::{Value, json};
use standards::dci::{Ack, Envelope, ErrorCode, Header, HttpErrors, ReasonCode, Status};
use standards::g2p_connect::txn_status::{
    AttributeType, TxnStatusAnswer, TxnStatusRequest, TxnStatusResponse, TxnType,
};

use super::deliver::{self, Kept};
use super::g2p::{self, Forgiving};
use super::model::Verb;
use super::store::{self, Batch, Name};
use super::{govstack, hub, operations, settings, spar};
use crate::kit::dci::{
    Refused, Strictness, Whole, answer, forgives_times, not_acknowledged, receive, rejected,
};
use crate::kit::openapi::{Routes, Token, says};
use crate::kit::server::Call;
use crate::kit::store::StoreError;
use crate::kit::trust::jwks::sender_id_of;

const VERBS: [Verb; 4] = [Verb::Link, Verb::Update, Verb::Unlink, Verb::Resolve];

pub(super) fn routes(routes: &mut Routes) {
    for verb in VERBS {
        let word = verb.word();
        let [now_is, later_is] = operations::verb(verb);
        // `/sync/link` is what the published client of SPAR 1.x calls, and `/mapper/sync/link` its scripts; neither knows
        // bearer tokens.
        for (prefix, names) in [("/mapper/sync", Names::OfTheStandard), ("/sync", Names::Openg2p)] {
            let handle = move |call: Call| now(call, verb, names);
            let is = now_is.clone().with(Token::Strict);
            routes.post(&format!("{prefix}/{word}"), handle, is);
        }
        routes.post(&format!("/mapper/{word}"), move |call: Call| later(call, verb), later_is);
    }
    // The published path of the synchronous form is that of the registries.
    for path in ["/mapper/sync/txn/status", "/registry/sync/txn/status"] {
        routes.post(path, status_now, operations::status_now());
    }
    routes.post("/mapper/txn/status", status_later, operations::status_later());
    govstack::routes(routes);
    hub::routes(routes);
    routes.get(
        "/actuator/health",
        health,
        says("Whether it is up")
            .tag("Payment Hub EE, and GovStack Payments, second shape")
            .gives::<Value>(200, "It is"),
    );
    settings::routes(routes);
}

async fn health() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "UP"}))
}

/// The body of an error: `{"errors": [{code, message}]}`.
pub(super) fn refusal(status: u16, sentence: &str) -> Value {
    let code = match status {
        401 => ErrorCode::RequestUnauthorized,
        403 => ErrorCode::RequestForbidden,
        404 => ErrorCode::RequestNotFound,
        500.. => ErrorCode::ServiceUnavailable,
        _ => ErrorCode::RequestBad,
    };
    json!(HttpErrors::one(code, sentence))
}

/// How a door takes ids and accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    /// In the words of G2P Connect only.
    OfTheStandard,
    /// As OpenG2P writes them too.
    Openg2p,
}

/// What the synchronous doors ask of a caller: a token that is right, where one is sent, and in a strict room of everybody.
fn strictness(call: &Call) -> Strictness {
    if call.authorization.is_some() { Strictness::Strict } else { Strictness::Lenient }
}

async fn now(call: Call, verb: Verb, names: Names) -> HttpResponse {
    // SPAR 1.x does not say what its tokens are for.
    let strictness = if names == Names::Openg2p { Strictness::Lenient } else { strictness(&call) };
    let mut asked = match receive::<Value>(&call, strictness).await {
        Ok(asked) => asked,
        Err(refused) => return refused.respond(&call),
    };
    let times = forgives_times(&call, &mut asked.header);
    let sender = asked.header.sender_id.as_deref().unwrap_or_default();
    let names_of = (names == Names::Openg2p).then_some(sender);
    let batch = match g2p::read(verb, &asked.message, Forgiving { times, names_of }) {
        Ok(batch) => batch,
        Err(malformed) => return Refused::from(malformed).respond(&call),
    };
    let correlation = call.errand.office.next_id("CORR");
    let checked = g2p::check(&call, (verb, true), &asked.header, &batch);
    asked.header.action = verb.action();
    if let Err(whole) = checked {
        let nothing = g2p::nothing(verb, &asked.message, &correlation);
        return reject(&call, &asked.header, &nothing, whole);
    }
    match deliver::perform(&call.errand, verb, &asked, &batch, &correlation) {
        Ok(message) => succeed(&call, &asked, &message),
        Err(error) => failed(&call, &error),
    }
}

async fn later(call: Call, verb: Verb) -> HttpResponse {
    // SPAR after 1.x shares this path, and is known by its own envelope.
    if let Some(body) = spar::body_of(&call) {
        return spar::handle(&call, verb, &body).await;
    }
    let mut asked = match receive::<Value>(&call, Strictness::Strict).await {
        Ok(asked) => asked,
        Err(refused) => return refused.respond(&call),
    };
    let times = forgives_times(&call, &mut asked.header);
    let batch = match g2p::read(verb, &asked.message, Forgiving { times, names_of: None }) {
        Ok(batch) => batch,
        Err(malformed) => return Refused::from(malformed).respond(&call),
    };
    let correlation = call.errand.office.next_id("CORR");
    if let Err((code, sentence)) = g2p::check(&call, (verb, false), &asked.header, &batch) {
        let sentence = format!("{code}: {sentence}");
        return not_acknowledged(&call, &correlation, ErrorCode::RequestBad, &sentence);
    }
    if asked.header.sender_uri.is_none() {
        let sentence = "sender_uri is missing: say where the answer should go";
        return not_acknowledged(&call, &correlation, ErrorCode::SenderUriInvalid, sentence);
    }
    match deliver::keep(&call.errand, verb, &asked, &batch, &correlation) {
        Ok(kept) => acknowledge(&call, kept),
        Err(error) => failed(&call, &error),
    }
}

fn acknowledge(call: &Call, kept: Kept) -> HttpResponse {
    let ack = Ack::accepted(kept.correlation_id.clone(), call.errand.stamp());
    let errand = call.errand.clone();
    call.later(async move { deliver::finish(&errand, kept).await });
    HttpResponse::Ok().json(ack)
}

async fn status_now(call: Call) -> HttpResponse {
    let asked = match receive::<TxnStatusRequest>(&call, strictness(&call)).await {
        Ok(asked) => asked,
        Err(refused) => return refused.respond(&call),
    };
    let correlation = call.errand.office.next_id("CORR");
    match status_of(&call, &asked, &correlation) {
        Ok(Found::Answer(message)) => succeed(&call, &asked, &message),
        Ok(Found::Nothing(message, sentence)) => {
            reject(&call, &asked.header, &message, (ReasonCode::ErrorsTooMany, sentence))
        }
        Err(error) => failed(&call, &error),
    }
}

async fn status_later(call: Call) -> HttpResponse {
    let asked = match receive::<TxnStatusRequest>(&call, Strictness::Strict).await {
        Ok(asked) => asked,
        Err(refused) => return refused.respond(&call),
    };
    let correlation = call.errand.office.next_id("CORR");
    let Some(address) = asked.header.sender_uri.clone() else {
        let sentence = "sender_uri is missing: say where the answer should go";
        return not_acknowledged(&call, &correlation, ErrorCode::SenderUriInvalid, sentence);
    };
    let (message, reason) = match status_of(&call, &asked, &correlation) {
        Ok(Found::Answer(message)) => (message, None),
        Ok(Found::Nothing(message, sentence)) => (message, Some(sentence)),
        Err(error) => return failed(&call, &error),
    };
    let errand = call.errand.clone();
    call.later(async move {
        deliver::send_status(&errand, &address, &asked.header, &message, reason).await;
    });
    HttpResponse::Ok().json(Ack::accepted(correlation, call.errand.stamp()))
}

enum Found {
    Answer(Value),
    /// Nothing is known by that name; why, in a sentence.
    Nothing(Value, String),
}

/// `correlation` names the answer where nothing is found.
fn status_of(
    call: &Call,
    asked: &Envelope<TxnStatusRequest>,
    correlation: &str,
) -> Result<Found, StoreError> {
    let query = &asked.message.txnstatus_request;
    let sender = asked.header.sender_id.as_deref().unwrap_or_default();
    let by = match query.attribute_type {
        AttributeType::TransactionId => Some(Name::Transaction),
        AttributeType::CorrelationId => Some(Name::Correlation),
        AttributeType::ReferenceIdList => Some(Name::Reference),
        _ => None,
    };
    let (verb, names) = (Verb::named(query.txn_type.as_str()), query.attribute_value.texts());
    let found = match verb.zip(by) {
        Some((verb, by)) => {
            call.store().read(|db| batches_named(db, (sender, verb.word()), (by, &names)))?
        }
        None => Vec::new(),
    };
    let kind =
        verb.map_or_else(|| query.txn_type.as_str().to_owned(), |v| format!("on-{}", v.word()));
    let of = |txn_status: Value, correlation_id: &str| {
        json!(TxnStatusResponse {
            transaction_id: asked.message.transaction_id.clone(),
            correlation_id: Some(correlation_id.to_owned()),
            txnstatus_response: TxnStatusAnswer {
                txn_type: TxnType::from(kind.as_str()),
                txn_status
            },
        })
    };
    let Some(first) = found.first() else {
        let sentence = format!("no {} of yours is known by that name", query.txn_type.as_str());
        return Ok(Found::Nothing(of(json!({}), correlation), sentence));
    };
    let list = format!("{}_response", verb.map_or("", Verb::word));
    Ok(Found::Answer(of(together(&found, &list), &first.correlation_id)))
}

/// The batches that are meant, each once: a list of references may name entries of several.
fn batches_named(
    db: &rusqlite::Connection,
    of: (&str, &str),
    (by, names): (Name, &[String]),
) -> rusqlite::Result<Vec<Batch>> {
    let mut all: Vec<Batch> = Vec::new();
    for name in names {
        let found = store::find(db, of, (by, name))?;
        let is_new = |batch: &Batch| all.iter().all(|b| b.correlation_id != batch.correlation_id);
        all.extend(found.filter(is_new));
    }
    Ok(all)
}

/// The answers of batches as one, under the name of the first. One that is not done yet has nothing but its name.
fn together(batches: &[Batch], list: &str) -> Value {
    let answer = |batch: &Batch| -> Value {
        let pending = json!({"transaction_id": batch.transaction_id});
        let text = batch.answer.as_deref();
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or(pending)
    };
    let mut answers = batches.iter().map(answer);
    let mut whole = answers.next().unwrap_or_default();
    for other in answers {
        let Some(results) = other[list].as_array().cloned() else { continue };
        match whole.get_mut(list).and_then(Value::as_array_mut) {
            Some(all) => all.extend(results),
            None => whole[list] = results.into(),
        }
    }
    whole
}

fn succeed<M>(call: &Call, asked: &Envelope<M>, message: &Value) -> HttpResponse {
    let (own, id) = (sender_id_of(super::SYSTEM.name), call.errand.office.next_id("MSG"));
    let header = asked.header.answer(Status::Succ, &own, id, call.errand.stamp());
    answer(call, &header, message)
}

fn reject(call: &Call, asked: &Header, message: &Value, whole: Whole) -> HttpResponse {
    answer(call, &rejected(call, asked, whole), message)
}

fn failed(call: &Call, error: &StoreError) -> HttpResponse {
    tracing::error!(%error, "the mapper's archive failed");
    call.remark("the archive failed");
    HttpResponse::InternalServerError()
        .json(refusal(500, "the batch could not be kept, and nothing of it was done; try again"))
}
