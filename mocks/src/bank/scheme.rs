//! What a bank does at the payment scheme by itself: sending, crediting and telling the holder, asking how a transfer
//! ended that it gave its word for, and taking that up again after a restart.

use std::collections::BTreeSet;
use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};
use standards::fspiop::{ErrorInformationObject, TransferState, Version};
use standards::money::{Currency, Money};

use super::model::{Incoming, credited};
use super::store::{self, Payment};
use crate::kit::agenda::Agenda;
use crate::kit::cause::Cause;
use crate::kit::courier::{Errand, Letter, Reply};
use crate::kit::fspiop::{HUB, Head, Message, OURS, Refusal, in_full, note_undelivered, part_of};
use crate::kit::room::Office;
use crate::kit::store::StoreError;

/// The bank asks how a transfer ended so many seconds after it expired, to give the switch time to say so itself.
pub(super) const GRACE_SECONDS: i64 = 15;

/// The currency of all accounts here.
pub(super) fn currency() -> Currency {
    // A constant of the country, spelled right.
    "XTS".parse().unwrap_or_else(|_| unreachable!("XTS is three capital letters"))
}

/// Sends a message of this bank to the switch. A refusal says that the switch will never take it: it will not call back.
pub(super) async fn send(
    errand: &Errand,
    what: (&Method, &str, &str),
    destination: Option<&str>,
    body: Option<&Value>,
) -> Result<(), Refusal> {
    let answer = send_in(errand, OURS, what, destination, body).await;
    // One who is in trouble, or whose answer is not in the words of the standard, may take it all the same.
    let answer = answer.filter(|reply| (400..500).contains(&reply.status) || reply.status == 501);
    let said = answer.and_then(|reply| reply.json::<ErrorInformationObject>().ok());
    match said.map(|said| Refusal::from(said.error_information)) {
        Some(why) if !why.may_pass() => Err(why),
        _ => Ok(()),
    }
}

async fn send_in(
    errand: &Errand,
    version: Version,
    (method, uri, route): (&Method, &str, &str),
    destination: Option<&str>,
    body: Option<&Value>,
) -> Option<Reply> {
    let Some(switch) = part_of(&errand.office.room, HUB) else {
        tracing::info!(uri, "there is no payment switch to send to");
        return None;
    };
    let message = Message {
        method: method.clone(),
        uri,
        route,
        version,
        source: errand.office.system.name,
        destination,
        body,
    };
    let sent = errand.send(message.letter(errand, &switch)).await;
    let answer = sent.as_ref().ok().cloned();
    note_undelivered(uri, sent);
    answer
}

/// Who asked, and the version in which it wants to be answered.
#[derive(Debug, Clone)]
pub(super) struct Asker {
    pub(super) fsp: String,
    pub(super) version: Version,
}

impl From<&Head> for Asker {
    fn from(head: &Head) -> Self {
        Self { fsp: head.source.clone(), version: head.version }
    }
}

/// Sends a callback, or the error callback of the same path.
pub(super) async fn call_back(
    errand: &Errand,
    (uri, route): (&str, &str),
    asker: &Asker,
    outcome: Result<Value, Refusal>,
) {
    let (to, version) = (Some(asker.fsp.as_str()), asker.version);
    match outcome {
        Ok(body) => {
            send_in(errand, version, (&Method::PUT, uri, route), to, Some(&body)).await;
        }
        Err(why) => {
            let (uri, route) = (format!("{uri}/error"), format!("{route}/error"));
            let what = (&Method::PUT, uri.as_str(), route.as_str());
            send_in(errand, version, what, to, Some(&why.body())).await;
        }
    }
}

