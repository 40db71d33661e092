//! Doing a batch now or later, and bringing its answer to who handed it in. A batch that was acknowledged is kept, so
//! that it is also done and answered when the program stops in between.

use std::sync::Arc;

use serde_json::Value;
use standards::dci::{Action, Envelope, Header, ReasonCode, Status};

use super::g2p::{self, Forgiving};
use super::model::Verb;
use super::store::{self, Batch};
use crate::kit::courier::Errand;
use crate::kit::dci::callback;
use crate::kit::retry::{MOST_ATTEMPTS, wait_for_another_try};
use crate::kit::room::{Office, Policy};
use crate::kit::store::{StoreError, next_number};
use crate::kit::trust::jwks::sender_id_of;

/// A batch that was acknowledged and still has to be done.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) correlation_id: String,
    pub(super) verb: Verb,
    pub(super) envelope: Envelope<Value>,
}

/// Does a batch and keeps its answer for who asks after it.
pub(super) fn perform(
    errand: &Errand,
    verb: Verb,
    asked: &Envelope<Value>,
    batch: &g2p::Batch,
    correlation_id: &str,
) -> Result<Value, StoreError> {
    let at = errand.stamp();
    errand.office.store.write(|tx| {
        let message = g2p::perform(tx, verb, batch, correlation_id, &at)?;
        let kept = kept_batch((verb, correlation_id), asked, batch, Some(message.to_string()));
        store::keep(tx, next_number(tx, "batch")?, &kept, &batch.references())?;
        Ok(message)
    })
}

/// Keeps a batch that is done after the acknowledgement.
pub(super) fn keep(
    errand: &Errand,
    verb: Verb,
    asked: &Envelope<Value>,
    batch: &g2p::Batch,
    correlation_id: &str,
) -> Result<Kept, StoreError> {
    let kept = kept_batch((verb, correlation_id), asked, batch, None);
    errand.office.store.alter(|tx| {
        let number = next_number(tx, "batch")?;
        store::keep(tx, number, &kept, &batch.references())
    })?;
    Ok(Kept { correlation_id: correlation_id.into(), verb, envelope: asked.clone() })
}

fn kept_batch(
    (verb, correlation_id): (Verb, &str),
    asked: &Envelope<Value>,
    batch: &g2p::Batch,
    answer: Option<String>,
) -> Batch {
    Batch {
        correlation_id: correlation_id.into(),
        verb: verb.word().into(),
        transaction_id: batch.transaction_id.to_string(),
        sender_id: asked.header.sender_id.clone().unwrap_or_default(),
        request: serde_json::to_string(asked).unwrap_or_default(),
        answer,
    }
}

/// Does a kept batch and delivers the answer.
pub(super) async fn finish(errand: &Errand, kept: Kept) {
    let times = errand.office.room.policy() != Policy::Strict;
    let forgiving = Forgiving { times, names_of: None };
    let done = match g2p::read(kept.verb, &kept.envelope.message, forgiving) {
        Ok(batch) => do_kept(errand, &kept, &batch),
        Err(malformed) => {
            tracing::error!(%malformed, "a kept batch cannot be read any more");
            return;
        }
    };
    match done {
        Ok(message) => deliver(errand, kept, message).await,
        Err(error) => tracing::error!(%error, "a batch was acknowledged and could not be done"),
    }
}

/// Batch and answer are written in one transaction: either both are there after a stop, or neither.
fn do_kept(errand: &Errand, kept: &Kept, batch: &g2p::Batch) -> Result<Value, StoreError> {
    let at = errand.stamp();
    errand.office.store.write(|tx| {
        let message = g2p::perform(tx, kept.verb, batch, &kept.correlation_id, &at)?;
        store::answer(tx, &kept.correlation_id, &message.to_string())?;
        Ok(message)
    })
}

