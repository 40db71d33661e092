//! Success criteria: CEL expressions over what came.

use std::collections::BTreeSet;

use cel::{Context, Program, Value as CelValue};
use mocks::kit::rules;
use serde_json::Value;

use super::Broken;
use super::act::shortened;
use crate::scenario::{Criterion, Values};

/// What a criterion can speak of besides the story's values.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) status: u16,
    pub(super) body: &'a Value,
    pub(super) request: &'a Value,
    pub(super) count: usize,
}

impl Facts<'_> {
    /// The answer in an error sentence: a refusal in the system's own words, anything else as it came.
    pub(super) fn answer(&self) -> String {
        let places = [
            "/error",
            "/message/error/message",
            "/errors/0/message",
            "/errorInformation/errorDescription",
        ];
        let own = places.iter().find_map(|place| self.body.pointer(place)?.as_str());
        match own {
            Some(words) if self.status >= 400 => format!("{}: {words}", self.status),
            // An event has no status.
            _ if self.status == 0 => shortened(self.body),
            _ => format!("{} {}", self.status, shortened(self.body)),
        }
    }
}

/// Whether all criteria hold; the error says which does not and what came instead.
pub(super) fn hold(
    criteria: &[Criterion],
    facts: &Facts<'_>,
    values: &Values,
) -> Result<(), Broken> {
    for criterion in criteria {
        let text = &criterion.text.value;
        let wrong = |what: String| Broken::from(format!("expected `{text}`, but {what}"));
        let unmet = |why: String| {
            let note = format!("the answer was {}", facts.answer());
            Broken { note: note.clone(), ..wrong(format!("{why}{note}")) }
        };
        let program =
            criterion.program().map_err(|e| wrong(format!("this is no expression: {e}")))?;
        let context = context(text, facts, values).map_err(wrong)?;
        match program.execute(&context) {
            Ok(CelValue::Bool(true)) => {}
            Ok(CelValue::Bool(false)) => {
                return Err(unmet(named(text, &context)));
            }
            Ok(other) => {
                return Err(wrong(format!("it gives {other:?}, which is neither true nor false")));
            }
            Err(error) => {
                let named = named(text, &context);
                return Err(unmet(format!("it cannot be computed ({error}); {named}")));
            }
        }
    }
    Ok(())
}

/// What the parts of the answer are that a criterion names: `body.state is "held"; `.
fn named(text: &str, context: &Context<'_, '_>) -> String {
    let value_of = |part: &str| {
        let value = Program::compile(part).ok()?.execute(context).ok()?;
        value.json().ok().map(|json| shortened(&json))
    };
    let told = |part: &str| match value_of(part) {
        Some(value) => format!("{part} is {value}; "),
        None => format!("{part} is not there; "),
    };
    parts(text).into_iter().map(told).collect()
}

/// The members of `body` and `request` that an expression names, each once: `body.list[0].state`.
fn parts(text: &str) -> BTreeSet<&str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let roots = ["body", "request"].into_iter().flat_map(|root| text.match_indices(root));
    let begins = |at: usize| !text[..at].ends_with(|c| is_word(c) || c == '.' || c == '"');
    let mut found = BTreeSet::new();
    for (at, root) in roots.filter(|(at, _)| begins(*at)) {
        let mut end = at + root.len();
        while let Some(rest) = text.get(end..) {
            let length = match rest.chars().next() {
                Some('.') => 1 + rest[1..].find(|c| !is_word(c)).unwrap_or(rest.len() - 1),
                Some('[') => rest.find(']').map_or(0, |close| close + 1),
                _ => 0,
            };
            // What is called is no member: `body.list.exists(...)`.
            if length == 0 || rest[length..].starts_with('(') {
                break;
            }
            end += length;
        }
        if end > at + root.len() {
            found.insert(&text[at..end]);
        }
    }
    found
}

