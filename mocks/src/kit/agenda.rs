//! Work that waits for a moment of the sandbox clock: expiries, retries. An office has one agenda, and one task waits
//! for the earliest moment on it, however much is planned. Forgotten at a reset, like everything in memory.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::Notify;

use super::clock;
use super::courier::Errand;

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What an office planned.
#[derive(Default)]
pub struct Agenda {
    planned: Mutex<Planned>,
    changed: Notify,
}

#[derive(Default)]
struct Planned {
    /// Work is done in the order of its moment, then of its key: the same on every run.
    work: BTreeMap<(Timestamp, String), Work>,
    moments: BTreeMap<String, Timestamp>,
    watched: bool,
    /// What was planned while the task rests until a later moment counts as work under way until the task has heard of it:
    /// otherwise the room would seem idle, and its clock might pass the moment unnoticed.
    unheard: Option<clock::Work>,
}

impl Agenda {
    /// Plans `work` for the moment `at`, in place of what was planned under the same `key`.
    pub fn plan(
        self: &Arc<Self>,
        errand: &Errand,
        key: &str,
        at: Timestamp,
        work: impl Future<Output = ()> + Send + 'static,
    ) {
        let mut planned = self.lock();
        planned.strike(key);
        planned.moments.insert(key.into(), at);
        planned.work.insert((at, key.into()), Box::pin(work));
        if planned.watched {
            planned.unheard.get_or_insert_with(|| errand.office.room.clock.work());
            self.changed.notify_one();
        } else {
            planned.watched = true;
            errand.spawn(Arc::clone(self).watch(errand.clone()));
        }
    }

    /// Strikes out what was planned under `key`.
    pub fn strike(&self, key: &str) {
        self.lock().strike(key);
    }

    /// Strikes out everything, as a stop of the program does.
    pub fn clear(&self) {
        let mut planned = self.lock();
        planned.work.clear();
        planned.moments.clear();
        self.changed.notify_one();
    }

    /// How much is planned.
    pub fn len(&self) -> usize {
        self.lock().work.len()
    }

    /// Whether nothing is planned.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    async fn watch(self: Arc<Self>, errand: Errand) {
        let clock = &errand.office.room.clock;
        while let Some(next) = self.earliest() {
            tokio::select! {
                () = clock.reach(next) => {}
                () = self.changed.notified() => continue,
            }
            while let Some(work) = self.take_due(clock.now()) {
                work.await;
            }
        }
    }

    /// The earliest moment; where nothing is planned, the watch ends, and the next plan starts another.
    fn earliest(&self) -> Option<Timestamp> {
        let mut planned = self.lock();
        // The task itself is under way here, and counted.
        planned.unheard = None;
        let earliest = planned.work.first_key_value().map(|((at, _), _)| *at);
        planned.watched = earliest.is_some();
        earliest
    }

    fn take_due(&self, now: Timestamp) -> Option<Work> {
        let mut planned = self.lock();
        let first = planned.work.first_entry().filter(|first| first.key().0 <= now)?;
        let ((_, key), work) = first.remove_entry();
        planned.moments.remove(&key);
        Some(work)
    }

    fn lock(&self) -> MutexGuard<'_, Planned> {
        self.planned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Planned {
    fn strike(&mut self, key: &str) {
        if let Some(at) = self.moments.remove(key) {
            self.work.remove(&(at, key.into()));
        }
    }
}

impl fmt::Debug for Agenda {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Agenda({} planned)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use jiff::SignedDuration;
    use tokio::sync::mpsc;

    use super::*;
    use crate::kit::trial::Trial;

    #[actix_web::test]
    async fn work_is_done_in_the_order_of_its_moments_and_struck_out_work_never() {
        let trial = Trial::start(crate::ALL, 50);
        let errand = Errand { office: trial.office("messenger"), cause: trial.cause() };
        let agenda = errand.office.memory.of::<Agenda>();
        let (done, mut seen) = mpsc::unbounded_channel();
        for (key, minutes) in [("late", 9), ("early", 3), ("never", 5), ("moved", 1), ("moved", 7)]
        {
            let at = errand.now() + SignedDuration::from_mins(minutes);
            let done = done.clone();
            agenda.plan(&errand, key, at, async move { done.send(key).unwrap() });
        }
        agenda.strike("never");
        trial.hall().room.clock.advance(SignedDuration::from_mins(8));
        assert_eq!([seen.recv().await, seen.recv().await], [Some("early"), Some("moved")]);
        assert_eq!(agenda.len(), 1);
        trial.hall().room.clock.advance(SignedDuration::from_mins(1));
        assert_eq!(seen.recv().await, Some("late"));
    }

    #[actix_web::test]
    async fn what_an_office_planned_before_it_was_put_back_is_never_done() {
        let trial = Trial::start(crate::ALL, 50);
        let errand = Errand { office: trial.office("messenger"), cause: trial.cause() };
        let (done, mut seen) = mpsc::unbounded_channel();
        let plan = |word: &'static str, minutes| {
            let agenda = errand.office.memory.of::<Agenda>();
            let (at, done) = (errand.now() + SignedDuration::from_mins(minutes), done.clone());
            agenda.plan(&errand, "expiry", at, async move { done.send(word).unwrap() });
        };
        plan("before", 1);
        trial.hall().room.clock.idle().await;
        trial.hall().reset_office(&errand.office).await.unwrap();
        plan("after", 60);
        trial.hall().room.clock.advance(SignedDuration::from_mins(59));
        trial.hall().room.clock.idle().await;
        assert!(seen.try_recv().is_err(), "nothing is due yet");
        trial.hall().room.clock.advance(SignedDuration::from_mins(1));
        assert_eq!(seen.recv().await, Some("after"));
    }

    #[actix_web::test]
    async fn a_room_is_not_idle_before_its_agenda_has_heard_of_what_is_planned() {
        let trial = Trial::start(crate::ALL, 50);
        let errand = Errand { office: trial.office("messenger"), cause: trial.cause() };
        let agenda = errand.office.memory.of::<Agenda>();
        let clock = &trial.hall().room.clock;
        let plan = |key: &str, minutes| {
            let at = errand.now() + SignedDuration::from_mins(minutes);
            agenda.plan(&errand, key, at, async {});
        };
        plan("late", 9);
        clock.idle().await;
        plan("early", 1);
        assert!(
            clock.idle().now_or_never().is_none(),
            "the task still rests until the ninth minute"
        );
        clock.idle().await;
        assert_eq!(agenda.len(), 2);
    }
}
