//! The descriptions, as a developer meets them: each example sent, each reference followed.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::operation::{Operation, Sample, Token};
use super::routes::described;
use crate::ALL;
use crate::kit::control;
use crate::kit::courier::Letter;
use crate::kit::openapi::document;
use crate::kit::system::System;
use crate::kit::trial::Trial;

/// Every operation of `system`: where it begins, and what it is.
fn operations(system: &System) -> Vec<(String, Operation)> {
    let mut all = Vec::new();
    let mounts = [(format!("/{}", system.mount()), system.routes)].into_iter();
    let roots = system.at_root.iter().map(|(prefix, lay)| ((*prefix).to_owned(), *lay));
    for (prefix, lay) in mounts.chain(roots) {
        let laid = described(system.name, lay).operations;
        all.extend(laid.into_iter().map(|operation| (prefix.clone(), operation)));
    }
    // The control interface is the same everywhere; one system shows it.
    if system.name == "civil_registry" {
        let laid = described(system.name, control::system_routes).operations;
        all.extend(laid.into_iter().map(|operation| (format!("/{}", system.mount()), operation)));
    }
    all
}

async fn token(trial: &Trial, path: &str) -> String {
    let form = "grant_type=client_credentials&client_id=demo&client_secret=demo";
    let letter = letter_to(trial, "POST", path).bytes("application/x-www-form-urlencoded", form);
    let (status, answer) = trial.ask(letter).await;
    assert_eq!(status, 200, "{answer}");
    answer["access_token"].as_str().unwrap().to_owned()
}

fn letter_to(trial: &Trial, method: &str, path: &str) -> Letter {
    Letter::to_address(method.parse().unwrap(), &format!("{}{path}", trial.running.base))
}

async fn letter(trial: &Trial, prefix: &str, sample: &Sample<'_>) -> Letter {
    let mut letter = letter_to(trial, sample.method.as_str(), &format!("{prefix}{}", sample.path));
    for (name, value) in &sample.headers {
        letter = letter.header(name, value);
    }
    let own = match sample.token {
        None => None,
        Some(Token::Country) => Some(String::from("/oauth2/client/token")),
        Some(Token::Own(path)) => Some(format!("{prefix}{path}")),
    };
    if let Some(path) = own {
        letter = letter.header("authorization", &format!("Bearer {}", token(trial, &path).await));
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
    let (mut wrong, mut sent) = (Vec::new(), 0);
    for system in ALL {
        for (prefix, operation) in operations(system) {
            let sample = operation.sample();
            if sample.path.ends_with("/_arenoa/reset") {
                continue;
            }
            let what = format!("{} {prefix}{}", sample.method, sample.path);
            let (status, answer) = trial.ask(letter(&trial, &prefix, &sample).await).await;
            sent += 1;
            let told = match sample.needs {
                // What must come before is missing, so it is refused, in so many words.
                Some(_) => status < 500,
                None => status == operation.first_status(),
            };
            if !told {
                wrong.push(format!("{what}: {status} {answer}"));
            }
        }
        trial.hall().reset().await.unwrap();
    }
    assert!(
        wrong.is_empty(),
        "{} of {sent} examples do not work:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
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
    let mut wrong = Vec::new();
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
                    let errors = validator.iter_errors(&body["example"]);
                    wrong.extend(errors.map(|e| format!("{} {method} {path}: {e}", system.name)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_served_and_not_described_says_why() {
    for system in ALL {
        let laid = [system.routes].into_iter().chain(system.at_root.iter().map(|(_, lay)| *lay));
        for aside in laid.flat_map(|lay| described(system.name, lay).asides) {
            assert_ne!(aside.why, "", "{}: {}", system.name, aside.what);
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
