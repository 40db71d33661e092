//! How long a room stood still for its audience: the time in which messages waited for their turn. It is no machine time.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Clock, Stopwatch};

/// The time in which at least one message waited: two that wait at once count once.
#[derive(Debug, Default)]
pub(super) struct Waits(Mutex<Told>);

#[derive(Debug, Default)]
struct Told {
    waiting: u32,
    /// Since when somebody waits.
    since: Option<Stopwatch>,
    before_us: i64,
}

impl Waits {
    /// A message begins to wait; it ends when the value is dropped.
    pub(super) fn begin(&self) -> Waiting<'_> {
        let mut told = self.told();
        told.waiting += 1;
        told.since.get_or_insert_with(Stopwatch::start);
        Waiting(self)
    }

    fn total_us(&self) -> i64 {
        let told = self.told();
        told.before_us + told.since.map_or(0, Stopwatch::micros)
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A message that waits for its turn.
pub(super) struct Waiting<'a>(&'a Waits);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut told = self.0.told();
        told.waiting -= 1;
        if told.waiting == 0 {
            told.before_us += told.since.take().map_or(0, Stopwatch::micros);
        }
    }
}

/// Measures how long work in a room takes a machine: without what messages wait for their turn.
#[derive(Debug, Clone, Copy)]
pub struct MachineTime {
    watch: Stopwatch,
    waited_us: i64,
}

impl MachineTime {
    /// Starts to measure in the room of `clock`.
    pub fn start(clock: &Clock) -> Self {
        Self { watch: Stopwatch::start(), waited_us: clock.waits.total_us() }
    }

    /// Microseconds since the start. They never run backwards.
    pub fn micros(self, clock: &Clock) -> i64 {
        let waited = clock.waits.total_us() - self.waited_us;
        (self.watch.micros() - waited).max(0)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{D0, Pace, pause};
    use super::*;

    #[tokio::test]
    async fn messages_that_wait_at_once_stop_the_machine_once() {
        let clock = Clock::new(D0);
        clock.set_pace(Pace::Timed { delay_ms: 60 });
        let (wall, machine) = (Stopwatch::start(), MachineTime::start(&clock));
        tokio::join!(clock.turn(), clock.turn(), clock.turn());
        let waited = wall.micros() - machine.micros(&clock);
        assert!((60_000..=wall.micros()).contains(&waited), "{waited} of {}", wall.micros());
        let before = machine.micros(&clock);
        pause(Duration::from_millis(20)).await;
        assert!(machine.micros(&clock) >= before + 20_000, "work between the messages counts");
    }
}
