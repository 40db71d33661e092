//! Who plays a participant: the government speaks through the payment hub, banks speak for themselves.

use super::expiry::is_guest;
use super::letter::To;
use super::refusal::Refusal;
use crate::kit::room::{Office, Room};
use crate::kit::settings;
use crate::kit::store::StoreError;
use standards::fspiop::ErrorCode;

/// The name under which the switch itself sends, where nobody chose another: what its own messages carry in
/// `FSPIOP-Source`.
pub const HUB: &str = "switch";
/// The names among which an operator may choose: Mojaloop's test collections expect the one, its central-ledger the other.
pub const HUB_NAMES: [&str; 2] = [HUB, "Hub"];
/// The setting that tells the name.
const HUB_NAME: &str = "fspiop hub";

/// The name under which the switch sends, which is this office.
pub fn hub_name(office: &Office) -> &'static str {
    let set = settings::get(office, HUB_NAME).ok().flatten();
    HUB_NAMES.into_iter().find(|name| set.as_deref() == Some(name)).unwrap_or(HUB)
}

/// Chooses one of [`HUB_NAMES`].
pub fn set_hub_name(office: &Office, name: &str) -> Result<(), StoreError> {
    settings::set(office, HUB_NAME, name)
}

/// Where a participant of the country takes FSPIOP messages; None for participants from elsewhere.
pub fn part_of(room: &Room, fsp: &str) -> Option<To> {
    let (part, prefix) = match fsp {
        hub if HUB_NAMES.contains(&hub) => ("payment_switch", ""),
        "treasury" => ("payment_hub", "/fspiop"),
        other => (other, "/fspiop"),
    };
    room.base_of(part).map(|_| To::Part(part.into(), prefix.into()))
}

/// Whether a message of `source` may be the switch's own word. What a switch from elsewhere is called is not known here:
/// there, whoever is no other part of the cast may be it.
fn may_be_hub(room: &Room, source: &str) -> bool {
    HUB_NAMES.contains(&source) || (is_guest(room, HUB) && part_of(room, source).is_none())
}

/// Whether `source` may tell how something ended: the switch, or `bank`, which was asked through it and whose answers are
/// passed on under its own name. None is named of what the switch alone knows.
pub fn check_teller(room: &Room, source: &str, bank: Option<&str>) -> Result<(), Refusal> {
    if bank == Some(source) || may_be_hub(room, source) {
        return Ok(());
    }
    let sentence = match bank {
        Some(bank) => format!("{source} is neither the switch nor the payee's bank, {bank}"),
        None => format!("the switch alone may say it, not {source}"),
    };
    Err(Refusal::new(ErrorCode::VALIDATION, format!("FSPIOP-Source: {sentence}")))
}

/// Where a participant takes what is asked of it as the payee. The government's bank pays through the payment hub, and is
/// paid itself.
pub fn payee_part_of(room: &Room, fsp: &str) -> Option<To> {
    if HUB_NAMES.contains(&fsp) {
        return part_of(room, fsp);
    }
    room.base_of(fsp).map(|_| To::Part(fsp.into(), String::from("/fspiop")))
}

/// Whose keys a message of `fsp` is verified with: those of its part in the cast, or those that the switch vouches for.
pub fn sender_of(room: &Room, fsp: &str) -> Option<To> {
    // The name comes out of a header and becomes part of an address.
    let legal = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    let is_name = !fsp.starts_with('.') && fsp.len() <= 32 && fsp.bytes().all(legal);
    let vouched = || {
        let switch = room.base_of("payment_switch").filter(|_| is_name && !fsp.is_empty())?;
        Some(To::Address(format!("{switch}/keys/{fsp}")))
    };
    part_of(room, fsp).or_else(vouched)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::trial::Trial;

    #[actix_web::test]
    async fn a_switch_from_elsewhere_goes_by_any_name_but_those_of_the_cast() {
        let trial = Trial::start(crate::ALL, 50);
        let room = trial.hall().room.clone();
        let speaks = |source: &str| may_be_hub(&room, source);
        assert!(speaks("switch") && speaks("Hub"));
        assert!(!speaks("pinkbank") && !speaks("mojaloop-hub"));
        room.invite("payment_switch", Some(String::from("http://hub.example.org")));
        assert!(speaks("switch") && speaks("mojaloop-hub"));
        assert!(!speaks("pinkbank") && !speaks("treasury"));
    }
}
