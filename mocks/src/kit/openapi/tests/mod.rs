//! The descriptions, as a developer meets them.

mod answers;
mod examples;
pub(in crate::kit) mod promises;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::document;
use super::routes::described;
use crate::ALL;
use crate::kit::courier::Letter;
use crate::kit::trial::Trial;

/// Looks at every operation of every system: the document, what it is called, and it.
fn each(mut look: impl FnMut(&Value, &str, &Value)) {
    for system in ALL {
        let document = document(system, "/base", "");
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                look(&document, &format!("{} {method} {path}", system.name), operation);
            }
        }
    }
}

/// A schema that stands in `document`, with what it refers to.
fn schema(document: &Value, schema: &Value) -> Option<jsonschema::Validator> {
    let mut schema = schema.clone();
    schema.as_object_mut()?.insert("components".into(), document["components"].clone());
    Some(jsonschema::validator_for(&schema).unwrap())
}

/// The schema of OpenAPI 3.1 that the OpenAPI Initiative publishes (2021-04-15, Apache-2.0).
#[test]
fn every_description_is_openapi() {
    let published = include_str!("../../../../tests/fixtures/openapi/3.1.json");
    let published: Value = serde_json::from_str(published).unwrap();
    let validator = jsonschema::validator_for(&published).unwrap();
    for system in ALL {
        let document = document(system, "/base", "/r/room");
        let wrong: Vec<_> = validator
            .iter_errors(&document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{}: {wrong:#?}", system.name);
    }
}

#[test]
fn no_schema_is_a_bare_truth_value_which_generators_of_clients_do_not_know() {
    fn schemas(value: &Value, found: &mut Vec<Value>) {
        let Value::Object(members) = value else {
            return value.as_array().into_iter().flatten().for_each(|item| schemas(item, found));
        };
        for (name, member) in members {
            match name.as_str() {
                "schema" | "items" => found.push(member.clone()),
                "properties" => found.extend(member.as_object().unwrap().values().cloned()),
                "example" | "examples" | "default" => continue,
                _ => {}
            }
            schemas(member, found);
        }
    }
    for system in ALL {
        let mut found = Vec::new();
        schemas(&document(system, "/base", ""), &mut found);
        assert!(!found.is_empty() && !found.contains(&json!(true)), "{}", system.name);
    }
}

#[test]
fn every_reference_leads_somewhere() {
    for system in ALL {
        let document = document(system, "/base", "");
        let text = document.to_string();
        for rest in text.split("\"$ref\":\"").skip(1) {
            let target = rest.split('"').next().unwrap().strip_prefix('#').unwrap();
            assert!(document.pointer(target).is_some(), "{}: {target} leads nowhere", system.name);
        }
    }
}

#[test]
fn every_operation_has_a_name_of_its_own_and_says_what_it_is_for() {
    let mut names = BTreeSet::new();
    each(|document, what, operation| {
        let name = (document["info"]["title"].to_string(), operation["operationId"].to_string());
        assert!(names.insert(name), "{what}: another operation is called so");
        assert!(operation["summary"].as_str().unwrap().len() > 5, "{what}");
        for (status, response) in operation["responses"].as_object().unwrap() {
            let said = &response["description"];
            assert!(status == "default" || said.as_str().is_some_and(|s| !s.is_empty()), "{what}");
        }
    });
}

#[test]
fn every_type_of_a_description_has_a_name_of_its_own() {
    for system in ALL {
        let document = document(system, "/base", "");
        for name in document["components"]["schemas"].as_object().unwrap().keys() {
            // The second of two types of one name gets a number.
            assert!(!name.ends_with(|c: char| c.is_ascii_digit()), "{}: {name}", system.name);
        }
    }
}

#[test]
fn the_names_in_a_path_are_its_parameters() {
    each(|_, what, operation| {
        let named: BTreeSet<&str> =
            what.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let all: Vec<_> =
            parameters.map(|p| (p["in"].as_str().unwrap(), p["name"].as_str().unwrap())).collect();
        assert_eq!(
            all.iter().collect::<BTreeSet<_>>().len(),
            all.len(),
            "{what}: one stands twice"
        );
        let said: BTreeSet<&str> =
            all.iter().filter(|(place, _)| *place == "path").map(|(_, name)| *name).collect();
        assert_eq!(said, named, "{what}");
    });
}

#[test]
fn every_example_has_the_shape_that_it_is_an_example_of() {
    let mut wrong = Vec::new();
    each(|document, what, operation| {
        let content = operation["requestBody"]["content"].as_object();
        for body in content.into_iter().flat_map(|content| content.values()) {
            let Some(validator) = schema(document, &body["schema"]) else { continue };
            let errors = validator.iter_errors(&body["example"]);
            wrong.extend(errors.map(|e| format!("{what}: {} {e}", e.instance_path())));
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_served_and_is_no_operation_says_why() {
    for system in ALL {
        let laid = [system.routes].into_iter().chain(system.at_root.iter().map(|(_, lay)| *lay));
        for aside in laid.flat_map(|lay| described(system, lay).asides) {
            assert_ne!(aside.why, "", "{}: {}", system.name, aside.what);
        }
    }
}

#[actix_web::test]
async fn a_system_describes_itself_where_it_stands_and_nobody_sees_that_on_the_stage() {
    let trial = Trial::start(ALL, 50);
    let (status, document) = trial.ask(Letter::get("messenger", "/openapi.json")).await;
    assert_eq!((status, &document["openapi"]), (200, &json!("3.1.1")));
    let base = format!("{}/messenger", trial.running.base);
    assert_eq!(
        document["servers"][0]["url"], base,
        "whole, so that no client must put it together"
    );
    let sms = &document["paths"]["/sms"]["post"];
    assert_eq!(sms["summary"], "Delivers a text message");
    let schema = &sms["requestBody"]["content"]["application/json"]["schema"]["$ref"];
    let schema = document.pointer(schema.as_str().unwrap().strip_prefix('#').unwrap()).unwrap();
    assert_eq!(schema["required"], json!(["to", "text"]));
    let journal = trial.journal().await;
    assert!(journal.iter().all(|entry| !entry.path.ends_with("/openapi.json")));
}

#[test]
fn a_system_in_a_room_is_called_in_that_room() {
    let civil = ALL.iter().find(|system| system.name == "civil_registry").unwrap();
    let document = document(civil, "/r/blue/civil-registry", "/r/blue");
    assert_eq!(document["servers"][0]["url"], "/r/blue/civil-registry");
    let official = &document["paths"]["/crvs/sync/search"]["post"];
    assert_eq!(official["servers"][0]["url"], "/r/blue");
    let flow = &document["components"]["securitySchemes"]["country"]["flows"]["clientCredentials"];
    assert_eq!(flow["tokenUrl"], "/r/blue/oauth2/client/token");
}
