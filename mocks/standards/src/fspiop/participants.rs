//! /participants/{Type}/{ID} and /participants: which FSP serves an identifier, and telling the switch so.

use super::error_information::{ErrorInformation, ExtensionList};
use super::parties::PartyIdInfo;
use crate::money::Currency;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Body of POST /participants/{Type}/{ID}: this FSP serves the identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ParticipantsTypeIdPostRequest {
    /// Which FSP.
    pub fsp_id: String,
    /// In which currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// More, as keys and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_list: Option<ExtensionList>,
}

/// Body of PUT /participants/{Type}/{ID}.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ParticipantsTypeIdPutResponse {
    /// Which FSP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fsp_id: Option<String>,
}

/// Body of POST /participants: many identifiers at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ParticipantsPostRequest {
    /// Name of the request.
    pub request_id: String,
    /// 1 to 10000 identifiers.
    pub party_list: Vec<PartyIdInfo>,
    /// In which currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
}

/// Body of PUT /participants/{ID}.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ParticipantsPutResponse {
    /// How it went for each.
    pub party_list: Vec<PartyResult>,
    /// In which currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
}

/// How it went for one identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartyResult {
    /// Which.
    pub party_id: PartyIdInfo,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_information: Option<ErrorInformation>,
}
