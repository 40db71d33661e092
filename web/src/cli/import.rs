//! `arenoa import REGISTRY FILE`: people from a CSV file into a registry, all of them or none.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use mocks::kit::courier::{Errand, Network};
use mocks::kit::roll::{Mapping, Options, Outcome, Problem, Roll, import_for_good};
use mocks::kit::server::LONGEST_FILE;

use super::address::country_at;
use super::open::{Kept, open_existing};
use super::{Failure, say};
use crate::Environment;

/// So many problems are shown; the report has them all.
const SHOWN: usize = 20;

/// Options of `arenoa import`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  arenoa import civil_registry people.csv --dry-run
  arenoa import civil_registry people.csv --map \"name=given_name,notes=-\" --report errors.csv
  arenoa import social_registry households.csv --at http://127.0.0.1:8080

The first line names the columns. `arenoa export REGISTRY --out people.csv` shows which there are. Nothing is entered
unless every row is right.")]
pub(super) struct Import {
    /// The registry, such as civil_registry or social_registry
    registry: String,
    /// The CSV file, in UTF-8, with commas, semicolons or tabs
    file: PathBuf,
    /// What the file's columns are called here; a hyphen leaves one out
    #[arg(long, default_value = "", value_name = "THEIRS=OURS,...")]
    map: String,
    /// Checks everything and enters nothing
    #[arg(long)]
    dry_run: bool,
    /// Writes what is wrong to this file: line, column, value, right
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

/// Where the registry is: at a running country, or in a folder of databases.
#[derive(Debug, Args)]
pub(super) struct Place {
    /// A running country, such as http://127.0.0.1:8080 (files up to 32 MiB)
    #[arg(long, value_name = "URL", conflicts_with = "data")]
    pub(super) at: Option<String>,
    /// Folder of a country that is not running [default: arenoa in your data folder]
    #[arg(long, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
    /// How many people the country was made with
    #[arg(long, default_value_t = 20_000)]
    pub(super) people: usize,
    /// The number that it was made with
    #[arg(long, default_value_t = 42)]
    pub(super) seed: u64,
}

impl Place {
    /// The country of the folder, where no address is given.
    pub(super) fn open(&self, environment: &Environment) -> Result<Kept, Failure> {
        let dir = self.data.as_ref().unwrap_or(&environment.data);
        open_existing(dir, self.people, self.seed)
    }
}

/// The roll of a registry, and its system's name with underscores.
pub(super) fn roll_of(registry: &str) -> Result<(&'static str, &'static Roll), Failure> {
    let wanted = registry.replace('-', "_");
    let found = mocks::ROLLS.iter().find(|(name, _)| *name == wanted).copied();
    found.ok_or_else(|| {
        let known = mocks::ROLLS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        Failure::Usage(format!("`{registry}` keeps no people that come as files; use {known}"))
    })
}

impl Import {
    /// Reads the file and tells what came of it.
    pub(super) async fn run(self, environment: &Environment) -> Result<(), Failure> {
        let (system, roll) = roll_of(&self.registry)?;
        let mapping = Mapping::read(&self.map).map_err(Failure::Usage)?;
        let outcome = match &self.place.at {
            Some(at) => self.at(at, system).await?,
            None => self.enter_folder(system, roll, mapping, environment)?,
        };
        self.tell(&outcome)
    }

    fn enter_folder(
        &self,
        system: &str,
        roll: &'static Roll,
        mapping: Mapping,
        environment: &Environment,
    ) -> Result<Outcome, Failure> {
        let kept = self.place.open(environment)?;
        let hall = kept.country.main();
        let none = || Failure::Usage(format!("there is no `{system}` in this country"));
        let office = hall.office(system).ok_or_else(none)?;
        let about = std::fs::metadata(&self.file).map_err(|e| unreadable(&self.file, &e))?;
        let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {elapsed}");
        let bar = ProgressBar::new(about.len())
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let options = Options { mapping, dry_run: self.dry_run };
        let errand = Errand { office: Arc::clone(office), cause: hall.room.stranger() };
        let file = || File::open(&self.file);
        let outcome = import_for_good(&errand, roll, file, &options, |at| bar.set_position(at));
        bar.finish_and_clear();
        outcome.map_err(Failure::usage)
    }

