//! Records as the v1.0.0 texts and the official mocks spell them: to write for older readers, and to read what they write.
//!
//! ```
//! use serde_json::json;
//! use standards::dci::records::v1::{self, RecordKind};
//!
//! let mut record = json!({"name": {"given_name": "Amina"}, "birth_date": "1958-03-02", "sex": "female",
//!     "identifier": [{"identifier_type": "UIN", "identifier_value": "2154189532"}]});
//! let modern = record.clone();
//! v1::respell(RecordKind::Beneficiary, &mut record);
//! assert_eq!(record["name"]["first_name"], "Amina");
//! v1::modernise(&mut record);
//! assert_eq!(record, modern);
//! ```

mod labels;
mod modernise;
mod respell;
mod rewrite;

pub use modernise::modernise;
pub use respell::{RecordKind, respell};

#[cfg(test)]
mod tests;
