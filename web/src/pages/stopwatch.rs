//! How long a room's story has played, for the presenter: real time since Play, which rests while the stage is paused and
//! ends with the story. It is kept here and not in a window, so that every window and every reload shows the same.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mocks::kit::clock::{self, Pace};
use orchestrator::player::{Show, State};
use tokio::sync::watch::Receiver;

/// The stopwatch of one room.
#[derive(Debug, Clone, Default)]
pub(super) struct Stopwatch(Arc<Mutex<Reading>>);

#[derive(Debug, Default)]
struct Reading {
    /// What was counted before the last rest.
    before: Duration,
    /// Since when it runs; nothing while it rests.
    since: Option<clock::Stopwatch>,
    /// Which play it counts: what follows an earlier one counts no more.
    play: u64,
}

impl Stopwatch {
    /// What it shows.
    pub(super) fn millis(&self) -> u64 {
        let reading = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counted =
            reading.before + reading.since.map_or(Duration::ZERO, clock::Stopwatch::elapsed);
        u64::try_from(counted.as_millis()).unwrap_or(u64::MAX)
    }

    /// Begins at zero and follows a play to its end.
    pub(super) fn follow(&self, show: Receiver<Arc<Show>>) {
        let play = {
            let mut reading = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            *reading = Reading { play: reading.play + 1, ..Reading::default() };
            reading.play
        };
        tokio::spawn(self.clone().until_the_end(show, play));
    }

    async fn until_the_end(self, mut show: Receiver<Arc<Show>>, play: u64) {
        loop {
            let (state, pace) = {
                let show = show.borrow_and_update();
                (show.state, show.pace)
            };
            let playing = state == State::Playing;
            self.run(play, playing && pace != Some(Pace::Step));
            if !playing || show.changed().await.is_err() {
                return;
            }
        }
    }

    /// Lets it run or rest.
    fn run(&self, play: u64, runs: bool) {
        let mut reading = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if reading.play != play || runs == reading.since.is_some() {
            return;
        }
        match reading.since.take() {
            Some(since) => reading.before += since.elapsed(),
            None => reading.since = Some(clock::Stopwatch::start()),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::watch;

    use super::*;

    const FAST: Option<Pace> = Some(Pace::Play);

    fn show(state: State, pace: Option<Pace>) -> Arc<Show> {
        let mut show = Show::default();
        (show.state, show.pace) = (state, pace);
        Arc::new(show)
    }

    /// Whether the watch runs, once it has heard of `next`.
    async fn runs_at(watch: &Stopwatch, stage: &watch::Sender<Arc<Show>>, next: Arc<Show>) -> bool {
        stage.send_replace(next);
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
        watch.0.lock().unwrap().since.is_some()
    }

    #[actix_web::test]
    async fn it_runs_while_the_story_plays_and_rests_while_it_is_paused_and_after_its_end() {
        let (stage, seen) = watch::channel(show(State::Playing, FAST));
        let watch = Stopwatch::default();
        watch.follow(seen);
        assert!(runs_at(&watch, &stage, show(State::Playing, FAST)).await);
        assert!(!runs_at(&watch, &stage, show(State::Playing, Some(Pace::Step))).await);
        assert!(runs_at(&watch, &stage, show(State::Playing, FAST)).await);
        std::thread::sleep(Duration::from_millis(2));
        assert!(!runs_at(&watch, &stage, show(State::Held, FAST)).await);
        let read = watch.millis();
        assert!(read >= 2, "what was counted stays");
        std::thread::sleep(Duration::from_millis(2));
        assert_eq!(watch.millis(), read);
    }

    #[actix_web::test]
    async fn another_play_begins_at_zero() {
        let (stage, seen) = watch::channel(show(State::Playing, FAST));
        let watch = Stopwatch::default();
        watch.follow(seen.clone());
        assert!(runs_at(&watch, &stage, show(State::Playing, FAST)).await);
        std::thread::sleep(Duration::from_millis(5));
        assert!(!runs_at(&watch, &stage, show(State::Held, FAST)).await);
        watch.follow(seen);
        assert_eq!(watch.millis(), 0);
    }
}
