//! FSPIOP 1.1, API Definition 6.7: the states of a transfer and what leads from one to the next.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use standards::fspiop::{
    DateTime, ErrorCode, TransferState, TransfersPostRequest, TransfersPutResponse, ilp,
};
use standards::money::Money;

use crate::kit::fspiop::Refusal;

/// How far a transfer has come, in the words of the hub. Receiving and reserving are one step here, so a transfer that
/// is kept is reserved at least, or never was valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::payment_switch) enum State {
    /// Refused before any money was reserved.
    Invalid,
    /// The payer's money is set aside, and the payee is asked.
    Reserved,
    /// The payee proved that it will pay; the money is the payee's.
    Committed,
    /// The payee refused.
    AbortedRejected,
    /// The payee's proof was wrong.
    AbortedError,
    /// Nobody answered in time.
    ExpiredReserved,
}

impl State {
    const ALL: [Self; 6] = [
        Self::Invalid,
        Self::Reserved,
        Self::Committed,
        Self::AbortedRejected,
        Self::AbortedError,
        Self::ExpiredReserved,
    ];

    /// As it is kept.
    pub(in crate::payment_switch) fn text(self) -> &'static str {
        match self {
            Self::Invalid => "INVALID",
            Self::Reserved => "RESERVED",
            Self::Committed => "COMMITTED",
            Self::AbortedRejected => "ABORTED_REJECTED",
            Self::AbortedError => "ABORTED_ERROR",
            Self::ExpiredReserved => "EXPIRED_RESERVED",
        }
    }

    /// As it was kept.
    pub(in crate::payment_switch) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.text() == text)
    }

    /// As participants hear it.
    pub(in crate::payment_switch) fn wire(self) -> TransferState {
        match self {
            Self::Reserved => TransferState::Reserved,
            Self::Committed => TransferState::Committed,
            _ => TransferState::Aborted,
        }
    }
}

/// A payer's wish to transfer, read and checked for what it says by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_switch) struct Prepare {
    pub(in crate::payment_switch) id: String,
    pub(in crate::payment_switch) payer: String,
    pub(in crate::payment_switch) payee: String,
    pub(in crate::payment_switch) amount: Money,
    pub(in crate::payment_switch) condition: String,
    pub(in crate::payment_switch) expiration: Timestamp,
}

impl Prepare {
    /// Reads a transfer that its payer asked for, in time or too late.
    pub(in crate::payment_switch) fn check(
        wish: &TransfersPostRequest,
        has_passed: bool,
    ) -> Result<Self, Refusal> {
        sides((&wish.payer_fsp, &wish.payee_fsp), (&wish.expiration, has_passed))?;
        let terms = (&wish.amount, wish.condition.as_str());
        let between = (wish.payer_fsp.as_str(), wish.payee_fsp.as_str());
        Self::of(&wish.transfer_id, between, terms, wish.expiration.instant())
    }

    /// What was asked for, as far as it can be kept, where it is refused for what it says by itself.
    pub(in crate::payment_switch) fn refused(wish: &TransfersPostRequest) -> Self {
        let nothing = Money::new(0, wish.amount.currency);
        Self {
            id: wish.transfer_id.clone(),
            payer: wish.payer_fsp.clone(),
            payee: wish.payee_fsp.clone(),
            amount: wish.amount.to_money().unwrap_or(nothing),
            condition: wish.condition.clone(),
            expiration: wish.expiration.instant(),
        }
    }

    /// Reads what is one transfer's own, between a payer and a payee who may transfer.
    pub(super) fn of(
        id: &str,
        (payer, payee): (&str, &str),
        (amount, condition): (&standards::fspiop::Money, &str),
        expiration: Timestamp,
    ) -> Result<Self, Refusal> {
        let amount = amount.to_money().map_err(|e| wrong(format!("amount: {e}")))?;
        if amount.minor == 0 {
            return Err(wrong("amount: nothing would be transferred"));
        }
        if !URL_SAFE_NO_PAD.decode(condition).is_ok_and(|bytes| bytes.len() == 32) {
            return Err(wrong("condition: write base64url of 32 bytes"));
        }
        let (id, condition) = (id.to_owned(), condition.to_owned());
        Ok(Self { id, payer: payer.into(), payee: payee.into(), amount, condition, expiration })
    }
}

fn wrong(sentence: impl Into<String>) -> Refusal {
    Refusal::new(ErrorCode::VALIDATION, sentence)
}

/// Whether the payer itself asks. What anybody else asks for in its name is refused before it is kept, so that it does
/// not occupy an id that the payer may come with.
pub(in crate::payment_switch) fn is_asked_by_payer(
    payer: &str,
    source: &str,
) -> Result<(), Refusal> {
    if payer == source {
        return Ok(());
    }
    Err(wrong("FSPIOP-Source header should match Payer FSP"))
}

/// Whether there may be transfers from `payer` to `payee` until then.
pub(super) fn sides(
    (payer, payee): (&str, &str),
    (expiration, has_passed): (&DateTime, bool),
) -> Result<(), Refusal> {
    if payer == payee {
        return Err(wrong(format!("payer and payee are both {payer}; no switch is needed")));
    }
    if has_passed {
        return Err(wrong(format!("expiration: {expiration} has passed")));
    }
    Ok(())
}

