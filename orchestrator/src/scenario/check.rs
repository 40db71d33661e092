//! Checks a story before anything is sent: unknown names, dangling references, captures that nothing uses, texts that
//! are missing or belong to nothing.

use std::collections::{BTreeMap, BTreeSet};

use mocks::kit::seed::People;
use serde_json::Value;
use serde_saphyr::Spanned;

use super::problem::{Problem, offer};
use super::values::{Values, references};
use super::{Criterion, Plan, Step, Story, Verb};

/// Names that expressions may use besides kept values.
const GIVEN: [&str; 7] = ["status", "body", "request", "count", "persona", "cast", "inputs"];

/// What a request begins with.
const METHODS: [&str; 6] = ["GET ", "POST ", "PUT ", "PATCH ", "DELETE ", "HEAD "];

/// Everything that is wrong with `story`.
pub(super) fn check(story: &Story, people: &People) -> Vec<Problem> {
    let mut inspector = Inspector {
        file: format!("scenarios/{}/scenario.yaml", story.name),
        systems: mocks::ALL.iter().map(|s| s.name).collect(),
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
    inspector.check_branches(story);
    for branch in std::iter::once("").chain(scenario.branches.keys().map(String::as_str)) {
        if let Some(plan) = scenario.plan(branch) {
            inspector.check_plan(story, &plan);
        }
    }
    inspector.check_texts(story);
    inspector.problems.sort();
    inspector.problems.dedup();
    inspector.problems
}

struct Inspector<'a> {
    file: String,
    systems: Vec<&'static str>,
    people: &'a People,
    problems: Vec<Problem>,
}

