//! POST /registry/subscribe: who wants to be told what (DCI v1.0.0, `SubscribeRequest`).

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Value, json};
use standards::dci::subscribe::{SubscribeItem, SubscribeResponse, SubscribeResult, Subscription};
use standards::dci::{ReasonCode, Status};
use standards::ids::Uin;

use super::archive::{self, Txn};
use super::async_search::unreadable;
use super::book::{Event, Registry};
use super::callbacks::{Step, address, header};
use super::message::{BadItem, Batch, Request as _};
use super::question::{NotAnswered, References};
use super::refusal::short;
use super::sql::Condition;
use super::wish::{Wish, code_of, wish};
use crate::kit::courier::Errand;
use crate::kit::store::{StoreError, Transaction, next_number};

/// Enters the subscriptions that `txn` asks for, and answers.
pub(super) fn subscribe(
    errand: &Errand,
    registry: &'static Registry,
    txn: &Txn,
) -> Result<Step, StoreError> {
    let asked = Batch::<SubscribeItem>::read(txn.request.as_bytes()).map_err(unreadable)?;
    let store = &errand.office.store;
    let message = match &txn.answer {
        // Entered already; only the delivery had failed.
        Some(answer) => serde_json::from_str(answer).unwrap_or_default(),
        None => store.alter(|tx| {
            let mut references = References::default();
            let results = asked.message.items.iter().map(|item| {
                let checked = check(errand, registry, txn, item, &mut references);
                let entered = match checked {
                    Ok((item, wish)) => enter(tx, errand, txn, item, &wish)?,
                    Err(refused) => Err(refused),
                };
                Ok(result(item, &errand.stamp(), entered))
            });
            let results = results.collect::<rusqlite::Result<Vec<_>>>()?;
            let begun = results.iter().flat_map(|result| &result.subscriptions);
            archive::name_codes(tx, txn, begun.map(|one| one.code.as_str()))?;
            let message = json!(SubscribeResponse {
                transaction_id: txn.transaction_id.clone(),
                correlation_id: txn.correlation_id.clone(),
                subscribe_response: results,
            });
            archive::note(tx, txn, outcome(&message), Some(&message.to_string()))?;
            Ok(message)
        })?,
    };
    Ok(Step {
        header: header(errand, txn, (&asked.header, asked.message.count()), outcome(&message)),
        message,
        next: None,
    })
}

/// Refused where every item was.
fn outcome(message: &Value) -> Status {
    let results = message["subscribe_response"].as_array();
    let all = results.is_some_and(|r| !r.is_empty() && r.iter().all(|r| r["status"] == "rjct"));
    if all { Status::Rjct } else { Status::Succ }
}

fn result(
    item: &Result<SubscribeItem, BadItem>,
    at: &str,
    entered: Result<Subscription, NotAnswered>,
) -> SubscribeResult {
    let reference_id = match item {
        Ok(item) => item.reference_id.clone(),
        Err(bad) => bad.reference_id.clone(),
    };
    let (subscriptions, refused) = match entered {
        Ok(subscription) => (vec![subscription], None),
        Err(refused) => (Vec::new(), Some(refused)),
    };
    SubscribeResult {
        reference_id,
        timestamp: at.into(),
        status: if refused.is_some() { Status::Rjct } else { Status::Succ },
        status_reason_code: refused.as_ref().map(|r| r.code.clone()),
        status_reason_message: refused.map(|r| short(&r.sentence)),
        subscriptions,
        pagination: None,
        locale: Some("eng".into()),
    }
}

fn check<'a>(
    errand: &Errand,
    registry: &'static Registry,
    txn: &Txn,
    item: &'a Result<SubscribeItem, BadItem>,
    references: &mut References,
) -> Result<(&'a SubscribeItem, Wish), NotAnswered> {
    let item = item.as_ref().map_err(|bad| NotAnswered::new(code_of(bad), &*bad.sentence))?;
    references.check(&item.reference_id, &item.timestamp)?;
    Ok((item, wish(errand, registry, txn, item)?))
}

type Entered = Result<Subscription, NotAnswered>;

/// Enters a subscription, unless nobody is meant or it stands already. What stood until a day that has passed has ended.
fn enter(
    tx: &Transaction<'_>,
    errand: &Errand,
    txn: &Txn,
    item: &SubscribeItem,
    wish: &Wish,
) -> rusqlite::Result<Entered> {
    if let Some(named) = &wish.identifier
        && !somebody(tx, wish)?
        && let Err(sentence) = may_come(wish.event, named)
    {
        return Ok(Err(NotAnswered::new(ReasonCode::PersonIdInvalid, sentence)));
    }
    let filter = wish.filter.to_expression().to_string();
    let now = errand.now().as_second();
    tx.prepare_cached(
        "update subscription set status = 'unsubscribe' where sender = $1 and event = $2 and status = 'subscribe'
           and ends <= $3",
    )?
    .execute(params![txn.sender, wish.event.name, now])?;
    if let Some(code) = standing(tx, &txn.sender, wish.event.name, &filter)? {
        let sentence = format!("{} is subscribed to this already: {code}", txn.sender);
        return Ok(Err(NotAnswered::new(ReasonCode::AlreadySubscribed, sentence)));
    }
    let code = format!("SUB-{:06}", next_number(tx, "SUB")?);
    let at = errand.stamp();
    let notify = address(&errand.office, &txn.address, "notify").unwrap_or_default();
    tx.prepare_cached(
        "insert into subscription (code, sender, address, event, identifier, filter, item, starts, ends, older, encrypted,
           status, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'subscribe', $12)",
    )?
    .execute(params![
        code,
        txn.sender,
        notify,
        wish.event.name,
        wish.identifier,
        filter,
        json!(item).to_string(),
        wish.span.map(|(from, _)| from.as_second()),
        wish.span.map(|(_, until)| until.as_second()),
        txn.style.older,
        txn.style.encrypted,
        at,
    ])?;
    let mut subscription = Subscription::standing(&code, at.as_str(), &item.subscribe_criteria);
    subscription.locale = Some("eng".into());
    Ok(Ok(subscription))
}

/// Whether a record of this registry is meant at all.
fn somebody(db: &Connection, wish: &Wish) -> rusqlite::Result<bool> {
    let Condition { text, values } = &wish.condition;
    let sql = format!("select 1 from {} as r where {text} limit 1", wish.event.kind.table);
    db.prepare_cached(&sql)?.exists(rusqlite::params_from_iter(values))
}

/// Whether who is in no record here can be told of one day: an event of entry may name somebody who is yet to come, by what
/// can be an identifier.
fn may_come(event: &Event, named: &str) -> Result<(), String> {
    if !event.is_entry {
        return Err(String::from("nobody in this registry bears that identifier"));
    }
    match named.split_once(':') {
        Some(("UIN", value)) => Uin::accepted(value).map(drop).map_err(|wrong| wrong.to_string()),
        _ => Ok(()),
    }
}

/// The sender's subscription to the same, where one stands.
fn standing(
    db: &Connection,
    sender: &str,
    event: &str,
    filter: &str,
) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(
        "select code from subscription where sender = $1 and event = $2 and filter = $3 and status = 'subscribe'",
    )?
    .query_row(params![sender, event, filter], |row| row.get(0))
    .optional()
}