/// What `text` may speak of; what it does not name is left out, because the whole cast is among the values.
fn context<'a>(text: &str, facts: &Facts<'_>, values: &Values) -> Result<Context<'a, 'a>, String> {
    let mut context = rules::context();
    let mut add = |name: &str, value: &Value| {
        if !text.contains(name) {
            return Ok(());
        }
        context
            .add_variable(name.to_owned(), signed(value))
            .map_err(|e| format!("`{name}` is no value for CEL: {e}"))
    };
    add("status", &Value::from(facts.status))?;
    add("count", &Value::from(facts.count))?;
    add("body", facts.body)?;
    add("request", facts.request)?;
    for (name, value) in values.all() {
        add(name, value)?;
    }
    Ok(context)
}

/// JSON's positive integers would arrive as unsigned, which CEL does not compare with its own literals.
fn signed(value: &Value) -> CelValue {
    match value {
        Value::Null => CelValue::Null,
        Value::Bool(b) => CelValue::Bool(*b),
        Value::Number(n) => n
            .as_i64()
            .map_or_else(|| CelValue::Float(n.as_f64().unwrap_or(f64::NAN)), CelValue::Int),
        Value::String(text) => CelValue::from(text.as_str()),
        Value::Array(items) => CelValue::from(items.iter().map(signed).collect::<Vec<_>>()),
        Value::Object(members) => {
            let members = members.iter().map(|(k, v)| (k.clone(), signed(v)));
            #[expect(
                clippy::disallowed_types,
                reason = "CEL's own map; it is only looked into, never listed"
            )]
            CelValue::from(members.collect::<std::collections::HashMap<String, CelValue>>())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use serde_saphyr::Spanned;

    use super::*;

    fn holds(criterion: &str, body: &Value) -> Result<(), String> {
        holds_of(criterion, 200, body).map_err(|broken| broken.what)
    }

    fn holds_of(criterion: &str, status: u16, body: &Value) -> Result<(), Broken> {
        let place = serde_saphyr::Location::UNKNOWN;
        let criterion = Spanned::new(criterion.to_owned(), place, place).into();
        let facts = Facts { status, body, request: &Value::Null, count: 2 };
        hold(&[criterion], &facts, &Values::default())
    }

    #[test]
    fn a_refusal_is_told_in_its_own_words() {
        let body = json!({"errors": [{"code": "err.service", "message": "out of order"}]});
        let said = holds_of("status == 200", 503, &body).unwrap_err();
        assert_eq!(said.what, "expected `status == 200`, but the answer was 503: out of order");
        assert_eq!(said.note, "the answer was 503: out of order");
    }

    #[test]
    fn what_a_criterion_names_is_told_with_its_value() {
        let body = json!({"list": [{"state": "issued"}], "paid": {"cents": 3}});
        let said = holds("body.list[0].state == \"held\"", &body).unwrap_err();
        assert!(
            said.contains("but body.list[0].state is \"issued\"; the answer was 200"),
            "{said}"
        );
        let said = holds("body.paid.cents > 4 || body.list.size() > 1", &body).unwrap_err();
        assert!(said.contains("body.paid.cents is 3; "), "{said}");
        assert_eq!(parts("somebody.x && body && \"body.y\" == request.z"), ["request.z"].into());
    }

    #[test]
    fn criteria_speak_of_status_body_and_count() {
        let body = json!({"state": "enrolled", "n": 3, "list": [{"a": 1}]});
        assert_eq!(holds("status == 200 && body.n + 1 == 4 && count > 1", &body), Ok(()));
        assert_eq!(holds("body.list.exists(x, x.a == 1)", &body), Ok(()));
    }

    #[test]
    fn a_criterion_that_does_not_hold_shows_what_came() {
        let said = holds("body.state == 'paid'", &json!({"state": "held"})).unwrap_err();
        assert!(
            said.contains("expected `body.state == 'paid'`")
                && said.contains(r#"{"state":"held"}"#),
            "{said}"
        );
    }
}
