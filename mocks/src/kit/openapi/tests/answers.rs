//! What the descriptions say of answers.

use http::Method;
use serde_json::{Value, json};

use super::{each, schema};
use crate::ALL;
use crate::kit::courier::Letter;
use crate::kit::openapi::document;
use crate::kit::trial::Trial;

/// Systems of which some answers are still described as any JSON; no other may do so, and none may come to this list.
const NOT_YET: [&str; 10] = [
    "account_mapper",
    "civil_registry",
    "greenbank",
    "identity",
    "messenger",
    "payment_hub",
    "payment_switch",
    "pinkbank",
    "programme_office",
    "treasury",
];

/// Whether a schema says nothing at all.
fn is_any(schema: &Value) -> bool {
    let says = |name: &String| !matches!(name.as_str(), "title" | "description");
    schema.as_object().is_none_or(|members| !members.keys().any(says))
}

#[test]
fn every_answer_is_described_by_its_shape() {
    let mut found = Vec::new();
    each(|_, what, operation| {
        let (system, rest) = what.split_once(' ').unwrap();
        if NOT_YET.contains(&system) && !rest.contains("_arenoa") {
            return;
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            let schema = &response["content"]["application/json"]["schema"];
            if response["content"]["application/json"].is_object() && is_any(schema) {
                found.push(format!("{what} {status}"));
            }
        }
    });
    assert!(found.is_empty(), "these are described as any JSON:\n{}", found.join("\n"));
}

/// Asks the messenger, and holds the answer against what its description says of this status.
async fn fits(trial: &Trial, method: &str, path: &str, body: Option<Value>, status: u16) {
    let messenger = ALL.iter().find(|system| system.name == "messenger").unwrap();
    let document = document(messenger, "/messenger", "");
    let mut letter = Letter::to("messenger", method.parse::<Method>().unwrap(), path);
    if let Some(body) = body {
        letter = letter.json(&body);
    }
    let (came, answer) = trial.ask(letter).await;
    assert_eq!(came, status, "{method} {path}: {answer}");
    let route = path.split('?').next().unwrap();
    let said = &document["paths"][route][method.to_ascii_lowercase()]["responses"];
    let said = &said[status.to_string()]["content"]["application/json"]["schema"];
    let wrong: Vec<_> =
        schema(&document, said).unwrap().iter_errors(&answer).map(|e| e.to_string()).collect();
    assert!(wrong.is_empty(), "{method} {path} {status}: {wrong:?}\n{answer}");
}

#[actix_web::test]
async fn what_every_system_answers_fits_also_when_there_is_something_to_tell() {
    let trial = Trial::start(ALL, 50);
    let sms = json!({"to": "+99912340001", "text": "Good morning"});
    trial.ask(Letter::post("messenger", "/sms").json(&sms)).await;
    let fits = |method, path, body, status| fits(&trial, method, path, body, status);
    fits("GET", "/_arenoa/messages", None, 200).await;
    fits("GET", "/_arenoa/messages/wait?action=sms", None, 200).await;
    fits("GET", "/_arenoa/messages/wait?action=nothing&timeout_ms=1", None, 404).await;
    let expected = json!({"where": {"action": "POST /sms"}, "count": 2});
    fits("POST", "/_arenoa/messages/verify", Some(expected), 409).await;
    for fault in [
        json!({"kind": "late", "delay_ms": 1, "on": "POST /sms", "times": 1}),
        json!({"kind": "duplicating", "on": "POST /sms"}),
    ] {
        fits("POST", "/_arenoa/faults", Some(fault), 200).await;
    }
    fits("GET", "/_arenoa/faults", None, 200).await;
    let manners = json!({"peer": "a", "signature": "jws-es256", "encrypt": true});
    fits("PUT", "/_arenoa/peers", Some(manners), 200).await;
    fits("GET", "/_arenoa/peers", None, 200).await;
    fits("GET", "/_arenoa/state", None, 200).await;
}
