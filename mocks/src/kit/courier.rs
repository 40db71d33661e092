//! The courier: the only HTTP client. It looks the addressee up in the cast, stamps the cause, waits for the pace,
//! delivers, and writes in the journal what no receiver of ours could write.
//!
//! Addresses that come from strangers (`sender_uri`, webhooks) are delivered to only where the room allows the host.
//! Redirects are never followed.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use reqwest::{Client, Method, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::cause::Cause;
use super::clock::Stopwatch;
use super::country::is_loopback;
use super::journal::{Entry, Kind, readable};
use super::room::{Office, Room};
use super::secrets;

/// A real system that says nothing for so long is taken not to answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Larger answers are refused.
const LONGEST_ANSWER: usize = 16 * 1024 * 1024;

/// The way out to the network, shared by all rooms.
#[derive(Debug)]
pub struct Network {
    client: Client,
    allowed_hosts: Vec<String>,
}

/// A message to be sent.
#[derive(Debug, Clone)]
pub struct Letter {
    to: Addressee,
    method: Method,
    path: String,
    action: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
    correlation: String,
}

#[derive(Debug, Clone)]
enum Addressee {
    /// A part of the cast, whoever plays it.
    Part(String),
    /// An address that somebody gave us.
    Address(String),
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Why a message was not delivered or its answer could not be read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Undelivered {
    #[error("nobody plays the part `{0}` in this room")]
    NoSuchPart(String),
    #[error(
        "`{0}` is no address that this room delivers to: the host is neither in the cast nor allowed"
    )]
    NotAllowed(String),
    #[error("{to} did not answer: {reason}")]
    NoAnswer { to: String, reason: String },
    #[error("{to} answered {status}, but not what was expected: {reason}")]
    Unreadable { to: String, status: u16, reason: String },
}

impl Network {
    /// A network that delivers to the cast, to this machine, and to `allowed_hosts`.
    #[expect(clippy::disallowed_methods, reason = "the one HTTP client of the country")]
    pub fn new(allowed_hosts: Vec<String>) -> Self {
        let mut roots = rustls::RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map(|config| config.with_root_certificates(roots).with_no_client_auth());
        let builder = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .tcp_nodelay(true)
            .http1_title_case_headers();
        let builder = match tls {
            Ok(tls) => builder.tls_backend_preconfigured(tls),
            Err(error) => {
                tracing::error!(%error, "TLS is not available; only http:// addresses work");
                builder
            }
        };
        let client = builder.build().unwrap_or_else(|error| {
            tracing::error!(%error, "the HTTP client could not be set up as wanted");
            Client::default()
        });
        Self { client, allowed_hosts }
    }

    /// Posts JSON to an address that the user of this program gave: for the command line, outside any room.
    pub async fn post(&self, address: &str, value: &impl Serialize) -> Result<Reply, Undelivered> {
        let no_answer = |error: reqwest::Error| Undelivered::NoAnswer {
            to: address.to_owned(),
            reason: reason(&error),
        };
        let response = self.client.post(address).json(value).send().await.map_err(no_answer)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.map_err(no_answer)?;
        Ok(Reply { status, headers, body })
    }

    fn allows(&self, host: &str) -> bool {
        is_loopback(host) || self.allowed_hosts.iter().any(|h| h == host)
    }
}

impl Letter {
    /// A message to a part of the cast. `route` is method and path: `POST /registry/sync/search`.
    pub fn to(part: &str, method: Method, path: impl Into<String>) -> Self {
        Self::new(Addressee::Part(part.into()), method, path.into())
    }

    /// A POST to a part of the cast.
    pub fn post(part: &str, path: impl Into<String>) -> Self {
        Self::to(part, Method::POST, path)
    }

    /// A GET from a part of the cast.
    pub fn get(part: &str, path: impl Into<String>) -> Self {
        Self::to(part, Method::GET, path)
    }

    /// A message to an address that somebody gave us; it is checked before it is used.
    pub fn to_address(method: Method, address: &str) -> Self {
        Self::new(Addressee::Address(address.into()), method, String::new())
    }

    fn new(to: Addressee, method: Method, path: String) -> Self {
        let bare = path.split('?').next().unwrap_or_default();
        let action = format!("{method} {bare}");
        Self {
            to,
            method,
            path,
            action,
            headers: Vec::new(),
            body: Bytes::new(),
            correlation: String::new(),
        }
    }

    /// The path with names for what varies: `/quotes/{id}`. The journal and the stage know the message by it.
    #[must_use]
    pub fn route(mut self, route: &str) -> Self {
        self.action = format!("{} {route}", self.method);
        self
    }

    /// Adds a header; one that HTTP cannot carry is left out and logged.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            self.headers.push((name, value));
        } else {
            tracing::warn!(name, "a header that HTTP cannot carry was left out");
        }
        self
    }

    /// Carries `value` as JSON.
    #[must_use]
    pub fn json(self, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(bytes) => self.bytes("application/json", bytes),
            Err(error) => {
                tracing::error!(%error, "a message could not be written as JSON");
                self
            }
        }
    }

    /// Carries fields as an HTML form does.
    #[must_use]
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let text = Url::parse_with_params("http://form", fields)
            .ok()
            .and_then(|url| url.query().map(str::to_owned));
        self.bytes("application/x-www-form-urlencoded", text.unwrap_or_default())
    }

    /// Carries `body` as it stands.
    #[must_use]
    pub fn bytes(self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body(body).header(CONTENT_TYPE.as_str(), content_type)
    }

    /// Carries `body`, whose type a header tells already.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Carries a bearer token.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// The business correlation that the journal files the message under.
    #[must_use]
    pub fn correlation(mut self, correlation: &str) -> Self {
        self.correlation = correlation.into();
        self
    }
}

