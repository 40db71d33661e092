//! The law of the hub: the states of a payment, when it is tried again, and what a refusal means for the programme.

use jiff::SignedDuration;
use standards::dci::{ReasonCode, Status};
use standards::fspiop::{ErrorCode, PartyIdType};
use standards::g2p_connect::FinancialAddress;
use standards::g2p_connect::disburse::{Disbursement, InvalidDisbursement};
use standards::money::{Currency, Money};

use crate::kit::retry::FIRST_WAIT;

/// The bank whose accounts this hub pays from.
pub(super) const PAYER_BANK: &str = "treasury";
/// A message is tried again so many times.
const MOST_ATTEMPTS: u32 = 8;

/// At which counter of the hub a payment list was handed in. All are served by the same engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Face {
    /// G2P Connect `/disburse`.
    G2pConnect,
    /// The interoperability layer of DCI, `/disbursement`.
    Interoperability,
    /// GovStack Payments v1, `/bulk-payment`.
    GovStack,
    /// GovStack Payments v2 and Payment Hub EE, `/batchtransactions`.
    PaymentHub,
    /// The bridge of OpenG2P, `/create_disbursements`.
    Bridge,
}

impl Face {
    const ALL: [(Self, &'static str); 5] = [
        (Self::G2pConnect, "g2p_connect"),
        (Self::Interoperability, "interoperability"),
        (Self::GovStack, "govstack"),
        (Self::PaymentHub, "payment_hub"),
        (Self::Bridge, "bridge"),
    ];

    /// As it is kept.
    pub(super) fn text(self) -> &'static str {
        Self::ALL.into_iter().find(|(face, _)| *face == self).map_or("g2p_connect", |(_, t)| t)
    }

    /// As it was kept.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, t)| *t == text).map(|(face, _)| face)
    }
}

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

/// How far a bundle has come: payments of one list to one bank, which travel as one bulk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BundleState {
    /// It is to be sent off.
    Planned,
    /// It waits until others have ended.
    Queued,
    /// The payees' bank is asked for its terms.
    Quoting,
    /// The switch is told to transfer. From here on money may have moved.
    Transferring,
    /// Whether money moved is not known; the switch is asked.
    InDoubt,
    Ended,
}

impl BundleState {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Planned, "planned"),
        (Self::Queued, "queued"),
        (Self::Quoting, "quoting"),
        (Self::Transferring, "transferring"),
        (Self::InDoubt, "in_doubt"),
        (Self::Ended, "ended"),
    ];

    /// As it is kept and shown.
    pub(super) fn text(self) -> &'static str {
        Self::ALL.into_iter().find(|(state, _)| *state == self).map_or("planned", |(_, t)| t)
    }

    /// As it was kept.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, t)| *t == text).map(|(state, _)| state)
    }
}

/// Why a payment failed or is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Why {
    pub(super) code: ReasonCode,
    pub(super) sentence: String,
    /// The code of FSPIOP, where the scheme refused.
    pub(super) scheme_code: Option<u16>,
}

impl Why {
    /// A reason with its code and sentence.
    pub(super) fn new(code: ReasonCode, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into(), scheme_code: None }
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
        let why = Self::new(reason, format!("{code}: {description}"));
        Self { scheme_code: Some(code.number()), ..why }
    }
}

impl From<InvalidDisbursement> for Why {
    fn from(invalid: InvalidDisbursement) -> Self {
        Self::new(invalid.code, invalid.sentence)
    }
}

/// What is to be paid to whom, read from one entry of a payment list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Order {
    /// The number of the government's account.
    pub(super) payer_account: String,
    pub(super) payee: Payee,
    pub(super) amount: Money,
}

/// Who is to be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Payee {
    /// The holder of an account.
    Account(Account),
    /// A person whose account the mapper knows: `uin:6580954839@arenoa`.
    Person(String),
}

