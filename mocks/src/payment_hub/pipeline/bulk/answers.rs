//! What the switch's callbacks do to a bundle. Each moves it on at most once, and each payment of it too.

use std::collections::BTreeMap;

use standards::dci::ReasonCode;
use standards::fspiop::{
    BulkQuotesPutResponse, BulkTransferState, BulkTransfersPutResponse, ErrorCode,
    ErrorInformation, IndividualQuoteResult, IndividualTransferResult, ilp,
};
use standards::money::Money;

use super::{ended, enter, fail, send, stands};
use crate::kit::courier::Errand;
use crate::kit::fspiop::moment;
use crate::payment_hub::model::{BundleState, PAYER_BANK, State, Why, may_pass};
use crate::payment_hub::pipeline::kept;
use crate::payment_hub::pipeline::progress::is_for;
use crate::payment_hub::store::{self, Bundle, Given, Instruction};

/// The payees' bank gave its terms, or refused, payment by payment: what has terms is transferred.
pub(in crate::payment_hub) async fn quoted(
    errand: &Errand,
    bundle: &Bundle,
    said: BulkQuotesPutResponse,
) {
    let (id, at, cause) = (bundle.id, errand.stamp(), errand.cause.to_text());
    let now = moment(errand, (PAYER_BANK, &bundle.payee_bank));
    let has_expired = said.expiration.instant() <= now;
    let mut results: BTreeMap<String, IndividualQuoteResult> =
        said.individual_quote_results.into_iter().map(|r| (r.quote_id.clone(), r)).collect();
    let kept_terms = errand.office.store.alter(|tx| {
        if !stands(tx, id, &[BundleState::Quoting])? {
            return Ok(None);
        }
        let mut any = false;
        let currency = store::batch(tx, bundle.batch)?.map(|batch| batch.currency);
        for payment in store::members(tx, id)? {
            let ordered = currency.map(|currency| Money::new(payment.minor, currency));
            match terms(ordered, results.remove(&payment.quote_id), has_expired) {
                Ok(given) => {
                    store::give_terms(tx, payment.id, &given)?;
                    any = true;
                }
                Err(why) => {
                    let step = (&[State::Quoting][..], State::Failed);
                    store::advance(tx, payment.id, step, Some(&why), &at)?;
                }
            }
        }
        if !any {
            store::end_bundle(tx, id, &cause)?;
        }
        Ok(Some(any))
    });
    match kept("keeping terms", kept_terms).flatten() {
        Some(true) => transfer(errand, bundle).await,
        Some(false) => ended(errand, id).await,
        None => {}
    }
}

async fn transfer(errand: &Errand, bundle: &Bundle) {
    let step = (&[BundleState::Quoting][..], BundleState::Transferring);
    if let Some(bundle) = enter(errand, bundle, step, (State::Quoting, State::Transferring)) {
        send::unwatch(errand, &bundle);
        send::send(errand, &bundle).await;
    }
}

/// The terms of one payment. Benefits are paid in full: the bank may not ask for more than was ordered.
fn terms(
    ordered: Option<Money>,
    result: Option<IndividualQuoteResult>,
    has_expired: bool,
) -> Result<Given, Why> {
    let wrong = |sentence: &str| Err(Why::new(ReasonCode::OtherError, sentence));
    let Some(result) = result else {
        return wrong("the payee's bank left the payment out of its quotes");
    };
    if let Some(error) = result.error_information {
        return Err(Why::of(error.error_code, &error.error_description));
    }
    let packet = result.ilp_packet.as_deref().unwrap_or_default();
    let is_right = ordered
        .zip(result.transfer_amount.as_ref())
        .is_some_and(|(ordered, said)| is_for(ordered, said, packet));
    if !is_right {
        return wrong("the payee's bank wants another amount");
    }
    if has_expired {
        return Err(Why::of(
            ErrorCode::QUOTE_EXPIRED,
            "the terms of the payee's bank have expired",
        ));
    }
    match (result.ilp_packet, result.condition) {
        (Some(ilp_packet), Some(condition)) => Ok(Given { ilp_packet, condition }),
        _ => wrong("the payee's bank gave no packet or no condition"),
    }
}

