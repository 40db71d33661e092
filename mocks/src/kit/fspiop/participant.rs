//! Who plays a participant: the government speaks through the payment hub, banks speak for themselves.

use super::letter::To;
use crate::kit::room::Room;

/// The name under which the switch itself sends: what its own messages carry in `FSPIOP-Source`.
pub const HUB: &str = "switch";

/// Where a participant of the country takes FSPIOP messages; None for participants from elsewhere.
pub fn part_of(room: &Room, fsp: &str) -> Option<To> {
    let (part, prefix) = match fsp {
        HUB => ("payment_switch", ""),
        "treasury" => ("payment_hub", "/fspiop"),
        other => (other, "/fspiop"),
    };
    room.base_of(part).map(|_| To::Part(part.into(), prefix.into()))
}
