//! Somebody outside the country who is called back: an HTTP server of the test's own.

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
        let ears = Arc::clone(&heard);
        let server = HttpServer::new(move || {
            let ears = Arc::clone(&ears);
            App::new().app_data(web::PayloadConfig::new(4_000_000)).default_service(web::to(move |request: HttpRequest, body: Bytes| {
                let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
                ears.lock().unwrap().push((request.path().to_owned(), body));
                let ack = json!({"ack_status": "ACK", "timestamp": "2026-10-01T08:00:00Z", "correlation_id": "C"});
                async move { HttpResponse::Ok().json(json!({"message": ack})) }
            }))
        });
        let server = server.workers(1).disable_signals().bind(("127.0.0.1", port)).unwrap();
        let port = server.addrs()[0].port();
        let server = server.run();
        let handle = server.handle();
        drop(tokio::spawn(server));
        Self { base: format!("http://127.0.0.1:{port}"), port, heard, handle }
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
