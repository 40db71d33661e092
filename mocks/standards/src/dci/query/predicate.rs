//! `query_type` predicate: a list of `{seq_num, expression1, condition, expression2}` (`ExpPredicateWithConditionList`).
//!
//! The standard does not say how the entries of the list combine. Here they are taken in the order of `seq_num` and all must
//! hold, except that an entry with a condition but without an `expression2` is joined by it to the entry that follows.

use super::error::QueryError;
use super::{Filter, Mode, Op, bounds};
use serde_json::{Map, Value};

#[derive(Clone, Copy, PartialEq)]
enum Join {
    And,
    Or,
    Not,
}

struct Entry {
    order: f64,
    path: String,
    filter: Filter,
    /// How it is joined to the entry after it, where it says so.
    next: Option<Join>,
}

pub(super) fn parse(query: &Value, mode: Mode) -> Result<Filter, QueryError> {
    let items = match query {
        Value::Array(items) => items.iter().collect::<Vec<_>>(),
        Value::Object(_) if !mode.is_strict() => vec![query],
        _ => return Err(QueryError::new("query", "write a list of objects with expression1")),
    };
    if items.is_empty() {
        return Err(QueryError::new(
            "query",
            "empty list; write at least one object with expression1",
        ));
    }
    let mut entries = items
        .iter()
        .enumerate()
        .map(|(index, item)| entry(index, item, mode))
        .collect::<Result<Vec<_>, _>>()?;
    bounds::check_values(entries.iter().map(|entry| &entry.filter))?;
    entries.sort_by(|a, b| a.order.total_cmp(&b.order));
    combine(entries)
}

fn entry(index: usize, item: &Value, mode: Mode) -> Result<Entry, QueryError> {
    let path = format!("query[{index}]");
    let Value::Object(members) = item else {
        return Err(QueryError::new(&path, "write an object with expression1"));
    };
    let first = members.get("expression1").ok_or_else(|| {
        QueryError::new(
            &path,
            "expression1 is missing; write attribute_name, operator and attribute_value",
        )
    })?;
    let first = comparison(first, &format!("{path}.expression1"), mode)?;
    let second = match members.get("expression2") {
        None | Some(Value::Null) => None,
        Some(second) => Some(comparison(second, &format!("{path}.expression2"), mode)?),
    };
    let join = join(members, &path, mode)?;
    let (filter, next) = match (join, second) {
        (None, None) => (first, None),
        (None | Some(Join::And), Some(second)) => (Filter::All(vec![first, second]), None),
        (Some(Join::Or), Some(second)) => (Filter::Any(vec![first, second]), None),
        (Some(Join::Not), Some(second)) => {
            (Filter::All(vec![first, Filter::Not(Box::new(second))]), None)
        }
        (Some(Join::Not), None) => (Filter::Not(Box::new(first)), None),
        (Some(join), None) => (first, Some(join)),
    };
    Ok(Entry { order: order(members, index, &path)?, path, filter, next })
}

fn order(members: &Map<String, Value>, index: usize, path: &str) -> Result<f64, QueryError> {
    match members.get("seq_num") {
        #[expect(clippy::cast_precision_loss, reason = "a list has at most a thousand entries")]
        None | Some(Value::Null) => Ok(index as f64 + 1.0),
        Some(value) => {
            let number = value
                .as_f64()
                .or_else(|| value.as_str()?.parse().ok())
                .filter(|number| number.is_finite());
            number.ok_or_else(|| {
                QueryError::new(
                    &format!("{path}.seq_num"),
                    format!("{value} is not a number; write 1, 2, 3"),
                )
            })
        }
    }
}

fn join(members: &Map<String, Value>, path: &str, mode: Mode) -> Result<Option<Join>, QueryError> {
    let Some(value) = members.get("condition").filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let text = value.as_str().unwrap_or_default();
    let text = if mode.is_strict() {
        text.to_owned()
    } else {
        text.trim_start_matches('$').to_ascii_lowercase()
    };
    match text.as_str() {
        "and" => Ok(Some(Join::And)),
        "or" => Ok(Some(Join::Or)),
        "not" => Ok(Some(Join::Not)),
        _ => Err(QueryError::new(
            &format!("{path}.condition"),
            format!("{value} is not a condition; write and, or or not"),
        )),
    }
}