    async fn at(&self, base: &str, system: &str) -> Result<Outcome, Failure> {
        let text = std::fs::read(&self.file).map_err(|e| unreadable(&self.file, &e))?;
        if text.len() > LONGEST_FILE {
            let sentence = format!(
                "{} has {} bytes, and a running country takes {LONGEST_FILE}: stop it and use --data",
                self.file.display(),
                text.len()
            );
            return Err(Failure::Usage(sentence));
        }
        let (base, mount) = (country_at(base)?, system.replace('_', "-"));
        let query =
            [("map", self.map.as_str()), ("dry_run", if self.dry_run { "true" } else { "false" })];
        let network = Network::new(Vec::new());
        let url = format!("{base}/{mount}/_arenoa/import");
        let reply =
            network.post_text(&url, &query, "text/csv", text).await.map_err(Failure::usage)?;
        if !matches!(reply.status, 200 | 422) {
            let body = String::from_utf8_lossy(&reply.body).into_owned();
            return Err(Failure::Usage(format!("{url} answered {}: {body}", reply.status)));
        }
        reply.json().map_err(Failure::usage)
    }

    fn tell(&self, outcome: &Outcome) -> Result<(), Failure> {
        if outcome.is_right() {
            let people = outcome.rows;
            say(&if self.dry_run {
                format!("{people} people are right; nothing was entered, because of --dry-run")
            } else {
                format!("{people} people were entered")
            });
            return Ok(());
        }
        for line in table(&outcome.problems) {
            say(&line);
        }
        if let Some(path) = &self.report {
            let text = outcome.problems_as_csv().map_err(Failure::usage)?;
            std::fs::write(path, text).map_err(|e| unreadable(path, &e))?;
            say(&format!("all of it is in {}", path.display()));
        }
        let count = outcome.problems.len() as u64 + outcome.more_problems;
        let things = if count == 1 { "thing is" } else { "things are" };
        let rows = if outcome.rows == 1 { "row" } else { "rows" };
        let sentence =
            format!("{count} {things} wrong in {} {rows}; nothing was entered", outcome.rows);
        Err(Failure::DidNotHold(sentence))
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Usage(format!("{}: {error}", path.display()))
}

/// The first problems as a table.
fn table(problems: &[Problem]) -> Vec<String> {
    let head = ["line", "column", "value", "what would be right"].map(str::to_owned);
    let row = |p: &Problem| {
        let line = if p.line == 0 { String::from("-") } else { p.line.to_string() };
        [line, cut(&p.column, 24), cut(&p.value, 24), p.right.clone()]
    };
    let rows: Vec<_> = [head].into_iter().chain(problems.iter().take(SHOWN).map(row)).collect();
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    let mut lines: Vec<_> = rows
        .iter()
        .map(|[line, column, value, right]| {
            let [a, b, c] = widths;
            format!("  {line:>a$}  {column:<b$}  {value:<c$}  {right}")
        })
        .collect();
    if problems.len() > SHOWN {
        lines.push(format!("  ... and {} more", problems.len() - SHOWN));
    }
    lines
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_keeps_its_columns() {
        let problem = |line, column: &str, value: &str| Problem {
            line,
            column: column.into(),
            value: value.into(),
            right: "a date".into(),
        };
        let lines =
            table(&[problem(2, "birth_date", "yesterday"), problem(0, "uin", &"9".repeat(40))]);
        assert_eq!(lines[1], "     2  birth_date  yesterday                 a date");
        assert!(lines[2].contains("…  a date"), "{}", lines[2]);
    }
}