impl Inspector<'_> {
    fn complain<T>(&mut self, at: &Spanned<T>, what: String, hint: String) {
        self.problems.push(Problem::at(&self.file, at, what, hint));
    }

    fn check_branches(&mut self, story: &Story) {
        let ids: Vec<String> = story.scenario.steps.iter().map(|s| s.id.value.clone()).collect();
        let known = |id: &String| ids.contains(id);
        for (name, branch) in &story.scenario.branches {
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
        }
    }

    fn check_plan(&mut self, story: &Story, plan: &Plan) {
        let values = Values::new(self.people, &plan.persona, &plan.inputs);
        if values.get("persona").is_none_or(Value::is_null) {
            let branch = story.scenario.branches.get(&plan.branch).and_then(|b| b.persona.as_ref());
            let place = branch.unwrap_or(&story.scenario.persona).clone();
            let known = values
                .get("cast")
                .and_then(Value::as_object)
                .map(|c| c.keys().cloned().collect::<Vec<_>>());
            let hint = offer(&plan.persona, known.iter().flatten().map(String::as_str));
            self.complain(&place, format!("nobody of the cast is called `{}`", plan.persona), hint);
            return;
        }
        let mut seen = BTreeSet::new();
        let mut kept: BTreeMap<String, (Spanned<String>, bool)> = BTreeMap::new();
        for step in &plan.steps {
            if !seen.insert(step.id.value.clone()) {
                let what = format!("two steps are called `{}`", step.id.value);
                self.complain(&step.id, what, String::from("give each step an id of its own"));
            }
            self.check_step(step, &values, &mut kept);
        }
        for (name, (place, used)) in kept {
            if !used && plan.branch.is_empty() {
                let what = format!("`{name}` is kept and never used");
                self.complain(
                    &place,
                    what,
                    String::from("use it in a later step, or do not keep it"),
                );
            }
        }
    }

    fn check_step(
        &mut self,
        step: &Step,
        values: &Values,
        kept: &mut BTreeMap<String, (Spanned<String>, bool)>,
    ) {
        let Some(verb) = step.verb() else {
            let hint = String::from("give it one of: act, watch, check, advance, break");
            self.complain(
                &step.id,
                format!("step `{}` has not exactly one verb", step.id.value),
                hint,
            );
            return;
        };
        for (place, text) in texts_of(step, verb) {
            for path in references(&text) {
                self.check_reference(&place, path, values, kept);
            }
        }
        for system in systems_of(verb) {
            let known = |name: &str| self.systems.contains(&name) || name == "persona";
            if !known(&system.value) {
                let hint = offer(&system.value, self.systems.iter().copied());
                self.complain(system, format!("there is no system `{}`", system.value), hint);
            }
        }
        self.check_verb(step, verb);
        for criterion in &step.expect {
            self.check_criterion(criterion, kept);
        }
        for (name, path) in &step.keep {
            let legal = path.value.starts_with("header.")
                || serde_json_path::JsonPath::parse(&path.value).is_ok();
            if !legal {
                let hint = String::from(
                    "write a JSONPath such as `$.application_id`, or `header.location`",
                );
                self.complain(path, format!("`{}` is no JSONPath", path.value), hint);
            }
            kept.entry(name.clone()).or_insert_with(|| (path.clone(), false));
        }
    }

    fn check_verb(&mut self, step: &Step, verb: Verb<'_>) {
        let request = match verb {
            Verb::Act(act) => Some(&act.request),
            Verb::Check(ask) => Some(&ask.request),
            Verb::Watch(watch) => watch.request.as_ref(),
            Verb::Advance(by) => {
                if by.value.parse::<jiff::SignedDuration>().is_err()
                    && by.value.parse::<jiff::Timestamp>().is_err()
                {
                    let hint =
                        String::from("write `PT24H`, or a moment such as `2026-11-08T08:00:00Z`");
                    self.complain(
                        by,
                        format!("`{}` is neither a time nor a moment", by.value),
                        hint,
                    );
                }
                None
            }
            Verb::Break(fault) => {
                if fault.clear == fault.fault.is_some() {
                    let hint = String::from(
                        "write `fault: {kind: refusing, status: 503}`, or `clear: true`",
                    );
                    self.complain(
                        &fault.at,
                        String::from("a break sets one fault or clears them all"),
                        hint,
                    );
                }
                None
            }
        };
        if let Some(request) = request
            && !METHODS.iter().any(|m| request.value.starts_with(m))
        {
            let hint = String::from("write method and path: `POST /portal/applications`");
            self.complain(
                request,
                format!("step `{}` has a request without a method", step.id.value),
                hint,
            );
        }
        if let Verb::Watch(watch) = verb
            && watch.request.is_some() == watch.event.is_some()
        {
            let hint = String::from("write `request: POST /quotes`, or `event: decision D2`");
            self.complain(
                &step.id,
                format!("step `{}` watches for no message", step.id.value),
                hint,
            );
        }
    }

    fn check_reference(
        &mut self,
        place: &Spanned<String>,
        path: &str,
        values: &Values,
        kept: &mut BTreeMap<String, (Spanned<String>, bool)>,
    ) {
        let first = path.split('.').next().unwrap_or_default();
        if let Some((_, used)) = kept.get_mut(first) {
            *used = true;
        } else if values.get(path).is_none() {
            let given = ["persona.uin", "persona.phone", "persona.name", "persona.birth_date"];
            let known = kept.keys().map(String::as_str).chain(given);
            let hint = offer(path, known);
            self.complain(place, format!("`${{{path}}}` refers to nothing"), hint);
        }
    }

    fn check_criterion(
        &mut self,
        criterion: &Criterion,
        kept: &mut BTreeMap<String, (Spanned<String>, bool)>,
    ) {
        let text = &criterion.text;
        let program = match criterion.program() {
            Ok(program) => program,
            Err(error) => {
                let what = format!("`{}` is no expression: {error}", text.value);
                self.complain(
                    text,
                    what,
                    String::from(r#"write CEL, such as `body.state == "draft"`"#),
                );
                return;
            }
        };
        for name in program.references().variables() {
            if let Some((_, used)) = kept.get_mut(name) {
                *used = true;
            } else if !GIVEN.contains(&name) && !bound_inside(&text.value, name) {
                let hint = offer(name, kept.keys().map(String::as_str).chain(GIVEN));
                self.complain(text, format!("`{name}` is no value here"), hint);
            }
        }
    }

    fn check_texts(&mut self, story: &Story) {
        let scenario = &story.scenario;
        let mut steps: BTreeMap<&str, &Spanned<String>> = BTreeMap::new();
        let added =
            scenario.branches.values().flat_map(|b| b.before.values().flatten().chain(&b.then));
        for step in scenario.steps.iter().chain(added) {
            steps.insert(&step.id.value, &step.id);
        }
        for (language, texts) in story.languages() {
            let file = format!("texts/{language}.yaml");
            for (id, place) in &steps {
                if !texts.steps.contains_key(*id) {
                    self.complain(
                        place,
                        format!("step `{id}` has no text in {file}"),
                        String::from("add it under `steps:`"),
                    );
                }
            }
            for id in texts.steps.keys().filter(|id| !steps.contains_key(id.as_str())) {
                let hint = offer(id, steps.keys().copied());
                self.problems.push(Problem::located(
                    &self.file.replace("scenario.yaml", &file),
                    None,
                    format!("there is no step `{id}`"),
                    hint,
                ));
            }
            for id in scenario.branches.keys().filter(|id| !texts.branches.contains_key(*id)) {
                self.complain(
                    &scenario.story,
                    format!("branch {id} has no text in {file}"),
                    String::from("add it under `branches:`"),
                );
            }
        }
    }
}

/// A name that a macro of the expression itself introduces: `x` in `body.all(x, x > 1)`.
fn bound_inside(expression: &str, name: &str) -> bool {
    ["all", "exists", "exists_one", "filter", "map"]
        .iter()
        .any(|m| expression.contains(&format!(".{m}({name},")))
}

/// The texts of a step in which `${...}` may stand, each with the place to point at.
fn texts_of(step: &Step, verb: Verb<'_>) -> Vec<(Spanned<String>, String)> {
    match verb {
        Verb::Act(act) => {
            let mut texts = vec![act.request.value.clone()];
            texts.extend(act.json.as_ref().map(Value::to_string));
            texts.extend(act.form.iter().flat_map(BTreeMap::values).cloned());
            texts.into_iter().map(|t| (act.request.clone(), t)).collect()
        }
        Verb::Check(ask) => vec![(ask.request.clone(), ask.request.value.clone())],
        Verb::Watch(_) | Verb::Advance(_) | Verb::Break(_) => {
            step.actor.iter().map(|a| (a.clone(), a.value.clone())).collect()
        }
    }
}

fn systems_of(verb: Verb<'_>) -> Vec<&Spanned<String>> {
    match verb {
        Verb::Act(act) => act.to.iter().collect(),
        Verb::Watch(watch) => watch.from.iter().chain(&watch.to).collect(),
        Verb::Check(ask) => vec![&ask.at],
        Verb::Break(fault) => vec![&fault.at],
        Verb::Advance(_) => Vec::new(),
    }
}