/// Delivers an answer; where nobody takes it, it is tried again by itself, so that what comes behind it need not wait.
async fn deliver(errand: &Errand, kept: Kept, message: Value) {
    let path = format!("/mapper/on-{}", kept.verb.word());
    // The action follows from the path: some clients wrote another one, as the published texts do.
    let asked = Header { action: kept.verb.action(), ..kept.envelope.header.clone() };
    let header = answering(errand, &asked, Status::Succ);
    let Some(address) = asked.sender_uri else { return };
    let id = kept.correlation_id;
    match send(errand, &address, &path, &header, &message).await {
        Sent::Taken => note_delivered(errand, &id),
        Sent::Refused => {}
        Sent::Nobody => {
            let late = errand.clone();
            errand.spawn(async move {
                for attempt in 1..MOST_ATTEMPTS {
                    wait_for_another_try(&late, &address, attempt).await;
                    if !is_waiting(&late, &id) {
                        return;
                    }
                    match send(&late, &address, &path, &header, &message).await {
                        Sent::Taken => return note_delivered(&late, &id),
                        Sent::Refused => return,
                        Sent::Nobody => {}
                    }
                }
            });
        }
    }
}

fn note_delivered(errand: &Errand, correlation_id: &str) {
    let store = &errand.office.store;
    let noted = store.alter(|tx| store::delivered(tx, correlation_id));
    if let Err(error) = noted {
        tracing::error!(%error, "a delivery could not be noted");
    }
}

/// Whether nobody has delivered the answer meanwhile.
fn is_waiting(errand: &Errand, correlation_id: &str) -> bool {
    errand.office.store.read(|db| store::is_undelivered(db, correlation_id)).unwrap_or(false)
}

/// Delivers the status of a transaction.
pub(super) async fn send_status(
    errand: &Errand,
    address: &str,
    asked: &Header,
    message: &Value,
    reason: Option<String>,
) {
    let asked = Header { action: Action::TxnStatus, ..asked.clone() };
    let header = match reason {
        Some(reason) => {
            let header = answering(errand, &asked, Status::Rjct);
            Header { completed_count: Some(0), ..header }.because(ReasonCode::ErrorsTooMany, reason)
        }
        None => answering(errand, &asked, Status::Succ),
    };
    for attempt in 1..=MOST_ATTEMPTS {
        match send(errand, address, "/mapper/txn/on-status", &header, message).await {
            Sent::Taken | Sent::Refused => return,
            Sent::Nobody => wait_for_another_try(errand, address, attempt).await,
        }
    }
}

fn answering(errand: &Errand, asked: &Header, status: Status) -> Header {
    let id = errand.office.next_id("MSG");
    asked.answer(status, &sender_id_of(super::SYSTEM.name), id, errand.stamp())
}

/// What became of an answer on its way. One that was not taken stays here: the asker can still ask for the status.
enum Sent {
    Taken,
    Refused,
    /// It is worth trying again.
    Nobody,
}

async fn send(
    errand: &Errand,
    address: &str,
    path: &str,
    header: &Header,
    message: &Value,
) -> Sent {
    let address = format!("{}{path}", address.trim_end_matches('/'));
    match callback(errand, &address, path, header, message).await {
        Ok(()) => Sent::Taken,
        Err(error) => {
            let sentence = format!("The answer could not be delivered: {error}");
            let facts = serde_json::json!({"address": address, "reason": error.to_string()});
            errand.event("answer not delivered", &sentence, &facts);
            if error.may_pass() { Sent::Nobody } else { Sent::Refused }
        }
    }
}

/// Takes up batches that were acknowledged and not answered before the last stop.
pub(super) fn wake(office: &Arc<Office>) {
    super::outbox::wake(office);
    let waiting = match office.store.read(store::undelivered) {
        Ok(waiting) => waiting,
        Err(error) => {
            tracing::error!(%error, "unfinished batches could not be read");
            return;
        }
    };
    if waiting.is_empty() {
        return;
    }
    let errand = Errand { office: Arc::clone(office), cause: office.room.stranger() };
    let own = errand.clone();
    errand.spawn(async move {
        for batch in waiting {
            take_up(&own, batch).await;
        }
    });
}

async fn take_up(errand: &Errand, batch: Batch) {
    let envelope = serde_json::from_str(&batch.request).ok();
    let (Some(envelope), Some(verb)) = (envelope, Verb::named(&batch.verb)) else { return };
    let kept = Kept { correlation_id: batch.correlation_id, verb, envelope };
    match batch.answer.as_deref().map(serde_json::from_str::<Value>) {
        Some(Ok(message)) => deliver(errand, kept, message).await,
        // Without an answer, nothing of it was done.
        _ => finish(errand, kept).await,
    }
}
