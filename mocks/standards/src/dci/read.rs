//! Reading a message from bytes: the one place where a malformed body becomes a sentence with a field path.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// A body that is not the message it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}{sentence}", at = if path.is_empty() { String::new() } else { format!("{path}: ") })]
pub struct Malformed {
    /// Which field, such as `message.search_request[0].timestamp`; empty where the body is not JSON at all.
    pub path: String,
    /// What is wrong with it, for a person.
    pub sentence: String,
}

/// Reads a JSON message. The refusal names the field and says what was expected there.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Malformed> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let message = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| malformed(&error.path().to_string(), error.inner()))?;
    reader.end().map_err(|error| malformed("", &error))?;
    Ok(message)
}

/// Reads a message out of JSON that has been parsed already.
pub fn read_value<T: DeserializeOwned>(value: &Value) -> Result<T, Malformed> {
    serde_path_to_error::deserialize(value)
        .map_err(|error| malformed(&error.path().to_string(), error.inner()))
}

impl Malformed {
    /// Whether a required field is not there at all, which some standards answer with a code of its own.
    pub fn is_missing(&self) -> bool {
        self.sentence.starts_with("missing field")
    }
}

fn malformed(path: &str, error: &serde_json::Error) -> Malformed {
    let whole = error.to_string();
    if error.is_syntax() || error.is_eof() {
        let sentence = format!("the body is not JSON ({whole})");
        return Malformed { path: String::new(), sentence };
    }
    // The path says where; the line and column that serde_json adds would only repeat it less clearly.
    let sentence = whole.split(" at line ").next().unwrap_or(&whole).to_owned();
    let path = if path == "." { String::new() } else { path.to_owned() };
    Malformed { path, sentence }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dci::{Envelope, search::SearchRequest};

    fn refused(json: &str) -> Malformed {
        read::<Envelope<SearchRequest>>(json.as_bytes()).unwrap_err()
    }

    #[test]
    fn a_missing_field_is_named_with_the_path_of_its_parent() {
        let error = refused(
            r#"{"header": {"message_id": "1", "message_ts": "t", "action": "search"},
                "message": {"transaction_id": "T", "search_request": [{"reference_id": "R"}]}}"#,
        );
        assert_eq!(error.path, "message.search_request[0]");
        assert_eq!(error.sentence, "missing field `timestamp`");
    }

    #[test]
    fn a_wrong_type_is_named_with_its_own_path() {
        let error =
            refused(r#"{"header": {"message_id": "1", "message_ts": 5, "action": "search"}}"#);
        assert_eq!(error.path, "header.message_ts");
        assert!(
            error.to_string().starts_with("header.message_ts: invalid type: integer `5`"),
            "{error}"
        );
    }

    #[test]
    fn what_is_not_json_says_so() {
        for body in ["", "{", "hello", "{} {}"] {
            assert!(
                read::<Value>(body.as_bytes())
                    .unwrap_err()
                    .sentence
                    .starts_with("the body is not JSON"),
                "{body}"
            );
        }
    }
}
