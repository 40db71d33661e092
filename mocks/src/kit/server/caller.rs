//! Which guest a request comes from. Systems of ours say who they are in `tracestate`; a real system that plays a part knows
//! nothing of that, but says it in the words of its standard.

use std::borrow::Cow;

use serde::Deserialize;

use crate::kit::room::Room;
use crate::kit::trust::jwks::part_of;

/// The envelope of a DCI or G2P Connect message, as far as it names its sender.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    header: Sender<'a>,
}

#[derive(Deserialize)]
struct Sender<'a> {
    #[serde(default, borrow)]
    sender_id: Cow<'a, str>,
    #[serde(default, borrow)]
    sender_uri: Option<Cow<'a, str>>,
}

/// The part that the sender of a request plays in the room as a guest: named by `FSPIOP-Source` (`source`), or by `sender_id`
/// or `sender_uri` of the body; by the name of the part, or by an address below the guest's own.
pub(super) fn guest(room: &Room, source: &str, body: &[u8]) -> Option<String> {
    let guests = room.guests();
    if guests.is_empty() {
        return None;
    }
    if guests.contains_key(source) {
        return Some(source.to_owned());
    }
    let Sender { sender_id, sender_uri } =
        serde_json::from_slice::<Envelope<'_>>(body).ok()?.header;
    let part = part_of(&sender_id);
    if guests.contains_key(&part) {
        return Some(part);
    }
    let is_below = |base: &str, address: &str| {
        address
            .strip_prefix(base)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    };
    let addresses = [Some(sender_id), sender_uri];
    let plays = |base: &str| addresses.iter().flatten().any(|address| is_below(base, address));
    guests.iter().find(|(_, base)| plays(base)).map(|(name, _)| name.clone())
}
