//! Callbacks: what was acknowledged is worked on and delivered to `sender_uri`, again and again where nobody is there.
//! Transactions under way are kept in the archive and taken up after a restart.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::Method;
use serde_json::Value;
use standards::dci::{Action, Header, Status};
use url::Url;

use super::archive::{self, Operation, Places, Txn};
use super::book::Registry;
use super::queues::{MOST_WAITING, Queues, Turn, Waiting};
use super::sync::meant;
use super::{async_search, door, subscriptions, transactions, unsubscribe};
use crate::kit::cause::Cause;
use crate::kit::courier::{Errand, Letter};
use crate::kit::retry::{MOST_ATTEMPTS, is_outside, wait_for_another_try};
use crate::kit::room::Office;
use crate::kit::store::StoreError;
use crate::kit::trust::jwks::sender_id_of;

/// What the archive fails on so many times is given up, so that nobody waits behind it for long.
const MOST_FAILURES: u32 = 5;

/// What is delivered next.
pub(super) struct Step {
    pub(super) header: Header,
    pub(super) message: Value,
    /// Where the next page begins, where one follows.
    pub(super) next: Option<Places>,
}

/// Works on a transaction until its answer is delivered or given up. Where others wait for the same address, it waits
/// behind them; who just asked from outside is there again, and the first of them is tried at once.
pub(super) async fn follow(errand: Errand, registry: &'static Registry, correlation_id: String) {
    let Some((queues, address)) = place(&errand, &correlation_id) else { return };
    let waiting = Waiting { errand, id: correlation_id };
    let outside = is_outside(&waiting.errand.office.room, &address);
    let Some(alone) = queues.behind_others(&address, waiting) else {
        if outside {
            queues.ring(&address);
        }
        return;
    };
    if let Progress::Failed(failed) = once(&alone, registry, Some(MOST_ATTEMPTS)).await
        && let Some(turn) = Turn::take(&queues, &address, alone)
    {
        try_again(turn, registry, failed);
    }
}

/// Works on several, one after the other, so that their order is the same on every run. Where nobody is at an address, all
/// that comes for it waits behind the first, and the rest goes on.
pub(super) async fn follow_all(errand: Errand, registry: &'static Registry, ids: Vec<String>) {
    for id in ids {
        let Some((queues, address)) = place(&errand, &id) else { continue };
        let waiting = Waiting { errand: errand.clone(), id };
        let Some(turn) = Turn::take(&queues, &address, waiting) else { continue };
        let mut turn = Some(turn);
        while let Some(at) = turn.take() {
            match once(&at.current, registry, Some(MOST_ATTEMPTS)).await {
                Progress::Failed(failed) => try_again(at, registry, failed),
                _ => turn = at.next(),
            }
        }
    }
}

/// Where a transaction waits: the queues of its office, and its address. None where nothing is to be done, or too many wait
/// there already.
fn place(errand: &Errand, id: &str) -> Option<(Arc<Queues>, String)> {
    let queues = errand.office.memory.of::<Queues>();
    let found = archive::address_of(&errand.office.store, id).and_then(|address| match address {
        Some(address) if queues.is_full(&address) => {
            let problem = format!("{MOST_WAITING} messages wait for {address} already");
            give_up(errand, (id, &address), &problem).map(|()| None)
        }
        address => Ok(address),
    });
    match found {
        Ok(address) => Some((queues, address?)),
        Err(error) => {
            tracing::error!(%error, id, "a callback could not be read");
            None
        }
    }
}

/// Tries again by itself until the first in the queue is delivered or given up, and then the others. Once somebody was given
/// up, those who wait behind are tried once each: they have waited as long.
fn try_again(turn: Turn, registry: &'static Registry, failed: Failed) {
    let errand = turn.current.errand.clone();
    errand.spawn(async move {
        let (mut turn, mut progress) = (turn, Progress::Failed(failed));
        loop {
            while let Progress::Failed(failed) = progress {
                let rung = wait(&turn, &failed).await;
                progress = once(&turn.current, registry, (!rung).then_some(MOST_ATTEMPTS)).await;
            }
            let attempts = if matches!(progress, Progress::GivenUp) { 1 } else { MOST_ATTEMPTS };
            let Some(next) = turn.next() else { return };
            turn = next;
            progress = once(&turn.current, registry, Some(attempts)).await;
        }
    });
}

