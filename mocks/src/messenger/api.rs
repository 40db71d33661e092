//! The counter of the messenger: `POST /sms`, `GET /inbox/{phone}`. Our own routes; no standard.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde_json::{Value, json};

use super::model::{Refusal, Sms};
use super::store;
use crate::kit::openapi::{Part, Routes, says};
use crate::kit::server::Call;

pub(super) fn routes(routes: &mut Routes<'_>) {
    let sms = json!({"to": "+99910000001", "text": "Your code is 111111"});
    routes
        .post(
            "/sms",
            send,
            says("Delivers a text message").takes::<Sms>(sms).gives::<Value>(201, "Delivered"),
        )
        .get(
            "/inbox/{phone}",
            inbox,
            says("The messages of a telephone").part(Part::path("phone", "+99910000001")),
        );
}

/// The body of an error: `{"error": "..."}`.
pub(super) fn refusal(_status: u16, sentence: &str) -> Value {
    json!({"error": sentence})
}

async fn send(call: Call) -> HttpResponse {
    let sms = match Sms::read(&call.body) {
        Ok(sms) => sms,
        Err(refused) => return refuse(&call, &refused),
    };
    match store::keep(call.store(), &sms, &call.from, &call.errand.stamp()) {
        Ok(id) => HttpResponse::Created().json(json!({"id": id, "status": "delivered"})),
        Err(error) => failed(&call, &error.to_string()),
    }
}

async fn inbox(call: Call, phone: Path<String>) -> HttpResponse {
    match store::inbox(call.store(), &phone) {
        Ok(messages) => {
            HttpResponse::Ok().json(json!({"phone": phone.as_str(), "messages": messages}))
        }
        Err(error) => failed(&call, &error.to_string()),
    }
}

fn refuse(call: &Call, refused: &Refusal) -> HttpResponse {
    call.remark(&refused.to_string());
    HttpResponse::BadRequest().json(refusal(400, &refused.to_string()))
}

fn failed(call: &Call, error: &str) -> HttpResponse {
    tracing::error!(error, "the messenger's archive failed");
    call.remark("the archive failed");
    HttpResponse::InternalServerError()
        .json(refusal(500, "the message could not be kept; try again"))
}
