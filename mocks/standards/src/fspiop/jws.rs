//! FSPIOP-Signature: the texts of the detached JWS that need no key (protected header, signing input, header value).

use super::sorted_json::sorted_json;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What the signature vouches for besides the body. The names are case-sensitive and in this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProtectedHeader {
    /// `RS256` (the standard) or `ES256` (adapters also).
    pub alg: String,
    /// Path, beginning at the resource, whatever prefix stands before it.
    #[serde(rename = "FSPIOP-URI")]
    pub uri: String,
    /// Method.
    #[serde(rename = "FSPIOP-HTTP-Method")]
    pub method: String,
    /// Sender.
    #[serde(rename = "FSPIOP-Source")]
    pub source: String,
    /// Receiver: must be here if it is among the HTTP headers.
    #[serde(rename = "FSPIOP-Destination", default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
    /// The `Date` header, if it is signed.
    #[serde(rename = "Date", default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// The value of the FSPIOP-Signature header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignatureHeader {
    /// base64url of the signature.
    pub signature: String,
    /// base64url of the protected header.
    pub protected_header: String,
}

/// Why a signature header does not fit its message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// Not JSON, not base64url, or not a protected header.
    #[error("FSPIOP-Signature cannot be read: {0}")]
    Unreadable(String),
    /// The HTTP header says something else than the protected one.
    #[error(
        "{name} is \"{http}\" in the HTTP header and \"{protected}\" in the protected header: they must be the same"
    )]
    Differs {
        /// Which header.
        name: &'static str,
        /// What the HTTP header says.
        http: String,
        /// What the protected header says.
        protected: String,
    },
}

impl ProtectedHeader {
    /// base64url of its JSON.
    pub fn encoded(&self) -> String {
        // A struct of strings always has a JSON text.
        URL_SAFE_NO_PAD.encode(serde_json::to_string(self).unwrap_or_default())
    }

