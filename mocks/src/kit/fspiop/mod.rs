//! What everybody who speaks FSPIOP 1.1 (the Open API for FSP Interoperability) does alike: headers, refusals, the
//! signature, and where a participant is reached. Which message follows which is each system's own business.

mod expiry;
mod header;
mod letter;
pub mod operations;
mod participant;
mod party_path;
#[cfg(test)]
pub(crate) mod published;

mod refusal;
mod signature;

pub use expiry::{counts_in_real_time, expire_in_real_time, has_passed, moment};
pub use header::{Head, Kind, OURS, version_of};
pub use letter::{Message, To, body, note_undelivered, path_segment, words_of};
pub use participant::{
    HUB, HUB_NAMES, check_teller, hub_name, part_of, payee_part_of, sender_of, set_hub_name,
};
pub use party_path::party_in_path;
pub use refusal::{Refusal, check_id, in_full, read, read_message, refusal, status_of};
pub use signature::{check_signature, set_signing};

use actix_web::HttpResponse;

/// The answer to a request that was taken: 202 with nothing in it. The result comes as a PUT of its own.
pub fn accepted() -> HttpResponse {
    HttpResponse::Accepted().finish()
}

/// The answer to a callback that was taken: 200 with nothing in it.
pub fn taken() -> HttpResponse {
    HttpResponse::Ok().finish()
}
