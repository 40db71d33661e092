//! Success criteria: CEL expressions over what came.

use cel::{Context, Value as CelValue};
use mocks::kit::rules;
use serde_json::Value;

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

/// Whether all criteria hold; the error says which does not and what came instead.
pub(super) fn hold(
    criteria: &[Criterion],
    facts: &Facts<'_>,
    values: &Values,
) -> Result<(), String> {
    for criterion in criteria {
        let text = &criterion.text.value;
        let wrong = |what: String| format!("expected `{text}`, but {what}");
        let program =
            criterion.program().map_err(|e| wrong(format!("this is no expression: {e}")))?;
        let context = context(text, facts, values).map_err(wrong)?;
        match program.execute(&context) {
            Ok(CelValue::Bool(true)) => {}
            Ok(CelValue::Bool(false)) => {
                return Err(wrong(format!(
                    "the answer was {} {}",
                    facts.status,
                    shortened(facts.body)
                )));
            }
            Ok(other) => {
                return Err(wrong(format!("it gives {other:?}, which is neither true nor false")));
            }
            Err(error) => {
                let came = shortened(facts.body);
                return Err(wrong(format!(
                    "it cannot be computed ({error}); the answer was {} {came}",
                    facts.status
                )));
            }
        }
    }
    Ok(())
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
        let place = serde_saphyr::Location::UNKNOWN;
        let criterion = Spanned::new(criterion.to_owned(), place, place).into();
        let facts = Facts { status: 200, body, request: &Value::Null, count: 2 };
        hold(&[criterion], &facts, &Values::default())
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
