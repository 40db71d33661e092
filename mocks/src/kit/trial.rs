//! A country for tests: in a folder of its own, on a free port, gone when dropped. Also for tests of other people's
//! programs: `Trial::start(mocks::ALL, 300).await`.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

use super::cause::Cause;
use super::country::{Country, Settings};
use super::courier::{Letter, Reply, deliver};
use super::journal::Entry;
use super::room::{Hall, Office};
use super::server::{Listen, Running, serve};
use super::system::System;

static TRIALS: AtomicU32 = AtomicU32::new(0);

/// A running country that nobody else sees.
#[derive(Debug)]
pub struct Trial {
    pub country: Arc<Country>,
    pub running: Running,
    dir: PathBuf,
    /// Whether the folder stays when this is dropped.
    kept: bool,
}

impl Trial {
    /// Starts `systems` with `people` people (the cast included), seed 42. All trials of a machine have the same keys,
    /// because making RSA keys takes longer than most tests.
    ///
    /// # Panics
    /// Where the country cannot be opened or no port is free: a test can do nothing about it.
    pub fn start(systems: &'static [System], people: usize) -> Self {
        let number = TRIALS.fetch_add(1, Ordering::Relaxed);
        let dir =
            std::env::temp_dir().join(format!("arenoa-trial-{}-{number}", std::process::id()));
        let mut trial = Self::start_in(dir, systems, people);
        trial.kept = false;
        trial
    }

    /// As [`Trial::start`], in a folder that stays: a later start there finds what this one left.
    ///
    /// # Panics
    /// Where the country cannot be opened or no port is free.
    pub fn start_in(dir: PathBuf, systems: &'static [System], people: usize) -> Self {
        let keys = Some(std::env::temp_dir().join("arenoa-trial-keys"));
        let settings = Settings {
            dir: dir.clone(),
            keys,
            people,
            candidates: 0,
            seed: 42,
            allowed_hosts: Vec::new(),
        };
        let country =
            Country::open(settings, systems).unwrap_or_else(|e| panic!("the trial country: {e}"));
        let running = serve(&country, &Listen::default(), |_| {})
            .unwrap_or_else(|e| panic!("the trial server: {e}"));
        Self { country, running, dir, kept: true }
    }

    /// The main room.
    pub fn hall(&self) -> Arc<Hall> {
        self.country.main()
    }

    /// An office of the main room.
    ///
    /// # Panics
    /// Where the trial was started without this system.
    pub fn office(&self, system: &str) -> Arc<Office> {
        let hall = self.hall();
        hall.office(system).cloned().unwrap_or_else(|| panic!("no system {system} in this trial"))
    }

    /// Stops a system and starts it again: what it had in memory is lost. Waits until nothing more happens.
    ///
    /// # Panics
    /// Where the trial was started without this system.
    pub async fn restart(&self, system: &str) {
        let office = self.office(system);
        office.forget();
        (office.system.wake)(&office);
        self.hall().room.clock.idle().await;
    }

    /// Sends a letter as the visitor `visitor`, and gives what came back.
    ///
    /// # Panics
    /// Where no answer comes.
    pub async fn send(&self, letter: Letter) -> Reply {
        let room = Arc::clone(&self.hall().room);
        let cause = room.stranger();
        deliver(&room, "visitor", &cause, letter).await.unwrap_or_else(|e| panic!("no answer: {e}"))
    }

    /// As [`Trial::send`], with the answer's status and JSON body (null where there is none).
    pub async fn ask(&self, letter: Letter) -> (u16, Value) {
        let reply = self.send(letter).await;
        (reply.status, serde_json::from_slice(&reply.body).unwrap_or(Value::Null))
    }

    /// A cause for a test that sends by itself.
    pub fn cause(&self) -> Cause {
        self.hall().room.stranger()
    }

    /// Everything in the journal of the main room so far.
    ///
    /// # Panics
    /// Where the journal cannot be read.
    pub async fn journal(&self) -> Vec<Entry> {
        let journal = Arc::clone(&self.hall().room.journal);
        journal.settled().await;
        journal.after(0, u32::MAX).unwrap_or_else(|e| panic!("the journal: {e}"))
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        #[cfg(test)]
        if !std::thread::panicking() {
            let journal = self.hall().room.journal.after(0, u32::MAX).unwrap_or_default();
            let broken = super::openapi::tests::promises::broken(&journal);
            assert!(broken.is_empty(), "not as the descriptions say:\n{}", broken.join("\n"));
        }
        if self.kept {
            return;
        }
        // A folder that cannot be removed is the temporary folder's own matter.
        drop(std::fs::remove_dir_all(&self.dir));
    }
}
