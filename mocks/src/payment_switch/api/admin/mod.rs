//! Administration as in Mojaloop's central-ledger and central-settlement: participants, funds, settlement; and a few
//! routes of our own.

mod funds;
mod health;
mod house;
mod jws_keys;
mod newcomer;
mod participants;
mod provision;
mod settlements;

use actix_web::HttpResponse;
use serde::Deserialize;
use serde_json::{Number, Value};
use standards::fspiop::ErrorCode;
use standards::money::Money;

use super::{refuse, store};
use crate::kit::fspiop::Refusal;
use crate::kit::openapi::{Operation, Routes, says};
use crate::kit::server::Call;
use crate::kit::store::Transaction;
use crate::payment_switch::model::Participant;

pub(super) fn routes(routes: &mut Routes) {
    participants::routes(routes);
    provision::routes(routes);
    funds::routes(routes);
    for prefix in ["/admin", "/admin/v2"] {
        settlements::routes(routes, prefix);
    }
    house::routes(routes);
    jws_keys::routes(routes);
    health::routes(routes);
}

/// An operation of the administration.
fn ours(summary: &'static str) -> Operation {
    says(summary).tag("administration")
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

fn answer(call: &Call, status: u16, outcome: Result<Value, Refusal>) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status).unwrap_or_default();
    match outcome {
        Ok(Value::Null) => HttpResponse::build(status).finish(),
        Ok(value) => HttpResponse::build(status).json(value),
        Err(refused) => refuse(call, &refused),
    }
}

fn wrong(sentence: impl Into<String>) -> Refusal {
    Refusal::new(ErrorCode::VALIDATION, sentence)
}

fn amount(minor: i64, currency: &str) -> Result<Number, Refusal> {
    let currency = currency.parse().map_err(|_| wrong(format!("{currency} is no currency")))?;
    Money::new(minor, currency).to_json().map_err(|e| wrong(e.to_string()))
}

/// Changes the scheme so that it stays when a story begins: who takes part within which bounds is no part of what happens.
fn for_good<T>(
    call: &Call,
    work: impl Fn(&Transaction<'_>) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    call.for_good(|store| store.write(&work))
}

fn member(call: &Call, name: &str) -> Result<Participant, Refusal> {
    let known = call.store().read(|db| store::participant(db, name))?;
    let sentence = || format!("{name} takes no part here; add it first");
    known.ok_or_else(|| Refusal::new(ErrorCode::ID_NOT_FOUND, sentence()))
}
