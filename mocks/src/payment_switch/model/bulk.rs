//! FSPIOP 1.1, API Definition 6.10: a bulk of transfers to one payee FSP, which ends as a whole and transfer by transfer.

use std::collections::BTreeSet;

use jiff::Timestamp;
use standards::fspiop::{
    BulkTransferState, BulkTransfersPostRequest, BulkTransfersPutResponse, ErrorCode,
    IndividualTransfer, IndividualTransferResult, ilp,
};

use super::transfer::{Asked, Fulfil, Prepare, State, Unready, expired, may_answer, sides};
use crate::kit::fspiop::Refusal;

/// A bulk as the switch keeps it, without its transfers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_switch) struct Bulk {
    pub(in crate::payment_switch) id: String,
    pub(in crate::payment_switch) payer: String,
    pub(in crate::payment_switch) payee: String,
    pub(in crate::payment_switch) expiration: Timestamp,
    /// Receiving, checking and reserving are one step here, so a bulk is `PENDING` from the start.
    pub(in crate::payment_switch) state: BulkTransferState,
    /// Hash of what the payee answered.
    pub(in crate::payment_switch) answer_hash: Option<String>,
    pub(in crate::payment_switch) completed: Option<String>,
    /// Why it was rejected as a whole.
    pub(in crate::payment_switch) error: Option<Refusal>,
}

impl Bulk {
    /// Reads what its payer asked for, in time or too late; its transfers are read one by one.
    pub(in crate::payment_switch) fn check(
        wish: &BulkTransfersPostRequest,
        has_passed: bool,
    ) -> Result<Self, Refusal> {
        sides((&wish.payer_fsp, &wish.payee_fsp), (&wish.expiration, has_passed))?;
        Ok(Self {
            id: wish.bulk_transfer_id.clone(),
            payer: wish.payer_fsp.clone(),
            payee: wish.payee_fsp.clone(),
            expiration: wish.expiration.instant(),
            state: BulkTransferState::Pending,
            answer_hash: None,
            completed: None,
            error: None,
        })
    }

    /// A bulk that was refused as a whole: it is kept, so that its payer hears the same when it asks again.
    pub(in crate::payment_switch) fn refused(
        wish: &BulkTransfersPostRequest,
        (why, at): (Refusal, &str),
    ) -> Self {
        Self {
            id: wish.bulk_transfer_id.clone(),
            payer: wish.payer_fsp.clone(),
            payee: wish.payee_fsp.clone(),
            expiration: wish.expiration.instant(),
            state: BulkTransferState::Rejected,
            answer_hash: None,
            completed: Some(at.to_owned()),
            error: Some(why),
        }
    }

    /// Reads one of its transfers.
    pub(in crate::payment_switch) fn prepare(
        &self,
        wish: &IndividualTransfer,
    ) -> Result<Prepare, Refusal> {
        let sides = (self.payer.as_str(), self.payee.as_str());
        let terms = (&wish.transfer_amount, wish.condition.as_str());
        Prepare::of(&wish.transfer_id, sides, terms, self.expiration)
    }

    /// Whether nothing can change any more.
    pub(in crate::payment_switch) fn has_ended(&self) -> bool {
        matches!(self.state, BulkTransferState::Completed | BulkTransferState::Rejected)
    }
}

/// Whether a bulk names each of its transfers once: of one that it named twice, its payer would read two ends.
pub(in crate::payment_switch) fn names_each_once(
    wish: &BulkTransfersPostRequest,
) -> Result<(), Refusal> {
    let mut named = BTreeSet::new();
    let mut ids = wish.individual_transfers.iter().map(|one| one.transfer_id.as_str());
    match ids.position(|id| !named.insert(id)) {
        Some(place) => {
            let sentence = format!("individualTransfers[{place}].transferId: {EACH_ONCE}");
            Err(Refusal::new(ErrorCode::VALIDATION, sentence))
        }
        None => Ok(()),
    }
}

/// What would have been right where a transfer is named twice.
const EACH_ONCE: &str = "name each transfer once";

