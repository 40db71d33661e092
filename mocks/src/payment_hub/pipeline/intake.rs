//! Taking a payment list in, whatever counter it was handed in at. Everything is kept before the sender hears that it was
//! taken, and all ids of messages to come follow from the numbers under which it is kept.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use standards::dci::{ReasonCode, TransactionId};
use standards::g2p_connect::disburse::Disbursement;
use standards::money::Currency;
use uuid::Uuid;

use crate::kit::clock::wall;
use crate::kit::courier::Errand;
use crate::kit::room::Policy;
use crate::kit::store::{StoreError, Transaction, next_number};
use crate::payment_hub::model::{Account, Face, Order, Payee, State, Why, loosely};
use crate::payment_hub::store::{self, Batch, BatchState, Instruction};

/// The currency of all payments, also of those that name none: the government's.
pub(in crate::payment_hub) const CURRENCY: &str = "XTS";
/// A list has so many payments at the most.
pub(in crate::payment_hub) const MOST_PAYMENTS: usize = 10_000;

/// So near to the clock on the wall a moment is now.
const NOW: SignedDuration = SignedDuration::from_mins(10);

/// A payment list as a counter read it.
#[derive(Debug)]
pub(in crate::payment_hub) struct Submission {
    pub(in crate::payment_hub) face: Face,
    /// Who hands it in; references are unique for each sender.
    pub(in crate::payment_hub) sender: String,
    /// The sender's name for the list.
    pub(in crate::payment_hub) transaction_id: TransactionId,
    /// Where the sender is told how it ended; none where it asks by itself.
    pub(in crate::payment_hub) callback: Option<String>,
    /// What the counter needs of the request to answer it later.
    pub(in crate::payment_hub) asked: Value,
    /// One entry a payment, in the words of G2P Connect. `payee_fa` is an account, or a person whom the mapper knows
    /// (`uin:6580954839@arenoa`).
    pub(in crate::payment_hub) entries: Vec<Disbursement>,
    /// The entries that fail for what only the counter knows, by their place, and why.
    pub(in crate::payment_hub) refused: BTreeMap<usize, String>,
    pub(in crate::payment_hub) entries_stand: Stand,
}

/// What one wrong entry does to the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::payment_hub) enum Stand {
    /// It fails from the start, and the others are paid.
    Alone,
    /// Nothing is taken.
    Together,
}

/// Why a list is not taken; nothing of it was kept.
#[derive(Debug)]
pub(in crate::payment_hub) enum NotTaken {
    /// What was wrong with the list as a whole, and what would have been right.
    Wrong(String),
    /// Which entries are wrong, by their place in the list. Said of lists that stand together only.
    Entries(Vec<(usize, Why)>),
    /// The list that its sender handed in under this name before, and whether its payments are the same.
    Known {
        batch: Box<Batch>,
        is_same: bool,
    },
    Archive(StoreError),
}

impl From<StoreError> for NotTaken {
    fn from(error: StoreError) -> Self {
        Self::Archive(error)
    }
}

impl From<rusqlite::Error> for NotTaken {
    fn from(error: rusqlite::Error) -> Self {
        Self::Archive(error.into())
    }
}

/// Keeps a payment list with its payments. The caller lets it begin ([`super::begin`]) when the sender has its receipt.
pub(in crate::payment_hub) fn submit(
    errand: &Errand,
    submission: Submission,
) -> Result<Batch, NotTaken> {
    let count = submission.entries.len();
    if count == 0 || count > MOST_PAYMENTS {
        return Err(NotTaken::Wrong(format!("name 1 to {MOST_PAYMENTS} payments")));
    }
    if !submission.transaction_id.is_within_limit() {
        return Err(NotTaken::Wrong(String::from("transaction_id: write 1 to 99 characters")));
    }
    let currency = currency();
    let order = |(place, entry): (usize, &Disbursement)| {
        let order = due(errand, entry, currency)?;
        match submission.refused.get(&place) {
            Some(right) => Err(Why::new(ReasonCode::OtherError, right)),
            None => Ok(order),
        }
    };
    let orders: Vec<Result<Order, Why>> =
        submission.entries.iter().enumerate().map(order).collect();
    if total(&submission.entries, currency).is_none() {
        let right = "the payments come to more than can be counted; make several lists";
        return Err(NotTaken::Wrong(String::from(right)));
    }
    let first = orders.iter().find_map(|order| order.as_ref().ok());
    let payer_account = first.map_or_else(String::new, |order| order.payer_account.clone());
    errand.office.store.write(|tx| {
        let name = (submission.sender.as_str(), &submission.transaction_id);
        if let Some(known) = store::batch_named(tx, submission.face, name)? {
            let kept = store::instructions(tx, known.id)?;
            let is_same = kept.iter().map(|one| &one.disbursement).eq(&submission.entries);
            return Err(NotTaken::Known { batch: Box::new(known), is_same });
        }
        let id = next_number(tx, "batch")?;
        let batch = Batch {
            id,
            face: submission.face,
            sender: submission.sender,
            transaction_id: submission.transaction_id,
            correlation: format!("BATCH-{id:06}"),
            callback: submission.callback,
            asked: submission.asked,
            payer_account,
            currency,
            block: None,
            state: BatchState::Received,
            attempt: 0,
            cause: errand.cause.to_text(),
        };
        store::add_batch(tx, &batch)?;
        let refused = add_entries(errand, tx, &batch, submission.entries.iter().zip(orders))?;
        if submission.entries_stand == Stand::Together && !refused.is_empty() {
            return Err(NotTaken::Entries(refused));
        }
        Ok(batch)
    })
}