/// The switch tells that a bulk of quotes went wrong as a whole.
pub(in crate::payment_hub) async fn quotes_failed(
    errand: &Errand,
    bundle: &Bundle,
    said: &ErrorInformation,
) {
    let (code, description) = (said.error_code, said.error_description.as_str());
    if bundle.state != BundleState::Quoting {
        return;
    }
    if may_pass(code) {
        return send::try_later(errand, bundle, &format!("{code}: {description}"));
    }
    fail(errand, bundle, &[BundleState::Quoting], &Why::of(code, description)).await;
}

/// The switch tells how the transfers of a bulk stand.
pub(in crate::payment_hub) async fn transferred(
    errand: &Errand,
    bundle: &Bundle,
    said: BulkTransfersPutResponse,
) {
    let state = said.bulk_transfer_state;
    let is_final = matches!(state, BulkTransferState::Completed | BulkTransferState::Rejected);
    let (id, at, cause) = (bundle.id, errand.stamp(), errand.cause.to_text());
    let mut results: BTreeMap<String, IndividualTransferResult> =
        said.individual_transfer_results.into_iter().map(|r| (r.transfer_id.clone(), r)).collect();
    let sent = [BundleState::Transferring, BundleState::InDoubt];
    let noted = errand.office.store.alter(|tx| {
        if !stands(tx, id, &sent)? {
            return Ok(None);
        }
        let mut is_open = false;
        for payment in store::members(tx, id)? {
            if !matches!(payment.state, State::Transferring | State::InDoubt) {
                continue;
            }
            let result = results.remove(&payment.transfer_id);
            let (to, why) = end_of(&payment, result, state == BulkTransferState::Rejected);
            is_open |= to == State::InDoubt;
            if to != State::InDoubt || is_final {
                let step = (&[State::Transferring, State::InDoubt][..], to);
                store::advance(tx, payment.id, step, why.as_ref(), &at)?;
            }
        }
        let has_ended = is_final || !is_open;
        if has_ended {
            store::end_bundle(tx, id, &cause)?;
        }
        Ok(Some(has_ended))
    });
    match kept("noting how transfers ended", noted).flatten() {
        Some(true) => ended(errand, id).await,
        // It is under way; the end is asked for later.
        Some(false) => send::watch(errand, bundle),
        None => {}
    }
}

/// How one payment ended. What the answer does not prove stays in doubt.
fn end_of(
    payment: &Instruction,
    result: Option<IndividualTransferResult>,
    rejected: bool,
) -> (State, Option<Why>) {
    let condition = payment.given.as_ref().map_or("", |given| &given.condition);
    let Some(result) = result else {
        let why = || Why::of(ErrorCode::PAYEE_REJECTION, "the payee's bank rejected the bulk");
        return if rejected { (State::Failed, Some(why())) } else { (State::InDoubt, None) };
    };
    match (result.fulfilment, result.error_information) {
        (Some(proof), _) if ilp::is_fulfilled_by(condition, &proof) => (State::Paid, None),
        (None, Some(error)) => {
            (State::Failed, Some(Why::of(error.error_code, &error.error_description)))
        }
        _ => (State::InDoubt, None),
    }
}

/// The switch tells that a bulk of transfers went wrong as a whole.
pub(in crate::payment_hub) async fn transfers_failed(
    errand: &Errand,
    bundle: &Bundle,
    said: &ErrorInformation,
) {
    let (code, description) = (said.error_code, said.error_description.as_str());
    match code {
        // The switch never heard of the bulk: it is sent for the first time, with the same ids.
        ErrorCode::BULK_TRANSFER_ID_NOT_FOUND => {
            let step = (&[BundleState::InDoubt][..], BundleState::Transferring);
            let payments = (State::InDoubt, State::Transferring);
            if let Some(bundle) = enter(errand, bundle, step, payments) {
                send::send(errand, &bundle).await;
            }
        }
        // The switch has a bulk with this id: what became of that one counts.
        ErrorCode::MODIFIED_REQUEST => {
            if let Some(bundle) = send::doubt(errand, bundle, description) {
                send::send(errand, &bundle).await;
            }
        }
        _ if may_pass(code) => send::try_later(errand, bundle, &format!("{code}: {description}")),
        _ => {
            let sent = [BundleState::Transferring, BundleState::InDoubt];
            fail(errand, bundle, &sent, &Why::of(code, description)).await;
        }
    }
}
