//! Whom a yes-or-no question names (DCI v1.0.0, sync extras of DR and ESS: `{"person_identifier":{"eq":"..."}}`).

use serde_json::Value;
use standards::dci::query::{Filter, Op};

/// More persons than this in one question are refused.
const MOST_PERSONS: usize = 100;

/// The numbers that a question asks after, in its order. The error is a sentence.
pub fn persons(filter: &Filter) -> Result<Vec<String>, String> {
    let only = match filter {
        Filter::All(parts) if parts.len() == 1 => &parts[0],
        other => other,
    };
    let named = match only {
        Filter::Identifier { kind, value } if is_number(kind) => vec![value.clone()],
        Filter::Compare { attribute, op: Op::Eq, value } if is_number(last(attribute)) => {
            texts(std::slice::from_ref(value))?
        }
        Filter::Compare { attribute, op: Op::In, value: Value::Array(values) }
            if is_number(last(attribute)) =>
        {
            texts(values)?
        }
        _ => return Err(right()),
    };
    match named.len() {
        0 => Err(right()),
        1..=MOST_PERSONS => Ok(named),
        many => Err(format!("{many} persons are named; ask after at most {MOST_PERSONS} at once")),
    }
}

fn last(attribute: &str) -> &str {
    attribute.rsplit('.').next().unwrap_or(attribute)
}

fn is_number(name: &str) -> bool {
    let known = ["uin", "nid", "member_identifier", "person_identifier", "identifier_value"];
    known.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn texts(values: &[Value]) -> Result<Vec<String>, String> {
    let text = |value: &Value| match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    values.iter().map(text).collect::<Option<_>>().ok_or_else(right)
}

fn right() -> String {
    String::from(r#"name a person: {"member.member_identifier": {"eq": "6580954839"}}"#)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use standards::dci::query::{Mode, parse};

    fn asked(query: &Value) -> Result<Vec<String>, String> {
        persons(&parse("expression", query, Mode::Lenient).unwrap())
    }

    #[test]
    fn one_or_several_persons_can_be_named_and_nothing_else() {
        assert_eq!(asked(&json!({"member.member_identifier": {"eq": "1"}})), Ok(vec!["1".into()]));
        let two = asked(&json!({"person_identifier": {"in": ["1", 2]}}));
        assert_eq!(two, Ok(vec!["1".into(), "2".into()]));
        for wrong in [
            json!({"sex": {"eq": "female"}}),
            json!({"person_identifier": {"ge": "1"}}),
            json!({"person_identifier": {"eq": ""}}),
            json!({"person_identifier": {"in": vec!["1"; MOST_PERSONS + 1]}}),
            json!({"person_identifier": {"eq": "1"}, "sex": {"eq": "male"}}),
        ] {
            assert!(asked(&wrong).is_err(), "{wrong}");
        }
    }
}
