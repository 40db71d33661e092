//! What came of an import: how many rows, and for each thing that is wrong where it stands and what would be right.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// So many problems are listed; the rest is counted.
pub(super) const MOST_PROBLEMS: usize = 1000;

/// Something wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ImportProblem")]
pub struct Problem {
    /// The line of the file, counted from 1; the headers stand on the first. 0 where it is of no one line.
    pub line: u64,
    /// The header of the column.
    pub column: String,
    pub value: String,
    /// What would be right.
    pub right: String,
}

impl Problem {
    pub(super) fn of_header(header: &str, right: String) -> Self {
        Self { line: 1, column: header.into(), value: String::new(), right }
    }
}

/// What came of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ImportOutcome")]
pub struct Outcome {
    /// How many rows were read, without the headers.
    pub rows: u64,
    /// How many people were entered: all of them or none.
    pub entered: u64,
    /// Whether it was only a trial.
    pub dry_run: bool,
    pub problems: Vec<Problem>,
    /// How many problems there are beyond those listed.
    pub more_problems: u64,
}

impl Outcome {
    pub(super) fn tell(&mut self, problem: Problem) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(problem);
        } else {
            self.more_problems += 1;
        }
    }

    /// Whether everything is right.
    pub fn is_right(&self) -> bool {
        self.problems.is_empty()
    }

    /// The problems as CSV: line, column, value, right.
    pub fn problems_as_csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for problem in &self.problems {
            writer.serialize(problem)?;
        }
        writer.into_inner().map_err(|e| e.into_error().into())
    }
}
