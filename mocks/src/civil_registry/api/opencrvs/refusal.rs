//! Refusals of the event API: `{message, code}` with the HTTP status that the code means, and `issues` where the body cannot be
//! read.

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
    /// The member that cannot be read, where it is one.
    member: Option<&'static str>,
}

impl Refused {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), member: None }
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }

    /// A member of the body that is missing or cannot be read.
    pub(super) fn input(member: &'static str, message: impl Into<String>) -> Self {
        Self { member: Some(member), ..Self::bad(message) }
    }

    /// The answer; about a member OpenCRVS says always the same, and the rest in a list.
    fn body(&self, code: &str) -> Value {
        let Some(member) = self.member else {
            return json!({"message": self.message, "code": code});
        };
        let path: Vec<&str> =
            Some(member).filter(|member| !member.is_empty()).into_iter().collect();
        let issue = json!({"code": "custom", "path": path, "message": self.message});
        json!({"message": "Input validation failed", "code": code, "issues": [issue]})
    }
}

impl From<Failed> for Refused {
    fn from(failed: Failed) -> Self {
        let (status, message) = failed.told();
        Self::new(status, message)
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
                .json(refused.body(code))
        }
    }
}