/// Whether an answer says one thing of each transfer, and the same of it as of the whole: the payer must not read the
/// opposite of what is booked.
pub(in crate::payment_switch) fn agrees_with_itself(
    said: &BulkTransfersPutResponse,
) -> Result<(), Refusal> {
    let mut named = BTreeSet::new();
    for (place, one) in said.individual_transfer_results.iter().enumerate() {
        if !named.insert(one.transfer_id.as_str()) {
            return Err(wrong_result(place, "transferId", EACH_ONCE));
        }
        let is_paid = one.fulfilment.is_some();
        if is_paid && one.error_information.is_some() {
            let right = "leave it out, or the fulfilment";
            return Err(wrong_result(place, "errorInformation", right));
        }
        if is_paid && said.bulk_transfer_state == BulkTransferState::Rejected {
            return Err(wrong_result(place, "fulfilment", "leave it out of a REJECTED bulk"));
        }
    }
    Ok(())
}

/// Whether an answer speaks of transfers of the bulk only, which are `asked`.
pub(in crate::payment_switch) fn names_what_was_asked(
    said: &BulkTransfersPutResponse,
    asked: &BTreeSet<String>,
) -> Result<(), Refusal> {
    let mut results = said.individual_transfer_results.iter();
    match results.position(|one| !asked.contains(&one.transfer_id)) {
        Some(place) => Err(wrong_result(place, "transferId", "name transfers of this bulk only")),
        None => Ok(()),
    }
}

fn wrong_result(place: usize, name: &str, right: &str) -> Refusal {
    let sentence = format!("individualTransferResults[{place}].{name}: {right}");
    Refusal::new(ErrorCode::VALIDATION, sentence)
}

/// What becomes of a payee's answer to a bulk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_switch) enum BulkOutcome {
    /// It is still at work.
    Progress(BulkTransferState),
    /// Each transfer ends as the payee says of it.
    End(BulkTransferState),
    /// All transfers end, because nobody answered in time.
    Expire(Refusal),
    /// The same answer came before and did its work.
    Again,
    /// The answer changes nothing, and its sender hears why.
    Refuse(Refusal),
}

/// Decides on an answer (`PUT /bulkTransfers/{id}` and `/error`), which says `state`.
pub(in crate::payment_switch) fn answer_bulk(
    bulk: &Bulk,
    from: Fulfil<'_>,
    state: &BulkTransferState,
) -> BulkOutcome {
    let asked = Asked {
        sides: (&bulk.payer, &bulk.payee),
        answer_hash: bulk.answer_hash.as_deref(),
        is_open: !bulk.has_ended(),
        state: bulk.state.as_str(),
        expiration: bulk.expiration,
    };
    match may_answer(asked, from) {
        Err(Unready::Again) => BulkOutcome::Again,
        Err(Unready::Expired) => BulkOutcome::Expire(expired()),
        Err(Unready::Astray(why) | Unready::Refuse(why)) => BulkOutcome::Refuse(why),
        Ok(()) => match state {
            BulkTransferState::Completed | BulkTransferState::Rejected => {
                BulkOutcome::End(state.clone())
            }
            BulkTransferState::Accepted | BulkTransferState::Processing => {
                BulkOutcome::Progress(state.clone())
            }
            other => {
                let right = "say ACCEPTED, PROCESSING, COMPLETED or REJECTED";
                let sentence = format!("bulkTransferState is {}; {right}", other.as_str());
                BulkOutcome::Refuse(Refusal::new(ErrorCode::VALIDATION, sentence))
            }
        },
    }
}

/// How one transfer of a bulk ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_switch) enum End {
    Commit {
        fulfilment: String,
    },
    /// The payee refused it.
    Refused(Refusal),
    /// The payee said nothing of it, or proved nothing: the switch's own decision.
    Wrong(State, Refusal),
}

/// Decides on what the payee says of one transfer of a bulk that it ended.
pub(in crate::payment_switch) fn end_of(
    transfer: &Prepare,
    said: Option<&IndividualTransferResult>,
) -> End {
    let wrong = |sentence: &str| {
        End::Wrong(State::AbortedError, Refusal::new(ErrorCode::VALIDATION, sentence))
    };
    let Some(said) = said else { return wrong("the payee's answer leaves this transfer out") };
    match (&said.fulfilment, &said.error_information) {
        (_, Some(why)) => End::Refused(why.clone().into()),
        (Some(proof), None) if ilp::is_fulfilled_by(&transfer.condition, proof) => {
            End::Commit { fulfilment: proof.clone() }
        }
        (Some(_), None) => wrong("invalid fulfilment"),
        (None, None) => wrong("the payee says neither fulfilment nor errorInformation"),
    }
}
