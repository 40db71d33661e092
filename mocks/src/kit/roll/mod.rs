//! A registry's roll: the people in it as CSV (RFC 4180), in and out. What comes in is checked row by row and entered in one
//! transaction, so that nothing is ever half imported; what goes out comes in again as it was.

mod cell;
mod columns;
mod import;
pub mod person;
mod record;
mod report;
pub mod routes;
#[cfg(test)]
mod tests;
mod told;

use jiff::civil::Date;
use rusqlite::Connection;

pub use cell::Cell;
pub use columns::Mapping;
pub use import::{Failed, Options, import_for_good};
pub use record::{MORE, Record, begin, list, parsed, shown};
pub use report::{Outcome, Problem};
pub use told::Told;

/// What a registry tells about its roll.
#[derive(Debug)]
pub struct Roll {
    /// The columns, in the order of an export.
    pub columns: &'static [Column],
    /// What may come once, in a file and in the registry.
    pub unique: &'static [Unique],
    /// Begins an import.
    pub begin: fn() -> Box<dyn Intake>,
    /// Up to so many people whose number is higher than the one given: number and values, in the order of the columns.
    pub list: fn(&Connection, i64, u32) -> rusqlite::Result<Vec<Listed>>,
}

/// A person of an export: the number in the registry, and the values in the order of the columns.
pub type Listed = (i64, Vec<String>);

/// A column of a roll.
#[derive(Debug)]
pub struct Column {
    pub name: &'static str,
    /// Other headers that are read.
    pub also: &'static [&'static str],
    /// Whether every row has a value: what is missing is refused and never made up.
    pub needed: bool,
    pub holds: Cell,
    /// Where its value stands in the record, where records stand on one row each.
    pub way: &'static str,
}

impl Column {
    /// The same column, with its place in the record.
    #[must_use]
    pub const fn at(self, way: &'static str) -> Self {
        Self { way, ..self }
    }
}

/// A column whose values stand once in a table of the registry.
#[derive(Debug)]
pub struct Unique {
    pub column: &'static str,
    pub table: &'static str,
    pub at: &'static str,
}

/// An import under way: enters people one by one.
pub trait Intake {
    /// Hears before the first row which day it is.
    fn begins(&mut self, _today: Date) {}

    /// Enters the person of a row, whose values have been checked each for itself.
    fn enter(&mut self, db: &Connection, row: &Row<'_>) -> rusqlite::Result<Result<(), Wrong>>;

    /// Completes what hangs on several rows, and tells what does not hold.
    fn finish(&mut self, _db: &Connection) -> rusqlite::Result<Vec<Wrong>> {
        Ok(Vec::new())
    }
}

/// What is wrong with a row as a whole, at one of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The line of the row, where it is another than the one that is entered; else 0.
    pub line: u64,
    pub column: &'static str,
    pub value: String,
    pub right: String,
}

impl Wrong {
    pub fn new(column: &'static str, value: impl Into<String>, right: impl Into<String>) -> Self {
        Self { line: 0, column, value: value.into(), right: right.into() }
    }

    /// The same of the row on that line.
    #[must_use]
    pub fn on_line(self, line: u64) -> Self {
        Self { line, ..self }
    }
}

/// A row with its values as they are kept: dates as `2026-10-01`, codes as codes; empty where there is none.
#[derive(Debug)]
pub struct Row<'a> {
    /// The line of the file; 0 where it stands in none.
    line: u64,
    columns: &'static [Column],
    values: &'a [String],
}

impl Row<'_> {
    /// The line of the file on which it stands.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The value in a column, where there is one.
    pub fn get(&self, column: &str) -> Option<&str> {
        let at = self.columns.iter().position(|c| c.name == column)?;
        self.values.get(at).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The value in a column that every row has.
    pub fn need(&self, column: &str) -> &str {
        self.get(column).unwrap_or_default()
    }

    /// The values in a column that may have several, separated by `;`.
    pub fn several(&self, column: &str) -> Vec<String> {
        let values = self.get(column).unwrap_or_default().split(';');
        values.map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect()
    }
}

/// A column that every row has.
pub const fn needed(name: &'static str, also: &'static [&'static str], holds: Cell) -> Column {
    Column { name, also, needed: true, holds, way: "" }
}

/// A column that a row may leave empty.
pub const fn optional(name: &'static str, also: &'static [&'static str], holds: Cell) -> Column {
    Column { name, also, needed: false, holds, way: "" }
}