/// An account as the switch knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) kind: PartyIdType,
    pub(super) id: String,
    pub(super) bank: String,
}

/// How much was handed in, and how far it has come: one entry a state, and the sums.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Progress {
    /// Count and sum in minor units of the payments in each state that occurs.
    pub(super) states: Vec<(State, i64, i64)>,
}

impl Progress {
    /// Count and sum of the payments in one of these states.
    pub(super) fn of(&self, states: &[State]) -> (i64, i64) {
        let fits = self.states.iter().filter(|(state, ..)| states.contains(state));
        fits.fold((0, 0), |(count, minor), (_, c, m)| (count + c, minor + m))
    }

    /// Count and sum of the payments that have not ended.
    pub(super) fn open(&self) -> (i64, i64) {
        use State::{InDoubt, LookingUp, Quoting, Received, Transferring};
        self.of(&[Received, LookingUp, Quoting, Transferring, InDoubt])
    }
}

impl Account {
    /// Reads an address such as `msisdn:99912345678@greenbank`. None where it names no kind that the switch knows.
    pub(super) fn read(address: &FinancialAddress) -> Option<Self> {
        let kind = match address.token() {
            Some("msisdn") => PartyIdType::Msisdn,
            Some("account") => PartyIdType::AccountId,
            Some("iban") => PartyIdType::Iban,
            Some("alias") => PartyIdType::Alias,
            Some("email") => PartyIdType::Email,
            _ => return None,
        };
        let value = address.value();
        let id = match kind {
            PartyIdType::Msisdn => value.trim_start_matches('+'),
            _ => value,
        };
        Some(Self { kind, id: id.into(), bank: address.provider().into() })
    }
}

/// What stands in place of a bank that nobody named: the switch knows where the account is.
const ANYWHERE: [&str; 2] = ["mobile-money", "bank"];

/// Whether an account's bank was not named.
pub(super) fn is_anywhere(bank: &str) -> bool {
    ANYWHERE.contains(&bank)
}

/// The entry with its payee in the words of the standard, where clients of OpenG2P and OpenSPP write others: `phone` for
/// `msisdn`, `account_no` for `account`, and an account without its bank. None where nothing is to be changed.
pub(super) fn loosely(entry: &Disbursement) -> Option<Disbursement> {
    let (token, rest) = entry.payee_fa.split_once(':')?;
    let (token, nobody) = match token {
        "phone" | "msisdn" => ("msisdn", ANYWHERE[0]),
        "account_no" | "account" => ("account", ANYWHERE[1]),
        "iban" => ("iban", ANYWHERE[1]),
        _ => return None,
    };
    let at = if rest.contains('@') { String::new() } else { format!("@{nobody}") };
    let payee_fa = format!("{token}:{rest}{at}");
    (payee_fa != entry.payee_fa).then(|| Disbursement { payee_fa, ..entry.clone() })
}

/// What an address of a person begins with; the mapper tells where such a person is paid.
const PERSONS: [&str; 4] = ["uin", "vid", "token", "functional"];

impl Order {
    /// The amount of an entry in the currency of its list, where it can be read.
    pub(super) fn amount_of(entry: &Disbursement, currency: Currency) -> Option<Money> {
        let other = entry.currency_code.as_deref().is_some_and(|code| code != currency.as_str());
        let amount = Money::from_g2p(&entry.amount, currency).ok()?;
        (!other && amount.minor > 0).then_some(amount)
    }

    /// Reads an entry.
    pub(super) fn read(entry: &Disbursement, currency: Currency) -> Result<Self, Why> {
        let order = entry.order(currency)?;
        if order.payer.provider() != PAYER_BANK {
            let right =
                format!("payer_fa: write an account at {PAYER_BANK}: account:GOV-SP-001@treasury");
            return Err(Why::new(ReasonCode::PayerFaInvalid, right));
        }
        let payee = match (Account::read(&order.payee), order.payee.token()) {
            (Some(account), _) => Payee::Account(account),
            (None, Some(token)) if PERSONS.contains(&token) => {
                Payee::Person(order.payee.as_str().into())
            }
            _ => {
                let right = "payee_fa: write msisdn:99912345678@greenbank, account:0012345@pinkbank \
                    or, for a person whom the mapper knows, uin:6580954839@arenoa";
                return Err(Why::new(ReasonCode::PayeeFaInvalid, right));
            }
        };
        Ok(Self { payer_account: order.payer.value().into(), payee, amount: order.amount })
    }
}

