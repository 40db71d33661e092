//! A visitor to the civil registry: only HTTP.

use serde_json::{Value, json};

use crate::kit::courier::Letter;
use crate::kit::trial::Trial;

const SYSTEMS: &[crate::kit::system::System] = &[super::SYSTEM, crate::gateway::SYSTEM];

/// A question by identifier, in an envelope as the standard has it.
fn question(kind: &str, value: &str) -> Value {
    json!({
        "header": {"version": "1.0.0", "message_id": "M-1", "message_ts": "2026-10-01T08:00:00Z", "action": "search",
            "sender_id": "demo", "receiver_id": "civil-registry.arenoa", "total_count": 1},
        "message": {"transaction_id": "T-1", "search_request": [{
            "reference_id": "R-1", "timestamp": "2026-10-01T08:00:00Z",
            "search_criteria": {"reg_type": "ns:org:RegistryType:Civil", "query_type": "idtype-value",
                "query": {"type": kind, "value": value}},
        }]},
    })
}

async fn token(trial: &Trial) -> String {
    let fields =
        [("grant_type", "client_credentials"), ("client_id", "demo"), ("client_secret", "demo")];
    let (_, granted) =
        trial.ask(Letter::post("gateway", "/oauth2/client/token").form(&fields)).await;
    granted["access_token"].as_str().unwrap().to_owned()
}

async fn sync(trial: &Trial, body: &Value) -> (u16, Value) {
    let letter = Letter::post("civil_registry", "/registry/sync/search").json(body);
    trial.ask(letter.bearer(&token(trial).await)).await
}

fn uin(trial: &Trial, persona: &str) -> String {
    let people = &trial.country.people;
    let index = people.persona(persona).unwrap().person;
    people.person(index).uin.to_string()
}

#[actix_web::test]
async fn a_person_is_found_by_the_number() {
    let trial = Trial::start(SYSTEMS, 100);
    let tomas = uin(&trial, "tomas");
    let (status, answer) = sync(&trial, &question("UIN", &tomas)).await;
    assert_eq!(status, 200, "{answer:#}");
    assert_eq!(answer["header"]["action"], "on-search");
    assert_eq!(answer["header"]["status"], "succ");
    assert!(answer["signature"].as_str().unwrap().contains("civil-registry.arenoa"));
    let item = &answer["message"]["search_response"][0];
    assert_eq!(item["pagination"]["total_count"], 1);
    let record = &item["data"]["reg_records"][0];
    assert_eq!(record["@type"], "CRVS_Person");
    assert_eq!(record["birth_date"], "1959-02-11");
    assert_eq!(record["name"]["given_name"], "Tomas");
    assert_eq!(record["death_date"], Value::Null);
}

#[actix_web::test]
async fn the_registry_has_mistakes_of_its_own() {
    let trial = Trial::start(SYSTEMS, 100);
    let first =
        |answer: Value| answer["message"]["search_response"][0]["data"]["reg_records"][0].clone();
    let pavel = first(sync(&trial, &question("UIN", &uin(&trial, "pavel"))).await.1);
    assert_eq!(pavel["death_date"], "2025-12-02");
    let kemal = first(sync(&trial, &question("UIN", &uin(&trial, "kemal"))).await.1);
    assert_eq!(kemal["birth_date"], "1958-07-05");
    let (_, ivo) = sync(&trial, &question("UIN", &uin(&trial, "ivo"))).await;
    let item = &ivo["message"]["search_response"][0];
    assert_eq!((item["status"].as_str(), &item["data"]["reg_records"]), (Some("succ"), &json!([])));
    assert_eq!(item["pagination"]["total_count"], 0);
}

#[actix_web::test]
async fn a_death_is_entered_once_and_seen_by_everybody_who_asks() {
    let trial = Trial::start(SYSTEMS, 100);
    let tomas = uin(&trial, "tomas");
    let report = json!({"uin": tomas, "date": "2026-10-01", "place": "Salmara"});
    let letter = Letter::post("civil_registry", "/events/deaths").json(&report);
    let (status, entered) = trial.ask(letter.clone()).await;
    assert_eq!(status, 201, "{entered:#}");
    let drn = entered["drn"].as_str().unwrap();
    assert!(drn.starts_with("DRN-2026-"), "{drn}");
    assert_eq!(trial.ask(letter).await.0, 409);
    let (_, answer) = sync(&trial, &question("DRN", drn)).await;
    let record = &answer["message"]["search_response"][0]["data"]["reg_records"][0];
    assert_eq!(record["death_date"], "2026-10-01");
    assert_eq!(record["death_place"]["name"], "Salmara");
}
