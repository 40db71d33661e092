//! G2P Connect 1.0.0: the account mapper (who is paid where) and disbursement, in the envelope of DCI.
//!
//! ```
//! use standards::dci::{self, Envelope};
//! use standards::g2p_connect::mapper::ResolveRequest;
//!
//! let body = br#"{"header": {"message_id": "M-1", "message_ts": "2026-01-05T09:00:00Z", "action": "resolve",
//!     "sender_id": "treasury", "total_count": 1},
//!   "message": {"transaction_id": "T-1", "resolve_request": [
//!     {"reference_id": "R-1", "timestamp": "2026-01-05T09:00:00Z", "id": "vid:54321@nid"}]}}"#;
//! let request: Envelope<ResolveRequest> = dci::read(body).unwrap();
//! assert!(!request.message.resolve_request[0].wants_details());
//! ```

pub mod disburse;
mod financial_address;
pub mod mapper;
pub mod txn_status;

pub use financial_address::{FinancialAddress, InvalidFinancialAddress};
