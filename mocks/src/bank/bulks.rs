//! What a bank does about bulks of transfers by itself: answering, asking how they ended, crediting what was committed.
//! FSPIOP 1.1 has no notice of a bulk's end for the payee, so it asks.

use std::collections::BTreeMap;

use http::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use standards::fspiop::{BulkTransferState, BulkTransfersPutResponse, IndividualTransferResult};
use standards::money::Money;

use super::model::credited as notice;
use super::scheme::{Asker, GRACE_SECONDS, call_back, send};
use super::store::{self, Payment};
use crate::kit::agenda::Agenda;
use crate::kit::courier::{Errand, Letter};
use crate::kit::fspiop::Refusal;
use crate::kit::store::StoreError;

pub(super) const BULKS: &str = "/bulkTransfers";
const BULK: &str = "/bulkTransfers/{id}";
/// The messenger takes so many messages in one request.
const MOST_MESSAGES: usize = 1000;

/// The path of a bulk, which what is planned for it is known by: a transfer may have the same id.
fn uri_of(id: &str) -> String {
    format!("{BULKS}/{id}")
}

/// Answers a bulk and asks at once what the switch made of it.
pub(super) async fn answer(errand: &Errand, id: &str, to: &Asker, outcome: Result<Value, Refusal>) {
    let is_word = outcome.is_ok();
    call_back(errand, (&uri_of(id), BULK), to, outcome).await;
    if is_word {
        ask(errand, id).await;
    }
}

/// `GET /bulkTransfers/{id}`: how did it end?
pub(super) async fn ask(errand: &Errand, id: &str) {
    // A question that is refused is asked again, until it is known how the bulk ended.
    drop(send(errand, (&Method::GET, &uri_of(id), BULK), None, None).await);
}

/// Asks how the bulk ended, should nobody have said so by its end; and again, until it is known.
pub(super) fn plan_question(errand: &Errand, id: &str, expiration: Timestamp) {
    let (late, bulk) = (errand.clone(), id.to_owned());
    let at = errand.now().max(expiration) + SignedDuration::from_secs(GRACE_SECONDS);
    errand.office.memory.of::<Agenda>().plan(errand, &uri_of(id), at, async move {
        let waiting = late.office.store.read(|db| store::reserved_in_bulk(db, &bulk));
        if waiting.is_ok_and(|waiting| !waiting.is_empty()) {
            plan_question(&late, &bulk, expiration);
            ask(&late, &bulk).await;
        }
    });
}

/// The switch says how a bulk ended: what it committed is credited once, the rest is given up. Gives the new credits with
/// the new balances.
pub(super) fn ended(
    errand: &Errand,
    id: &str,
    said: &BulkTransfersPutResponse,
) -> Result<Vec<(Payment, i64)>, StoreError> {
    let has_ended = matches!(
        said.bulk_transfer_state,
        BulkTransferState::Completed | BulkTransferState::Rejected
    );
    if !has_ended {
        plan_question(errand, id, errand.now());
        return Ok(Vec::new());
    }
    errand.office.memory.of::<Agenda>().strike(&uri_of(id));
    let at = errand.stamp();
    let results: BTreeMap<&str, &IndividualTransferResult> =
        said.individual_transfer_results.iter().map(|r| (r.transfer_id.as_str(), r)).collect();
    let is_committed = |payment: &Payment| {
        results.get(payment.transfer.as_str()).is_some_and(|result| result.fulfilment.is_some())
    };
    errand.office.store.write(|tx| {
        let mut credited = Vec::new();
        for payment in store::reserved_in_bulk(tx, id)? {
            if !is_committed(&payment) {
                store::cancel(tx, &payment.transfer)?;
            } else if let Some(balance) = store::credit(tx, &payment, &at)? {
                credited.push((payment, balance));
            }
        }
        Ok(credited)
    })
}

/// Tells holders what came in, all in one message to the messenger.
pub(super) async fn tell_holders(errand: &Errand, credited: Vec<(Payment, i64)>) {
    let title = errand.office.system.title;
    let mut messages = Vec::with_capacity(credited.len());
    let mut total = 0;
    for (payment, balance) in &credited {
        total += payment.amount.minor;
        let account = errand.office.store.read(|db| store::account(db, &payment.account));
        let phone = account.ok().flatten().and_then(|account| account.phone);
        let balance = Money::new(*balance, payment.amount.currency);
        let text = notice(title, payment.amount, &payment.payer, balance);
        messages.extend(phone.map(|phone| json!({"to": phone, "text": text})));
    }
    let Some((first, _)) = credited.first() else { return };
    let sum = Money::new(total, first.amount.currency);
    let sentence = format!("{title}: {} accounts credited with {sum} in all.", credited.len());
    let facts = json!({"accounts": credited.len(), "sum": format!("{sum} {}", sum.currency)});
    errand.event("accounts credited", &sentence, &facts);
    for part in messages.chunks(MOST_MESSAGES) {
        let letter = Letter::post("messenger", "/sms/batch").json(&json!({"messages": part}));
        if let Err(error) = errand.send(letter).await {
            tracing::info!(%error, "holders could not be told of payments");
        }
    }
}

/// The switch knows nothing of a bulk: what was reserved for it is given up.
pub(super) fn give_up(errand: &Errand, id: &str) -> Result<(), StoreError> {
    errand.office.memory.of::<Agenda>().strike(&uri_of(id));
    errand.office.store.alter(|tx| {
        for payment in store::reserved_in_bulk(tx, id)? {
            store::cancel(tx, &payment.transfer)?;
        }
        Ok(())
    })
}
