//! How a registrar's counter answers: what was entered, or why nothing was.

use std::error::Error;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;

use super::refusal::refusal;
use crate::kit::server::Call;
use crate::kit::store::StoreError;

/// Why the law of a registry refuses an entry.
pub trait Refuses: Error + 'static {
    /// The HTTP status that the counter answers with.
    fn status(&self) -> u16;
}

/// Why nothing was entered: the law `R` of the registry, or our own trouble.
#[derive(Debug, thiserror::Error)]
pub enum Failed<R> {
    #[error(transparent)]
    Refused(R),
    #[error(transparent)]
    Archive(StoreError),
}

impl<R: Refuses> From<R> for Failed<R> {
    fn from(refused: R) -> Self {
        Self::Refused(refused)
    }
}

impl<R> From<StoreError> for Failed<R> {
    fn from(error: StoreError) -> Self {
        Self::Archive(error)
    }
}

impl<R> From<rusqlite::Error> for Failed<R> {
    fn from(error: rusqlite::Error) -> Self {
        Self::Archive(error.into())
    }
}

impl<R> Failed<R> {
    /// The same failure, with another word for the refusal.
    pub fn map<S>(self, reworded: impl FnOnce(R) -> S) -> Failed<S> {
        match self {
            Self::Refused(refusal) => Failed::Refused(reworded(refusal)),
            Self::Archive(error) => Failed::Archive(error),
        }
    }
}

impl<R: Refuses> Failed<R> {
    /// Status and sentence for whoever asked; our own trouble is logged and told only as such.
    pub fn told(&self) -> (u16, String) {
        match self {
            Self::Refused(refused) => (refused.status(), refused.to_string()),
            Self::Archive(error) => {
                tracing::error!(%error, "a registry's archive failed");
                (500, String::from("the entry could not be kept; try again"))
            }
        }
    }
}

/// Answers with what was entered, or in DCI's words with why nothing was.
pub fn entered<R: Refuses, T: Serialize>(
    call: &Call,
    done: Result<(u16, T), Failed<R>>,
) -> HttpResponse {
    let begun = |status| {
        let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        HttpResponse::build(code)
    };
    match done {
        Ok((status, body)) => begun(status).json(body),
        Err(failed) => {
            let (status, sentence) = failed.told();
            call.remark(&sentence);
            begun(status).json(refusal(status, &sentence))
        }
    }
}
