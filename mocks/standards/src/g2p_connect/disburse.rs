//! POST /disburse and /on-disburse (bare paths) and /disburse/sync/disburse of G2P Connect 1.0.0.

use super::financial_address::FinancialAddress;
use crate::dci::object;
use crate::dci::{DateTime, ReasonCode, Status, TransactionId};
use crate::money::{Currency, Money, MoneyError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `message` of a disburse. The published text misspells the required name `disburemsents`; it is read, never written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DisburseRequest {
    /// The caller's name for the batch.
    pub transaction_id: TransactionId,
    /// One entry a payment.
    #[serde(alias = "disburemsents", deserialize_with = "object::each")]
    pub disbursements: Vec<Disbursement>,
}

/// One payment. Addresses and amount stay text until they are looked at, so that one bad entry is refused with its own
/// reason code and the rest of the batch is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Disbursement {
    /// The caller's name for the payment.
    #[serde(default, deserialize_with = "object::text")]
    #[schemars(required)]
    pub reference_id: String,
    /// From where.
    #[serde(default, deserialize_with = "object::text")]
    #[schemars(required)]
    pub payer_fa: String,
    /// To where.
    #[serde(default, deserialize_with = "object::text")]
    #[schemars(required)]
    pub payee_fa: String,
    /// How much: a string with its decimals, such as `100.00`.
    #[serde(default, deserialize_with = "object::text")]
    #[schemars(required)]
    pub amount: String,
    /// When at the earliest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_timestamp: Option<DateTime>,
    /// Who pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_name: Option<String>,
    /// Who is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee_name: Option<String>,
    /// A word to the payee, at most 99 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What for, at most 99 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// How, at most 999 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instruction: Option<String>,
    /// Anything both sides agreed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meta: Option<Value>,
    /// Which currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency_code: Option<String>,
    /// Language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// Why one payment of a batch cannot be read: the reason code to answer with, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct InvalidDisbursement {
    /// The code.
    pub code: ReasonCode,
    /// The sentence.
    pub sentence: String,
}

/// One payment whose addresses and amount have been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentOrder {
    /// From where.
    pub payer: FinancialAddress,
    /// To where.
    pub payee: FinancialAddress,
    /// How much.
    pub amount: Money,
}

impl Disbursement {
    /// Reads addresses and amount. `currency` is the payer's, for an entry that names none; a payment of zero is refused.
    pub fn order(&self, currency: Currency) -> Result<PaymentOrder, InvalidDisbursement> {
        let refuse = |code, sentence: String| InvalidDisbursement { code, sentence };
        if self.reference_id.trim().is_empty() {
            return Err(refuse(
                ReasonCode::ReferenceIdInvalid,
                "reference_id is empty: name the payment".to_owned(),
            ));
        }
        for (name, said, most) in [
            ("note", &self.note, 99),
            ("purpose", &self.purpose, 99),
            ("instruction", &self.instruction, 999),
        ] {
            if said.as_ref().is_some_and(|text| text.chars().count() > most) {
                let right = format!("{name}: write at most {most} characters");
                return Err(refuse(ReasonCode::OtherError, right));
            }
        }
        let payer = self
            .payer_fa
            .parse()
            .map_err(|e| refuse(ReasonCode::PayerFaInvalid, format!("payer_fa: {e}")))?;
        let payee = self
            .payee_fa
            .parse()
            .map_err(|e| refuse(ReasonCode::PayeeFaInvalid, format!("payee_fa: {e}")))?;
        let currency = match &self.currency_code {
            None => currency,
            Some(code) => code.parse().map_err(|e| {
                refuse(ReasonCode::CurrencyCodeInvalid, format!("currency_code: {e}"))
            })?,
        };
        let amount = Money::from_g2p(&self.amount, currency)
            .map_err(|e: MoneyError| refuse(ReasonCode::AmountInvalid, format!("amount: {e}")))?;
        if amount.minor == 0 {
            return Err(refuse(
                ReasonCode::AmountInvalid,
                "amount: nothing would be paid; write more than 0.00".to_owned(),
            ));
        }
        Ok(PaymentOrder { payer, payee, amount })
    }
}

/// `message` of an on-disburse. It has no `correlation_id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DisburseResponse {
    /// As in the request.
    pub transaction_id: TransactionId,
    /// How each payment stands.
    pub disbursements_status: Vec<DisbursementStatus>,
}

