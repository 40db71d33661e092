//! `transaction_id` (string, at most 99 characters): some clients send a JSON integer and expect an integer back.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;
use std::fmt;

/// The caller's name for a conversation. It remembers whether it came as a string or as an integer and is echoed alike.
///
/// ```
/// use standards::dci::TransactionId;
/// let id: TransactionId = serde_json::from_str("123456789").unwrap();
/// assert_eq!(serde_json::to_string(&id).unwrap(), "123456789");
/// assert_eq!(id.to_string(), "123456789");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TransactionId {
    /// As the specification has it.
    Text(String),
    /// As clients of the official mocks have it.
    Integer(i64),
}

impl TransactionId {
    /// The longest the specification allows, in characters.
    pub const MAX_CHARS: usize = 99;

    /// Whether it is neither empty nor longer than the specification allows.
    pub fn is_within_limit(&self) -> bool {
        match self {
            Self::Text(text) => !text.is_empty() && text.chars().count() <= Self::MAX_CHARS,
            Self::Integer(_) => true,
        }
    }
}

impl From<&str> for TransactionId {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for TransactionId {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for TransactionId {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl fmt::Display for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Integer(number) => write!(f, "{number}"),
        }
    }
}

impl Serialize for TransactionId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Integer(number) => serializer.serialize_i64(*number),
        }
    }
}

impl<'de> Deserialize<'de> for TransactionId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TransactionIdVisitor)
    }
}

impl JsonSchema for TransactionId {
    fn schema_name() -> Cow<'static, str> {
        "TransactionId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": ["string", "integer"], "maxLength": Self::MAX_CHARS})
    }
}

struct TransactionIdVisitor;

impl de::Visitor<'_> for TransactionIdVisitor {
    type Value = TransactionId;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a transaction_id, written as a string of at most 99 characters")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<TransactionId, E> {
        Ok(TransactionId::from(text))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<TransactionId, E> {
        Ok(TransactionId::Integer(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<TransactionId, E> {
        i64::try_from(number)
            .map(TransactionId::Integer)
            .map_err(|_| E::custom("a transaction_id this large must be written as a string"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_type_that_came_in_goes_out() {
        for json in ["\"T-1\"", "\"42\"", "42", "-1"] {
            let id: TransactionId = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&id).unwrap(), json);
        }
    }

    #[test]
    fn what_is_neither_string_nor_integer_is_refused() {
        for json in ["1.5", "null", "true", "[]", "18446744073709551615"] {
            assert!(serde_json::from_str::<TransactionId>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn the_limit_is_ninety_nine_characters() {
        assert!(TransactionId::from("é".repeat(99)).is_within_limit());
        assert!(!TransactionId::from("x".repeat(100)).is_within_limit());
        assert!(!TransactionId::from("").is_within_limit());
    }
}
