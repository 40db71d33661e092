//! Payments as the other faces name them, put into the words of G2P Connect, which the engine reads. What only the face
//! can say travels along in `meta` and comes back with the payment.

use serde_json::{Value, json};
use standards::g2p_connect::disburse::Disbursement;
use standards::money::{Currency, Money};

use crate::payment_hub::store::Instruction;

/// A payment as a face named it.
#[derive(Debug)]
pub(super) struct Wish {
    pub(super) reference: String,
    /// The government's account, as an address.
    pub(super) payer: String,
    /// An account, or a person whom the mapper knows.
    pub(super) payee: String,
    /// The amount as it was written: a number or a text.
    pub(super) amount: Value,
    pub(super) currency: String,
    pub(super) note: Option<String>,
    /// The payment in the face's own words.
    pub(super) own: Value,
}

impl Wish {
    /// The same in the words of G2P Connect. An amount that cannot be read stays as it was written, so that the engine
    /// refuses this payment and no other; why is kept in the face's own words.
    pub(super) fn entry(self) -> Disbursement {
        let amount = minor_text(&self.amount, &self.currency);
        let wrong = amount.as_ref().err().cloned();
        Disbursement {
            reference_id: self.reference,
            payer_fa: self.payer,
            payee_fa: self.payee,
            amount: amount.unwrap_or_else(|_| as_written(&self.amount)),
            scheduled_timestamp: None,
            payer_name: None,
            payee_name: None,
            note: self.note.map(|note| note.chars().take(99).collect()),
            purpose: None,
            instruction: None,
            meta: Some(json!({"own": self.own, "wrong": wrong})),
            currency_code: Some(self.currency),
            locale: None,
        }
    }
}

fn as_written(amount: &Value) -> String {
    amount.as_str().map_or_else(|| amount.to_string(), str::to_owned)
}

/// Reads an amount that was written as a number or a text; never through a float.
pub(super) fn money_of(amount: &Value, currency: Currency) -> Result<Money, String> {
    let read = match amount {
        Value::Number(number) => Money::from_json(number, currency),
        Value::String(text) => Money::from_decimal(text, currency),
        _ => return Err(format!("amount: {amount} is none: write a number such as 100.00")),
    };
    let money = read.map_err(|error| format!("amount: {error}"))?;
    if money.minor > 0 {
        return Ok(money);
    }
    Err(format!("amount: {} cannot be paid: write more than 0.00", as_written(amount)))
}

fn minor_text(amount: &Value, currency: &str) -> Result<String, String> {
    let currency: Currency = currency.parse().map_err(|error| format!("currency: {error}"))?;
    money_of(amount, currency)?.to_g2p().map_err(|error| format!("amount: {error}"))
}

/// The payment in the words of the face that it came through; null where it came through another.
pub(super) fn own(payment: &Instruction) -> &Value {
    payment.disbursement.meta.as_ref().map_or(&Value::Null, |meta| &meta["own"])
}

/// Why a payment failed, waits or is held, for a person.
pub(super) fn why(payment: &Instruction) -> Option<String> {
    let wrong = payment.disbursement.meta.as_ref().and_then(|meta| meta["wrong"].as_str());
    let said = payment.why.as_ref().map(|why| why.sentence.as_str());
    said.and(wrong).or(said).map(str::to_owned)
}

/// The amount of a payment as a number, as it was written where it could not be read.
pub(super) fn amount(payment: &Instruction, currency: Currency) -> Value {
    match Money::new(payment.minor, currency).to_json() {
        Ok(number) if payment.minor > 0 => Value::Number(number),
        _ => json!(payment.disbursement.amount),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(amount: Value) -> Disbursement {
        let wish = Wish {
            reference: "R".into(),
            payer: "account:GOV-SP-001@treasury".into(),
            payee: "uin:6580954839@arenoa".into(),
            amount,
            currency: "XTS".into(),
            note: None,
            own: json!({"a": 1}),
        };
        wish.entry()
    }

    #[test]
    fn numbers_and_texts_are_read_without_a_float() {
        for (amount, right) in [
            (json!(100), "100.00"),
            (json!(0.1), "0.10"),
            (json!("100"), "100.00"),
            (json!(1_000_000_000), "1000000000.00"),
        ] {
            assert_eq!(wish(amount).amount, right);
        }
    }

    #[test]
    fn what_is_no_amount_stays_as_it_was_written_and_says_why() {
        for (amount, word) in [
            (json!(0.001), "parts of a minor unit"),
            (json!(-5), "cannot be paid"),
            (json!(0), "cannot be paid"),
            (Value::Null, "is none"),
            (json!([1]), "is none"),
            (json!("ten"), "write digits"),
        ] {
            let entry = wish(amount.clone());
            let wrong = entry.meta.unwrap()["wrong"].as_str().unwrap().to_owned();
            assert!(wrong.contains(word), "{amount}: {wrong}");
            let amount_read = Money::from_g2p(&entry.amount, "XTS".parse().unwrap());
            assert!(amount_read.is_err(), "{amount}");
        }
    }
}
