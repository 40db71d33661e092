//! The law of a bank: what may be paid into an account, and what a holder is told.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use standards::fspiop::{
    ErrorCode, Party, PartyComplexName, PartyIdInfo, PartyIdType, PartyPersonalInfo,
};
use standards::money::{Currency, Money};

use crate::kit::fspiop::Refusal;

/// What can be said about an account when somebody wants to pay into it. Chosen for each account, never random.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Standing {
    Open,
    /// The holder left the bank: the identifier is no longer valid.
    Closed,
    /// Not used for so long that the bank takes nothing in.
    Dormant,
    /// The holder died.
    Deceased,
    /// It holds as much as it may.
    Full,
    /// An authority blocked it.
    Blocked,
    /// The holder does not want it.
    Rejecting,
    /// The bank takes the transfer and is never heard of again.
    Silent,
    /// The bank answers when the transfer has expired.
    Late,
    /// The bank answers, and answers again.
    Twice,
}

impl Standing {
    const ALL: [(Self, &'static str); 10] = [
        (Self::Open, "open"),
        (Self::Closed, "closed"),
        (Self::Dormant, "dormant"),
        (Self::Deceased, "deceased"),
        (Self::Full, "full"),
        (Self::Blocked, "blocked"),
        (Self::Rejecting, "rejecting"),
        (Self::Silent, "silent"),
        (Self::Late, "late"),
        (Self::Twice, "twice"),
    ];

    /// As it is kept and shown.
    pub(super) fn text(self) -> &'static str {
        Self::ALL.into_iter().find(|(standing, _)| *standing == self).map_or("open", |(_, t)| t)
    }

    /// As it was kept.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, t)| *t == text).map(|(standing, _)| standing)
    }

    /// Whether somebody who asks learns whose account it is.
    pub(super) fn allows_lookup(self) -> Result<(), Refusal> {
        match self {
            Self::Closed => Err(Refusal::new(
                ErrorCode::PAYEE_IDENTIFIER_NOT_VALID,
                "ACCOUNT_CLOSED: the account was closed",
            )),
            _ => Ok(()),
        }
    }

    /// Whether money may be paid in.
    pub(super) fn allows_credit(self) -> Result<(), Refusal> {
        let refuse = |code, sentence: &str| Err(Refusal::new(code, sentence));
        let rejected = ErrorCode::PAYEE_FSP_REJECTED_TRANSACTION;
        match self {
            Self::Open | Self::Silent | Self::Late | Self::Twice => Ok(()),
            Self::Closed => refuse(rejected, "ACCOUNT_CLOSED: the account was closed"),
            Self::Rejecting => {
                refuse(ErrorCode::PAYEE_REJECTED_TRANSACTION, "the holder does not want it")
            }
            Self::Dormant => refuse(rejected, "ACCOUNT_DORMANT: the account is dormant"),
            Self::Deceased => refuse(rejected, "ACCOUNT_DECEASED: the holder has died"),
            Self::Full => refuse(ErrorCode::PAYEE_LIMIT, "the account holds as much as it may"),
            Self::Blocked => refuse(ErrorCode::PAYEE_BLOCKED, "an authority blocked the account"),
        }
    }
}

/// An account or a wallet, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    /// The account number, or the telephone number without the plus sign.
    pub(super) number: String,
    pub(super) kind: PartyIdType,
    pub(super) given: String,
    pub(super) family: String,
    pub(super) birth_date: Option<String>,
    /// Where text messages go, with the plus sign.
    pub(super) phone: Option<String>,
    pub(super) standing: Standing,
}

impl Account {
    /// Both names.
    pub(super) fn holder(&self) -> String {
        format!("{} {}", self.given, self.family).trim().to_owned()
    }

    /// The holder as FSPIOP tells of a party.
    pub(super) fn party(&self, bank: &str, asked: &PartyIdInfo, currency: Currency) -> Party {
        let name = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let complex_name = PartyComplexName {
            first_name: name(&self.given),
            middle_name: None,
            last_name: name(&self.family),
        };
        let mut party = Party::new(asked.clone().at(bank));
        party.name = Some(self.holder());
        party.personal_info = Some(PartyPersonalInfo {
            complex_name: Some(complex_name),
            date_of_birth: self.birth_date.clone(),
        });
        party.supported_currencies = Some(vec![currency]);
        party
    }
}