/// How long to wait before trying for the `attempt`th time again; None where that has gone on for long enough.
pub(super) fn wait_before(attempt: u32) -> Option<SignedDuration> {
    (1..=MOST_ATTEMPTS).contains(&attempt).then(|| wait_until_known(attempt))
}

/// As [`wait_before`], for what is asked until it is known: the longest wait stays the longest.
pub(super) fn wait_until_known(attempt: u32) -> SignedDuration {
    FIRST_WAIT * (1 << (attempt.clamp(1, MOST_ATTEMPTS) - 1))
}

/// The wait of what has been tried often enough and is still not known.
pub(super) fn longest_wait() -> SignedDuration {
    wait_until_known(MOST_ATTEMPTS)
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
        let account = |payee: &str| match order(payee).unwrap().payee {
            Payee::Account(account) => account,
            Payee::Person(person) => panic!("{person} is no person"),
        };
        let phone = account("msisdn:+99912345678@greenbank");
        assert_eq!((phone.kind, phone.id.as_str()), (PartyIdType::Msisdn, "99912345678"));
        assert_eq!(account("account:0012345@pinkbank").kind, PartyIdType::AccountId);
        assert_eq!(order("shoe:1@pinkbank").unwrap_err().code, ReasonCode::PayeeFaInvalid);
    }

    #[test]
    fn accounts_in_other_words_are_read_loosely() {
        for (written, read) in [
            ("phone:+99912345678", Some("msisdn:+99912345678@mobile-money")),
            ("phone:99912345678@greenbank", Some("msisdn:99912345678@greenbank")),
            ("account_no:0012345@pinkbank", Some("account:0012345@pinkbank")),
            ("iban:QN12", Some("iban:QN12@bank")),
            ("msisdn:99912345678@greenbank", None),
            ("uin:6580954839@arenoa", None),
            ("nonsense", None),
        ] {
            let entry = serde_json::json!({"reference_id": "R-1", "payee_fa": written});
            let entry: Disbursement = serde_json::from_value(entry).unwrap();
            let loose = loosely(&entry).map(|entry| entry.payee_fa);
            assert_eq!(loose.as_deref(), read, "{written}");
        }
    }

    #[test]
    fn a_person_is_paid_where_the_mapper_says() {
        let payee = order("uin:6580954839@arenoa").unwrap().payee;
        assert_eq!(payee, Payee::Person("uin:6580954839@arenoa".into()));
    }

    #[test]
    fn every_face_and_bundle_is_kept_and_read_back() {
        for (state, text) in BundleState::ALL {
            assert_eq!((state.text(), BundleState::parse(text)), (text, Some(state)));
        }
        for (face, text) in Face::ALL {
            assert_eq!((face.text(), Face::parse(text)), (text, Some(face)));
        }
    }

    #[test]
    fn waits_double_and_end() {
        let seconds = |attempt| wait_before(attempt).map(|wait| wait.as_secs());
        assert_eq!([seconds(1), seconds(2), seconds(3)], [Some(30), Some(60), Some(120)]);
        assert_eq!([seconds(8), seconds(9), seconds(0)], [Some(3840), None, None]);
        let known = |attempt| wait_until_known(attempt).as_secs();
        assert_eq!([known(2), known(8), known(9), known(u32::MAX)], [60, 3840, 3840, 3840]);
        assert_eq!(longest_wait().as_secs(), 3840);
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
