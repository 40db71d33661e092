//! How payments go their way: the mapper tells where persons are paid, and funds are set aside for the whole list. A
//! payment that is alone in its list goes by itself: the switch is asked who the payee is, the payee's bank for its terms,
//! and the switch to transfer. Many go in bundles, one bank each. What the hub decides is kept before a message leaves, so
//! it goes on after a stop where it was; what it does not know it asks, and never pays again.

mod bulk;
mod funds;
mod intake;
mod progress;
mod report;
mod resolve;
mod steps;

use std::sync::Arc;

pub(super) use bulk::{quoted, quotes_failed, transferred, transfers_failed};
pub(super) use funds::{Asked, is_account};
pub(super) use intake::{CURRENCY, MOST_PAYMENTS, NotTaken, Stand, Submission, submit};
pub(super) use progress::{ended, failed, found, terms};
pub(super) use report::{Waiting, address, completed, status, statuses, tell_answer, tell_g2p};

use super::model::{State, Why, is_anywhere};
use super::store::{self, Batch, BatchState, Instruction};
use crate::kit::agenda::Agenda;
use crate::kit::cause::Cause;
use crate::kit::courier::Errand;
use crate::kit::room::Office;
use crate::kit::store::StoreError;

/// What could not be kept is logged here; the payment is taken up again at the next start.
fn kept<T>(what: &str, outcome: Result<T, StoreError>) -> Option<T> {
    outcome.inspect_err(|error| tracing::error!(%error, "the hub's archive failed: {what}")).ok()
}

/// Begins a payment list, or tries once more to have its funds set aside.
pub(super) async fn begin(errand: &Errand, id: i64) {
    let Some((batch, waiting)) = waiting(errand, id) else { return };
    let persons: Vec<Instruction> =
        waiting.iter().filter(|payment| payment.payee_bank.is_empty()).cloned().collect();
    if !persons.is_empty()
        && let Err(why) = resolve::accounts(errand, &persons).await
    {
        return begin_later(errand, &batch, &why);
    }
    let Some((batch, waiting)) = self::waiting(errand, id) else { return };
    if waiting.is_empty() {
        return report::end(errand, &batch).await;
    }
    let minor = waiting.iter().map(|i| i.minor).sum();
    match funds::set_aside(errand, &batch, minor).await {
        funds::Answer::Blocked(block) => run(errand, &batch, waiting, &block).await,
        funds::Answer::Lacking(why) => {
            stop(errand, &batch, &waiting, (State::Held, &why)).await;
        }
        funds::Answer::Refused(why) => {
            stop(errand, &batch, &waiting, (State::Failed, &why)).await;
        }
        funds::Answer::Later(why) => begin_later(errand, &batch, &why),
    }
}

/// Begins a list that a stop interrupted before its funds were set aside as far as the hub knows.
async fn begin_again(errand: &Errand, id: i64) {
    // The treasury may have set them aside all the same: it is asked for that, and not what the account holds.
    let counted = errand.office.store.alter(|tx| store::count_attempt(tx, id));
    if kept("counting a try", counted).is_some() {
        begin(errand, id).await;
    }
}

/// A list and those of its payments that nothing was sent for.
fn waiting(errand: &Errand, id: i64) -> Option<(Batch, Vec<Instruction>)> {
    let read =
        errand.office.store.read(|db| Ok((store::batch(db, id)?, store::instructions(db, id)?)));
    let (batch, mut all) = kept("reading a list", read)?;
    all.retain(|payment| payment.state == State::Received);
    Some((batch?, all))
}

fn begin_later(errand: &Errand, batch: &Batch, why: &str) {
    let counted = errand.office.store.alter(|tx| store::count_attempt(tx, batch.id));
    let Some(attempt) = kept("counting a try", counted) else { return };
    tracing::info!(batch = batch.id, attempt, why, "a list waits for its funds");
    let wait = super::model::wait_until_known(attempt);
    let (late, id) = (errand.clone(), batch.id);
    let agenda = errand.office.memory.of::<Agenda>();
    agenda.plan(errand, &format!("batch {id}"), errand.now() + wait, async move {
        begin(&late, id).await;
    });
}

