//! `TransactionType`: what a payment is for, and who asked for it.

use crate::code::open_code;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

open_code! {
    /// What kind of payment.
    Scenario {
        Deposit = "DEPOSIT",
        Withdrawal = "WITHDRAWAL",
        Transfer = "TRANSFER",
        Payment = "PAYMENT",
        Refund = "REFUND",
    }
}

open_code! {
    /// Who asked for it.
    Initiator { Payer = "PAYER", Payee = "PAYEE" }
}

open_code! {
    /// What kind of party asked for it.
    InitiatorType {
        Consumer = "CONSUMER",
        Agent = "AGENT",
        Business = "BUSINESS",
        Device = "DEVICE",
    }
}

/// What a payment is for, and who asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TransactionType {
    /// What kind of payment.
    pub scenario: Scenario,
    /// A scheme's own kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_scenario: Option<String>,
    /// Who asked for it.
    pub initiator: Initiator,
    /// What kind of party asked.
    pub initiator_type: InitiatorType,
    /// What is given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_info: Option<Refund>,
    /// Balance of payments code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance_of_payments: Option<String>,
}

impl TransactionType {
    /// A transfer that a person asked for.
    pub fn transfer_by_consumer() -> Self {
        Self { initiator_type: InitiatorType::Consumer, ..Self::benefit() }
    }

    /// A payment that is given back by the bank that took it in, and why.
    pub fn refund(original: &str, reason: Option<&str>) -> Self {
        let refund_info = Refund {
            original_transaction_id: original.to_owned(),
            refund_reason: reason.map(str::to_owned),
        };
        Self { scenario: Scenario::Refund, refund_info: Some(refund_info), ..Self::benefit() }
    }

    /// A transfer that a government, a business to the standard, asked for: how benefits are paid.
    pub fn benefit() -> Self {
        Self {
            scenario: Scenario::Transfer,
            sub_scenario: None,
            initiator: Initiator::Payer,
            initiator_type: InitiatorType::Business,
            refund_info: None,
            balance_of_payments: None,
        }
    }
}

/// What is given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Refund {
    /// Which payment.
    pub original_transaction_id: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_reason: Option<String>,
}
