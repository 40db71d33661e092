//! FSPIOP API 1.1 (Mojaloop) and what 2.0 loosens: bodies, headers, error codes, ILP conditions, JWS texts.
//!
//! ```
//! use standards::fspiop::{self, TransfersPostRequest, ilp};
//!
//! let body = br#"{"transferId": "a8323bc6-c228-4df2-ae82-e5a997baf899", "payerFsp": "payerfsp", "payeeFsp": "payeefsp",
//!   "amount": {"currency": "USD", "amount": "100.5"}, "ilpPacket": "AYIC", "condition": "PJCajHCSCLfdRBqHa2xdDL3Zl7nmv7SJxTtX3rpyhnw",
//!   "expiration": "2026-11-23T10:00:00.000Z"}"#;
//! let transfer: TransfersPostRequest = standards::dci::read(body).unwrap();
//! assert!(ilp::is_fulfilled_by(&transfer.condition, "mGFsMLIX5fGmcrrfiulLzpyfVn7D7_8gN0GlklNMyKA"));
//! assert_eq!(transfer.amount.to_money().unwrap().minor, 10_050);
//! assert_eq!(fspiop::content_type("transfers", fspiop::Version::new(1, 1)),
//!     "application/vnd.interoperability.transfers+json;version=1.1");
//! ```

mod amount;
mod bulk_quotes;
mod bulk_transfers;
mod content_type;
mod correlation_id;
mod date_time;
mod error_codes;
mod error_information;
mod formats;
pub mod ilp;
pub mod jws;
mod lists;
mod participants;
mod parties;
mod quotes;
mod sorted_json;
mod strict;
mod transaction_type;
mod transfers;

pub use amount::{Amount, Money};
pub use bulk_quotes::{
    BulkQuotesPostRequest, BulkQuotesPutResponse, IndividualQuote, IndividualQuoteResult,
};
pub use bulk_transfers::{
    BulkTransferState, BulkTransfersPostRequest, BulkTransfersPutResponse, IndividualTransfer,
    IndividualTransferResult,
};
pub use content_type::{
    Flavour, InvalidMediaType, MediaType, Version, accept, content_type, parse_accept,
};
pub use correlation_id::{CorrelationKind, correlation_kind, is_correlation_id};
pub use date_time::{DateTime, InvalidDateTime, http_date, parse_http_date};
pub use error_codes::ErrorCode;
pub use error_information::{ErrorInformation, ErrorInformationObject, Extension, ExtensionList};
pub use formats::is_currency;
pub use participants::{
    ParticipantsPostRequest, ParticipantsPutResponse, ParticipantsTypeIdPostRequest,
    ParticipantsTypeIdPutResponse, PartyResult,
};
pub use parties::{
    PartiesPutResponse, Party, PartyComplexName, PartyIdInfo, PartyIdType, PartyPersonalInfo,
};
pub use quotes::{AmountType, GeoCode, QuotesPostRequest, QuotesPutResponse};
pub use sorted_json::sorted_json;
pub use strict::{Strict, read_strictly};
pub use transaction_type::{Initiator, InitiatorType, Refund, Scenario, TransactionType};
pub use transfers::{
    TransferState, TransfersPatchResponse, TransfersPostRequest, TransfersPutResponse,
};
