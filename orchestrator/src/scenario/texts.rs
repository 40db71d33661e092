//! The texts of a story in one language: `texts/en.yaml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Everything that people read about a story.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// "Old age pension"
    pub title: String,
    /// One sentence for the card.
    pub summary: String,
    /// What the lead says about himself or herself.
    pub words: String,
    /// Step id to texts.
    pub steps: BTreeMap<String, StepText>,
    /// Branch id to texts.
    #[serde(default)]
    pub branches: BTreeMap<String, StepText>,
    /// Message to texts. The key is `RECEIVER ACTION`, such as `civil_registry POST /registry/sync/search`.
    #[serde(default)]
    pub messages: BTreeMap<String, MessageText>,
}

/// A heading and a sentence.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StepText {
    pub title: String,
    #[serde(default)]
    pub text: String,
    /// What the presenter may say; shown in the presenter's window only.
    #[serde(default)]
    pub notes: String,
    /// What the branch's lead says about himself or herself; for branches only.
    #[serde(default)]
    pub words: String,
}

/// What a message says, in plain words.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MessageText {
    /// Above the arrow of the request; 20 characters or so.
    pub ask: String,
    /// The sentence of the request.
    #[serde(default)]
    pub sentence: String,
    /// Above the arrow of the answer.
    #[serde(default)]
    pub answer: String,
    /// The request delivers what was asked for earlier.
    #[serde(default)]
    pub callback: bool,
}

impl Texts {
    /// The key of a message.
    pub fn key(to: &str, action: &str) -> String {
        format!("{to} {action}")
    }
}
