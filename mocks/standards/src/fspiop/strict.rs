//! What the text of FSPIOP 1.1 says of elements beyond their types: lengths, closed lists, ids. A switch checks it before it
//! passes a message on; `serde` alone would take a list for an object and any word for a code.

#[cfg(test)]
mod tests;

use super::formats::{
    BALANCE, CONDITION, DATE, Format, LATITUDE, LONGITUDE, MERCHANT, NAME, SUB_SCENARIO,
    is_currency,
};
use super::lists;
use super::{
    BulkQuotesPostRequest, BulkQuotesPutResponse, BulkTransfersPostRequest,
    BulkTransfersPutResponse, ErrorInformation, ErrorInformationObject, ExtensionList, GeoCode,
    ParticipantsPostRequest, ParticipantsTypeIdPostRequest, PartiesPutResponse, Party, PartyIdInfo,
    QuotesPostRequest, QuotesPutResponse, TransactionType, TransfersPatchResponse,
    TransfersPostRequest, TransfersPutResponse, is_correlation_id,
};
use crate::dci::{Malformed, read};
use serde::de::DeserializeOwned;

/// What is wrong with an element, and where it stands.
type Checked = Result<(), Malformed>;

/// A message that can be held to the text.
pub trait Strict {
    /// Whether its elements are what the text allows; the error names the first that is not.
    fn check(&self) -> Checked;
}

/// Reads a message and holds it to the text.
pub fn read_strictly<T: DeserializeOwned + Strict>(body: &[u8]) -> Result<T, Malformed> {
    let message: T = read(body)?;
    if body.contains(&b'[') {
        lists::check(body)?;
    }
    message.check()?;
    Ok(message)
}

