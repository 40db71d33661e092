//! Callbacks: what was acknowledged is worked on and delivered to `sender_uri`, again and again where nobody is there.
//! Transactions under way are kept in the archive and taken up after a restart.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use reqwest::{Method, Url};
use serde_json::Value;
use standards::dci::{Action, Header, Status};

use super::archive::{self, Operation, Txn};
use super::book::Registry;
use super::{async_search, door, subscriptions, transactions, unsubscribe};
use crate::kit::cause::Cause;
use crate::kit::clock::pause;
use crate::kit::courier::{Errand, Letter};
use crate::kit::room::Office;
use crate::kit::store::StoreError;
use crate::kit::trust::jwks::sender_id_of;

/// Delivery is given up after so many failures: about four hours on the sandbox clock.
const MOST_ATTEMPTS: u32 = 10;
/// The first wait on the sandbox clock; each later one is twice as long.
const FIRST_WAIT_S: i64 = 30;

/// What is delivered next.
pub(super) struct Step {
    pub(super) header: Header,
    pub(super) message: Value,
    /// Whether something follows.
    pub(super) more: bool,
}

/// Works on a transaction until its answer is delivered or given up.
pub(super) async fn follow(errand: Errand, registry: &'static Registry, correlation_id: String) {
    while let Some(attempt) = once(&errand, registry, &correlation_id).await {
        wait(&errand, &attempt).await;
    }
}

/// Works on several, one after the other, so that their order is the same on every run; what fails waits by itself.
pub(super) async fn follow_all(errand: Errand, registry: &'static Registry, ids: Vec<String>) {
    for id in ids {
        if let Some(attempt) = once(&errand, registry, &id).await {
            let again = errand.clone();
            errand.spawn(async move {
                wait(&again, &attempt).await;
                follow(again, registry, id).await;
            });
        }
    }
}

/// Takes up every transaction that was under way when the program ended.
pub fn take_up(office: &Arc<Office>, registry: &'static Registry) {
    let under_way = match archive::all_under_way(&office.store) {
        Ok(under_way) => under_way,
        Err(error) => {
            tracing::error!(%error, "callbacks that were under way could not be read");
            return;
        }
    };
    for txn in under_way {
        let told = Cause::from_headers(&txn.traceparent, &txn.tracestate);
        let cause = told.map_or_else(|| office.room.stranger(), |(_, cause)| cause);
        let errand = Errand { office: Arc::clone(office), cause };
        errand.spawn(follow(errand.clone(), registry, txn.correlation_id));
    }
}

/// A failed attempt: to whom, and the how-manieth.
struct Failed {
    address: String,
    attempt: u32,
}

/// Delivers what is due until nothing is, or delivery fails.
async fn once(errand: &Errand, registry: &'static Registry, id: &str) -> Option<Failed> {
    loop {
        match next(errand, registry, id).await {
            Ok(Some(failed)) if failed.attempt > 0 => return Some(failed),
            Ok(Some(_)) => {}
            Ok(None) => return None,
            Err(error) => {
                tracing::error!(%error, id, "a callback could not be worked on");
                return None;
            }
        }
    }
}

/// Delivers the next step. `None`: all is done. Attempt 0: a page was delivered, and another follows.
async fn next(
    errand: &Errand,
    registry: &'static Registry,
    id: &str,
) -> Result<Option<Failed>, StoreError> {
    let store = &errand.office.store;
    let Some(txn) = archive::under_way(store, id)? else { return Ok(None) };
    let step = step(errand, registry, &txn)?;
    let more = step.more;
    match deliver(errand, &txn, step).await {
        Delivery::Done if more => {
            archive::turn_page(store, id)?;
            Ok(Some(Failed { address: txn.address, attempt: 0 }))
        }
        Delivery::Done => {
            archive::close(store, id, "")?;
            Ok(None)
        }
        Delivery::Nobody(problem) if txn.attempt + 1 < MOST_ATTEMPTS => {
            archive::failed_again(store, id, &problem)?;
            Ok(Some(Failed { address: txn.address, attempt: txn.attempt + 1 }))
        }
        Delivery::Nobody(problem) | Delivery::Refused(problem) => {
            archive::close(store, id, &problem)?;
            let facts = serde_json::json!({"correlation_id": id, "address": txn.address});
            errand.event("callback given up", &problem, &facts);
            Ok(None)
        }
    }
}

