//! Lists of many payments: they are split by the payee's bank into bundles of at most a thousand, each of which is quoted
//! and transferred as one bulk (FSPIOP 1.1, 6.6 and 6.8). Few bundles are on their way at once, so that a list of any
//! length takes the same room.

mod answers;
mod send;

use std::collections::BTreeMap;

use jiff::SignedDuration;
use rusqlite::Connection;
use serde_json::json;
use standards::fspiop::DateTime;

pub(in crate::payment_hub) use answers::{quoted, quotes_failed, transferred, transfers_failed};

use super::intake::id_of;
use super::{funds, kept, report};
use crate::kit::courier::Errand;
use crate::kit::store::next_number;
use crate::payment_hub::model::{BundleState, State, Why};
use crate::payment_hub::store::{self, Batch, Bundle, Instruction};

/// FSPIOP allows so many payments in one bulk.
const MOST_IN_BULK: usize = 1000;
/// So many bundles are on their way at once.
const MOST_ON_THEIR_WAY: i64 = 4;
/// The switch may carry the transfers of a bundle out for so long.
const TRANSFER_SECONDS: i64 = 60;

/// Splits a list by bank, and keeps the bundles in the order of the banks' names.
pub(super) fn plan(
    errand: &Errand,
    tx: &Connection,
    batch: &Batch,
    payments: &[Instruction],
) -> rusqlite::Result<()> {
    let mut banks: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for payment in payments {
        banks.entry(&payment.payee_bank).or_default().push(payment.id);
    }
    let bulks = banks.iter().flat_map(|(bank, all)| all.chunks(MOST_IN_BULK).map(|p| (*bank, p)));
    for (bank, part) in bulks {
        let id = next_number(tx, "bundle")?;
        let new = Bundle {
            id,
            batch: batch.id,
            payee_bank: bank.to_owned(),
            state: BundleState::Planned,
            bulk_quote_id: id_of(errand, &format!("bundle {id} quotes")),
            bulk_transfer_id: id_of(errand, &format!("bundle {id} transfers")),
            expiration: None,
            paid_minor: 0,
            failed_minor: 0,
            cause: errand.cause.to_text(),
        };
        store::add_bundle(tx, &new, part)?;
    }
    Ok(())
}

/// Sends bundles off that wait for their turn, as many as may be on their way.
pub(super) async fn start_next(errand: &Errand, batch: i64) {
    loop {
        let (at, cause) = (errand.stamp(), errand.cause.to_text());
        let started = errand.office.store.alter(|tx| {
            let Some(next) = store::next_planned(tx, batch, MOST_ON_THEIR_WAY)? else {
                return Ok(None);
            };
            let step = (State::Received, State::Quoting);
            store::move_bundle(tx, next.id, BundleState::Quoting, step, (&at, &cause))?;
            store::bundle(tx, next.id)
        });
        let Some(Some(bundle)) = kept("starting a bundle", started) else { return };
        send::send(errand, &bundle).await;
    }
}

/// Moves a bundle on from one of `from` with its payments, with the cause of what is sent next. None where it stands
/// elsewhere by now.
fn enter(
    errand: &Errand,
    bundle: &Bundle,
    (from, to): (&[BundleState], BundleState),
    payments: (State, State),
) -> Option<Bundle> {
    let (id, at, cause) = (bundle.id, errand.stamp(), errand.cause.to_text());
    let expiration = DateTime::from(errand.now() + SignedDuration::from_secs(TRANSFER_SECONDS));
    let entered = errand.office.store.alter(|tx| {
        if !stands(tx, id, from)? {
            return Ok(None);
        }
        store::move_bundle(tx, id, to, payments, (&at, &cause))?;
        if to == BundleState::Transferring {
            store::set_bundle_expiration(tx, id, &expiration)?;
        }
        store::bundle(tx, id)
    });
    kept("moving a bundle on", entered).flatten()
}

fn stands(tx: &Connection, id: i64, from: &[BundleState]) -> rusqlite::Result<bool> {
    Ok(store::bundle(tx, id)?.is_some_and(|bundle| from.contains(&bundle.state)))
}

