//! Every endpoint of every registry, in both families, held against the published OpenAPI texts.

use serde_json::{Value, json};

use super::held::answers_hold;
use super::later::{answered_at, die, status, subscribe, unsubscribe};
pub(super) use super::texts::texts;
use super::texts::{DESCRIBED, Text};
use crate::kit::courier::Letter;
use crate::kit::journal::Kind;
use crate::kit::registry::listener::Listener;
use crate::kit::registry::visitor::{Visitor, envelope, search};
use crate::kit::trial::Trial;

pub(super) const SYSTEMS: &[crate::kit::system::System] = &[
    crate::beneficiary_registry::SYSTEM,
    crate::civil_registry::SYSTEM,
    crate::disability_registry::SYSTEM,
    crate::farmer_registry::SYSTEM,
    crate::social_registry::SYSTEM,
    crate::gateway::SYSTEM,
];

fn by(kind: &str, value: &str) -> Value {
    json!({"query_type": "idtype-value", "query": {"type": kind, "value": value}})
}

/// Somebody whom the registry knows.
pub(super) fn known_to(system: &str) -> &'static str {
    match system {
        "disability_registry" => "daniel",
        "farmer_registry" => "ama",
        _ => "otto",
    }
}

/// A subscription that the text of `system` allows.
fn wish(system: &str, uin: &str) -> Value {
    let mut wish = subscribe(uin);
    let criteria = &mut wish["message"]["subscribe_request"][0]["subscribe_criteria"];
    (criteria["reg_event_type"], criteria["notify_record_type"]) = match system {
        "civil_registry" => (json!("Death"), json!("Person")),
        "social_registry" => (json!("REGISTER"), json!("Group")),
        "disability_registry" => (json!("REGISTER"), json!("DisabledPerson")),
        "farmer_registry" => (json!("REGISTER"), json!("Farmer")),
        _ => (json!("enrollement"), json!("Beneficiary")),
    };
    wish
}

/// Every synchronous request of the standard.
fn synchronous(uin: &str) -> Vec<(&'static str, Value)> {
    let mut paged = by("UIN", uin);
    paged["pagination"] = json!({"page_size": 2, "page_number": 1});
    paged["sort"] = json!([{"attribute_name": "birth_date", "sort_order": "asc"}]);
    let predicate = json!({"query_type": "predicate", "query": [{"seq_num": 1, "expression1":
        {"attribute_name": "birth_date", "operator": "gt", "attribute_value": "2020-01-01"}}]});
    let expression = json!({"query_type": "expression", "query": {"type": "ns:org:QueryType:NoSql",
        "value": {"expression": {"collection": "Person", "query": {"$and": [{"birth_date": {"$gte": "2026-01-01"}}]}}}}});
    let states = ["search", "subscribe"]
        .map(|kind| ("/sync/txn/status", status(kind, "transaction_id", &json!("T-1"))));
    let asked = search(&[paged, predicate, expression]);
    [("/sync/search", asked)].into_iter().chain(states).collect()
}

/// Every asynchronous request of the standard.
fn asynchronous(system: &str, uin: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("/search", search(&[by("UIN", uin), by("UIN", "0")])),
        ("/subscribe", wish(system, uin)),
        ("/unsubscribe", unsubscribe("SUB-000001")),
        ("/txn/status", status("search", "reference_id_list", &json!(["R-1"]))),
        ("/txn/status", status("subscribe", "transaction_id", &json!("T-9"))),
        ("/txn/status", status("subscribe", "transaction_id", &json!("T-none"))),
    ]
}

fn holds(text: &Text, path: &str, body: &Value) {
    let wrong = text.request(path, body);
    assert!(wrong.is_empty(), "{} {path}: {wrong:#?}\n{body:#}", text.name);
}

#[actix_web::test]
async fn every_exchange_of_both_families_is_what_the_texts_describe() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    for (text, system) in texts() {
        let (_, _, prefix) = DESCRIBED.into_iter().find(|(_, s, _)| *s == system).unwrap();
        let uin = visitor.uin(known_to(system));
        let later = asynchronous(system, &uin);
        let later = later.into_iter().map(|(path, body)| (path, answered_at(body, &listener.base)));
        for (path, body) in later.chain(synchronous(&uin)) {
            holds(text, &format!("/registry{path}"), &body);
            let (status, answer) = visitor.post(system, &format!("/registry{path}"), &body).await;
            assert_eq!(status, 200, "{path}: {answer:#}");
            let url = format!("{}{prefix}{path}", trial.running.base);
            let official = Letter::to_address(http::Method::POST, &url);
            assert_eq!(trial.ask(official.clone().json(&body)).await.0, 200, "{path}");
            assert_eq!(trial.ask(official).await.0, 200, "a probe of {path}");
            trial.hall().room.clock.idle().await;
            for wrong in [json!({}), json!({"header": {}, "message": 5})] {
                visitor.post(system, &format!("/registry{path}"), &wrong).await;
            }
            let unsigned = Letter::post(system, format!("/registry{path}")).json(&body);
            assert_eq!(trial.ask(unsigned).await.0, 401, "{path} wants a token");
        }
    }
    assert_eq!(die(&trial, &visitor.uin("otto")).await, 201);
    trial.hall().room.clock.idle().await;
    let held = answers_hold(&trial).await;
    assert!(held == 0 || held > 250, "{held} messages were held against the texts");
}

