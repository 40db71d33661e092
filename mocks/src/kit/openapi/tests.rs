//! The descriptions, as a developer meets them: each example sent, each reference followed.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::operation::{Operation, Sample};
use super::routes::described;
use crate::ALL;
use crate::kit::control;
use crate::kit::courier::Letter;
use crate::kit::openapi::document;
use crate::kit::system::System;
use crate::kit::trial::Trial;

/// Every operation that `system` lays at its mount.
fn operations(system: &System) -> Vec<Operation> {
    let mut all = described(system.routes);
    all.extend(described(control::system_routes));
    all
}

async fn token(trial: &Trial) -> String {
    let form = "grant_type=client_credentials&client_id=demo&client_secret=demo";
    let letter = Letter::post("gateway", "/oauth2/client/token")
        .bytes("application/x-www-form-urlencoded", form);
    let (status, answer) = trial.ask(letter).await;
    assert_eq!(status, 200, "{answer}");
    answer["access_token"].as_str().unwrap().to_owned()
}

fn letter(system: &str, sample: &Sample<'_>, token: &str) -> Letter {
    let mut letter = Letter::to(system, sample.method.as_str().parse().unwrap(), &*sample.path);
    for (name, value) in &sample.headers {
        letter = letter.header(name, value);
    }
    if sample.token {
        letter = letter.header("authorization", &format!("Bearer {token}"));
    }
    match sample.body {
        None => letter,
        Some(("application/json", body)) => letter.json(body),
        Some((media, Value::Object(fields))) if media.contains("form") => {
            let pairs =
                fields.iter().map(|(k, v)| format!("{k}={}", v.as_str().unwrap_or_default()));
            letter.bytes("application/x-www-form-urlencoded", pairs.collect::<Vec<_>>().join("&"))
        }
        Some((media, body)) => {
            letter.bytes(media, body.as_str().map_or_else(|| body.to_string(), str::to_owned))
        }
    }
}

#[actix_web::test]
async fn every_example_works_as_it_stands_against_a_fresh_country() {
    let trial = Trial::start(ALL, 300);
    let token = token(&trial).await;
    let mut wrong = Vec::new();
    for system in ALL {
        for operation in operations(system) {
            let sample = operation.sample();
            if sample.needs.is_some() || sample.path.ends_with("/_arenoa/reset") {
                continue;
            }
            let (status, answer) = trial.ask(letter(system.name, &sample, &token)).await;
            if status != operation.first_status() {
                let what = format!("{} {} {}", system.name, sample.method, sample.path);
                wrong.push(format!("{what}: {status} {answer}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} examples do not work:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_reference_leads_somewhere_and_every_operation_has_a_name_of_its_own() {
    for system in ALL {
        let document = document(system, "/base", "");
        let text = document.to_string();
        for rest in text.split("\"$ref\":\"").skip(1) {
            let target = rest.split('"').next().unwrap().strip_prefix('#').unwrap();
            assert!(document.pointer(target).is_some(), "{}: {target} leads nowhere", system.name);
        }
        let mut names = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let name = operation["operationId"].as_str().unwrap();
                assert!(names.insert(name.to_owned()), "{}: {method} {path}", system.name);
                assert_ne!(operation["summary"], "", "{}: {method} {path}", system.name);
            }
        }
    }
}

#[test]
fn every_example_has_the_shape_that_it_is_an_example_of() {
    for system in ALL {
        let document = document(system, "", "");
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let Some(content) = operation["requestBody"]["content"].as_object() else {
                    continue;
                };
                for body in content.values() {
                    let mut schema = body["schema"].clone();
                    if !schema.is_object() {
                        continue;
                    }
                    schema["components"] = document["components"].clone();
                    let validator = jsonschema::validator_for(&schema).unwrap();
                    let errors: Vec<_> =
                        validator.iter_errors(&body["example"]).map(|e| e.to_string()).collect();
                    assert!(errors.is_empty(), "{} {method} {path}: {errors:?}", system.name);
                }
            }
        }
    }
}

#[actix_web::test]
async fn a_system_describes_itself_where_it_stands() {
    let trial = Trial::start(ALL, 50);
    let (status, document) = trial.ask(Letter::get("messenger", "/openapi.json")).await;
    assert_eq!((status, &document["openapi"]), (200, &json!("3.1.1")));
    assert_eq!(document["servers"][0]["url"], "/messenger");
    let sms = &document["paths"]["/sms"]["post"];
    assert_eq!(sms["summary"], "Delivers a text message");
    let schema = &sms["requestBody"]["content"]["application/json"]["schema"]["$ref"];
    let schema = document.pointer(schema.as_str().unwrap().strip_prefix('#').unwrap()).unwrap();
    assert_eq!(schema["required"], json!(["to", "text"]));
}
