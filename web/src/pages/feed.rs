//! The state of a stage as the live feed carries it to the browser, `show`: what the player shows, and what people at
//! the controls chose. The browser draws what it is told and makes up nothing.

use orchestrator::player::{PhoneLine, Ruling, State as Played};
use orchestrator::report::feed::Step;
use serde::{Deserialize, Serialize};

/// How a stage stands: as its story does, or held by people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    #[default]
    Idle,
    Playing,
    Paused,
    /// Ended, and every expectation held.
    Held,
    Broken,
}

impl State {
    /// The word for this on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Playing => "playing",
            Self::Paused => "paused",
            Self::Held => "held",
            Self::Broken => "broken",
        }
    }

    /// Whether messages pass.
    pub fn is_playing(self) -> bool {
        self == Self::Playing
    }

    /// Whether the story has ended.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Held | Self::Broken)
    }
}

impl From<Played> for State {
    fn from(played: Played) -> Self {
        match played {
            Played::Idle => Self::Idle,
            Played::Playing => Self::Playing,
            Played::Held => Self::Held,
            Played::Broken => Self::Broken,
        }
    }
}

/// The state of a stage.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Show {
    pub story: String,
    pub branch: String,
    /// What the ending is called that is played; empty where it is the main story's.
    pub ending: String,
    /// What the story, or the ending that is played, is about.
    pub tagline: String,
    /// Trouble that people chose, in force until they end it.
    pub trouble: Vec<Trouble>,
    pub state: State,
    /// Why it broke; empty otherwise.
    pub note: String,
    pub step: String,
    pub steps: Vec<Step>,
    /// `play`, `timed` or `step`.
    pub pace: &'static str,
    pub delay_ms: u64,
    /// Machine time spent, waiting left out.
    pub elapsed_ms: f64,
    /// Real time since Play, pauses left out, for the presenter.
    pub play_ms: u64,
    pub messages: usize,
    pub signatures: usize,
    /// Sandbox time.
    pub clock: String,
    pub persona: Persona,
    pub decisions: Vec<Decision>,
    /// What came to the persona's phone: from whom by name, and at which time of day in the country.
    pub phone: Vec<PhoneLine>,
    /// Empty where no bank has said any.
    pub balance: String,
}

/// Trouble at one system, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// The system's id.
    pub system: String,
    /// "Messenger: refuses everything"
    pub words: String,
}

/// Who the story is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Persona {
    pub id: String,
    pub name: String,
    /// 0 where no age is known.
    pub age: i64,
    pub words: String,
}

/// A decision in words, with everything it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub id: String,
    pub title: String,
    pub verdict: Ruling,
    pub rule: String,
    pub facts: Vec<Fact>,
    /// The row of the journal that told of it.
    #[serde(default)]
    pub seq: i64,
}

impl Decision {
    /// The sign of the verdict, so that it does not hang on colour.
    pub fn sign(&self) -> &'static str {
        match self.verdict {
            Ruling::Pass => "✓",
            Ruling::Fail => "✕",
            Ruling::Review => "?",
        }
    }
}

/// A fact as text, and the message it came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub name: String,
    pub value: String,
    /// The system that said so.
    pub source: String,
    /// The message it came in; 0 where it came in none.
    pub seq: i64,
}

#[cfg(test)]
mod tests {
    use orchestrator::player::StepState;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_word_is_the_same_on_the_page_and_on_the_wire() {
        let states = [State::Idle, State::Playing, State::Paused, State::Held, State::Broken];
        assert!(states.iter().all(|state| json!(state) == state.word()));
        let steps = [StepState::Waiting, StepState::Now, StepState::Done, StepState::Failed];
        assert!(steps.iter().all(|step| json!(step) == step.word()));
        let rulings = [Ruling::Pass, Ruling::Fail, Ruling::Review];
        assert!(rulings.iter().all(|ruling| json!(ruling) == ruling.word()));
    }
}
