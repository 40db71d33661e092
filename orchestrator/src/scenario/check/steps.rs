//! What is wrong with the steps of a plan: names, references, requests, expectations.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use mocks::kit::faults::NO_TIMES;
use serde_json::Value;
use serde_saphyr::Spanned;

use super::super::problem::offer;
use super::super::values::{Values, references};
use super::super::{Break, Criterion, Plan, Step, Story, Verb};
use super::{Inspector, routes};

/// What a request begins with.
const METHODS: [&str; 6] = ["GET ", "POST ", "PUT ", "PATCH ", "DELETE ", "HEAD "];
/// Names that expressions may use besides kept values.
const GIVEN: [&str; 7] = ["status", "body", "request", "count", "persona", "cast", "inputs"];

/// Whether a step can be called so: its id travels in a header with every message.
fn is_id(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    (1..=64).contains(&text.len()) && text.chars().all(fits)
}

impl Inspector<'_> {
    pub(super) fn check_plan(&mut self, story: &Story, plan: &Plan) {
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
            if !is_id(&step.id.value) {
                let what = format!("`{}` is no id of a step", step.id.value);
                let hint = "write 1 to 64 letters without accents, digits and hyphens";
                self.complain(&step.id, what, String::from(hint));
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
        let inputs = values.get("inputs").and_then(Value::as_object);
        let inputs: Vec<&String> = inputs.into_iter().flat_map(serde_json::Map::keys).collect();
        for criterion in &step.expect {
            self.check_criterion(criterion, kept);
            self.check_named_inputs(&criterion.text, &inputs);
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
        match verb {
            Verb::Act(act) => {
                let to = act.to.as_ref().map(|to| to.value.as_str());
                self.check_request(step, &act.request, |request| match to {
                    Some(system) => routes::takes(system, request),
                    None => true,
                });
            }
            Verb::Check(ask) => {
                let at = ask.at.value.as_str();
                self.check_request(step, &ask.request, |request| routes::takes(at, request));
            }
            Verb::Watch(watch) => {
                let to = watch.to.as_ref().map(|to| to.value.as_str());
                if let Some(request) = &watch.request {
                    self.check_request(step, request, |action| routes::serves(to, action));
                }
                if watch.request.is_some() == watch.event.is_some() {
                    let hint =
                        String::from("write `request: POST /quotes`, or `event: decision D2`");
                    let what = format!("step `{}` watches for no message", step.id.value);
                    self.complain(&step.id, what, hint);
                }
                self.check_event(watch);
            }
            Verb::Advance(by) => self.check_advance(by),
            Verb::Break(fault) => self.check_break(fault),
        }
        if let Some(actor) = &step.actor
            && !self.actors.contains(&actor.value)
        {
            let hint = offer(&actor.value, self.actors.iter().map(String::as_str));
            self.complain(actor, format!("nobody is called `{}` here", actor.value), hint);
        }
    }

    /// A request has a method, and somebody takes it: a message that cannot come is never waited for in vain, and its
    /// absence proves nothing.
    fn check_request(
        &mut self,
        step: &Step,
        request: &Spanned<String>,
        taken: impl FnOnce(&str) -> bool,
    ) {
        if !METHODS.iter().any(|method| request.value.starts_with(method)) {
            let hint = String::from("write method and path: `POST /portal/applications`");
            let what = format!("step `{}` has a request without a method", step.id.value);
            self.complain(request, what, hint);
            return;
        }
        if taken(&request.value) {
            return;
        }
        let system = match step.verb() {
            Some(Verb::Act(act)) => act.to.as_ref(),
            Some(Verb::Check(ask)) => Some(&ask.at),
            Some(Verb::Watch(watch)) => watch.to.as_ref(),
            _ => None,
        };
        self.complain_of_route(system.map(|s| s.value.as_str()), request);
    }

    fn complain_of_route(&mut self, system: Option<&str>, request: &Spanned<String>) {
        // A wrong name of a system is complained of already.
        if system.is_some_and(|name| !self.systems.contains(&name)) {
            return;
        }
        let what = match system {
            Some(name) => format!("`{name}` does not take `{}`", request.value),
            None => format!("no system takes `{}`", request.value),
        };
        self.complain(request, what, routes::offer_route(system, &request.value));
    }

    fn check_advance(&mut self, by: &Spanned<String>) {
        let text = by.value.as_str();
        let time = text.starts_with('P').then(|| text.parse::<SignedDuration>().ok()).flatten();
        if time.is_some_and(|time| time.is_positive()) || text.parse::<Timestamp>().is_ok() {
            return;
        }
        let hint = String::from("write `PT24H`, or a moment such as `2026-11-08T08:00:00Z`");
        let backwards = text.parse::<SignedDuration>().is_ok_and(|time| !time.is_positive());
        let what = if backwards {
            format!("`{text}` does not move the clock forward")
        } else {
            format!("`{text}` is neither a time nor a moment")
        };
        self.complain(by, what, hint);
    }

    fn check_break(&mut self, fault: &Break) {
        if fault.clear == fault.fault.is_some() {
            let hint =
                String::from("write `fault: {kind: refusing, status: 503}`, or `clear: true`");
            self.complain(
                &fault.at,
                String::from("a break sets one fault or clears them all"),
                hint,
            );
        }
        if let Some(times) = fault.times.as_ref().filter(|times| times.value == 0) {
            let (what, hint) = NO_TIMES.split_once(": write").unwrap_or((NO_TIMES, ""));
            self.complain(times, what.to_owned(), format!("write{hint}"));
        }
        let spare = [fault.on.as_ref().map(|_| "on"), fault.times.as_ref().map(|_| "times")];
        if let (true, Some(field)) = (fault.clear, spare.into_iter().flatten().next()) {
            let what = format!("`{field}` means nothing where all faults of a system are cleared");
            self.complain(&fault.at, what, String::from("leave it out"));
        }
        let at = fault.at.value.as_str();
        if let Some(on) = &fault.on
            && !routes::serves(Some(at), &on.value)
        {
            self.complain_of_route(Some(at), on);
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
        if criterion.gives_no_verdict() {
            let what = format!("`{}` is neither true nor false", text.value);
            self.complain(text, what, String::from("compare it with something: `status == 200`"));
        }
        for name in program.references().variables() {
            if let Some((_, used)) = kept.get_mut(name) {
                *used = true;
            } else if !GIVEN.contains(&name) && !bound_inside(&text.value, name) {
                let hint = offer(name, kept.keys().map(String::as_str).chain(GIVEN));
                self.complain(text, format!("`{name}` is no value here"), hint);
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
