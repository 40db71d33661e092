//! A room: a private copy of the country with its own databases, clock, journal, faults and cast.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::beginning::Beginning;
use super::cause::Cause;
use super::clock::{Clock, D0, Pace, pause};
use super::country::{Fabric, SeedError};
use super::faults::Faults;
use super::journal::{Entry, Journal, Kind, stamp};
use super::store::{COMMON_SCHEMA, Store, StoreError, set_setting, setting};
use super::system::{System, for_all};
use super::trust::Keys;

/// The names under which the room's clock and policy are kept across restarts.
const CLOCK: &str = "clock";
const POLICY: &str = "policy";

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
    /// Changes when the room is reset, so that work of the old story ends.
    generation: watch::Sender<u64>,
    /// Requests that are being answered.
    visits: AtomicU32,
}

/// A request that is being answered: a reset waits until it has ended, so that it leaves nothing in the new story.
#[derive(Debug)]
pub struct Visit(Arc<Room>);

impl Drop for Visit {
    fn drop(&mut self) {
        self.0.visits.fetch_sub(1, Ordering::AcqRel);
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
    sent: AtomicU64,
}

/// A room and its offices: what the country keeps.
#[derive(Debug)]
pub struct Hall {
    pub room: Arc<Room>,
    offices: BTreeMap<&'static str, Arc<Office>>,
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
        self.keep(CLOCK, &now.to_string())?;
        self.clock.set(now);
        Ok(())
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

    /// Ends what belongs to the old story, and waits until it has ended (for a second at the most: a request that came
    /// only now may wait for its turn).
    async fn end(&self) {
        self.generation.send_modify(|n| *n += 1);
        for _ in 0..1000 {
            if self.visits.load(Ordering::Acquire) == 0 {
                return;
            }
            pause(Duration::from_millis(1)).await;
        }
    }

    /// Resolves when the room is reset: work that belongs to the old story then ends.
    pub async fn ended(&self) {
        let mut generation = self.generation.subscribe();
        // An error means that the room itself is gone.
        drop(generation.changed().await);
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
        let sent = u64::try_from(room.journal.last()).unwrap_or(0);
        Ok(Arc::new(Self {
            system,
            room: Arc::clone(room),
            store,
            faults: Faults::default(),
            keys: room.fabric.keys_of(system.name),
            memory: super::memory::Memory::default(),
            beginning: Beginning::of(&path, &template.join(file)),
            sent: AtomicU64::new(sent),
        }))
    }

    /// Does `work` on the archive so that it stays when a story starts, unless it is the story itself that asks: rules
    /// and people that a team brings are no part of what happened.
    pub fn for_good<T, E: From<StoreError>>(
        &self,
        cause: &Cause,
        work: impl Fn(&Store) -> Result<T, E>,
    ) -> Result<T, E> {
        let done = work(&self.store)?;
        if cause.step().is_empty() {
            self.beginning.change(&work)?;
        }
        Ok(done)
    }

    /// A legible id that this office has not used: `{prefix}-000017`. Ids go on after a restart because every
    /// message is in the journal, and the count starts behind it.
    pub fn next_id(&self, prefix: &str) -> String {
        format!("{prefix}-{:06}", self.count())
    }

    /// A UUID (version 5) that this office has not used: the same on every run of the same story.
    pub fn next_uuid(&self) -> uuid::Uuid {
        let name = format!("{}/{}/{}", self.room.name, self.system.name, self.count());
        uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, name.as_bytes())
    }

    /// Ids up to this number are in use: those that follow are higher.
    pub fn skip_ids(&self, used: u64) {
        self.sent.fetch_max(used, Ordering::Relaxed);
    }

    /// Puts the archive and the ids to where a story begins.
    fn begin(&self) -> Result<(), StoreError> {
        self.sent.store(0, Ordering::Relaxed);
        self.store.copy_from(self.beginning.path())?;
        // Last, because memory holds what was read from the archive.
        self.memory.forget();
        Ok(())
    }

    fn count(&self) -> u64 {
        self.sent.fetch_add(1, Ordering::Relaxed) + 1
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

impl Hall {
    /// Opens the room `name` below `dir`, copied from the seeded `template` where it does not exist yet.
    pub fn open(
        name: &str,
        dir: &Path,
        template: &Path,
        fabric: &Arc<Fabric>,
    ) -> Result<Self, SeedError> {
        let file = |system: &System| format!("{}.db", system.name);
        // The journal is made last: a room without one was never whole, and is copied again.
        if !dir.join("journal.db").exists() {
            std::fs::create_dir_all(dir).map_err(|e| SeedError::folder(dir, e))?;
            for_all(fabric.systems(), |system| {
                Store::copy(&template.join(file(system)), &dir.join(file(system)))
            })?;
        }
        let journal = Journal::open(&dir.join("journal.db"))?;
        let (now, policy) =
            journal.store().read(|db| Ok((setting(db, CLOCK)?, setting(db, POLICY)?)))?;
        let now = now.and_then(|text| text.parse().ok()).unwrap_or(D0);
        let policy = policy.and_then(|text| text.parse().ok()).unwrap_or_default();
        let room = Arc::new(Room {
            name: name.into(),
            clock: Clock::new(now),
            journal,
            fabric: Arc::clone(fabric),
            guests: RwLock::default(),
            policy: Mutex::new(policy),
            serves_strangers: AtomicBool::new(false),
            strangers: AtomicU32::new(1),
            generation: watch::Sender::new(0),
            visits: AtomicU32::new(0),
        });
        let offices = for_all(fabric.systems(), |system| {
            let office = Office::open(system, &room, (dir, template))?;
            Ok::<_, StoreError>((system.name, office))
        })?;
        Ok(Self { room, offices: offices.into_iter().collect() })
    }

    /// The office of a system.
    pub fn office(&self, system: &str) -> Option<&Arc<Office>> {
        self.offices.get(system)
    }

    /// All offices, by name.
    pub fn offices(&self) -> impl Iterator<Item = &Arc<Office>> {
        self.offices.values()
    }

    /// Puts the room back to its first moment: databases, clock, journal, faults, ids. Guests and the policy stay.
    pub async fn reset(&self) -> Result<(), StoreError> {
        self.room.end().await;
        for office in self.offices.values() {
            self.reset_office(office)?;
        }
        self.room.clock.set_pace(Pace::Play);
        self.forget_story().await
    }

    /// Puts the room to where a story begins: as [`Hall::reset`], but what people changed for good stays, and so do the faults
    /// that they set and the pace.
    pub async fn begin(&self) -> Result<(), StoreError> {
        self.room.end().await;
        for office in self.offices.values() {
            office.faults.end_story();
            office.begin()?;
        }
        self.forget_story().await
    }

    async fn forget_story(&self) -> Result<(), StoreError> {
        self.room.strangers.store(1, Ordering::Relaxed);
        self.room.set_clock(D0)?;
        self.room.journal.clear().await
    }

    /// Puts one office back to its first moment.
    pub fn reset_office(&self, office: &Office) -> Result<(), StoreError> {
        office.faults.clear();
        if office.beginning.forget() {
            office.store.touch();
        }
        office.begin()
    }
}
