//! `query_type` expression: a Mongo-like object, in the published template or bare (`QueryExpression`).

use super::error::QueryError;
use super::write::IDENTIFIER_PREFIX;
use super::{Filter, Mode, Op, bounds, predicate};
use serde_json::{Map, Value};

type Members = Map<String, Value>;

pub(super) fn parse(query: &Value, mode: Mode) -> Result<Filter, QueryError> {
    let (inner, path) = unwrap_template(query, mode);
    if inner.is_array() && !mode.is_strict() {
        // OpenSPP2 writes the list of a predicate here.
        return predicate::parse(inner, mode);
    }
    let Value::Object(members) = inner else {
        return Err(QueryError::new(
            &path,
            "write an object such as {\"birth_date\": {\"ge\": \"2020-01-01\"}}",
        ));
    };
    if members.is_empty() {
        return if mode.is_strict() {
            Err(QueryError::new(&path, "empty; name at least one attribute"))
        } else {
            Ok(Filter::everything())
        };
    }
    Reader { mode }.object(members, "", &path, 0)
}

/// Takes off `{"type": ..., "value": {"expression": {"collection": ..., "query": {...}}}}`, or as much of it as is there.
/// Without `query`, as openIMIS writes it, an expression is the condition itself.
fn unwrap_template(query: &Value, mode: Mode) -> (&Value, String) {
    let (mut inner, mut path) = (query, "query".to_owned());
    if inner.get("type").is_some_and(Value::is_string)
        && let Some(value) =
            inner.get("value").filter(|value| value.is_object() || value.is_array())
    {
        (inner, path) = (value, format!("{path}.value"));
    }
    if let Some(Value::Object(expression)) = inner.get("expression")
        && let Some(query) = expression.get("query")
    {
        return (query, format!("{path}.expression.query"));
    }
    let whole = inner.get("expression").filter(|expression| {
        let names = |name| expression.get(name).is_some();
        expression.is_array() || expression.is_object() && !names("collection")
    });
    if let (false, Some(expression)) = (mode.is_strict(), whole) {
        return (expression, format!("{path}.expression"));
    }
    (inner, path)
}

enum Logic {
    All,
    Any,
    Not,
}

struct Reader {
    mode: Mode,
}

impl Reader {
    /// Every member must hold: logical ones, and attributes below `prefix`.
    fn object(
        &self,
        members: &Members,
        prefix: &str,
        path: &str,
        depth: usize,
    ) -> Result<Filter, QueryError> {
        bounds::check_depth(depth, path)?;
        let mut parts = Vec::with_capacity(members.len());
        for (key, value) in members {
            let here = format!("{path}.{key}");
            let part = match self.logic(key, value) {
                Some(logic) if prefix.is_empty() => {
                    self.logical(&logic, value, &here, depth + 1)?
                }
                Some(_) => {
                    return Err(QueryError::new(
                        &here,
                        "a condition cannot stand below an attribute; move it outside",
                    ));
                }
                None if key.starts_with('$') => return Err(unknown_operator(&here, key)),
                None => {
                    let attribute =
                        if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                    self.attribute(&attribute, value, &here, depth)?
                }
            };
            parts.push(part);
        }
        Ok(Filter::all(parts))
    }

    /// Whether a member joins others. Without `$` only its shape tells it from an attribute of the same name.
    fn logic(&self, key: &str, value: &Value) -> Option<Logic> {
        match key {
            "$and" => Some(Logic::All),
            "$or" => Some(Logic::Any),
            "$not" => Some(Logic::Not),
            _ if self.mode.is_strict() => None,
            "and" if value.is_array() => Some(Logic::All),
            "or" if value.is_array() => Some(Logic::Any),
            "not" if value.is_object() => Some(Logic::Not),
            _ => None,
        }
    }

