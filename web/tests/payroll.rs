//! The payroll page over a running country: it reads without scripts, and everybody who is paid has a dot.

use std::path::PathBuf;
use std::sync::Arc;

use actix_web::App;
use actix_web::body::to_bytes;
use actix_web::test::{TestRequest, call_service, init_service};
use mocks::kit::country::{Country, Settings};
use mocks::kit::courier::{Letter, deliver};
use mocks::kit::server::{Listen, Running, serve};
use orchestrator::scenario::Library;
use orchestrator::theatre::Theatre;
use serde_json::{Value, json};
use web::pages::pages;

/// A country with its theatre, served on a free port.
struct House {
    theatre: Arc<Theatre>,
    country: Arc<Country>,
    _running: Running,
    dir: PathBuf,
}

impl House {
    fn open() -> Self {
        let dir = std::env::temp_dir().join(format!("arenoa-payroll-page-{}", std::process::id()));
        let settings = Settings {
            dir: dir.clone(),
            keys: None,
            people: 600,
            candidates: 0,
            seed: 42,
            allowed_hosts: Vec::new(),
        };
        let country = Country::open(settings, mocks::ALL).expect("the country opens");
        let library = Library::built_in(&country.people).expect("the stories can be read");
        let theatre = Theatre::new(Arc::clone(&country), library);
        let running = serve(&country, &Listen::default(), |_| {}).expect("a port is free");
        Self { theatre, country, _running: running, dir }
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let app = init_service(App::new().configure(pages(&self.theatre))).await;
        let request = TestRequest::get().uri(path).to_request();
        let (answer, body) = call_service(&app, request).await.into_parts().1.into_parts();
        let body = to_bytes(body).await.expect("the page arrives");
        (answer.status().as_u16(), String::from_utf8_lossy(&body).into_owned())
    }

    async fn act(&self, path: &str, body: Value) {
        let room = Arc::clone(&self.country.main().room);
        let letter = Letter::post("programme_office", path).json(&body);
        let reply = deliver(&room, "officer", &room.stranger(), letter).await.expect("an answer");
        assert!(reply.is_success(), "{path}: {}", String::from_utf8_lossy(&reply.body));
        room.clock.idle().await;
    }
}

impl Drop for House {
    fn drop(&mut self) {
        // A folder that cannot be removed is the temporary folder's own matter.
        drop(std::fs::remove_dir_all(&self.dir));
    }
}

fn dots(page: &str, letter: char) -> usize {
    let dots = page.split("data-dots").nth(1).and_then(|rest| rest.split("<table").next());
    dots.unwrap_or_default().matches(&format!("<i class=\"{letter}\">")).count()
}

#[actix_web::test]
async fn everybody_who_is_paid_has_a_dot_and_the_report_adds_up() {
    let house = House::open();
    let (status, empty) = house.get("/payroll").await;
    assert!(status == 200 && empty.contains("Nobody has opened a payroll yet"), "{empty}");

    house.act("/cycles", json!({"programme": "OAP", "month": "2026-10"})).await;
    house.act("/cycles/OAP-2026-10/verify", json!({})).await;
    let (_, waiting) = house.get("/payroll").await;
    let payees = dots(&waiting, 'w');
    assert!(payees > 10, "{waiting}");
    for officer in ["Dina Volpi", "Marco Nimri"] {
        house.act("/cycles/OAP-2026-10/approve", json!({"officer": officer})).await;
    }
    let (_, paid) = house.get("/payroll").await;
    assert_eq!(dots(&paid, 'p') + dots(&paid, 'f') + dots(&paid, 'h'), payees);
    assert!(dots(&paid, 'p') > 10 && paid.contains("Josef Adani"), "who was not paid is named");
    let (_, room) = house.get("/r/nowhere/payroll").await;
    assert!(!room.contains("data-dots"));

    let (status, csv) = house.get("/payroll/report.csv?cycle=OAP-2026-10").await;
    assert!(status == 200 && csv.contains(&format!("{payees},total,{payees}00.00,XTS")), "{csv}");
    assert_eq!(house.get("/payroll/report.csv?cycle=../_arenoa").await.0, 404);
}
