//! What people see of a running story, without words: the same for every language.

use mocks::kit::clock::Pace;
use mocks::kit::journal::{Entry, Kind, Verdict};
use mocks::kit::room::Room;
use serde::Serialize;
use serde_json::Value;

use super::{Record, json};
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Waiting,
    Now,
    Done,
    Failed,
}

/// A text message on the lead's phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PhoneLine {
    /// The system that sent it.
    pub from: String,
    pub text: String,
    pub at: String,
}

/// A running story as it stands.
#[derive(Debug, Clone, Default, Serialize)]
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
    /// The card of the lead in the cast.
    pub persona: Value,
    /// The bodies of the decisions made so far, each with the `seq` of its entry.
    pub decisions: Vec<Value>,
    pub phone: Vec<PhoneLine>,
    /// What the lead's bank last said the balance is, such as `100.00 XTS`.
    pub balance: Option<String>,
    #[serde(skip)]
    read: usize,
    /// The last entry of the journal when the story ended; 0 before.
    #[serde(skip)]
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
            persona: values.get("persona").cloned().unwrap_or(Value::Null),
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
        let phone = self.persona["phone"].as_str().unwrap_or_default().to_owned();
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
        let mut body = json(&entry.body);
        if entry.action.starts_with("decision ") {
            body["seq"] = entry.seq.into();
            self.decisions.push(body);
        } else if body["msisdn"].as_str().is_some_and(|m| m == phone)
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