    /// Whether the `Date` that it vouches for, where it does, is that of the request.
    pub fn check_date(&self, http: &str) -> Result<(), JwsError> {
        match &self.date {
            Some(protected) if protected != http => Err(JwsError::Differs {
                name: "Date",
                http: http.to_owned(),
                protected: protected.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// Whether it vouches for this request: method, path from the resource on, source and destination.
    pub fn check(
        &self,
        method: &str,
        path: &str,
        source: &str,
        destination: Option<&str>,
    ) -> Result<(), JwsError> {
        let same = |name, http: &str, protected: &str| {
            if http == protected {
                Ok(())
            } else {
                Err(JwsError::Differs {
                    name,
                    http: http.to_owned(),
                    protected: protected.to_owned(),
                })
            }
        };
        same("FSPIOP-HTTP-Method", method, &self.method)?;
        same("FSPIOP-URI", path, &self.uri)?;
        same("FSPIOP-Source", source, &self.source)?;
        match (destination, &self.destination) {
            (Some(http), protected) => {
                same("FSPIOP-Destination", http, protected.as_deref().unwrap_or_default())
            }
            (None, _) => Ok(()),
        }
    }
}

impl SignatureHeader {
    /// A header out of a protected header and the raw signature over its signing input.
    pub fn new(protected: &ProtectedHeader, signature: &[u8]) -> Self {
        Self { signature: URL_SAFE_NO_PAD.encode(signature), protected_header: protected.encoded() }
    }

    /// Reads the header value.
    pub fn parse(text: &str) -> Result<Self, JwsError> {
        serde_json::from_str(text).map_err(|error| JwsError::Unreadable(error.to_string()))
    }

    /// The protected header inside.
    pub fn protected(&self) -> Result<ProtectedHeader, JwsError> {
        let json = decode(&self.protected_header)?;
        serde_json::from_slice(&json).map_err(|error| JwsError::Unreadable(error.to_string()))
    }

    /// The raw signature.
    pub fn signature_bytes(&self) -> Result<Vec<u8>, JwsError> {
        decode(&self.signature)
    }

    /// The header value.
    pub fn to_header_value(&self) -> String {
        // A struct of strings always has a JSON text.
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn decode(text: &str) -> Result<Vec<u8>, JwsError> {
    URL_SAFE_NO_PAD
        .decode(text.trim_end_matches('='))
        .map_err(|error| JwsError::Unreadable(error.to_string()))
}

/// What is signed: the encoded protected header, a point, base64url of the body as it is sent.
pub fn signing_input(encoded_protected_header: &str, body: &[u8]) -> String {
    format!("{encoded_protected_header}.{}", URL_SAFE_NO_PAD.encode(body))
}

/// The signing inputs to verify against, in order: over the bytes that came, then over their sorted re-serialisation, which
/// newer adapters sign.
pub fn signing_inputs_to_try(encoded_protected_header: &str, body: &[u8]) -> Vec<String> {
    let raw = signing_input(encoded_protected_header, body);
    let sorted = serde_json::from_slice::<Value>(body)
        .ok()
        .map(|value| signing_input(encoded_protected_header, sorted_json(&value).as_bytes()))
        .filter(|sorted| *sorted != raw);
    std::iter::once(raw).chain(sorted).collect()
}

/// The path a signature names: from the resource on, without whatever prefix a deployment puts before it.
///
/// ```
/// use standards::fspiop::jws::signed_path;
/// assert_eq!(signed_path("/r/main/payment-switch/transfers/1"), "/transfers/1");
/// assert_eq!(signed_path("/fsp/quotes/7/error"), "/quotes/7/error");
/// assert_eq!(signed_path("/nothing/known"), "/nothing/known");
/// ```
pub fn signed_path(path: &str) -> &str {
    const RESOURCES: [&str; 13] = [
        "participants",
        "parties",
        "quotes",
        "transfers",
        "bulkQuotes",
        "bulkTransfers",
        "transactionRequests",
        "authorizations",
        "transactions",
        "fxQuotes",
        "fxTransfers",
        "services",
        "thirdpartyRequests",
    ];
    let is_resource = |(at, _): &(usize, &str)| {
        let rest = &path[at + 1..];
        RESOURCES.contains(&rest.split(['/', '?']).next().unwrap_or(rest))
    };
    path.match_indices('/').find(is_resource).map_or(path, |(at, _)| &path[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn protected() -> ProtectedHeader {
        ProtectedHeader {
            alg: "RS256".into(),
            uri: "/transfers/1".into(),
            method: "PUT".into(),
            source: "payeefsp".into(),
            destination: Some("payerfsp".into()),
            date: None,
        }
    }

    #[test]
    fn the_protected_header_is_written_with_its_case_sensitive_names() {
        let json = r#"{"alg":"RS256","FSPIOP-URI":"/transfers/1","FSPIOP-HTTP-Method":"PUT","FSPIOP-Source":"payeefsp","FSPIOP-Destination":"payerfsp"}"#;
        assert_eq!(serde_json::to_string(&protected()).unwrap(), json);
        assert_eq!(
            signing_input(&protected().encoded(), b"{}"),
            format!("{}.e30", URL_SAFE_NO_PAD.encode(json))
        );
    }

    #[test]
    fn a_signature_header_round_trips() {
        let header = SignatureHeader::new(&protected(), b"\xff\x00");
        let read = SignatureHeader::parse(&header.to_header_value()).unwrap();
        assert_eq!(read.protected().unwrap(), protected());
        assert_eq!(read.signature_bytes().unwrap(), b"\xff\x00");
        assert!(SignatureHeader::parse("mock").is_err());
    }

    #[test]
    fn the_protected_header_must_agree_with_the_request() {
        let protected = protected();
        assert_eq!(protected.check("PUT", "/transfers/1", "payeefsp", Some("payerfsp")), Ok(()));
        assert!(protected.check("POST", "/transfers/1", "payeefsp", Some("payerfsp")).is_err());
        let error =
            protected.check("PUT", "/transfers/1", "mallory", Some("payerfsp")).unwrap_err();
        assert!(error.to_string().starts_with("FSPIOP-Source is \"mallory\""), "{error}");
        let without = ProtectedHeader { destination: None, ..protected };
        assert!(without.check("PUT", "/transfers/1", "payeefsp", Some("payerfsp")).is_err());
    }

    #[test]
    fn an_unsorted_body_is_tried_both_ways_and_a_sorted_one_once() {
        assert_eq!(signing_inputs_to_try("h", br#"{"b":1,"a":2}"#).len(), 2);
        assert_eq!(signing_inputs_to_try("h", br#"{"a":2,"b":1}"#).len(), 1);
        assert_eq!(signing_inputs_to_try("h", b"").len(), 1);
    }
}
