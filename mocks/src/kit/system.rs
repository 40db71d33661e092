//! What a system tells the house about itself: one row in [`crate::ALL`].

use std::cmp::Reverse;
use std::iter;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, available_parallelism};

use serde_json::Value;

use super::openapi::Lay;
use super::room::Office;
use super::seed::People;
use super::store::{Layout, Transaction};

/// A system of the country: its name, what it speaks, and how it is made.
pub struct System {
    /// Snake case, as in paths of the code and the cast: `civil_registry`. Mounted with hyphens.
    pub name: &'static str,
    /// The folder below `mocks/src` that holds it. Several systems may share one (banks do).
    pub folder: &'static str,
    /// What a citizen calls it.
    pub title: &'static str,
    /// What it does, in a few words: "records births and deaths".
    pub does: &'static str,
    /// The standard that it speaks, short: "DCI CRVS".
    pub standard: &'static str,
    /// Its tables, repeatable (`create table if not exists`).
    pub schema: &'static str,
    /// What its tables hold most of.
    pub layout: Layout,
    /// Who exists at the start: writes the people into the system's own tables.
    pub seed: fn(&People, &Transaction<'_>) -> rusqlite::Result<()>,
    /// Its routes, relative to the mount.
    pub routes: Lay,
    /// The body of an error in the system's own standard, for faults and for what the kit refuses itself
    /// (too large, not found): HTTP status and a sentence in, JSON out.
    pub refusal: fn(u16, &str) -> Value,
    /// Names of body and query fields whose values never reach the journal.
    pub secrets: &'static [&'static str],
    /// What the system serves at the root of a port besides its mount: prefix and routes (`/crvs`, `/oauth2`).
    pub at_root: &'static [(&'static str, Lay)],
    /// Takes up unfinished work after a start (pending callbacks, retries).
    pub wake: fn(&Arc<Office>),
}

impl System {
    /// The mount on the shared port: `civil-registry`.
    pub fn mount(&self) -> String {
        self.name.replace('_', "-")
    }
}

impl std::fmt::Debug for System {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "System({})", self.name)
    }
}

/// Does `work` for all systems, as many at once as there are cores. The largest come first, so that no core is idle at the
/// end. What came of each is given in no order.
pub(super) fn for_all<T: Send, E: Send>(
    systems: &'static [System],
    work: impl Fn(&'static System) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let mut order: Vec<&System> = systems.iter().collect();
    order.sort_by_key(|system| Reverse(system.layout.weight()));
    let order = Mutex::new(order.into_iter());
    let next = || order.lock().unwrap_or_else(PoisonError::into_inner).next();
    let worker = || iter::from_fn(next).map(&work).collect::<Vec<_>>();
    let cores = available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(worker)).collect();
        let done = workers.into_iter().map(|w| w.join().unwrap_or_else(|p| resume_unwind(p)));
        done.flatten().collect()
    })
}
