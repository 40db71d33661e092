//! When a transfer expires: on the sandbox clock. A guest, a real system in the country, lives by the clock on the wall;
//! what it has a part in may be ahead on either clock, and expires in real time as well.

use std::time::Duration;

use jiff::Timestamp;

use super::letter::To;
use super::participant::part_of;
use crate::kit::clock::{pause, wall};
use crate::kit::courier::Errand;
use crate::kit::retry::is_outside;
use crate::kit::room::Room;

/// Nobody waits longer than this for the clock on the wall.
const LONGEST: Duration = Duration::from_hours(24);

/// Whether a participant is no system of this program.
pub(super) fn is_guest(room: &Room, fsp: &str) -> bool {
    let Some(To::Part(part, _)) = part_of(room, fsp) else { return true };
    let base = room.base_of(&part);
    base.is_none_or(|base| is_outside(room, &base))
}

fn has_guest(errand: &Errand, (payer, payee): (&str, &str)) -> bool {
    let room = &errand.office.room;
    is_guest(room, payer) || is_guest(room, payee)
}

/// The moment that an expiration between these two must be ahead of.
pub fn moment(errand: &Errand, sides: (&str, &str)) -> Timestamp {
    let now = errand.now();
    if has_guest(errand, sides) { now.min(wall()) } else { now }
}

/// Whether what a payer asks for is too late when it comes. A payer in the country writes expirations by the sandbox clock,
/// and a guest by the clock on the wall or by the sandbox's: what it writes is held against the one that it is nearer to.
pub fn has_passed(errand: &Errand, sides: (&str, &str), expiration: Timestamp) -> bool {
    let (now, wall) = (errand.now(), wall());
    if expiration <= moment(errand, sides) {
        return true;
    }
    let distance = |clock: Timestamp| expiration.duration_since(clock).abs();
    let is_of_the_wall = distance(wall) < distance(now);
    is_of_the_wall && expiration <= wall && is_guest(&errand.office.room, sides.0)
}

/// How long it takes until the clock on the wall reaches an expiration, where it is ahead there and a guest has a part in it.
fn time_left(errand: &Errand, sides: (&str, &str), expiration: Timestamp) -> Option<Duration> {
    let left = Duration::try_from(expiration.duration_since(wall())).ok()?;
    (!left.is_zero() && left <= LONGEST && has_guest(errand, sides)).then_some(left)
}

/// Whether an expiration between these two counts on the clock on the wall as well. Who takes it keeps that: the clock goes
/// on while this program is stopped.
pub fn counts_in_real_time(errand: &Errand, sides: (&str, &str), expiration: Timestamp) -> bool {
    time_left(errand, sides, expiration).is_some()
}

/// Does `work` when the clock on the wall has reached an expiration that is ahead on it, where a guest has a part in it.
pub fn expire_in_real_time(
    errand: &Errand,
    sides: (&str, &str),
    expiration: Timestamp,
    work: impl Future<Output = ()> + Send + 'static,
) {
    let Some(wait) = time_left(errand, sides, expiration) else { return };
    let late = errand.clone();
    errand.spawn(async move {
        // The room rests meanwhile: nothing happens before somebody's clock moves.
        tokio::select! {
            () = late.office.room.clock.reach(Timestamp::MAX) => {}
            () = pause(wait) => {}
        }
        work.await;
    });
}
