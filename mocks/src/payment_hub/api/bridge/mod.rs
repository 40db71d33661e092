//! The bridge of OpenG2P: envelopes that are declared first and then filled with disbursements, which are paid when the
//! envelope is full and its day has come. All is POST and answered with 200; what was wrong stands in the header. Bodies with
//! `request_header` and `request_body` are those of today's bridge (`newest.rs`).

mod disbursements;
mod envelopes;
mod newest;
mod ship;
mod statement;
mod status;

use std::sync::Arc;

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use standards::dci::Header;

use super::let_in;
use crate::kit::openapi::{Operation, Routes, Token};
use crate::kit::room::Office;
use crate::kit::server::Call;
use crate::kit::store::StoreError;
use crate::kit::trust::jwks::sender_id_of;

pub(super) fn routes(routes: &mut Routes) {
    envelopes::routes(routes);
    disbursements::routes(routes);
    status::routes(routes);
    statement::routes(routes);
}

/// Takes up envelopes that wait for their day, or whose disbursements were about to be paid.
pub(super) fn wake(office: &Arc<Office>) {
    ship::wake(office);
}

/// What the bridge's clients send: a header, and a message.
#[derive(JsonSchema)]
#[schemars(rename = "BridgeRequest_{M}")]
#[expect(
    dead_code,
    reason = "only its schema is read: header and message are read one after the other"
)]
struct Request<M> {
    header: Header,
    message: M,
}

/// An operation of the bridge that takes `message`.
fn says<M: JsonSchema>(summary: &'static str, action: &str, message: &Value) -> Operation {
    crate::kit::openapi::says(summary)
        .tag("the bridge of OpenG2P")
        .more("Answered with 200 and a `status`: `succ`, or `rjct` with a code in `status_reason_message`.")
        .with(Token::Strict)
        .takes::<Request<M>>(crate::kit::registry::message(action, None, message))
        .gives::<Value>(200, "Done, or why not")
}

/// Why a request is refused: the bridge's own code, a sentence, and what of the message comes back.
#[derive(Debug)]
struct Refusal {
    code: &'static str,
    sentence: String,
    message: Value,
}

impl Refusal {
    fn new(code: &'static str, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into(), message: Value::Null }
    }

    fn no_envelope(id: &str) -> Self {
        Self::new("DISBURSEMENT_ENVELOPE_NOT_FOUND", format!("there is no envelope {id}"))
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the bridge's archive failed");
        Self::new("REQUEST_VALIDATION_ERROR", "the archive failed, and nothing was done; try again")
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::from(error).into()
    }
}

/// The message of a request.
async fn open<M: DeserializeOwned>(call: &Call) -> Result<M, Refusal> {
    let wrong = |sentence: String| Refusal::new("REQUEST_VALIDATION_ERROR", sentence);
    let_in(call, "payments.disburse").await.map_err(|refused| wrong(refused.to_string()))?;
    let body: Value = serde_json::from_slice(&call.body)
        .map_err(|error| wrong(format!("the body is no JSON: {error}")))?;
    if newest::is_today(&body) {
        return newest::open(call, &body);
    }
    let header = &body["header"];
    for name in ["message_id", "message_ts", "action", "sender_id"] {
        if header[name].as_str().is_none_or(str::is_empty) {
            return Err(wrong(format!("header.{name} is missing: write a text")));
        }
    }
    call.correlation(header["message_id"].as_str().unwrap_or_default());
    serde_path_to_error::deserialize(&body["message"])
        .map_err(|error| wrong(format!("message.{}: {}", error.path(), error.inner())))
}

/// The answer in the envelope of the bridge. The code stands where the bridge's clients read it, in the reason's message.
fn answered(call: &Call, outcome: Result<Value, Refusal>) -> HttpResponse {
    let asked: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    if newest::is_today(&asked) {
        return newest::answered(call, &asked, outcome);
    }
    let asked = &asked["header"];
    let (status, code, sentence, message) = match outcome {
        Ok(message) => ("succ", "", String::new(), message),
        Err(refused) => ("rjct", refused.code, refused.sentence, refused.message),
    };
    if !sentence.is_empty() {
        call.remark(&format!("{code}: {sentence}"));
    }
    let own = sender_id_of(call.errand.office.system.name);
    HttpResponse::Ok().json(json!({
        "header": {"version": "1.0.0", "message_id": asked["message_id"].as_str().unwrap_or_default(),
            "message_ts": call.errand.stamp(), "action": asked["action"].as_str().unwrap_or_default(),
            "status": status, "status_reason_code": null, "status_reason_message": code,
            "sender_id": own, "receiver_id": asked["sender_id"],
            "is_msg_encrypted": false, "meta": {"sentence": sentence}},
        "message": message}))
}
