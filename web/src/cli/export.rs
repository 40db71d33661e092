//! `arenoa export REGISTRY --out FILE`: the people of a registry as CSV, as `arenoa import` takes them.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use mocks::kit::courier::Network;
use mocks::kit::roll::Roll;
use mocks::kit::roll::routes::{LARGEST_PART, NEXT};

use super::address::country_at;
use super::destination::cannot;
use super::import::{Place, roll_of};
use super::{Failure, say};
use crate::Environment;

/// Options of `arenoa export`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  arenoa export civil_registry --out people.csv
  arenoa export social_registry --out households.csv --at http://127.0.0.1:8080")]
pub(super) struct Export {
    /// The registry, such as civil_registry or social_registry
    registry: String,
    /// The file that is written
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    place: Place,
}

impl Export {
    /// Writes the file, part by part.
    pub(super) async fn run(self, environment: &Environment) -> Result<(), Failure> {
        let (system, roll) = roll_of(&self.registry)?;
        let people = match &self.place.at {
            Some(at) => read_running(at, system, &self.out).await?,
            None => self.read_folder(system, roll, environment)?,
        };
        say(&format!("{people} people are in {}", self.out.display()));
        Ok(())
    }

    fn read_folder(
        &self,
        system: &str,
        roll: &'static Roll,
        environment: &Environment,
    ) -> Result<usize, Failure> {
        let kept = self.place.open(environment)?;
        let hall = kept.country.main();
        let none = || Failure::Usage(format!("there is no `{system}` in this country"));
        let office = hall.office(system).ok_or_else(none)?;
        let mut writer = csv::Writer::from_path(&self.out).map_err(|e| cannot(&self.out, &e))?;
        let headers = roll.columns.iter().map(|column| column.name);
        writer.write_record(headers).map_err(Failure::usage)?;
        let (mut after, mut people) = (0, 0);
        loop {
            let part = office.store.read(|db| (roll.list)(db, after, LARGEST_PART));
            let part = part.map_err(Failure::usage)?;
            let Some((last, _)) = part.last() else { break };
            after = *last;
            people += part.len();
            for (_, values) in part {
                writer.write_record(&values).map_err(Failure::usage)?;
            }
        }
        writer.flush().map_err(Failure::usage)?;
        Ok(people)
    }
}

async fn read_running(base: &str, system: &str, out: &Path) -> Result<usize, Failure> {
    let (base, mount) = (country_at(base)?, system.replace('_', "-"));
    let network = Network::new(Vec::new());
    let mut file = std::fs::File::create(out).map_err(|e| cannot(out, &e))?;
    let (mut after, mut lines) = (String::from("0"), 0);
    loop {
        let url = format!("{base}/{mount}/_arenoa/export?after={after}");
        let reply = network.get(&url).await.map_err(Failure::usage)?;
        if !reply.is_success() {
            let body = String::from_utf8_lossy(&reply.body).into_owned();
            return Err(Failure::Usage(format!("{url} answered {}: {body}", reply.status)));
        }
        // No cell has a line break: an import refuses them.
        lines += reply.body.split(|byte| *byte == b'\n').count() - 1;
        file.write_all(&reply.body).map_err(Failure::usage)?;
        match reply.header(NEXT) {
            Some(next) => next.clone_into(&mut after),
            None => return Ok(lines.saturating_sub(1)),
        }
    }
}
