//! FSPIOP 1.1 on the payer's side: the message that belongs to a payment's state, and what happens when nobody takes it
//! or nobody answers. The same state sends the same message with the same ids.

use http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use standards::dci::ReasonCode;
use standards::fspiop::{
    AmountType, DateTime, ErrorCode, ErrorInformationObject, Party, PartyIdInfo, PartyIdType,
    QuotesPostRequest, TransactionType, TransfersPostRequest,
};
use standards::money::Money;

use super::intake::id_of;
use super::{kept, progress};
use crate::kit::agenda::Agenda;
use crate::kit::courier::{Errand, Letter};
use crate::kit::fspiop::{HUB, Message, OURS, body, part_of, path_segment, words_of};
use crate::kit::store::next_number;
use crate::payment_hub::model::{PAYER_BANK, State, Why, longest_wait, may_pass, wait_before};
use crate::payment_hub::store::{self, Batch, Instruction};

/// The switch may carry a transfer out for so long.
const TRANSFER_SECONDS: i64 = 60;
/// A callback that has not come after so long is asked for.
const PATIENCE_SECONDS: i64 = 90;

/// What became of a message to the switch.
pub(super) enum Sent {
    /// It will call back.
    Taken,
    /// Nobody took it, which may pass.
    NotNow(String),
    Refused(ErrorCode, String),
}

/// Begins a payment: the switch is asked who the payee is.
pub(super) async fn look_up(errand: &Errand, instruction: Instruction) {
    if let Some(instruction) = enter(errand, &instruction, &[State::Received], State::LookingUp) {
        send(errand, &instruction).await;
    }
}

/// Moves a payment on, with the cause of what is sent next. None where it stands elsewhere by now.
pub(super) fn enter(
    errand: &Errand,
    instruction: &Instruction,
    from: &[State],
    to: State,
) -> Option<Instruction> {
    let (id, at) = (instruction.id, errand.stamp());
    let expiration = DateTime::from(errand.now() + SignedDuration::from_secs(TRANSFER_SECONDS));
    let entered = errand.office.store.alter(|tx| {
        if !store::advance(tx, id, (from, to), None, &at)? {
            return Ok(None);
        }
        store::keep_cause(tx, id, &errand.cause.to_text())?;
        if to == State::Transferring {
            store::set_expiration(tx, id, &expiration)?;
        }
        store::instruction(tx, id)
    });
    kept("moving a payment on", entered).flatten()
}

/// Plans for the case that no answer comes, and sends the message that belongs to the payment's state. In this order: the
/// answer may be here before the receipt is, and what it plans must stand.
pub(in crate::payment_hub) async fn send(errand: &Errand, instruction: &Instruction) {
    watch(errand, instruction);
    match deliver(errand, instruction).await {
        Sent::Taken => {}
        Sent::NotNow(why) => try_later(errand, instruction, &why),
        Sent::Refused(code, why) if instruction.state == State::InDoubt => {
            // Not even the question was taken; whether money moved is as unknown as before.
            try_later(errand, instruction, &format!("{code}: {why}"));
        }
        Sent::Refused(code, why) => progress::fail(errand, instruction, &Why::of(code, &why)).await,
    }
}

async fn deliver(errand: &Errand, instruction: &Instruction) -> Sent {
    let letter = match letter(errand, instruction) {
        Ok(letter) => letter.correlation(&instruction.disbursement.reference_id),
        Err(why) => return Sent::Refused(ErrorCode::CLIENT, why),
    };
    post(errand, letter).await
}

/// Hands a message to the switch.
pub(super) async fn post(errand: &Errand, letter: Letter) -> Sent {
    match errand.send(letter).await {
        Ok(reply) if reply.is_success() => Sent::Taken,
        Ok(reply) => match reply.json::<ErrorInformationObject>() {
            Ok(ErrorInformationObject { error_information: said })
                if (reply.status < 500 || reply.status == 501) && !may_pass(said.error_code) =>
            {
                Sent::Refused(said.error_code, said.error_description)
            }
            Ok(ErrorInformationObject { error_information: said }) => {
                Sent::NotNow(format!("{}: {}", said.error_code, said.error_description))
            }
            Err(_) => Sent::NotNow(format!("the switch answered {}", reply.status)),
        },
        Err(error) => Sent::NotNow(error.to_string()),
    }
}

