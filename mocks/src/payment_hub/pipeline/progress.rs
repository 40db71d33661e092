//! What the switch's callbacks do to a payment. Each moves it on at most once, and gives what is to be sent next.

use standards::dci::ReasonCode;
use standards::fspiop::{
    self, ErrorCode, ErrorInformation, Party, QuotesPutResponse, TransferState,
    TransfersPutResponse, ilp,
};
use standards::money::Money;

use super::steps::{enter, send, try_later, unwatch, watch};
use super::{funds, kept, report};
use crate::kit::courier::Errand;
use crate::kit::fspiop::moment;
use crate::payment_hub::model::{Account, PAYER_BANK, State, Why, is_anywhere, may_pass};
use crate::payment_hub::store::{self, Given, Instruction};

/// The payee was found: its bank is asked for its terms.
pub(in crate::payment_hub) async fn found(errand: &Errand, payment: &Instruction, party: &Party) {
    let bank = party.party_id_info.fsp_id.as_deref().unwrap_or_default();
    if is_anywhere(&payment.payee_bank) {
        let (kind, id) = (payment.payee_kind.clone(), payment.payee_id.clone());
        let account = Account { kind, id, bank: bank.to_owned() };
        let noted = errand.office.store.alter(|tx| store::set_account(tx, payment.id, &account));
        if kept("noting where a payment goes", noted).is_none() {
            return;
        }
    } else if bank != payment.payee_bank {
        let sentence = format!("payee_fa: the account is at {bank}, not at {}", payment.payee_bank);
        return fail(errand, payment, &Why::new(ReasonCode::PayeeFaInvalid, sentence)).await;
    }
    if let Some(payment) = enter(errand, payment, &[State::LookingUp], State::Quoting) {
        unwatch(errand, &payment);
        send(errand, &payment).await;
    }
}

/// The payee's bank gave its terms: the switch is told to transfer.
pub(in crate::payment_hub) async fn terms(
    errand: &Errand,
    payment: &Instruction,
    said: &QuotesPutResponse,
) {
    if let Err(why) = acceptable(errand, payment, said) {
        return fail(errand, payment, &why).await;
    }
    let (id, given) = (
        payment.id,
        Given { ilp_packet: said.ilp_packet.clone(), condition: said.condition.clone() },
    );
    let kept_terms = errand.office.store.alter(|tx| {
        // A second answer to the same question must not change the terms of a transfer under way.
        let waits = store::instruction(tx, id)?.is_some_and(|i| i.state == State::Quoting);
        if waits {
            store::give_terms(tx, id, &given)?;
        }
        Ok(waits)
    });
    if kept("keeping terms", kept_terms) != Some(true) {
        return;
    }
    if let Some(payment) = enter(errand, payment, &[State::Quoting], State::Transferring) {
        unwatch(errand, &payment);
        send(errand, &payment).await;
    }
}

/// Benefits are paid in full: the payee's bank may not ask for more than was ordered.
fn acceptable(errand: &Errand, payment: &Instruction, said: &QuotesPutResponse) -> Result<(), Why> {
    let wrong = |sentence: String| Err(Why::new(ReasonCode::OtherError, sentence));
    let read = errand.office.store.read(|db| store::batch(db, payment.batch));
    let Some(Some(batch)) = kept("reading a list", read) else {
        return wrong(String::from("the list of the payment could not be read"));
    };
    let ordered = Money::new(payment.minor, batch.currency);
    if !is_for(ordered, &said.transfer_amount, &said.ilp_packet) {
        let wanted = &said.transfer_amount;
        return wrong(format!("the payee's bank wants {} {}", wanted.amount, wanted.currency));
    }
    if said.expiration.instant() <= moment(errand, (PAYER_BANK, &payment.payee_bank)) {
        return wrong(String::from("3302: the terms of the payee's bank have expired"));
    }
    Ok(())
}

/// Whether terms are for exactly this money. The packet is the payee's own: one that can be read must say the same.
pub(super) fn is_for(ordered: Money, said: &fspiop::Money, ilp_packet: &str) -> bool {
    let inside = ilp::parse_packet(ilp_packet).ok();
    let agrees = |packet: ilp::Packet| packet.transaction.amount.to_money().ok() == Some(ordered);
    said.to_money().ok() == Some(ordered) && inside.is_none_or(agrees)
}

