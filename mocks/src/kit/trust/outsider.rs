//! For tests: somebody outside who publishes keys, counts how often they are asked for, and can make new ones.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::{Value, json};

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
    /// Publishes an ES256 key, at whatever path it is asked.
    pub(in crate::kit) fn start() -> Self {
        Self::publish(|keys| keys.p256_jwk().clone(), KID.into(), "")
    }

    /// Publishes as `OpenSPP2` called `name` does: below a path, by the whole `kidId`.
    pub(in crate::kit) fn openspp2(name: &str) -> Self {
        let kid = format!("{name}|{KID}|ed25519");
        Self::publish(|keys| keys.ed25519_jwk().clone(), kid, "/dci_api/v1/.well-known/jwks.json")
    }

    fn publish(jwk: fn(&Keys) -> Value, kid: String, at: &'static str) -> Self {
        let keys = Arc::new(Mutex::new(Keys::generate()));
        let asked = Arc::new(AtomicUsize::new(0));
        let (held, count) = (Arc::clone(&keys), Arc::clone(&asked));
        let server = HttpServer::new(move || {
            let (held, count, kid) = (Arc::clone(&held), Arc::clone(&count), kid.clone());
            let publish = move |asked: HttpRequest| {
                count.fetch_add(1, Ordering::SeqCst);
                let mut key = jwk(&held.lock().unwrap());
                key["kid"] = kid.clone().into();
                async move {
                    if !at.is_empty() && asked.path() != at {
                        return HttpResponse::NotFound().finish();
                    }
                    HttpResponse::Ok().json(json!({"keys": [key]}))
                }
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
