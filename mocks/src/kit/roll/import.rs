//! Reading a roll: every row is checked, and all are entered or none.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Read};

use csv::{ByteRecord, ReaderBuilder};
use jiff::civil::Date;
use rusqlite::Connection;

use super::columns::{Mapping, Places, places};
use super::{Column, Intake, Outcome, Problem, Roll, Row, Told, Wrong};
use crate::kit::courier::Errand;
use crate::kit::store::{Store, StoreError};

/// A longer cell is no value.
const LONGEST_CELL: usize = 64 * 1024;

/// How a file is read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub mapping: Mapping,
    /// Checks everything and keeps nothing.
    pub dry_run: bool,
}

/// Why a file could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    #[error(transparent)]
    Archive(#[from] StoreError),
    #[error("the file cannot be read: {0}")]
    File(csv::Error),
    /// Not a failure of ours, and told to nobody: what was entered is taken back.
    #[error("nothing was entered")]
    TakenBack(Outcome),
}

/// Reads people into an office so that they stay when a story starts. All are entered or none, and none where a story
/// could not begin with them. `file` is opened for each archive that they are read into.
pub fn import_for_good<F: Read>(
    errand: &Errand,
    roll: &'static Roll,
    file: impl Fn() -> io::Result<F>,
    options: &Options,
    progress: impl Fn(u64),
) -> Result<Outcome, Failed> {
    import_and_tell(errand, (roll, None), file, options, progress).map(|(outcome, _)| outcome)
}

/// The same, and files notices for the subscribers of the registry: their ids are for its delivery.
pub(super) fn import_and_tell<F: Read>(
    errand: &Errand,
    (roll, told): (&'static Roll, Option<Told>),
    file: impl Fn() -> io::Result<F>,
    options: &Options,
    progress: impl Fn(u64),
) -> Result<(Outcome, Vec<String>), Failed> {
    let Errand { office, cause } = errand;
    let today = office.room.clock.today();
    let filed = RefCell::new(Vec::new());
    let read = |store: &Store, options: &Options| {
        let file = file().map_err(|e| Failed::File(e.into()))?;
        // What a story begins with tells nobody.
        let told = told.filter(|_| std::ptr::eq(store, &raw const office.store));
        store.write(|tx| {
            let last = told.map_or(Ok(0), |told| told.last(tx).map_err(StoreError::from))?;
            let outcome = import(tx, Import::new(roll, options, today), file, &progress)?;
            if let Some(told) = told {
                filed.replace(told.file(tx, errand, last)?);
            }
            Ok(outcome)
        })
    };
    let first = match office.for_good(cause, |store| read(store, options)) {
        Err(Failed::TakenBack(outcome)) => outcome,
        other => return other.map(|outcome| (outcome, filed.take())),
    };
    // Nobody was entered. What is wrong in the office itself is told first, because it can be seen there.
    let trial = Options { dry_run: true, ..options.clone() };
    let here = match read(&office.store, &trial) {
        Err(Failed::TakenBack(outcome)) => Outcome { dry_run: options.dry_run, ..outcome },
        other => return other.map(|outcome| (outcome, Vec::new())),
    };
    Ok((if here.is_right() { also_at_the_beginning(first) } else { here }, Vec::new()))
}

/// What came of an import that only the beginning of a story refuses, if it does.
fn also_at_the_beginning(mut outcome: Outcome) -> Outcome {
    for problem in &mut outcome.problems {
        problem.right.push_str(", also when a story begins");
    }
    outcome
}

/// Reads people from `file`, in the transaction that `db` is in; `progress` is told after each row how many bytes were read.
fn import(
    db: &Connection,
    import: Import<'_>,
    file: impl Read,
    progress: impl FnMut(u64),
) -> Result<Outcome, Failed> {
    let outcome = import.run(db, file, progress)?;
    if outcome.is_right() && !outcome.dry_run {
        return Ok(outcome);
    }
    Err(Failed::TakenBack(Outcome { entered: 0, ..outcome }))
}

struct Import<'a> {
    roll: &'static Roll,
    options: &'a Options,
    today: Date,
    outcome: Outcome,
    /// Where each unique value stood first.
    seen: Vec<BTreeMap<String, u64>>,
}

impl<'a> Import<'a> {
    fn new(roll: &'static Roll, options: &'a Options, today: Date) -> Self {
        let outcome = Outcome { dry_run: options.dry_run, ..Outcome::default() };
        Self { roll, options, today, outcome, seen: vec![BTreeMap::new(); roll.unique.len()] }
    }