#[actix_web::test]
async fn a_question_after_a_transaction_is_refused_in_the_form_of_the_texts() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    for (_, system) in texts() {
        for kind in ["search", "subscribe", "unsubscribe", "on-search", "foo"] {
            // Two of the texts know of no such question.
            let unknown = ["social_registry", "beneficiary_registry"].contains(&system);
            if kind == "unsubscribe" && unknown {
                continue;
            }
            for version in ["1.0.0", "2.0.0"] {
                let mut asked = status(kind, "transaction_id", &json!("T".repeat(200)));
                asked["header"]["version"] = json!(version);
                visitor.post(system, "/registry/sync/txn/status", &asked).await;
            }
        }
    }
    answers_hold(&trial).await;
}

#[actix_web::test]
async fn what_a_registry_delivers_is_taken_by_another() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let uin = visitor.uin("grace");
    let mut told = Vec::new();
    for (path, body) in asynchronous("civil_registry", &uin) {
        let base = format!("{}/social-registry", trial.running.base);
        visitor
            .post("civil_registry", &format!("/registry{path}"), &answered_at(body, &base))
            .await;
        trial.hall().room.clock.idle().await;
    }
    visitor
        .post(
            "civil_registry",
            "/registry/subscribe",
            &answered_at(
                wish("civil_registry", &uin),
                &format!("{}/social-registry", trial.running.base),
            ),
        )
        .await;
    trial.hall().room.clock.idle().await;
    assert_eq!(die(&trial, &uin).await, 201);
    trial.hall().room.clock.idle().await;
    for entry in trial.journal().await {
        let answers = entry.kind == Kind::Answer && entry.action.starts_with("POST");
        if answers && entry.from == "social_registry" && entry.to == "civil_registry" {
            assert_eq!(entry.status, 200, "{}: {}", entry.action, entry.body);
            told.push(entry.action.trim_start_matches("POST /registry/").to_owned());
        }
    }
    told.sort();
    told.dedup();
    let all = ["notify", "on-search", "on-subscribe", "on-unsubscribe", "txn/on-status"];
    assert_eq!(told, all);
    answers_hold(&trial).await;
}

#[actix_web::test]
async fn the_extras_of_the_beneficiary_registry_are_what_its_text_describes() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let Some((text, system)) = texts().into_iter().find(|(text, _)| text.name == "ibr") else {
        return;
    };
    let query = json!({"person_identifier": {"eq": visitor.uin("otto")}, "programme_identifier": {"eq": "CPF"}});
    let criteria = json!({"query_type": "expression", "response_entity": "Member", "query": query});
    let asked =
        envelope("search", 1, &json!({"transaction_id": "T", "enrolled_criteria": criteria}));
    let beneficiary = json!({"member": {"member_identifier": [{"identifier_type": "UIN", "identifier_value": "1"}]},
        "programme_identifier": [{"programme_identifier": "OAP"}], "enrollment_status": "1"});
    let message =
        json!({"transaction_id": "T", "enrolled_updates": {"beneficiaries": [beneficiary, {}]}});
    let mut told = envelope("notify", 2, &message);
    told["header"]["status"] = json!("succ");
    for (path, body) in
        [("/registry/sync/enrolled", asked), ("/registry/sync/enrollment/updates", told)]
    {
        holds(text, path, &body);
        assert_eq!(visitor.post(system, path, &body).await.0, 200);
    }
    assert_eq!(answers_hold(&trial).await, 2);
}

#[actix_web::test]
async fn the_extras_of_the_disability_registry_are_what_its_text_describes() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let Some((text, system)) = texts().into_iter().find(|(text, _)| text.name == "dr") else {
        return;
    };
    let several = ["daniel", "nadia", "otto"].map(|whom| visitor.uin(whom));
    let query = json!({"member.member_identifier": {"in": several}});
    let criteria = json!({"query_type": "expression", "query": query});
    let asked =
        envelope("search", 1, &json!({"transaction_id": "T", "disabled_criteria": criteria}));
    for (path, list) in [
        ("/registry/sync/disabled", "disabled_response"),
        ("/registry/sync/get-disability-details", "search_response"),
        ("/registry/sync/get-disability-support", "search_response"),
    ] {
        holds(text, path, &asked);
        let (status, answer) = visitor.post(system, path, &asked).await;
        assert_eq!(status, 200, "{path}: {answer:#}");
        assert_eq!(answer["message"][list].as_array().unwrap().len(), 3, "{path}: {answer:#}");
    }
    assert_eq!(answers_hold(&trial).await, 3);
}

#[test]
fn the_texts_notice_what_is_wrong() {
    for (text, _) in texts() {
        let mut good = search(&[by("UIN", "1")]);
        assert_eq!(text.request("/registry/search", &good), Vec::<String>::new());
        good["header"]["total_count"] = json!("many");
        assert_ne!(text.request("/registry/search", &good), Vec::<String>::new());
        let ack = json!({"message": {"ack_status": "MAYBE"}});
        assert_ne!(text.answer("/registry/search", 200, &ack), Vec::<String>::new());
    }
}

#[actix_web::test]
async fn tokens_keys_and_places_are_what_their_texts_describe() {
    let trial = Trial::start(SYSTEMS, 50);
    for (name, path, url) in [
        ("jwks_core", "/.well-known/jwks.json", "/.well-known/jwks.json"),
        ("locations_core", "/.well-known/locations.json", "/.well-known/locations.json"),
    ] {
        let Some(text) = Text::read(name) else { return drop(texts()) };
        let (status, body) = trial.ask(Letter::get("gateway", url)).await;
        assert_eq!(status, 200);
        let responses = format!("/paths/{}/get/responses", path.replace('/', "~1"));
        let declared = text.whole.pointer(&responses).unwrap().as_object().unwrap();
        let which = ["200", "default"].into_iter().find(|c| declared.contains_key(*c)).unwrap();
        let wrong = text.wrongs(&format!("{responses}/{which}"), &body);
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
    }
}
