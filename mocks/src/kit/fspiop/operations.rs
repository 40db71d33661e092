//! What the routes of those who speak FSPIOP 1.1 are for, in words and with examples.

use standards::fspiop::ErrorInformationObject;

use serde_json::{Value, json};

use crate::kit::openapi::{Operation, says};
use crate::kit::seed::cast_phone;

/// The media types of the resources.
pub const PARTICIPANTS: &str = "application/vnd.interoperability.participants+json;version=1.1";
pub const PARTIES: &str = "application/vnd.interoperability.parties+json;version=1.1";
pub const QUOTES: &str = "application/vnd.interoperability.quotes+json;version=1.1";
pub const TRANSFERS: &str = "application/vnd.interoperability.transfers+json;version=1.1";
pub const BULK_QUOTES: &str = "application/vnd.interoperability.bulkQuotes+json;version=1.1";
pub const BULK_TRANSFERS: &str = "application/vnd.interoperability.bulkTransfers+json;version=1.1";

/// Ids of the examples: a quote, a transaction, a transfer, bulks.
pub const QUOTE: &str = "7c23e80c-d078-4077-8263-2c047876fcf6";
pub const TRANSACTION: &str = "85feac2f-39b2-491b-817e-4a03203d4f14";
pub const TRANSFER: &str = "b51ec534-ee48-4575-b6a9-ead2955b8069";

/// When the examples are sent, and when what they ask for is too late.
const SENT: &str = "Thu, 01 Oct 2026 08:00:00 GMT";
pub const TOO_LATE: &str = "2027-10-01T08:00:00.000Z";

/// A condition of which nobody has the proof.
pub const CONDITION: &str = "f5sqb7tBTWPd5Y8BDFdMm9BJR_MNI4isf8p8n4D5pHA";

/// A request of `source`, answered by a callback to it.
pub fn asks(summary: &'static str, media: &'static str, source: &'static str) -> Operation {
    message(summary, media, source).header("Accept", media).gives_nothing(
        202,
        "Taken: the answer comes as a callback (PUT), or why there is none (PUT .../error)",
    )
}

/// A callback of `source`.
pub fn answers(summary: &'static str, media: &'static str, source: &'static str) -> Operation {
    message(summary, media, source).gives_nothing(200, "Taken")
}

/// As [`answers`], telling that there is none.
pub fn gives_up(summary: &'static str, media: &'static str, source: &'static str) -> Operation {
    let why = json!({"errorInformation": {"errorCode": "5100", "errorDescription": "the payee's bank refuses"}});
    answers(summary, media, source).takes_as::<ErrorInformationObject>(media, why)
}

fn message(summary: &'static str, media: &'static str, source: &'static str) -> Operation {
    says(summary)
        .tag("FSPIOP 1.1")
        .header("Content-Type", media)
        .header("Date", SENT)
        .header("FSPIOP-Source", source)
}

/// Tomas at the bank that holds his wallet.
pub fn payee() -> Value {
    json!({"partyIdInfo": {"partyIdType": "MSISDN", "partyIdentifier": cast_phone("tomas"), "fspId": "greenbank"}})
}

/// Somebody at the bank that pays.
pub fn payer() -> Value {
    json!({"partyIdInfo": {"partyIdType": "ACCOUNT_ID", "partyIdentifier": "GOV-OAP", "fspId": "treasury"}})
}

/// What a payment of the government is, and how much.
pub fn purpose() -> Value {
    json!({"scenario": "TRANSFER", "initiator": "PAYER", "initiatorType": "BUSINESS"})
}

/// An amount of the country's money.
pub fn money(amount: &str) -> Value {
    json!({"amount": amount, "currency": "XTS"})
}

/// A question what a payment of the government to Tomas costs.
pub fn quote() -> Value {
    json!({
        "quoteId": QUOTE, "transactionId": TRANSACTION, "payee": payee(), "payer": payer(),
        "amountType": "RECEIVE", "amount": money("60"), "transactionType": purpose(), "expiration": TOO_LATE,
    })
}

/// A payment of the government to Tomas.
pub fn transfer() -> Value {
    json!({
        "transferId": TRANSFER, "payerFsp": "treasury", "payeeFsp": "greenbank", "amount": money("60"),
        "ilpPacket": "AYIC", "condition": CONDITION, "expiration": TOO_LATE,
    })
}

/// Many questions at once.
pub fn bulk_quote() -> Value {
    json!({
        "bulkQuoteId": QUOTE, "payer": payer(), "expiration": TOO_LATE,
        "individualQuotes": [{
            "quoteId": QUOTE, "transactionId": TRANSACTION, "payee": payee(), "amountType": "RECEIVE",
            "amount": money("60"), "transactionType": purpose(),
        }],
    })
}

/// Many payments at once.
pub fn bulk_transfer() -> Value {
    json!({
        "bulkTransferId": TRANSFER, "bulkQuoteId": QUOTE, "payerFsp": "treasury", "payeeFsp": "greenbank",
        "expiration": TOO_LATE,
        "individualTransfers": [{
            "transferId": TRANSACTION, "transferAmount": money("60"), "ilpPacket": "AYIC", "condition": CONDITION,
        }],
    })
}
