//! The government's account at the treasury (the example bank of OpenG2P's bridge, with `/settle_block` and
//! `/release_block` of our own): funds are set aside for a whole list, and end payment by payment.

use serde_json::{Value, json};
use standards::dci::ReasonCode;
use standards::money::Money;

use super::intake::CURRENCY;
use super::kept;
use crate::kit::agenda::Agenda;
use crate::kit::courier::{Errand, Letter};
use crate::payment_hub::model::{PAYER_BANK, State, Why, wait_until_known};
use crate::payment_hub::store::{self, Batch, Bundle, Instruction};

/// What the treasury said.
pub(super) enum Answer {
    /// The funds are set aside under this reference.
    Blocked(String),
    /// The account does not hold enough.
    Lacking(Why),
    /// There is no such account, or the question was wrong.
    Refused(Why),
    /// Nobody answered, so it is not known; ask again.
    Later(String),
}

/// Checks that the account holds `minor`, and has it set aside. Asking twice sets it aside once.
pub(super) async fn set_aside(errand: &Errand, batch: &Batch, minor: i64) -> Answer {
    let amount = Money::new(minor, batch.currency).to_string();
    // Who asks again may have set the funds aside already, and then the account holds less.
    if batch.attempt == 0
        && let Err(answer) = check(errand, batch, &amount).await
    {
        return answer;
    }
    let block = json!({"account_number": batch.payer_account, "currency": batch.currency,
        "amount": amount, "reference": batch.correlation});
    match ask(errand, batch, "/block_funds", &block).await {
        Err(why) => Answer::Later(why),
        Ok(blocked) => match blocked["block_reference_no"].as_str() {
            Some(reference) if blocked["status"] == "success" => Answer::Blocked(reference.into()),
            _ => lacking(blocked["error_message"].as_str().unwrap_or_default()),
        },
    }
}

/// Asks whether the account holds enough; the error is the end of it for now.
async fn check(errand: &Errand, batch: &Batch, amount: &str) -> Result<(), Answer> {
    let check = json!({"account_number": batch.payer_account, "account_currency": batch.currency,
        "total_funds_needed": amount});
    let checked = ask(errand, batch, "/check_funds", &check).await.map_err(Answer::Later)?;
    let said = checked["error_message"].as_str().unwrap_or_default();
    if is_short(&checked) {
        return Err(lacking(said));
    }
    if checked["status"] != "success" {
        return Err(Answer::Refused(Why::new(ReasonCode::PayerFaInvalid, said)));
    }
    Ok(())
}

/// Whether there is an account, and too little on it. The treasury here says so by a code; another bank may answer `success`
/// and that the funds do not suffice.
fn is_short(checked: &Value) -> bool {
    let says_so = checked["error_code"] == "INSUFFICIENT_FUNDS";
    says_so || (checked["status"] == "success" && checked["has_sufficient_funds"] != true)
}

fn lacking(said: &str) -> Answer {
    let sentence = format!("FUNDS_NOT_AVAILABLE: {said}");
    Answer::Lacking(Why::new(ReasonCode::OtherError, sentence))
}

/// What the treasury says of an account's being there.
pub(in crate::payment_hub) enum Asked {
    Yes,
    /// There is none, and why, in its words.
    No(String),
    /// Nobody answered, so it is not known.
    Unknown(String),
}

/// Asks whether the treasury has an account.
pub(in crate::payment_hub) async fn is_account(errand: &Errand, account: &str) -> Asked {
    // A cent is the least that can be asked for; whether it is there is another question.
    let check = json!({"account_number": account, "account_currency": CURRENCY,
        "total_funds_needed": "0.01"});
    match ask_of(errand, account, "/check_funds", &check).await {
        Ok(checked) if checked["status"] == "success" || is_short(&checked) => Asked::Yes,
        Ok(checked) => Asked::No(checked["error_message"].as_str().unwrap_or_default().into()),
        Err(why) => Asked::Unknown(why),
    }
}

async fn ask(errand: &Errand, batch: &Batch, path: &str, body: &Value) -> Result<Value, String> {
    ask_of(errand, &batch.correlation, path, body).await
}

