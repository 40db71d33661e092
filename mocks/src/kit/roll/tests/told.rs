//! Subscribers hear of people who come with a file, as of people who come to the counter.

use serde_json::{Value, json};

use super::imported;
use crate::kit::courier::Letter;
use crate::kit::registry::visitor::{Listener, Visitor, envelope};
use crate::kit::system::System;
use crate::kit::trial::Trial;

const SYSTEMS: &[System] = &[
    crate::beneficiary_registry::SYSTEM,
    crate::disability_registry::SYSTEM,
    crate::employment_service::SYSTEM,
    crate::farmer_registry::SYSTEM,
    crate::gateway::SYSTEM,
    crate::social_registry::SYSTEM,
];

/// The file with the first person of a registry, as somebody whom it does not know.
async fn newcomer(trial: &Trial, system: &str) -> String {
    let reply = trial.send(Letter::get(system, "/_arenoa/export?after=0&limit=1")).await;
    let mut reader = csv::Reader::from_reader(&reply.body[..]);
    let headers = reader.headers().unwrap().clone();
    let person = reader.records().next().unwrap().unwrap();
    let cells = headers.iter().zip(&person).map(|(header, cell)| match header {
        "uin" => "9000000001",
        "household_id" => "HH-999999",
        "farmer_id" => "FRM-99999",
        "plot" => "PLOT-99999",
        "beneficiary_id" | "certificate" | "jobseeker_id" => "NEW-99999",
        "more" => "",
        _ => cell,
    });
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&headers).unwrap();
    writer.write_record(cells).unwrap();
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// Asks to be told of events of that kind to everybody, and gives what is answered.
async fn subscribed(
    visitor: &Visitor<'_>,
    listener: &Listener,
    system: &str,
    event: &str,
) -> Value {
    let criteria =
        json!({"reg_event_type": event, "filter_type": "expression", "filter": {"age": {"ge": 0}}});
    let at = "2026-10-01T08:00:00Z";
    let item = json!({"reference_id": "R-1", "timestamp": at, "subscribe_criteria": criteria});
    let message = json!({"transaction_id": "T-9", "subscribe_request": [item]});
    let mut wish = envelope("subscribe", 1, &message);
    wish["header"]["sender_uri"] = json!(listener.base);
    visitor.post(system, "/registry/subscribe", &wish).await;
    let answer = listener.hears(1).await.pop().unwrap().1;
    answer["message"]["subscribe_response"][0].clone()
}

#[actix_web::test]
async fn who_follows_a_registry_hears_of_people_who_come_with_a_file() {
    let trial = Trial::start(SYSTEMS, 300);
    for (system, event) in [
        ("beneficiary_registry", "enrollment"),
        ("disability_registry", "DisabledPerson"),
        ("employment_service", "REGISTER"),
        ("farmer_registry", "REGISTER"),
        ("social_registry", "REGISTER"),
    ] {
        let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
        let answer = subscribed(&visitor, &listener, system, event).await;
        assert_eq!(answer["status"], "succ", "{system}: {answer:#}");
        let file = newcomer(&trial, system).await;
        let (_, tried) = imported(&trial, system, "?dry_run=true", &file).await;
        assert_eq!(tried["problems"], json!([]), "{system}: {tried:#}");
        let (status, outcome) = imported(&trial, system, "", &file).await;
        assert_eq!((status, &outcome["entered"]), (200, &json!(1)), "{system}: {outcome:#}");
        let (path, notice) = listener.hears(2).await.pop().unwrap();
        assert_eq!(path, "/registry/notify", "{system}");
        let told = notice["message"]["notify_event"][0]["data"]["reg_records"].to_string();
        assert!(told.contains("9000000001"), "{system}: {told}");
        trial.hall().room.clock.idle().await;
        assert_eq!(listener.hears(2).await.len(), 2, "{system}: once, and not of a trial");
    }
}

#[actix_web::test]
async fn what_cannot_happen_to_a_household_cannot_be_subscribed_to() {
    let trial = Trial::start(SYSTEMS, 50);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let answer = subscribed(&visitor, &listener, "social_registry", "UPDATE").await;
    assert_eq!(answer["status_reason_code"], "rjct.notify_types.invalid", "{answer:#}");
    let told = answer["status_reason_message"].as_str().unwrap();
    assert!(told.contains("REGISTER"), "what would be right: {told}");
}
