//! What the switch does with bulks when nobody asks: passing them on, telling how they ended, letting them expire, and
//! taking all of that up again after a restart. The counterpart of `transfers.rs`.

use std::collections::BTreeSet;

use http::Method;
use serde_json::Value;
use standards::fspiop::{BulkTransferState, BulkTransfersPutResponse, DateTime, Version};

use super::model::{Bulk, State, expired};
use super::relay::{Own, Passed, Side, address_of, ask, pass_on, say, say_error, version_in};
use super::store::{self, BulkEnd, KeptBulk};
use super::transfers::expired_meanwhile;
use crate::kit::agenda::Agenda;
use crate::kit::courier::Errand;
use crate::kit::fspiop::{OURS, Refusal, body, expire_in_real_time, in_full, moment};
use crate::kit::retry::{MOST_ATTEMPTS, wait_for_another_try};
use crate::kit::store::StoreError;

pub(super) const BULKS: &str = "/bulkTransfers";
pub(super) const BULK: &str = "/bulkTransfers/{id}";
pub(super) const BULK_ERROR: &str = "/bulkTransfers/{id}/error";

/// Passes a bulk on to the payee, and plans its expiry. One of which nothing could be reserved ends at once.
pub(super) async fn forward(errand: &Errand, kept: KeptBulk) {
    let bulk = kept.bulk.clone();
    plan_expiry(errand, &bulk);
    let Some(sent) = deliver(errand, &kept).await else { return };
    let done = match sent {
        Ok(Sent::Taken) => {
            errand.office.store.write(|tx| Ok(store::mark_bulk_forwarded(tx, &bulk.id)?))
        }
        Ok(Sent::Nothing) => end(errand, &bulk, None).map(drop),
        Err(why) => end(errand, &bulk, Some((State::AbortedRejected, &why))).map(drop),
    };
    if let Err(error) = done {
        tracing::error!(
            error = in_full(&error),
            bulk = bulk.id,
            "a bulk's state could not be kept"
        );
    }
    if let Ok(Some(kept)) = errand.office.store.read(|db| store::bulk(db, &bulk.id))
        && kept.bulk.state == BulkTransferState::Rejected
        && kept.bulk.answer_hash.is_none()
    {
        tell(errand, kept).await;
    }
}

/// Sends a bulk until its payee takes or refuses it; nothing where it ended before.
async fn deliver(errand: &Errand, kept: &KeptBulk) -> Option<Result<Sent, Refusal>> {
    for attempt in 1..=MOST_ATTEMPTS {
        match send(errand, kept.clone()).await {
            // Who did not answer may have taken it all the same: the money stays reserved until it expires.
            Err(why) if why.may_pass() => {
                tracing::info!(bulk = kept.bulk.id, %why, "a bulk may not have reached its payee");
            }
            sent => return Some(sent),
        }
        let address = address_of(errand, &kept.bulk.payee);
        wait_for_another_try(errand, &address, attempt).await;
        if !is_awaited(errand, &kept.bulk) {
            break;
        }
    }
    None
}

/// Whether a bulk has not ended, and is not about to expire.
fn is_awaited(errand: &Errand, bulk: &Bulk) -> bool {
    let kept = errand.office.store.read(|db| store::bulk(db, &bulk.id));
    let is_open = kept.ok().flatten().is_some_and(|kept| !kept.bulk.has_ended());
    is_open && bulk.expiration > moment(errand, (&bulk.payer, &bulk.payee))
}

enum Sent {
    Taken,
    /// There was nothing to send.
    Nothing,
}

/// A bulk of which all is reserved goes on as it came; of another, the switch asks for the rest in its own name, because
/// what the payer signed is no longer what is asked for.
async fn send(errand: &Errand, kept: KeptBulk) -> Result<Sent, Refusal> {
    let (id, payee) = (kept.bulk.id, kept.bulk.payee);
    let (is_reduced, places) = errand.office.store.read(|db| {
        let reserved = store::reserved_in_bulk(db, &id)?;
        let places = reserved.into_iter().filter_map(|kept| kept.bulk.map(|(_, place)| place));
        Ok((store::is_reduced(db, &id)?, places.collect::<BTreeSet<_>>()))
    })?;
    if places.is_empty() {
        return Ok(Sent::Nothing);
    }
    if !is_reduced {
        let parts = (Method::POST, String::from(BULKS), BULKS);
        pass_on(errand, Passed::kept(parts, &kept.headers, kept.body), &payee).await?;
        return Ok(Sent::Taken);
    }
    let mut rest: Value = serde_json::from_str(&kept.body).unwrap_or_default();
    if let Some(listed) = rest["individualTransfers"].as_array_mut() {
        let mut place = 0..;
        listed.retain(|_| place.next().is_some_and(|place| places.contains(&place)));
    }
    let to = Side::Payee;
    let own = Own { method: &Method::POST, uri: BULKS, route: BULKS, version: OURS, to };
    ask(errand, own, &payee, &rest).await?;
    Ok(Sent::Taken)
}

