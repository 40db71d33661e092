//! The law of the hub: the states of a payment, when it is tried again, and what a refusal means for the programme.

use jiff::SignedDuration;
use standards::dci::{ReasonCode, Status};
use standards::fspiop::{ErrorCode, PartyIdType};
use standards::g2p_connect::FinancialAddress;
use standards::g2p_connect::disburse::{Disbursement, InvalidDisbursement};
use standards::money::{Currency, Money};

/// The bank whose accounts this hub pays from.
pub(super) const PAYER_BANK: &str = "treasury";
/// The first wait before something is tried again; each further wait is twice as long.
const FIRST_WAIT_SECONDS: i64 = 30;
/// A message is tried again so many times.
const MOST_ATTEMPTS: u32 = 8;

/// How far a payment has come. Every payment ends as exactly one of paid, failed and held; in doubt is what is neither
/// paid nor failed as far as the hub knows, and is resolved by asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// Kept, and nothing sent for it.
    Received,
    /// The switch is asked who the payee is.
    LookingUp,
    /// The payee's bank is asked for its terms.
    Quoting,
    /// The switch is told to transfer. From here on money may have moved.
    Transferring,
    /// Whether money moved is not known; the switch is asked.
    InDoubt,
    Paid,
    Failed,
    /// Not sent, and nothing is wrong with it: the government's account did not have the funds.
    Held,
}

impl State {
    const ALL: [(Self, &'static str); 8] = [
        (Self::Received, "received"),
        (Self::LookingUp, "looking_up"),
        (Self::Quoting, "quoting"),
        (Self::Transferring, "transferring"),
        (Self::InDoubt, "in_doubt"),
        (Self::Paid, "paid"),
        (Self::Failed, "failed"),
        (Self::Held, "held"),
    ];

    /// As it is kept and shown.
    pub(super) fn text(self) -> &'static str {
        Self::ALL.into_iter().find(|(state, _)| *state == self).map_or("received", |(_, t)| t)
    }

    /// As it was kept.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, t)| *t == text).map(|(state, _)| state)
    }

    /// As G2P Connect tells of it.
    pub(super) fn status(self) -> Status {
        match self {
            Self::Received => Status::Rcvd,
            Self::Paid => Status::Succ,
            Self::Failed => Status::Rjct,
            _ => Status::Pdng,
        }
    }
}

/// Why a payment failed or is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Why {
    pub(super) code: ReasonCode,
    pub(super) sentence: String,
}

impl Why {
    /// A reason with its code and sentence.
    pub(super) fn new(code: ReasonCode, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into() }
    }

    /// What a refusal at the switch means: the payee's address is wrong, the currency is, or something else.
    pub(super) fn of(code: ErrorCode, description: &str) -> Self {
        let reason = match code {
            ErrorCode::PARTY_NOT_FOUND
            | ErrorCode::PAYEE_FSP_ID_NOT_FOUND
            | ErrorCode::PAYEE_IDENTIFIER_NOT_VALID => ReasonCode::PayeeFaInvalid,
            ErrorCode::PAYEE_UNSUPPORTED_CURRENCY => ReasonCode::CurrencyCodeInvalid,
            _ => ReasonCode::OtherError,
        };
        Self::new(reason, format!("{code}: {description}"))
    }
}

impl From<InvalidDisbursement> for Why {
    fn from(invalid: InvalidDisbursement) -> Self {
        Self { code: invalid.code, sentence: invalid.sentence }
    }
}

/// What is to be paid to whom, read from one entry of a payment list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Order {
    /// The number of the government's account.
    pub(super) payer_account: String,
    pub(super) payee_kind: PartyIdType,
    pub(super) payee_id: String,
    pub(super) payee_bank: String,
    pub(super) amount: Money,
}

impl Order {
    /// Reads an entry.
    pub(super) fn read(entry: &Disbursement, currency: Currency) -> Result<Self, Why> {
        let order = entry.order(currency)?;
        if order.payer.provider() != PAYER_BANK {
            let right =
                format!("payer_fa: write an account at {PAYER_BANK}: account:GOV-SP-001@treasury");
            return Err(Why::new(ReasonCode::PayerFaInvalid, right));
        }
        let payee_kind = kind_of(&order.payee)?;
        let value = order.payee.value();
        let payee_id = match payee_kind {
            PartyIdType::Msisdn => value.trim_start_matches('+'),
            _ => value,
        };
        Ok(Self {
            payer_account: order.payer.value().into(),
            payee_kind,
            payee_id: payee_id.into(),
            payee_bank: order.payee.provider().into(),
            amount: order.amount,
        })
    }
}

fn kind_of(address: &FinancialAddress) -> Result<PartyIdType, Why> {
    Ok(match address.token() {
        Some("msisdn") => PartyIdType::Msisdn,
        Some("account") => PartyIdType::AccountId,
        Some("iban") => PartyIdType::Iban,
        Some("alias") => PartyIdType::Alias,
        Some("email") => PartyIdType::Email,
        _ => {
            let right = "payee_fa: write msisdn:99912345678@greenbank or account:0012345@pinkbank";
            return Err(Why::new(ReasonCode::PayeeFaInvalid, right));
        }
    })
}

/// How long to wait before trying for the `attempt`th time again; None where that has gone on for long enough.
pub(super) fn wait_before(attempt: u32) -> Option<SignedDuration> {
    let doublings = attempt.checked_sub(1).filter(|_| attempt <= MOST_ATTEMPTS)?;
    Some(SignedDuration::from_secs(FIRST_WAIT_SECONDS << doublings))
}

/// Whether an error goes away by itself: communication and server errors, but not what is not implemented.
pub(super) fn may_pass(code: ErrorCode) -> bool {
    code.number() < 3000 && code != ErrorCode::NOT_IMPLEMENTED
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(payee: &str) -> Result<Order, Why> {
        let entry = serde_json::json!({"reference_id": "R-1", "payer_fa": "account:GOV-SP-001@treasury",
            "payee_fa": payee, "amount": "100.00"});
        Order::read(&serde_json::from_value(entry).unwrap(), "XTS".parse().unwrap())
    }

    #[test]
    fn an_address_becomes_an_identifier_of_the_switch() {
        let phone = order("msisdn:+99912345678@greenbank").unwrap();
        assert_eq!(
            (phone.payee_kind, phone.payee_id.as_str()),
            (PartyIdType::Msisdn, "99912345678")
        );
        let account = order("account:0012345@pinkbank").unwrap();
        assert_eq!(account.payee_kind, PartyIdType::AccountId);
        assert_eq!(order("token:1@pinkbank").unwrap_err().code, ReasonCode::PayeeFaInvalid);
    }

    #[test]
    fn waits_double_and_end() {
        let seconds = |attempt| wait_before(attempt).map(|wait| wait.as_secs());
        assert_eq!([seconds(1), seconds(2), seconds(3)], [Some(30), Some(60), Some(120)]);
        assert_eq!([seconds(8), seconds(9), seconds(0)], [Some(3840), None, None]);
    }

    #[test]
    fn only_errors_of_the_machinery_pass() {
        assert!(may_pass(ErrorCode::SERVICE_UNAVAILABLE) && may_pass(ErrorCode::SERVER_TIMED_OUT));
        assert!(!may_pass(ErrorCode::PARTY_NOT_FOUND) && !may_pass(ErrorCode::NOT_IMPLEMENTED));
    }

    #[test]
    fn every_state_is_kept_and_read_back() {
        for (state, text) in State::ALL {
            assert_eq!((state.text(), State::parse(text)), (text, Some(state)));
        }
    }
}
