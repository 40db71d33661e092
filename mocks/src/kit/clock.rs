//! The sandbox clock and the pace of the story. The only file that reads the wall clock or sleeps.
//!
//! The sandbox clock stands still until somebody moves it, so a paused stage expires nothing. Messages carry its time.
//! Security tokens live in real time (see [`wall`]), because real clients check them against their own clocks.

mod waits;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

pub use waits::MachineTime;

use waits::Waits;

/// The moment every story starts at: 2026-10-01T08:00:00Z.
pub const D0: Timestamp = Timestamp::constant(1_790_841_600, 0);

/// How fast messages may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "pace")]
pub enum Pace {
    /// Nothing waits.
    Play,
    /// Every message waits its delay, so that people can follow.
    Timed { delay_ms: u64 },
    /// Every message waits for one permit; see [`Clock::permit`].
    Step,
}

/// A room's clock: the sandbox time, and the pace of its messages.
#[derive(Debug)]
pub struct Clock {
    state: Mutex<State>,
    changed: watch::Sender<u64>,
    /// Work under way in the background, see [`Work`].
    working: watch::Sender<i64>,
    waits: Waits,
}

/// A piece of background work under way. As long as one is held, the room is not idle; work that waits for the
/// sandbox clock does not count, because nothing will happen until somebody moves it.
#[derive(Debug)]
pub struct Work(watch::Sender<i64>);

impl Work {
    fn begin(working: &watch::Sender<i64>) -> Self {
        change(working, 1);
        Self(working.clone())
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        change(&self.0, -1);
    }
}

/// Counts work that begins or ends. Who waits for the room to be idle is woken when it is, and not each time.
fn change(working: &watch::Sender<i64>, by: i64) {
    working.send_if_modified(|n| {
        *n += by;
        *n <= 0
    });
}

#[derive(Debug)]
struct State {
    now: Timestamp,
    pace: Pace,
    permits: u32,
    /// Work that waits for a moment, by a number of its own.
    resting: BTreeMap<u64, Timestamp>,
    rests: u64,
}

impl Clock {
    /// A clock that stands at `now` and lets every message pass.
    pub fn new(now: Timestamp) -> Self {
        let state = Mutex::new(State {
            now,
            pace: Pace::Play,
            permits: 0,
            resting: BTreeMap::new(),
            rests: 0,
        });
        let (changed, working) = (watch::Sender::new(0), watch::Sender::new(0));
        Self { state, changed, working, waits: Waits::default() }
    }

    /// The sandbox time.
    pub fn now(&self) -> Timestamp {
        self.state().now
    }

    /// The sandbox date in UTC: what ages are computed on.
    pub fn today(&self) -> Date {
        self.now().to_zoned(TimeZone::UTC).date()
    }

    /// Moves the sandbox clock to `now` and wakes whoever waits for a moment.
    pub fn set(&self, now: Timestamp) {
        self.move_to(|_| now);
    }

    /// Moves the sandbox clock by `by`, saturating at the ends of time.
    #[cfg(test)]
    pub fn advance(&self, by: jiff::SignedDuration) {
        self.move_to(|now| now.saturating_add(by).unwrap_or(now));
    }

    /// Work whose moment has come is under way again from here on, before it even runs: who asks whether the room is
    /// idle right after the clock moved is told that it is not.
    fn move_to(&self, target: impl FnOnce(Timestamp) -> Timestamp) {
        let woken = {
            let mut state = self.state();
            let now = target(state.now);
            state.now = now;
            let before = state.resting.len();
            state.resting.retain(|_, moment| *moment > now);
            before - state.resting.len()
        };
        change(&self.working, i64::try_from(woken).unwrap_or(0));
        self.ring();
    }

    /// Begins a piece of background work; it ends when the value is dropped.
    pub fn work(&self) -> Work {
        Work::begin(&self.working)
    }

    /// Waits until no background work is under way: whatever was going to happen has happened.
    pub async fn idle(&self) {
        // An error means that the clock itself is gone.
        drop(self.working.subscribe().wait_for(|n| *n <= 0).await);
    }

    /// Waits until the sandbox clock has reached `moment`. Called from background work, which rests meanwhile.
    pub async fn reach(&self, moment: Timestamp) {
        let mut changed = self.changed.subscribe();
        // A clock that reached the moment and was set back before this was awake: the work rests again.
        while let Some(_rest) = Rest::begin(self, moment) {
            if changed.changed().await.is_err() {
                return;
            }
        }
    }

    /// The pace in force.
    pub fn pace(&self) -> Pace {
        self.state().pace
    }

    /// Sets the pace and forgets permits that were not used.
    pub fn set_pace(&self, pace: Pace) {
        {
            let mut state = self.state();
            state.pace = pace;
            state.permits = 0;
        }
        self.ring();
    }

    /// Lets one more message leave while the pace is [`Pace::Step`].
    pub fn permit(&self) {
        {
            let mut state = self.state();
            state.permits = state.permits.saturating_add(1);
        }
        self.ring();
    }

