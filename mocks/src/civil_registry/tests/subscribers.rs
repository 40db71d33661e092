//! Every event reaches its subscribers: at once where they are there, later where they were not.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{SYSTEMS, ada, hand_in, pass_days, uin};
use crate::kit::clock::Stopwatch;
use crate::kit::registry::listener::Listener;
use crate::kit::registry::visitor::{Visitor, envelope};
use crate::kit::trial::Trial;

/// Subscribes a listener outside the country to every event of a kind.
async fn subscribe(visitor: &Visitor<'_>, listener: &Listener, kind: &str) {
    let criteria = json!({"reg_event_type": kind, "filter_type": "expression",
        "filter": {"birth_date": {"ge": "1800-01-01"}}, "notify_record_type": "Person"});
    let item = json!({"reference_id": "R-1", "timestamp": "2026-10-01T08:00:00Z", "subscribe_criteria": criteria});
    let message = json!({"transaction_id": format!("T-{kind}"), "subscribe_request": [item]});
    let mut wish = envelope("subscribe", 1, &message);
    wish["header"]["sender_uri"] = json!(listener.base);
    wish["header"]["message_id"] = json!(format!("M-{kind}"));
    visitor.post("civil_registry", "/registry/subscribe", &wish).await;
    visitor.trial.hall().room.clock.idle().await;
}

fn told(notice: &(String, Value)) -> (&str, &Value) {
    let data = &notice.1["message"]["notify_event"][0]["data"];
    (data["reg_event_type"].as_str().unwrap(), &data["reg_records"])
}

#[actix_web::test]
async fn every_kind_of_event_reaches_a_subscriber_outside_within_a_second() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let kinds = ["LiveBirth", "Death", "Marriage", "Divorce", "Annulment"];
    for kind in kinds {
        subscribe(&visitor, &listener, kind).await;
    }
    assert_eq!(listener.hears(kinds.len()).await.len(), kinds.len());
    pass_days(&trial, 5);
    let couple = json!({"spouse1": uin(&trial, "nadia"), "spouse2": uin(&trial, "sami_oran"), "date": "2026-10-01"});
    let death = json!({"uin": uin(&trial, "tomas"), "date": "2026-10-05"});
    let watch = Stopwatch::start();
    let (_, died) = hand_in(&trial, "deaths", &death).await;
    assert_eq!(died["notices"], 1);
    let heard = listener.hears(6).await;
    assert!(watch.micros() < 1_000_000, "told after {} microseconds", watch.micros());
    let (kind, dead) = told(&heard[5]);
    assert_eq!((kind, dead["death_date"].as_str()), ("Death", Some("2026-10-05")));
    let annulment = json!({"registration_number": died["drn"], "reason": "wrong person"});
    let forms = [
        ("births", ada(&trial)),
        ("marriages", couple.clone()),
        ("divorces", couple),
        ("annulments", annulment),
    ];
    for (path, form) in forms {
        hand_in(&trial, path, &form).await;
        trial.hall().room.clock.idle().await;
    }
    let heard = listener.hears(12).await;
    let kinds: Vec<_> = heard[6..].iter().map(|notice| told(notice).0).collect();
    assert_eq!(kinds, ["LiveBirth", "Marriage", "Marriage", "Divorce", "Divorce", "Annulment"]);
    assert_eq!(told(&heard[6]).1["name"]["given_name"], "Ada");
    assert_eq!(told(&heard[11]).1["death_date"], Value::Null, "he is alive");
}

#[actix_web::test]
async fn a_subscriber_that_was_away_is_told_of_a_birth_when_it_is_back() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    subscribe(&visitor, &listener, "LiveBirth").await;
    listener.hears(1).await;
    let port = listener.stop().await;
    pass_days(&trial, 5);
    assert_eq!(hand_in(&trial, "births", &ada(&trial)).await.0, 201);
    trial.hall().room.clock.idle().await;
    let back = Listener::start_at(port);
    trial.hall().room.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(told(&back.hears(1).await[0]).0, "LiveBirth");
}
