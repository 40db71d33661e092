//! Carries out what somebody does at a desk: fills the form's values into the message, sends it, shows the answer.

use std::collections::BTreeMap;

use http::Method;
use mocks::kit::courier::{Errand, Letter};
use mocks::kit::dci;
use orchestrator::theatre::Stage;
use serde_json::{Map, Value};

use super::actions::{Action, Body, Kind, Way};
use super::told::Told;
use crate::pages::counter::{self, in_address};
use crate::texts::Texts;

/// Who sits at the desks, as the stage calls them.
pub(super) const OFFICER: &str = "officer";
/// A longer answer is cut on the page.
const LONGEST_ANSWER: usize = 12_000;
/// Parts of a question (DCI, predicate) without which there is none.
const CONDITION: [&str; 2] = ["attribute_value", "expression1"];

/// What was typed, by field.
pub(super) type Values = BTreeMap<String, String>;

/// What came of an action.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// The action's id.
    pub(super) of: &'static str,
    /// What was sent: `POST /events/deaths`.
    pub(super) sent: String,
    /// `201`, or nothing where no answer came.
    pub(super) status: String,
    pub(super) went_well: bool,
    /// The sentence of a refusal.
    pub(super) refusal: Option<String>,
    /// The message that was sent, and the answer to it.
    pub(super) asked: String,
    pub(super) text: String,
    /// The answer where it is JSON.
    pub(super) value: Value,
    /// What came of it, in a sentence.
    pub(super) sentence: String,
    /// Who was told because of it.
    pub(super) heard: String,
    pub(super) told: Told,
}

/// At which desk, in which room, in whose language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Desk<'a> {
    pub(super) stage: &'a Stage,
    pub(super) texts: &'a Texts,
    pub(super) system: &'static str,
}

/// Does it. An error is a sentence about the form.
pub(super) async fn carry_out(
    desk: Desk<'_>,
    action: &'static Action,
    typed: &Values,
) -> Result<Answer, String> {
    let values = check(desk.texts, action, typed)?;
    match &action.way {
        Way::Request { method, path, body } => {
            let route = path.split('?').next().unwrap_or(path);
            let letter = Letter::to(desk.system, verb(method), filled_path(path, &values));
            let (letter, asked) = with_body(letter.route(route), body, &values)?;
            let sent = format!("{method} {route}");
            let reply = counter::send(desk.stage, desk.texts, OFFICER, letter).await;
            let answer = match reply {
                Ok(reply) => Answer {
                    status: reply.status.to_string(),
                    went_well: reply.is_success(),
                    refusal: (!reply.is_success()).then(|| counter::refusal_of(&reply)),
                    text: pretty(&String::from_utf8_lossy(&reply.body)),
                    value: serde_json::from_slice(&reply.body).unwrap_or(Value::Null),
                    ..Answer::default()
                },
                Err(text) => no_answer(text),
            };
            Ok(Answer { of: action.id, sent, asked: pretty(&asked), ..answer })
        }
        Way::Question { asker, path, action: verb, message } => {
            let (asked, answered) = ask(desk, asker, (path, verb, message), values).await?;
            let answer = match answered {
                Ok(message) => Answer {
                    status: String::from("200"),
                    went_well: true,
                    text: pretty(&message.to_string()),
                    value: message,
                    ..Answer::default()
                },
                Err(text) => no_answer(text),
            };
            let (sent, asked) = (format!("POST {path}"), pretty(&asked));
            Ok(Answer { of: action.id, sent, asked, ..answer })
        }
    }
}

fn no_answer(text: String) -> Answer {
    Answer { refusal: Some(text.clone()), text, ..Answer::default() }
}

/// Asks in the name of another system, with its token and its signature: the question, and the answer or why there is none.
async fn ask(
    desk: Desk<'_>,
    asker: &str,
    (path, action, message): (&str, &str, &str),
    mut values: Values,
) -> Result<(String, Result<Value, String>), String> {
    let room = counter::ready(desk.stage, desk.texts)?;
    let office = desk.stage.hall().office(asker);
    let office = office.cloned().ok_or_else(|| format!("there is no `{asker}` in this room"))?;
    values.insert("txn".into(), office.next_id("TXN"));
    values.insert("ref".into(), office.next_id("REF"));
    values.insert("now".into(), room.stamp());
    let message = json(message, &values)?;
    let errand = Errand { office, cause: room.stranger() };
    let asked = dci::ask::<Value>(&errand, desk.system, path, action.into(), &message).await;
    let answered = asked.map(|answer| answer.message).map_err(|error| error.to_string());
    Ok((message.to_string(), answered))
}

/// The values of the action's own fields, without those left empty.
fn check(texts: &Texts, action: &Action, typed: &Values) -> Result<Values, String> {
    let mut values = Values::new();
    for field in action.fields {
        let value = typed.get(field.name).map(|value| value.trim()).unwrap_or_default();
        let name = || texts.get(&format!("desk-field-{}", field.name));
        if value.is_empty() {
            if field.needed {
                return Err(texts.one("desk-needed", "field", name()));
            }
            continue;
        }
        if let Kind::Choice(words) = field.kind
            && !words.contains(&value)
        {
            let (name, words) = (name(), words.join(", "));
            return Err(texts.with("desk-choose", &[("field", &name), ("words", &words)]));
        }
        values.insert(field.name.to_owned(), value.to_owned());
    }
    Ok(values)
}

