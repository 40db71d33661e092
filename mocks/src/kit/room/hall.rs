//! A room with its offices: what the country keeps.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use tokio::sync::{Notify, watch};

use super::{CLOCK, Office, POLICY, Room};
use crate::kit::clock::{Clock, D0, Pace};
use crate::kit::country::{Fabric, SeedError};
use crate::kit::journal::Journal;
use crate::kit::store::{Store, StoreError, setting};
use crate::kit::system::{System, for_all};

/// A room and its offices.
#[derive(Debug)]
pub struct Hall {
    pub room: Arc<Room>,
    offices: BTreeMap<&'static str, Arc<Office>>,
    /// Held while the room is put back: one after the other.
    turn: tokio::sync::Mutex<()>,
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
            clock_turn: Mutex::default(),
            journal,
            fabric: Arc::clone(fabric),
            guests: RwLock::default(),
            policy: Mutex::new(policy),
            serves_strangers: AtomicBool::new(false),
            strangers: AtomicU32::new(1),
            generation: watch::Sender::new(0),
            visits: AtomicU32::new(0),
            empty: Notify::new(),
        });
        let offices = for_all(fabric.systems(), |system| {
            let office = Office::open(system, &room, (dir, template))?;
            Ok::<_, StoreError>((system.name, office))
        })?;
        Ok(Self {
            room,
            offices: offices.into_iter().collect(),
            turn: tokio::sync::Mutex::default(),
        })
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
        let _turn = self.turn.lock().await;
        let _between = self.room.end().await;
        self.offices().try_for_each(|office| office.reset())?;
        self.room.clock.set_pace(Pace::Play);
        self.forget_story().await
    }

    /// Puts the room to where a story begins: as [`Hall::reset`], but what people changed for good stays, and so do the faults
    /// that they set and the pace.
    pub async fn begin(&self) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let _between = self.room.end().await;
        for office in self.offices() {
            office.faults.end_story();
            office.begin()?;
        }
        self.forget_story().await
    }

    /// Ends everything in the room for good: whatever begins here ends at once.
    pub(in crate::kit) async fn close(&self) {
        let _turn = self.turn.lock().await;
        self.room.end().await.stay();
    }

    async fn forget_story(&self) -> Result<(), StoreError> {
        self.offices().for_each(|office| office.numbers.restart());
        self.room.strangers.store(1, Ordering::Relaxed);
        self.room.set_clock(D0)?;
        self.room.journal.clear().await
    }

    /// Puts one office back to its first moment.
    pub async fn reset_office(&self, office: &Office) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        office.reset()
    }
}
