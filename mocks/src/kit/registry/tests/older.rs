//! Readers of v1.0.0 records: they say so in `Accept`, or a setting says it for them.

use http::Method;
use serde_json::{Value, json};

use super::conformance::{SYSTEMS, known_to, texts};
use super::later::{answered_at, die, subscribe};
use crate::kit::courier::Letter;
use crate::kit::registry::listener::Listener;
use crate::kit::registry::visitor::{Visitor, search};
use crate::kit::trial::Trial;

const PROFILE: &str = "application/json; profile=\"https://schema.spdci.org/v1.0.0\"";

fn about(system: &str, uin: &str) -> Value {
    let mut asked = json!({"query_type": "idtype-value", "query": {"type": "UIN", "value": uin}});
    if system == "social_registry" {
        asked["reg_record_type"] = "Group".into();
    }
    search(&[asked])
}

/// Asks as a reader of v1.0.0, and gives the first record.
async fn older(visitor: &Visitor<'_>, system: &str, uin: &str) -> Value {
    let letter = Letter::post(system, "/registry/sync/search").json(&about(system, uin));
    let letter = visitor.signed_in(letter.header("accept", PROFILE));
    let (_, answer) = visitor.trial.ask(letter).await;
    answer["message"]["search_response"][0]["data"]["reg_records"][0].clone()
}

#[actix_web::test]
async fn a_reader_of_v1_is_answered_in_its_spelling_and_others_are_not() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let uin = visitor.uin("otto");
    let civil = older(&visitor, "civil_registry", &uin).await;
    assert_eq!(civil["identifier"]["identifier_value"], uin, "{civil:#}");
    assert!(civil["address"]["address_line1"].is_string() && civil["marriage_date"].is_string());
    let social = older(&visitor, "social_registry", &uin).await;
    assert!(social["place"]["name"].is_string() && social["geographical_location"].is_null());
    assert_eq!(social["group_type"], "household");
    let ibr = older(&visitor, "beneficiary_registry", &uin).await;
    assert!(ibr["member"]["demographic_info"]["person"]["name"]["first_name"].is_string());
    assert_eq!(ibr["programme_identifier"]["enrolment_status"], "Active", "{ibr:#}");
    let (_, modern) = visitor
        .post("civil_registry", "/registry/sync/search", &about("civil_registry", &uin))
        .await;
    let record = &modern["message"]["search_response"][0]["data"]["reg_records"][0];
    assert!(record["identifier"].is_array());
}

#[actix_web::test]
async fn callbacks_and_notices_keep_the_spelling_that_was_asked_for() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let uin = visitor.uin("otto");
    for (path, body) in [
        ("/registry/search", about("civil_registry", &uin)),
        ("/registry/subscribe", subscribe(&uin)),
    ] {
        let letter = Letter::post("civil_registry", path).json(&answered_at(body, &listener.base));
        trial.send(visitor.signed_in(letter.header("accept", PROFILE))).await;
        trial.hall().room.clock.idle().await;
    }
    assert_eq!(die(&trial, &uin).await, 201);
    let heard = listener.hears(3).await;
    let found = &heard[0].1["message"]["search_response"][0]["data"]["reg_records"][0];
    let told = &heard[2].1["message"]["notify_event"][0]["data"]["reg_records"];
    for record in [found, told] {
        assert_eq!(record["identifier"]["identifier_value"], uin, "{record:#}");
    }
}

#[actix_web::test]
async fn a_setting_speaks_for_a_reader_that_cannot() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let set = json!({"peer": "demo", "records": "v1.0.0"});
    let letter = Letter::to("civil_registry", Method::PUT, "/_arenoa/peers").json(&set);
    assert_eq!(trial.ask(letter).await.0, 200);
    let uin = visitor.uin("otto");
    let found = visitor.find("civil_registry", "UIN", &uin).await;
    assert_eq!(found["data"]["reg_records"][0]["identifier"]["identifier_value"], uin);
}

/// What kind of JSON value this is, as far as a reader cares.
fn shape(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "object",
        Value::Array(_) => "array",
        _ => "plain",
    }
}

/// Members that both have but in another shape, and how many both have.
fn compared(path: &str, example: &Value, ours: &Value, common: &mut usize) -> Vec<String> {
    let (Some(example), Some(ours)) = (example.as_object(), ours.as_object()) else {
        return Vec::new();
    };
    let mut different = Vec::new();
    for (name, value) in ours {
        // An empty text stands for what the example leaves out.
        let told = |published: &&Value| !name.starts_with('@') && **published != "";
        let Some(published) = example.get(name).filter(told) else { continue };
        *common += 1;
        let path = format!("{path}.{name}");
        if shape(value) == shape(published) {
            let first = |value: &Value| value.get(0).unwrap_or(value).clone();
            different.extend(compared(&path, &first(published), &first(value), common));
        } else {
            different.push(format!("{path}: {} and not {}", shape(value), shape(published)));
        }
    }
    different
}

#[actix_web::test]
async fn older_records_have_the_shape_of_the_published_examples() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    for (text, system) in texts() {
        let ours = older(&visitor, system, &visitor.uin(known_to(system))).await;
        let mut common = 0;
        let different = compared("record", &text.example_record(), &ours, &mut common);
        assert!(different.is_empty(), "{system}: {different:#?}\n{ours:#}");
        assert!(common >= 5, "{system} has {common} members of the example: {ours:#}");
    }
}
