//! POST /quotes and PUT /quotes/{ID}: what a payment will cost, and the condition it will be made under.

use super::amount::Money;
use super::date_time::DateTime;
use super::error_information::ExtensionList;
use super::parties::Party;
use super::transaction_type::TransactionType;
use crate::code::open_code;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

open_code! {
    /// Whether the amount is what leaves the payer or what reaches the payee.
    AmountType { Send = "SEND", Receive = "RECEIVE" }
}

/// A place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GeoCode {
    /// Degrees north.
    pub latitude: String,
    /// Degrees east.
    pub longitude: String,
}

/// Body of POST /quotes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuotesPostRequest {
    /// Name of the quote.
    pub quote_id: String,
    /// Name of the payment to come.
    pub transaction_id: String,
    /// The request that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_request_id: Option<String>,
    /// Who will be paid.
    pub payee: Party,
    /// Who pays.
    pub payer: Party,
    /// How the amount is meant.
    pub amount_type: AmountType,
    /// How much.
    pub amount: Money,
    /// What the payer's FSP takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fees: Option<Money>,
    /// What for.
    pub transaction_type: TransactionType,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geo_code: Option<GeoCode>,
    /// A word to the payee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Until when an answer is of use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiration: Option<DateTime>,
    /// More, as keys and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_list: Option<ExtensionList>,
}

/// Body of PUT /quotes/{ID}.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuotesPutResponse {
    /// What must be transferred.
    pub transfer_amount: Money,
    /// What the payee gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee_receive_amount: Option<Money>,
    /// What the payee's FSP takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee_fsp_fee: Option<Money>,
    /// What the payee's FSP gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee_fsp_commission: Option<Money>,
    /// Until when the quote stands.
    pub expiration: DateTime,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geo_code: Option<GeoCode>,
    /// The packet of the transfer to come.
    pub ilp_packet: String,
    /// Its condition.
    pub condition: String,
    /// More, as keys and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_list: Option<ExtensionList>,
}
