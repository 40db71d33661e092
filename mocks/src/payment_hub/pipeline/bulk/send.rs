//! FSPIOP 1.1, 6.6 and 6.8 on the payer's side: the message that belongs to a bundle's state, and what happens when nobody
//! takes it or nobody answers.

use http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use standards::dci::ReasonCode;
use standards::fspiop::{
    AmountType, BulkQuotesPostRequest, BulkTransfersPostRequest, ErrorCode, IndividualQuote,
    IndividualTransfer, Party, PartyIdInfo, PartyIdType, TransactionType,
};
use standards::money::{Currency, Money};

use super::{enter, stands};
use crate::kit::agenda::Agenda;
use crate::kit::courier::{Errand, Letter};
use crate::kit::fspiop::{HUB, Message, OURS, body, part_of, words_of};
use crate::payment_hub::model::{BundleState, PAYER_BANK, State, Why, longest_wait, wait_before};
use crate::payment_hub::pipeline::kept;
use crate::payment_hub::pipeline::steps::{Sent, look_up, post};
use crate::payment_hub::store::{self, Batch, Bundle, Instruction};

/// A callback that has not come after so long is asked for.
const PATIENCE_SECONDS: i64 = 90;

/// Plans for the case that no answer comes, and sends the message that belongs to the bundle's state. In this order: the
/// answer may be here before the receipt is, and what it plans must stand.
pub(super) async fn send(errand: &Errand, bundle: &Bundle) {
    watch(errand, bundle);
    let sent = match letter(errand, bundle) {
        Ok(letter) => post(errand, letter.correlation(&bundle.bulk_transfer_id)).await,
        Err(why) => Sent::Refused(ErrorCode::CLIENT, why),
    };
    match sent {
        Sent::Taken => {}
        Sent::NotNow(why) => try_later(errand, bundle, &why),
        // Not even the question was taken; whether money moved is as unknown as before.
        Sent::Refused(code, why) if bundle.state == BundleState::InDoubt => {
            try_later(errand, bundle, &format!("{code}: {why}"));
        }
        Sent::Refused(ErrorCode::NOT_IMPLEMENTED, why) if bundle.state == BundleState::Quoting => {
            one_by_one(errand, bundle, &why).await;
        }
        Sent::Refused(code, why) => {
            super::fail(errand, bundle, &[bundle.state], &Why::of(code, &why)).await;
        }
    }
}

/// A switch that does no bulks gets the payments one by one.
async fn one_by_one(errand: &Errand, bundle: &Bundle, why: &str) {
    let (id, at, cause) = (bundle.id, errand.stamp(), errand.cause.to_text());
    let freed = errand.office.store.alter(|tx| {
        // A bundle that another answer moved on meanwhile stays whole.
        if !stands(tx, id, &[BundleState::Quoting])? {
            return Ok(None);
        }
        let members = store::members(tx, id)?;
        store::free_members(tx, id, &at)?;
        store::end_bundle(tx, id, &cause)?;
        store::mark_bundle_settled(tx, id)?;
        Ok(Some(members))
    });
    let Some(freed) = kept("taking a bundle apart", freed).flatten() else { return };
    unwatch(errand, bundle);
    let facts = json!({"bank": bundle.payee_bank, "payments": freed.len(), "why": why});
    errand.event("bulk taken apart", "The switch does no bulks; payments go one by one.", &facts);
    for payment in freed {
        let read = errand.office.store.read(|db| store::instruction(db, payment.id));
        if let Some(payment) = kept("reading a payment", read).flatten() {
            Box::pin(look_up(errand, payment)).await;
        }
    }
    start_next_later(errand, bundle.batch);
}

/// Lets bundles begin that waited for this one; in work of its own, because each of them may be taken apart as well.
fn start_next_later(errand: &Errand, batch: i64) {
    let next = errand.clone();
    errand.spawn(async move { super::start_next(&next, batch).await });
}