/// Sends a funded list off: its one payment by itself, many in bundles. Payments whose bank nobody named go by
/// themselves too, because the switch has to say first where they go.
async fn run(errand: &Errand, batch: &Batch, waiting: Vec<Instruction>, block: &str) {
    let (mut alone, mut bundled): (Vec<_>, Vec<_>) =
        waiting.into_iter().partition(|payment| is_anywhere(&payment.payee_bank));
    if bundled.len() == 1 {
        alone.append(&mut bundled);
    }
    let funded = errand.office.store.alter(|tx| {
        // Whoever moves the list on sends it off, and nobody else: it may have been begun twice after a stop.
        if !store::fund_batch(tx, batch.id, block)? {
            return Ok(false);
        }
        if !bundled.is_empty() {
            bulk::plan(errand, tx, batch, &bundled)?;
        }
        Ok(true)
    });
    if kept("keeping where funds are set aside", funded) != Some(true) {
        return;
    }
    if !bundled.is_empty() {
        bulk::start_next(errand, batch.id).await;
    }
    for payment in alone {
        steps::look_up(errand, payment).await;
    }
}

/// Ends the payments of a list before anything was sent for them.
async fn stop(errand: &Errand, batch: &Batch, all: &[Instruction], (to, why): (State, &Why)) {
    let at = errand.stamp();
    let stopped = errand.office.store.alter(|tx| {
        for instruction in all {
            store::advance(tx, instruction.id, (&[State::Received], to), Some(why), &at)?;
            store::mark_settled(tx, instruction.id)?;
        }
        Ok(())
    });
    if kept("stopping a list", stopped).is_some() {
        errand.event(
            "payments stopped",
            &why.sentence,
            &serde_json::json!({
                "batch": batch.id, "payments": all.len(), "state": to.text(),
            }),
        );
        report::end(errand, batch).await;
    }
}

/// Takes up what a stop interrupted.
pub(super) fn wake(office: &Arc<Office>) {
    let read = office.store.read(|db| {
        let batches = store::unfinished_batches(db)?;
        let mut running = Vec::new();
        for batch in batches {
            let is_running = store::is_running(db, batch.id)?;
            running.push((batch, is_running));
        }
        let mut bundles = store::open_bundles(db)?;
        bundles.extend(store::unsettled_bundles(db)?);
        Ok((running, bundles, store::open(db)?, store::unsettled(db)?))
    });
    let Some((batches, bundles, open, unsettled)) = kept("looking for unfinished payments", read)
    else {
        return;
    };
    let errand = |cause: &str| Errand {
        office: Arc::clone(office),
        cause: Cause::from_text(cause).unwrap_or_else(|| office.room.stranger()),
    };
    let is_received = |(batch, _): &&(Batch, bool)| batch.state == BatchState::Received;
    let received: Vec<i64> = batches.iter().filter(is_received).map(|(b, _)| b.id).collect();
    for (batch, is_running) in batches {
        let errand = errand(&batch.cause);
        let work = errand.clone();
        match batch.state {
            BatchState::Received => {
                errand.spawn(async move { begin_again(&work, batch.id).await });
            }
            BatchState::Running if !is_running => {
                errand.spawn(async move { report::end(&work, &batch).await });
            }
            BatchState::Ended => errand.spawn(async move { report::tell(&work, &batch).await }),
            BatchState::Running | BatchState::Reported => {}
        }
    }
    for bundle in bundles {
        let errand = errand(&bundle.cause);
        let work = errand.clone();
        errand.spawn(async move { bulk::resume(&work, bundle).await });
    }
    for instruction in unsettled {
        let errand = errand(&instruction.cause);
        let work = errand.clone();
        errand.spawn(async move { funds::settle(&work, &instruction).await });
    }
    // Payments of a list that has no funds yet begin with it.
    let unfunded = |payment: &Instruction| {
        payment.state == State::Received && received.contains(&payment.batch)
    };
    for instruction in open.into_iter().filter(|payment| !unfunded(payment)) {
        let errand = errand(&instruction.cause);
        let work = errand.clone();
        errand.spawn(async move { steps::resume(&work, instruction).await });
    }
}
