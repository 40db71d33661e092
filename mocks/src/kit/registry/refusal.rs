//! Why a message is refused as a whole, and how that is answered: the Ack `ERR`, `errors` of HTTP 4xx, or a header with
//! status `rjct` (DCI v1.0.0, sections Ack, `HttpErrorResponse` and `MsgHeaderStatusReasonCode`).

use actix_web::http::StatusCode;
use actix_web::http::header::WWW_AUTHENTICATE;
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde_json::{Value, json};
use standards::dci::{Ack, ErrorCode, HttpErrors, ReasonCode};

/// The longest message of an error that the standard allows, in characters.
const LONGEST: usize = 999;

/// A message that is refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Malformed, or from somebody who may not ask.
    #[error("{sentence}")]
    Error { status: u16, code: ErrorCode, sentence: String },
    /// Its header is refused with a reason code of its own.
    #[error("{code}: {sentence}")]
    Header { code: ReasonCode, sentence: String },
}

impl Refusal {
    /// A malformed message.
    pub fn bad(code: ErrorCode, sentence: impl Into<String>) -> Self {
        Self::Error { status: 400, code, sentence: sentence.into() }
    }

    /// A refused header.
    pub fn header(code: ReasonCode, sentence: impl Into<String>) -> Self {
        Self::Header { code, sentence: sentence.into() }
    }

    /// An archive that failed: nothing that the sender did.
    pub fn failed(error: &crate::kit::store::StoreError) -> Self {
        tracing::error!(error = error as &dyn std::error::Error, "a registry's archive failed");
        let sentence = String::from("the registry's archive failed; try again");
        Self::Error { status: 500, code: ErrorCode::ServiceUnavailable, sentence }
    }

    /// The code of section Error; headers' reasons have none of their own there.
    fn error_code(&self) -> ErrorCode {
        match self {
            Self::Error { code, .. } => code.clone(),
            Self::Header { code: ReasonCode::VersionInvalid, .. } => ErrorCode::VersionNotSupported,
            Self::Header { .. } => ErrorCode::RequestBad,
        }
    }

    fn status(&self) -> StatusCode {
        let status = match self {
            Self::Error { status, .. } => *status,
            Self::Header { .. } => 400,
        };
        StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST)
    }

    /// The answer to an asynchronous message: an Ack `ERR`, with `errors` and their code beside it for readers of HTTP
    /// errors. Their sentence stands in the Ack, which has the name `message`.
    pub(super) fn acknowledged(&self, correlation_id: &str, at: &str) -> HttpResponse {
        let sentence = short(&self.to_string());
        let ack = Ack::refused(correlation_id, at, self.error_code(), sentence.as_str());
        let HttpErrors { errors, code } = HttpErrors::one(self.error_code(), sentence);
        self.begun().json(json!({"message": ack.message, "errors": errors, "code": code}))
    }

    /// The answer to a synchronous message.
    pub(super) fn answered(&self) -> HttpResponse {
        let errors = HttpErrors::one(self.error_code(), short(&self.to_string()));
        self.begun().json(errors)
    }

    /// The answer's head. Who is not let in learns how (RFC 6750, section 3).
    fn begun(&self) -> HttpResponseBuilder {
        let mut answer = HttpResponse::build(self.status());
        if self.status() == StatusCode::UNAUTHORIZED {
            answer.insert_header((WWW_AUTHENTICATE, "Bearer"));
        }
        answer
    }
}

/// The body of an error that the kit itself answers in a registry's name.
pub fn refusal(status: u16, sentence: &str) -> Value {
    let code = match status {
        401 => ErrorCode::RequestUnauthorized,
        403 => ErrorCode::RequestForbidden,
        404 => ErrorCode::RequestNotFound,
        408 | 504 => ErrorCode::RequestTimeout,
        429 => ErrorCode::RequestTooMany,
        500.. => ErrorCode::ServiceUnavailable,
        _ => ErrorCode::RequestBad,
    };
    json!(HttpErrors::one(code, short(sentence)))
}

/// A sentence within the standard's bound.
pub fn short(sentence: &str) -> String {
    sentence.chars().take(LONGEST).collect()
}
