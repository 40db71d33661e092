//! The counter of the messenger: `POST /sms`, `POST /sms/batch`, `GET /inbox/{phone}`. Our own routes; no standard.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde_json::{Value, json};

use super::model::{Batch, Refusal, Sms};
use super::store;
use crate::kit::openapi::{Routes, says};
use crate::kit::seed::cast_phone;
use crate::kit::server::Call;

pub(super) fn routes(routes: &mut Routes) {
    let (tomas, grace) = (format!("+{}", cast_phone("tomas")), format!("+{}", cast_phone("grace")));
    let sms = json!({"to": tomas, "text": "Your code is 111111"});
    let both = json!({"messages": [sms, {"to": grace, "text": "Your pension was paid"}]});
    routes
        .post(
            "/sms",
            send,
            says("Delivers a text message")
                .takes::<Sms>(sms.clone())
                .gives::<Value>(201, "Delivered"),
        )
        .post(
            "/sms/batch",
            send_batch,
            says("Delivers many text messages, all or none")
                .takes::<Batch>(both)
                .gives::<Value>(201, "Delivered"),
        )
        .get(
            "/inbox/{phone}",
            inbox,
            says("The messages of a telephone")
                .path("phone", tomas)
                .gives::<Value>(200, "The newest last"),
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
    match store::keep(call.store(), &[sms], &call.from, &call.errand.stamp()) {
        Ok(ids) => HttpResponse::Created().json(json!({"id": ids.first(), "status": "delivered"})),
        Err(error) => failed(&call, &error.to_string()),
    }
}

/// Many messages in one request; one that is wrong is refused with its place, and then none is delivered.
async fn send_batch(call: Call) -> HttpResponse {
    let batch = match Sms::read_batch(&call.body) {
        Ok(batch) => batch,
        Err(refused) => return refuse(&call, &refused),
    };
    match store::keep(call.store(), &batch, &call.from, &call.errand.stamp()) {
        Ok(ids) => HttpResponse::Created().json(json!({"ids": ids, "status": "delivered"})),
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
