//! What a bank does on the payer's side: the switch is asked who the payee is, the payee's bank for its terms, and the
//! switch to transfer. Each step is kept before its message leaves, and what is not known is asked, never paid again.

use http::Method;
use jiff::SignedDuration;
use serde_json::json;
use standards::fspiop::{
    self, AmountType, DateTime, ErrorCode, Party, PartyIdInfo, PartyIdType, QuotesPostRequest,
    QuotesPutResponse, TransactionType, TransferState, TransfersPostRequest, TransfersPutResponse,
    ilp,
};

use super::model::Outgoing;
use super::scheme::{GRACE_SECONDS, ask, send};
use super::store::{self, End, Order};
use crate::kit::agenda::Agenda;
use crate::kit::courier::Errand;
use crate::kit::fspiop::{Refusal, body, in_full, path_segment, words_of};
use crate::kit::store::StoreError;

/// The switch may carry a transfer out for so long.
const TRANSFER_SECONDS: i64 = 60;
/// A lookup or a quote that nobody answered for so long has failed.
const PATIENCE_SECONDS: i64 = 30;

fn kept<T>(outcome: Result<T, StoreError>) -> Option<T> {
    outcome
        .inspect_err(|error| tracing::error!(error = in_full(error), "a bank's archive failed"))
        .ok()
}

/// Sends the message that belongs to the payment's state, and plans for the case that no answer comes. One that the switch
/// refuses at once is over: nothing was transferred.
pub(super) async fn go_on(errand: &Errand, order: &Order) {
    let sent = match order.state {
        Outgoing::LookingUp => {
            let (kind, id) = (order.payee.party_id_type.as_str(), &order.payee.party_identifier);
            let uri = format!("/parties/{kind}/{}", path_segment(id));
            give_up_later(errand, order);
            send(errand, (&Method::GET, &uri, "/parties/{type}/{id}"), None, None).await
        }
        Outgoing::Quoting => {
            give_up_later(errand, order);
            let wish = body(&quote(errand, order));
            let to = order.bank.as_deref();
            send(errand, (&Method::POST, "/quotes", "/quotes"), to, Some(&wish)).await
        }
        Outgoing::Transferring => {
            plan_question(errand, order);
            let Some(wish) = transfer(errand, order) else { return };
            let to = order.bank.as_deref();
            let what = (&Method::POST, "/transfers", "/transfers");
            send(errand, what, to, Some(&body(&wish))).await
        }
        Outgoing::Paid | Outgoing::Failed => Ok(()),
    };
    if let Err(why) = sent {
        fail(errand, order, &why);
    }
}

/// Takes a payment up that a stop interrupted: what may have been transferred is asked about.
pub(super) async fn resume(errand: &Errand, order: &Order) {
    match order.state {
        Outgoing::Transferring => {
            // Should this question be lost as well, it is asked again.
            plan_question(errand, order);
            ask(errand, &order.id).await;
        }
        _ => go_on(errand, order).await,
    }
}

fn payer(errand: &Errand, order: &Order) -> Party {
    let account = errand.office.store.read(|db| store::account(db, &order.account));
    let account = account.ok().flatten();
    let kind = account.as_ref().map_or(PartyIdType::AccountId, |account| account.kind.clone());
    let bank = errand.office.system.name;
    let mut party = Party::new(PartyIdInfo::new(kind, order.account.as_str()).at(bank));
    party.name = account.map(|account| account.holder());
    party
}

fn quote(errand: &Errand, order: &Order) -> QuotesPostRequest {
    let bank = order.bank.clone().unwrap_or_default();
    let amount = fspiop::Money::try_from(order.amount).unwrap_or_else(|_| {
        unreachable!("a payment of less than nothing was refused before it was kept")
    });
    QuotesPostRequest {
        quote_id: order.quote.clone(),
        transaction_id: order.id.clone(),
        transaction_request_id: None,
        payee: Party::new(order.payee.clone().at(bank)),
        payer: payer(errand, order),
        amount_type: AmountType::Send,
        amount,
        fees: None,
        transaction_type: match &order.reverses {
            Some(original) => TransactionType::refund(original, order.note.as_deref()),
            None => TransactionType::transfer_by_consumer(),
        },
        geo_code: None,
        note: words_of(order.note.as_ref()),
        expiration: None,
        extension_list: None,
    }
}

fn transfer(errand: &Errand, order: &Order) -> Option<TransfersPostRequest> {
    let (ilp_packet, condition) = order.terms.clone()?;
    Some(TransfersPostRequest {
        transfer_id: order.id.clone(),
        payee_fsp: order.bank.clone()?,
        payer_fsp: errand.office.system.name.into(),
        amount: fspiop::Money::try_from(order.amount).ok()?,
        ilp_packet,
        condition,
        expiration: DateTime::from(order.expiration?),
        extension_list: None,
    })
}

/// What is planned for a payment is known by its kind as well: a transfer that comes in may have the same id.
fn key(order: &Order) -> String {
    format!("payment {}", order.id)
}

fn give_up_later(errand: &Errand, order: &Order) {
    let (late, order) = (errand.clone(), order.clone());
    let at = errand.now() + SignedDuration::from_secs(PATIENCE_SECONDS);
    errand.office.memory.of::<Agenda>().plan(errand, &key(&order), at, async move {
        let why = Refusal::new(ErrorCode::DESTINATION_COMMUNICATION, "nobody answered in time");
        fail(&late, &order, &why);
    });
}

