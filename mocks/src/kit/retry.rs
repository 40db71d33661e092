//! When a callback that nobody took is tried again: on the sandbox clock. Somebody outside may come back while that clock
//! stands still, so there real time counts too.

use std::time::Duration;

use jiff::SignedDuration;

use super::clock::pause;
use super::courier::Errand;
use super::room::Room;

/// It is given up after so many failures: more than a day on the sandbox clock, half an hour in real time.
pub const MOST_ATTEMPTS: u32 = 40;
/// The first wait on the sandbox clock; each later one is twice as long.
pub const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(30);
/// No wait is longer than this on the sandbox clock.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);
/// The same in real time, for somebody outside.
const FIRST_REAL_WAIT: Duration = Duration::from_millis(500);
const LONGEST_REAL_WAIT: Duration = Duration::from_mins(1);

/// Whether an address is none of this room's own.
pub fn is_outside(room: &Room, address: &str) -> bool {
    room.fabric.owner_of(&room.name, address).is_none()
}

/// Waits after the `attempt`th failure at `address`.
pub async fn wait_for_another_try(errand: &Errand, address: &str, attempt: u32) {
    let room = &errand.office.room;
    let doubled = 1 << (attempt.saturating_sub(1)).min(10);
    let wait = FIRST_WAIT.saturating_mul(doubled).min(LONGEST_WAIT);
    let due = errand.now().saturating_add(wait);
    let reached = room.clock.reach(due.unwrap_or(jiff::Timestamp::MAX));
    if !is_outside(room, address) {
        reached.await;
        return;
    }
    let real = FIRST_REAL_WAIT.saturating_mul(doubled.unsigned_abs()).min(LONGEST_REAL_WAIT);
    tokio::select! {
        () = reached => {}
        () = pause(real) => {}
    }
}
