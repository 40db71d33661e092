//! A scenario as its author writes it: `scenario.yaml`. Five verbs and no scripting; see `scenarios/README.md`.
//!
//! Where Arazzo has a word for a thing, the meaning is kept: a step has a step id, outputs (`keep`), success criteria
//! (`expect`), a timeout, and inputs.

mod check;
mod criterion;
mod library;
mod plan;
mod problem;
mod texts;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use mocks::kit::faults::Misbehaviour;
use serde::Deserialize;
use serde_json::Value;
use serde_saphyr::Spanned;

pub use check::AT_WORK;
pub use criterion::Criterion;
pub use library::{Library, Story, UnknownStory, named};
pub use plan::{Plan, TooSmall};
pub use problem::{Problem, Problems, offer};
pub use texts::{MessageText, StepText, Texts};
pub use values::Values;

/// `scenario.yaml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The name of the folder and of the page: `old-age-pension`.
    pub story: Spanned<String>,
    /// The number in the catalogue: `S01`.
    pub id: String,
    /// Programme family: social assistance, social insurance, labour market, social care.
    pub family: String,
    /// How long it takes live, in minutes.
    pub minutes: u32,
    /// How many people the country must have for the numbers of the story; any country will do where it is not said.
    #[serde(default)]
    pub people: usize,
    /// DCI process ids, such as `PRS.CRVS.02`.
    #[serde(default)]
    pub processes: Vec<String>,
    /// The id of the lead in the cast.
    pub persona: Spanned<String>,
    /// Values that steps use as `${inputs.NAME}` and that a branch may change.
    #[serde(default)]
    pub inputs: BTreeMap<String, Spanned<String>>,
    pub steps: Vec<Step>,
    /// Small changes to the same story, by id: `F1`.
    #[serde(default)]
    pub branches: BTreeMap<String, Branch>,
}

/// One step: exactly one verb, and what must hold after it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub id: Spanned<String>,
    /// Who acts: `persona`, somebody of the cast, or a system.
    #[serde(default)]
    pub actor: Option<Spanned<String>>,
    #[serde(default)]
    pub act: Option<Act>,
    #[serde(default)]
    pub watch: Option<Watch>,
    #[serde(default)]
    pub check: Option<Ask>,
    #[serde(default)]
    pub advance: Option<Spanned<String>>,
    #[serde(default, rename = "break")]
    pub break_: Option<Break>,
    /// What must hold of the answer.
    #[serde(default)]
    pub expect: Vec<Criterion>,
    /// Outputs: name to JSONPath on the answer's body, or `header.NAME`.
    #[serde(default)]
    pub keep: BTreeMap<String, Spanned<String>>,
    /// How long to wait for messages of a guest, in real milliseconds. Our own systems need no time-out: the story
    /// knows when they have nothing left to do.
    #[serde(default)]
    pub timeout_ms: Option<u64>,
}

/// **act**: somebody sends a request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// The system that receives it; absent where `request` holds a whole address.
    #[serde(default)]
    pub to: Option<Spanned<String>>,
    /// `POST /portal/applications`, or `GET ${login}`.
    pub request: Spanned<String>,
    #[serde(default)]
    pub json: Option<Value>,
    #[serde(default)]
    pub form: Option<BTreeMap<String, String>>,
}

/// **check**: asks a system for its state. Not a message of the country.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    pub at: Spanned<String>,
    /// `GET /portal/applications/${application}`
    pub request: Spanned<String>,
}

/// **watch**: waits for a message that systems send each other by themselves.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    #[serde(default)]
    pub from: Option<Spanned<String>>,
    #[serde(default)]
    pub to: Option<Spanned<String>>,
    /// Method and route as the journal has them: `PUT /quotes/{id}`; or the name of an event: `decision D2`.
    #[serde(default)]
    pub request: Option<Spanned<String>>,
    #[serde(default)]
    pub event: Option<Spanned<String>>,
    /// The message must *not* have come, up to here in the story.
    #[serde(default)]
    pub never: bool,
}

/// **break**: sets a fault at a system, or clears its faults.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Break {
    pub at: Spanned<String>,
    #[serde(default)]
    pub fault: Option<Misbehaviour>,
    #[serde(default)]
    pub on: Option<Spanned<String>>,
    #[serde(default)]
    pub times: Option<Spanned<u32>>,
    /// Ends all faults at the system.
    #[serde(default)]
    pub clear: bool,
}

/// A branch: the same story with small changes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// Another lead.
    #[serde(default)]
    pub persona: Option<Spanned<String>>,
    #[serde(default)]
    pub inputs: BTreeMap<String, Spanned<String>>,
    /// Steps of the main story that are left out.
    #[serde(default)]
    pub without: Vec<Spanned<String>>,
    /// Steps put in before a step of the main story.
    #[serde(default)]
    pub before: BTreeMap<String, Vec<Step>>,
    /// The last step of the main story that is kept; the rest is dropped.
    #[serde(default)]
    pub until: Option<Spanned<String>>,
    /// Steps at the end.
    #[serde(default)]
    pub then: Vec<Step>,
}

impl Scenario {
    /// The systems that steps of the story or of its branches name.
    pub fn systems(&self) -> BTreeSet<&str> {
        let of_branches =
            self.branches.values().flat_map(|b| b.before.values().flatten().chain(&b.then));
        let verbs = self.steps.iter().chain(of_branches).filter_map(Step::verb);
        let named = verbs.flat_map(|verb| match verb {
            Verb::Act(act) => [act.to.as_ref(), None],
            Verb::Watch(watch) => [watch.from.as_ref(), watch.to.as_ref()],
            Verb::Check(ask) => [Some(&ask.at), None],
            Verb::Break(fault) => [Some(&fault.at), None],
            Verb::Advance(_) => [None, None],
        });
        named.flatten().map(|system| system.value.as_str()).collect()
    }
}

/// The verb of a step.
#[derive(Debug, Clone, Copy)]
pub enum Verb<'a> {
    Act(&'a Act),
    Watch(&'a Watch),
    Check(&'a Ask),
    Advance(&'a Spanned<String>),
    Break(&'a Break),
}

impl Step {
    /// The verb, where there is exactly one.
    pub fn verb(&self) -> Option<Verb<'_>> {
        let verbs = [
            self.act.as_ref().map(Verb::Act),
            self.watch.as_ref().map(Verb::Watch),
            self.check.as_ref().map(Verb::Check),
            self.advance.as_ref().map(Verb::Advance),
            self.break_.as_ref().map(Verb::Break),
        ];
        let mut given = verbs.into_iter().flatten();
        given.next().filter(|_| given.next().is_none())
    }
}