impl Reply {
    /// Whether the status says success.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as JSON; the error names what came instead.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Undelivered> {
        let mut reader = serde_json::Deserializer::from_slice(&self.body);
        serde_path_to_error::deserialize(&mut reader).map_err(|error| Undelivered::Unreadable {
            to: String::from("the other system"),
            status: self.status,
            reason: format!("at `{}`: {}", error.path(), error.inner()),
        })
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

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
    let watch = Stopwatch::start();
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

/// As [`deliver`], but outside the story: it waits for no turn, and systems that know the sender to be an examiner
/// do not journal it.
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
        let (parent, state) = self.cause.headers(self.from);
        let client = &self.room.fabric.network.client;
        let mut request = client
            .request(self.letter.method.clone(), self.route.url.clone())
            .header(USER_AGENT, format!("arenoa/{}", self.from))
            .header("traceparent", parent)
            .header("tracestate", state);
        for (name, value) in &self.letter.headers {
            request = request.header(name, value);
        }
        if !self.route.ours {
            // A system of ours may wait for Next on the stage; a real one that is silent is silent.
            request = request.timeout(PATIENCE);
        }
        let mut response =
            request.body(self.letter.body.clone()).send().await.map_err(no_answer)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
            if body.len() + chunk.len() > LONGEST_ANSWER {
                let reason = format!("the answer is longer than {LONGEST_ANSWER} bytes");
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
            path: self.route.url.to_string(),
            correlation: self.letter.correlation.clone(),
            trace: self.cause.trace().into(),
            place: self.cause.place().to_string(),
            ..Entry::default()
        }
    }

    /// A body for the journal, with what the part keeps secret masked, whoever plays the part.
    fn without_secrets(&self, body: &[u8]) -> String {
        let system = self.room.fabric.system(&self.route.to);
        secrets::mask(system.map_or(&[], |s| s.secrets), &readable(body))
    }

    fn write_request(&self) -> i64 {
        let headers = self.letter.headers.iter();
        let headers = masked(headers.map(|(n, v)| (n.as_str(), v.to_str().unwrap_or("…"))));
        let body = self.without_secrets(&self.letter.body);
        self.room.journal.write(Entry { headers, body, ..self.entry() })
    }

    fn write_answer(&self, of: i64, reply: &Reply, watch: Stopwatch) {
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
            duration_us: watch.micros(),
            ..request
        });
    }

    fn write_failure(&self, error: &Undelivered) {
        self.room.journal.write(Entry { remark: error.to_string(), ..self.entry() });
    }
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
    let guest = room.guests().into_iter().find(|(_, base)| address.starts_with(base.as_str()));
    let host = url.host_str().unwrap_or_default().to_owned();
    if guest.is_none() && !room.fabric.network.allows(&host) {
        return Err(refused());
    }
    Ok(Route { url, to: guest.map_or(host, |(part, _)| part), ours: false })
}

/// The innermost cause says the most: "connection refused".
fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

/// Headers as the journal keeps them, one a line, with secrets masked.
pub fn masked<'a>(headers: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in headers {
        let secret =
            matches!(name, "authorization" | "cookie" | "set-cookie" | "proxy-authorization");
        let value = if secret {
            value.split(' ').next().filter(|w| *w == "Bearer").unwrap_or("").to_owned() + " •••"
        } else {
            value.to_owned()
        };
        text.push_str(name);
        text.push_str(": ");
        text.push_str(&value);
        text.push('\n');
    }
    text
}

/// What an office does for one reason: the pair that every piece of work carries along.
#[derive(Debug, Clone)]
pub struct Errand {
    pub office: Arc<Office>,
    pub cause: Cause,
}

impl Errand {
    /// Sends a letter in the name of the office and waits for the answer.
    pub async fn send(&self, letter: Letter) -> Result<Reply, Undelivered> {
        deliver(&self.office.room, self.office.system.name, &self.cause, letter).await
    }

    /// Shows a decision or a change inside the office; see [`Office::event`].
    pub fn event(&self, action: &str, remark: &str, body: &serde_json::Value) {
        self.office.event(&self.cause, action, remark, body);
    }

    /// The sandbox time.
    pub fn now(&self) -> Timestamp {
        self.office.room.clock.now()
    }

    /// The sandbox time as messages carry it.
    pub fn stamp(&self) -> String {
        self.office.room.stamp()
    }

    /// The address under which others reach this office: what goes into `sender_uri`.
    pub fn own_base(&self) -> String {
        let (fabric, room) = (&self.office.room.fabric, &self.office.room.name);
        fabric.mount_of(room, self.office.system.name).unwrap_or_default()
    }

    /// Runs `work` by itself until it ends or the room is reset.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let room = Arc::clone(&self.office.room);
        let under_way = room.clock.work();
        tokio::spawn(async move {
            let _under_way = under_way;
            tokio::select! {
                () = work => {}
                () = room.ended() => {}
            }
        });
    }
}
