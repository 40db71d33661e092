//! What a bank promises on the payee's side: the quote with its condition, and its word that it will pay a transfer in.
//! Single messages and bulks give them alike.

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use sha2::{Digest as _, Sha256};
use standards::fspiop::{
    self, AmountType, DateTime, ErrorCode, Party, PartyIdInfo, QuotesPostRequest, ilp,
};
use standards::money::Money;

use super::model::{Account, Incoming, Standing, reversal};
use super::store::{self, Payment, Quote};
use super::{scheme, seed};
use crate::kit::courier::Errand;
use crate::kit::fspiop::{Refusal, moment};

/// A quote stands for a day, so that a payer who must wait for a switch can still use it.
const QUOTE_HOURS: i64 = 24;

/// The transfer that a bank is asked to give its word for.
#[derive(Debug, Clone)]
pub(super) struct Asked<'a> {
    pub(super) transfer: &'a str,
    pub(super) payer_fsp: &'a str,
    pub(super) amount: &'a fspiop::Money,
    pub(super) ilp_packet: &'a str,
    pub(super) condition: &'a str,
    pub(super) expiration: Timestamp,
    pub(super) hash: String,
    /// The bulk that it is part of.
    pub(super) bulk: Option<&'a str>,
}

fn refuse<T>(code: ErrorCode, sentence: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::new(code, sentence))
}

