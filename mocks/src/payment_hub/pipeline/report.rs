//! G2P Connect 1.0.0: telling the programme how its payments stand (`/on-disburse`, `/disburse/txn/on-status`).

use std::sync::Arc;

use serde::Serialize;
use standards::dci::{Header, Status};
use standards::g2p_connect::disburse::{DisburseResponse, DisbursementStatus};
use tokio::sync::Notify;

use super::kept;
use crate::kit::agenda::Agenda;
use crate::kit::cause::Cause;
use crate::kit::courier::Errand;
use crate::kit::dci::{self, Whole};
use crate::kit::retry::{MOST_ATTEMPTS, is_outside, wait_for_another_try};
use crate::kit::trust::jwks::sender_id_of;
use crate::payment_hub::api;
use crate::payment_hub::model::wait_before;
use crate::payment_hub::store::{self, Batch, BatchState, Instruction};

/// Who waits for a list to end in the same exchange.
#[derive(Debug, Default)]
pub(in crate::payment_hub) struct Waiting(pub(in crate::payment_hub) Notify);

/// Ends a list whose payments have all ended, once, and tells its sender.
pub(super) async fn end(errand: &Errand, batch: &Batch) {
    let ended = errand.office.store.alter(|tx| {
        if store::is_running(tx, batch.id)? {
            return Ok(false);
        }
        let open = [BatchState::Received, BatchState::Running];
        store::enter_batch(tx, batch.id, (&open, BatchState::Ended))
    });
    if kept("ending a list", ended) == Some(true) {
        errand.office.memory.of::<Waiting>().0.notify_waiters();
        tell(&errand_of(errand, batch), batch).await;
    }
}

/// A report answers the list: it is not caused by the payment that happened to end last.
fn errand_of(errand: &Errand, batch: &Batch) -> Errand {
    let cause = Cause::from_text(&batch.cause).unwrap_or_else(|| errand.cause.clone());
    Errand { office: Arc::clone(&errand.office), cause: cause.end() }
}

/// Tells the sender how a list ended; tried again for a while.
pub(super) async fn tell(errand: &Errand, batch: &Batch) {
    if api::tell(errand, batch).await {
        reported(errand, batch);
    } else {
        tell_later(errand, batch);
    }
}

/// Tells a programme how its list ended: `/on-disburse` of G2P Connect. Says whether it was told.
pub(in crate::payment_hub) async fn tell_g2p(
    errand: &Errand,
    batch: &Batch,
    address: &str,
) -> bool {
    let asked = serde_json::from_value::<Header>(batch.asked.clone());
    let (Some(message), Ok(asked)) = (statuses(errand, batch), asked) else { return false };
    // The same id on every try, also after a stop, so that who hears it twice knows it.
    let id = format!("MSG-{}", batch.correlation);
    let header = answer(errand, &asked, id);
    let header = Header { completed_count: Some(completed(&message)), ..header };
    let told = dci::callback(errand, address, "/on-disburse", &header, &message).await;
    if let Err(error) = &told {
        tracing::info!(%error, batch = batch.id, "a sender was not told of its payments");
    }
    told.is_ok()
}

/// Tries again: a system of this room when the sandbox clock has moved, somebody outside in real time as well.
fn tell_later(errand: &Errand, batch: &Batch) {
    let id = batch.id;
    let counted = errand.office.store.alter(|tx| store::count_attempt(tx, id));
    let Some(attempt) = kept("counting a try", counted) else { return };
    let (late, batch) = (errand.clone(), batch.clone());
    if let Some(address) =
        batch.callback.clone().filter(|address| is_outside(&errand.office.room, address))
    {
        if attempt < MOST_ATTEMPTS {
            errand.spawn(async move {
                wait_for_another_try(&late, &address, attempt).await;
                Box::pin(tell(&late, &batch)).await;
            });
        }
        return;
    }
    let Some(wait) = wait_before(attempt) else { return };
    let agenda = errand.office.memory.of::<Agenda>();
    agenda.plan(errand, &format!("report {id}"), errand.now() + wait, async move {
        Box::pin(tell(&late, &batch)).await;
    });
}

