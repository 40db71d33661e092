//! A room: a private copy of the country with its own databases, clock, journal, faults and cast.

mod hall;
mod numbers;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, watch};

pub use hall::Hall;

use numbers::Numbers;

use super::agenda::Agenda;
use super::beginning::Beginning;
use super::cause::Cause;
use super::clock::{Clock, pause};
use super::country::Fabric;
use super::faults::Faults;
use super::journal::{Entry, Journal, Kind, stamp};
use super::store::{COMMON_SCHEMA, Store, StoreError, set_setting};
use super::system::System;
use super::trust::Keys;

/// The names under which the room's clock and policy are kept across restarts.
const CLOCK: &str = "clock";
const POLICY: &str = "policy";
/// A reset waits no longer than this for what belongs to the old story.
const LONGEST_END: Duration = Duration::from_secs(1);

/// Whether a system insists on signatures and tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// Unsigned messages are accepted on lenient paths, and the stage shows that they were unsigned.
    #[default]
    Open,
    /// Whatever the standard lets a system sign must be signed.
    Strict,
}

impl Policy {
    /// `open` or `strict`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Strict => "strict",
        }
    }
}

impl FromStr for Policy {
    type Err = NoPolicy;

    fn from_str(text: &str) -> Result<Self, NoPolicy> {
        let known = [Self::Open, Self::Strict].into_iter().find(|policy| policy.name() == text);
        known.ok_or_else(|| NoPolicy(text.into()))
    }
}

/// A word that names no policy.
#[derive(Debug, Clone, thiserror::Error)]
#[error("`{0}` is no policy: use open (unsigned messages pass, and the stage shows it) or strict")]
pub struct NoPolicy(String);

/// What the systems of a room share.
#[derive(Debug)]
pub struct Room {
    pub name: String,
    pub clock: Clock,
    /// Held while the clock is moved.
    clock_turn: Mutex<()>,
    pub journal: Arc<Journal>,
    /// What all rooms share: the way out to the network, keys, where things are mounted.
    pub fabric: Arc<Fabric>,
    /// Systems that a real one stands in for: name to base address.
    guests: RwLock<BTreeMap<String, String>>,
    policy: Mutex<Policy>,
    /// Whether its systems serve countries that they do not know.
    serves_strangers: AtomicBool,
    /// Strangers' requests are roots of their own; they are counted from here.
    strangers: AtomicU32,
    /// Changes when the room is reset, so that work of the old story ends. Odd while the room is between two stories.
    generation: watch::Sender<u64>,
    /// Requests that are being answered, and background work.
    visits: AtomicU32,
    /// Rings when the last visit has ended.
    empty: Notify,
}

/// A request that is being answered, or background work: a reset waits until it has ended, so that it leaves nothing in
/// the new story.
#[derive(Debug)]
pub struct Visit(Arc<Room>);

impl Drop for Visit {
    fn drop(&mut self) {
        if self.0.visits.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.empty.notify_one();
        }
    }
}

/// As long as this is held, the room is between two stories: whatever begins ends at once.
#[derive(Debug)]
struct Between<'a>(&'a Room);

impl Between<'_> {
    /// No other story begins here.
    fn stay(self) {
        std::mem::forget(self);
    }
}

impl Drop for Between<'_> {
    fn drop(&mut self) {
        self.0.generation.send_modify(|n| *n += 1);
    }
}

/// One system in one room: its archive, its faults, its keys.
#[derive(Debug)]
pub struct Office {
    pub system: &'static System,
    pub room: Arc<Room>,
    pub store: Store,
    pub faults: Faults,
    pub keys: Arc<Keys>,
    /// What a system keeps in memory between requests (tokens, other people's keys); forgotten at a reset.
    pub memory: super::memory::Memory,
    beginning: Beginning,
    numbers: Numbers,
}

impl Room {
    /// The base address of a system for the systems of this room: a guest's, or our own mount.
    pub fn base_of(&self, system: &str) -> Option<String> {
        let guests = self.guests.read().unwrap_or_else(PoisonError::into_inner);
        guests.get(system).cloned().or_else(|| self.fabric.mount_of(&self.name, system))
    }

