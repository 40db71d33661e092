//! What waits for somebody who is away: it comes in the order in which it happened, each under one name.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::SYSTEMS;
use super::later::{answered_at, die, subscribe};
use super::listener::Listener;
use crate::kit::clock::pause;
use crate::kit::registry::archive;
use crate::kit::registry::visitor::Visitor;
use crate::kit::retry::MOST_ATTEMPTS;
use crate::kit::trial::Trial;

/// Has `listener` told of every death.
async fn follow_all_deaths(visitor: &Visitor<'_>, listener: &Listener) {
    let mut wish = answered_at(subscribe("1"), &listener.base);
    let criteria = &mut wish["message"]["subscribe_request"][0]["subscribe_criteria"];
    criteria["filter_type"] = json!("expression");
    criteria["filter"] = json!({"age": {"ge": 0}});
    visitor.post("civil_registry", "/registry/subscribe", &wish).await;
    listener.hears(1).await;
    visitor.trial.hall().room.clock.idle().await;
}

#[actix_web::test]
async fn who_waits_behind_somebody_given_up_is_tried_once() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    follow_all_deaths(&visitor, &listener).await;
    listener.takes(0);
    for name in ["tomas", "grace", "daniel"] {
        assert_eq!(die(&trial, &visitor.uin(name)).await, 201);
        trial.hall().room.clock.idle().await;
    }
    let open = || archive::all_under_way(&trial.office("civil_registry").store).unwrap().len();
    for _ in 0..MOST_ATTEMPTS {
        assert_eq!(open(), 3);
        trial.hall().room.clock.advance(SignedDuration::from_hours(2));
        pause(Duration::from_millis(20)).await;
        trial.hall().room.clock.idle().await;
        if open() < 3 {
            break;
        }
    }
    assert_eq!(open(), 0);
}

#[actix_web::test]
async fn notices_come_in_their_order_and_under_one_name_each() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    follow_all_deaths(&visitor, &listener).await;
    listener.takes(0);
    let dying = ["tomas", "grace", "daniel"].map(|name| visitor.uin(name));
    for uin in &dying {
        assert_eq!(die(&trial, uin).await, 201);
        trial.hall().room.clock.idle().await;
        // The wait of the first is nearly over when the next happens.
        trial.hall().room.clock.advance(SignedDuration::from_secs(29));
    }
    trial.hall().room.clock.idle().await;
    listener.takes(9);
    trial.hall().room.clock.advance(SignedDuration::from_hours(2));
    let heard = listener.hears(4).await;
    let died: Vec<_> = heard[1..]
        .iter()
        .map(|(_, body)| &body["message"]["notify_event"][0]["data"]["reg_records"])
        .map(|record| record["identifier"][0]["identifier_value"].as_str().unwrap())
        .collect();
    assert_eq!(died, dying);
    let mut names: Vec<Value> = Vec::new();
    for entry in trial.journal().await.iter().filter(|e| e.path.ends_with("/registry/notify")) {
        let body: Value = serde_json::from_str(&entry.body).unwrap_or_default();
        names.extend(Some(body["header"]["message_id"].clone()).filter(Value::is_string));
    }
    assert!(names.len() > 3, "the first was tried before");
    names.dedup();
    assert_eq!(names.len(), 3, "{names:?}");
}
