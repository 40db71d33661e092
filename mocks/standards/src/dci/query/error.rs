//! Why a query cannot be read, with the place and what would have been right (`rjct.search_criteria.invalid`, rjct.filter.invalid).

use super::super::codes::ReasonCode;

/// A query that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {sentence}")]
pub struct QueryError {
    /// Where, beginning with `query` (or `query_type`).
    pub path: String,
    /// What is wrong and what would have been right.
    pub sentence: String,
}

impl QueryError {
    pub(super) fn new(path: &str, sentence: impl Into<String>) -> Self {
        Self { path: path.to_owned(), sentence: sentence.into() }
    }

    pub(super) fn query_type(found: &str) -> Self {
        Self::new(
            "query_type",
            format!("\"{found}\" cannot be answered; write idtype-value, expression or predicate"),
        )
    }

    /// The code to answer with: the criteria as a whole, or the filter inside.
    pub fn reason_code(&self) -> ReasonCode {
        if self.path == "query_type" {
            ReasonCode::SearchCriteriaInvalid
        } else {
            ReasonCode::FilterInvalid
        }
    }
}
