//! Opens a country and its stories for a command.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mocks::kit::country::{Country, Settings};
use mocks::kit::seed::People;
use orchestrator::scenario::Library;

use super::Failure;
use crate::Environment;

/// A country in a folder of its own that goes when it is dropped.
#[derive(Debug)]
pub(super) struct OwnCountry {
    pub(super) country: Arc<Country>,
    dir: PathBuf,
}

impl OwnCountry {
    /// Opens a country that nobody else sees, with so many people, of whom so many can apply. Its keys are those of this
    /// machine, because making them takes a while; where the data folder cannot be written they are made anew.
    pub(super) fn open(
        (people, candidates): (usize, usize),
        seed: u64,
        environment: &Environment,
    ) -> Result<Self, Failure> {
        let dir = std::env::temp_dir().join(format!("arenoa-own-{}", std::process::id()));
        let keys = environment.data.join("keys");
        let keys = std::fs::create_dir_all(&keys).is_ok().then_some(keys);
        let settings = Settings {
            dir: dir.clone(),
            keys,
            people,
            candidates,
            seed,
            allowed_hosts: Vec::new(),
        };
        let country = Country::open(settings, mocks::ALL).map_err(Failure::usage)?;
        Ok(Self { country, dir })
    }
}

impl Drop for OwnCountry {
    fn drop(&mut self) {
        // A folder that cannot be removed is the temporary folder's own matter.
        drop(std::fs::remove_dir_all(&self.dir));
    }
}

/// Opens the country kept in `dir`.
pub(super) fn open(
    dir: &Path,
    people: usize,
    seed: u64,
    allowed_hosts: Vec<String>,
) -> Result<Arc<Country>, Failure> {
    let settings =
        Settings { dir: dir.into(), keys: None, people, candidates: 0, seed, allowed_hosts };
    Country::open(settings, mocks::ALL).map_err(Failure::usage)
}

/// The stories of `dir`, or those that come with the program.
pub(super) fn stories(dir: Option<&Path>, people: &People) -> Result<Library, Failure> {
    let library = match dir {
        Some(dir) => Library::folder(dir, people),
        None => Library::built_in(people),
    };
    library.map_err(Failure::usage)
}
