//! The way out to the network: the one HTTP client of the country, and where it delivers to.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};
use serde::Serialize;
use thread_local::ThreadLocal;
use url::Url;

use super::{Reply, Undelivered};
use crate::kit::country::is_loopback;
use crate::kit::server::KEEP_ALIVE;

/// A connection that was not used for this long is not used again: it is let go well before our own servers close it.
const IDLE: Duration = Duration::from_secs(20);
const _: () = assert!(IDLE.as_secs() < KEEP_ALIVE.as_secs(), "a server would close it first");

/// Who checks the state of systems for a story: its questions are no messages of the country.
pub const EXAMINER: &str = "examiner";

type Wire = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// The way out to the network, shared by all rooms.
#[derive(Debug)]
pub struct Network {
    /// One a thread: a connection is then driven by the thread that uses it, and nobody has to be woken for it.
    wires: ThreadLocal<Wire>,
    tls: ClientConfig,
    allowed_hosts: Vec<String>,
    /// What our own examiner is called between our own systems; nobody else can know it.
    examiner: String,
}

/// Why nothing can be read of an answer.
pub(super) enum NoReply {
    /// Nobody answered, or not to the end.
    Silent(String),
    /// The answer is longer than it may be; its status.
    TooLong(u16),
}

impl Network {
    /// A network that delivers to the cast, to this machine, and to `allowed_hosts`.
    pub fn new(allowed_hosts: Vec<String>) -> Self {
        let examiner = format!("{EXAMINER}.{}", uuid::Uuid::new_v4().simple());
        Self { wires: ThreadLocal::new(), tls: tls(), allowed_hosts, examiner }
    }

    /// Whether a request comes from this program's own examiner; a stranger who only says so is journalled.
    pub fn is_examiner(&self, from: &str) -> bool {
        from == self.examiner
    }

    /// What a sender is called in the headers of a message to a system of ours.
    pub(super) fn sign<'a>(&'a self, from: &'a str) -> &'a str {
        if from == EXAMINER { &self.examiner } else { from }
    }

    /// Posts JSON to an address that the user of this program gave: for the command line, outside any room.
    pub async fn post(&self, address: &str, value: &impl Serialize) -> Result<Reply, Undelivered> {
        let body = serde_json::to_vec(value).unwrap_or_default();
        self.ask(address, &[], Method::POST, Some(("application/json", body))).await
    }

    /// Posts a text to an address that the user of this program gave, with a query: for the command line.
    pub async fn post_text(
        &self,
        address: &str,
        query: &[(&str, &str)],
        content_type: &str,
        text: Vec<u8>,
    ) -> Result<Reply, Undelivered> {
        self.ask(address, query, Method::POST, Some((content_type, text))).await
    }

    /// Gets what is at an address that the user of this program gave: for the command line.
    pub async fn get(&self, address: &str) -> Result<Reply, Undelivered> {
        self.ask(address, &[], Method::GET, None).await
    }

    async fn ask(
        &self,
        address: &str,
        query: &[(&str, &str)],
        method: Method,
        body: Option<(&str, Vec<u8>)>,
    ) -> Result<Reply, Undelivered> {
        let no_address = || Undelivered::NotAllowed(address.to_owned());
        let mut url = Url::parse(address).map_err(|_| no_address())?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = request(method, url).ok_or_else(no_address)?;
        if let Some((content_type, body)) = body {
            let content_type = HeaderValue::try_from(content_type).map_err(|_| no_address())?;
            request.headers_mut().insert(CONTENT_TYPE, content_type);
            *request.body_mut() = body.into();
        }
        self.exchange(request, usize::MAX).await.map_err(|why| why.told_of(address, usize::MAX))
    }

    /// Sends a request and reads the answer, of so many bytes at the most.
    pub(super) async fn exchange(
        &self,
        request: Request<Full<Bytes>>,
        longest: usize,
    ) -> Result<Reply, NoReply> {
        let wire = self.wires.get_or(|| wire(self.tls.clone()));
        let response = wire.request(request).await.map_err(|e| NoReply::Silent(reason(&e)))?;
        let (head, mut stream) = response.into_parts();
        let status = head.status.as_u16();
        let mut body = BytesMut::new();
        while let Some(frame) = stream.frame().await {
            let frame = frame.map_err(|e| NoReply::Silent(reason(&e)))?;
            let chunk = frame.into_data().unwrap_or_default();
            if body.len() + chunk.len() > longest {
                return Err(NoReply::TooLong(status));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply { status, headers: head.headers, body: body.freeze() })
    }

    pub(super) fn allows(&self, host: &str) -> bool {
        is_loopback(host) || self.allowed_hosts.iter().any(|h| h == host)
    }
}

impl NoReply {
    /// The same, of somebody who was asked for `longest` bytes at the most.
    pub(super) fn told_of(self, to: &str, longest: usize) -> Undelivered {
        let to = to.to_owned();
        match self {
            Self::Silent(reason) => Undelivered::NoAnswer { to, reason },
            Self::TooLong(status) => {
                let reason = format!("the answer is longer than {longest} bytes");
                Undelivered::Unreadable { to, status, reason }
            }
        }
    }
}

/// A request without a body. Who stands in the address with a password is told in a header of its own (RFC 7617), and the
/// address is sent without. None where HTTP cannot carry the address.
pub(super) fn request(method: Method, mut url: Url) -> Option<Request<Full<Bytes>>> {
    let credentials = credentials(&url);
    without_user(&mut url);
    let mut request = Request::new(Full::default());
    *request.method_mut() = method;
    *request.uri_mut() = Uri::try_from(url.as_str()).ok()?;
    if let Some(mut credentials) = credentials {
        credentials.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, credentials);
    }
    Some(request)
}

fn credentials(url: &Url) -> Option<HeaderValue> {
    use base64::Engine as _;
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let plain =
        |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let pair = format!("{}:{}", plain(url.username()), plain(url.password().unwrap_or_default()));
    let coded = base64::engine::general_purpose::STANDARD.encode(pair);
    HeaderValue::try_from(format!("Basic {coded}")).ok()
}

/// Takes user and password out of an address.
pub(super) fn without_user(url: &mut Url) {
    // Only an address without a host can have no user, and nothing is delivered there.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
}

#[expect(clippy::disallowed_methods, reason = "the one HTTP client of the country")]
fn wire(tls: ClientConfig) -> Wire {
    let mut http = HttpConnector::new();
    http.set_nodelay(true);
    http.enforce_http(false);
    let connector =
        HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1();
    // Redirects are no business of this client: it gives what was answered.
    Client::builder(TokioExecutor::new())
        .pool_idle_timeout(IDLE)
        .pool_timer(TokioTimer::new())
        .http1_title_case_headers(true)
        .build(connector.wrap_connector(http))
}

fn tls() -> ClientConfig {
    let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    // A failure would mean that ring lacks every version of TLS, which a test would have found.
    let config =
        config.unwrap_or_else(|error| unreachable!("ring offers TLS 1.2 and 1.3: {error}"));
    config.with_root_certificates(roots).with_no_client_auth()
}

/// The innermost cause says the most: "connection refused".
fn reason(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
