//! Amount and Money of FSPIOP: a decimal string with a strict pattern, and its currency.

use crate::money::{self, Currency, MoneyError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A decimal without zeros that say nothing: `100`, `100.5`, never `100.50`. Up to 18 digits and 4 decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Amount(String);

/// Something that is not an Amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is not an Amount: write a decimal string without leading or trailing zeros, such as 100 or 100.5"
)]
pub struct InvalidAmount(String);

impl Amount {
    /// As it stands on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Amount {
    type Error = InvalidAmount;

    fn try_from(text: String) -> Result<Self, InvalidAmount> {
        if money::is_fspiop_amount(&text) { Ok(Self(text)) } else { Err(InvalidAmount(text)) }
    }
}

impl From<Amount> for String {
    fn from(amount: Amount) -> Self {
        amount.0
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An amount with its currency, as FSPIOP writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Money {
    /// Of which currency.
    pub currency: Currency,
    /// How much.
    pub amount: Amount,
}

impl Money {
    /// As integer minor units; refused where it is finer than a cent.
    pub fn to_money(&self) -> Result<money::Money, MoneyError> {
        money::Money::from_fspiop(self.amount.as_str(), self.currency)
    }
}

impl TryFrom<money::Money> for Money {
    type Error = MoneyError;

    fn try_from(money: money::Money) -> Result<Self, MoneyError> {
        Ok(Self { currency: money.currency, amount: Amount(money.to_fspiop()?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_crosses_the_border_both_ways() {
        let money: Money = serde_json::from_str(r#"{"currency":"USD","amount":"100.5"}"#).unwrap();
        let inside = money.to_money().unwrap();
        assert_eq!(inside.minor, 10_050);
        assert_eq!(Money::try_from(inside).unwrap(), money);
    }

    #[test]
    fn an_amount_with_idle_zeros_or_as_a_number_is_refused() {
        for bad in [r#"{"currency":"USD","amount":"100.50"}"#, r#"{"currency":"USD","amount":100}"#]
        {
            assert!(serde_json::from_str::<Money>(bad).is_err(), "{bad}");
        }
    }
}
