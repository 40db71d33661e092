//! Refusals of the event API: `{message, code}` with the HTTP status that the code means.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

use crate::civil_registry::api::office::Failed;
use crate::civil_registry::model::refusal::Refusal;
use crate::kit::server::Call;
use crate::kit::store::StoreError;

/// Why the event API refuses.
#[derive(Debug)]
pub(super) struct Refused {
    status: u16,
    message: String,
}

impl Refused {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }
}

impl From<Failed> for Refused {
    fn from(failed: Failed) -> Self {
        let (status, message) = failed.told();
        Self { status, message }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Failed::from(refusal).into()
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Failed::from(error).into()
    }
}

impl From<rusqlite::Error> for Refused {
    fn from(error: rusqlite::Error) -> Self {
        Failed::from(error).into()
    }
}

/// The answer, whichever it is.
pub(super) fn answer(call: &Call, done: Result<Value, Refused>) -> HttpResponse {
    match done {
        Ok(body) => HttpResponse::Ok().json(body),
        Err(refused) => {
            call.remark(&refused.message);
            let code = match refused.status {
                400 => "BAD_REQUEST",
                401 => "UNAUTHORIZED",
                403 => "FORBIDDEN",
                404 => "NOT_FOUND",
                409 => "CONFLICT",
                429 => "TOO_MANY_REQUESTS",
                _ => "INTERNAL_SERVER_ERROR",
            };
            let status = StatusCode::from_u16(refused.status);
            HttpResponse::build(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
                .json(json!({"message": refused.message, "code": code}))
        }
    }
}
