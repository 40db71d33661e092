//! A country with its pages, for a test.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use actix_web::body::to_bytes;
use actix_web::cookie::Cookie;
use actix_web::dev::Service as _;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, HttpResponse};
use mocks::kit::country::{Country, Settings};
use mocks::kit::server::{Listen, Running, enter_room, serve};
use orchestrator::scenario::Library;
use orchestrator::theatre::Theatre;
use web::pages::pages;

static OPENED: AtomicU32 = AtomicU32::new(0);
/// What a form sends to show that it is one of ours.
pub(super) const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A country with its theatre, served on a free port.
pub(super) struct House {
    pub(super) theatre: Arc<Theatre>,
    pub(super) country: Arc<Country>,
    pub(super) running: Running,
    dir: PathBuf,
}

impl House {
    pub(super) fn open() -> Self {
        Self::with_people(300)
    }

    pub(super) fn with_people(people: usize) -> Self {
        let number = OPENED.fetch_add(1, Ordering::Relaxed);
        let name = format!("arenoa-desks-{}-{number}", std::process::id());
        let dir = std::env::temp_dir().join(name);
        let keys = Some(std::env::temp_dir().join("arenoa-trial-keys"));
        let settings = Settings { keys, people, ..Settings::new(&dir) };
        let country = Country::open(settings, mocks::ALL).expect("the country opens");
        let library = Library::built_in(&country.people).expect("the stories can be read");
        let theatre = Theatre::new(Arc::clone(&country), library);
        let running = serve(&country, &Listen::default(), |_| {}).expect("a port is free");
        Self { theatre, country, running, dir }
    }

    pub(super) async fn get(&self, path: &str) -> (u16, String) {
        let (answer, body) = self.send(TestRequest::get().uri(path)).await;
        (answer.status().as_u16(), body)
    }

    pub(super) async fn post(
        &self,
        path: &str,
        fields: &[(&str, &str)],
    ) -> (HttpResponse<()>, String) {
        let fields: Vec<_> = fields.iter().copied().chain([("csrf", TOKEN)]).collect();
        self.send(TestRequest::post().uri(path).set_form(fields)).await
    }

    pub(super) async fn send(&self, request: TestRequest) -> (HttpResponse<()>, String) {
        let app = App::new().wrap_fn(|mut req, next| {
            enter_room(&mut req);
            next.call(req)
        });
        let app = init_service(app.configure(pages(&self.theatre))).await;
        let request = request.cookie(Cookie::new("arenoa_form", TOKEN)).to_request();
        let (answer, body) = call_service(&app, request).await.into_parts().1.into_parts();
        let body = to_bytes(body).await.expect("the page arrives");
        (answer, String::from_utf8_lossy(&body).into_owned())
    }

    pub(super) fn card(&self, id: &str, field: &str) -> String {
        let cards = self.country.people.cast_cards();
        let card = cards.as_array().into_iter().flatten().find(|card| card["id"] == id);
        card.and_then(|card| card[field].as_str()).expect("the cast has this card").to_owned()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        // A folder that cannot be removed is the temporary folder's own matter.
        drop(std::fs::remove_dir_all(&self.dir));
    }
}
