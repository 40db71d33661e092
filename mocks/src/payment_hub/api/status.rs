//! `POST /disburse/txn/status` (answered at `/disburse/txn/on-status`) and its sync form, of G2P Connect 1.0.0.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use serde::Serialize;
use serde_json::{Value, json};
use standards::dci::{Ack, Action, Envelope, Header, Malformed, ReasonCode, Status, TransactionId};
use standards::g2p_connect::disburse::DisburseResponse;
use standards::g2p_connect::txn_status::{
    AttributeType, Names, TxnStatusAnswer, TxnStatusRequest, TxnStatusResponse, TxnType,
};

use super::{g2p, g2p_later};
use crate::kit::dci::{Refused, Whole, answer, receive, rejected};
use crate::kit::openapi::Routes;
use crate::kit::registry::message;
use crate::kit::server::Call;
use crate::kit::store::StoreError;
use crate::kit::trust::jwks::sender_id_of;
use crate::payment_hub::pipeline::{MOST_PAYMENTS, status, statuses, tell_answer};
use crate::payment_hub::store;

pub(super) fn routes(routes: &mut Routes) {
    let asked = message(
        "txn-status",
        None,
        &json!({"transaction_id": "T-4", "txnstatus_request": {
            "reference_id": "R-1", "txn_type": "disburse", "attribute_type": "transaction_id", "attribute_value": "TXN-1",
        }}),
    );
    routes
        .post(
            "/disburse/sync/txn/status",
            now,
            g2p("What became of a list, answered on the same line")
                .takes::<Envelope<TxnStatusRequest>>(asked.clone())
                .gives::<Envelope<TxnStatusResponse>>(200, "Its answer so far"),
        )
        .post(
            "/disburse/txn/status",
            later,
            g2p_later("What became of a list, answered at sender_uri/disburse/txn/on-status")
                .takes::<Envelope<TxnStatusRequest>>(asked),
        );
}

/// What can be asked after.
const TYPES: [&str; 2] = ["disburse", "search"];

async fn later(call: Call) -> HttpResponse {
    let envelope = match open(&call).await {
        Ok(envelope) => envelope,
        Err(refused) => return refused.respond(&call),
    };
    let correlation = call.errand.office.next_id("CORR");
    let found = match look(&call, &envelope) {
        Ok(found) => found,
        Err(error) => return failed(&call, &error),
    };
    let (found, why) = told(found);
    let message = respond(&envelope, found, correlation.clone());
    // The published header has the action of what was asked after here, and none of its own.
    let kind = envelope.message.txnstatus_request.txn_type.as_str();
    let action = Action::from(kind.strip_prefix("on-").unwrap_or(kind));
    let asked = Header { action, ..envelope.header };
    tell_later(&call, asked, "/disburse/txn/on-status", (message, why));
    HttpResponse::Ok().json(Ack::accepted(correlation, call.errand.stamp()))
}

async fn now(call: Call) -> HttpResponse {
    let envelope = match open(&call).await {
        Ok(envelope) => envelope,
        Err(refused) => return refused.respond(&call),
    };
    let correlation = call.errand.office.next_id("CORR");
    let found = match look(&call, &envelope) {
        Ok(found) => found,
        Err(error) => return failed(&call, &error),
    };
    let (found, why) = told(found);
    let header = if let Some(whole) = why {
        rejected(&call, &envelope.header, whole)
    } else {
        let own = sender_id_of(call.errand.office.system.name);
        let id = call.errand.office.next_id("MSG");
        envelope.header.answer(Status::Succ, &own, id, call.errand.stamp())
    };
    answer(&call, &header, &respond(&envelope, found, correlation))
}

/// Lets a question in whose words are on the lists of the standard.
async fn open(call: &Call) -> Result<Envelope<TxnStatusRequest>, Refused> {
    let envelope = receive::<TxnStatusRequest>(call, super::strictness(call)).await?;
    let query = &envelope.message.txnstatus_request;
    let wrong = |name: &str, right: &str, said: &str| {
        let path = format!("message.txnstatus_request.{name}");
        Err(Malformed { path, sentence: format!("write {right}, not {said}") }.into())
    };
    let kind = query.txn_type.as_str();
    if !TYPES.contains(&kind.strip_prefix("on-").unwrap_or(kind)) {
        return wrong("txn_type", &TYPES.join(" or "), kind);
    }
    let there = names(&query.attribute_value).len();
    if there > MOST_PAYMENTS {
        let right = format!("at most {MOST_PAYMENTS} names");
        return wrong("attribute_value", &right, &there.to_string());
    }
    match &query.attribute_type {
        AttributeType::TransactionId
        | AttributeType::ReferenceIdList
        | AttributeType::CorrelationId => Ok(envelope),
        other => {
            let right = "transaction_id, reference_id_list or correlation_id";
            wrong("attribute_type", right, other.as_str())
        }
    }
}

