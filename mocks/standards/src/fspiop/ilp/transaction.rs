//! The transaction object inside an ILP packet: what payer and payee agreed on.

use super::super::amount::Money;
use super::super::date_time::DateTime;
use super::super::parties::Party;
use super::super::quotes::QuotesPostRequest;
use super::super::sorted_json::sorted_json;
use super::super::transaction_type::TransactionType;
use super::IlpError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What payer and payee agreed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// Name of the payment.
    pub transaction_id: String,
    /// Name of the quote.
    pub quote_id: String,
    /// Who is paid.
    pub payee: Party,
    /// Who pays.
    pub payer: Party,
    /// What is transferred.
    pub amount: Money,
    /// What for.
    pub transaction_type: TransactionType,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiration: Option<DateTime>,
    /// A word to the payee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Transaction {
    /// The transaction of a quote, with what the payee's FSP decided: the amount to transfer and how long it stands.
    pub fn of(quote: &QuotesPostRequest, transfer_amount: Money, expiration: DateTime) -> Self {
        Self {
            transaction_id: quote.transaction_id.clone(),
            quote_id: quote.quote_id.clone(),
            payee: quote.payee.clone(),
            payer: quote.payer.clone(),
            amount: transfer_amount,
            transaction_type: quote.transaction_type.clone(),
            expiration: Some(expiration),
            note: quote.note.clone(),
        }
    }

    pub(super) fn sorted_json(&self) -> Result<String, IlpError> {
        let value =
            serde_json::to_value(self).map_err(|error| IlpError::Incomplete(error.to_string()))?;
        Ok(sorted_json(&value))
    }

    /// `g.{fsp}.{type}.{id}`, type and identifier in lower case.
    pub(super) fn address(&self) -> Result<String, IlpError> {
        let info = &self.payee.party_id_info;
        let fsp = info
            .fsp_id
            .as_deref()
            .ok_or_else(|| IlpError::Incomplete("the payee has no fspId".to_owned()))?;
        let (kind, id) =
            (info.party_id_type.as_str().to_lowercase(), info.party_identifier.to_lowercase());
        Ok(match &info.party_sub_id_or_type {
            Some(sub) => format!("g.{fsp}.{kind}.{id}.{}", sub.to_lowercase()),
            None => format!("g.{fsp}.{kind}.{id}"),
        })
    }

    pub(super) fn minor_units(&self) -> Result<u64, IlpError> {
        let money = self.amount.to_money()?;
        u64::try_from(money.minor)
            .map_err(|_| IlpError::Amount(crate::money::MoneyError::Negative(money)))
    }
}