/// Ends what is still reserved of a bulk in the switch's own name. Says whether the bulk was under way.
fn end(errand: &Errand, bulk: &Bulk, why: Option<(State, &Refusal)>) -> Result<bool, StoreError> {
    let (at, cause) = (errand.stamp(), errand.cause.to_text());
    errand.office.store.write(|tx| {
        if store::bulk(tx, &bulk.id)?.is_none_or(|kept| kept.bulk.has_ended()) {
            return Ok(false);
        }
        if let Some(why) = why {
            for kept in store::reserved_in_bulk(tx, &bulk.id)? {
                store::abort(tx, &kept.transfer.prepare, why, None, (&at, &cause))?;
            }
        }
        let (state, error) = (&BulkTransferState::Rejected, why.map(|(_, why)| why));
        let end = BulkEnd { state, error, hash: None, answer: None };
        store::end_bulk(tx, &bulk.id, end, (&at, &cause))?;
        Ok(true)
    })
}

/// The path of a bulk, which its expiry is known by: a transfer may have the same id.
pub(super) fn uri_of(id: &str) -> String {
    format!("{BULKS}/{id}")
}

fn plan_expiry(errand: &Errand, bulk: &Bulk) {
    let expire = || {
        let (late, bulk) = (errand.clone(), bulk.clone());
        async move { expire(&late, &bulk).await }
    };
    let sides = (bulk.payer.as_str(), bulk.payee.as_str());
    expire_in_real_time(errand, sides, bulk.expiration, expire());
    if bulk.expiration > errand.now() || moment(errand, sides) >= bulk.expiration {
        let agenda = errand.office.memory.of::<Agenda>();
        agenda.plan(errand, &uri_of(&bulk.id), bulk.expiration, expire());
    }
}

async fn expire(errand: &Errand, bulk: &Bulk) {
    match end(errand, bulk, Some((State::ExpiredReserved, &expired()))) {
        Ok(true) => {
            if let Ok(Some(kept)) = errand.office.store.read(|db| store::bulk(db, &bulk.id)) {
                tell(errand, kept).await;
            }
        }
        Ok(false) => {}
        Err(error) => {
            tracing::error!(error = in_full(&error), bulk = bulk.id, "a bulk could not expire");
        }
    }
}

/// Tells the payer how a bulk ended.
pub(super) async fn tell(errand: &Errand, kept: KeptBulk) {
    let KeptBulk { bulk, answer, headers, .. } = kept;
    let version = version_in(&headers, &BULKS[1..]);
    let uri = uri_of(&bulk.id);
    errand.office.memory.of::<Agenda>().strike(&uri);
    match (answer, &bulk.error) {
        (Some((headers, body)), error) => {
            let (uri, route) =
                if error.is_some() { (format!("{uri}/error"), BULK_ERROR) } else { (uri, BULK) };
            let message = Passed::kept((Method::PUT, uri, route), &headers, body);
            if let Err(error) = pass_on(errand, message, &bulk.payer).await {
                tracing::info!(%error, payer = bulk.payer, "the end of a bulk was not taken");
            }
        }
        (None, Some(why)) => say_error(errand, (&uri, BULK_ERROR, version), &bulk.payer, why).await,
        (None, None) => tell_state(errand, &bulk, &bulk.payer, version).await,
    }
    let told = errand.office.store.alter(|tx| {
        store::drop_real_expiry(tx, &uri_of(&bulk.id))?;
        store::mark_bulk_told(tx, &bulk.id)
    });
    if let Err(error) = told {
        tracing::error!(
            error = in_full(&error),
            bulk = bulk.id,
            "it could not be kept that all were told"
        );
    }
}

/// Tells `fsp` how a bulk stands, and how each of its transfers ended that did.
pub(super) async fn tell_state(errand: &Errand, bulk: &Bulk, fsp: &str, version: Version) {
    let results = match errand.office.store.read(|db| store::results(db, &bulk.id)) {
        Ok(results) => results,
        Err(error) => {
            let error = in_full(&error);
            return tracing::error!(error, bulk = bulk.id, "a bulk could not be read");
        }
    };
    let told = BulkTransfersPutResponse {
        completed_timestamp: bulk.completed.clone().and_then(|at| DateTime::try_from(at).ok()),
        individual_transfer_results: results,
        bulk_transfer_state: bulk.state.clone(),
        extension_list: None,
    };
    let uri = uri_of(&bulk.id);
    let to = Side::of(fsp, (&bulk.payer, &bulk.payee));
    let own = Own { method: &Method::PUT, uri: &uri, route: BULK, version, to };
    say(errand, own, fsp, &body(&told)).await;
}

/// Takes a bulk up that a stop interrupted.
pub(super) async fn resume(errand: Errand, kept: KeptBulk) {
    if kept.bulk.has_ended() {
        tell(&errand, kept).await;
    } else if expired_meanwhile(&errand, &uri_of(&kept.bulk.id), kept.bulk.expiration) {
        expire(&errand, &kept.bulk).await;
    } else {
        // One that the payee has taken goes once more: its answer may have been lost, and it gives the same one twice.
        if kept.is_forwarded {
            tracing::info!(bulk = kept.bulk.id, "a bulk goes to its payee once more after a stop");
        }
        forward(&errand, kept).await;
    }
}