    fn logical(
        &self,
        logic: &Logic,
        value: &Value,
        path: &str,
        depth: usize,
    ) -> Result<Filter, QueryError> {
        bounds::check_depth(depth, path)?;
        match (logic, value) {
            (Logic::Not, Value::Object(members)) => {
                Ok(Filter::Not(Box::new(self.object(members, "", path, depth)?)))
            }
            (Logic::Not, _) => {
                Err(QueryError::new(path, "write an object with the condition that must not hold"))
            }
            (_, Value::Array(items)) => {
                if items.is_empty() && self.mode.is_strict() {
                    return Err(QueryError::new(path, "empty list; write at least one condition"));
                }
                let parts = items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| self.item(item, &format!("{path}[{index}]"), depth))
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(if matches!(logic, Logic::All) {
                    Filter::All(parts)
                } else {
                    Filter::Any(parts)
                })
            }
            _ => Err(QueryError::new(path, "write a list of conditions")),
        }
    }

    fn item(&self, item: &Value, path: &str, depth: usize) -> Result<Filter, QueryError> {
        match item {
            Value::Object(members) => self.object(members, "", path, depth),
            _ => Err(QueryError::new(
                path,
                "write an object such as {\"sex\": {\"eq\": \"female\"}}",
            )),
        }
    }

    /// What one attribute must be: operators, a nested attribute, or (leniently) a plain value.
    fn attribute(
        &self,
        attribute: &str,
        value: &Value,
        path: &str,
        depth: usize,
    ) -> Result<Filter, QueryError> {
        let Value::Object(members) = value else {
            if self.mode.is_strict() {
                return Err(QueryError::new(
                    path,
                    format!("{value} has no operator; write {{\"eq\": {value}}}"),
                ));
            }
            return self.comparison(attribute, Op::Eq, value, path);
        };
        if members.is_empty() {
            return Err(QueryError::new(
                path,
                "empty; write an operator and a value such as {\"eq\": 1}",
            ));
        }
        let is_operator = |key: &String| Op::from_wire(key).is_some() || key == "$not";
        if members.keys().any(is_operator) {
            return self.operators(attribute, members, path, depth);
        }
        self.object(members, attribute, path, depth + 1)
    }

    /// `{"gte": ..., "lte": ...}`, with or without `"type": "range"` beside it.
    fn operators(
        &self,
        attribute: &str,
        members: &Members,
        path: &str,
        depth: usize,
    ) -> Result<Filter, QueryError> {
        let mut parts = Vec::with_capacity(members.len());
        for (key, value) in members {
            let here = format!("{path}.{key}");
            if key == "type" && value == "range" {
                continue;
            }
            if key == "$not" {
                bounds::check_depth(depth + 1, &here)?;
                let Value::Object(inner) = value else {
                    return Err(QueryError::new(
                        &here,
                        "write an object with the operators that must not hold",
                    ));
                };
                if inner.is_empty() {
                    return Err(QueryError::new(
                        &here,
                        "empty; write an operator and a value such as {\"eq\": 1}",
                    ));
                }
                parts.push(Filter::Not(Box::new(self.operators(
                    attribute,
                    inner,
                    &here,
                    depth + 1,
                )?)));
                continue;
            }
            let op = Op::from_wire(key)
                .filter(|op| *op != Op::Ne || !self.mode.is_strict())
                .ok_or_else(|| unknown_operator(&here, key))?;
            parts.push(self.comparison(attribute, op, value, &here)?);
        }
        if parts.is_empty() {
            return Err(QueryError::new(path, "a range without bounds; write gte, lte or both"));
        }
        Ok(Filter::all(parts))
    }

    #[expect(clippy::unused_self, reason = "it reads like its siblings where it is called")]
    fn comparison(
        &self,
        attribute: &str,
        op: Op,
        value: &Value,
        path: &str,
    ) -> Result<Filter, QueryError> {
        if op == Op::In && !value.is_array() {
            return Err(QueryError::new(path, "in needs a list; write [a, b]"));
        }
        if let (Some(kind), Op::Eq, Value::String(text)) =
            (attribute.strip_prefix(IDENTIFIER_PREFIX), op, value)
        {
            return Ok(Filter::identifier(kind, text));
        }
        Ok(Filter::Compare { attribute: attribute.to_owned(), op, value: value.clone() })
    }
}

fn unknown_operator(path: &str, key: &str) -> QueryError {
    QueryError::new(path, format!("\"{key}\" is not an operator; write eq, lt, gt, le, ge or in"))
}
