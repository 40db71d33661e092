//! FSPIOP 1.1, API Definition 6.7: the states of a transfer and what leads from one to the next.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use standards::fspiop::{
    ErrorCode, TransferState, TransfersPostRequest, TransfersPutResponse, ilp,
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
    /// Reads a transfer that `source` asked for at `now`.
    pub(in crate::payment_switch) fn check(
        wish: &TransfersPostRequest,
        source: &str,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let wrong = |sentence: String| Refusal::new(ErrorCode::VALIDATION, sentence);
        if wish.payer_fsp != source {
            return Err(wrong(format!("payerFsp is {}, but {source} sends it", wish.payer_fsp)));
        }
        if wish.payer_fsp == wish.payee_fsp {
            return Err(wrong(format!("payer and payee are both {source}; no switch is needed")));
        }
        let amount = wish.amount.to_money().map_err(|e| wrong(format!("amount: {e}")))?;
        if amount.minor == 0 {
            return Err(wrong(String::from("amount: nothing would be transferred")));
        }
        if !URL_SAFE_NO_PAD.decode(&wish.condition).is_ok_and(|bytes| bytes.len() == 32) {
            return Err(wrong(String::from("condition: write base64url of 32 bytes")));
        }
        if wish.expiration.instant() <= now {
            return Err(wrong(format!("expiration: {} has passed", wish.expiration)));
        }
        Ok(Self {
            id: wish.transfer_id.clone(),
            payer: wish.payer_fsp.clone(),
            payee: wish.payee_fsp.clone(),
            amount,
            condition: wish.condition.clone(),
            expiration: wish.expiration.instant(),
        })
    }
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
    if let Err(outcome) = may_answer(transfer, from) {
        return outcome;
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
    match may_answer(transfer, from) {
        Ok(()) => Outcome::Abort(State::AbortedRejected, why),
        Err(outcome) => outcome,
    }
}

fn may_answer(transfer: &Transfer, from: Fulfil<'_>) -> Result<(), Outcome> {
    let refuse = |code, sentence: String| Err(Outcome::Refuse(Refusal::new(code, sentence)));
    let (payer, payee) = (&transfer.prepare.payer, &transfer.prepare.payee);
    if from.source != payee {
        return refuse(ErrorCode::VALIDATION, format!("only {payee}, the payee, may answer"));
    }
    if from.destination.is_some_and(|destination| destination != payer) {
        return refuse(ErrorCode::VALIDATION, format!("the answer goes to {payer}, the payer"));
    }
    match &transfer.answer_hash {
        Some(hash) if hash == from.hash => return Err(Outcome::Again),
        Some(_) => {
            let sentence = "another answer to this transfer came before";
            return refuse(ErrorCode::MODIFIED_REQUEST, sentence.into());
        }
        None => {}
    }
    if transfer.state != State::Reserved {
        let sentence = format!("non-RESERVED transfer state: {}", transfer.state.text());
        return refuse(ErrorCode::VALIDATION, sentence);
    }
    if transfer.prepare.expiration <= from.at {
        return Err(Outcome::Abort(State::ExpiredReserved, expired()));
    }
    Ok(())
}

/// Why a transfer that nobody answered in time is aborted.
pub(in crate::payment_switch) fn expired() -> Refusal {
    Refusal::new(ErrorCode::TRANSFER_EXPIRED, "the payee did not answer in time")
}
