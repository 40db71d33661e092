//! Money as integer minor units, and its spellings: FSPIOP Amount, G2P Connect amount (`^\d{1,13}\.\d{1,2}$`), JSON decimals.
//!
//! ```
//! use standards::money::{Currency, Money};
//! let usd: Currency = "USD".parse().unwrap();
//! let pension = Money::from_g2p("100.50", usd).unwrap();
//! assert_eq!(pension.minor, 10_050);
//! assert_eq!(pension.to_string(), "100.50");
//! assert_eq!(pension.to_fspiop().unwrap(), "100.5");
//! assert_eq!(Money::from_fspiop("100", usd).unwrap().to_g2p().unwrap(), "100.00");
//! ```
//!
//! Every currency is taken to have two decimals: the standards spoken here write decimals without saying how many a
//! currency has, and the country's own has two.

mod currency;
mod decimal;

pub use currency::{Currency, InvalidCurrency};

use serde_json::Number;
use std::fmt;

/// An amount of one currency in minor units (cents).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money {
    /// Minor units; negative where money is owed.
    pub minor: i64,
    /// Of which currency.
    pub currency: Currency,
}

/// Whether a text is an FSPIOP Amount, up to 18 digits and 4 decimals: more than [`Money`] can hold.
pub fn is_fspiop_amount(text: &str) -> bool {
    decimal::check_fspiop(text).is_some()
}

/// Why an amount cannot be read, written or added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not written as its standard wants it.
    #[error("\"{text}\" is not an amount here: {right}")]
    Spelling {
        /// What was written.
        text: String,
        /// What would have been right.
        right: &'static str,
    },
    /// Parts of a cent.
    #[error("\"{text}\" has parts of a minor unit: at most two decimals can be paid")]
    TooFine {
        /// What was written.
        text: String,
    },
    /// Too large for any payment.
    #[error("\"{text}\" is too large: at most 13 digits before the point can be paid")]
    TooLarge {
        /// What was written.
        text: String,
    },
    /// Less than nothing, where the standard has no way to write it.
    #[error("{0} is negative: this standard writes amounts of zero or more")]
    Negative(Money),
    /// Two currencies in one sum.
    #[error("{0} and {1} are different currencies: convert one first")]
    Currencies(Currency, Currency),
    /// A sum beyond what can be counted.
    #[error("the sum of {0} and {1} is too large")]
    Overflow(Money, Money),
}

impl Money {
    /// An amount in minor units.
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, of that currency.
    pub fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// The sum, where both are the same currency.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.combine(other, i64::checked_add)
    }

    /// The difference, where both are the same currency.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.combine(other, i64::checked_sub)
    }

    fn combine(self, other: Self, how: fn(i64, i64) -> Option<i64>) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::Currencies(self.currency, other.currency));
        }
        let minor = how(self.minor, other.minor).ok_or(MoneyError::Overflow(self, other))?;
        Ok(Self { minor, currency: self.currency })
    }

    /// Reads an FSPIOP Amount: no zeros that say nothing, so `100` and `100.5` but not `100.50`.
    pub fn from_fspiop(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let right = "write it without leading or trailing zeros, such as 100 or 100.5";
        decimal::check_fspiop(text).ok_or_else(|| spelling(text, right))?;
        Ok(Self { minor: decimal::minor(text, text)?, currency })
    }

    /// Writes an FSPIOP Amount.
    pub fn to_fspiop(self) -> Result<String, MoneyError> {
        let written = self.to_g2p()?;
        let trimmed = written.trim_end_matches('0').trim_end_matches('.');
        Ok(trimmed.to_owned())
    }

    /// Reads a G2P Connect amount: the decimals are required, so `100.00` and `100.5` but not `100`.
    pub fn from_g2p(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let right = "write 1 to 13 digits, a point and 1 or 2 decimals, such as 100.00";
        decimal::check_g2p(text).ok_or_else(|| spelling(text, right))?;
        Ok(Self { minor: decimal::minor(text, text)?, currency })
    }

    /// Writes a G2P Connect amount, always with two decimals.
    pub fn to_g2p(self) -> Result<String, MoneyError> {
        if self.minor < 0 { Err(MoneyError::Negative(self)) } else { Ok(self.to_string()) }
    }

    /// Reads a JSON number through its text, never through a float's value: `100`, `100.5` and `100.00` are all exact.
    ///
    /// ```
    /// use standards::money::Money;
    /// let usd = "USD".parse().unwrap();
    /// let number: serde_json::Number = serde_json::from_str("0.1").unwrap();
    /// assert_eq!(Money::from_json(&number, usd).unwrap().minor, 10);
    /// ```
    pub fn from_json(number: &Number, currency: Currency) -> Result<Self, MoneyError> {
        Self::from_decimal(&number.to_string(), currency)
    }

    /// Reads a plain decimal, with as many zeros as its writer likes and a minus sign where it is owed.
    pub fn from_decimal(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        decimal::check_plain(digits).ok_or_else(|| {
            spelling(text, "write digits with at most one point, such as 100 or 100.50")
        })?;
        let minor = decimal::minor(digits, text)?;
        Ok(Self { minor: if digits.len() == text.len() { minor } else { -minor }, currency })
    }

    /// The amount as a JSON number, for standards that write one (`GovStack`). Beyond 13 digits before the point a reader's
    /// double would lose the cents, so such an amount is refused.
    pub fn to_json(self) -> Result<Number, MoneyError> {
        if self.minor.unsigned_abs() >= 1_000_000_000_000_000 {
            return Err(MoneyError::TooLarge { text: self.to_string() });
        }
        if self.minor % 100 == 0 {
            return Ok(Number::from(self.minor / 100));
        }
        let text = self.to_string();
        text.parse().map_err(|_| spelling(&text, "write a JSON number"))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minor < 0 { "-" } else { "" };
        let magnitude = self.minor.unsigned_abs();
        write!(f, "{sign}{}.{:02}", magnitude / 100, magnitude % 100)
    }
}

fn spelling(text: &str, right: &'static str) -> MoneyError {
    MoneyError::Spelling { text: text.to_owned(), right }
}

#[cfg(test)]
mod tests;