    /// Lets the system at `base` stand in for `system`; `None` gives the part back to ours.
    pub fn invite(&self, system: &str, base: Option<String>) {
        let mut guests = self.guests.write().unwrap_or_else(PoisonError::into_inner);
        match base {
            Some(base) => guests.insert(system.into(), base.trim_end_matches('/').into()),
            None => guests.remove(system),
        };
    }

    /// Gives the part of a guest that does not answer to who had it before, unless somebody else was invited meanwhile.
    pub(super) fn withdraw(&self, system: &str, base: &str, before: Option<String>) {
        let mut guests = self.guests.write().unwrap_or_else(PoisonError::into_inner);
        if guests.get(system).is_some_and(|placed| placed == base.trim_end_matches('/')) {
            match before {
                Some(before) => guests.insert(system.into(), before),
                None => guests.remove(system),
            };
        }
    }

    /// Whether somebody else's system plays this part.
    pub fn is_guest(&self, system: &str) -> bool {
        self.guests.read().unwrap_or_else(PoisonError::into_inner).contains_key(system)
    }

    /// The parts that guests play, with their addresses.
    pub fn guests(&self) -> BTreeMap<String, String> {
        self.guests.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether a token of any gateway is taken whose keys can be fetched: an open room that stands in for a system of other
    /// countries.
    pub fn serves_strangers(&self) -> bool {
        self.serves_strangers.load(Ordering::Relaxed) && self.policy() == Policy::Open
    }

    /// Has the room serve countries that it does not know; see [`Room::serves_strangers`].
    pub fn serve_strangers(&self) {
        self.serves_strangers.store(true, Ordering::Relaxed);
    }

    /// The trust policy in force.
    pub fn policy(&self) -> Policy {
        *self.policy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the trust policy and keeps it across restarts and resets.
    pub fn set_policy(&self, policy: Policy) -> Result<(), StoreError> {
        self.keep(POLICY, policy.name())?;
        *self.policy.lock().unwrap_or_else(PoisonError::into_inner) = policy;
        Ok(())
    }

    fn keep(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.journal.store().write(|tx| Ok(set_setting(tx, name, value)?))
    }

    /// The sandbox time as messages carry it.
    pub fn stamp(&self) -> String {
        stamp(self.clock.now())
    }

    /// Moves the sandbox clock and keeps it across a restart.
    pub fn set_clock(&self, now: Timestamp) -> Result<(), StoreError> {
        self.move_clock(|_| Some(now)).map(drop)
    }

    /// As [`Room::set_clock`], to what `target` makes of the time that it shows, and whether there is such a time. One move comes
    /// after the other, so that none is lost.
    pub fn move_clock(
        &self,
        target: impl FnOnce(Timestamp) -> Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let _turn = self.clock_turn.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(now) = target(self.clock.now()) else { return Ok(false) };
        self.keep(CLOCK, &now.to_string())?;
        self.clock.set(now);
        Ok(true)
    }

    /// A cause for a request that tells of none.
    pub fn stranger(&self) -> Cause {
        // Strangers come after every act of a story: acts count from 1, strangers from a million.
        let number = self.strangers.fetch_add(1, Ordering::Relaxed);
        Cause::root(&self.name, "", 1_000_000 + number)
    }

    /// Begins to answer a request; it ends when the value is dropped.
    pub fn visit(self: &Arc<Self>) -> Visit {
        self.visits.fetch_add(1, Ordering::AcqRel);
        Visit(Arc::clone(self))
    }

    /// Ends what belongs to the old story, and waits until it has ended. What computes for very long is not waited for.
    async fn end(&self) -> Between<'_> {
        self.generation.send_modify(|n| *n += 1);
        let between = Between(self);
        let ended = async {
            while self.visits.load(Ordering::Acquire) > 0 {
                self.empty.notified().await;
            }
        };
        tokio::select! {
            () = ended => {}
            () = pause(LONGEST_END) => {}
        }
        between
    }

    /// Resolves when the story ends that is told now: what belongs to it then ends. Between two stories it is over already.
    pub fn ended(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut generation = self.generation.subscribe();
        let now = *generation.borrow();
        async move {
            // An error means that the room itself is gone.
            drop(generation.wait_for(|n| *n != now || *n % 2 == 1).await);
        }
    }

    /// Background work that belongs to the story that is told now: it counts as under way, and ends with the story.
    pub fn part_of_story(
        self: &Arc<Self>,
        work: impl Future<Output = ()> + Send + 'static,
    ) -> impl Future<Output = ()> + Send + 'static {
        let (room, under_way, ended) = (Arc::clone(self), self.clock.work(), self.ended());
        async move {
            let _under_way = under_way;
            let _visit = room.visit();
            tokio::select! {
                biased;
                () = ended => {}
                () = work => {}
            }
        }
    }
}

