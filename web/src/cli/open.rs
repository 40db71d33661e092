//! Opens a country and its stories for a command.

use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mocks::kit::country::{Country, Settings};
use mocks::kit::seed::People;
use mocks::kit::system::System;
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
        // What a killed program of the same number left behind is no country of ours; mostly there is nothing.
        drop(std::fs::remove_dir_all(&dir));
        let settings = Settings { keys, people, candidates, seed, ..Settings::new(&dir) };
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

/// A country that is kept in a folder. No other program opens one there as long as this lives: two would write over each
/// other.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) country: Arc<Country>,
    _hold: File,
}

/// Opens the country that `settings` describe, and reads the stories of `scenarios` (see [`stories`]) meanwhile.
pub(super) fn open_with_stories(
    settings: Settings,
    scenarios: Option<&Path>,
) -> Result<(Kept, Library), Failure> {
    let hold = hold(&settings.dir)?;
    let seed = settings.seed;
    let (country, library) = std::thread::scope(|scope| {
        // Stories are about the cast, which lives in every country: they need not wait until all others are born.
        let library = scope.spawn(move || stories(scenarios, &People::generate(seed, 0)));
        let country = Country::open(settings, mocks::ALL);
        (country, library.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    let country = country.map_err(Failure::usage)?;
    Ok((Kept { country, _hold: hold }, library?))
}

/// Opens the country kept in `dir`. `ready` is told of each system whose people are there.
pub(super) fn open(
    dir: &Path,
    people: usize,
    seed: u64,
    ready: impl Fn(&'static System) + Sync,
) -> Result<Kept, Failure> {
    let hold = hold(dir)?;
    let settings = Settings { people, seed, ..Settings::new(dir) };
    let people = Arc::new(settings.people());
    let country =
        Country::open_with(people, settings, mocks::ALL, ready).map_err(Failure::usage)?;
    Ok(Kept { country, _hold: hold })
}

/// Takes the folder for this program; the operating system gives it back however the program ends.
pub(super) fn hold(dir: &Path) -> Result<File, Failure> {
    if dir.is_file() {
        let sentence = format!("{} is a file; give a folder with --data", dir.display());
        return Err(Failure::Usage(sentence));
    }
    let unusable =
        |e: std::io::Error| Failure::Usage(format!("{} cannot be used: {e}", dir.display()));
    std::fs::create_dir_all(dir).map_err(unusable)?;
    let file = File::create(dir.join("arenoa.lock")).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Failure::Usage(format!(
            "a country already runs in {}: speak to it with --at and its address, or give another folder with --data",
            dir.display()
        ))),
        Err(TryLockError::Error(e)) => Err(unusable(e)),
    }
}

/// Opens a country that is kept in `dir` already: a mistyped folder or number makes no new one.
pub(super) fn open_existing(dir: &Path, people: usize, seed: u64) -> Result<Kept, Failure> {
    let kept = kept(dir);
    if kept.contains(&(people, seed)) {
        return open(dir, people, seed, |_| {});
    }
    let dir = dir.display();
    if kept.is_empty() {
        let sentence =
            format!("{dir} holds no country; start it there once, or give another --data");
        return Err(Failure::Usage(sentence));
    }
    let found: Vec<_> =
        kept.iter().map(|(people, seed)| format!("--people {people} --seed {seed}")).collect();
    Err(Failure::Usage(format!(
        "{dir} holds no country made with --people {people} --seed {seed}; there is: {}",
        found.join(", ")
    )))
}

/// The countries kept in `dir`: how many people and which seed each was made with.
fn kept(dir: &Path) -> BTreeSet<(usize, u64)> {
    let folders = std::fs::read_dir(dir.join("rooms")).into_iter().flatten().flatten();
    let names = folders.filter_map(|folder| folder.file_name().into_string().ok());
    names.filter_map(|name| made_with(&name)).collect()
}

/// A country's folder is called after people, seed, and what else it was made from: `20000-42-0f3a`.
fn made_with(name: &str) -> Option<(usize, u64)> {
    let mut parts = name.split('-');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// The stories of `dir`, or those that come with the program.
pub(super) fn stories(dir: Option<&Path>, people: &People) -> Result<Library, Failure> {
    let library = match dir {
        Some(dir) => Library::folder(dir, people),
        None => Library::built_in(people),
    };
    library.map_err(Failure::usage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_country_that_is_there_is_opened() {
        let dir = std::env::temp_dir().join(format!("arenoa-kept-{}", std::process::id()));
        let said = |people| match open_existing(&dir, people, 42) {
            Err(Failure::Usage(sentence)) => sentence,
            other => panic!("{other:?}"),
        };
        assert!(said(20_000).contains("holds no country; start it there once"));
        assert!(!dir.exists(), "looking for a country makes no folder");
        std::fs::create_dir_all(dir.join("rooms/2000-7-0f3a")).unwrap();
        let held = hold(&dir).unwrap();
        let second = hold(&dir).unwrap_err();
        assert!(matches!(second, Failure::Usage(said) if said.contains("already runs in")));
        drop(held);
        hold(&dir).unwrap();
        assert!(said(2000).ends_with("there is: --people 2000 --seed 7"));
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
