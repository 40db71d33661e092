//! Digital Convergence Initiative (SPDCI) interoperability APIs, v1.0.0, with the JSON-LD records of 2026.
//!
//! ```
//! use standards::dci::{self, Envelope, search::SearchRequest};
//!
//! let body = br#"{"header": {"message_id": "M-1", "message_ts": "2026-01-05T09:00:00Z", "action": "search",
//!     "sender_id": "programme-office", "total_count": 1},
//!   "message": {"transaction_id": 77, "search_request": []}}"#;
//! let request: Envelope<SearchRequest> = dci::read(body).unwrap();
//! assert_eq!(request.message.transaction_id.to_string(), "77");
//!
//! let refused = dci::read::<Envelope<SearchRequest>>(br#"{"header": {"message_id": 5}}"#).unwrap_err();
//! assert_eq!(refused.path, "header.message_id");
//! ```

pub mod ack;
pub mod canonical;
pub mod check_enrollment;
pub mod codes;
pub mod disability;
pub mod enrollment;
pub mod envelope;
pub mod header;
pub mod notify;
pub(crate) mod null;
pub(crate) mod object;
pub mod query;
mod read;
pub mod records;
pub mod search;
pub mod subscribe;
mod timestamp;
mod transaction_id;
pub mod txn_status;
pub mod unsubscribe;

pub use ack::{Ack, AckMessage, AckStatus, ErrorBody, HttpErrors};
pub use codes::{Action, ErrorCode, ReasonCode, Status};
pub use envelope::{EncryptedHeader, EncryptedMessage, Envelope};
pub use header::Header;
pub use read::{Malformed, read, read_value};
pub use timestamp::{DateTime, InvalidTimestamp, parse_timestamp};
pub use transaction_id::TransactionId;
