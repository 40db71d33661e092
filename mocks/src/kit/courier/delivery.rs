//! A letter on its way: who receives it, the exchange itself, and what the journal is told where no server of ours
//! could tell it.

use bytes::BytesMut;
use reqwest::header::{ACCEPT, CONNECTION, USER_AGENT};
use reqwest::{Method, Url};

use super::letter::Addressee;
use super::network::reason;
use super::{Letter, Reply, Undelivered};
use crate::kit::cause::Cause;
use crate::kit::clock::MachineTime;
use crate::kit::journal::{Entry, Kind, readable};
use crate::kit::room::Room;
use crate::kit::secrets::{self, CONTROL_SECRET};

/// Headers that are secrets.
const SECRET_HEADERS: [&str; 6] = [
    "authorization",
    "cookie",
    "set-cookie",
    "proxy-authorization",
    // eSignet's: whoever has it goes on with somebody's login.
    "oauth-details-key",
    CONTROL_SECRET,
];

/// Where a letter goes.
struct Route {
    url: Url,
    /// The part or the host that receives it, for the journal.
    to: String,
    /// Whether a server of this country receives it, and so writes it in the journal.
    ours: bool,
}

/// A letter on its way.
struct Delivery<'a> {
    room: &'a Room,
    from: &'a str,
    cause: Cause,
    letter: Letter,
    route: Route,
}

/// Sends `letter` from `from` because of `cause`, and waits for the answer.
pub async fn deliver(
    room: &Room,
    from: &str,
    cause: &Cause,
    letter: Letter,
) -> Result<Reply, Undelivered> {
    let delivery = Delivery::new(room, from, cause, letter)?;
    room.clock.turn().await;
    let watch = MachineTime::start(&room.clock);
    if delivery.route.ours {
        let result = delivery.exchange().await;
        if let Err(error @ Undelivered::NoAnswer { .. }) = &result {
            delivery.write_failure(error);
        }
        return result;
    }
    let seq = delivery.write_request();
    let result = delivery.exchange().await;
    match &result {
        Ok(reply) => delivery.write_answer(seq, reply, watch),
        Err(error) => delivery.write_failure(error),
    }
    result
}

/// As [`deliver`], but outside the story: it waits for no turn, and systems of ours do not journal what the examiner of
/// this program asks.
pub async fn ask_aside(
    room: &Room,
    from: &str,
    cause: &Cause,
    letter: Letter,
) -> Result<Reply, Undelivered> {
    Delivery::new(room, from, cause, letter)?.exchange().await
}

impl<'a> Delivery<'a> {
    fn new(
        room: &'a Room,
        from: &'a str,
        cause: &Cause,
        letter: Letter,
    ) -> Result<Self, Undelivered> {
        let route = find(room, &letter)?;
        Ok(Self { room, from, cause: cause.next(), letter, route })
    }

    async fn exchange(&self) -> Result<Reply, Undelivered> {
        let to = || self.route.to.clone();
        let no_answer =
            |error: reqwest::Error| Undelivered::NoAnswer { to: to(), reason: reason(&error) };
        let network = &self.room.fabric.network;
        let from = if self.route.ours { network.sign(self.from) } else { self.from };
        let (parent, state) = self.cause.headers(from);
        let mut request = network
            .client()
            .request(self.letter.method.clone(), self.route.url.clone())
            .header(USER_AGENT, format!("arenoa/{}", self.from))
            .header("traceparent", parent)
            .header("tracestate", state);
        for (name, value) in &self.letter.headers {
            request = request.header(name, value);
        }
        let delivers = matches!(self.letter.method, Method::PUT | Method::PATCH);
        if delivers && !self.letter.headers.iter().any(|(name, _)| name == ACCEPT) {
            // The client would write `*/*`, and FSPIOP wants no Accept on what delivers (3.2.1): an empty one asks for nothing.
            request = request.header(ACCEPT, "");
        }
        if !self.route.ours && matches!(self.letter.to, Addressee::Address(_)) {
            // Whoever is called back may be gone and back again, and a connection of before would be dead.
            request = request.header(CONNECTION, "close");
        }
        if !self.route.ours {
            // A system of ours may wait for Next on the stage; a real one that is silent is silent.
            request = request.timeout(self.letter.patience);
        }
        let mut response =
            request.body(self.letter.body.clone()).send().await.map_err(no_answer)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
            let longest = self.letter.longest;
            if body.len() + chunk.len() > longest {
                let reason = format!("the answer is longer than {longest} bytes");
                return Err(Undelivered::Unreadable { to: to(), status, reason });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply { status, headers, body: body.freeze() })
    }

    fn entry(&self) -> Entry {
        let system = self.room.fabric.system(&self.route.to);
        Entry {
            at: self.room.stamp(),
            step: self.cause.step().into(),
            from: self.from.into(),
            to: self.route.to.clone(),
            standard: system.map_or_else(String::new, |s| s.standard.into()),
            action: self.letter.action.clone(),
            path: secrets::mask(self.secrets(), without_user(&self.route.url)),
            correlation: self.letter.correlation.clone(),
            trace: self.cause.trace().into(),
            place: self.cause.place().to_string(),
            ..Entry::default()
        }
    }

