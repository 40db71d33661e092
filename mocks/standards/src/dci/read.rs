//! Reading a message from bytes: the one place where a malformed body becomes a sentence with a field path.

use super::object;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Deserializer as PathDeserializer, Track};

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
    let message = object::read(&mut reader).map_err(|error| refused::<T>(bytes, &error))?;
    reader.end().map_err(|error| malformed("", &error))?;
    Ok(message)
}

/// Where in `bytes` the `error` arose: they are read again, since keeping the path to each field is half the work of reading
/// a message, and most messages are in order.
fn refused<T: DeserializeOwned>(bytes: &[u8], error: &serde_json::Error) -> Malformed {
    let mut track = Track::new();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let again: Result<T, _> = object::read(PathDeserializer::new(&mut reader, &mut track));
    malformed(&track.path().to_string(), again.as_ref().err().unwrap_or(error))
}

/// Reads a message out of JSON that has been parsed already.
pub fn read_value<T: DeserializeOwned>(value: &Value) -> Result<T, Malformed> {
    let mut track = Track::new();
    object::read(PathDeserializer::new(value, &mut track))
        .map_err(|error| malformed(&track.path().to_string(), &error))
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
    if whole.starts_with("invalid type: sequence, expected struct") {
        return Malformed {
            path: path_of(path),
            sentence: "write an object, not a list".to_owned(),
        };
    }
    // The path says where; the line and column that serde_json adds would only repeat it less clearly.
    let sentence = whole.split(" at line ").next().unwrap_or(&whole).to_owned();
    Malformed { path: path_of(path), sentence }
}

/// The path of a field; empty for the whole body.
fn path_of(path: &str) -> String {
    if path == "." { String::new() } else { path.to_owned() }
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
    fn a_list_is_no_object_wherever_it_stands() {
        let message = r#"{"transaction_id": "T", "search_request": ITEMS}"#;
        let item = r#"["R", "2026-10-01T08:00:00Z", {"query_type": "idtype-value", "query": {}}]"#;
        let whole = |message: &str| {
            format!(
                r#"{{"header": {{"message_id": "1", "message_ts": "2026-10-01T08:00:00Z", "action": "search",
                    "sender_id": "x", "total_count": 1}}, "message": {message}}}"#
            )
        };
        let items = message.replace("ITEMS", &format!("[{item}]"));
        let page =
            r#"[{"reference_id": "R", "timestamp": "2026-10-01T08:00:00Z", "pagination": [1, 2]}]"#;
        for (body, path) in [
            (String::from("[]"), ""),
            (format!("[null, {{}}, {}]", message.replace("ITEMS", "[]")), ""),
            (whole(r#"["T", []]"#), "message"),
            (whole(&items), "message.search_request[0]"),
            (whole(&message.replace("ITEMS", page)), "message.search_request[0].pagination"),
        ] {
            let error = refused(&body);
            assert_eq!(
                (error.path.as_str(), error.sentence.as_str()),
                (path, "write an object, not a list")
            );
        }
        assert!(read::<Vec<u8>>(b"[1, 2]").is_ok(), "a list where one is due");
        assert!(
            read::<Envelope<SearchRequest>>(whole(&message.replace("ITEMS", "[]")).as_bytes())
                .is_ok()
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