/// What follows when a bundle has ended, which the caller has kept: the treasury books it, the next one starts, and the
/// list ends with its last payment. Payments that are still in doubt are asked after one by one.
async fn ended(errand: &Errand, id: i64) {
    let read = errand.office.store.read(|db| {
        let bundle = store::bundle(db, id)?;
        let batch = bundle.as_ref().map(|bundle| store::batch(db, bundle.batch)).transpose()?;
        Ok((bundle, batch.flatten(), store::members(db, id)?))
    });
    let Some((Some(bundle), Some(batch), members)) = kept("reading a bundle", read) else { return };
    send::unwatch(errand, &bundle);
    tell_of_end(errand, &bundle, &members);
    funds::settle_bundle(errand, &bundle).await;
    for payment in members.into_iter().filter(|payment| payment.state == State::InDoubt) {
        Box::pin(super::steps::send(errand, &payment)).await;
    }
    start_next(errand, batch.id).await;
    report::end(errand, &batch).await;
}

/// One event a bundle: a list of thousands is told in a few lines.
fn tell_of_end(errand: &Errand, bundle: &Bundle, members: &[Instruction]) {
    let count = |state: State| members.iter().filter(|payment| payment.state == state).count();
    let (paid, failed) = (count(State::Paid), count(State::Failed));
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for why in members.iter().filter_map(|payment| payment.why.as_ref()) {
        let code = why.scheme_code.map_or_else(|| why.code.to_string(), |code| code.to_string());
        *codes.entry(code).or_default() += 1;
    }
    let facts = json!({"bank": bundle.payee_bank, "paid": paid, "failed": failed,
        "in_doubt": count(State::InDoubt), "codes": codes,
        "bulk_transfer_id": bundle.bulk_transfer_id});
    let told: Vec<String> = codes.iter().map(|(code, count)| format!("{count} × {code}")).collect();
    let why = if told.is_empty() { String::new() } else { format!(" ({})", told.join(", ")) };
    let sentence = format!("{}: {paid} paid, {failed} failed{why}.", bundle.payee_bank);
    errand.event("bulk ended", &sentence, &facts);
}

/// Fails every payment of a bundle that may still fail, and ends it.
async fn fail(errand: &Errand, bundle: &Bundle, from: &[BundleState], why: &Why) {
    let (id, at, cause) = (bundle.id, errand.stamp(), errand.cause.to_text());
    let open = [State::Quoting, State::Transferring, State::InDoubt];
    let failed = errand.office.store.alter(|tx| {
        if !stands(tx, id, from)? {
            return Ok(false);
        }
        for payment in store::members(tx, id)? {
            store::advance(tx, payment.id, (&open, State::Failed), Some(why), &at)?;
        }
        store::end_bundle(tx, id, &cause)?;
        Ok(true)
    });
    if kept("failing a bundle", failed) == Some(true) {
        Box::pin(ended(errand, id)).await;
    }
}

/// Takes a bundle up that a stop interrupted: quotes are asked for anew, transfers are asked after.
pub(super) async fn resume(errand: &Errand, bundle: Bundle) {
    match bundle.state {
        BundleState::Planned | BundleState::Queued => start_next(errand, bundle.batch).await,
        BundleState::Quoting => {
            if let Some(bundle) = ask_anew(errand, &bundle) {
                send::send(errand, &bundle).await;
            }
        }
        BundleState::Transferring => {
            if let Some(bundle) = send::doubt(errand, &bundle, "the hub was stopped") {
                send::send(errand, &bundle).await;
            }
        }
        BundleState::InDoubt => send::send(errand, &bundle).await,
        BundleState::Ended => funds::settle_bundle(errand, &bundle).await,
    }
}

/// New ids for a question whose answer may be lost. Nothing moves by a quote, so it may be asked twice.
fn ask_anew(errand: &Errand, bundle: &Bundle) -> Option<Bundle> {
    let id = bundle.id;
    let renamed = errand.office.store.alter(|tx| {
        if !stands(tx, id, &[BundleState::Quoting])? {
            return Ok(None);
        }
        let round = next_number(tx, "requote")?;
        let quotes: Vec<(i64, String)> = store::members(tx, id)?
            .iter()
            .map(|p| (p.id, id_of(errand, &format!("payment {} quote, round {round}", p.id))))
            .collect();
        let name = id_of(errand, &format!("bundle {id} quotes, round {round}"));
        store::rename_quotes(tx, (id, &name), &quotes)?;
        store::bundle(tx, id)
    });
    kept("asking for quotes anew", renamed).flatten()
}
