//! Somebody outside the country who is called back: an HTTP server of the test's own.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::web::{self, Bytes};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use serde_json::{Value, json};

use crate::kit::clock::pause;

/// What it heard: path and body.
type Heard = Arc<Mutex<Vec<(String, Value)>>>;

pub(crate) struct Listener {
    pub(crate) base: String,
    pub(crate) port: u16,
    heard: Heard,
    /// How many more messages it takes before it refuses.
    patience: Arc<AtomicUsize>,
    /// The token that it insists on.
    wanted: Arc<Mutex<Option<String>>>,
    handle: ServerHandle,
}

impl Listener {
    /// Listens on a free port.
    pub(crate) fn start() -> Self {
        Self::start_at(0)
    }

    /// Listens on that port.
    pub(crate) fn start_at(port: u16) -> Self {
        let heard = Heard::default();
        let patience = Arc::new(AtomicUsize::new(usize::MAX));
        let wanted = Arc::<Mutex<Option<String>>>::default();
        let (ears, left, wants) = (Arc::clone(&heard), Arc::clone(&patience), Arc::clone(&wanted));
        let server = HttpServer::new(move || {
            let (ears, left, wants) = (Arc::clone(&ears), Arc::clone(&left), Arc::clone(&wants));
            let hear = move |request: HttpRequest, body: Bytes| {
                let less = |n: usize| n.checked_sub(1);
                let lets_in = wants.lock().unwrap().as_deref().is_none_or(|t| brings(&request, t));
                let takes =
                    lets_in && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less).is_ok();
                if takes {
                    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
                    ears.lock().unwrap().push((request.path().to_owned(), body));
                }
                async move {
                    match (lets_in, takes) {
                        (false, _) => HttpResponse::Unauthorized().finish(),
                        (_, true) => acknowledged(),
                        (_, false) => busy(),
                    }
                }
            };
            let limit = web::PayloadConfig::new(4_000_000);
            App::new().app_data(limit).default_service(web::to(hear))
        });
        let server = server.workers(1).disable_signals().bind(("127.0.0.1", port)).unwrap();
        let port = server.addrs()[0].port();
        let server = server.run();
        let handle = server.handle();
        drop(tokio::spawn(server));
        Self { base: format!("http://127.0.0.1:{port}"), port, heard, patience, wanted, handle }
    }

    /// Takes so many more messages, and refuses what comes then.
    pub(crate) fn takes(&self, more: usize) {
        self.patience.store(more, Ordering::SeqCst);
    }

    /// Lets nobody in from now on who does not bring that bearer token.
    pub(crate) fn insists_on(&self, token: &str) {
        *self.wanted.lock().unwrap() = Some(token.into());
    }

    /// How many messages it has heard so far.
    pub(crate) fn count(&self) -> usize {
        self.heard.lock().unwrap().len()
    }

    /// Waits until it has heard so many messages, and gives them.
    pub(crate) async fn hears(&self, count: usize) -> Vec<(String, Value)> {
        for _ in 0..500 {
            let heard = self.heard.lock().unwrap().clone();
            if heard.len() >= count {
                return heard;
            }
            pause(Duration::from_millis(10)).await;
        }
        panic!("{count} messages were expected, and heard were {:#?}", self.heard.lock().unwrap());
    }

    /// Hangs up.
    pub(crate) async fn stop(self) -> u16 {
        self.handle.stop(true).await;
        self.port
    }
}

fn brings(request: &HttpRequest, token: &str) -> bool {
    let shown = request.headers().get("authorization").and_then(|shown| shown.to_str().ok());
    shown == Some(&format!("Bearer {token}"))
}

fn acknowledged() -> HttpResponse {
    let ack =
        json!({"ack_status": "ACK", "timestamp": "2026-10-01T08:00:00Z", "correlation_id": "C"});
    HttpResponse::Ok().json(json!({"message": ack}))
}

fn busy() -> HttpResponse {
    HttpResponse::ServiceUnavailable().finish()
}
