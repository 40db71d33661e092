//! The payroll page over a running country: it reads without scripts, and everybody who is paid has a dot.

use std::sync::Arc;

use mocks::kit::courier::{Letter, deliver};
use serde_json::{Value, json};

use super::house::House;

/// What an officer of the pension office does.
async fn act(house: &House, path: &str, body: Value) {
    let room = Arc::clone(&house.country.main().room);
    let letter = Letter::post("programme_office", path).json(&body);
    let reply = deliver(&room, "officer", &room.stranger(), letter).await.expect("an answer");
    assert!(reply.is_success(), "{path}: {}", String::from_utf8_lossy(&reply.body));
    room.clock.idle().await;
}

fn dots(page: &str, letter: char) -> usize {
    let dots = page.split("data-dots").nth(1).and_then(|rest| rest.split("<table").next());
    dots.unwrap_or_default().matches(&format!("<i class=\"{letter}\">")).count()
}

#[actix_web::test]
async fn everybody_who_is_paid_has_a_dot_and_the_report_adds_up() {
    let house = House::with_people(600);
    let (status, empty) = house.get("/payroll").await;
    assert!(status == 200 && empty.contains("Nobody has opened a payroll yet"), "{empty}");

    act(&house, "/cycles", json!({"programme": "OAP", "month": "2026-10"})).await;
    act(&house, "/cycles/OAP-2026-10/verify", json!({})).await;
    let (_, waiting) = house.get("/payroll").await;
    let payees = dots(&waiting, 'w');
    assert!(payees > 10, "{waiting}");
    for officer in ["Dina Volpi", "Marco Nimri"] {
        act(&house, "/cycles/OAP-2026-10/approve", json!({"officer": officer})).await;
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
