//! The law of the messenger: what a text message is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The longest text that is delivered, in characters: ten parts of a long message.
const LONGEST_TEXT: usize = 1530;
/// One request carries so many messages at the most.
const MOST_AT_ONCE: usize = 1000;

/// A text message on its way.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
pub(super) struct Sms {
    /// Telephone number with country code: `+99912345678`.
    pub(super) to: String,
    pub(super) text: String,
}

/// A text message that was delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Delivered {
    pub(super) from: String,
    pub(super) text: String,
    pub(super) at: String,
}

/// Why a message is not delivered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error(r#"this is no message: {0}; write {{"to":"+99912345678","text":"..."}}"#)]
    Malformed(String),
    #[error("`{0}` is no telephone number: write + and 8 to 15 digits")]
    Number(String),
    #[error("the text has {0} characters; 1 to {LONGEST_TEXT} can be delivered")]
    Length(usize),
    #[error("{0} messages; one request carries 1 to {MOST_AT_ONCE}")]
    Count(usize),
    #[error("messages[{0}]: {1}")]
    At(usize, Box<Self>),
}

impl Sms {
    /// Reads and checks a message.
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        let sms: Self =
            serde_json::from_slice(body).map_err(|e| Refusal::Malformed(e.to_string()))?;
        sms.checked()
    }

    /// Reads and checks many messages.
    pub(super) fn read_batch(body: &[u8]) -> Result<Vec<Self>, Refusal> {
        let Batch { messages } =
            serde_json::from_slice(body).map_err(|e| Refusal::Malformed(e.to_string()))?;
        if messages.is_empty() || messages.len() > MOST_AT_ONCE {
            return Err(Refusal::Count(messages.len()));
        }
        let checked = messages.into_iter().enumerate().map(|(place, sms)| {
            sms.checked().map_err(|refused| Refusal::At(place, Box::new(refused)))
        });
        checked.collect()
    }

    fn checked(self) -> Result<Self, Refusal> {
        let digits = self.to.strip_prefix('+').unwrap_or_default();
        if !(8..=15).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Refusal::Number(self.to));
        }
        match self.text.chars().count() {
            1..=LONGEST_TEXT => Ok(self),
            length => Err(Refusal::Length(length)),
        }
    }
}

/// Many messages on their way.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Batch {
    messages: Vec<Sms>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_without_plus_is_refused() {
        let refused = Sms::read(br#"{"to":"99912345678","text":"hello"}"#).unwrap_err();
        assert_eq!(refused, Refusal::Number("99912345678".into()));
    }

    #[test]
    fn a_wrong_message_of_many_is_named_by_its_place() {
        let body = br#"{"messages":[{"to":"+99912345678","text":"hello"},{"to":"12","text":"x"}]}"#;
        let refused = Sms::read_batch(body).unwrap_err();
        assert_eq!(refused, Refusal::At(1, Box::new(Refusal::Number("12".into()))));
        assert_eq!(Sms::read_batch(br#"{"messages":[]}"#), Err(Refusal::Count(0)));
    }

    #[test]
    fn an_empty_text_is_refused() {
        assert_eq!(Sms::read(br#"{"to":"+99912345678","text":""}"#), Err(Refusal::Length(0)));
    }
}