impl Office {
    fn open(
        system: &'static System,
        room: &Arc<Room>,
        (dir, template): (&Path, &Path),
    ) -> Result<Arc<Self>, StoreError> {
        let file = format!("{}.db", system.name);
        let path = dir.join(&file);
        let store = Store::open(&path, &format!("{COMMON_SCHEMA}{}", system.schema))?;
        let numbers = Numbers::open(&room.journal, system.name)?;
        Ok(Arc::new(Self {
            system,
            room: Arc::clone(room),
            store,
            faults: Faults::default(),
            keys: room.fabric.keys_of(system.name),
            memory: super::memory::Memory::default(),
            beginning: Beginning::of(&path, &template.join(file)),
            numbers,
        }))
    }

    /// Does `work` on the archive so that it stays when a story starts, unless it is the story itself that asks: rules
    /// and people that a team brings are no part of what happened. Where it cannot stay, it is not done at all.
    pub fn for_good<T, E: From<StoreError>>(
        &self,
        cause: &Cause,
        work: impl Fn(&Store) -> Result<T, E>,
    ) -> Result<T, E> {
        if cause.step().is_empty() {
            self.beginning.change(&self.store, work)
        } else {
            work(&self.store)
        }
    }

    /// Whether it begins a story with something that people changed for good.
    pub fn is_changed(&self) -> bool {
        self.beginning.is_changed()
    }

    /// A legible id that this office has not used: `{prefix}-000017`.
    pub fn next_id(&self, prefix: &str) -> String {
        format!("{prefix}-{:06}", self.numbers.next())
    }

    /// A UUID (version 5) that this office has not used: the same on every run of the same story.
    pub fn next_uuid(&self) -> uuid::Uuid {
        let name = format!("{}/{}/{}", self.room.name, self.system.name, self.numbers.next());
        uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, name.as_bytes())
    }

    /// Puts the archive to where a story begins.
    fn begin(&self) -> Result<(), StoreError> {
        self.beginning.lay(&self.store)?;
        // Last, because memory holds what was read from the archive.
        self.forget();
        Ok(())
    }

    /// Puts the archive back to its first moment. Ids go on, because other offices remember those that they have seen.
    fn reset(&self) -> Result<(), StoreError> {
        self.faults.clear();
        self.beginning.forget(&self.store)?;
        self.forget();
        Ok(())
    }

    /// Forgets what is held in memory, as a stop of the program does. What was planned for a later moment is struck out first,
    /// because the task that waits for the moment holds the agenda itself.
    pub(super) fn forget(&self) {
        self.memory.of::<Agenda>().clear();
        self.memory.forget();
    }

    /// Shows something that happened inside this system: a decision, a change of state. `action` is a short stable
    /// name, `remark` a sentence, `body` the facts.
    pub fn event(&self, cause: &Cause, action: &str, remark: &str, body: &serde_json::Value) {
        let cause = cause.next();
        self.room.journal.write(Entry {
            at: self.room.stamp(),
            kind: Kind::Event,
            step: cause.step().into(),
            from: self.system.name.into(),
            to: self.system.name.into(),
            action: action.into(),
            remark: remark.into(),
            body: body.to_string(),
            trace: cause.trace().into(),
            place: cause.place().to_string(),
            ..Entry::default()
        });
    }
}
