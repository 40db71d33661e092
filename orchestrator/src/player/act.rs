//! **act** and **check**: the player sends a request, as a person or a system of the story would.

use std::sync::Arc;

use mocks::kit::cause::Cause;
use mocks::kit::courier::{EXAMINER, Letter, Reply, ask_aside, deliver};
use mocks::kit::room::Room;
use serde_json::Value;

use super::criteria::{Facts, hold};
use super::{Broken, Player, json};
use crate::scenario::{Act, Ask, Step, Values};

impl Player {
    pub(super) async fn act(&mut self, step: &Step, act: &Act) -> Result<(), Broken> {
        let (letter, base) = letter_of_act(&self.hall.room, act, &self.values)?;
        let actor = step.actor.as_ref().map_or("persona", |a| a.value.as_str());
        let from = if actor == "persona" { self.plan.persona.clone() } else { actor.to_owned() };
        self.acts += 1;
        let cause = Cause::root(&self.hall.room.name, &step.id.value, self.acts);
        let room = Arc::clone(&self.hall.room);
        let sent = async move { deliver(&room, &from, &cause, letter).await };
        let reply = self.follow(sent).await.map_err(|e| e.to_string())?;
        answer_of_act(step, &reply, &base, &mut self.values)
    }

    pub(super) async fn check(&mut self, step: &Step, ask: &Ask) -> Result<(), Broken> {
        let request = fill(&self.values, &ask.request.value)?;
        let (method, path) = request.split_once(' ').unwrap_or(("GET", &request));
        let letter = Letter::to(
            &ask.at.value,
            method.parse().map_err(|_| format!("`{method}` is no method"))?,
            path,
        )
        .header("accept", "application/json");
        self.quiet().await;
        let room = Arc::clone(&self.hall.room);
        let cause = Cause::root(&room.name, &step.id.value, 0);
        // A check is no message of the country, so it does not wait for the pace either.
        let reply = ask_aside(&room, EXAMINER, &cause, letter).await.map_err(|e| e.to_string())?;
        answer_of_act(step, &reply, "", &mut self.values)
    }
}

/// The letter of an act, and the address that redirects in its answer are relative to.
pub(crate) fn letter_of_act(
    room: &Room,
    act: &Act,
    values: &Values,
) -> Result<(Letter, String), String> {
    let request = fill(values, &act.request.value)?;
    let (method, target) = request.split_once(' ').unwrap_or(("GET", &request));
    let method = method.parse().map_err(|_| format!("`{method}` is no method"))?;
    let (mut letter, base) = match &act.to {
        Some(system) => {
            let base = room.base_of(&system.value).unwrap_or_default();
            (Letter::to(&system.value, method, target), format!("{base}{target}"))
        }
        None => (Letter::to_address(method, target), target.to_owned()),
    };
    if let Some(body) = &act.json {
        letter = letter.json(&values.fill_json(body).map_err(|path| missing(&path))?);
    }
    if let Some(fields) = &act.form {
        let filled = fields.iter().map(|(k, v)| Ok((k.as_str(), fill(values, v)?)));
        let filled = filled.collect::<Result<Vec<_>, String>>()?;
        let pairs: Vec<(&str, &str)> = filled.iter().map(|(k, v)| (*k, v.as_str())).collect();
        letter = letter.form(&pairs);
    }
    Ok((letter, base))
}

/// Holds an answer against the step's criteria and keeps its outputs.
pub(crate) fn answer_of_act(
    step: &Step,
    reply: &Reply,
    base: &str,
    values: &mut Values,
) -> Result<(), Broken> {
    let body = json(&String::from_utf8_lossy(&reply.body));
    let facts = Facts { status: reply.status, body: &body, request: &Value::Null, count: 1 };
    if step.expect.is_empty() && reply.status >= 400 {
        return Err(format!("the answer was {}", facts.answer()).into());
    }
    hold(&step.expect, &facts, values)?;
    for (name, path) in &step.keep {
        let value = match path.value.strip_prefix("header.") {
            Some(header) => reply.header(header).map(|text| Value::String(absolute(base, text))),
            None => first_at(&body, &path.value),
        };
        let value = value.ok_or_else(|| {
            let (came, path) = (shortened(&body), &path.value);
            format!("`{name}` could not be kept: the answer {came} has nothing at `{path}`")
        })?;
        values.keep(name, value);
    }
    Ok(())
}

fn fill(values: &Values, text: &str) -> Result<String, String> {
    values.fill(text).map_err(|path| missing(&path))
}

fn missing(path: &str) -> String {
    format!("`${{{path}}}` has no value yet; a step before this one must keep it")
}

/// What a JSONPath finds first.
pub(super) fn first_at(body: &Value, path: &str) -> Option<Value> {
    serde_json_path::JsonPath::parse(path).ok()?.query(body).first().cloned()
}

/// An address in a header, made absolute against the address that was asked.
fn absolute(base: &str, text: &str) -> String {
    match (text.strip_prefix('/'), base.split_once("://")) {
        (Some(_), Some((scheme, rest))) => {
            let host = rest.split('/').next().unwrap_or_default();
            format!("{scheme}://{host}{text}")
        }
        _ => text.to_owned(),
    }
}

/// A body in an error sentence is cut here, in characters.
const LONGEST_SHOWN: usize = 300;

pub(super) fn shortened(body: &Value) -> String {
    let text = body.to_string();
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_redirect_is_made_absolute() {
        assert_eq!(
            absolute("http://127.0.0.1:1/identity/authorize?x", "/identity/login/7"),
            "http://127.0.0.1:1/identity/login/7"
        );
        assert_eq!(absolute("http://a/b", "http://c/d"), "http://c/d");
    }
}
