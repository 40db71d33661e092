//! A message to be sent, and what came back.

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::Undelivered;

/// A real system that says nothing for so long is taken not to answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Larger answers are refused.
const LONGEST_ANSWER: usize = 16 * 1024 * 1024;

/// A message to be sent.
#[derive(Debug, Clone)]
pub struct Letter {
    pub(super) to: Addressee,
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) action: String,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: Bytes,
    pub(super) correlation: String,
    /// A longer answer is refused.
    pub(super) longest: usize,
    /// How long somebody outside may take to answer.
    pub(super) patience: Duration,
}

#[derive(Debug, Clone)]
pub(super) enum Addressee {
    /// A part of the cast, whoever plays it.
    Part(String),
    /// An address that somebody gave us.
    Address(String),
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Letter {
    /// A message to a part of the cast. `route` is method and path: `POST /registry/sync/search`.
    pub fn to(part: &str, method: Method, path: impl Into<String>) -> Self {
        Self::new(Addressee::Part(part.into()), method, path.into())
    }

    /// A POST to a part of the cast.
    pub fn post(part: &str, path: impl Into<String>) -> Self {
        Self::to(part, Method::POST, path)
    }

    /// A GET from a part of the cast.
    pub fn get(part: &str, path: impl Into<String>) -> Self {
        Self::to(part, Method::GET, path)
    }

    /// A message to an address that somebody gave us; it is checked before it is used.
    pub fn to_address(method: Method, address: &str) -> Self {
        Self::new(Addressee::Address(address.into()), method, String::new())
    }

    fn new(to: Addressee, method: Method, path: String) -> Self {
        let bare = path.split('?').next().unwrap_or_default();
        let action = format!("{method} {bare}");
        Self {
            to,
            method,
            path,
            action,
            headers: Vec::new(),
            body: Bytes::new(),
            correlation: String::new(),
            longest: LONGEST_ANSWER,
            patience: PATIENCE,
        }
    }

    /// The path with names for what varies: `/quotes/{id}`. The journal and the stage know the message by it.
    #[must_use]
    pub fn route(mut self, route: &str) -> Self {
        self.action = format!("{} {route}", self.method);
        self
    }

    /// Adds a header; one that HTTP cannot carry is left out and logged.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            self.headers.push((name, value));
        } else {
            tracing::warn!(name, "a header that HTTP cannot carry was left out");
        }
        self
    }

    /// Carries `value` as JSON.
    #[must_use]
    pub fn json(self, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(bytes) => self.bytes("application/json", bytes),
            Err(error) => {
                tracing::error!(%error, "a message could not be written as JSON");
                self
            }
        }
    }

    /// Carries fields as an HTML form does.
    #[must_use]
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let text = Url::parse_with_params("http://form", fields)
            .ok()
            .and_then(|url| url.query().map(str::to_owned));
        self.bytes("application/x-www-form-urlencoded", text.unwrap_or_default())
    }

    /// Carries `body` as it stands.
    #[must_use]
    pub fn bytes(self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body(body).header(CONTENT_TYPE.as_str(), content_type)
    }

    /// Carries `body`, whose type a header tells already.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Carries a bearer token.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Takes an answer of so many bytes at the most, and waits for somebody outside no longer than that.
    #[must_use]
    pub fn bounded(mut self, longest: usize, patience: Duration) -> Self {
        (self.longest, self.patience) = (longest, patience);
        self
    }

    /// The business correlation that the journal files the message under.
    #[must_use]
    pub fn correlation(mut self, correlation: &str) -> Self {
        self.correlation = correlation.into();
        self
    }
}

impl Reply {
    /// Whether the status says success.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as JSON; the error names what came instead.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Undelivered> {
        let mut reader = serde_json::Deserializer::from_slice(&self.body);
        serde_path_to_error::deserialize(&mut reader).map_err(|error| Undelivered::Unreadable {
            to: String::from("the other system"),
            status: self.status,
            reason: format!("at `{}`: {}", error.path(), error.inner()),
        })
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