    /// What is secret between the two: what the part keeps secret, whoever plays it. Of somebody outside nothing is known;
    /// what the sender keeps secret is secret there too.
    fn secrets(&self) -> &'static [&'static str] {
        let fabric = &self.room.fabric;
        let system = fabric.system(&self.route.to).or_else(|| fabric.system(self.from));
        system.map_or(&[], |s| s.secrets)
    }

    /// A body for the journal, with secrets masked.
    fn without_secrets(&self, body: &[u8]) -> String {
        secrets::mask(self.secrets(), readable(body))
    }

    fn write_request(&self) -> i64 {
        let headers = self.letter.headers.iter();
        let headers = masked(headers.map(|(n, v)| (n.as_str(), v.to_str().unwrap_or("…"))));
        let body = self.without_secrets(&self.letter.body);
        self.room.journal.write(Entry { headers, body, ..self.entry() })
    }

    fn write_answer(&self, of: i64, reply: &Reply, watch: MachineTime) {
        let request = self.entry();
        let headers = reply.headers.iter();
        self.room.journal.write(Entry {
            kind: Kind::Answer,
            of,
            from: request.to.clone(),
            to: request.from.clone(),
            status: reply.status,
            headers: masked(headers.map(|(n, v)| (n.as_str(), v.to_str().unwrap_or("…")))),
            body: self.without_secrets(&reply.body),
            duration_us: watch.micros(&self.room.clock),
            ..request
        });
    }

    fn write_failure(&self, error: &Undelivered) {
        self.room.journal.write(Entry { remark: error.to_string(), ..self.entry() });
    }
}

/// Whether the room delivers to `address` at all.
pub fn delivers_to(room: &Room, address: &str) -> bool {
    find_address(room, address).is_ok()
}

fn find(room: &Room, letter: &Letter) -> Result<Route, Undelivered> {
    match &letter.to {
        Addressee::Part(part) => {
            let none = || Undelivered::NoSuchPart(part.clone());
            let base = room.base_of(part).ok_or_else(none)?;
            let url = Url::parse(&format!("{base}{}", letter.path)).map_err(|_| none())?;
            Ok(Route { url, to: part.clone(), ours: !room.is_guest(part) })
        }
        Addressee::Address(address) => find_address(room, address),
    }
}

/// An address comes from a stranger, so it must belong to the cast or to an allowed host.
fn find_address(room: &Room, address: &str) -> Result<Route, Undelivered> {
    let refused = || Undelivered::NotAllowed(address.to_owned());
    let url = Url::parse(address).map_err(|_| refused())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refused());
    }
    if let Some(system) = room.fabric.owner_of(&room.name, address) {
        return Ok(Route { url, to: system.into(), ours: true });
    }
    let guest = room.guests().into_iter().find(|(_, base)| is_below(base, address));
    let host = url.host_str().unwrap_or_default().to_owned();
    if guest.is_none() && !room.fabric.network.allows(&host) {
        return Err(refused());
    }
    Ok(Route { url, to: guest.map_or(host, |(part, _)| part), ours: false })
}

/// Whether an address stands below a base: `http://h:9000` is not below `http://h:90`.
fn is_below(base: &str, address: &str) -> bool {
    let rest = address.strip_prefix(base);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

/// An address without the user and the password that may stand in it.
fn without_user(url: &Url) -> String {
    let mut url = url.clone();
    // Only an address without a host can have no user, and nothing is delivered there.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url.into()
}

/// Headers as the journal keeps them, one a line, with secrets masked.
pub fn masked<'a>(headers: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::with_capacity(512);
    for (name, value) in headers {
        text.push_str(name);
        text.push_str(": ");
        if SECRET_HEADERS.contains(&name) {
            text.push_str(value.split(' ').next().filter(|w| *w == "Bearer").unwrap_or(""));
            text.push_str(" •••");
        } else {
            text.push_str(value);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::trial::Trial;

    #[test]
    fn the_secret_of_the_country_is_masked_as_others_are() {
        let headers = [("authorization", "Bearer abc"), (CONTROL_SECRET, "horse"), ("x", "y")];
        let kept = masked(headers.into_iter());
        assert_eq!(kept, "authorization: Bearer •••\narenoa-secret:  •••\nx: y\n");
    }

    #[actix_web::test]
    async fn an_address_in_the_journal_tells_no_secret() {
        let (trial, other) = (Trial::start(crate::ALL, 50), Trial::start(crate::ALL, 50));
        let base = format!("http://user:horse@127.0.0.1:{}/identity", other.running.port);
        trial.hall().room.invite("identity", Some(base));
        trial.ask(Letter::get("identity", "/nothing?code=battery&x=1")).await;
        let journal = trial.journal().await;
        let asked =
            format!("http://127.0.0.1:{}/identity/nothing?code=•••&x=1", other.running.port);
        assert_eq!(journal.iter().filter(|entry| entry.path == asked).count(), 2, "{journal:#?}");
    }

    #[test]
    fn a_longer_port_is_another_address() {
        assert!(is_below("http://h:90", "http://h:90/registry"));
        assert!(!is_below("http://h:90", "http://h:9000/registry"));
    }
}