fn step(errand: &Errand, registry: &'static Registry, txn: &Txn) -> Result<Step, StoreError> {
    match txn.operation {
        Operation::Search => async_search::step(errand, registry, txn),
        Operation::Subscribe => subscriptions::subscribe(errand, registry, txn),
        Operation::Unsubscribe => unsubscribe::unsubscribe(errand, txn),
        Operation::TxnStatus => transactions::step(errand, txn),
        Operation::Notify => Ok(notice(errand, txn)),
    }
}

/// A notice was written when the event happened.
fn notice(errand: &Errand, txn: &Txn) -> Step {
    let message = txn.answer.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let (office, at) = (&errand.office, errand.stamp());
    let id = office.next_id("MSG");
    let mut header = Header::request(Action::Notify, &sender_id_of(office.system.name), id, at, 1);
    header.status = Some(Status::Succ);
    Step { header: header.to(&txn.sender), message: message.unwrap_or_default(), more: false }
}

/// The header of the answer to the message of `txn`.
pub(super) fn header(errand: &Errand, asked: &Header, status: Status) -> Header {
    let office = &errand.office;
    let id = office.next_id("MSG");
    asked.answer(status, &sender_id_of(office.system.name), id, errand.stamp())
}

enum Delivery {
    Done,
    /// Nobody took it; it is worth trying again.
    Nobody(String),
    /// It was taken and refused.
    Refused(String),
}

async fn deliver(errand: &Errand, txn: &Txn, step: Step) -> Delivery {
    let body = door::sealed(errand, &step.header, &step.message);
    let letter = Letter::to_address(Method::POST, &txn.address)
        .route(&format!("/registry/{}", txn.operation.callback()))
        .correlation(&txn.transaction_id.to_string())
        .bytes("application/json", body);
    match errand.send(letter).await {
        Ok(reply) if reply.is_success() => Delivery::Done,
        Ok(reply) if matches!(reply.status, 408 | 429 | 500..) => {
            Delivery::Nobody(format!("{} answered {}", txn.address, reply.status))
        }
        Ok(reply) => Delivery::Refused(format!(
            "{} answered {} and is not asked again",
            txn.address, reply.status
        )),
        Err(error @ crate::kit::courier::Undelivered::NotAllowed(_)) => {
            Delivery::Refused(error.to_string())
        }
        Err(error) => Delivery::Nobody(error.to_string()),
    }
}

/// Waits for the next attempt on the sandbox clock. Somebody outside may come back while the sandbox clock stands
/// still, so there real time counts too.
async fn wait(errand: &Errand, failed: &Failed) {
    let room = &errand.office.room;
    let doubled = 1_i64 << (failed.attempt.saturating_sub(1)).min(16);
    let due = errand.now().saturating_add(SignedDuration::from_secs(FIRST_WAIT_S * doubled));
    let reached = room.clock.reach(due.unwrap_or(jiff::Timestamp::MAX));
    if room.fabric.owner_of(&room.name, &failed.address).is_some() {
        reached.await;
        return;
    }
    let real = Duration::from_millis(500).saturating_mul(u32::try_from(doubled).unwrap_or(64));
    tokio::select! {
        () = reached => {}
        () = pause(real.min(Duration::from_mins(1))) => {}
    }
}

/// The whole address of a callback. `sender_uri` is a system's base, or the address of one of its callbacks, or an
/// address of its own making, which is used as it stands.
pub(super) fn address(office: &Office, sender_uri: &str, callback: &str) -> Option<String> {
    let url = Url::parse(sender_uri).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let bare = sender_uri.trim_end_matches('/');
    let path = url.path().trim_end_matches('/');
    let known = ["on-search", "on-subscribe", "on-unsubscribe", "txn/on-status", "notify"];
    let ours = |base: &str| {
        office.room.fabric.systems().iter().any(|s| base.ends_with(&format!("/{}", s.mount())))
    };
    if let Some(base) = known.iter().find_map(|k| bare.strip_suffix(k)?.strip_suffix('/')) {
        return Some(format!("{base}/{callback}"));
    }
    if path.ends_with("/registry") {
        return Some(format!("{bare}/{callback}"));
    }
    if path.is_empty() || ours(bare) {
        return Some(format!("{bare}/registry/{callback}"));
    }
    Some(bare.to_owned())
}
