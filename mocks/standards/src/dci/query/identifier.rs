//! `query_type` idtype-value: `{"type": "BRN", "value": "B-2026-0007"}` (`IdentifierTypeValue`).

use super::error::QueryError;
use super::{Filter, Mode};
use serde_json::{Value, json};

pub(super) fn parse(query: &Value, mode: Mode) -> Result<Filter, QueryError> {
    let Value::Object(members) = query else {
        return Err(QueryError::new("query", "write an object with type and value"));
    };
    let lenient = |name: &str| if mode.is_strict() { None } else { members.get(name) };
    let kind = members.get("type").or_else(|| lenient("identifier_type"));
    let value = members.get("value").or_else(|| lenient("identifier_value"));
    if let (false, Some(inner)) = (mode.is_strict(), value)
        && let (Some(kind), Some(value)) = (inner.get("id_type"), inner.get("id_value"))
    {
        // As OpenG2P writes it: `type` says `idtype-value` once more.
        return parse(&json!({"type": kind, "value": value}), mode);
    }
    // As OpenCRVS writes it: `{"value": "BRN"}`.
    let kind = kind.map(|kind| lenient("identifier_type").and(kind.get("value")).unwrap_or(kind));
    let kind = text(
        kind,
        "query.type",
        "write the type of the identifier, such as UIN or BRN",
        Mode::Strict,
    )?;
    let value = text(value, "query.value", "write the identifier as a string", mode)?;
    if kind == "*" || value == "*" {
        return if mode.is_strict() {
            Err(QueryError::new(
                "query",
                "a wildcard is not in the standard; name the type and the identifier",
            ))
        } else if kind == value {
            Ok(Filter::everything())
        } else {
            Err(QueryError::new(
                "query",
                "half a wildcard; write * in both type and value to mean every record",
            ))
        };
    }
    Ok(Filter::Identifier { kind, value })
}

fn text(value: Option<&Value>, path: &str, right: &str, mode: Mode) -> Result<String, QueryError> {
    match value {
        None => Err(QueryError::new(path, format!("missing; {right}"))),
        Some(Value::String(text)) if text.trim().is_empty() => {
            Err(QueryError::new(path, format!("empty; {right}")))
        }
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Number(number)) if !mode.is_strict() => Ok(number.to_string()),
        Some(other) => Err(QueryError::new(path, format!("{other} cannot be used here; {right}"))),
    }
}
