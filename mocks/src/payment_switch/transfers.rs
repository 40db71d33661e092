//! What the switch does with transfers when nobody asks: passing prepares on, telling how they ended, letting them expire,
//! and taking all of that up again after a restart. Every step is kept before a message leaves.

use std::sync::Arc;

use http::Method;
use jiff::Timestamp;
use standards::fspiop::{
    DateTime, ExtensionList, TransferState, TransfersPatchResponse, TransfersPutResponse, Version,
};

use super::bulks;
use super::model::{Prepare, State, Transfer, expired};
use super::relay::{
    Own, Passed, Side, address_of, pass_on, say, say_error, say_error_to, version_in,
};
use super::store::{self, Kept};
use crate::kit::agenda::Agenda;
use crate::kit::cause::Cause;
use crate::kit::clock::wall;
use crate::kit::courier::Errand;
use crate::kit::fspiop::{OURS, Refusal, body, expire_in_real_time, in_full, moment};
use crate::kit::retry::{MOST_ATTEMPTS, wait_for_another_try};
use crate::kit::room::Office;

pub(super) const TRANSFERS: &str = "/transfers";
pub(super) const TRANSFER: &str = "/transfers/{id}";
pub(super) const TRANSFER_ERROR: &str = "/transfers/{id}/error";

/// Passes a reserved transfer on to the payee, and plans its expiry. After a stop it is passed on again: a payee that has it
/// knows it by its id.
pub(super) async fn forward(errand: &Errand, kept: Kept) {
    let prepare = kept.transfer.prepare;
    plan_expiry(errand, &prepare);
    let parts = (Method::POST, String::from(TRANSFERS), TRANSFERS);
    let message = Passed::kept(parts, &kept.headers, kept.body);
    for attempt in 1..=MOST_ATTEMPTS {
        match pass_on(errand, message.clone(), &prepare.payee).await {
            Ok(()) => return,
            // Who did not answer may have taken it all the same: the money stays reserved until it expires.
            Err(why) if why.may_pass() => {
                let transfer = &prepare.id;
                tracing::info!(transfer, %why, "a transfer may not have reached its payee");
            }
            Err(why) => return give_up(errand, &prepare, State::AbortedRejected, &why).await,
        }
        let address = address_of(errand, &prepare.payee);
        wait_for_another_try(errand, &address, attempt).await;
        if !is_awaited(errand, &prepare) {
            return;
        }
    }
}

/// Whether a transfer is still reserved, and not about to expire.
fn is_awaited(errand: &Errand, prepare: &Prepare) -> bool {
    let sides = (prepare.payer.as_str(), prepare.payee.as_str());
    let kept = errand.office.store.read(|db| store::transfer(db, &prepare.id));
    let is_reserved = |kept: Kept| kept.transfer.state == State::Reserved;
    prepare.expiration > moment(errand, sides) && kept.ok().flatten().is_some_and(is_reserved)
}

/// Ends a transfer in the switch's own name, where it is still reserved, and tells both sides.
async fn give_up(errand: &Errand, prepare: &Prepare, state: State, why: &Refusal) {
    let (at, cause) = (errand.stamp(), errand.cause.to_text());
    let ended = errand.office.store.alter(|tx| {
        let kept = store::transfer(tx, &prepare.id)?;
        if kept.is_none_or(|kept| kept.transfer.state != State::Reserved) {
            return Ok(None);
        }
        store::abort(tx, prepare, (state, why), None, (&at, &cause))?;
        store::transfer(tx, &prepare.id)
    });
    match ended {
        Ok(Some(kept)) => tell(errand, kept).await,
        Ok(None) => {}
        Err(error) => {
            let error = in_full(&error);
            tracing::error!(error, transfer = prepare.id, "a transfer's end could not be kept");
        }
    }
}

/// The path of a transfer, which its expiry is known by: a bulk may have the same id.
pub(super) fn uri_of(id: &str) -> String {
    format!("{TRANSFERS}/{id}")
}

fn plan_expiry(errand: &Errand, prepare: &Prepare) {
    let expire = || {
        let (late, prepare) = (errand.clone(), prepare.clone());
        async move { give_up(&late, &prepare, State::ExpiredReserved, &expired()).await }
    };
    let sides = (prepare.payer.as_str(), prepare.payee.as_str());
    expire_in_real_time(errand, sides, prepare.expiration, expire());
    if prepare.expiration > errand.now() || moment(errand, sides) >= prepare.expiration {
        let agenda = errand.office.memory.of::<Agenda>();
        agenda.plan(errand, &uri_of(&prepare.id), prepare.expiration, expire());
    }
}

