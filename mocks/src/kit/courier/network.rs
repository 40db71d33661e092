//! The way out to the network: the one HTTP client of the country, and where it delivers to.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use rustls::ClientConfig;
use serde::Serialize;
use thread_local::ThreadLocal;

use super::{Reply, Undelivered};
use crate::kit::country::is_loopback;
use crate::kit::server::KEEP_ALIVE;

/// A connection that was not used for this long is not used again: it is let go well before our own servers close it.
const IDLE: Duration = Duration::from_secs(20);
const _: () = assert!(IDLE.as_secs() < KEEP_ALIVE.as_secs(), "a server would close it first");

/// Who checks the state of systems for a story: its questions are no messages of the country.
pub const EXAMINER: &str = "examiner";

/// The way out to the network, shared by all rooms.
#[derive(Debug)]
pub struct Network {
    /// One a thread: a connection is then driven by the thread that uses it, and nobody has to be woken for it.
    clients: ThreadLocal<Client>,
    tls: Option<ClientConfig>,
    allowed_hosts: Vec<String>,
    /// What our own examiner is called between our own systems; nobody else can know it.
    examiner: String,
}

impl Network {
    /// A network that delivers to the cast, to this machine, and to `allowed_hosts`.
    pub fn new(allowed_hosts: Vec<String>) -> Self {
        let mut roots = rustls::RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map(|config| config.with_root_certificates(roots).with_no_client_auth())
            .inspect_err(|error| {
                tracing::error!(%error, "TLS is not available; only http:// addresses work");
            });
        let examiner = format!("{EXAMINER}.{}", uuid::Uuid::new_v4().simple());
        Self { clients: ThreadLocal::new(), tls: tls.ok(), allowed_hosts, examiner }
    }

    /// This thread's way out.
    pub(super) fn client(&self) -> &Client {
        self.clients.get_or(|| {
            client(self.tls.clone()).unwrap_or_else(|error| {
                tracing::error!(%error, "the HTTP client could not be set up as wanted");
                Client::default()
            })
        })
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
        self.exchange(address, self.client().post(address).json(value)).await
    }

    /// Posts a text to an address that the user of this program gave, with a query: for the command line.
    pub async fn post_text(
        &self,
        address: &str,
        query: &[(&str, &str)],
        content_type: &str,
        text: Vec<u8>,
    ) -> Result<Reply, Undelivered> {
        let url = reqwest::Url::parse_with_params(address, query)
            .map_err(|_| Undelivered::NotAllowed(address.to_owned()))?;
        let request = self.client().post(url).header("content-type", content_type).body(text);
        self.exchange(address, request).await
    }

    /// Gets what is at an address that the user of this program gave: for the command line.
    pub async fn get(&self, address: &str) -> Result<Reply, Undelivered> {
        self.exchange(address, self.client().get(address)).await
    }

    async fn exchange(
        &self,
        address: &str,
        request: reqwest::RequestBuilder,
    ) -> Result<Reply, Undelivered> {
        let no_answer = |error: reqwest::Error| Undelivered::NoAnswer {
            to: address.to_owned(),
            reason: reason(&error),
        };
        let response = request.send().await.map_err(no_answer)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.map_err(no_answer)?;
        Ok(Reply { status, headers, body })
    }

    pub(super) fn allows(&self, host: &str) -> bool {
        is_loopback(host) || self.allowed_hosts.iter().any(|h| h == host)
    }
}

#[expect(clippy::disallowed_methods, reason = "the one HTTP client of the country")]
fn client(tls: Option<ClientConfig>) -> reqwest::Result<Client> {
    let builder = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .pool_idle_timeout(IDLE)
        .tcp_nodelay(true)
        .http1_title_case_headers();
    match tls {
        Some(tls) => builder.tls_backend_preconfigured(tls),
        None => builder,
    }
    .build()
}

/// The innermost cause says the most: "connection refused".
pub(super) fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
