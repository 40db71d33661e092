//! The envelope of every DCI and G2P Connect message: `{signature, header, message}` (`MsgSignature`, `EncryptedMessage`).

use super::header::Header;
use super::object;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A message with its header. What it says is `M`: [`EncryptedMessage`] where `header.is_msg_encrypted` says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Envelope_{M}")]
pub struct Envelope<M> {
    /// How the sender vouches for header and message; the dialects are told apart by whoever verifies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// Who says it, to whom, when.
    pub header: Header,
    /// What is said.
    #[serde(deserialize_with = "object::read", bound(deserialize = "M: Deserialize<'de>"))]
    pub message: M,
}

impl<M> Envelope<M> {
    /// An unsigned envelope.
    pub fn new(header: Header, message: M) -> Self {
        Self { signature: None, header, message }
    }

    /// The same envelope around something else, for a reader that looks at the header first.
    pub fn map<N>(self, change: impl FnOnce(M) -> N) -> Envelope<N> {
        Envelope { signature: self.signature, header: self.header, message: change(self.message) }
    }
}

/// A flattened JWE whose header is not protected (`EncryptedMessage`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EncryptedMessage {
    /// Which algorithms and which key.
    pub header: EncryptedHeader,
    /// The message, encrypted.
    pub ciphertext: String,
    /// The content key, encrypted to the receiver.
    pub encrypted_key: String,
    /// Authentication tag.
    pub tag: String,
    /// Initialisation vector.
    pub iv: String,
}

/// Algorithms and key of an [`EncryptedMessage`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EncryptedHeader {
    /// Key encryption, for example `RSA-OAEP-256`.
    pub alg: String,
    /// Content encryption, for example `A256GCM`.
    pub enc: String,
    /// The receiver's key.
    pub kid: String,
    /// Fields beyond the published ones.
    #[serde(flatten)]
    pub other: BTreeMap<String, Value>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dci::{Action, DateTime};
    use serde_json::json;

    fn header() -> Header {
        Header::request(
            Action::Search,
            "programme-office",
            "M-1",
            DateTime::from("2026-01-05T09:00:00Z"),
            1,
        )
    }

    #[test]
    fn an_absent_signature_is_left_out() {
        let envelope = Envelope::new(header(), json!({"x": 1}));
        assert_eq!(serde_json::to_value(&envelope).unwrap().get("signature"), None);
    }
}