/// How one payment stands: rcvd, then pdng, then succ or rjct.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DisbursementStatus {
    /// As in the payment.
    pub reference_id: String,
    /// Since when.
    pub timestamp: DateTime,
    /// How it stands.
    pub status: Status,
    /// Why not, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_code: Option<ReasonCode>,
    /// Why not, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_message: Option<String>,
    /// When at the earliest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_timestamp: Option<DateTime>,
    /// From where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_fa: Option<String>,
    /// To where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee_fa: Option<String>,
    /// How much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// Who pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_name: Option<String>,
    /// Who is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee_name: Option<String>,
    /// Which currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency_code: Option<String>,
    /// Language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

impl DisbursementStatus {
    /// How a payment stands now.
    pub fn of(payment: &Disbursement, status: Status, timestamp: impl Into<DateTime>) -> Self {
        Self {
            reference_id: payment.reference_id.clone(),
            timestamp: timestamp.into(),
            status,
            status_reason_code: None,
            status_reason_message: None,
            scheduled_timestamp: payment.scheduled_timestamp.clone(),
            payer_fa: Some(payment.payer_fa.clone()),
            payee_fa: Some(payment.payee_fa.clone()),
            amount: Some(payment.amount.clone()),
            payer_name: payment.payer_name.clone(),
            payee_name: payment.payee_name.clone(),
            currency_code: payment.currency_code.clone(),
            locale: Some("eng".to_owned()),
        }
    }

    /// The same with a reason.
    #[must_use]
    pub fn because(mut self, code: ReasonCode, message: impl Into<String>) -> Self {
        self.status_reason_code = Some(code);
        self.status_reason_message = Some(message.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn payment(change: &Value) -> Disbursement {
        let mut payment = json!({"reference_id": "r1", "payer_fa": "account:GOV001@treasury", "payee_fa": "token:12345@gtbank",
            "amount": "100.00", "currency_code": "USD"});
        payment.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        serde_json::from_value(payment).unwrap()
    }

    fn refusal(change: &Value) -> InvalidDisbursement {
        payment(change).order("EUR".parse().unwrap()).unwrap_err()
    }

    #[test]
    fn a_payment_is_read_with_its_own_currency() {
        let order = payment(&json!({})).order("EUR".parse().unwrap()).unwrap();
        assert_eq!(order.amount, Money::new(10_000, "USD".parse().unwrap()));
        assert_eq!(order.payee.provider(), "gtbank");
        let longest = payment(
            &json!({"note": "é".repeat(99), "purpose": null, "instruction": "x".repeat(999)}),
        );
        assert!(longest.order("EUR".parse().unwrap()).is_ok());
    }

    #[test]
    fn each_bad_field_has_its_own_reason_code() {
        for (change, code) in [
            (json!({"amount": "100"}), "rjct.amount.invalid"),
            (json!({"amount": "0.00"}), "rjct.amount.invalid"),
            (json!({"payee_fa": "12345"}), "rjct.payee_fa.invalid"),
            (json!({"payer_fa": ""}), "rjct.payer_fa.invalid"),
            (json!({"currency_code": "usd"}), "rjct.currency_code.invalid"),
            (json!({"reference_id": " "}), "rjct.reference_id.invalid"),
            (json!({"note": "é".repeat(100)}), "rjct.other.error"),
            (json!({"purpose": "x".repeat(100)}), "rjct.other.error"),
            (json!({"instruction": "x".repeat(1000)}), "rjct.other.error"),
        ] {
            assert_eq!(refusal(&change).code.as_str(), code, "{change}");
        }
    }

    #[test]
    fn the_misspelt_list_is_read_and_the_right_one_written() {
        let request: DisburseRequest =
            serde_json::from_value(json!({"transaction_id": "T", "disburemsents": []})).unwrap();
        assert_eq!(
            serde_json::to_value(request).unwrap(),
            json!({"transaction_id": "T", "disbursements": []})
        );
    }

    #[test]
    fn a_status_repeats_what_was_asked_and_says_why_not() {
        let status =
            DisbursementStatus::of(&payment(&json!({})), Status::Rjct, "2026-01-05T09:00:00Z")
                .because(ReasonCode::PayeeFaInvalid, "the account is closed");
        let json = serde_json::to_value(status).unwrap();
        assert_eq!(json["status_reason_code"], "rjct.payee_fa.invalid");
        assert_eq!(json["amount"], "100.00");
    }
}