/// How far a payment into an account has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Incoming {
    /// The bank gave its word, and waits to hear that the switch committed.
    Reserved,
    /// The money is on the account.
    Credited,
    /// The switch aborted it.
    Cancelled,
}

impl Incoming {
    const ALL: [(Self, &'static str); 3] = [
        (Self::Reserved, "reserved"),
        (Self::Credited, "credited"),
        (Self::Cancelled, "cancelled"),
    ];

    /// As it is kept.
    pub(super) fn text(self) -> &'static str {
        Self::ALL.into_iter().find(|(s, _)| *s == self).map_or("reserved", |(_, t)| t)
    }

    /// As it was kept.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, t)| *t == text).map(|(state, _)| state)
    }
}

/// How far a payment out of an account has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outgoing {
    /// The switch is asked who the payee is.
    LookingUp,
    /// The payee's bank is asked for its terms.
    Quoting,
    /// The switch is told to transfer.
    Transferring,
    Paid,
    /// The money is back on the account.
    Failed,
}

impl Outgoing {
    const ALL: [(Self, &'static str); 5] = [
        (Self::LookingUp, "looking_up"),
        (Self::Quoting, "quoting"),
        (Self::Transferring, "transferring"),
        (Self::Paid, "paid"),
        (Self::Failed, "failed"),
    ];

    /// As it is kept and shown.
    pub(super) fn text(self) -> &'static str {
        Self::ALL.into_iter().find(|(s, _)| *s == self).map_or("failed", |(_, t)| t)
    }

    /// As it was kept.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, t)| *t == text).map(|(state, _)| state)
    }
}

/// How a statement begins to say that a line takes a payment back.
const REVERSAL: &str = "REVERSAL ";

/// What a statement says of a payment that is given back: `REVERSAL {transfer}: {reason}`.
pub(super) fn reversal(transfer: &str, reason: Option<&str>) -> String {
    format!("{REVERSAL}{transfer}: {}", reason.unwrap_or("no reason given"))
}

/// Which transfer a line of a statement takes back, and why; None where it takes nothing back.
pub(super) fn reversed(what: &str) -> Option<(&str, &str)> {
    what.strip_prefix(REVERSAL)?.split_once(": ")
}

/// What a holder is told when money came in.
pub(super) fn credited(bank: &str, amount: Money, payer: &str, balance: Money) -> String {
    let currency = amount.currency;
    format!("{bank}: you received {amount} {currency} from {payer}. Balance {balance} {currency}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_standing_is_refused_with_its_own_code() {
        let refused = |standing: Standing| standing.allows_credit().err().map(|r| r.code.number());
        assert_eq!(refused(Standing::Open), None);
        assert_eq!(refused(Standing::Dormant), Some(5105));
        assert_eq!(refused(Standing::Full), Some(5200));
        assert_eq!(refused(Standing::Blocked), Some(5400));
        assert_eq!(Standing::Closed.allows_lookup().unwrap_err().code.number(), 5107);
    }

    #[test]
    fn a_statement_says_which_payment_came_back_and_why() {
        let line = reversal("b51ec534", Some("account closed: moved away"));
        assert_eq!(reversed(&line), Some(("b51ec534", "account closed: moved away")));
        assert_eq!(reversed(&reversal("b51ec534", None)), Some(("b51ec534", "no reason given")));
        assert_eq!(reversed("Pension Office (pension)"), None);
    }

    #[test]
    fn every_standing_is_kept_and_read_back() {
        for (standing, text) in Standing::ALL {
            assert_eq!((standing.text(), Standing::parse(text)), (text, Some(standing)));
        }
    }

    #[test]
    fn the_message_to_the_holder_tells_amount_payer_and_balance() {
        let xts = |minor| Money::new(minor, "XTS".parse().unwrap());
        assert_eq!(
            credited("Greenbank", xts(10_000), "Old Age Pension", xts(12_050)),
            "Greenbank: you received 100.00 XTS from Old Age Pension. Balance 120.50 XTS."
        );
    }
}
