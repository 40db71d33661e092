//! A letter on its way: who receives it, the exchange itself, and what the journal is told where no server of ours
//! could tell it.

use std::convert::identity;

use bytes::Bytes;
use http::header::{ACCEPT, CONNECTION, HeaderName, HeaderValue, USER_AGENT};
use http::{Method, Request};
use http_body_util::Full;
use tokio::time::timeout;
use url::Url;

use super::letter::Addressee;
use super::network::{NoReply, request, without_user};
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
        let network = &self.room.fabric.network;
        let Some(request) = self.request() else {
            return Err(Undelivered::NotAllowed(self.route.url.to_string()));
        };
        let longest = self.letter.longest;
        let told = |why: NoReply| why.told_of(&self.route.to, longest);
        let exchange = network.exchange(request, longest);
        if self.route.ours {
            // A system of ours may wait for Next on the stage; a real one that is silent is silent.
            return exchange.await.map_err(told);
        }
        let patience = self.letter.patience;
        let silent = |_| NoReply::Silent(format!("nothing came within {} s", patience.as_secs()));
        timeout(patience, exchange).await.map_err(silent).and_then(identity).map_err(told)
    }

    /// The letter as HTTP, with the headers that every message carries. None where HTTP cannot carry its address.
    fn request(&self) -> Option<Request<Full<Bytes>>> {
        let network = &self.room.fabric.network;
        let from = if self.route.ours { network.sign(self.from) } else { self.from };
        let (parent, state) = self.cause.headers(from);
        let mut request = request(self.letter.method.clone(), self.route.url.clone())?;
        let headers = request.headers_mut();
        for (name, value) in [
            (USER_AGENT, format!("arenoa/{}", self.from)),
            (HeaderName::from_static("traceparent"), parent),
            (HeaderName::from_static("tracestate"), state),
        ] {
            headers.insert(name, HeaderValue::try_from(value).ok()?);
        }
        if self.goes_to_a_stranger() {
            // Whoever is called back may be gone and back again, and a connection of before would be dead.
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        for (name, _) in &self.letter.headers {
            headers.remove(name);
        }
        for (name, value) in &self.letter.headers {
            headers.append(name, value.clone());
        }
        // What delivers asks for nothing (FSPIOP 3.2.1).
        let delivers = matches!(self.letter.method, Method::PUT | Method::PATCH);
        if !delivers && !headers.contains_key(ACCEPT) {
            headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        }
        *request.body_mut() = self.letter.body.clone().into();
        Some(request)
    }

    fn goes_to_a_stranger(&self) -> bool {
        !self.route.ours && matches!(self.letter.to, Addressee::Address(_))
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
            path: secrets::mask(self.secrets(), self.address()),
            correlation: self.letter.correlation.clone(),
            trace: self.cause.trace().into(),
            place: self.cause.place().to_string(),
            ..Entry::default()
        }
    }

    /// The address without the user and the password that may stand in it.
    fn address(&self) -> String {
        let mut url = self.route.url.clone();
        without_user(&mut url);
        url.into()
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
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use serde_json::json;

    use super::*;
    use crate::kit::trial::Trial;

    #[actix_web::test]
    async fn what_delivers_to_a_stranger_asks_for_nothing_and_leaves_no_line_open() {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://user:horse%21@{}/hook?x=1", socket.local_addr().unwrap());
        let listening = std::thread::spawn(move || {
            let (mut stream, _) = socket.accept().unwrap();
            let mut bytes = [0; 4096];
            let count = stream.read(&mut bytes).unwrap();
            stream
                .write_all(b"HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 2\r\n\r\nhi")
                .unwrap();
            String::from_utf8_lossy(&bytes[..count]).into_owned()
        });
        let trial = Trial::start(crate::ALL, 50);
        let letter = Letter::to_address(Method::PUT, &address).json(&json!({}));
        let reply = trial.send(letter).await;
        assert_eq!((reply.status, &reply.body[..]), (302, &b"hi"[..]), "nobody follows it");
        let heard = listening.join().unwrap();
        assert!(heard.starts_with("PUT /hook?x=1 HTTP/1.1\r\n"), "{heard}");
        assert!(!heard.to_lowercase().contains("\r\naccept"), "{heard}");
        // `user:horse!` in Base64.
        for header in
            ["Connection: close", "Authorization: Basic dXNlcjpob3JzZSE=", "Content-Length: 2"]
        {
            assert!(heard.contains(&format!("\r\n{header}\r\n")), "{header}: {heard}");
        }
    }

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
