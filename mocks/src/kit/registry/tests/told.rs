//! What others tell a registry: it is acknowledged where its header and its transaction are what they should be.

use serde_json::{Value, json};

use super::SYSTEMS;
use crate::kit::courier::Letter;
use crate::kit::registry::visitor::envelope;
use crate::kit::room::Policy;
use crate::kit::trial::Trial;
use crate::kit::trust::sign::{Dialect, seal};

fn told() -> Value {
    envelope("on-search", 1, &json!({"transaction_id": "T-1", "correlation_id": "C-1", "more": {}}))
}

async fn tell(trial: &Trial, path: &str, body: &Value) -> Value {
    trial.ask(Letter::post("civil_registry", path).json(body)).await.1
}

#[actix_web::test]
async fn only_a_message_of_the_standard_is_acknowledged() {
    let trial = Trial::start(SYSTEMS, 50);
    let right = tell(&trial, "/registry/on-search", &told()).await;
    assert_eq!(right["message"]["ack_status"], "ACK", "{right:#}");
    let mut unnamed = told();
    unnamed["header"].as_object_mut().unwrap().remove("sender_id");
    let right = tell(&trial, "/registry/on-search", &unnamed).await;
    assert_eq!(right["message"]["ack_status"], "ACK", "its header may be without: {right:#}");
    unnamed["header"]["action"] = json!("notify");
    let wrong = tell(&trial, "/registry/notify", &unnamed).await;
    assert_eq!(wrong["message"]["error"]["code"], "err.sender_id.invalid", "{wrong:#}");
    for (pointer, value, word) in [
        ("/message", json!({}), "transaction_id"),
        ("/message/transaction_id", json!("T".repeat(200)), "transaction_id"),
        ("/message/transaction_id", json!(["T-1"]), "transaction_id"),
        ("/header/action", json!("notify"), "action"),
        ("/header/version", json!("9"), "version"),
        ("/header/version", json!("1.garbage"), "version"),
        ("/header/message_ts", json!("yesterday"), "yesterday"),
        ("/header/message_id", json!(""), "message_id"),
        ("/header/sender_id", json!(" "), "sender_id"),
    ] {
        let mut body = told();
        *body.pointer_mut(pointer).unwrap() = value;
        let answer = tell(&trial, "/registry/on-search", &body).await;
        assert_eq!(answer["message"]["ack_status"], "ERR", "{pointer}: {answer:#}");
        let sentence = answer["message"]["error"]["message"].as_str().unwrap();
        assert!(sentence.contains(word), "{sentence}");
    }
    let mut other = told();
    other["header"]["action"] = json!("lookup");
    let url = format!("{}/crvs/on-search", trial.running.base);
    let letter = Letter::to_address(http::Method::POST, &url).json(&other);
    let (_, forgiven) = trial.ask(letter).await;
    assert_eq!(forgiven["message"]["ack_status"], "ACK", "{forgiven:#}");
}

#[actix_web::test]
async fn a_strict_room_hears_a_message_once() {
    let trial = Trial::start(SYSTEMS, 50);
    trial.hall().room.set_policy(Policy::Strict).unwrap();
    let mut body = told();
    body["header"]["sender_id"] = json!("social-registry.arenoa");
    let office = trial.office("social_registry");
    let send = async |body: &Value| {
        let sealed = seal(&office, Dialect::default(), &body["header"], &body["message"]).unwrap();
        let letter = Letter::post("civil_registry", "/registry/on-search");
        let letter = letter.bytes("application/json", sealed);
        trial.ask(letter).await.1["message"]["ack_status"].clone()
    };
    assert_eq!((send(&body).await, send(&body).await), (json!("ACK"), json!("ERR")));
    body["header"]["message_id"] = json!("M-2");
    body["header"]["receiver_id"] = json!("farmer-registry.arenoa");
    assert_eq!(send(&body).await, "ERR");
}

#[actix_web::test]
async fn whoever_is_not_let_in_learns_how() {
    let trial = Trial::start(SYSTEMS, 50);
    for path in ["/registry/search", "/registry/sync/search"] {
        let url = format!("{}/civil-registry{path}", trial.running.base);
        let letter = Letter::to_address(http::Method::POST, &url);
        let body = crate::kit::registry::visitor::search(&[]);
        let reply = trial.send(letter.json(&body)).await;
        assert_eq!((reply.status, reply.header("www-authenticate")), (401, Some("Bearer")));
    }
}
