//! What the text of FSPIOP 1.1 says of elements beyond their types: lengths, closed lists, ids. A switch checks it before it
//! passes a message on; `serde` alone would take a list for an object and any word for a code.

use super::lists;
use super::{
    BulkQuotesPostRequest, BulkQuotesPutResponse, BulkTransfersPostRequest,
    BulkTransfersPutResponse, ErrorInformation, ErrorInformationObject, ExtensionList,
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
    wrong(path, "write a UUID such as b51ec534-ee48-4575-b6a9-ead2955b8069, or a ULID")
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
    length_of(&below(path, "name"), party.name.as_ref(), 128)?;
    identifier(&below(path, "partyIdInfo"), &party.party_id_info)
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
    one_of(&below(path, "initiatorType"), is.initiator_type.as_str(), super::InitiatorType::KNOWN)
}

fn why(path: &str, is: &ErrorInformation) -> Checked {
    length(&below(path, "errorDescription"), &is.error_description, 128)?;
    extensions(path, is.extension_list.as_ref())
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
        length("fspId", &self.fsp_id, 32)
    }
}

impl Strict for ParticipantsPostRequest {
    fn check(&self) -> Checked {
        id("requestId", &self.request_id)?;
        each("partyList", &self.party_list, identifier)
    }
}

impl Strict for QuotesPostRequest {
    fn check(&self) -> Checked {
        id("quoteId", &self.quote_id)?;
        id("transactionId", &self.transaction_id)?;
        party("payee", &self.payee)?;
        party("payer", &self.payer)?;
        one_of("amountType", self.amount_type.as_str(), super::AmountType::KNOWN)?;
        purpose("transactionType", &self.transaction_type)?;
        length_of("note", self.note.as_ref(), 128)?;
        extensions("", self.extension_list.as_ref())
    }
}

impl Strict for QuotesPutResponse {
    fn check(&self) -> Checked {
        packet("ilpPacket", &self.ilp_packet)?;
        length("condition", &self.condition, 48)?;
        extensions("", self.extension_list.as_ref())
    }
}

impl Strict for TransfersPostRequest {
    fn check(&self) -> Checked {
        id("transferId", &self.transfer_id)?;
        length("payeeFsp", &self.payee_fsp, 32)?;
        length("payerFsp", &self.payer_fsp, 32)?;
        packet("ilpPacket", &self.ilp_packet)?;
        extensions("", self.extension_list.as_ref())
    }
}

impl Strict for TransfersPutResponse {
    fn check(&self) -> Checked {
        extensions("", self.extension_list.as_ref())
    }
}

impl Strict for TransfersPatchResponse {
    fn check(&self) -> Checked {
        extensions("", self.extension_list.as_ref())
    }
}

impl Strict for BulkQuotesPostRequest {
    fn check(&self) -> Checked {
        id("bulkQuoteId", &self.bulk_quote_id)?;
        party("payer", &self.payer)?;
        each("individualQuotes", &self.individual_quotes, |path, one| {
            id(&below(path, "quoteId"), &one.quote_id)?;
            id(&below(path, "transactionId"), &one.transaction_id)?;
            party(&below(path, "payee"), &one.payee)?;
            let kinds = super::AmountType::KNOWN;
            one_of(&below(path, "amountType"), one.amount_type.as_str(), kinds)?;
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
            if let Some(text) = &one.ilp_packet {
                packet(&below(path, "ilpPacket"), text)?;
            }
            one.error_information.as_ref().map_or(Ok(()), |is| why(path, is))
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
            packet(&below(path, "ilpPacket"), &one.ilp_packet)?;
            extensions(path, one.extension_list.as_ref())
        })?;
        extensions("", self.extension_list.as_ref())
    }
}

impl Strict for BulkTransfersPutResponse {
    fn check(&self) -> Checked {
        each("individualTransferResults", &self.individual_transfer_results, |path, one| {
            one.error_information.as_ref().map_or(Ok(()), |is| why(path, is))
        })?;
        extensions("", self.extension_list.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn quote(change: impl FnOnce(&mut Value)) -> Result<QuotesPostRequest, Malformed> {
        let party =
            |id: &str| json!({"partyIdInfo": {"partyIdType": "MSISDN", "partyIdentifier": id}});
        let mut body = json!({"quoteId": "b51ec534-ee48-4575-b6a9-ead2955b8069",
            "transactionId": "01JABCDEFGHJKMNPQRSTVWXYZ0", "payer": party("1"), "payee": party("2"),
            "amountType": "SEND", "amount": {"currency": "XTS", "amount": "1"},
            "transactionType": {"scenario": "TRANSFER", "initiator": "PAYER", "initiatorType": "BUSINESS"}});
        change(&mut body);
        read_strictly(body.to_string().as_bytes())
    }

    #[test]
    fn what_the_text_does_not_allow_is_named_with_its_path() {
        assert!(quote(|_| {}).is_ok());
        let changes: [(&str, &str, Value); 10] = [
            ("/quoteId", "quoteId", json!("../../x")),
            ("/transactionId", "transactionId", json!("")),
            ("/amount", "amount", json!(["XTS", "1"])),
            ("/amountType", "amountType", json!("FOO")),
            ("/transactionType/scenario", "transactionType.scenario", json!("FOO")),
            ("/transactionType/initiator", "transactionType.initiator", json!("FOO")),
            ("/transactionType/initiatorType", "transactionType.initiatorType", json!("FOO")),
            ("/payee/partyIdInfo/partyIdType", "payee.partyIdInfo.partyIdType", json!("FOO")),
            (
                "/payer/partyIdInfo/partyIdentifier",
                "payer.partyIdInfo.partyIdentifier",
                json!("9".repeat(129)),
            ),
            ("/payer/partyIdInfo", "payer.partyIdInfo", json!(["MSISDN", "1"])),
        ];
        for (pointer, path, value) in changes {
            let refused = quote(|body| *body.pointer_mut(pointer).unwrap() = value).unwrap_err();
            assert_eq!(refused.path, path, "{refused}");
        }
        let nested = quote(|body| body["personalTouch"] = json!({"list": [["deep"]]})).unwrap_err();
        assert_eq!(nested.path, "personalTouch.list[0]");
        assert!(quote(|body| body["supportedCurrencies"] = json!(["XTS"])).is_ok());
        let long = quote(|body| body["note"] = json!("é".repeat(129))).unwrap_err();
        assert_eq!(long.path, "note");
        let empty = quote(|body| body["extensionList"] = json!({"extension": []})).unwrap_err();
        assert_eq!(empty.path, "extensionList.extension");
    }
}
