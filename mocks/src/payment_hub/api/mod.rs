//! The counter of the hub: G2P Connect for programmes, FSPIOP callbacks for the switch.

mod accept;
mod disburse;
mod fspiop;
mod status;

use serde_json::{Value, json};
use standards::dci::{ErrorCode, HttpErrors};

use crate::kit::fspiop as scheme;
use crate::kit::openapi::Routes;

pub(super) fn routes(config: &mut Routes<'_>) {
    disburse::routes(config);
    status::routes(config);
    fspiop::routes(config);
}

/// The body of an error of the kit: of G2P Connect, with the information of FSPIOP beside it, because the switch reads
/// that.
pub(super) fn refusal(status: u16, sentence: &str) -> Value {
    let code = match status {
        400..=499 => ErrorCode::RequestBad,
        _ => ErrorCode::ServiceUnavailable,
    };
    let mut body = scheme::refusal(status, sentence);
    body["errors"] = json!(HttpErrors::one(code, sentence).errors);
    body
}
