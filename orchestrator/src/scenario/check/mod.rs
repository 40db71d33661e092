//! Checks a story before anything is sent: unknown names, dangling references, captures that nothing uses, messages
//! that no system takes, texts that are missing or belong to nothing.

mod events;
mod inputs;
mod routes;
mod steps;
mod texts;

use mocks::kit::seed::People;
use serde_saphyr::Spanned;

use super::problem::{Problem, offer};
use super::{Scenario, Story};

/// Who acts in stories without being of the cast or a system: people at work, called by their office.
pub const AT_WORK: [&str; 2] = ["officer", "clerk"];

/// A file of the story, as people find it, and what stands in it.
#[derive(Debug)]
pub(super) struct Source<'a> {
    /// The language of a file of texts.
    pub(super) language: &'a str,
    pub(super) shown: String,
    pub(super) text: String,
}

/// Everything that is wrong with `story`, which stands in `file`; `sources` are its files of texts.
pub(super) fn check(
    story: &Story,
    people: &People,
    file: String,
    sources: &[Source<'_>],
) -> Vec<Problem> {
    let mut inspector = Inspector {
        file,
        systems: mocks::ALL.iter().map(|s| s.name).collect(),
        actors: actors(people),
        people,
        problems: Vec::new(),
    };
    let scenario = &story.scenario;
    if scenario.story.value != story.name {
        let hint = format!("write `story: {}`, the name of the folder", story.name);
        inspector.complain(
            &scenario.story,
            String::from("the story has another name than its folder"),
            hint,
        );
    }
    if scenario.steps.is_empty() {
        let hint = String::from("write at least one step below `steps:`");
        inspector.complain(&scenario.story, String::from("the story has no steps"), hint);
        return inspector.problems;
    }
    inspector.check_branches(scenario);
    inspector.check_inputs(scenario);
    for branch in std::iter::once("").chain(scenario.branches.keys().map(String::as_str)) {
        if let Some(plan) = scenario.plan(branch) {
            inspector.check_plan(story, &plan);
        }
    }
    inspector.check_texts(story, sources);
    inspector.problems.sort();
    inspector.problems.dedup();
    inspector.problems
}

struct Inspector<'a> {
    file: String,
    systems: Vec<&'static str>,
    /// Who may act: the cast, the systems, and people at work.
    actors: Vec<String>,
    people: &'a People,
    problems: Vec<Problem>,
}

impl Inspector<'_> {
    fn complain<T>(&mut self, at: &Spanned<T>, what: String, hint: String) {
        self.problems.push(Problem::at(&self.file, at, what, hint));
    }

    fn check_branches(&mut self, scenario: &Scenario) {
        let ids: Vec<String> = scenario.steps.iter().map(|s| s.id.value.clone()).collect();
        let known = |id: &String| ids.contains(id);
        for (name, branch) in &scenario.branches {
            for id in branch.without.iter().chain(&branch.until).filter(|id| !known(&id.value)) {
                let what = format!(
                    "branch {name} names a step `{}` that the story does not have",
                    id.value
                );
                let hint = offer(&id.value, ids.iter().map(String::as_str));
                self.complain(id, what, hint);
            }
            for (id, steps) in branch.before.iter().filter(|(id, _)| !known(id)) {
                let Some(first) = steps.first() else { continue };
                let what = format!(
                    "branch {name} puts steps before `{id}`, which the story does not have"
                );
                let hint = offer(id, ids.iter().map(String::as_str));
                self.complain(&first.id, what, hint);
            }
            let unknown = |(input, _): &(&String, _)| !scenario.inputs.contains_key(*input);
            for (input, value) in branch.inputs.iter().filter(unknown) {
                let what =
                    format!("branch {name} sets an input `{input}` that the story does not have");
                let hint = offer(input, scenario.inputs.keys().map(String::as_str));
                self.complain(value, what, hint);
            }
        }
    }
}

fn actors(people: &People) -> Vec<String> {
    let cards = people.cast_cards();
    let cast = cards.as_array().into_iter().flatten().filter_map(|card| card["id"].as_str());
    let systems = mocks::ALL.iter().map(|s| s.name);
    std::iter::once("persona").chain(AT_WORK).chain(cast).chain(systems).map(String::from).collect()
}
