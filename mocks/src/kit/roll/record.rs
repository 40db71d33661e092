//! Rolls whose records stand on one row each. The columns make the record; what they do not say stands in the column
//! `more`, as a JSON merge patch (RFC 7396). So a file made by hand needs no JSON, and nothing is lost on the way out and in.

use std::marker::PhantomData;

use rusqlite::{Connection, Error, ErrorCode, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Cell, Column, Intake, Listed, Row, Wrong, optional};
use crate::kit::store::unwritable;

/// The column for what no other column says.
pub const MORE: Column = optional("more", &[], Cell::Json);

/// A record that stands on one row.
pub trait Record: Serialize + DeserializeOwned {
    /// The columns, each with its place in the record, and [`MORE`].
    const COLUMNS: &'static [Column];
    /// Where the records are kept, by `number`.
    const TABLE: &'static str;
    /// The record of a line of that table.
    const RECORD: &'static str = "record";

    /// What cannot be so although each value by itself can.
    fn contradiction(row: &Row<'_>) -> Option<Wrong>;
    /// The record that the columns describe.
    fn of(row: &Row<'_>) -> Self;
    /// Keeps it, and gives its number.
    fn keep(&self, db: &Connection) -> rusqlite::Result<i64>;
}

/// Begins an import of such records.
pub fn begin<R: Record + 'static>() -> Box<dyn Intake> {
    Box::new(Records::<R> { last: None, kind: PhantomData })
}

/// An import under way.
struct Records<R> {
    /// The number of the record entered last.
    last: Option<i64>,
    kind: PhantomData<R>,
}

impl<R: Record> Intake for Records<R> {
    fn enter(&mut self, db: &Connection, row: &Row<'_>) -> rusqlite::Result<Result<(), Wrong>> {
        if let Some(wrong) = R::contradiction(row) {
            return Ok(Err(wrong));
        }
        let record: R = match completed(row) {
            Ok(record) => record,
            Err(wrong) => return Ok(Err(wrong)),
        };
        let last = if let Some(last) = self.last {
            last
        } else {
            let sql = format!("select coalesce(max(number), 0) from {}", R::TABLE);
            db.query_row(&sql, [], |found| found.get(0))?
        };
        let number = match record.keep(db) {
            // A plot of somebody else, for one.
            Err(Error::SqliteFailure(error, _)) if error.code == ErrorCode::ConstraintViolation => {
                last
            }
            other => other?,
        };
        // Whoever was there keeps the old number: a file enters people and changes nobody.
        if number <= last {
            let right = "what is not in the registry yet";
            return Ok(Err(Wrong::new("uin", row.need("uin"), right)));
        }
        self.last = Some(number);
        Ok(Ok(()))
    }
}

/// The record of a row, with what stands in `more`.
fn completed<R: Record>(row: &Row<'_>) -> Result<R, Wrong> {
    let record = R::of(row);
    let Some(more) = row.get(MORE.name) else { return Ok(record) };
    let wrong = |right: &str| {
        let value: String = more.chars().take(80).collect();
        Wrong::new(MORE.name, value, right)
    };
    let unread = |error: serde_json::Error| wrong(&format!("a part of a record: {error}"));
    let mut whole = serde_json::to_value(&record).map_err(unread)?;
    let said = values(R::COLUMNS, &whole);
    merge(&mut whole, serde_json::from_str(more).map_err(unread)?);
    if values(R::COLUMNS, &whole) != said {
        return Err(wrong("only what the other columns do not say"));
    }
    keep_contexts_out(&mut whole);
    serde_json::from_value(whole).map_err(unread)
}

/// A part of a record has no `@context` of its own, which reading it would give it: it is told that there is none.
fn keep_contexts_out(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(keep_contexts_out),
        Value::Object(members) => {
            members.values_mut().for_each(keep_contexts_out);
            if members.contains_key("@type") {
                members.entry("@context").or_insert(Value::Null);
            }
        }
        _ => {}
    }
}