/// Tells payer and payee how a transfer ended. The payee hears first, so that it has credited the account when the payer
/// hears of the success.
pub(super) async fn tell(errand: &Errand, kept: Kept) {
    errand.office.memory.of::<Agenda>().strike(&uri_of(&kept.transfer.prepare.id));
    let (payers, payees) = versions(&kept);
    let Kept { transfer, answer, .. } = kept;
    let (payer, payee) = (&transfer.prepare.payer, &transfer.prepare.payee);
    let uri = uri_of(&transfer.prepare.id);
    let error = |version| (uri.as_str(), TRANSFER_ERROR, version);
    match (transfer.state, &transfer.error, answer) {
        (State::Committed, _, Some(answer)) if !transfer.tell_payee => {
            give_answer(errand, (uri.clone(), TRANSFER), answer, payer).await;
        }
        (State::Committed, ..) => {
            tell_payee(errand, &transfer, payees).await;
            let (to, version) = (Side::Payer, payers);
            let own = Own { method: &Method::PUT, uri: &uri, route: TRANSFER, version, to };
            say(errand, own, payer, &body(&as_it_stands(&transfer))).await;
        }
        (State::AbortedRejected, _, Some(answer)) => {
            give_answer(errand, (format!("{uri}/error"), TRANSFER_ERROR), answer, payer).await;
        }
        (State::ExpiredReserved, Some(why), _) => {
            // Who did not answer may be away: the payer does not wait until it hears.
            say_error(errand, error(payers), payer, why).await;
            say_error_to(errand, error(payees), (payee, Side::of(payee, (payer, payee))), why)
                .await;
            if transfer.tell_payee {
                tell_payee(errand, &transfer, payees).await;
            }
        }
        (state, Some(why), _) => {
            if state == State::AbortedError {
                let side = Side::of(payee, (payer, payee));
                say_error_to(errand, error(payees), (payee, side), why).await;
            }
            if transfer.tell_payee {
                tell_payee(errand, &transfer, payees).await;
            }
            say_error(errand, error(payers), payer, why).await;
        }
        _ => {}
    }
    let id = &transfer.prepare.id;
    let told = errand.office.store.alter(|tx| {
        store::drop_real_expiry(tx, &uri)?;
        store::mark_told(tx, id)
    });
    if let Err(error) = told {
        tracing::error!(
            error = in_full(&error),
            transfer = id,
            "it could not be kept that all were told"
        );
    }
}

async fn give_answer(
    errand: &Errand,
    (uri, route): (String, &'static str),
    (headers, body): (String, String),
    payer: &str,
) {
    let message = Passed::kept((Method::PUT, uri, route), &headers, body);
    if let Err(error) = pass_on(errand, message, payer).await {
        tracing::info!(%error, payer, "the end of a transfer was not taken");
    }
}

/// The versions in which payer and payee want to be spoken to, by what they sent.
fn versions(kept: &Kept) -> (Version, Version) {
    let of = |headers: &str| version_in(headers, &TRANSFERS[1..]);
    let payee = kept.answer.as_ref().map_or(OURS, |(headers, _)| of(headers));
    (of(&kept.headers), payee)
}

/// `PATCH /transfers/{id}`: how a transfer ended that the payee had reserved.
pub(super) async fn tell_payee(errand: &Errand, transfer: &Transfer, version: Version) {
    let uri = uri_of(&transfer.prepare.id);
    let told = TransfersPatchResponse {
        completed_timestamp: completed(errand, transfer),
        transfer_state: transfer.state.wire(),
        extension_list: None,
    };
    let to = Side::Payee;
    let own = Own { method: &Method::PATCH, uri: &uri, route: TRANSFER, version, to };
    say(errand, own, &transfer.prepare.payee, &body(&told)).await;
}

/// A transfer as `PUT /transfers/{id}` tells of it.
pub(super) fn as_it_stands(transfer: &Transfer) -> TransfersPutResponse {
    let state = transfer.state.wire();
    let why = transfer.error.as_ref().map(Refusal::information);
    let extension_list = why.map(|why| {
        let code = why.error_code.to_string();
        let cause = format!("{code}: {}", why.error_description).chars().take(128).collect();
        let pairs =
            [("cause", cause), ("errorCode", code), ("errorDescription", why.error_description)];
        pairs.into_iter().collect::<ExtensionList>()
    });
    TransfersPutResponse {
        fulfilment: transfer.fulfilment.clone().filter(|_| state == TransferState::Committed),
        completed_timestamp: transfer.completed.clone().and_then(|at| DateTime::try_from(at).ok()),
        transfer_state: state,
        extension_list,
    }
}

fn completed(errand: &Errand, transfer: &Transfer) -> DateTime {
    let kept = transfer.completed.clone().and_then(|at| DateTime::try_from(at).ok());
    kept.unwrap_or_else(|| DateTime::from(errand.now()))
}

/// Takes up what a stop interrupted: prepares that nobody answered yet, ends that not everybody heard of, expiries.
pub(super) fn wake(office: &Arc<Office>) {
    let read = office.store.read(|db| Ok((store::unfinished(db)?, store::unfinished_bulks(db)?)));
    let (transfers, bulks) = match read {
        Ok(unfinished) => unfinished,
        Err(error) => {
            let error = in_full(&error);
            tracing::error!(error, "the switch could not look for unfinished transfers");
            return;
        }
    };
    let errand = |cause: &str| {
        let cause = Cause::from_text(cause).unwrap_or_else(|| office.room.stranger());
        Errand { office: Arc::clone(office), cause }
    };
    for kept in transfers {
        let errand = errand(&kept.cause);
        errand.spawn(resume(errand.clone(), kept));
    }
    for kept in bulks {
        let errand = errand(&kept.cause);
        errand.spawn(bulks::resume(errand.clone(), kept));
    }
}

/// Whether what has this path expired in real time while the switch was stopped.
pub(super) fn expired_meanwhile(errand: &Errand, uri: &str, expiration: Timestamp) -> bool {
    let counts = || errand.office.store.read(|db| store::has_real_expiry(db, uri));
    expiration <= wall() && counts().unwrap_or(false)
}

async fn resume(errand: Errand, kept: Kept) {
    let prepare = &kept.transfer.prepare;
    let is_late = expired_meanwhile(&errand, &uri_of(&prepare.id), prepare.expiration);
    match kept.transfer.state {
        State::Reserved if is_late => {
            give_up(&errand, prepare, State::ExpiredReserved, &expired()).await;
        }
        State::Reserved => forward(&errand, kept).await,
        _ => tell(&errand, kept).await,
    }
}
