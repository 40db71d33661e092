//! Administration as in Mojaloop's central-ledger and central-settlement: participants, funds, settlement; and a few
//! routes of our own.

mod funds;
mod house;
mod participants;
mod settlements;

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};
use serde::Deserialize;
use serde_json::{Number, Value};
use standards::fspiop::ErrorCode;
use standards::money::Money;

use super::{refuse, store};
use crate::kit::fspiop::Refusal;
use crate::kit::server::Call;
use crate::payment_switch::model::Participant;

pub(super) fn routes(config: &mut ServiceConfig) {
    let one = "/participants/{name}";
    let account = "/participants/{name}/accounts/{id}";
    let end_funds = "/participants/{name}/accounts/{id}/transfers/{transfer}";
    let caps = "/participants/{name}/limits";
    let admin = web::scope("/admin")
        .route("/participants", web::get().to(participants::list))
        .route("/participants", web::post().to(participants::add))
        .route("/participants/limits", web::get().to(participants::all_limits))
        .route(one, web::get().to(participants::show))
        .route(one, web::put().to(participants::change))
        .route("/participants/{name}/endpoints", web::get().to(participants::endpoints))
        .route("/participants/{name}/endpoints", web::post().to(participants::add_endpoint))
        .route(
            "/participants/{name}/initialPositionAndLimits",
            web::post().to(participants::first_cap),
        )
        .route(caps, web::get().to(participants::limits))
        .route(caps, web::put().to(participants::change_cap))
        .route("/participants/{name}/positions", web::get().to(participants::positions))
        .route("/participants/{name}/accounts", web::get().to(participants::accounts))
        .route(account, web::post().to(funds::begin))
        .route(end_funds, web::put().to(funds::end))
        .configure(settlements::routes)
        .service(web::scope("/v2").configure(settlements::routes))
        .configure(house::routes);
    config.service(admin);
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

fn member(call: &Call, name: &str) -> Result<Participant, Refusal> {
    let known = call.store().read(|db| store::participant(db, name))?;
    known.ok_or_else(|| wrong(format!("{name} takes no part here; add it first")))
}