    /// Waits for a message's turn under the pace in force.
    pub async fn turn(&self) {
        let came = Stopwatch::start();
        if self.time_to_turn(came).is_none() {
            return;
        }
        let mut changed = self.changed.subscribe();
        let mut waiting = None;
        while let Some(left) = self.time_to_turn(came) {
            waiting.get_or_insert_with(|| self.waits.begin());
            // A change of pace cuts the wait short: Pause holds the message, Play lets it go.
            tokio::select! {
                () = pause(left) => {}
                _ = changed.changed() => {}
            }
        }
    }

    /// How long a message that came then still waits at the most, or none where it is its turn: a permit is taken for it.
    fn time_to_turn(&self, came: Stopwatch) -> Option<Duration> {
        let mut state = self.state();
        match state.pace {
            Pace::Play => None,
            Pace::Timed { delay_ms } => {
                let left = Duration::from_millis(delay_ms).checked_sub(came.elapsed());
                left.filter(|left| !left.is_zero())
            }
            Pace::Step if state.permits > 0 => {
                state.permits -= 1;
                None
            }
            Pace::Step => Some(Duration::MAX),
        }
    }

    fn ring(&self) {
        self.changed.send_modify(|n| *n = n.wrapping_add(1));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A pause in background work until a moment; the opposite of [`Work`].
struct Rest<'a> {
    clock: &'a Clock,
    number: u64,
}

impl<'a> Rest<'a> {
    /// None where the moment has come already.
    fn begin(clock: &'a Clock, moment: Timestamp) -> Option<Self> {
        let number = {
            let mut state = clock.state();
            if state.now >= moment {
                return None;
            }
            state.rests += 1;
            let number = state.rests;
            state.resting.insert(number, moment);
            number
        };
        change(&clock.working, -1);
        Some(Self { clock, number })
    }
}

impl Drop for Rest<'_> {
    fn drop(&mut self) {
        // A moment that came has counted this work as under way already.
        if self.clock.state().resting.remove(&self.number).is_some() {
            change(&self.clock.working, 1);
        }
    }
}

/// The real time, for security tokens, file names and what expires at real systems; it never reaches a transcript.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
pub fn wall() -> Timestamp {
    Timestamp::now()
}

/// Waits in real time: for fault delays, paces and polling of the network.
#[expect(clippy::disallowed_methods, reason = "the one place that sleeps")]
pub async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

/// As [`pause`], for a thread that has nothing else to do.
pub fn rest(time: Duration) {
    std::thread::sleep(time);
}

/// Measures how long real work took.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts to measure.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the monotonic clock")]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// The time since the start.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }

    /// Microseconds since the start.
    pub fn micros(self) -> i64 {
        i64::try_from(self.elapsed().as_micros()).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn stories_start_on_the_first_of_october() {
        assert_eq!(D0.to_string(), "2026-10-01T08:00:00Z");
    }

    #[tokio::test]
    async fn a_step_takes_one_permit_a_message() {
        let clock = Clock::new(D0);
        clock.set_pace(Pace::Step);
        clock.permit();
        clock.turn().await;
        let second = tokio::time::timeout(Duration::from_millis(20), clock.turn());
        assert!(second.await.is_err(), "a second message needs a second permit");
    }

    #[tokio::test]
    async fn whoever_sets_the_pace_again_and_again_holds_nothing_up() {
        let clock = Clock::new(D0);
        clock.set_pace(Pace::Timed { delay_ms: 50 });
        let pressed = async {
            loop {
                pause(Duration::from_millis(10)).await;
                clock.set_pace(Pace::Timed { delay_ms: 50 });
            }
        };
        tokio::select! {
            () = clock.turn() => {}
            () = pressed => {}
            () = pause(Duration::from_secs(5)) => panic!("the message is still held"),
        }
    }

    #[tokio::test]
    async fn a_clock_that_is_set_back_before_the_work_awoke_leaves_the_room_idle() {
        let clock = std::sync::Arc::new(Clock::new(D0));
        let (work, waiter) = (clock.work(), std::sync::Arc::clone(&clock));
        let later = D0.saturating_add(SignedDuration::from_mins(1)).unwrap();
        let resting = tokio::spawn(async move {
            waiter.reach(later).await;
            drop(work);
        });
        clock.idle().await;
        clock.set(later);
        clock.set(D0);
        let idle = tokio::time::timeout(Duration::from_secs(1), clock.idle()).await;
        assert!(idle.is_ok(), "it waits for the sandbox again");
        clock.set(later);
        resting.await.unwrap();
    }

    #[tokio::test]
    async fn reaching_a_moment_waits_for_the_sandbox_not_for_the_wall() {
        let clock = Clock::new(D0);
        let later = D0.saturating_add(SignedDuration::from_hours(24)).unwrap();
        let work = clock.work();
        let early = tokio::time::timeout(Duration::from_millis(20), async {
            tokio::join!(clock.reach(later), clock.idle());
        });
        assert!(early.await.is_err(), "time on the wall passes, and nothing is reached");
        clock.advance(SignedDuration::from_hours(24));
        clock.reach(later).await;
        let still = tokio::time::timeout(Duration::from_millis(20), clock.idle());
        assert!(still.await.is_err(), "the work goes on");
        drop(work);
        clock.idle().await;
    }
}
