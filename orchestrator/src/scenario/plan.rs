//! The steps that are really played: the main story, or a branch of it.

use std::collections::BTreeMap;

use mocks::kit::faults::Misbehaviour;
use serde_saphyr::Spanned;

use super::{Scenario, Step};

/// A story ready to be played: its lead, inputs and steps.
#[derive(Debug, Clone)]
pub struct Plan {
    pub story: String,
    /// Empty for the main story.
    pub branch: String,
    pub persona: String,
    /// How many people the country must have.
    pub people: usize,
    pub inputs: BTreeMap<String, String>,
    pub steps: Vec<Step>,
    /// Trouble that people chose beside the story, by system: in force before its first message.
    pub trouble: Vec<(String, Misbehaviour)>,
}

/// A story needs more people than live in the country.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "this story needs a country of {needed} people, and {population} live here: start it with --people {needed}"
)]
pub struct TooSmall {
    needed: usize,
    population: usize,
}

impl Plan {
    /// Whether a country of so many people is large enough; the error says what would be.
    pub fn fits(&self, population: usize) -> Result<(), TooSmall> {
        let needed = self.people;
        if population >= needed { Ok(()) } else { Err(TooSmall { needed, population }) }
    }
}

impl Scenario {
    /// The plan of a branch, or of the main story where `branch` is empty; `None` where there is no such branch.
    pub fn plan(&self, branch: &str) -> Option<Plan> {
        let mut plan = Plan {
            story: self.story.value.clone(),
            branch: branch.into(),
            persona: self.persona.value.clone(),
            people: self.people,
            inputs: written(&self.inputs),
            steps: self.steps.clone(),
            trouble: Vec::new(),
        };
        if branch.is_empty() {
            return Some(plan);
        }
        let change = self.branches.get(branch)?;
        if let Some(persona) = &change.persona {
            plan.persona.clone_from(&persona.value);
        }
        plan.inputs.extend(written(&change.inputs));
        let mut steps = Vec::new();
        for step in &self.steps {
            let id = &step.id.value;
            steps.extend(change.before.get(id).into_iter().flatten().cloned());
            if !change.without.iter().any(|w| w.value == *id) {
                steps.push(step.clone());
            }
            if change.until.as_ref().is_some_and(|last| last.value == *id) {
                break;
            }
        }
        steps.extend(change.then.iter().cloned());
        plan.steps = steps;
        Some(plan)
    }
}

/// Inputs without the places where they stand.
fn written(inputs: &BTreeMap<String, Spanned<String>>) -> BTreeMap<String, String> {
    inputs.iter().map(|(name, value)| (name.clone(), value.value.clone())).collect()
}