fn told(found: Result<Value, Whole>) -> (Option<Value>, Option<Whole>) {
    match found {
        Ok(found) => (Some(found), None),
        Err(why) => (None, Some(why)),
    }
}

fn failed(call: &Call, error: &StoreError) -> HttpResponse {
    tracing::error!(%error, "a status could not be read");
    call.remark("the archive failed");
    HttpResponse::InternalServerError().json(super::refusal(500, "ask again later"))
}

/// Tells an answer later, at `route` of whoever asked, or why there is none.
pub(super) fn tell_later(
    call: &Call,
    asked: Header,
    route: &'static str,
    (message, why): (impl Serialize + Send + Sync + 'static, Option<Whole>),
) {
    let errand = call.errand.clone();
    call.later(async move { tell_answer(&errand, &asked, route, (&message, why)).await });
}

fn respond(
    asked: &Envelope<TxnStatusRequest>,
    found: Option<Value>,
    correlation_id: String,
) -> TxnStatusResponse {
    // The answer tells of the answering action.
    let kind = asked.message.txnstatus_request.txn_type.as_str();
    let kind = format!("on-{}", kind.strip_prefix("on-").unwrap_or(kind));
    let txn_status = found.unwrap_or_else(|| json!({}));
    TxnStatusResponse {
        transaction_id: asked.message.transaction_id.clone(),
        correlation_id: Some(correlation_id),
        txnstatus_response: TxnStatusAnswer { txn_type: TxnType::from(kind.as_str()), txn_status },
    }
}

/// What is asked after: payments, or the answer to a search. Where the sender has nothing of that name, or too much, why, with
/// the code nearest to it of those a header may carry.
fn look(
    call: &Call,
    asked: &Envelope<TxnStatusRequest>,
) -> Result<Result<Value, Whole>, StoreError> {
    let query = &asked.message.txnstatus_request;
    let kind = query.txn_type.as_str();
    let no = |sentence: String| (ReasonCode::ErrorsTooMany, sentence);
    let unknown = || no(format!("no {kind} of yours is known by that name"));
    if !matches!(kind, "search" | "on-search") {
        let found = find(call, asked)?;
        return Ok(match found {
            Some(found) if found.disbursements_status.is_empty() => Err(unknown()),
            Some(found) => Ok(json!(found)),
            None => Err(no(format!(
                "more than {MOST_PAYMENTS} payments have these names: ask after one list by its correlation_id"
            ))),
        });
    }
    let sender = asked.header.sender_id.as_deref().unwrap_or_default();
    let name = query.attribute_value.texts().into_iter().next().unwrap_or_default();
    let found = call.store().read(|db| store::search_named(db, sender, &name))?;
    Ok(found.ok_or_else(unknown))
}

fn names(said: &Names) -> &[TransactionId] {
    match said {
        Names::One(name) => std::slice::from_ref(name),
        Names::Many(names) => names,
    }
}

/// The payments that are asked after, each name once; a sender learns of its own only. None where they are more than one list
/// may hold.
fn find(
    call: &Call,
    asked: &Envelope<TxnStatusRequest>,
) -> Result<Option<DisburseResponse>, StoreError> {
    let query = &asked.message.txnstatus_request;
    let sender = asked.header.sender_id.clone().unwrap_or_default();
    let names = names(&query.attribute_value);
    let mut asked_after = BTreeSet::new();
    let mut found = DisburseResponse {
        transaction_id: names.first().cloned().unwrap_or_else(|| TransactionId::from("")),
        disbursements_status: Vec::new(),
    };
    for name in names.iter().filter(|name| asked_after.insert(*name)) {
        let text = name.to_string();
        let (batches, payment) = call.store().read(|db| {
            Ok(match query.attribute_type {
                AttributeType::TransactionId => {
                    (store::batches_of_transaction(db, (&sender, name))?, None)
                }
                AttributeType::CorrelationId => {
                    let batch = store::batch_of_correlation(db, &text)?;
                    (batch.into_iter().filter(|b| b.sender == sender).collect(), None)
                }
                _ => (Vec::new(), store::referenced(db, (&sender, &text))?),
            })
        })?;
        for batch in batches {
            found.transaction_id = batch.transaction_id.clone();
            let all = statuses(&call.errand, &batch);
            found.disbursements_status.extend(all.into_iter().flat_map(|r| r.disbursements_status));
        }
        if let Some(payment) = payment {
            let batch = call.store().read(|db| store::batch(db, payment.batch))?;
            found.transaction_id = batch.map_or(found.transaction_id, |b| b.transaction_id);
            found.disbursements_status.push(status(&payment));
        }
        if found.disbursements_status.len() > MOST_PAYMENTS {
            return Ok(None);
        }
    }
    Ok(Some(found))
}