fn verb(method: &str) -> Method {
    match method {
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        _ => Method::GET,
    }
}

/// The letter with its body, and the body to show.
fn with_body(letter: Letter, body: &Body, values: &Values) -> Result<(Letter, String), String> {
    Ok(match body {
        Body::Nothing => (letter, String::new()),
        Body::Json(template) => {
            let body = json(template, values)?;
            (letter.json(&body), body.to_string())
        }
        Body::Whole { field, content_type } => {
            let body = values.get(*field).cloned().unwrap_or_default();
            (letter.bytes(content_type, body.clone()), body)
        }
    })
}

/// The names in braces.
pub(super) fn places(template: &str) -> Vec<&str> {
    let opened = template.split('{').skip(1);
    opened.filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// The path with its values; a part of the query that has none is left out.
fn filled_path(template: &str, values: &Values) -> String {
    let fill = |part: &str| {
        places(part).iter().fold(part.to_owned(), |text, name| {
            let value = values.get(*name).map(|v| in_address(v)).unwrap_or_default();
            text.replace(&format!("{{{name}}}"), &value)
        })
    };
    let (path, query) = template.split_once('?').unwrap_or((template, ""));
    let told = |part: &&str| places(part).iter().all(|name| values.contains_key(*name));
    let query: Vec<_> = query.split('&').filter(|p| !p.is_empty()).filter(told).map(fill).collect();
    if query.is_empty() { fill(path) } else { format!("{}?{}", fill(path), query.join("&")) }
}

fn json(template: &str, values: &Values) -> Result<Value, String> {
    let parsed = serde_json::from_str(template).map_err(|error| error.to_string())?;
    Ok(filled(&parsed, values).unwrap_or(Value::Null))
}

/// A copy with values in place of names; nothing where a value is missing.
fn filled(template: &Value, values: &Values) -> Option<Value> {
    Some(match template {
        Value::String(text) => {
            let mut filled = text.clone();
            for name in places(text) {
                filled = filled.replace(&format!("{{{name}}}"), values.get(name)?);
            }
            Value::String(filled)
        }
        Value::Array(items) => items.iter().filter_map(|item| filled(item, values)).collect(),
        Value::Object(members) => {
            let mut whole = Map::new();
            for (name, member) in members {
                match filled(member, values) {
                    Some(member) => drop(whole.insert(name.clone(), member)),
                    // What nothing is compared with is no condition.
                    None if CONDITION.contains(&name.as_str()) => return None,
                    None => {}
                }
            }
            Value::Object(whole)
        }
        other => other.clone(),
    })
}

/// JSON with line breaks, anything else as it came; cut where it is long.
fn pretty(text: &str) -> String {
    let parsed = serde_json::from_str::<Value>(text).ok();
    let laid_out = parsed.and_then(|value| serde_json::to_string_pretty(&value).ok());
    let mut text = laid_out.unwrap_or_else(|| text.to_owned());
    if text.len() > LONGEST_ANSWER {
        let end = (0..=LONGEST_ANSWER).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::in_language;
    use serde_json::json;

    fn values(pairs: &[(&str, &str)]) -> Values {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn a_value_is_put_in_whole_and_an_empty_one_is_left_out() {
        let typed = values(&[("uin", r#"1","x":"2"#)]);
        let body = json(r#"{"uin":"uin:{uin}@arenoa","place":"{place}"}"#, &typed).unwrap();
        assert_eq!(body, json!({"uin": r#"uin:1","x":"2@arenoa"#}));
    }

    #[test]
    fn a_condition_without_a_value_is_not_asked() {
        let question = r#"[{"expression1":{"attribute_name":"surname","attribute_value":"{family_name}"}},
            {"expression1":{"attribute_name":"given_name","attribute_value":"{given_name}"}}]"#;
        let body = json(question, &values(&[("family_name", "Amaro")])).unwrap();
        let surname = json!({"attribute_name": "surname", "attribute_value": "Amaro"});
        assert_eq!(body, json!([{"expression1": surname}]));
    }

    #[test]
    fn a_path_keeps_its_shape_whatever_is_typed() {
        let typed = values(&[("q", "../x?y=1&z")]);
        assert_eq!(filled_path("/a/{q}/b?q={q}&by={by}", &typed), {
            "/a/..%2Fx%3Fy%3D1%26z/b?q=..%2Fx%3Fy%3D1%26z"
        });
    }

    #[test]
    fn a_form_says_what_is_missing_and_which_words_there_are() {
        let texts = in_language("en");
        let decide = super::super::actions::actions_of("programme_office");
        let decide = decide.iter().find(|action| action.id == "decide").unwrap();
        let missing = check(texts, decide, &values(&[])).unwrap_err();
        assert!(missing.contains("Application"), "{missing}");
        let typed = values(&[("application", "A"), ("decision", "maybe"), ("reason", "x")]);
        let wrong = check(texts, decide, &typed).unwrap_err();
        assert!(wrong.contains("approve, reject"), "{wrong}");
    }
}
