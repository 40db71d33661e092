//! POST /bulkQuotes and PUT /bulkQuotes/{ID}: up to 1000 quotes for payees of one FSP.

use super::amount::Money;
use super::date_time::DateTime;
use super::error_information::{ErrorInformation, ExtensionList};
use super::parties::Party;
use super::quotes::{AmountType, GeoCode};
use super::transaction_type::TransactionType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Body of POST /bulkQuotes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BulkQuotesPostRequest {
    /// Name of the bulk.
    pub bulk_quote_id: String,
    /// Who pays them all.
    pub payer: Party,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geo_code: Option<GeoCode>,
    /// Until when an answer is of use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiration: Option<DateTime>,
    /// 1 to 1000 quotes.
    pub individual_quotes: Vec<IndividualQuote>,
    /// More, as keys and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_list: Option<ExtensionList>,
}

/// One quote of a bulk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IndividualQuote {
    /// Name of the quote.
    pub quote_id: String,
    /// Name of the payment to come.
    pub transaction_id: String,
    /// Who will be paid.
    pub payee: Party,
    /// How the amount is meant.
    pub amount_type: AmountType,
    /// How much.
    pub amount: Money,
    /// What the payer's FSP takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fees: Option<Money>,
    /// What for.
    pub transaction_type: TransactionType,
    /// A word to the payee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// More, as keys and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_list: Option<ExtensionList>,
}

/// Body of PUT /bulkQuotes/{ID}.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BulkQuotesPutResponse {
    /// How each went.
    #[serde(default)]
    pub individual_quote_results: Vec<IndividualQuoteResult>,
    /// Until when the quotes stand.
    pub expiration: DateTime,
    /// More, as keys and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_list: Option<ExtensionList>,
}

/// One quote of a bulk, or why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IndividualQuoteResult {
    /// Name of the quote.
    pub quote_id: String,
    /// Who will be paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee: Option<Party>,
    /// What must be transferred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer_amount: Option<Money>,
    /// What the payee gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee_receive_amount: Option<Money>,
    /// What the payee's FSP takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee_fsp_fee: Option<Money>,
    /// What the payee's FSP gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee_fsp_commission: Option<Money>,
    /// The packet of the transfer to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ilp_packet: Option<String>,
    /// Its condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_information: Option<ErrorInformation>,
    /// More, as keys and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_list: Option<ExtensionList>,
}

impl IndividualQuoteResult {
    /// A quote refused.
    pub fn refused(quote_id: impl Into<String>, error: ErrorInformation) -> Self {
        Self { error_information: Some(error), ..Self::empty(quote_id.into()) }
    }

    /// A quote given.
    pub fn quoted(
        quote_id: impl Into<String>,
        transfer_amount: Money,
        ilp_packet: String,
        condition: String,
    ) -> Self {
        Self {
            transfer_amount: Some(transfer_amount),
            ilp_packet: Some(ilp_packet),
            condition: Some(condition),
            ..Self::empty(quote_id.into())
        }
    }

    fn empty(quote_id: String) -> Self {
        Self {
            quote_id,
            payee: None,
            transfer_amount: None,
            payee_receive_amount: None,
            payee_fsp_fee: None,
            payee_fsp_commission: None,
            ilp_packet: None,
            condition: None,
            error_information: None,
            extension_list: None,
        }
    }
}