/// Up to so many records whose number is higher than the one given, as rows.
pub fn list<R: Record>(db: &Connection, after: i64, limit: u32) -> rusqlite::Result<Vec<Listed>> {
    let sql = format!(
        "select number, {} from {} where number > $1 order by number limit $2",
        R::RECORD,
        R::TABLE
    );
    let mut query = db.prepare_cached(&sql)?;
    let mut rows = query.query(params![after, limit])?;
    let mut listed = Vec::new();
    while let Some(row) = rows.next()? {
        listed.push((row.get(0)?, row_of::<R>(&parsed(row, 1)?)?));
    }
    Ok(listed)
}

/// The JSON text in a column of the archive.
pub fn parsed(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Value> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text)
        .map_err(|e| Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, e.into()))
}

fn row_of<R: Record>(record: &Value) -> rusqlite::Result<Vec<String>> {
    let mut values = values(R::COLUMNS, record);
    let made = R::of(&Row { line: 0, columns: R::COLUMNS, values: &values });
    let made = serde_json::to_value(made).map_err(unwritable)?;
    let at = R::COLUMNS.iter().position(|column| column.name == MORE.name);
    if let (Some(at), Some(more)) = (at, difference(&made, record)) {
        values[at] = more.to_string();
    }
    Ok(values)
}

/// What stands in a record at the places of the columns.
fn values(columns: &[Column], record: &Value) -> Vec<String> {
    columns.iter().map(|column| told(record, column.way)).collect()
}

/// What stands at a place: a JSON pointer (RFC 6901), in which `*` is every item of a list.
fn told(record: &Value, way: &str) -> String {
    if way.is_empty() {
        return String::new();
    }
    let Some((list, rest)) = way.split_once("/*") else {
        let text = shown(record.pointer(way));
        // A number of ours is the last part of its name on the web.
        let own = way.ends_with("/@id").then(|| text.rsplit(':').next().map(str::to_owned));
        return own.flatten().unwrap_or(text);
    };
    let items = record.pointer(list).and_then(Value::as_array).into_iter().flatten();
    items.map(|item| shown(item.pointer(rest))).collect::<Vec<_>>().join(";")
}

/// A value as a cell shows it.
pub fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(yes)) => if *yes { "yes" } else { "no" }.into(),
        Some(Value::Array(items)) => {
            items.iter().map(|item| shown(Some(item))).collect::<Vec<_>>().join(";")
        }
        Some(other) => other.to_string(),
    }
}

/// The patch that makes `made` what `is`; none where they are the same.
fn difference(made: &Value, is: &Value) -> Option<Value> {
    if made == is {
        return None;
    }
    let (Value::Object(made), Value::Object(is)) = (made, is) else { return Some(is.clone()) };
    let gone = made.keys().filter(|key| !is.contains_key(*key));
    let mut patch: Map<_, _> = gone.map(|key| (key.clone(), Value::Null)).collect();
    for (key, value) in is {
        let other = made.get(key).unwrap_or(&Value::Null);
        patch.extend(difference(other, value).map(|value| (key.clone(), value)));
    }
    Some(Value::Object(patch))
}

fn merge(whole: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *whole = patch;
        return;
    };
    if !whole.is_object() {
        *whole = Value::Object(Map::new());
    }
    let Value::Object(members) = whole else { return };
    for (key, value) in patch {
        if value.is_null() {
            members.remove(&key);
        } else {
            merge(members.entry(key).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_differs_is_told_and_put_back() {
        let made = json!({"a": 1, "b": {"c": [1, 2], "d": "x"}, "e": true});
        let is = json!({"a": 1, "b": {"c": [1], "d": "x", "f": {"g": 2}}});
        let patch = difference(&made, &is).unwrap();
        assert_eq!(patch, json!({"b": {"c": [1], "f": {"g": 2}}, "e": null}));
        let mut again = made;
        merge(&mut again, patch);
        assert_eq!(again, is);
        assert_eq!(difference(&again, &is), None);
    }

    #[test]
    fn a_place_may_be_in_a_list_or_in_each_of_its_items() {
        let record = json!({"@id": "urn:x:PLOT-1", "crops": [{"name": "maize"}, {"name": "rice"}]});
        assert_eq!(told(&record, "/crops/0/name"), "maize");
        assert_eq!(told(&record, "/crops/*/name"), "maize;rice");
        assert_eq!(told(&record, "/@id"), "PLOT-1");
        assert_eq!(told(&record, "/crops/7/name") + &told(&record, ""), "");
    }
}