/// A transfer as the switch keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_switch) struct Transfer {
    pub(in crate::payment_switch) prepare: Prepare,
    pub(in crate::payment_switch) state: State,
    /// Hash of the fulfilment or error that the payee sent.
    pub(in crate::payment_switch) answer_hash: Option<String>,
    pub(in crate::payment_switch) fulfilment: Option<String>,
    /// Whether the payee waits to be told how it ended.
    pub(in crate::payment_switch) tell_payee: bool,
    pub(in crate::payment_switch) completed: Option<String>,
    /// Why it was aborted.
    pub(in crate::payment_switch) error: Option<Refusal>,
}

impl Transfer {
    fn asked(&self) -> Asked<'_> {
        Asked {
            sides: (&self.prepare.payer, &self.prepare.payee),
            answer_hash: self.answer_hash.as_deref(),
            is_open: self.state == State::Reserved,
            state: self.state.text(),
            expiration: self.prepare.expiration,
        }
    }
}

/// What a payee answers to a prepare.
#[derive(Debug, Clone, Copy)]
pub(in crate::payment_switch) struct Fulfil<'a> {
    pub(in crate::payment_switch) source: &'a str,
    pub(in crate::payment_switch) destination: Option<&'a str>,
    pub(in crate::payment_switch) hash: &'a str,
    pub(in crate::payment_switch) at: Timestamp,
}

/// What becomes of a payee's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_switch) enum Outcome {
    /// The money is the payee's.
    Commit { fulfilment: String, tell_payee: bool },
    /// The payer gets its money back, and hears why.
    Abort(State, Refusal),
    /// The same answer came before and did its work.
    Again,
    /// The answer changes nothing, and its sender hears why.
    Refuse(Refusal),
}

/// Decides on a fulfilment (`PUT /transfers/{id}`).
pub(in crate::payment_switch) fn fulfil(
    transfer: &Transfer,
    from: Fulfil<'_>,
    said: &TransfersPutResponse,
) -> Outcome {
    if let Err(unready) = may_answer(transfer.asked(), from) {
        return unready.into();
    }
    let tell_payee = match said.transfer_state {
        TransferState::Reserved => true,
        TransferState::Committed => false,
        _ => {
            let right = "say RESERVED or COMMITTED, or refuse with PUT /transfers/{ID}/error";
            return Outcome::Refuse(Refusal::new(ErrorCode::VALIDATION, right));
        }
    };
    match &said.fulfilment {
        Some(fulfilment) if ilp::is_fulfilled_by(&transfer.prepare.condition, fulfilment) => {
            Outcome::Commit { fulfilment: fulfilment.clone(), tell_payee }
        }
        _ => {
            let wrong = Refusal::new(ErrorCode::VALIDATION, "invalid fulfilment");
            Outcome::Abort(State::AbortedError, wrong)
        }
    }
}

/// Decides on a payee's refusal (`PUT /transfers/{id}/error`).
pub(in crate::payment_switch) fn reject(
    transfer: &Transfer,
    from: Fulfil<'_>,
    why: Refusal,
) -> Outcome {
    match may_answer(transfer.asked(), from) {
        Ok(()) => Outcome::Abort(State::AbortedRejected, why),
        Err(unready) => unready.into(),
    }
}

/// What a payee was asked, one transfer or a bulk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// Payer and payee.
    pub(super) sides: (&'a str, &'a str),
    pub(super) answer_hash: Option<&'a str>,
    pub(super) is_open: bool,
    pub(super) state: &'a str,
    pub(super) expiration: Timestamp,
}

/// Why an answer does nothing.
#[derive(Debug)]
pub(super) enum Unready {
    /// It came before.
    Again,
    /// It came too late.
    Expired,
    /// The payee itself sends it to somebody who is not the payer.
    Astray(Refusal),
    Refuse(Refusal),
}

impl From<Unready> for Outcome {
    fn from(unready: Unready) -> Self {
        match unready {
            Unready::Again => Self::Again,
            Unready::Expired => Self::Abort(State::ExpiredReserved, expired()),
            Unready::Astray(why) => Self::Abort(State::AbortedError, why),
            Unready::Refuse(why) => Self::Refuse(why),
        }
    }
}

/// Whether an answer from there may end what was asked.
pub(super) fn may_answer(asked: Asked<'_>, from: Fulfil<'_>) -> Result<(), Unready> {
    let refuse = |code, sentence: String| Err(Unready::Refuse(Refusal::new(code, sentence)));
    let (payer, payee) = asked.sides;
    if from.source != payee {
        return refuse(ErrorCode::VALIDATION, format!("only {payee}, the payee, may answer"));
    }
    match asked.answer_hash {
        Some(hash) if hash == from.hash => return Err(Unready::Again),
        Some(_) => {
            let sentence = "another answer to this transfer came before";
            return refuse(ErrorCode::MODIFIED_REQUEST, sentence.into());
        }
        None => {}
    }
    if !asked.is_open {
        let sentence = format!("non-RESERVED transfer state: {}", asked.state);
        let has_expired = asked.state == State::ExpiredReserved.text();
        let code = if has_expired { ErrorCode::TRANSFER_EXPIRED } else { ErrorCode::VALIDATION };
        return refuse(code, sentence);
    }
    if asked.expiration <= from.at {
        return Err(Unready::Expired);
    }
    if from.destination.is_some_and(|destination| destination != payer) {
        let sentence = format!("FSPIOP-Destination: the answer goes to {payer}, the payer");
        return Err(Unready::Astray(Refusal::new(ErrorCode::VALIDATION, sentence)));
    }
    Ok(())
}

/// Why a transfer that nobody answered in time is aborted, in the standard's words alone, as hubs tell it.
pub(in crate::payment_switch) fn expired() -> Refusal {
    Refusal::said(ErrorCode::TRANSFER_EXPIRED, ErrorCode::TRANSFER_EXPIRED.description())
}