fn comparison(value: &Value, path: &str, mode: Mode) -> Result<Filter, QueryError> {
    let member = |name: &str| value.get(name);
    let right = "write attribute_name, operator and attribute_value";
    let Some(Value::String(attribute)) = member("attribute_name").filter(|name| *name != "") else {
        return Err(QueryError::new(
            &format!("{path}.attribute_name"),
            format!("missing or not a string; {right}"),
        ));
    };
    let Some(operand) = member("attribute_value") else {
        return Err(QueryError::new(
            &format!("{path}.attribute_value"),
            format!("missing; {right}"),
        ));
    };
    let operator = member("operator").and_then(Value::as_str).unwrap_or_default();
    let op = read_operator(operator, mode).ok_or_else(|| {
        QueryError::new(
            &format!("{path}.operator"),
            format!("\"{operator}\" is not an operator; write gt, lt, eq, ge, le or in"),
        )
    })?;
    let value = if op == Op::In {
        listed(operand, &format!("{path}.attribute_value"))?
    } else {
        operand.clone()
    };
    Ok(Filter::Compare { attribute: attribute.clone(), op, value })
}

/// The values of `in`: a list, or a text with commas between them, because the published `AttributeValue` has no list.
fn listed(operand: &Value, path: &str) -> Result<Value, QueryError> {
    let refused = || QueryError::new(path, "in needs a list; write [a, b] or \"a, b\"");
    match operand {
        Value::Array(_) => Ok(operand.clone()),
        Value::String(text) => {
            let parts: Vec<_> = text.split(',').map(str::trim).filter(|p| !p.is_empty()).collect();
            if parts.len() > bounds::MAX_NODES {
                return Err(bounds::too_large());
            }
            if parts.is_empty() { Err(refused()) } else { Ok(Value::from(parts)) }
        }
        _ => Err(refused()),
    }
}

fn read_operator(text: &str, mode: Mode) -> Option<Op> {
    if mode.is_strict() {
        return Op::from_wire(text).filter(|op| op.as_str() == text && *op != Op::Ne);
    }
    Op::from_wire(&text.to_ascii_lowercase())
}

/// Joins the entries from left to right: `and` binds no tighter than `or`, because the list gives no other hint.
fn combine(entries: Vec<Entry>) -> Result<Filter, QueryError> {
    let mut joined: Option<Filter> = None;
    let mut pending: Option<(Join, String)> = None;
    for entry in entries {
        let how = pending.take().map_or(Join::And, |(join, _)| join);
        joined = Some(match joined {
            None => entry.filter,
            Some(before) if how == Join::Or => extend_any(before, entry.filter),
            Some(before) => extend_all(before, entry.filter),
        });
        pending = entry.next.map(|join| (join, entry.path));
    }
    if let Some((Join::Or, path)) = pending {
        return Err(QueryError::new(
            &format!("{path}.expression2"),
            "missing; or needs a second expression or another entry after it",
        ));
    }
    let filter = joined.unwrap_or_else(Filter::everything);
    bounds::check_depth(depth(&filter), "query")?;
    Ok(filter)
}

fn extend_all(before: Filter, next: Filter) -> Filter {
    Filter::All(match before {
        Filter::All(parts) => [parts, vec![next]].concat(),
        other => vec![other, next],
    })
}

fn extend_any(before: Filter, next: Filter) -> Filter {
    Filter::Any(match before {
        Filter::Any(parts) => [parts, vec![next]].concat(),
        other => vec![other, next],
    })
}

/// How many filters stand inside each other below this one. The list is at most a thousand entries long.
fn depth(filter: &Filter) -> usize {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => 1 + parts.iter().map(depth).max().unwrap_or(0),
        Filter::Not(part) => 1 + depth(part),
        Filter::Compare { .. } | Filter::Identifier { .. } => 0,
    }
}
