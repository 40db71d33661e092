//! Bounds on a query, checked before it is read: a query is input from a stranger.

use super::error::QueryError;
use super::{Filter, Op};
use serde_json::Value;

/// How many filters may stand inside each other.
pub const MAX_DEPTH: usize = 16;

/// How many JSON values a query may have in all, and how many values it may compare with, however they are written.
pub const MAX_NODES: usize = 1000;

/// How deep the JSON itself may go: every filter takes up to two levels, its value and the template a few more.
const MAX_JSON_DEPTH: usize = 2 * MAX_DEPTH + 16;

pub(super) fn check(query: &Value) -> Result<(), QueryError> {
    let mut left = MAX_NODES;
    walk(query, MAX_JSON_DEPTH, &mut left)
}

/// Refuses a filter nested deeper than [`MAX_DEPTH`].
pub(super) fn check_depth(depth: usize, path: &str) -> Result<(), QueryError> {
    if depth < MAX_DEPTH { Ok(()) } else { Err(too_deep(path)) }
}

/// Refuses filters that together compare with more than [`MAX_NODES`] values: a list that is written as one text is one
/// JSON value.
pub(super) fn check_values<'a>(
    filters: impl IntoIterator<Item = &'a Filter>,
) -> Result<(), QueryError> {
    let count: usize = filters.into_iter().map(values).sum();
    if count > MAX_NODES { Err(too_large()) } else { Ok(()) }
}

/// How many values a filter compares with.
fn values(filter: &Filter) -> usize {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => parts.iter().map(values).sum(),
        Filter::Not(part) => values(part),
        Filter::Compare { op: Op::In, value: Value::Array(list), .. } => list.len(),
        Filter::Compare { .. } | Filter::Identifier { .. } => 1,
    }
}

pub(super) fn too_large() -> QueryError {
    QueryError::new("query", format!("too large; at most {MAX_NODES} values may stand in a query"))
}

fn too_deep(path: &str) -> QueryError {
    QueryError::new(
        path,
        format!("nested too deeply; at most {MAX_DEPTH} conditions may stand inside each other"),
    )
}

fn walk(value: &Value, depth_left: usize, nodes_left: &mut usize) -> Result<(), QueryError> {
    *nodes_left = nodes_left.checked_sub(1).ok_or_else(too_large)?;
    let Some(depth_left) = depth_left.checked_sub(1) else { return Err(too_deep("query")) };
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| walk(item, depth_left, nodes_left)),
        Value::Object(members) => {
            members.values().try_for_each(|member| walk(member, depth_left, nodes_left))
        }
        _ => Ok(()),
    }
}
