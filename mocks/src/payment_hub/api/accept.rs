//! G2P Connect 1.0.0: taking a payment list in. Everything is kept before the sender hears that it was taken.

use std::collections::BTreeSet;

use standards::dci::{Envelope, ReasonCode};
use standards::g2p_connect::disburse::{DisburseRequest, Disbursement};
use standards::money::Currency;

use crate::kit::server::Call;
use crate::kit::store::{StoreError, next_number};
use crate::payment_hub::model::{Order, State, Why};
use crate::payment_hub::store::{self, Batch, BatchState, Instruction};

/// The currency of payments that name none: the government's.
const CURRENCY: &str = "XTS";

/// Keeps a payment list with its payments; those that cannot be paid have failed from the start.
pub(super) fn accept(
    call: &Call,
    envelope: &Envelope<DisburseRequest>,
    correlation: &str,
) -> Result<Batch, StoreError> {
    let entries = &envelope.message.disbursements;
    let currency = currency_of(entries);
    let orders: Vec<Result<Order, Why>> =
        entries.iter().map(|entry| Order::read(entry, currency)).collect();
    let first = orders.iter().find_map(|order| order.as_ref().ok());
    let payer_account = first.map_or_else(String::new, |order| order.payer_account.clone());
    let (at, cause) = (call.errand.stamp(), call.errand.cause.to_text());
    call.store().write(|tx| {
        let batch = Batch {
            id: next_number(tx, "batch")?,
            sender: envelope.header.sender_id.clone().unwrap_or_default(),
            transaction_id: envelope.message.transaction_id.clone(),
            correlation: correlation.into(),
            header: envelope.header.clone(),
            payer_account,
            currency,
            block: None,
            state: BatchState::Received,
            attempt: 0,
            cause: cause.clone(),
        };
        store::add_batch(tx, &batch)?;
        let mut named = BTreeSet::new();
        for (entry, order) in entries.iter().zip(orders) {
            let claim = format!("{}/{}", batch.sender, entry.reference_id);
            let order = order.and_then(|order| fits(&batch, order));
            let is_taken = !named.insert(claim.clone()) || store::is_claimed(tx, &claim)?;
            let order = if is_taken { Err(duplicate(entry)) } else { order };
            let new = new_payment(call, &batch, entry, (order, &at, &cause));
            let new = Instruction { id: next_number(tx, "instruction")?, ..new };
            let claim = (!is_taken && new.state == State::Received).then_some(claim.as_str());
            store::add_instruction(tx, &new, claim)?;
        }
        Ok(batch)
    })
}

/// A list is in the currency of its first entry.
fn currency_of(entries: &[Disbursement]) -> Currency {
    let named = entries.iter().find_map(|entry| entry.currency_code.as_ref()?.parse().ok());
    // A constant of the country, spelled right.
    named
        .or_else(|| CURRENCY.parse().ok())
        .unwrap_or_else(|| unreachable!("{CURRENCY} is a currency"))
}

/// All payments of a list are in one currency and come from one account, whose funds are set aside together.
fn fits(batch: &Batch, order: Order) -> Result<Order, Why> {
    if order.amount.currency != batch.currency {
        let right = format!("currency_code: write {}, as the list begins", batch.currency);
        return Err(Why::new(ReasonCode::CurrencyCodeInvalid, right));
    }
    if order.payer_account != batch.payer_account {
        let right = format!("payer_fa: write {}, as the list begins", batch.payer_account);
        return Err(Why::new(ReasonCode::PayerFaInvalid, right));
    }
    Ok(order)
}

fn duplicate(entry: &Disbursement) -> Why {
    let sentence = format!("reference_id: {} named another payment before", entry.reference_id);
    Why::new(ReasonCode::ReferenceIdDuplicate, sentence)
}

fn new_payment(
    call: &Call,
    batch: &Batch,
    entry: &Disbursement,
    (order, at, cause): (Result<Order, Why>, &str, &str),
) -> Instruction {
    let (order, why) = match order {
        Ok(order) => (Some(order), None),
        Err(why) => (None, Some(why)),
    };
    let office = &call.errand.office;
    Instruction {
        id: 0,
        batch: batch.id,
        disbursement: entry.clone(),
        payee_kind: order.as_ref().map_or_else(|| "".into(), |order| order.payee_kind.clone()),
        payee_id: order.as_ref().map_or_else(String::new, |order| order.payee_id.clone()),
        payee_bank: order.as_ref().map_or_else(String::new, |order| order.payee_bank.clone()),
        minor: order.as_ref().map_or(0, |order| order.amount.minor),
        state: if why.is_some() { State::Failed } else { State::Received },
        since: at.into(),
        why,
        quote_id: office.next_uuid().to_string(),
        transfer_id: office.next_uuid().to_string(),
        given: None,
        expiration: None,
        cause: cause.into(),
    }
}
