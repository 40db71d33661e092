//! What people see of a running story, without words: the same for every language.

use std::sync::Arc;

use mocks::kit::clock::Pace;
use mocks::kit::journal::{Entry, Kind, Verdict};
use mocks::kit::room::Room;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::sync::watch;

use super::{Decision, Record, json};
use crate::scenario::{Plan, Values};

/// How a story stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    #[default]
    Idle,
    Playing,
    /// Ended, and everything held.
    Held,
    /// Ended, and something did not hold.
    Broken,
}

/// How a step stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    #[default]
    Waiting,
    Now,
    Done,
    Failed,
}

impl StepState {
    /// The word for this on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Now => "now",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// The lead of a story, as the cast has her or him.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Persona {
    pub id: String,
    pub name: String,
    pub age: i64,
    pub phone: Option<String>,
    /// What else the card of the cast says.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

impl Persona {
    fn of(values: &Values) -> Self {
        let card = values.get("persona").cloned().unwrap_or_default();
        serde_json::from_value(card).unwrap_or_else(|error| {
            tracing::error!(%error, "the card of a story's lead cannot be read");
            Self::default()
        })
    }
}

/// A text message on the lead's phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PhoneLine {
    /// The system that sent it.
    pub from: String,
    pub text: String,
    pub at: String,
}

/// Changes what is shown, and tells everybody who watches.
pub(crate) fn change(shown: &watch::Sender<Arc<Show>>, change: impl FnOnce(&mut Show)) {
    shown.send_modify(|show| change(Arc::make_mut(show)));
}

/// A running story as it stands.
#[derive(Debug, Clone, Default)]
pub struct Show {
    pub story: String,
    pub branch: String,
    pub state: State,
    /// Why it broke; empty otherwise.
    pub note: String,
    /// The id of the current step.
    pub step: String,
    pub steps: Vec<(String, StepState)>,
    pub pace: Option<Pace>,
    /// Machine time since the start, in microseconds.
    pub elapsed_us: i64,
    pub messages: usize,
    /// Signatures that were checked and right.
    pub signatures: usize,
    pub clock: String,
    pub persona: Persona,
    /// The decisions made so far.
    pub decisions: Vec<Decision>,
    pub phone: Vec<PhoneLine>,
    /// What the lead's bank last said the balance is, such as `100.00 XTS`.
    pub balance: Option<String>,
    read: usize,
    /// The last entry of the journal when the story ended; 0 before.
    pub ended_at: i64,
}

impl Show {
    /// The show at the start of a plan.
    pub fn start(plan: &Plan, values: &Values, room: &Room) -> Self {
        Self {
            story: plan.story.clone(),
            branch: plan.branch.clone(),
            state: State::Playing,
            steps: plan.steps.iter().map(|s| (s.id.value.clone(), StepState::Waiting)).collect(),
            pace: Some(room.clock.pace()),
            clock: room.stamp(),
            persona: Persona::of(values),
            ..Self::default()
        }
    }

    pub(super) fn mark(&mut self, step: &str, state: StepState) {
        step.clone_into(&mut self.step);
        for (id, old) in &mut self.steps {
            if id == step {
                *old = state;
            }
        }
    }

    /// Machine time since the start, in milliseconds.
    pub fn elapsed_ms(&self) -> f64 {
        f64::from(u32::try_from(self.elapsed_us).unwrap_or(u32::MAX)) / 1000.0
    }

    /// Whether an entry belongs to the picture of the story. What others send in the room when the story has ended is no
    /// part of it.
    pub fn shows(&self, entry: &Entry) -> bool {
        let ended = matches!(self.state, State::Held | State::Broken);
        !ended || entry.seq <= self.ended_at || !entry.step.is_empty()
    }

    /// Takes in what is new in the record.
    pub(super) fn digest(&mut self, record: &Record, room: &Room) {
        self.pace = Some(room.clock.pace());
        self.clock = room.stamp();
        let phone = self.persona.phone.clone().unwrap_or_default();
        for entry in record.entries().get(self.read..).unwrap_or_default() {
            self.messages += usize::from(entry.kind != Kind::Event);
            self.signatures += usize::from(entry.verdict == Verdict::Valid);
            match entry.kind {
                Kind::Event => self.take_event(entry, &phone),
                Kind::Request if entry.action == "POST /sms" => self.take_sms(entry, &phone),
                _ => {}
            }
        }
        self.read = record.entries().len();
    }

    fn take_event(&mut self, entry: &Entry, phone: &str) {
        if let Some(decision) = Decision::told_in(entry) {
            self.decisions.push(decision);
            return;
        }
        let body = json(&entry.body);
        if body["msisdn"].as_str().is_some_and(|m| m == phone)
            && let Some(balance) = body["balance"].as_str()
        {
            self.balance = Some(balance.to_owned());
        }
    }

    fn take_sms(&mut self, entry: &Entry, phone: &str) {
        let body = json(&entry.body);
        if body["to"].as_str().is_some_and(|to| to == phone) {
            let text = body["text"].as_str().unwrap_or_default().to_owned();
            self.phone.push(PhoneLine { from: entry.from.clone(), text, at: entry.at.clone() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_send_after_the_end_is_no_part_of_the_picture() {
        let entry = |seq, step: &str| Entry { seq, step: step.into(), ..Entry::default() };
        let mut show = Show { state: State::Playing, ..Show::default() };
        assert!(show.shows(&entry(8, "")), "a story under way shows whatever happens in its room");
        (show.state, show.ended_at) = (State::Held, 7);
        assert!(show.shows(&entry(7, "")) && show.shows(&entry(8, "apply")));
        assert!(!show.shows(&entry(8, "")));
    }
}
