//! For tests: somebody outside who publishes keys, counts how often they are asked for, and can make new ones.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use actix_web::{App, HttpResponse, HttpServer, web};
use serde_json::json;

use super::keys::Keys;

/// What the key that counts is called, before and after.
pub(in crate::kit) const KID: &str = "key-1";

pub(in crate::kit) struct Outsider {
    keys: Arc<Mutex<Keys>>,
    asked: Arc<AtomicUsize>,
    /// Its address, `http://127.0.0.1:PORT`.
    pub(in crate::kit) base: String,
}

impl Outsider {
    pub(in crate::kit) fn start() -> Self {
        let keys = Arc::new(Mutex::new(Keys::generate()));
        let asked = Arc::new(AtomicUsize::new(0));
        let (held, count) = (Arc::clone(&keys), Arc::clone(&asked));
        let server = HttpServer::new(move || {
            let (held, count) = (Arc::clone(&held), Arc::clone(&count));
            let publish = move || {
                count.fetch_add(1, Ordering::SeqCst);
                let mut key = held.lock().unwrap().p256_jwk().clone();
                key["kid"] = KID.into();
                async move { HttpResponse::Ok().json(json!({"keys": [key]})) }
            };
            App::new().default_service(web::to(publish))
        });
        let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        let base = format!("http://{}", server.addrs()[0]);
        drop(tokio::spawn(server.run()));
        Self { keys, asked, base }
    }

    /// What it signs with today.
    pub(in crate::kit) fn keys(&self) -> MutexGuard<'_, Keys> {
        self.keys.lock().unwrap()
    }

    pub(in crate::kit) fn makes_new_keys(&self) {
        *self.keys() = Keys::generate();
    }

    /// How often somebody asked for its keys.
    pub(in crate::kit) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}
