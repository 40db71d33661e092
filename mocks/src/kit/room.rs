//! A room: a private copy of the country with its own databases, clock, journal, faults and cast.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::cause::Cause;
use super::clock::{Clock, D0, pause};
use super::country::{Fabric, SeedError};
use super::faults::Faults;
use super::journal::{Entry, Journal, Kind, stamp};
use super::store::{COMMON_SCHEMA, Store, StoreError, set_setting, setting};
use super::system::System;
use super::trust::Keys;

/// The name under which the room's clock is kept across restarts.
const CLOCK: &str = "clock";

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
    sent: AtomicU64,
}

/// A room and its offices: what the country keeps.
#[derive(Debug)]
pub struct Hall {
    pub room: Arc<Room>,
    offices: BTreeMap<&'static str, Arc<Office>>,
    template: PathBuf,
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

    /// The trust policy in force.
    pub fn policy(&self) -> Policy {
        *self.policy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the trust policy.
    pub fn set_policy(&self, policy: Policy) {
        *self.policy.lock().unwrap_or_else(PoisonError::into_inner) = policy;
    }

    /// The sandbox time as messages carry it.
    pub fn stamp(&self) -> String {
        stamp(self.clock.now())
    }

    /// Moves the sandbox clock and keeps it across a restart.
    pub fn set_clock(&self, now: Timestamp) -> Result<(), StoreError> {
        self.journal
            .store()
            .write(|tx| Ok::<_, StoreError>(set_setting(tx, CLOCK, &now.to_string())?))?;
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
        dir: &Path,
    ) -> Result<Arc<Self>, StoreError> {
        let path = dir.join(format!("{}.db", system.name));
        let store = Store::open(&path, &format!("{COMMON_SCHEMA}{}", system.schema))?;
        let sent = u64::try_from(room.journal.last()).unwrap_or(0);
        Ok(Arc::new(Self {
            system,
            room: Arc::clone(room),
            store,
            faults: Faults::default(),
            keys: room.fabric.keys_of(system.name),
            memory: super::memory::Memory::default(),
            sent: AtomicU64::new(sent),
        }))
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
        if !dir.join("journal.db").exists() {
            std::fs::create_dir_all(dir).map_err(|e| SeedError::folder(dir, e))?;
            for system in fabric.systems() {
                let file = format!("{}.db", system.name);
                std::fs::copy(template.join(&file), dir.join(&file))
                    .map_err(|e| SeedError::folder(&template.join(&file), e))?;
            }
        }
        let journal = Journal::open(&dir.join("journal.db"))?;
        let kept = journal.store().read(|db| setting(db, CLOCK))?;
        let now = kept.and_then(|text| text.parse().ok()).unwrap_or(D0);
        let room = Arc::new(Room {
            name: name.into(),
            clock: Clock::new(now),
            journal,
            fabric: Arc::clone(fabric),
            guests: RwLock::default(),
            policy: Mutex::default(),
            strangers: AtomicU32::new(1),
            generation: watch::Sender::new(0),
            visits: AtomicU32::new(0),
        });
        let open = |system: &'static System| Ok((system.name, Office::open(system, &room, dir)?));
        let offices = fabric.systems().iter().map(open).collect::<Result<_, StoreError>>()?;
        Ok(Self { room, offices, template: template.into() })
    }

    /// The office of a system.
    pub fn office(&self, system: &str) -> Option<&Arc<Office>> {
        self.offices.get(system)
    }

    /// All offices, by name.
    pub fn offices(&self) -> impl Iterator<Item = &Arc<Office>> {
        self.offices.values()
    }

    /// Puts the room back to its first moment: databases, clock, journal, faults, ids. Guests stay.
    pub async fn reset(&self) -> Result<(), StoreError> {
        self.room.end().await;
        for office in self.offices.values() {
            self.reset_office(office)?;
        }
        self.room.strangers.store(1, Ordering::Relaxed);
        self.room.set_clock(D0)?;
        self.room.journal.clear().await
    }

    /// Puts one office back to its first moment.
    pub fn reset_office(&self, office: &Office) -> Result<(), StoreError> {
        office.faults.clear();
        office.sent.store(0, Ordering::Relaxed);
        office.store.copy_from(&self.template.join(format!("{}.db", office.system.name)))?;
        // Last, because memory holds what was read from the archive.
        office.memory.forget();
        Ok(())
    }
}