async fn ask_of(
    errand: &Errand,
    correlation: &str,
    path: &str,
    body: &Value,
) -> Result<Value, String> {
    let letter = Letter::post(PAYER_BANK, path).json(body).correlation(correlation);
    let reply = errand.send(letter).await.map_err(|e| e.to_string())?;
    if !reply.is_success() {
        return Err(format!("the treasury answered {}", reply.status));
    }
    reply.json().map_err(|e| e.to_string())
}

/// Has the treasury book the end of a bundle: what was paid to the scheme, the rest back. Tried again until it is booked;
/// asking twice books it once.
pub(super) async fn settle_bundle(errand: &Errand, bundle: &Bundle) {
    let read = errand.office.store.read(|db| store::batch(db, bundle.batch));
    let Some(Some(batch)) = kept("reading a list", read) else { return };
    let Some(block) = &batch.block else { return };
    for (path, minor) in
        [("/settle_block", bundle.paid_minor), ("/release_block", bundle.failed_minor)]
    {
        if minor == 0 {
            continue;
        }
        let amount = Money::new(minor, batch.currency).to_string();
        let end = json!({"block_reference_no": block, "amount": amount,
            "reference": bundle.bulk_transfer_id});
        match ask(errand, &batch, path, &end).await {
            Ok(booked) if booked["status"] == "success" => {}
            Ok(refused) => return settle_bundle_later(errand, bundle, &said(&refused)),
            Err(why) => return settle_bundle_later(errand, bundle, &why),
        }
    }
    let id = bundle.id;
    let marked = errand.office.store.alter(|tx| store::mark_bundle_settled(tx, id));
    kept("noting that a bundle is settled", marked);
}

/// Why the treasury did not book an end. It may yet, and until then the money belongs to nobody: it is asked again.
fn said(refused: &Value) -> String {
    let why = refused["error_message"].as_str().unwrap_or_default();
    tracing::error!(why, "the treasury refused to book the end of a payment");
    format!("the treasury refused: {why}")
}

fn settle_bundle_later(errand: &Errand, bundle: &Bundle, why: &str) {
    let id = bundle.id;
    let counted = errand.office.store.alter(|tx| store::count_bundle_try(tx, id));
    let Some(wait) = kept("counting a try", counted).map(wait_until_known) else { return };
    tracing::info!(bundle = id, why, "the end of a bulk waits to be booked");
    let (late, bundle) = (errand.clone(), bundle.clone());
    let agenda = errand.office.memory.of::<Agenda>();
    agenda.plan(errand, &format!("settle bundle {id}"), errand.now() + wait, async move {
        Box::pin(settle_bundle(&late, &bundle)).await;
    });
}

/// Has the treasury book the end of a payment: out of what is set aside, to the scheme or back. Tried again until it is
/// booked; asking twice books it once.
pub(super) async fn settle(errand: &Errand, instruction: &Instruction) {
    let read = errand.office.store.read(|db| store::batch(db, instruction.batch));
    let Some(Some(batch)) = kept("reading a list", read) else { return };
    let Some(block) = &batch.block else { return };
    let path = if instruction.state == State::Paid { "/settle_block" } else { "/release_block" };
    let amount = Money::new(instruction.minor, batch.currency).to_string();
    let end = json!({"block_reference_no": block, "amount": amount,
        "reference": instruction.transfer_id});
    match ask(errand, &batch, path, &end).await {
        Ok(booked) if booked["status"] == "success" => {
            let id = instruction.id;
            let marked = errand.office.store.alter(|tx| store::mark_settled(tx, id));
            kept("noting that a payment is settled", marked);
        }
        Ok(refused) => settle_later(errand, instruction, &said(&refused)),
        Err(why) => settle_later(errand, instruction, &why),
    }
}

fn settle_later(errand: &Errand, instruction: &Instruction, why: &str) {
    let id = instruction.id;
    let counted = errand.office.store.alter(|tx| store::count_try(tx, id));
    let Some(wait) = kept("counting a try", counted).map(wait_until_known) else { return };
    tracing::info!(payment = id, why, "the end of a payment waits to be booked");
    let (late, instruction) = (errand.clone(), instruction.clone());
    let agenda = errand.office.memory.of::<Agenda>();
    agenda.plan(errand, &format!("settle {id}"), errand.now() + wait, async move {
        Box::pin(settle(&late, &instruction)).await;
    });
}