/// Takes up every transaction that was under way when the program ended: what goes to one address in the order in which
/// it came, so that nobody hears of a death before the birth.
pub fn take_up(office: &Arc<Office>, registry: &'static Registry) {
    let under_way = match archive::all_under_way(&office.store) {
        Ok(under_way) => under_way,
        Err(error) => {
            tracing::error!(%error, "callbacks that were under way could not be read");
            return;
        }
    };
    let mut addresses: BTreeMap<String, Vec<(Errand, String)>> = BTreeMap::new();
    for txn in under_way {
        let told = Cause::from_headers(&txn.traceparent, &txn.tracestate);
        let cause = told.map_or_else(|| office.room.stranger(), |(_, cause)| cause);
        let errand = Errand { office: Arc::clone(office), cause };
        addresses.entry(txn.address).or_default().push((errand, txn.correlation_id));
    }
    for waiting in addresses.into_values() {
        let Some((first, _)) = waiting.first().cloned() else { continue };
        first.spawn(async move {
            for (errand, id) in waiting {
                follow_all(errand, registry, vec![id]).await;
            }
        });
    }
}

/// A failed attempt: to whom, and its number.
struct Failed {
    address: String,
    attempt: u32,
}

/// How far a transaction has come.
enum Progress {
    /// A page was delivered, and another follows.
    Page,
    /// Nothing is left to do.
    Done,
    /// Nobody was there; it is to be tried again.
    Failed(Failed),
    /// Nobody was there for so long that it is not tried again.
    GivenUp,
}

/// Delivers what is due until nothing is, or delivery fails; given up after so many failed attempts, where they count.
async fn once(waiting: &Waiting, registry: &'static Registry, attempts: Option<u32>) -> Progress {
    let Waiting { errand, id } = waiting;
    loop {
        match next(errand, registry, (id, attempts)).await {
            Ok(Progress::Page) => {}
            Ok(progress) => return progress,
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    id,
                    "a callback could not be worked on"
                );
                return not_worked_on(errand, id).unwrap_or_else(|error| {
                    tracing::error!(%error, id, "nor be read; the next start takes it up");
                    Progress::GivenUp
                });
            }
        }
    }
}

/// What the archive failed on is tried again, a few times, and as long as nothing can be written. Then it is refused: whoever
/// asks after it is told so.
fn not_worked_on(errand: &Errand, id: &str) -> Result<Progress, StoreError> {
    let store = &errand.office.store;
    let Some(txn) = archive::under_way(store, id)? else { return Ok(Progress::Done) };
    let problem = "the archive failed";
    let noted = if txn.attempt + 1 < MOST_FAILURES {
        archive::failed_again(store, id, problem).map(|()| false)
    } else {
        let state = if txn.state.is_final() { txn.state } else { Status::Rjct };
        let refused = store.alter(|tx| archive::note(tx, &txn, state, None));
        refused.and_then(|()| give_up(errand, (id, &txn.address), problem)).map(|()| true)
    };
    let over = noted.unwrap_or_else(|error| {
        tracing::error!(%error, id, "nor can that be noted");
        false
    });
    let failed = Failed { address: txn.address, attempt: txn.attempt + 1 };
    Ok(if over { Progress::GivenUp } else { Progress::Failed(failed) })
}

/// Delivers the next step.
async fn next(
    errand: &Errand,
    registry: &'static Registry,
    (id, attempts): (&str, Option<u32>),
) -> Result<Progress, StoreError> {
    let store = &errand.office.store;
    let Some(mut txn) = archive::under_way(store, id)? else { return Ok(Progress::Done) };
    if txn.message_id.is_empty() {
        txn.message_id = errand.office.next_id("MSG");
    }
    let Step { header, message, next } = step(errand, registry, &txn)?;
    match deliver(errand, &txn, header, message).await {
        Delivery::Done => {
            let Some(places) = next else {
                archive::close(store, id, "")?;
                return Ok(Progress::Done);
            };
            archive::turn_page(store, id, &places)?;
            Ok(Progress::Page)
        }
        Delivery::Nobody(_) if attempts.is_none() => {
            Ok(Progress::Failed(Failed { address: txn.address, attempt: txn.attempt.max(1) }))
        }
        Delivery::Nobody(problem) if attempts.is_some_and(|most| txn.attempt + 1 < most) => {
            archive::failed_again(store, id, &problem)?;
            Ok(Progress::Failed(Failed { address: txn.address, attempt: txn.attempt + 1 }))
        }
        Delivery::Nobody(problem) => {
            give_up(errand, (id, &txn.address), &problem)?;
            Ok(Progress::GivenUp)
        }
        Delivery::Refused(problem) => {
            give_up(errand, (id, &txn.address), &problem)?;
            Ok(Progress::Done)
        }
    }
}

