//! FSPIOP 1.1: a message of our own, with its headers and its signature, made ready for the courier.

use http::Method;
use serde::Serialize;
use serde_json::Value;
use standards::fspiop::jws::ProtectedHeader;
use standards::fspiop::{Version, accept, content_type, http_date, sorted_json};

use super::signature::{is_signing, sign};
use crate::kit::courier::{Errand, Letter, Reply, Undelivered};

/// Where a participant takes its messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// A part of the cast, and the path below which it takes them.
    Part(String, String),
    /// A base address that was registered.
    Address(String),
    /// A whole address that was registered for one kind of message.
    Exactly(String),
}

/// A message of our own.
#[derive(Debug, Clone)]
pub struct Message<'a> {
    pub method: Method,
    /// The path from the name of the resource on.
    pub uri: &'a str,
    /// The same with names for what varies: `/quotes/{id}`.
    pub route: &'a str,
    pub version: Version,
    pub source: &'a str,
    pub destination: Option<&'a str>,
    /// None where the message asks with its path alone.
    pub body: Option<&'a Value>,
}

impl To {
    /// A letter to `uri` at this participant.
    pub fn letter(&self, method: Method, uri: &str, route: &str) -> Letter {
        match self {
            Self::Part(part, prefix) => Letter::to(part, method, format!("{prefix}{uri}"))
                .route(&format!("{prefix}{route}")),
            Self::Address(base) => {
                Letter::to_address(method, &format!("{}{uri}", base.trim_end_matches('/')))
                    .route(route)
            }
            Self::Exactly(address) => Letter::to_address(method, address).route(route),
        }
    }
}

impl Message<'_> {
    /// The letter to `to`, signed where the message has a body. JSON is compact and its names are sorted, so that
    /// clients who write it anew before they verify come to the same bytes.
    pub fn letter(&self, errand: &Errand, to: &To) -> Letter {
        let resource = self.uri.trim_start_matches('/').split('/').next().unwrap_or_default();
        let date = http_date(errand.now());
        let mut letter = to
            .letter(self.method.clone(), self.uri, self.route)
            .header("Date", &date)
            .header("FSPIOP-Source", self.source);
        if matches!(self.method, Method::GET | Method::POST | Method::DELETE) {
            letter = letter.header("Accept", &accept(resource, self.version.major));
        }
        if let Some(destination) = self.destination {
            letter = letter.header("FSPIOP-Destination", destination);
        }
        let media = content_type(resource, self.version);
        let Some(body) = self.body else { return letter.header("Content-Type", &media) };
        let body = sorted_json(body);
        if is_signing(&errand.office) {
            let protected = ProtectedHeader {
                alg: String::from("ES256"),
                uri: self.uri.into(),
                method: self.method.to_string(),
                source: self.source.into(),
                destination: self.destination.map(str::to_owned),
                date: Some(date),
            };
            letter = letter
                .header("FSPIOP-URI", self.uri)
                .header("FSPIOP-HTTP-Method", self.method.as_str())
                .header(
                    "FSPIOP-Signature",
                    &sign(&errand.office.keys, &protected, body.as_bytes()),
                );
        }
        letter.bytes(&media, body)
    }
}

/// A body as JSON. The types of the standard always have one; what has none would be sent as `null` and refused.
pub fn body(message: &impl Serialize) -> Value {
    serde_json::to_value(message).unwrap_or_default()
}

/// Somebody else's text as one segment of a path, which it cannot leave. One or two points alone lead elsewhere even where
/// they are encoded, so they are encoded twice: what arrives is nobody's name.
pub fn path_segment(text: &str) -> String {
    if matches!(text, "." | "..") {
        return text.replace('.', "%252E");
    }
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+@:!$&'()*,;=".contains(&byte);
    let encoded = text.bytes().map(|byte| match byte {
        byte if legal(byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    encoded.collect()
}

/// Words of somebody else as an element of the standard takes them: 1 to 128 characters, or none at all.
pub fn words_of(text: Option<&String>) -> Option<String> {
    let cut: String = text?.chars().take(128).collect();
    (!cut.is_empty()).then_some(cut)
}

/// Logs a callback that nobody took: the client finds out by asking (GET), as the standard wants.
pub fn note_undelivered(what: &str, sent: Result<Reply, Undelivered>) {
    match sent {
        Ok(reply) if reply.is_success() => {}
        Ok(reply) => tracing::info!(what, status = reply.status, "a callback was refused"),
        Err(error) => tracing::info!(what, %error, "a callback was not delivered"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_of_a_path_stays_one() {
        assert_eq!(path_segment("../../x?y#z"), "..%2F..%2Fx%3Fy%23z");
        assert_eq!(path_segment("zoe+1@example.org"), "zoe+1@example.org");
        for text in [".", "..", "%2e%2e", ".%2E", "../.."] {
            let address = format!("http://switch/parties/MSISDN/{}", path_segment(text));
            let read = url::Url::parse(&address).unwrap();
            assert_eq!(read.path_segments().unwrap().count(), 3, "{text}: {read}");
            assert!(read.path().starts_with("/parties/MSISDN/"), "{text}: {read}");
        }
    }

    #[test]
    fn words_are_cut_to_what_the_standard_takes() {
        assert_eq!(words_of(Some(&"é".repeat(200))).unwrap().chars().count(), 128);
        assert_eq!(words_of(Some(&String::new())), None);
    }
}
