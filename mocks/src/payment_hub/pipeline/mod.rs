//! How payments go their way: funds are set aside, then for each payment the switch is asked who the payee is, the payee's
//! bank for its terms, and the switch to transfer. What the hub decides is kept before a message leaves, so it goes on
//! after a stop where it was; what it does not know it asks, and never pays again.

mod funds;
mod progress;
mod report;
mod steps;

use std::sync::Arc;

pub(super) use progress::{ended, failed, found, terms};
pub(super) use report::{Waiting, status, statuses, tell_status};

use super::model::{State, Why};
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
    let read =
        errand.office.store.read(|db| Ok((store::batch(db, id)?, store::instructions(db, id)?)));
    let Some((Some(batch), all)) = kept("reading a list", read) else { return };
    let waiting: Vec<Instruction> =
        all.into_iter().filter(|i| i.state == State::Received).collect();
    if waiting.is_empty() {
        return report::end(errand, &batch).await;
    }
    let minor = waiting.iter().map(|i| i.minor).sum();
    match funds::set_aside(errand, &batch, minor).await {
        funds::Answer::Blocked(block) => {
            let funded = errand
                .office
                .store
                .write(|tx| Ok::<_, StoreError>(store::fund_batch(tx, id, &block)?));
            if kept("keeping where funds are set aside", funded).is_some() {
                run(errand, waiting).await;
            }
        }
        funds::Answer::Lacking(why) => {
            stop(errand, &batch, &waiting, (State::Held, &why)).await;
        }
        funds::Answer::Refused(why) => {
            stop(errand, &batch, &waiting, (State::Failed, &why)).await;
        }
        funds::Answer::Later(why) => begin_later(errand, &batch, &why),
    }
}

fn begin_later(errand: &Errand, batch: &Batch, why: &str) {
    let counted =
        errand.office.store.write(|tx| Ok::<_, StoreError>(store::count_attempt(tx, batch.id)?));
    let Some(attempt) = kept("counting a try", counted) else { return };
    let Some(wait) = super::model::wait_before(attempt) else {
        tracing::warn!(batch = batch.id, why, "the treasury was asked often enough");
        return;
    };
    let (late, id) = (errand.clone(), batch.id);
    let agenda = errand.office.memory.of::<Agenda>();
    agenda.plan(errand, &format!("batch {id}"), errand.now() + wait, async move {
        begin(&late, id).await;
    });
}

/// Starts the payments of a list, one after the other.
async fn run(errand: &Errand, waiting: Vec<Instruction>) {
    for instruction in waiting {
        steps::look_up(errand, instruction).await;
    }
}

/// Ends the payments of a list before anything was sent for them.
async fn stop(errand: &Errand, batch: &Batch, all: &[Instruction], (to, why): (State, &Why)) {
    let at = errand.stamp();
    let stopped = errand.office.store.write(|tx| {
        for instruction in all {
            store::advance(tx, instruction.id, (&[State::Received], to), Some(why), &at)?;
            store::mark_settled(tx, instruction.id)?;
        }
        Ok::<_, StoreError>(())
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
    let read = office
        .store
        .read(|db| Ok((store::unfinished_batches(db)?, store::open(db)?, store::unsettled(db)?)));
    let Some((batches, open, unsettled)) = kept("looking for unfinished payments", read) else {
        return;
    };
    let errand = |cause: &str| Errand {
        office: Arc::clone(office),
        cause: Cause::from_text(cause).unwrap_or_else(|| office.room.stranger()),
    };
    for batch in batches {
        let errand = errand(&batch.cause);
        let work = errand.clone();
        match batch.state {
            BatchState::Received => errand.spawn(async move { begin(&work, batch.id).await }),
            BatchState::Running if !open.iter().any(|i| i.batch == batch.id) => {
                errand.spawn(async move { report::end(&work, &batch).await });
            }
            BatchState::Ended => errand.spawn(async move { report::tell(&work, &batch).await }),
            BatchState::Running | BatchState::Reported => {}
        }
    }
    for instruction in unsettled {
        let errand = errand(&instruction.cause);
        let work = errand.clone();
        errand.spawn(async move { funds::settle(&work, &instruction).await });
    }
    for instruction in open {
        let errand = errand(&instruction.cause);
        let work = errand.clone();
        errand.spawn(async move { steps::resume(&work, instruction).await });
    }
}