/// What tells one body from another.
pub(super) fn hash(body: &[u8]) -> String {
    Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The account behind an identifier.
pub(super) fn holder(db: &Connection, party: &PartyIdInfo) -> Result<Account, Refusal> {
    let account = store::account(db, party.bare_identifier())?;
    account.filter(|account| account.kind == party.party_id_type).ok_or_else(|| {
        let sentence = format!("this bank has no account {}", party.party_identifier);
        Refusal::new(ErrorCode::PARTY_NOT_FOUND, sentence)
    })
}

/// Gives a quote without a fee. The same question gets the same quote.
pub(super) fn give_quote(
    tx: &Connection,
    errand: &Errand,
    wish: &QuotesPostRequest,
    hash: String,
) -> Result<Quote, Refusal> {
    match store::find_quote(tx, &wish.quote_id)? {
        Some(before) if before.hash == hash => return Ok(before),
        Some(_) => {
            let sentence = "another quote with this id came before";
            return refuse(ErrorCode::MODIFIED_REQUEST, sentence);
        }
        None => {}
    }
    is_in_time(errand, &wish.payer, wish.expiration.as_ref())?;
    let account = holder(tx, &wish.payee.party_id_info)?;
    account.standing.allows_lookup()?;
    let wrong = |sentence: String| Refusal::new(ErrorCode::VALIDATION, sentence);
    let amount = wish.amount.to_money().map_err(|e| wrong(format!("amount: {e}")))?;
    if amount.currency != scheme::currency() {
        let sentence = format!("accounts here are in {}", scheme::currency());
        return refuse(ErrorCode::PAYEE_UNSUPPORTED_CURRENCY, sentence);
    }
    if !matches!(wish.amount_type, AmountType::Send | AmountType::Receive) {
        return Err(wrong(String::from("amountType: write SEND or RECEIVE")));
    }
    let expiration = errand.now() + SignedDuration::from_hours(QUOTE_HOURS);
    let bank = errand.office.system.name;
    let mut transaction =
        ilp::Transaction::of(wish, wish.amount.clone(), DateTime::from(expiration));
    transaction.payee.party_id_info.fsp_id = Some(bank.into());
    let agreed = ilp::agree(&transaction, &seed::ilp_secret(bank))
        .map_err(|error| wrong(error.to_string()))?;
    let quote = Quote {
        id: wish.quote_id.clone(),
        hash,
        account: account.number,
        payer: payer_of(wish),
        amount,
        ilp_packet: agreed.ilp_packet,
        condition: agreed.condition,
        fulfilment: agreed.fulfilment,
        expiration,
    };
    store::keep_quote(tx, &quote)?;
    Ok(quote)
}

/// Whether whoever pays still wants the quote that it asks for.
pub(super) fn is_in_time(
    errand: &Errand,
    payer: &Party,
    expiration: Option<&DateTime>,
) -> Result<(), Refusal> {
    let payer = payer.party_id_info.fsp_id.as_deref().unwrap_or_default();
    let now = moment(errand, (payer, errand.office.system.name));
    match expiration.filter(|expiration| expiration.instant() <= now) {
        Some(expiration) => {
            refuse(ErrorCode::QUOTE_EXPIRED, format!("expiration: {expiration} has passed"))
        }
        None => Ok(()),
    }
}

/// Who pays, and what for, as the holder reads it.
fn payer_of(wish: &QuotesPostRequest) -> String {
    if let Some(refund) = &wish.transaction_type.refund_info {
        return reversal(&refund.original_transaction_id, refund.refund_reason.as_deref());
    }
    let number = &wish.payer.party_id_info.party_identifier;
    let name = wish.payer.name.as_ref().unwrap_or(number);
    wish.note.as_ref().map_or_else(|| name.clone(), |note| format!("{name} ({note})"))
}

/// Gives the bank's word that it will pay the money in; again where the same is asked again, unless the bank gave it up
/// since. None where the account is one that never answers.
pub(super) fn give_word(
    tx: &Connection,
    errand: &Errand,
    asked: Asked<'_>,
) -> Result<Option<Payment>, Refusal> {
    if let Some(before) = store::payment(tx, asked.transfer)? {
        if before.hash != asked.hash {
            let sentence = "another transfer with this id came before";
            return refuse(ErrorCode::MODIFIED_REQUEST, sentence);
        }
        if before.state == Incoming::Cancelled {
            // Its proof would have the switch commit what nobody credits here.
            let sentence = "the bank gave this transfer up; send a new one";
            return refuse(ErrorCode::PAYEE_FSP_REJECTED_TRANSACTION, sentence);
        }
        return Ok(Some(before));
    }
    let amount: Money = asked
        .amount
        .to_money()
        .map_err(|e| Refusal::new(ErrorCode::VALIDATION, format!("amount: {e}")))?;
    let quote = store::quote_of_condition(tx, asked.condition)?;
    let Some(quote) = quote.filter(|q| q.ilp_packet == asked.ilp_packet && q.amount == amount)
    else {
        let sentence = "no quote was given with this condition, packet and amount";
        return refuse(ErrorCode::QUOTE_ID_NOT_FOUND, sentence);
    };
    if let Some(other) = store::transfer_that_used(tx, &quote)? {
        let sentence = format!("the quote was used by the transfer {other}; ask for a new one");
        return refuse(ErrorCode::PAYEE_FSP_REJECTED_TRANSACTION, sentence);
    }
    let now = errand.now();
    if quote.expiration <= now {
        return refuse(ErrorCode::QUOTE_EXPIRED, "ask for a new quote");
    }
    let sides = (asked.payer_fsp, errand.office.system.name);
    if asked.expiration <= moment(errand, sides) {
        return refuse(ErrorCode::TRANSFER_EXPIRED, "it came too late");
    }
    let account = store::account(tx, &quote.account)?;
    let standing = account.map_or(Standing::Closed, |account| account.standing);
    standing.allows_credit()?;
    if standing == Standing::Silent {
        return Ok(None);
    }
    let payment = Payment {
        transfer: asked.transfer.to_owned(),
        hash: asked.hash,
        account: quote.account,
        payer: quote.payer,
        amount,
        fulfilment: quote.fulfilment,
        state: Incoming::Reserved,
        reserved: errand.stamp(),
        expiration: asked.expiration,
        cause: errand.cause.to_text(),
        bulk: asked.bulk.map(str::to_owned),
    };
    store::reserve(tx, &payment)?;
    Ok(Some(payment))
}
