//! How a person proves who they are in a login, whether on our pages or through eSignet's calls.

use jiff::Timestamp;
use serde_json::json;

use super::answers::{Failure, note};
use super::settings::one_time_code;
use crate::identity::chance;
use crate::identity::model::factor::Factor;
use crate::identity::model::otp::{self, Outcome};
use crate::identity::model::person::{Barred, Person, is_number};
use crate::identity::model::vid::Bearer;
use crate::identity::pages::texts;
use crate::identity::store::logins::{self, Login, Proving, Tried};
use crate::identity::store::vids;
use crate::kit::clock::wall;
use crate::kit::courier::{Errand, Letter};
use crate::kit::server::Call;

/// Whom a typed number stands for, and whether they may go on.
pub(super) enum Who {
    Unknown,
    /// The person, and the virtual number that was typed.
    Is(Box<Person>, Option<String>),
    /// The virtual number no longer counts.
    VidEnded,
    Barred(Box<Person>, Barred),
    /// Too many wrong proofs.
    Locked(Timestamp),
    /// The person locked this way of proving.
    FactorLocked,
}

/// Finds out; `asker` stands in the audit where the person may not go on.
pub(super) fn who(call: &Call, number: &str, factor: Factor, asker: &str) -> Result<Who, Failure> {
    if !is_number(number) {
        return Ok(Who::Unknown);
    }
    let now = call.errand.now();
    let (person, vid) = match call.store().read(|db| vids::bearer(db, number, now))? {
        Bearer::Nobody => return Ok(Who::Unknown),
        Bearer::Ended(..) => return Ok(Who::VidEnded),
        Bearer::Is(person, vid) => (person, vid),
    };
    if let Some(why) = person.barred() {
        let occasion = match why {
            Barred::Blocked => "login refused: blocked",
            Barred::Deactivated => "login refused: deactivated",
            Barred::Deceased => "login refused: death registered",
        };
        note(call, (&person.uin, asker), occasion, "")?;
        return Ok(Who::Barred(person, why));
    }
    if person.locked.contains(&factor) {
        return Ok(Who::FactorLocked);
    }
    let (_, locked_until) = call.store().read(|db| logins::lock_of(db, &person.uin))?;
    Ok(match otp::locked(locked_until, now) {
        Some(until) => Who::Locked(until),
        None => Who::Is(person, vid),
    })
}

/// Sends a one-time code for a login; false where it could not be delivered.
pub(super) async fn send_code(
    call: &Call,
    login: &Login,
    person: &Person,
    (vid, phone): (Option<&str>, &str),
) -> Result<bool, Failure> {
    let code = one_time_code(call)?;
    let until = otp::later(call.errand.now(), otp::LIFE);
    let digest = chance::digest(&format!("{}{code}", login.ticket));
    logins::keep_otp(call.store(), &login.ticket, (&person.uin, vid), (&digest, until))?;
    Ok(tell_code(&call.errand, (person, phone), &code).await)
}

/// Whether the record has what one of the channels leads to. A code goes to the telephone, because nobody reads mail here.
pub(super) fn reachable(person: &Person, channels: &[String]) -> bool {
    channels.iter().any(|channel| match channel.to_lowercase().as_str() {
        "phone" => person.phone.is_some(),
        "email" => person.email.is_some(),
        _ => false,
    })
}

/// Tells a code by text message, in the language of the record: a telephone does not know what language a page is read in.
/// False where the message was not taken.
pub(super) async fn tell_code(
    errand: &Errand,
    (person, phone): (&Person, &str),
    code: &str,
) -> bool {
    let texts = texts::of(person.language.as_deref().unwrap_or_default());
    let text = texts.sms.replace("{code}", code);
    let letter = Letter::post("messenger", "/sms").json(&json!({"to": phone, "text": text}));
    errand.send(letter).await.is_ok_and(|reply| reply.is_success())
}

/// Decides about a typed one-time code.
pub(super) fn check_code(call: &Call, login: &Login, typed: &str) -> Result<Tried, Failure> {
    let typed = chance::digest(&format!("{}{typed}", login.ticket));
    let now = (call.errand.now(), wall().as_second());
    Ok(told(call, logins::attempt(call.store(), &login.ticket, &typed, now)?))
}

/// Decides about a typed PIN or password.
pub(super) fn check_secret(
    call: &Call,
    login: &Login,
    (person, vid): (&Person, Option<&str>),
    (factor, typed): (Factor, &str),
) -> Result<Tried, Failure> {
    let it = Proving { ticket: &login.ticket, uin: &person.uin, vid, factor };
    let digest = chance::secret_digest(&person.uin, factor, typed);
    let now = (call.errand.now(), wall().as_second());
    Ok(told(call, logins::attempt_secret(call.store(), &it, &digest, now)?))
}

fn told(call: &Call, tried: Tried) -> Tried {
    if let Tried::Decided(Outcome::LockedNow { until }) = tried {
        let facts = json!({"wrong_codes": otp::TRIES, "until": until.to_string()});
        call.errand.event("login locked", "Too many wrong proofs in a row.", &facts);
    }
    tried
}
