//! POST /registry/unsubscribe: subscriptions end, all that are named or none (DCI v1.0.0, `UnSubscribeRequest`).

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Value, json};
use standards::dci::query::Mode;
use standards::dci::subscribe::SubscriptionStatus;
use standards::dci::unsubscribe::{SubscriptionState, UnsubscribeRequest, UnsubscribeResponse};
use standards::dci::{ReasonCode, Status};

use super::archive::{self, Txn};
use super::async_search::unreadable;
use super::callbacks::{Step, header};
use super::message::{MOST_ITEMS, Request as _};
use super::question::NotAnswered;
use super::refusal::short;
use crate::kit::courier::Errand;
use crate::kit::store::{StoreError, Transaction};

/// Ends the subscriptions that `txn` names, all or none, and answers.
pub(super) fn unsubscribe(errand: &Errand, txn: &Txn) -> Result<Step, StoreError> {
    let asked = UnsubscribeRequest::read(txn.request.as_bytes()).map_err(unreadable)?;
    let message = match &txn.answer {
        Some(answer) => serde_json::from_str(answer).unwrap_or_default(),
        None => errand.office.store.alter(|tx| {
            let ended = end(tx, errand, txn, &asked.message)?;
            let codes = ended.subscription_status.iter().map(|state| state.code.as_str());
            archive::name_codes(tx, txn, codes)?;
            let message = json!(ended);
            let status = flat_outcome(&message);
            archive::note(tx, txn, status, Some(&message.to_string()))?;
            Ok(message)
        })?,
    };
    Ok(Step {
        header: header(errand, txn, (&asked.header, asked.message.count()), flat_outcome(&message)),
        message,
        next: None,
    })
}

fn flat_outcome(message: &Value) -> Status {
    if message["status"] == "rjct" { Status::Rjct } else { Status::Succ }
}

fn end(
    tx: &Transaction<'_>,
    errand: &Errand,
    txn: &Txn,
    asked: &UnsubscribeRequest,
) -> rusqlite::Result<UnsubscribeResponse> {
    let mut refused = asked
        .timestamp
        .instant()
        .err()
        .map(|e| NotAnswered::new(ReasonCode::TimestampInvalid, e.to_string()));
    if asked.subscription_codes.is_empty() {
        let sentence = "subscription_codes is empty; name the subscriptions to end";
        refused = refused
            .or_else(|| Some(NotAnswered::new(ReasonCode::SubscriptionCodeInvalid, sentence)));
    }
    let (codes, wrong) = meant(tx, txn, &asked.subscription_codes)?;
    refused = refused.or(wrong);
    for code in &codes {
        if refused.is_none() {
            refused = why_not(tx, code, &txn.sender)?;
        }
    }
    if refused.is_none() {
        for code in &codes {
            tx.prepare_cached("update subscription set status = 'unsubscribe' where code = $1")?
                .execute([code.as_str()])?;
        }
    }
    let mut states = Vec::new();
    for code in codes {
        let status: Option<String> = tx
            .prepare_cached("select status from subscription where code = $1 and sender = $2")?
            .query_row(params![code, txn.sender], |row| row.get(0))
            .optional()?;
        if let Some(status) = status {
            let status = SubscriptionStatus::from(status);
            states.push(SubscriptionState { code, status });
        }
    }
    Ok(UnsubscribeResponse {
        transaction_id: txn.transaction_id.clone(),
        correlation_id: txn.correlation_id.clone(),
        timestamp: errand.stamp().into(),
        status: if refused.is_some() { Status::Rjct } else { Status::Succ },
        status_reason_code: refused.as_ref().map(|r| r.code.clone()),
        status_reason_message: refused.map(|r| short(&r.sentence)),
        subscription_status: states,
    })
}

/// The subscriptions that are meant, each once, and what is wrong with their names. OpenSPP2 keeps the correlation id of the
/// Ack as the code of a subscription: it means those that this message began.
fn meant(
    db: &Connection,
    txn: &Txn,
    named: &[String],
) -> rusqlite::Result<(Vec<String>, Option<NotAnswered>)> {
    let (mut names, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let (mut codes, mut wrong) = (Vec::new(), None);
    let twice = |code: &str| {
        let sentence = format!("subscription {code} is named twice in this message");
        NotAnswered::new(ReasonCode::ReferenceIdDuplicate, sentence)
    };
    for name in named.iter().map(|name| name.trim()) {
        if name.is_empty() {
            let empty = || NotAnswered::new(ReasonCode::ReferenceIdInvalid, "a code is empty");
            wrong = wrong.or_else(|| Some(empty()));
            continue;
        }
        if !names.insert(name) {
            wrong = wrong.or_else(|| Some(twice(name)));
            continue;
        }
        let mut begun = match txn.mode {
            Mode::Strict => Vec::new(),
            Mode::Lenient => archive::codes_begun(db, &txn.sender, name, MOST_ITEMS + 1)?,
        };
        if begun.is_empty() {
            begun.push(name.to_owned());
        }
        if codes.len() + begun.len() > MOST_ITEMS {
            let sentence =
                format!("more than {MOST_ITEMS} subscriptions are meant; end fewer in one message");
            let many = NotAnswered::new(ReasonCode::SubscriptionCodeInvalid, sentence);
            return Ok((codes, wrong.or(Some(many))));
        }
        for code in begun {
            if seen.insert(code.clone()) {
                codes.push(code);
            } else {
                wrong = wrong.or_else(|| Some(twice(&code)));
            }
        }
    }
    Ok((codes, wrong))
}

/// The longest code of a subscription that the standard allows, in characters.
const LONGEST_CODE: usize = 99;

/// Whether every code is short enough to be one.
pub(super) fn within_limit(asked: &UnsubscribeRequest) -> Result<(), NotAnswered> {
    let length = |code: &String| code.chars().count();
    match asked.subscription_codes.iter().map(length).find(|length| *length > LONGEST_CODE) {
        Some(length) => Err(NotAnswered::new(
            ReasonCode::SubscriptionCodeInvalid,
            format!("a code has {length} characters; at most {LONGEST_CODE} are allowed"),
        )),
        None => Ok(()),
    }
}

fn why_not(db: &Connection, code: &str, sender: &str) -> rusqlite::Result<Option<NotAnswered>> {
    let found: Option<(String, String)> = db
        .prepare_cached("select sender, status from subscription where code = $1")?
        .query_row([code], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(match found {
        None => Some(NotAnswered::new(
            ReasonCode::SubscriptionCodeInvalid,
            format!("there is no subscription {code}"),
        )),
        Some((owner, _)) if owner != sender => Some(NotAnswered::new(
            ReasonCode::RequesterInvalid,
            format!("subscription {code} is not yours, {sender}"),
        )),
        Some((_, status)) if status == "unsubscribe" => Some(NotAnswered::new(
            ReasonCode::AlreadyUnsubscribed,
            format!("subscription {code} has ended already"),
        )),
        Some(_) => None,
    })
}
