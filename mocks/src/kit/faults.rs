//! Faults: what can go wrong at a system's door, chosen and never random.
//!
//! Set by a scenario's `break`, by `/_arenoa/faults`, or for one request by the header `arenoa-fault`.

use std::sync::{Mutex, PoisonError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a system does wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum Misbehaviour {
    /// Answers, but late.
    Late { delay_ms: u64 },
    /// Takes the request and never answers.
    Silent,
    /// Refuses with an HTTP status and the standard's own error body.
    Refusing { status: u16 },
    /// Does its work twice, as if the request had come twice.
    Duplicating,
    /// Changes one byte of the request's body on its way in, so that a signature breaks.
    Tampering,
}

/// A fault that is in force at a system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fault {
    #[serde(flatten)]
    pub what: Misbehaviour,
    /// Only requests with this action, such as `POST /quotes`; every request where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// How many more requests it hits; until cleared where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

/// So many are in force at one system at the most; beyond, each new one takes the place of the oldest.
const MOST_FAULTS: usize = 100;

/// The faults in force at one system.
#[derive(Debug, Default)]
pub struct Faults(Mutex<Vec<Set>>);

/// A fault, and whether a story set it: then it goes with the story.
#[derive(Debug)]
struct Set {
    fault: Fault,
    by_story: bool,
}

impl Faults {
    /// The faults in force.
    pub fn list(&self) -> Vec<Fault> {
        self.lock().iter().map(|set| set.fault.clone()).collect()
    }

    /// Puts a fault in force, after those that are there. It stays when a story starts.
    pub fn set(&self, fault: Fault) {
        self.add(Set { fault, by_story: false });
    }

    /// Puts a fault in force that ends with the story.
    pub fn set_for_story(&self, fault: Fault) {
        self.add(Set { fault, by_story: true });
    }

    fn add(&self, set: Set) {
        let mut faults = self.lock();
        if faults.len() >= MOST_FAULTS {
            faults.remove(0);
        }
        faults.push(set);
    }

    /// Ends the faults that a story set.
    pub fn end_story(&self) {
        self.lock().retain(|set| !set.by_story);
    }

    /// Ends all faults.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The first fault that hits a request with this action, counted down.
    pub fn strike(&self, action: &str) -> Option<Misbehaviour> {
        let mut faults = self.lock();
        let strikes = |set: &Set| set.fault.on.as_deref().is_none_or(|on| on == action);
        let hit = faults.iter().position(strikes)?;
        let fault = &mut faults[hit].fault;
        let what = fault.what.clone();
        if let Some(times) = &mut fault.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                faults.remove(hit);
            }
        }
        Some(what)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Set>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the header `arenoa-fault`: `late:800`, `silent`, `refusing:503`, `duplicating`, `tampering`.
pub fn from_header(text: &str) -> Result<Misbehaviour, String> {
    let (word, number) = text.split_once(':').unwrap_or((text, ""));
    let wrong = || {
        format!(
            "unknown fault `{text}`: write late:MS, silent, refusing:STATUS, duplicating or tampering"
        )
    };
    Ok(match word.trim() {
        "late" => Misbehaviour::Late { delay_ms: number.parse().map_err(|_| wrong())? },
        "refusing" => Misbehaviour::Refusing { status: number.parse().map_err(|_| wrong())? },
        "silent" => Misbehaviour::Silent,
        "duplicating" => Misbehaviour::Duplicating,
        "tampering" => Misbehaviour::Tampering,
        _ => return Err(wrong()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_with_a_number_of_times_ends_by_itself() {
        let faults = Faults::default();
        let on = Some(String::from("POST /quotes"));
        faults.set(Fault { what: Misbehaviour::Refusing { status: 503 }, on, times: Some(1) });
        assert_eq!(faults.strike("POST /transfers"), None);
        assert_eq!(faults.strike("POST /quotes"), Some(Misbehaviour::Refusing { status: 503 }));
        assert_eq!(faults.strike("POST /quotes"), None);
    }

    #[test]
    fn a_story_takes_its_faults_with_it_and_leaves_those_of_people() {
        let faults = Faults::default();
        let fault = |what| Fault { what, on: None, times: None };
        faults.set(fault(Misbehaviour::Silent));
        faults.set_for_story(fault(Misbehaviour::Tampering));
        faults.end_story();
        assert_eq!(faults.list(), [fault(Misbehaviour::Silent)]);
    }

    #[test]
    fn a_hundred_faults_are_enough() {
        let faults = Faults::default();
        for delay_ms in 0..150 {
            faults.set(Fault { what: Misbehaviour::Late { delay_ms }, on: None, times: None });
        }
        assert_eq!(faults.list().len(), MOST_FAULTS);
        assert_eq!(faults.strike("POST /quotes"), Some(Misbehaviour::Late { delay_ms: 50 }));
    }

    #[test]
    fn an_unknown_fault_is_told_what_there_is() {
        assert!(from_header("melting").unwrap_err().contains("refusing:STATUS"));
    }
}
