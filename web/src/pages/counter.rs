//! How pages speak with the systems: they look things up as the examiner, of whom the journal knows nothing, and they
//! send what people do at a counter, which everybody sees on the stage.

use actix_web::http::header::HeaderValue;
use mocks::kit::cause::Cause;
use mocks::kit::clock::Pace;
use mocks::kit::courier::{EXAMINER, Letter, Reply, ask_aside, deliver};
use mocks::kit::room::{Hall, Room};
use orchestrator::theatre::Stage;
use serde_json::Value;

use super::reply::POLICY;
use crate::texts::Texts;

/// A telephone number has so many digits at the most (E.164), a name in an address not many more characters.
const LONGEST_NAME: usize = 64;

/// Looks something up at a system: no message of the country, and no fault hits it.
pub(super) async fn look(
    hall: &Hall,
    part: &str,
    path: &str,
    accept: &str,
) -> Result<Reply, String> {
    let letter = Letter::get(part, path).header("accept", accept).header("arenoa-fault", "none");
    let aside = Cause::root(&hall.room.name, "", 0);
    ask_aside(&hall.room, EXAMINER, &aside, letter).await.map_err(|error| error.to_string())
}

/// As [`look`], with the answer read as JSON; a refusal is an error in the system's own words.
pub(super) async fn look_json(hall: &Hall, part: &str, path: &str) -> Result<Value, String> {
    let reply = look(hall, part, path, "application/json").await?;
    if reply.is_success() {
        return reply.json().map_err(|error| error.to_string());
    }
    Err(refusal_of(&reply))
}

/// Sends what `from` does at a counter. A room that is paused between two stories is let go first.
pub(super) async fn send(
    stage: &Stage,
    texts: &Texts,
    from: &str,
    letter: Letter,
) -> Result<Reply, String> {
    let room = ready(stage, texts)?;
    deliver(room, from, &room.stranger(), letter).await.map_err(|error| error.to_string())
}

/// The room, where messages can leave now. A story that is paused holds them all, and its presenter decides.
pub(super) fn ready<'a>(stage: &'a Stage, texts: &Texts) -> Result<&'a Room, String> {
    let room = &stage.hall().room;
    if room.clock.pace() == Pace::Step {
        if stage.is_playing() {
            return Err(texts.get("counter-paused"));
        }
        stage.set_pace(Pace::Play);
    }
    Ok(room)
}

/// What a system says where it refuses: the sentence of its own standard's error, or the status alone.
pub(super) fn refusal_of(reply: &Reply) -> String {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
    let places = [
        "/error",
        "/message/error/message",
        "/errors/0/message",
        "/errorInformation/errorDescription",
    ];
    let sentence = places.iter().find_map(|place| body.pointer(place)?.as_str());
    sentence.map_or_else(|| format!("HTTP {}", reply.status), str::to_owned)
}

/// The address of a system for a browser: below the room, or wherever the guest is that plays the part.
pub(super) fn address_of(hall: &Hall, prefix: &str, system: &str) -> String {
    let guest = hall.room.is_guest(system).then(|| hall.room.base_of(system)).flatten();
    guest.unwrap_or_else(|| format!("{prefix}/{}", system.replace('_', "-")))
}

/// The policy of a page whose form leads to other systems, which may have ports of their own.
pub(super) fn policy_to(hall: &Hall, systems: &[&str]) -> HeaderValue {
    let bases = systems.iter().filter_map(|system| hall.room.base_of(system));
    let mut origins: Vec<String> = bases.filter_map(|base| origin(&base)).collect();
    origins.dedup();
    let wider = format!("form-action 'self' {}", origins.join(" "));
    let policy = POLICY.replace("form-action 'self'", wider.trim_end());
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(POLICY))
}

/// `http://127.0.0.1:8080` of `http://127.0.0.1:8080/identity`.
fn origin(base: &str) -> Option<String> {
    let (scheme, rest) = base.split_once("://")?;
    let host = rest.split('/').next()?;
    let legal = |c: char| c.is_ascii_alphanumeric() || ".:-[]".contains(c);
    host.chars().all(legal).then(|| format!("{scheme}://{host}"))
}

/// A value as it stands in a path or a query.
pub(super) fn in_address(text: &str) -> String {
    escaped(text.bytes().take(LONGEST_NAME))
}

/// A value of any length as it stands in a query.
pub(super) fn in_query(text: &str) -> String {
    escaped(text.bytes())
}

fn escaped(bytes: impl Iterator<Item = u8>) -> String {
    let escaped = |byte: u8| match byte {
        _ if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    bytes.map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_leave_its_place_in_an_address() {
        assert_eq!(in_address("+999 1/2?x=é"), "%2B999%201%2F2%3Fx%3D%C3%A9");
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let origin_of = |base| origin(base);
        assert_eq!(
            origin_of("http://127.0.0.1:9001/r/a").as_deref(),
            Some("http://127.0.0.1:9001")
        );
        assert_eq!(origin_of("http://a;script-src *"), None);
    }

    #[test]
    fn a_refusal_is_read_in_every_standard() {
        let reply =
            |body: &str| Reply { status: 409, headers: no_headers(), body: body.to_owned().into() };
        assert_eq!(refusal_of(&reply(r#"{"error":"too late"}"#)), "too late");
        let dci = r#"{"errors":[{"code":"x","message":"not you"}]}"#;
        assert_eq!(refusal_of(&reply(dci)), "not you");
        assert_eq!(refusal_of(&reply("<html>")), "HTTP 409");
    }

    fn no_headers() -> http::HeaderMap {
        http::HeaderMap::new()
    }
}
