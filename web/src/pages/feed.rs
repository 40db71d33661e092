//! What the live feed carries to the browser: `entry`, one row of the journal with its words, and `show`, the whole
//! state of the player. Both are plain data; the browser draws what it is told and makes up nothing.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// One row of the journal, with the words people see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedEntry {
    pub seq: i64,
    /// `request`, `answer` or `event` (something inside one system).
    pub kind: String,
    /// The request that an answer belongs to.
    pub of: i64,
    pub step: String,
    pub from: String,
    pub to: String,
    pub standard: String,
    pub action: String,
    pub path: String,
    pub status: u16,
    /// `none`, `unsigned`, `valid` or `invalid`.
    pub verdict: String,
    pub remark: String,
    pub duration_us: i64,
    /// A few words for the arrow.
    pub label: String,
    /// A sentence for people in the back of the room.
    pub sentence: String,
    /// A request that delivers the result of an earlier one.
    pub callback: bool,
}

impl FeedEntry {
    /// Whether this row shows something that went wrong.
    pub fn failed(&self) -> bool {
        self.status >= 400
            || self.verdict == "invalid"
            || (self.kind == "request" && !self.remark.is_empty())
    }
}

/// The state of the player.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Show {
    pub story: String,
    pub branch: String,
    /// What the ending is called that is played; empty where it is the main story's.
    pub ending: String,
    /// What the story, or the ending that is played, is about.
    pub tagline: String,
    /// Trouble that people chose, in force until they end it.
    pub trouble: Vec<Trouble>,
    /// `idle`, `playing`, `paused`, `held` (ended, and every expectation held) or `broken`.
    pub state: String,
    /// Why it broke, or what held.
    pub note: String,
    pub step: String,
    pub steps: Vec<Step>,
    /// `play`, `timed` or `step`.
    pub pace: String,
    pub delay_ms: u64,
    /// Machine time spent, waiting left out.
    pub elapsed_ms: f64,
    /// Real time since Play, pauses left out, for the presenter.
    pub play_ms: u64,
    pub messages: u64,
    pub signatures: u64,
    /// Sandbox time.
    pub clock: String,
    pub persona: Persona,
    pub decisions: Vec<Decision>,
    pub phone: Vec<PhoneMessage>,
    pub balance: String,
}

/// Trouble at one system, in words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// The system's id.
    pub system: String,
    /// "Messenger: refuses everything"
    pub words: String,
}

/// A step of the story, and how far it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub id: String,
    pub title: String,
    pub text: String,
    /// What the presenter may say; shown in the presenter's window only.
    #[serde(default)]
    pub notes: String,
    /// `waiting`, `now`, `done`, `failed` or `skipped`.
    #[serde(default = "waiting")]
    pub state: String,
}

fn waiting() -> String {
    "waiting".into()
}

/// Who the story is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Persona {
    pub id: String,
    pub name: String,
    pub age: i64,
    pub words: String,
}

/// A decision, with everything it rests on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub id: String,
    pub title: String,
    /// `pass`, `fail` or `review`.
    pub verdict: String,
    #[serde(default)]
    pub rule: String,
    #[serde(default)]
    pub facts: Vec<Fact>,
    /// The row of the journal that told of it.
    #[serde(default)]
    pub seq: i64,
}

impl Decision {
    /// The sign of the verdict, so that it does not hang on colour.
    pub fn sign(&self) -> &'static str {
        match self.verdict.as_str() {
            "pass" => "✓",
            "fail" => "✕",
            _ => "?",
        }
    }
}

/// A fact, and the message it came in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub name: String,
    /// As text: a decision may rest on a date, a number or a yes.
    #[serde(deserialize_with = "as_text")]
    pub value: String,
    /// The system that said so.
    pub source: String,
    /// The message it came in; 0 where it came in none.
    #[serde(default)]
    pub seq: i64,
}

fn as_text<'de, D: Deserializer<'de>>(reader: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(reader)? {
        Value::String(text) => text,
        Value::Null => "–".into(),
        other => other.to_string(),
    })
}

/// A text on the persona's phone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneMessage {
    pub from: String,
    pub text: String,
    /// Time of day in the country.
    pub at: String,
}