/// Has nothing more be done for a transaction, and says so on the stage.
fn give_up(errand: &Errand, (id, address): (&str, &str), problem: &str) -> Result<(), StoreError> {
    archive::close(&errand.office.store, id, problem)?;
    let facts = serde_json::json!({"correlation_id": id, "address": address});
    errand.event("callback given up", problem, &facts);
    Ok(())
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
    let own = sender_id_of(office.system.name);
    let mut header = Header::request(Action::Notify, &own, txn.message_id.as_str(), at, 1);
    header.status = Some(Status::Succ);
    Step { header: header.to(&txn.sender), message: message.unwrap_or_default(), next: None }
}

/// The header of the answer to the message of `txn`, which came with such a header and so many items.
pub(super) fn header(
    errand: &Errand,
    txn: &Txn,
    (asked, count): (&Header, usize),
    status: Status,
) -> Header {
    let asked = meant(asked, txn.operation.action(), count);
    let own = sender_id_of(errand.office.system.name);
    asked.answer(status, &own, txn.message_id.as_str(), errand.stamp())
}

enum Delivery {
    Done,
    /// Nobody took it; it is worth trying again.
    Nobody(String),
    /// It was taken and refused.
    Refused(String),
}

async fn deliver(errand: &Errand, txn: &Txn, mut header: Header, message: Value) -> Delivery {
    if txn.address.is_empty() {
        // Whoever named no address asks after the answer.
        return Delivery::Done;
    }
    header.is_msg_encrypted = txn.style.encrypted;
    let body = match door::sealed(errand, &header, &message).await {
        Ok(body) => body,
        Err(error) => return Delivery::Nobody(error.to_string()),
    };
    let mut letter = Letter::to_address(Method::POST, &txn.address)
        .route(&format!("/registry/{}", txn.operation.callback()))
        .correlation(&txn.transaction_id.to_string())
        .bytes("application/json", body);
    let token = match door::token_for(errand, &txn.sender).await {
        Ok(token) => token,
        Err(error) => return Delivery::Nobody(error.to_string()),
    };
    if let Some(token) = &token {
        letter = letter.bearer(token);
    }
    match errand.send(letter).await {
        Ok(reply) if reply.is_success() => Delivery::Done,
        // Who does not let us in may do so once a token is set, or its clock is right.
        Ok(reply) if matches!(reply.status, 401 | 403 | 408 | 429 | 500..) => {
            if let Some(token) = token.filter(|_| reply.status == 401) {
                door::give_up_token(errand, &txn.sender, &token);
            }
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

/// Waits for another try; says whether somebody at the address was heard of meanwhile. Such a try does not count.
async fn wait(turn: &Turn, failed: &Failed) -> bool {
    tokio::select! {
        () = wait_for_another_try(&turn.current.errand, &failed.address, failed.attempt) => false,
        () = turn.rung() => true,
    }
}

/// The whole address of a callback. `sender_uri` is a system's base, or the address of one of its callbacks, or an
/// address of its own making, which is used as it stands.
pub(super) fn address(office: &Office, sender_uri: &str, callback: &str) -> Option<String> {
    let mut url = Url::parse(sender_uri).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let path = url.path().trim_end_matches('/');
    let known = ["on-search", "on-subscribe", "on-unsubscribe", "txn/on-status", "notify"];
    let ours = |base: &str| {
        office.room.fabric.systems().iter().any(|s| base.ends_with(&format!("/{}", s.mount())))
    };
    let whole =
        if let Some(base) = known.iter().find_map(|k| path.strip_suffix(k)?.strip_suffix('/')) {
            format!("{base}/{callback}")
        } else if path.ends_with("/registry") {
            format!("{path}/{callback}")
        } else if path.is_empty() || ours(path) {
            format!("{path}/registry/{callback}")
        } else {
            return Some(sender_uri.trim_end_matches('/').to_owned());
        };
    // A query stays behind the path.
    url.set_path(&whole);
    Some(url.into())
}
