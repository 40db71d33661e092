//! The counter of a bank: FSPIOP below `/fspiop`, the government's funds, and accounts to look at.

mod accounts;
mod bulk;
mod fspiop;
mod funds;
mod initiate;
mod payments;
mod reversals;
mod statements;

use actix_web::HttpResponse;
use serde::Deserialize;
use serde_json::json;

use crate::kit::openapi::{Operation, Routes};
use crate::kit::seed::{cast_account, cast_phone};
use crate::kit::server::Call;

pub(super) fn routes(routes: &mut Routes) {
    accounts::routes(routes);
    statements::routes(routes);
    payments::routes(routes);
    initiate::routes(routes);
    reversals::routes(routes);
    funds::routes(routes);
    fspiop::routes(routes);
    bulk::routes(routes);
}

/// An account that this bank has from the start, for the examples.
fn known(bank: &str) -> String {
    match bank {
        GOVERNMENT => String::from("GOV-SP-001"),
        "pinkbank" => cast_account("rosa_reyn"),
        _ => cast_phone("tomas"),
    }
}

/// The bank whose accounts have money on them from the start.
const GOVERNMENT: &str = "treasury";

/// What pays out of an account: its example needs money there, and a bank that pays by itself.
fn pays(bank: &str, is: Operation) -> Operation {
    is.after(if bank == GOVERNMENT {
        "the bank has begun to speak at the switch itself: the payment hub speaks for it"
    } else {
        "money came to the account"
    })
}

/// What a path names.
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