/// Asks how a transfer ended, until it is known.
fn plan_question(errand: &Errand, order: &Order) {
    let (late, id) = (errand.clone(), order.id.clone());
    let until = order.expiration.map_or_else(|| errand.now(), |at| at.max(errand.now()));
    let at = until + SignedDuration::from_secs(GRACE_SECONDS);
    errand.office.memory.of::<Agenda>().plan(errand, &key(order), at, async move {
        let order = late.office.store.read(|db| store::order(db, &id));
        if let Some(Some(order)) = kept(order)
            && order.state == Outgoing::Transferring
        {
            plan_question(&late, &order);
            ask(&late, &id).await;
        }
    });
}

/// The payee was found: its bank is asked for its terms; an account of this bank is paid at once.
pub(super) async fn found(errand: &Errand, order: &Order, party: &Party) {
    let own = errand.office.system.name;
    let bank = party.party_id_info.fsp_id.as_deref().unwrap_or_default();
    if bank == own {
        return pay_here(errand, order);
    }
    let cause = errand.cause.to_text();
    let step = (Outgoing::LookingUp, Outgoing::Quoting);
    let moved = errand.office.store.alter(|tx| {
        if !store::advance_order(tx, &order.id, step, &cause)? {
            return Ok(None);
        }
        store::set_bank(tx, &order.id, bank)?;
        store::order(tx, &order.id)
    });
    if let Some(Some(order)) = kept(moved) {
        go_on(errand, &order).await;
    }
}

fn pay_here(errand: &Errand, order: &Order) {
    let payee = &order.payee.party_identifier;
    let account = errand.office.store.read(|db| store::account(db, payee));
    let allowed = kept(account).flatten().map(|account| account.standing.allows_credit());
    match allowed {
        Some(Ok(())) => end(errand, order, &End::OnUs(payee), None),
        Some(Err(why)) => fail(errand, order, &why),
        None => {
            let why = Refusal::new(ErrorCode::PARTY_NOT_FOUND, "the account is not here");
            fail(errand, order, &why);
        }
    }
}

/// The payee's bank gave its terms: the switch is told to transfer.
pub(super) async fn terms(errand: &Errand, order: &Order, said: &QuotesPutResponse) {
    let amount = said.transfer_amount.to_money();
    if amount.ok() != Some(order.amount) {
        let sentence = format!("the payee's bank wants {}", said.transfer_amount.amount);
        return fail(errand, order, &Refusal::new(ErrorCode::PAYER_REJECTION, sentence));
    }
    let expiration = errand.now() + SignedDuration::from_secs(TRANSFER_SECONDS);
    let cause = errand.cause.to_text();
    let moved = errand.office.store.alter(|tx| {
        let step = (Outgoing::Quoting, Outgoing::Transferring);
        if !store::advance_order(tx, &order.id, step, &cause)? {
            return Ok(None);
        }
        store::set_terms(tx, &order.id, (&said.ilp_packet, &said.condition), expiration)?;
        store::order(tx, &order.id)
    });
    if let Some(Some(order)) = kept(moved) {
        go_on(errand, &order).await;
    }
}

/// The switch tells how the transfer stands.
pub(super) fn told(errand: &Errand, order: &Order, said: &TransfersPutResponse) {
    let proof = said.fulfilment.as_deref().unwrap_or_default();
    let is_proven =
        order.terms.as_ref().is_some_and(|(_, condition)| ilp::is_fulfilled_by(condition, proof));
    match said.transfer_state {
        TransferState::Committed if is_proven => end(errand, order, &End::Scheme, None),
        TransferState::Aborted => {
            let told = said.extension_list.as_ref().and_then(|list| list.get("errorDescription"));
            let why = Refusal::new(ErrorCode::PAYEE_REJECTION, told.unwrap_or("aborted"));
            fail(errand, order, &why);
        }
        _ => plan_question(errand, order),
    }
}

/// The payment failed, and the money is back on the account.
pub(super) fn fail(errand: &Errand, order: &Order, why: &Refusal) {
    let sentence = format!("{}: {}", why.code, why.sentence);
    end(errand, order, &End::Back, Some(&sentence));
}

fn end(errand: &Errand, order: &Order, to: &End<'_>, why: Option<&str>) {
    let (at, cause) = (errand.stamp(), errand.cause.to_text());
    let ended =
        errand.office.store.alter(|tx| store::end_order(tx, order, (to, why), (&at, &cause)));
    if kept(ended) == Some(true) {
        errand.office.memory.of::<Agenda>().strike(&key(order));
        let what = if why.is_some() { "payment failed" } else { "payment made" };
        let shown = json!({"transfer": order.id, "amount": order.amount.to_string()});
        errand.event(what, why.unwrap_or_default(), &shown);
    }
}

/// The switch tells that a transfer went wrong; where the switch itself is in trouble, it is asked again later.
pub(super) fn refused(errand: &Errand, order: &Order, said: fspiop::ErrorInformation) {
    let why = Refusal::new(said.error_code, said.error_description);
    if why.may_pass() {
        plan_question(errand, order);
    } else if why.code == ErrorCode::MODIFIED_REQUEST {
        // The switch has a transfer with this id: what became of that one counts.
        plan_question(errand, order);
        let (work, id) = (errand.clone(), order.id.clone());
        errand.spawn(async move { ask(&work, &id).await });
    } else {
        fail(errand, order, &why);
    }
}
