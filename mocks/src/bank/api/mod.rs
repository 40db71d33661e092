//! The counter of a bank: FSPIOP below `/fspiop`, the government's funds, and accounts to look at.

mod accounts;
mod bulk;
mod fspiop;
mod funds;
mod payments;
mod statements;

use actix_web::HttpResponse;
use actix_web::web::ServiceConfig;
use serde::Deserialize;
use serde_json::json;

use crate::kit::server::Call;

pub(super) fn routes(config: &mut ServiceConfig) {
    accounts::routes(config);
    bulk::routes(config);
    funds::routes(config);
    payments::routes(config);
    statements::routes(config);
    fspiop::routes(config);
}

/// What a path names; in a room of its own it names the room besides.
#[derive(Deserialize)]
struct Id {
    id: String,
}

/// A refusal on our own routes: a sentence that says what would have been right.
fn refuse(call: &Call, status: u16, sentence: &str) -> HttpResponse {
    call.remark(sentence);
    let status = actix_web::http::StatusCode::from_u16(status).unwrap_or_default();
    HttpResponse::build(status).json(json!({"error": sentence}))
}