fn letter(errand: &Errand, bundle: &Bundle) -> Result<Letter, String> {
    let switch = part_of(&errand.office.room, HUB).ok_or("there is no payment switch")?;
    let (method, uri, route, body) = match bundle.state {
        BundleState::Quoting => {
            (Method::POST, "/bulkQuotes".into(), "/bulkQuotes", Some(quotes(errand, bundle)?))
        }
        BundleState::Transferring => {
            let body = Some(transfers(errand, bundle)?);
            (Method::POST, "/bulkTransfers".into(), "/bulkTransfers", body)
        }
        _ => {
            let uri = format!("/bulkTransfers/{}", bundle.bulk_transfer_id);
            (Method::GET, uri, "/bulkTransfers/{id}", None)
        }
    };
    let destination = body.as_ref().map(|_| bundle.payee_bank.as_str());
    let message = Message {
        method,
        uri: &uri,
        route,
        version: OURS,
        source: PAYER_BANK,
        destination,
        body: body.as_ref(),
    };
    Ok(message.letter(errand, &switch))
}

/// The payments of a bundle in this state, and their list.
fn payments(
    errand: &Errand,
    bundle: &Bundle,
    state: State,
) -> Result<(Vec<Instruction>, Batch), String> {
    let read = errand
        .office
        .store
        .read(|db| Ok((store::members(db, bundle.id)?, store::batch(db, bundle.batch)?)));
    let (mut members, batch) = kept("reading a bundle", read).ok_or("the archive failed")?;
    members.retain(|payment| payment.state == state);
    Ok((members, batch.ok_or("the bundle's list is gone")?))
}

fn amount(payment: &Instruction, currency: Currency) -> Result<standards::fspiop::Money, String> {
    Money::new(payment.minor, currency).try_into().map_err(|e| format!("{e}"))
}

fn quotes(errand: &Errand, bundle: &Bundle) -> Result<Value, String> {
    let (members, batch) = payments(errand, bundle, State::Quoting)?;
    let first = &members.first().ok_or("the bundle is empty")?.disbursement;
    let payer = PartyIdInfo::new(PartyIdType::AccountId, &batch.payer_account);
    let mut payer = Party::new(payer.at(PAYER_BANK));
    payer.name = words_of(first.payer_name.as_ref());
    let quote = |payment: &Instruction| {
        let payee = PartyIdInfo::new(payment.payee_kind.clone(), &payment.payee_id);
        Ok(IndividualQuote {
            quote_id: payment.quote_id.clone(),
            transaction_id: payment.transfer_id.clone(),
            payee: Party::new(payee.at(&bundle.payee_bank)),
            amount_type: AmountType::Send,
            amount: amount(payment, batch.currency)?,
            fees: None,
            transaction_type: TransactionType::benefit(),
            note: words_of(
                payment.disbursement.note.as_ref().or(payment.disbursement.purpose.as_ref()),
            ),
            extension_list: None,
        })
    };
    let individual_quotes = members.iter().map(quote).collect::<Result<_, String>>()?;
    Ok(body(&BulkQuotesPostRequest {
        bulk_quote_id: bundle.bulk_quote_id.clone(),
        payer,
        geo_code: None,
        expiration: None,
        individual_quotes,
        extension_list: None,
    }))
}

fn transfers(errand: &Errand, bundle: &Bundle) -> Result<Value, String> {
    let (members, batch) = payments(errand, bundle, State::Transferring)?;
    let expiration = bundle.expiration.clone().ok_or("the transfers have no expiration")?;
    let transfer = |payment: &Instruction| {
        let given = payment.given.as_ref().ok_or("the payee's bank gave no terms")?;
        Ok(IndividualTransfer {
            transfer_id: payment.transfer_id.clone(),
            transfer_amount: amount(payment, batch.currency)?,
            ilp_packet: given.ilp_packet.clone(),
            condition: given.condition.clone(),
            extension_list: None,
        })
    };
    let individual_transfers = members.iter().map(transfer).collect::<Result<_, String>>()?;
    Ok(body(&BulkTransfersPostRequest {
        bulk_transfer_id: bundle.bulk_transfer_id.clone(),
        bulk_quote_id: bundle.bulk_quote_id.clone(),
        payer_fsp: PAYER_BANK.into(),
        payee_fsp: bundle.payee_bank.clone(),
        individual_transfers,
        expiration,
        extension_list: None,
    }))
}

fn key(bundle: &Bundle) -> String {
    format!("bundle {}", bundle.id)
}