    fn run(
        mut self,
        db: &Connection,
        file: impl Read,
        mut progress: impl FnMut(u64),
    ) -> Result<Outcome, Failed> {
        let mut file = io::BufReader::new(file);
        let delimiter = delimiter(&mut file).map_err(|e| Failed::File(e.into()))?;
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .trim(csv::Trim::All)
            // A carriage return before it is trimmed: were it an end of its own, lines would be counted one too low.
            .terminator(csv::Terminator::Any(b'\n'))
            .from_reader(file);
        let mut record = ByteRecord::new();
        if !reader.read_byte_record(&mut record).map_err(Failed::File)? {
            let right =
                String::from("headers on the first line, and a person on each that follows");
            self.outcome.tell(Problem::of_header("", right));
            return Ok(self.outcome);
        }
        let headers: Vec<String> = record.iter().map(header).collect();
        let places = match places(self.roll.columns, &headers, &self.options.mapping) {
            Ok(places) => places,
            Err(problems) => {
                for problem in problems {
                    self.outcome.tell(problem);
                }
                return Ok(self.outcome);
            }
        };
        let mut intake = (self.roll.begin)();
        intake.begins(self.today);
        while reader.read_byte_record(&mut record).map_err(Failed::File)? {
            if record.len() == 1 && record[0].is_empty() {
                continue;
            }
            let line = record.position().map_or(0, csv::Position::line);
            self.outcome.rows += 1;
            self.row(db, (&headers, &places), (line, &record), intake.as_mut())
                .map_err(|e| Failed::Archive(e.into()))?;
            progress(reader.position().byte());
        }
        if self.outcome.is_right() {
            let wrong = intake.finish(db).map_err(|e| Failed::Archive(e.into()))?;
            for wrong in wrong {
                self.outcome.tell(of_row(0, wrong));
            }
        }
        Ok(self.outcome)
    }

    /// Checks a row, and enters it as long as nothing was wrong so far.
    fn row(
        &mut self,
        db: &Connection,
        (headers, places): (&[String], &Places),
        (line, record): (u64, &ByteRecord),
        intake: &mut dyn Intake,
    ) -> rusqlite::Result<()> {
        let before = self.outcome.problems.len();
        if record.len() != headers.len() {
            let right = format!("{} cells, as the headers have", headers.len());
            let value = format!("{} cells", record.len());
            self.outcome.tell(Problem { line, column: String::new(), value, right });
            return Ok(());
        }
        let values = self.values(headers, places, (line, record));
        for at in 0..self.roll.unique.len() {
            self.check_unique(db, at, line, &values)?;
        }
        if self.outcome.problems.len() > before || self.outcome.more_problems > 0 {
            return Ok(());
        }
        let row = Row { line, columns: self.roll.columns, values: &values };
        match intake.enter(db, &row)? {
            Ok(()) => self.outcome.entered += 1,
            Err(wrong) => self.outcome.tell(of_row(line, wrong)),
        }
        Ok(())
    }

    /// The values of a row in the order of the columns; what is wrong is told.
    fn values(
        &mut self,
        headers: &[String],
        places: &Places,
        (line, record): (u64, &ByteRecord),
    ) -> Vec<String> {
        let mut values = Vec::with_capacity(places.len());
        for (column, place) in self.roll.columns.iter().zip(places) {
            let bytes = place.and_then(|at| record.get(at)).unwrap_or_default();
            let read = read(column, bytes);
            let header = place.map_or(column.name, |at| headers[at].as_str());
            values.push(read.unwrap_or_else(|right| {
                let value = String::from_utf8_lossy(bytes).chars().take(80).collect();
                self.outcome.tell(Problem { line, column: header.into(), value, right });
                String::new()
            }));
        }
        values
    }

    /// A value that may come once is neither in the registry nor on an earlier line.
    fn check_unique(
        &mut self,
        db: &Connection,
        at: usize,
        line: u64,
        values: &[String],
    ) -> rusqlite::Result<()> {
        let unique = &self.roll.unique[at];
        let index = self.roll.columns.iter().position(|c| c.name == unique.column);
        let Some(value) = index.and_then(|i| values.get(i)).filter(|v| !v.is_empty()) else {
            return Ok(());
        };
        let right = if let Some(first) = self.seen[at].get(value) {
            Some(format!("each once; it stands on line {first} too"))
        } else {
            let sql = format!("select 1 from {} where {} = $1", unique.table, unique.at);
            let known = db.prepare_cached(&sql)?.exists([value])?;
            known.then(|| String::from("somebody who is not in the registry yet"))
        };
        match right {
            Some(right) => {
                let (column, value) = (unique.column.into(), value.clone());
                self.outcome.tell(Problem { line, column, value, right });
            }
            None => {
                self.seen[at].insert(value.clone(), line);
            }
        }
        Ok(())
    }
}

fn of_row(line: u64, wrong: Wrong) -> Problem {
    let line = if wrong.line == 0 { line } else { wrong.line };
    Problem { line, column: wrong.column.into(), value: wrong.value, right: wrong.right }
}

fn read(column: &Column, bytes: &[u8]) -> Result<String, String> {
    if bytes.len() > LONGEST_CELL {
        return Err("a cell of a sensible length".into());
    }
    let text = std::str::from_utf8(bytes).map_err(|_| String::from("text in UTF-8"))?.trim();
    match text {
        "" if column.needed => Err("a value: it may not be empty".into()),
        "" => Ok(String::new()),
        text => column.holds.read(text),
    }
}

/// A header without the mark that some programs put before the first.
fn header(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}').trim().to_owned()
}

/// What stands between the cells: whatever of comma, semicolon and tab the first line has most of.
fn delimiter(file: &mut impl io::BufRead) -> io::Result<u8> {
    let first = file.fill_buf()?.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |mark: u8| first.split(|b| *b == mark).count();
    // The last of equals is taken, and a file with one column has commas.
    Ok([b'\t', b';', b','].into_iter().max_by_key(|mark| count(*mark)).unwrap_or(b','))
}