fn wrong<T>(path: &str, sentence: impl Into<String>) -> Result<T, Malformed> {
    Err(Malformed { path: path.to_owned(), sentence: sentence.into() })
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn id(path: &str, text: &str) -> Checked {
    if is_correlation_id(text) {
        return Ok(());
    }
    wrong(
        path,
        "write a UUID such as b51ec534-ee48-4575-b6a9-ead2955b8069, in lower case, or a ULID in capitals",
    )
}

fn length(path: &str, text: &str, most: usize) -> Checked {
    let count = text.chars().count();
    if (1..=most).contains(&count) {
        return Ok(());
    }
    wrong(path, format!("write 1 to {most} characters, not {count}"))
}

fn length_of(path: &str, text: Option<&String>, most: usize) -> Checked {
    text.map_or(Ok(()), |text| length(path, text, most))
}

fn one_of(path: &str, code: &str, known: &[&str]) -> Checked {
    if known.contains(&code) {
        return Ok(());
    }
    wrong(path, format!("write one of {}, not {code}", known.join(", ")))
}

fn money(path: &str, money: &super::Money) -> Checked {
    currency(&below(path, "currency"), money.currency.as_str())
}

fn money_of(path: &str, of: Option<&super::Money>) -> Checked {
    of.map_or(Ok(()), |of| money(path, of))
}

fn currency(path: &str, code: &str) -> Checked {
    if is_currency(code) {
        return Ok(());
    }
    wrong(path, format!("write a currency of the list of the standard, such as USD, not {code}"))
}

/// A format that a text must have where it is given.
fn format(path: &str, text: Option<&String>, (is, right): Format) -> Checked {
    match text {
        Some(text) if !is(text) => wrong(path, right),
        _ => Ok(()),
    }
}

fn place(path: &str, is: Option<&GeoCode>) -> Checked {
    let Some(is) = is else { return Ok(()) };
    format(&below(path, "geoCode.latitude"), Some(&is.latitude), LATITUDE)?;
    format(&below(path, "geoCode.longitude"), Some(&is.longitude), LONGITUDE)
}

fn packet(path: &str, text: &str) -> Checked {
    length(path, text, 32_768)?;
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if text.trim_end_matches('=').bytes().all(legal) {
        return Ok(());
    }
    wrong(path, "write base64url")
}

fn extensions(path: &str, list: Option<&ExtensionList>) -> Checked {
    let Some(list) = list else { return Ok(()) };
    let path = below(path, "extensionList.extension");
    if !(1..=16).contains(&list.extension.len()) {
        return wrong(&path, format!("name 1 to 16, not {}", list.extension.len()));
    }
    list.extension.iter().enumerate().try_for_each(|(place, pair)| {
        length(&format!("{path}[{place}].key"), &pair.key, 32)?;
        length(&format!("{path}[{place}].value"), &pair.value, 128)
    })
}

fn party(path: &str, party: &Party) -> Checked {
    name(&below(path, "name"), party.name.as_ref())?;
    let merchant = party.merchant_classification_code.as_ref();
    format(&below(path, "merchantClassificationCode"), merchant, MERCHANT)?;
    if let Some(person) = &party.personal_info {
        let path = below(path, "personalInfo");
        format(&below(&path, "dateOfBirth"), person.date_of_birth.as_ref(), DATE)?;
        if let Some(names) = &person.complex_name {
            let path = below(&path, "complexName");
            name(&below(&path, "firstName"), names.first_name.as_ref())?;
            name(&below(&path, "middleName"), names.middle_name.as_ref())?;
            name(&below(&path, "lastName"), names.last_name.as_ref())?;
        }
    }
    identifier(&below(path, "partyIdInfo"), &party.party_id_info)
}

fn name(path: &str, text: Option<&String>) -> Checked {
    length_of(path, text, 128)?;
    format(path, text, NAME)
}

fn identifier(path: &str, info: &PartyIdInfo) -> Checked {
    let known = super::PartyIdType::KNOWN;
    one_of(&below(path, "partyIdType"), info.party_id_type.as_str(), known)?;
    length(&below(path, "partyIdentifier"), &info.party_identifier, 128)?;
    length_of(&below(path, "partySubIdOrType"), info.party_sub_id_or_type.as_ref(), 128)?;
    length_of(&below(path, "fspId"), info.fsp_id.as_ref(), 32)?;
    extensions(path, info.extension_list.as_ref())
}

fn purpose(path: &str, is: &TransactionType) -> Checked {
    one_of(&below(path, "scenario"), is.scenario.as_str(), super::Scenario::KNOWN)?;
    one_of(&below(path, "initiator"), is.initiator.as_str(), super::Initiator::KNOWN)?;
    one_of(&below(path, "initiatorType"), is.initiator_type.as_str(), super::InitiatorType::KNOWN)?;
    format(&below(path, "subScenario"), is.sub_scenario.as_ref(), SUB_SCENARIO)?;
    format(&below(path, "balanceOfPayments"), is.balance_of_payments.as_ref(), BALANCE)?;
    let Some(refund) = &is.refund_info else { return Ok(()) };
    let path = below(path, "refundInfo");
    id(&below(&path, "originalTransactionId"), &refund.original_transaction_id)?;
    length_of(&below(&path, "refundReason"), refund.refund_reason.as_ref(), 128)
}

fn why(path: &str, is: &ErrorInformation) -> Checked {
    length(&below(path, "errorDescription"), &is.error_description, 128)?;
    extensions(path, is.extension_list.as_ref())
}

/// Why one of a bulk failed, where it did.
fn one_why(path: &str, is: Option<&ErrorInformation>) -> Checked {
    is.map_or(Ok(()), |is| why(&below(path, "errorInformation"), is))
}

fn each<T>(name: &str, all: &[T], check: impl Fn(&str, &T) -> Checked) -> Checked {
    all.iter().enumerate().try_for_each(|(place, one)| check(&format!("{name}[{place}]"), one))
}

impl Strict for PartyIdInfo {
    fn check(&self) -> Checked {
        identifier("", self)
    }
}

impl Strict for ErrorInformationObject {
    fn check(&self) -> Checked {
        why("errorInformation", &self.error_information)
    }
}

impl Strict for PartiesPutResponse {
    fn check(&self) -> Checked {
        party("party", &self.party)
    }
}

impl Strict for ParticipantsTypeIdPostRequest {
    fn check(&self) -> Checked {
        length("fspId", &self.fsp_id, 32)?;
        self.currency.map_or(Ok(()), |code| currency("currency", code.as_str()))?;
        extensions("", self.extension_list.as_ref())
    }
}

impl Strict for ParticipantsPostRequest {
    fn check(&self) -> Checked {
        id("requestId", &self.request_id)?;
        each("partyList", &self.party_list, identifier)?;
        self.currency.map_or(Ok(()), |code| currency("currency", code.as_str()))
    }
}

impl Strict for QuotesPostRequest {
    fn check(&self) -> Checked {
        id("quoteId", &self.quote_id)?;
        id("transactionId", &self.transaction_id)?;
        if let Some(request) = &self.transaction_request_id {
            id("transactionRequestId", request)?;
        }
        party("payee", &self.payee)?;
        party("payer", &self.payer)?;
        one_of("amountType", self.amount_type.as_str(), super::AmountType::KNOWN)?;
        money("amount", &self.amount)?;
        money_of("fees", self.fees.as_ref())?;
        purpose("transactionType", &self.transaction_type)?;
        place("", self.geo_code.as_ref())?;
        length_of("note", self.note.as_ref(), 128)?;
        extensions("", self.extension_list.as_ref())
    }
}

impl Strict for QuotesPutResponse {
    fn check(&self) -> Checked {
        money("transferAmount", &self.transfer_amount)?;
        money_of("payeeReceiveAmount", self.payee_receive_amount.as_ref())?;
        money_of("payeeFspFee", self.payee_fsp_fee.as_ref())?;
        money_of("payeeFspCommission", self.payee_fsp_commission.as_ref())?;
        place("", self.geo_code.as_ref())?;
        packet("ilpPacket", &self.ilp_packet)?;
        format("condition", Some(&self.condition), CONDITION)?;
        extensions("", self.extension_list.as_ref())
    }
}

impl Strict for TransfersPostRequest {
    fn check(&self) -> Checked {
        id("transferId", &self.transfer_id)?;
        length("payeeFsp", &self.payee_fsp, 32)?;
        length("payerFsp", &self.payer_fsp, 32)?;
        money("amount", &self.amount)?;
        packet("ilpPacket", &self.ilp_packet)?;
        format("condition", Some(&self.condition), CONDITION)?;
        extensions("", self.extension_list.as_ref())
    }
}

impl Strict for TransfersPutResponse {
    fn check(&self) -> Checked {
        one_of("transferState", self.transfer_state.as_str(), super::TransferState::KNOWN)?;
        format("fulfilment", self.fulfilment.as_ref(), CONDITION)?;
        extensions("", self.extension_list.as_ref())
    }
}

impl Strict for TransfersPatchResponse {
    fn check(&self) -> Checked {
        one_of("transferState", self.transfer_state.as_str(), super::TransferState::KNOWN)?;
        extensions("", self.extension_list.as_ref())
    }
}

impl Strict for BulkQuotesPostRequest {
    fn check(&self) -> Checked {
        id("bulkQuoteId", &self.bulk_quote_id)?;
        party("payer", &self.payer)?;
        place("", self.geo_code.as_ref())?;
        each("individualQuotes", &self.individual_quotes, |path, one| {
            id(&below(path, "quoteId"), &one.quote_id)?;
            id(&below(path, "transactionId"), &one.transaction_id)?;
            party(&below(path, "payee"), &one.payee)?;
            let kinds = super::AmountType::KNOWN;
            one_of(&below(path, "amountType"), one.amount_type.as_str(), kinds)?;
            money(&below(path, "amount"), &one.amount)?;
            money_of(&below(path, "fees"), one.fees.as_ref())?;
            purpose(&below(path, "transactionType"), &one.transaction_type)?;
            length_of(&below(path, "note"), one.note.as_ref(), 128)?;
            extensions(path, one.extension_list.as_ref())
        })?;
        extensions("", self.extension_list.as_ref())
    }
}

impl Strict for BulkQuotesPutResponse {
    fn check(&self) -> Checked {
        each("individualQuoteResults", &self.individual_quote_results, |path, one| {
            id(&below(path, "quoteId"), &one.quote_id)?;
            if let Some(payee) = &one.payee {
                party(&below(path, "payee"), payee)?;
            }
            if let Some(text) = &one.ilp_packet {
                packet(&below(path, "ilpPacket"), text)?;
            }
            money_of(&below(path, "transferAmount"), one.transfer_amount.as_ref())?;
            money_of(&below(path, "payeeReceiveAmount"), one.payee_receive_amount.as_ref())?;
            money_of(&below(path, "payeeFspFee"), one.payee_fsp_fee.as_ref())?;
            money_of(&below(path, "payeeFspCommission"), one.payee_fsp_commission.as_ref())?;
            format(&below(path, "condition"), one.condition.as_ref(), CONDITION)?;
            one_why(path, one.error_information.as_ref())?;
            extensions(path, one.extension_list.as_ref())
        })?;
        extensions("", self.extension_list.as_ref())
    }
}

impl Strict for BulkTransfersPostRequest {
    fn check(&self) -> Checked {
        id("bulkTransferId", &self.bulk_transfer_id)?;
        id("bulkQuoteId", &self.bulk_quote_id)?;
        length("payeeFsp", &self.payee_fsp, 32)?;
        length("payerFsp", &self.payer_fsp, 32)?;
        each("individualTransfers", &self.individual_transfers, |path, one| {
            id(&below(path, "transferId"), &one.transfer_id)?;
            money(&below(path, "transferAmount"), &one.transfer_amount)?;
            packet(&below(path, "ilpPacket"), &one.ilp_packet)?;
            format(&below(path, "condition"), Some(&one.condition), CONDITION)?;
            extensions(path, one.extension_list.as_ref())
        })?;
        extensions("", self.extension_list.as_ref())
    }
}

impl Strict for BulkTransfersPutResponse {
    fn check(&self) -> Checked {
        let state = self.bulk_transfer_state.as_str();
        one_of("bulkTransferState", state, super::BulkTransferState::KNOWN)?;
        each("individualTransferResults", &self.individual_transfer_results, |path, one| {
            id(&below(path, "transferId"), &one.transfer_id)?;
            format(&below(path, "fulfilment"), one.fulfilment.as_ref(), CONDITION)?;
            one_why(path, one.error_information.as_ref())?;
            extensions(path, one.extension_list.as_ref())
        })?;
        extensions("", self.extension_list.as_ref())
    }
}