/// Strikes out what was planned for a bundle that moved on.
pub(super) fn unwatch(errand: &Errand, bundle: &Bundle) {
    errand.office.memory.of::<Agenda>().strike(&key(bundle));
}

/// Plans for the case that no callback comes.
pub(super) fn watch(errand: &Errand, bundle: &Bundle) {
    let at = errand.now() + SignedDuration::from_secs(PATIENCE_SECONDS);
    plan(errand, bundle, at, "no callback came");
}

fn plan(errand: &Errand, bundle: &Bundle, at: jiff::Timestamp, why: &'static str) {
    let (late, then) = (errand.clone(), bundle.clone());
    let agenda = errand.office.memory.of::<Agenda>();
    agenda.plan(errand, &key(bundle), at, async move {
        let Some(bundle) = still(&late, &then) else { return };
        if count(&late, &bundle).is_none() {
            give_up(&late, &bundle, why).await;
        } else {
            Box::pin(super::resume(&late, bundle)).await;
        }
    });
}

/// The bundle, where it has not moved on since.
fn still(errand: &Errand, then: &Bundle) -> Option<Bundle> {
    let read = errand.office.store.read(|db| store::bundle(db, then.id));
    kept("reading a bundle", read).flatten().filter(|now| now.state == then.state)
}

/// Counts a try, and gives how long to wait before the next; none where that has gone on for long enough.
fn count(errand: &Errand, bundle: &Bundle) -> Option<SignedDuration> {
    let id = bundle.id;
    let counted = errand.office.store.alter(|tx| store::count_bundle_try(tx, id));
    kept("counting a try", counted).and_then(wait_before)
}

/// Whether the transfers were carried out is not known from here on.
pub(super) fn doubt(errand: &Errand, bundle: &Bundle, why: &str) -> Option<Bundle> {
    let step = (&[BundleState::Transferring][..], BundleState::InDoubt);
    let doubted = enter(errand, bundle, step, (State::Transferring, State::InDoubt))?;
    let facts = json!({"bank": bundle.payee_bank, "bulk_transfer_id": bundle.bulk_transfer_id,
        "why": why});
    errand.event("bulk in doubt", "The switch will be asked; nothing is paid again.", &facts);
    Some(doubted)
}

/// Plans to send the bundle's message again, with the same ids; transfers that may have been carried out are asked after.
pub(super) fn try_later(errand: &Errand, bundle: &Bundle, why: &str) {
    let bundle = if bundle.state == BundleState::Transferring {
        let Some(doubted) = doubt(errand, bundle, why) else { return };
        doubted
    } else {
        bundle.clone()
    };
    // A bundle that has moved on meanwhile waits for something else.
    let Some(bundle) = still(errand, &bundle) else { return };
    let Some(wait) = count(errand, &bundle) else {
        let (late, why) = (errand.clone(), why.to_owned());
        errand.spawn(async move { give_up(&late, &bundle, &why).await });
        return;
    };
    let facts = json!({"bank": bundle.payee_bank, "state": bundle.state.text(), "why": why});
    let sentence = format!("It is tried again in {} seconds.", wait.as_secs());
    errand.event("bulk waits", &sentence, &facts);
    plan(errand, &bundle, errand.now() + wait, "the switch did not take it");
}

/// Nobody answered for long enough. A bundle for which no money can have moved has failed; one in doubt is asked after for
/// as long as it takes, because nobody else will.
async fn give_up(errand: &Errand, bundle: &Bundle, why: &str) {
    if bundle.state == BundleState::Quoting {
        let sentence = format!("the switch was tried often enough: {why}");
        let why = Why::new(ReasonCode::UnknownRetry, sentence);
        super::fail(errand, bundle, &[BundleState::Quoting], &why).await;
    } else {
        tracing::warn!(bundle = bundle.id, why, "a bundle stays in doubt");
        let (late, then) = (errand.clone(), bundle.clone());
        let agenda = errand.office.memory.of::<Agenda>();
        agenda.plan(errand, &key(bundle), errand.now() + longest_wait(), async move {
            if let Some(bundle) = still(&late, &then) {
                Box::pin(super::resume(&late, bundle)).await;
            }
        });
    }
}