/// What the payments come to, as far as their amounts can be read; None where that is more than can be counted.
fn total(entries: &[Disbursement], currency: Currency) -> Option<i64> {
    let minor = |entry| Order::amount_of(entry, currency).map_or(0, |amount| amount.minor);
    entries.iter().map(minor).try_fold(0_i64, i64::checked_add)
}

/// Reads an entry that is to be paid now: the hub keeps no payments for a later moment.
fn due(errand: &Errand, entry: &Disbursement, currency: Currency) -> Result<Order, Why> {
    let forgives = errand.office.room.policy() != Policy::Strict;
    let order = match loosely(entry).filter(|_| forgives) {
        Some(read) => Order::read(&read, currency)?,
        None => Order::read(entry, currency)?,
    };
    let refuse = |right: String| Err(Why::new(ReasonCode::ScheduleTsInvalid, right));
    // A client outside writes "now" by the clock on the wall.
    let is_now = |at: Timestamp| forgives && at.duration_since(wall()).abs() <= NOW;
    let scheduled = entry.scheduled_timestamp.clone();
    let scheduled = scheduled.map(|at| if forgives { at.or_utc() } else { at });
    match scheduled.map(|at| at.instant()) {
        Some(Err(wrong)) => refuse(format!("scheduled_timestamp: {wrong}")),
        Some(Ok(at)) if at > errand.now() && !is_now(at) => refuse(format!(
            "scheduled_timestamp: {at} has not come; hand the payment in when it has"
        )),
        _ => Ok(order),
    }
}

/// Keeps the payments of a list, and gives those that have failed from the start.
fn add_entries<'a>(
    errand: &Errand,
    tx: &Transaction<'_>,
    batch: &Batch,
    entries: impl Iterator<Item = (&'a Disbursement, Result<Order, Why>)>,
) -> Result<Vec<(usize, Why)>, NotTaken> {
    let at = errand.stamp();
    let (mut named, mut refused) = (BTreeSet::new(), Vec::new());
    for (place, (entry, order)) in entries.enumerate() {
        let claim = claim(&batch.sender, &entry.reference_id);
        let order = order.and_then(|order| fits(batch, order));
        let is_taken = !named.insert(claim.clone()) || store::is_claimed(tx, &claim)?;
        let order = if is_taken { Err(duplicate(entry)) } else { order };
        if let Err(why) = &order {
            refused.push((place, why.clone()));
        }
        let id = next_number(tx, "instruction")?;
        let new = new_payment(errand, (batch, id), entry, (order, &at));
        let claim = (!is_taken && new.state == State::Received).then_some(claim.as_str());
        store::add_instruction(tx, &new, claim)?;
    }
    Ok(refused)
}

/// What a sender's name for a payment is kept under: no two senders and references give the same.
fn claim(sender: &str, reference: &str) -> String {
    // Senders are addresses as often as not; the last stroke is the one between the two.
    format!("{sender}/{}", reference.replace('%', "%25").replace('/', "%2F"))
}

/// The currency of every list: the government's accounts hold no other.
fn currency() -> Currency {
    // A constant of the country, spelled right.
    CURRENCY.parse().unwrap_or_else(|_| unreachable!("{CURRENCY} is a currency"))
}

/// All payments of a list are in the government's currency and come from one account, whose funds are set aside together.
fn fits(batch: &Batch, order: Order) -> Result<Order, Why> {
    if order.amount.currency != batch.currency {
        let right =
            format!("currency_code: write {}, the government holds no other", batch.currency);
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
    errand: &Errand,
    (batch, id): (&Batch, i64),
    entry: &Disbursement,
    (order, at): (Result<Order, Why>, &str),
) -> Instruction {
    let (order, why) = match order {
        Ok(order) => (Some(order), None),
        Err(why) => (None, Some(why)),
    };
    // A payment that is refused at once still shows what was to be paid to whom, as far as that can be read.
    let minor = order.as_ref().map_or_else(
        || Order::amount_of(entry, batch.currency).map_or(0, |amount| amount.minor),
        |order| order.amount.minor,
    );
    let account = match order.map(|order| order.payee) {
        Some(Payee::Account(account)) => Some(account),
        Some(Payee::Person(_)) => None,
        None => entry.payee_fa.parse().ok().and_then(|address| Account::read(&address)),
    };
    let (kind, payee_id, bank) = account.map_or_else(
        || ("".into(), String::new(), String::new()),
        |account| (account.kind, account.id, account.bank),
    );
    Instruction {
        id,
        batch: batch.id,
        bundle: None,
        disbursement: entry.clone(),
        payee_kind: kind,
        payee_id,
        payee_bank: bank,
        minor,
        state: if why.is_some() { State::Failed } else { State::Received },
        since: at.into(),
        why,
        quote_id: id_of(errand, &format!("payment {id} quote")),
        transfer_id: id_of(errand, &format!("payment {id} transfer")),
        given: None,
        expiration: None,
        cause: batch.cause.clone(),
    }
}

/// The id that messages about `what` carry: the same after a stop, because it follows from what is kept.
pub(super) fn id_of(errand: &Errand, what: &str) -> String {
    let office = &errand.office;
    let name = format!("{}/{}/{what}", office.room.name, office.system.name);
    Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_of_different_senders_and_references_differ() {
        let all = [("A", "B/1"), ("A/B", "1"), ("A", "B%2F1"), ("A", "B%1"), ("A", "B%251")];
        let claims: BTreeSet<String> = all.map(|(sender, name)| claim(sender, name)).into();
        assert_eq!(claims.len(), all.len(), "{claims:?}");
        assert_eq!(claim("https://po.example", "PAY-1"), "https://po.example/PAY-1");
    }
}
