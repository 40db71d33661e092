//! The theatre: who plays what in which room. State lives here, so that a reload or a second window of the stage
//! shows the same moment.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mocks::kit::clock::Pace;
use mocks::kit::country::{CloseError, Country};
use mocks::kit::room::Hall;
use mocks::kit::store::StoreError;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinHandle};

use crate::player::{Outcome, Player, Show, change};
use crate::scenario::{Library, Plan, TooSmall};

/// The stages of all rooms.
#[derive(Debug)]
pub struct Theatre {
    pub country: Arc<Country>,
    pub library: Library,
    stages: Mutex<BTreeMap<String, Arc<Stage>>>,
}

/// The stage of one room: what is played there, and how fast.
#[derive(Debug)]
pub struct Stage {
    hall: Arc<Hall>,
    show: watch::Sender<Arc<Show>>,
    stepwise: Arc<AtomicBool>,
    playing: Mutex<Option<AbortHandle>>,
}

impl Theatre {
    /// A theatre for `country` that plays the stories of `library`.
    pub fn new(country: Arc<Country>, library: Library) -> Arc<Self> {
        Arc::new(Self { country, library, stages: Mutex::default() })
    }

    /// The stage of a room, where the room is open.
    pub fn stage(&self, room: &str) -> Option<Arc<Stage>> {
        let hall = self.country.hall(room)?;
        let mut stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        let known = stages.get(room).filter(|stage| Arc::ptr_eq(stage.hall(), &hall));
        let stage = known.map_or_else(|| Arc::new(Stage::new(hall)), Arc::clone);
        stages.insert(room.to_owned(), Arc::clone(&stage));
        Some(stage)
    }

    /// Closes a room with its stage: what is played there ends.
    pub async fn close_room(&self, room: &str) -> Result<(), CloseError> {
        self.country.close_room(room).await?;
        let stage = self.stages.lock().unwrap_or_else(PoisonError::into_inner).remove(room);
        if let Some(stage) = stage {
            // Whoever watches hears of it, and finds the room gone.
            stage.close();
        }
        Ok(())
    }
}

impl Stage {
    fn new(hall: Arc<Hall>) -> Self {
        let show = watch::Sender::new(Arc::new(Show::default()));
        Self { hall, show, stepwise: Arc::default(), playing: Mutex::default() }
    }

    /// The room that the stage stands in.
    pub fn hall(&self) -> &Arc<Hall> {
        &self.hall
    }

    /// What is shown, now and whenever it changes.
    pub fn show(&self) -> watch::Receiver<Arc<Show>> {
        self.show.subscribe()
    }

    /// Plays `plan` from its start at `pace`; what was played before ends. A story that needs a larger country leaves the
    /// stage as it is. When this returns, the room stands at the first moment and the story's trouble is in force. Whoever
    /// waits for the end awaits what this gives, and learns there if the story was ended early; the story does not depend
    /// on that.
    pub async fn start(
        &self,
        country: &Country,
        plan: Plan,
        pace: Pace,
    ) -> Result<JoinHandle<Outcome>, TooSmall> {
        let (show, stepwise) = (self.show.clone(), Arc::clone(&self.stepwise));
        let hall = Arc::clone(&self.hall);
        let mut player = Player::new(hall, plan, &country.people, show, stepwise)?;
        let begun = player.begun();
        let task = {
            let mut playing = self.playing();
            self.sweep(playing.take(), pace);
            let room = Arc::clone(&self.hall.room);
            let task = tokio::spawn(async move {
                let outcome = player.play().await;
                // A story that was walked to its end holds nobody else's message.
                room.clock.set_pace(Pace::Play);
                outcome
            });
            *playing = Some(task.abort_handle());
            task
        };
        // An error means that it has ended already, and the outcome says why.
        drop(begun.await);
        Ok(task)
    }

    /// Whether a story is under way.
    pub fn is_playing(&self) -> bool {
        self.playing().as_ref().is_some_and(|task| !task.is_finished())
    }

    /// Lets messages pass at `pace`.
    pub fn set_pace(&self, pace: Pace) {
        self.stepwise.store(false, Ordering::Relaxed);
        self.hall.room.clock.set_pace(pace);
        self.tell();
    }

    /// Holds every message.
    pub fn pause(&self) {
        self.set_pace(Pace::Step);
    }

    /// Lets one message pass and holds the rest.
    pub fn next_message(&self) {
        if self.hall.room.clock.pace() != Pace::Step {
            self.pause();
        }
        self.hall.room.clock.permit();
    }

    /// Lets messages pass up to the end of the step, at `pace`.
    pub fn next_step(&self, pace: Pace) {
        self.hall.room.clock.set_pace(pace);
        self.stepwise.store(true, Ordering::Relaxed);
        self.tell();
    }

    /// Ends what is played and puts the room to where a story begins; what people changed for good stays.
    pub async fn clear(&self) -> Result<(), StoreError> {
        self.close();
        self.hall.begin().await
    }

    /// Ends what is played and puts the room back to its first moment.
    pub async fn reset(&self) -> Result<(), StoreError> {
        self.close();
        self.hall.reset().await
    }

    fn close(&self) {
        self.sweep(self.playing().take(), Pace::Play);
    }

    /// Ends what was played, and shows that nothing plays.
    fn sweep(&self, before: Option<AbortHandle>, pace: Pace) {
        if let Some(before) = before {
            before.abort();
        }
        self.stepwise.store(false, Ordering::Relaxed);
        self.hall.room.clock.set_pace(pace);
        self.show.send_replace(Arc::new(Show::default()));
    }

    fn playing(&self) -> MutexGuard<'_, Option<AbortHandle>> {
        self.playing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells everybody who watches that the pace changed, or what else they are shown beside the story.
    pub fn tell(&self) {
        let pace = self.hall.room.clock.pace();
        change(&self.show, |show| show.pace = Some(pace));
    }
}