/// The switch tells how the transfer stands.
pub(in crate::payment_hub) async fn ended(
    errand: &Errand,
    payment: &Instruction,
    said: &TransfersPutResponse,
) {
    match said.transfer_state {
        TransferState::Committed => {
            let condition = payment.given.as_ref().map_or("", |given| &given.condition);
            let proof = said.fulfilment.as_deref().unwrap_or_default();
            if ilp::is_fulfilled_by(condition, proof) {
                finish(errand, payment, State::Paid, None).await;
            } else {
                try_later(errand, payment, "the switch proved nothing: the fulfilment is wrong");
            }
        }
        TransferState::Aborted => {
            let said = |name: &str| said.extension_list.as_ref()?.get(name).map(str::to_owned);
            let code = said("errorCode").and_then(|code| ErrorCode::try_from(code).ok());
            let description = said("errorDescription").unwrap_or_else(|| "aborted".into());
            let why = Why::of(code.unwrap_or(ErrorCode::PAYEE_REJECTION), &description);
            fail(errand, payment, &why).await;
        }
        // It is under way; the end is asked for later.
        _ => watch(errand, payment),
    }
}

/// The switch tells that what was asked for went wrong.
pub(in crate::payment_hub) async fn failed(
    errand: &Errand,
    payment: &Instruction,
    said: &ErrorInformation,
) {
    let (code, description) = (said.error_code, said.error_description.as_str());
    if may_pass(code) {
        return try_later(errand, payment, &format!("{code}: {description}"));
    }
    let in_doubt = matches!(payment.state, State::Transferring | State::InDoubt);
    match code {
        // The switch never heard of the transfer: it is sent for the first time, with the same id.
        ErrorCode::TRANSFER_ID_NOT_FOUND if in_doubt => {
            if let Some(payment) = enter(errand, payment, &[State::InDoubt], State::Transferring) {
                send(errand, &payment).await;
            }
        }
        // The switch has a transfer with this id: what became of that one counts.
        ErrorCode::MODIFIED_REQUEST if in_doubt => {
            if let Some(payment) = enter(errand, payment, &[State::Transferring], State::InDoubt) {
                send(errand, &payment).await;
            }
        }
        _ => fail(errand, payment, &Why::of(code, description)).await,
    }
}

/// The payment failed, and no money moved.
pub(super) async fn fail(errand: &Errand, payment: &Instruction, why: &Why) {
    finish(errand, payment, State::Failed, Some(why)).await;
}

/// A payment ends once: the treasury books it, and the list ends with its last payment.
async fn finish(errand: &Errand, payment: &Instruction, to: State, why: Option<&Why>) {
    let (id, at) = (payment.id, errand.stamp());
    let open = [State::LookingUp, State::Quoting, State::Transferring, State::InDoubt];
    let finished = errand.office.store.alter(|tx| {
        if !store::advance(tx, id, (&open, to), why, &at)? {
            return Ok(None);
        }
        store::keep_cause(tx, id, &errand.cause.to_text())?;
        Ok(store::instruction(tx, id)?.zip(store::batch(tx, payment.batch)?))
    });
    let Some(Some((payment, batch))) = kept("ending a payment", finished) else { return };
    unwatch(errand, &payment);
    funds::settle(errand, &payment).await;
    report::end(errand, &batch).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_for_the_same_amount_in_the_same_currency() {
        let said = |currency: &str, amount: &str| {
            let json = serde_json::json!({"currency": currency, "amount": amount});
            serde_json::from_value::<fspiop::Money>(json).unwrap()
        };
        let ordered = Money::new(10_000, "XTS".parse().unwrap());
        assert!(is_for(ordered, &said("XTS", "100"), "AYIC"));
        assert!(!is_for(ordered, &said("USD", "100"), "AYIC"));
        assert!(!is_for(ordered, &said("XTS", "100.5"), "AYIC"));
        // The packet says something else than the terms.
        let inside = serde_json::json!({"transactionId": "t", "quoteId": "q",
            "payee": {"partyIdInfo": {"partyIdType": "MSISDN", "partyIdentifier": "2", "fspId": "b"}},
            "payer": {"partyIdInfo": {"partyIdType": "MSISDN", "partyIdentifier": "1", "fspId": "a"}},
            "amount": {"currency": "USD", "amount": "100"},
            "transactionType": {"scenario": "TRANSFER", "initiator": "PAYER", "initiatorType": "BUSINESS"}});
        let packet = ilp::build_packet(&serde_json::from_value(inside).unwrap()).unwrap();
        assert!(!is_for(ordered, &said("XTS", "100"), &packet));
    }
}
