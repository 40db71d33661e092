//! Refusals of RFC 6749 (5.2 and 4.1.2.1), RFC 6750 and `OpenID Connect` Core 3.1.2.6: a code and a sentence.

/// An error code with its sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub(in crate::identity) struct Refusal {
    pub(in crate::identity) error: &'static str,
    pub(in crate::identity) sentence: String,
}

impl Refusal {
    /// A refusal with a code of the standard.
    pub(in crate::identity) fn new(error: &'static str, sentence: impl Into<String>) -> Self {
        Self { error, sentence: sentence.into() }
    }

    /// The request lacks something, repeats something, or is malformed.
    pub(in crate::identity) fn request(sentence: impl Into<String>) -> Self {
        Self::new("invalid_request", sentence)
    }

    /// The client is unknown or did not prove who it is.
    pub(in crate::identity) fn client(sentence: impl Into<String>) -> Self {
        Self::new("invalid_client", sentence)
    }

    /// The code is no good.
    pub(in crate::identity) fn grant(sentence: impl Into<String>) -> Self {
        Self::new("invalid_grant", sentence)
    }

    /// The access token is no good.
    pub(in crate::identity) fn token(sentence: impl Into<String>) -> Self {
        Self::new("invalid_token", sentence)
    }

    /// The refusal as parameters of an answer (RFC 6749, 4.1.2.1).
    pub(in crate::identity) fn parameters(&self) -> [(&str, &str); 2] {
        [("error", self.error), ("error_description", &self.sentence)]
    }

    /// The HTTP status that belongs to the code at the token and userinfo endpoints.
    pub(in crate::identity) fn status(&self) -> u16 {
        match self.error {
            "invalid_client" | "invalid_token" => 401,
            "not_found" => 404,
            "server_error" => 500,
            "temporarily_unavailable" => 503,
            _ => 400,
        }
    }
}