fn letter(errand: &Errand, instruction: &Instruction) -> Result<Letter, String> {
    let switch = part_of(&errand.office.room, HUB).ok_or("there is no payment switch")?;
    let (kind, id) = (instruction.payee_kind.as_str(), &instruction.payee_id);
    let (method, uri, route, body) = match instruction.state {
        State::Quoting => {
            (Method::POST, "/quotes".into(), "/quotes", Some(quote(errand, instruction)?))
        }
        State::Transferring => {
            (Method::POST, "/transfers".into(), "/transfers", Some(transfer(errand, instruction)?))
        }
        State::InDoubt => {
            let uri = format!("/transfers/{}", instruction.transfer_id);
            (Method::GET, uri, "/transfers/{id}", None)
        }
        _ => (
            Method::GET,
            format!("/parties/{kind}/{}", path_segment(id)),
            "/parties/{type}/{id}",
            None,
        ),
    };
    let destination = body.as_ref().map(|_| instruction.payee_bank.as_str());
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

fn list_of(errand: &Errand, instruction: &Instruction) -> Result<Batch, String> {
    let batch = errand.office.store.read(|db| store::batch(db, instruction.batch));
    kept("reading a list", batch).flatten().ok_or_else(|| "the payment's list is gone".into())
}

fn amount_of(instruction: &Instruction, batch: &Batch) -> Result<standards::fspiop::Money, String> {
    Money::new(instruction.minor, batch.currency).try_into().map_err(|e| format!("{e}"))
}

fn quote(errand: &Errand, instruction: &Instruction) -> Result<Value, String> {
    let entry = &instruction.disbursement;
    let payee = PartyIdInfo::new(instruction.payee_kind.clone(), &instruction.payee_id);
    let batch = list_of(errand, instruction)?;
    let payer = PartyIdInfo::new(PartyIdType::AccountId, &batch.payer_account);
    let mut payer = Party::new(payer.at(PAYER_BANK));
    payer.name = words_of(entry.payer_name.as_ref());
    Ok(body(&QuotesPostRequest {
        quote_id: instruction.quote_id.clone(),
        transaction_id: instruction.transfer_id.clone(),
        transaction_request_id: None,
        payee: Party::new(payee.at(&instruction.payee_bank)),
        payer,
        amount_type: AmountType::Send,
        amount: amount_of(instruction, &batch)?,
        fees: None,
        transaction_type: TransactionType::benefit(),
        geo_code: None,
        note: words_of(entry.note.as_ref().or(entry.purpose.as_ref())),
        expiration: None,
        extension_list: None,
    }))
}

fn transfer(errand: &Errand, instruction: &Instruction) -> Result<Value, String> {
    let given = instruction.given.as_ref().ok_or("the payee's bank gave no terms")?;
    let expiration = instruction.expiration.clone().ok_or("the transfer has no expiration")?;
    Ok(body(&TransfersPostRequest {
        transfer_id: instruction.transfer_id.clone(),
        payee_fsp: instruction.payee_bank.clone(),
        payer_fsp: PAYER_BANK.into(),
        amount: amount_of(instruction, &list_of(errand, instruction)?)?,
        ilp_packet: given.ilp_packet.clone(),
        condition: given.condition.clone(),
        expiration,
        extension_list: None,
    }))
}

fn key(instruction: &Instruction) -> String {
    format!("payment {}", instruction.id)
}

/// Strikes out what was planned for a payment that moved on.
pub(super) fn unwatch(errand: &Errand, instruction: &Instruction) {
    errand.office.memory.of::<Agenda>().strike(&key(instruction));
}

/// Plans for the case that no callback comes.
pub(super) fn watch(errand: &Errand, instruction: &Instruction) {
    let (late, instruction) = (errand.clone(), instruction.clone());
    let at = errand.now() + SignedDuration::from_secs(PATIENCE_SECONDS);
    let agenda = errand.office.memory.of::<Agenda>();
    agenda.plan(errand, &key(&instruction), at, async move {
        let Some(instruction) = still(&late, &instruction) else { return };
        let id = instruction.id;
        let counted = late.office.store.alter(|tx| store::count_try(tx, id));
        match kept("counting a try", counted).map(|attempt| (attempt, wait_before(attempt))) {
            Some((_, Some(_))) => ask_again(&late, instruction).await,
            Some((_, None)) => give_up(&late, &instruction, "no callback came").await,
            None => {}
        }
    });
}

/// The payment, where it has not moved on since.
fn still(errand: &Errand, then: &Instruction) -> Option<Instruction> {
    let read = errand.office.store.read(|db| store::instruction(db, then.id));
    kept("reading a payment", read).flatten().filter(|now| now.state == then.state)
}

/// Asks for what no callback told. A quote is asked for anew: the answer may be lost on the way to the switch, which does not
/// pass the same question on twice.
async fn ask_again(errand: &Errand, instruction: Instruction) {
    if instruction.state != State::Quoting {
        resume(errand, instruction).await;
    } else if let Some(renamed) = ask_anew(errand, &instruction) {
        send(errand, &renamed).await;
    }
}

/// A new id for a question whose answer may be lost. Nothing moves by a quote, so it may be asked twice.
fn ask_anew(errand: &Errand, instruction: &Instruction) -> Option<Instruction> {
    let id = instruction.id;
    let renamed = errand.office.store.alter(|tx| {
        if store::instruction(tx, id)?.is_none_or(|now| now.state != State::Quoting) {
            return Ok(None);
        }
        let round = next_number(tx, "requote")?;
        let quote = id_of(errand, &format!("payment {id} quote, round {round}"));
        store::rename_quote(tx, id, &quote)?;
        store::instruction(tx, id)
    });
    kept("asking for a quote anew", renamed).flatten()
}

/// Sends the payment's message once more; a transfer that may have been carried out is asked after instead.
pub(super) async fn resume(errand: &Errand, instruction: Instruction) {
    match instruction.state {
        State::Received => look_up(errand, instruction).await,
        State::Transferring => {
            if let Some(doubted) = doubt(errand, &instruction, "no callback came") {
                send(errand, &doubted).await;
            }
        }
        _ => send(errand, &instruction).await,
    }
}

/// Whether the transfer was carried out is not known from here on.
fn doubt(errand: &Errand, instruction: &Instruction, why: &str) -> Option<Instruction> {
    let doubted = enter(errand, instruction, &[State::Transferring], State::InDoubt)?;
    let facts = json!({"reference_id": instruction.disbursement.reference_id,
        "transfer_id": instruction.transfer_id, "why": why});
    errand.event("payment in doubt", "The switch will be asked; nothing is paid again.", &facts);
    Some(doubted)
}

/// Plans to send the payment's message again, with the same ids.
pub(super) fn try_later(errand: &Errand, instruction: &Instruction, why: &str) {
    let instruction = if instruction.state == State::Transferring {
        let Some(doubted) = doubt(errand, instruction, why) else { return };
        doubted
    } else {
        instruction.clone()
    };
    // A payment that has moved on meanwhile waits for something else.
    let Some(instruction) = still(errand, &instruction) else { return };
    let id = instruction.id;
    let counted = errand.office.store.alter(|tx| store::count_try(tx, id));
    let Some(attempt) = kept("counting a try", counted) else { return };
    let Some(wait) = wait_before(attempt) else {
        let (late, why) = (errand.clone(), why.to_owned());
        errand.spawn(async move { give_up(&late, &instruction, &why).await });
        return;
    };
    let facts = json!({"reference_id": instruction.disbursement.reference_id,
        "state": instruction.state.text(), "attempt": attempt, "why": why});
    let sentence = format!("It is tried again in {} seconds, with the same ids.", wait.as_secs());
    errand.event("payment waits", &sentence, &facts);
    resume_later(errand, instruction, wait);
}

fn resume_later(errand: &Errand, instruction: Instruction, wait: SignedDuration) {
    let late = errand.clone();
    let agenda = errand.office.memory.of::<Agenda>();
    agenda.plan(errand, &key(&instruction), errand.now() + wait, async move {
        if let Some(instruction) = still(&late, &instruction) {
            resume(&late, instruction).await;
        }
    });
}

/// Nobody answered for long enough. A payment for which no money can have moved has failed; one in doubt is asked after for
/// as long as it takes, because nobody else will.
async fn give_up(errand: &Errand, instruction: &Instruction, why: &str) {
    if matches!(instruction.state, State::LookingUp | State::Quoting) {
        let sentence = format!("the switch was tried often enough: {why}");
        let why = Why::new(ReasonCode::UnknownRetry, sentence);
        Box::pin(progress::fail(errand, instruction, &why)).await;
    } else {
        tracing::warn!(payment = instruction.id, why, "a payment stays in doubt");
        resume_later(errand, instruction.clone(), longest_wait());
    }
}
