//! Where a person keeps money: an account at Pinkbank or a wallet at Greenbank.

use std::fmt;

/// A bank of the country that serves people; the government's own bank serves none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bank {
    /// Accounts, known by their number.
    Pinkbank,
    /// Wallets, known by the telephone number of the holder.
    Greenbank,
}

/// One account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Account {
    pub bank: Bank,
    /// The account number, or the telephone number without the plus sign.
    pub number: u64,
    /// A closed account is still in the mapper, as inactive.
    pub closed: bool,
}

impl Bank {
    /// The name by which the payment switch knows it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pinkbank => "pinkbank",
            Self::Greenbank => "greenbank",
        }
    }
}

/// The financial address of G2P Connect: `msisdn:99922387829@greenbank`, `account:95230427853@pinkbank`.
impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.bank {
            Bank::Pinkbank => "account",
            Bank::Greenbank => "msisdn",
        };
        write!(f, "{kind}:{}@{}", self.number, self.bank.code())
    }
}