/// The switch says how a transfer ended: a reserved payment is credited once, or given up.
pub(super) async fn ended(
    errand: &Errand,
    transfer: &str,
    state: &TransferState,
) -> Result<(), StoreError> {
    let store = &errand.office.store;
    let Some(payment) = store.read(|db| store::payment(db, transfer))? else { return Ok(()) };
    match state {
        TransferState::Committed => {
            let at = errand.stamp();
            let balance = store.alter(|tx| store::credit(tx, &payment, &at))?;
            if let Some(balance) = balance {
                errand.office.memory.of::<Agenda>().strike(&uri_of(transfer));
                tell_holder(errand, &payment, balance).await;
            }
        }
        TransferState::Aborted => {
            store.alter(|tx| store::cancel(tx, transfer))?;
            errand.office.memory.of::<Agenda>().strike(&uri_of(transfer));
        }
        _ => plan_question(errand, &payment),
    }
    Ok(())
}

async fn tell_holder(errand: &Errand, payment: &Payment, balance: i64) {
    let account = errand.office.store.read(|db| store::account(db, &payment.account));
    let phone = account.ok().flatten().and_then(|account| account.phone);
    let Some(phone) = phone else { return };
    let balance = Money::new(balance, payment.amount.currency);
    let text = credited(errand.office.system.title, payment.amount, &payment.payer, balance);
    let shown = format!("{balance} {}", balance.currency);
    errand.event("account credited", &text, &json!({"msisdn": phone, "balance": shown}));
    let letter = Letter::post("messenger", "/sms").json(&json!({"to": phone, "text": text}));
    if let Err(error) = errand.send(letter.correlation(&payment.transfer)).await {
        tracing::info!(%error, "a holder could not be told of a payment");
    }
}

/// The path of a transfer, and what is planned for one that comes in is known by: bulks and payments that go out may have
/// the same id.
fn uri_of(transfer: &str) -> String {
    format!("/transfers/{transfer}")
}

/// Asks how the transfer ended, should nobody say so by its end; and again, until it is known.
pub(super) fn plan_question(errand: &Errand, payment: &Payment) {
    let late = errand.clone();
    let transfer = payment.transfer.clone();
    let after = errand.now().max(payment.expiration);
    let at = after + jiff::SignedDuration::from_secs(GRACE_SECONDS);
    let agenda = errand.office.memory.of::<Agenda>();
    agenda.plan(errand, &uri_of(&payment.transfer), at, async move {
        let kept = late.office.store.read(|db| store::payment(db, &transfer));
        if let Ok(Some(payment)) = kept
            && payment.state == Incoming::Reserved
        {
            plan_question(&late, &payment);
            ask(&late, &transfer).await;
        }
    });
}

/// `GET /transfers/{id}`: how did it end?
pub(super) async fn ask(errand: &Errand, transfer: &str) {
    // A question that is refused is asked again, until it is known how the transfer ended.
    drop(send(errand, (&Method::GET, &uri_of(transfer), "/transfers/{id}"), None, None).await);
}

/// Asks about every payment whose end the bank did not hear before it stopped.
pub(super) fn wake(office: &Arc<Office>) {
    let read = |db: &rusqlite::Connection| Ok((store::reserved(db)?, store::open_orders(db)?));
    let (waiting, orders) = match office.store.read(read) {
        Ok(found) => found,
        Err(error) => {
            let error = in_full(&error);
            tracing::error!(error, "a bank could not look for reserved payments");
            return;
        }
    };
    let errand = |cause: &str| {
        let cause = Cause::from_text(cause).unwrap_or_else(|| office.room.stranger());
        Errand { office: Arc::clone(office), cause }
    };
    for order in orders {
        let errand = errand(&order.cause);
        let work = errand.clone();
        errand.spawn(async move { super::outgoing::resume(&work, &order).await });
    }
    let mut bulks = BTreeSet::new();
    for payment in waiting {
        let errand = errand(&payment.cause);
        let work = errand.clone();
        match payment.bulk {
            Some(bulk) if !bulks.insert(bulk.clone()) => {}
            Some(bulk) => {
                // Should this question be lost as well, it is asked again.
                super::bulks::plan_question(&errand, &bulk, payment.expiration);
                errand.spawn(async move { super::bulks::ask(&work, &bulk).await });
            }
            None => {
                plan_question(&errand, &payment);
                errand.spawn(async move { ask(&work, &payment.transfer).await });
            }
        }
    }
}
