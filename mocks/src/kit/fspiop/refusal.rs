//! FSPIOP 1.1, API Definition 7.6: a message that is refused, at once or by a callback to `.../error`.

use std::error::Error;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use standards::dci;
use standards::fspiop::{
    ErrorCode, ErrorInformation, ExtensionList, MediaType, Strict, is_correlation_id, read_strictly,
};

use super::header::SPOKEN;
use crate::kit::store::StoreError;

/// Why a message is refused: the code of the standard, and a sentence that says what would have been right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code:?}: {sentence}")]
pub struct Refusal {
    pub code: ErrorCode,
    pub sentence: String,
    /// Whether the sentence is the whole description already, as somebody else wrote it.
    is_whole: bool,
}

impl Refusal {
    /// A refusal with its code and sentence.
    pub fn new(code: ErrorCode, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into(), is_whole: false }
    }

    /// What somebody else refused, in the words that it said.
    pub fn said(code: ErrorCode, description: impl Into<String>) -> Self {
        Self { code, sentence: description.into(), is_whole: true }
    }

    /// Whether it goes away by itself: trouble of communication or of a server, but not what is not implemented.
    pub fn may_pass(&self) -> bool {
        self.code.number() < ErrorCode::CLIENT.number() && self.code != ErrorCode::NOT_IMPLEMENTED
    }

    /// `errorInformation`, as it stands in the body of a refusal and of an error callback.
    pub fn information(&self) -> ErrorInformation {
        let mut information = ErrorInformation::with_detail(self.code, &self.sentence);
        if self.is_whole {
            information.error_description = self.sentence.chars().take(128).collect();
        }
        if self.code == ErrorCode::UNACCEPTABLE_VERSION {
            let spoken = |v: &standards::fspiop::Version| {
                (v.major.to_string(), v.minor.unwrap_or(0).to_string())
            };
            information.extension_list = Some(SPOKEN.iter().map(spoken).collect::<ExtensionList>());
        }
        information
    }

    /// The body of a refusal and of an error callback.
    pub fn body(&self) -> Value {
        json!({"errorInformation": self.information()})
    }

    /// The answer that refuses at once.
    pub fn answer(&self) -> HttpResponse {
        let status = StatusCode::from_u16(self.code.http_status())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        HttpResponse::build(status).json(self.body())
    }
}

impl From<ErrorInformation> for Refusal {
    fn from(said: ErrorInformation) -> Self {
        Self::said(said.error_code, said.error_description)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        let error = in_full(&error);
        tracing::error!(error, "an archive failed while a payment message was handled");
        Self::new(ErrorCode::INTERNAL_SERVER, "the archive failed; ask again later")
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::from(error).into()
    }
}

/// An error with what caused it, for the log: which operation failed, and why.
pub fn in_full(error: &dyn Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        told = format!("{told}: {deeper}");
        cause = deeper.source();
    }
    told
}

/// Reads a body; a refusal tells which element is wrong.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    dci::read(body).map_err(|error| unread(body, &error))
}

/// Reads a message of the standard and holds it to the text; a refusal tells which element is wrong.
pub fn read_message<T: DeserializeOwned + Strict>(body: &[u8]) -> Result<T, Refusal> {
    read_strictly(body).map_err(|error| unread(body, &error))
}

/// Whether the id that a path names is one: what is called back is a path made of it.
pub fn check_id(id: &str) -> Result<(), Refusal> {
    if is_correlation_id(id) {
        return Ok(());
    }
    if id.trim().is_empty() {
        return Err(Refusal::new(ErrorCode::UNKNOWN_URI, "the path names no id"));
    }
    let right = "the path names no id: write a UUID in lower case or a ULID in capitals";
    Err(Refusal::new(ErrorCode::VALIDATION, right))
}

fn unread(body: &[u8], error: &dci::Malformed) -> Refusal {
    let code = if error.is_missing() {
        ErrorCode::MISSING_ELEMENT
    } else if serde_json::from_slice::<serde::de::IgnoredAny>(body).is_err() {
        ErrorCode::MALFORMED_SYNTAX
    } else {
        ErrorCode::VALIDATION
    };
    Refusal::new(code, error.to_string())
}

/// The status of what the kit itself refuses: for a message of the standard, which its media type tells, there is no 413.
pub fn status_of(status: StatusCode, content_type: &str) -> StatusCode {
    let is_too_long = status == StatusCode::PAYLOAD_TOO_LARGE;
    let has_none = is_too_long && MediaType::parse(content_type).is_ok();
    if has_none { StatusCode::BAD_REQUEST } else { status }
}

/// What the kit itself refuses (a fault, an unknown path, too long a body), in the wording of the standard.
pub fn refusal(status: u16, sentence: &str) -> Value {
    let code = match status {
        404 => ErrorCode::UNKNOWN_URI,
        406 => ErrorCode::UNACCEPTABLE_VERSION,
        // What took too long or came too often may be taken later: no codes of a client's error.
        408 | 504 => ErrorCode::SERVER_TIMED_OUT,
        425 | 429 => ErrorCode::SERVER_BUSY,
        413 => ErrorCode::TOO_LARGE_PAYLOAD,
        501 => ErrorCode::NOT_IMPLEMENTED,
        503 => ErrorCode::SERVICE_UNAVAILABLE,
        500..=599 => ErrorCode::INTERNAL_SERVER,
        _ => ErrorCode::VALIDATION,
    };
    Refusal::new(code, sentence).body()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused_for_the_moment_has_a_code_that_may_pass() {
        for (status, code, passes) in [
            (408, "2004", true),
            (425, "2005", true),
            (429, "2005", true),
            (503, "2003", true),
            (501, "2002", false),
            (400, "3100", false),
            (404, "3002", false),
        ] {
            let said: ErrorInformation =
                serde_json::from_value(refusal(status, "x")["errorInformation"].clone()).unwrap();
            assert_eq!(said.error_code.to_string(), code, "{status}");
            assert_eq!(Refusal::from(said).may_pass(), passes, "{status}");
        }
    }

    #[test]
    fn the_log_tells_why_an_archive_failed() {
        let told = in_full(&StoreError::from(rusqlite::Error::InvalidQuery));
        assert_eq!(told, "the database of this system: working: Query is not read-only");
    }
}