fn reported(errand: &Errand, batch: &Batch) {
    let step = (&[BatchState::Ended][..], BatchState::Reported);
    let entered = errand.office.store.alter(|tx| store::enter_batch(tx, batch.id, step));
    kept("noting that a sender was told", entered);
}

/// Where a callback goes: what the sender gave, with the callback's own path behind it where that is not there yet.
pub(in crate::payment_hub) fn address(header: &Header, path: &str) -> Option<String> {
    let base = header.sender_uri.as_deref()?.trim().trim_end_matches('/');
    let whole = base.ends_with(path);
    (!base.is_empty()).then(|| if whole { base.to_owned() } else { format!("{base}{path}") })
}

/// The header of an answer of the hub.
fn answer(errand: &Errand, asked: &Header, id: String) -> Header {
    let own = sender_id_of(errand.office.system.name);
    asked.answer(Status::Succ, &own, id, errand.stamp())
}

/// How the payments of a list stand.
pub(in crate::payment_hub) fn statuses(errand: &Errand, batch: &Batch) -> Option<DisburseResponse> {
    let read = errand.office.store.read(|db| store::instructions(db, batch.id));
    let all = kept("reading a list", read)?;
    Some(DisburseResponse {
        transaction_id: batch.transaction_id.clone(),
        disbursements_status: all.iter().map(status).collect(),
    })
}

/// How many of the payments that are told of have ended.
pub(in crate::payment_hub) fn completed(told: &DisburseResponse) -> u64 {
    let ended = told.disbursements_status.iter().filter(|one| one.status.is_final());
    ended.count() as u64
}

/// How one payment stands.
pub(in crate::payment_hub) fn status(payment: &Instruction) -> DisbursementStatus {
    let status = payment.state.status();
    let status = DisbursementStatus::of(&payment.disbursement, status, payment.since.as_str());
    match &payment.why {
        Some(why) => status.because(why.code.clone(), why.sentence.clone()),
        None => status,
    }
}

/// Tells an asker later, at `route` of its own: `/disburse/txn/on-status`, `/disburse/on-search`; where there is nothing
/// to tell, why. Tried again where nobody is there.
pub(in crate::payment_hub) async fn tell_answer(
    errand: &Errand,
    asked: &Header,
    route: &str,
    (message, why): (&impl Serialize, Option<Whole>),
) {
    let Some(address) = address(asked, route) else { return };
    let told = answer(errand, asked, errand.office.next_id("MSG"));
    let header = match why {
        Some((code, sentence)) => {
            let told = Header { status: Some(Status::Rjct), completed_count: Some(0), ..told };
            told.because(code, sentence)
        }
        None => told,
    };
    for attempt in 1..=MOST_ATTEMPTS {
        match dci::callback(errand, &address, route, &header, message).await {
            Ok(()) => return,
            Err(error) => {
                tracing::info!(%error, route, "a sender was not told");
                if !error.may_pass() {
                    return;
                }
            }
        }
        wait_for_another_try(errand, &address, attempt).await;
    }
}

#[cfg(test)]
mod tests {
    use standards::dci::Action;

    use super::*;

    #[test]
    fn the_path_of_the_callback_is_added_where_it_is_missing() {
        let header = Header::request(Action::Disburse, "po", "M-1", "2026-10-01T08:00:00Z", 1);
        let to = |uri: &str| address(&header.clone().answer_at(uri), "/on-disburse");
        assert_eq!(to("http://po").as_deref(), Some("http://po/on-disburse"));
        assert_eq!(to("http://po/x/on-disburse/").as_deref(), Some("http://po/x/on-disburse"));
        assert_eq!(address(&header, "/on-disburse"), None);
    }
}
