//! Who is asked for is found, and the registry has mistakes of its own.

use serde_json::{Value, json};

use super::SYSTEMS;
use crate::civil_registry::describe::REGISTRY;
use crate::kit::courier::Letter;
use crate::kit::registry::visitor::{Visitor, scans, search};
use crate::kit::trial::Trial;

#[actix_web::test]
async fn a_person_is_found_by_the_number() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let criteria = json!({"reg_type": "ns:org:RegistryType:Civil", "query_type": "idtype-value",
        "query": {"type": "UIN", "value": visitor.uin("tomas")}});
    let asked = search(&[criteria]);
    let (status, answer) = visitor.post("civil_registry", "/registry/sync/search", &asked).await;
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
    let visitor = Visitor::new(&trial).await;
    let pavel = visitor.find("civil_registry", "UIN", &visitor.uin("pavel")).await;
    assert_eq!(pavel["data"]["reg_records"][0]["death_date"], "2025-12-02");
    let kemal = visitor.find("civil_registry", "UIN", &visitor.uin("kemal")).await;
    let kemal = &kemal["data"]["reg_records"][0];
    assert_eq!(kemal["birth_date"], "1958-07-05");
    let registered = kemal["registration_date"].as_str().unwrap();
    assert!(registered >= "1958-07-05", "nobody is registered before the birth: {kemal:#}");
    let ivo = visitor.find("civil_registry", "UIN", &visitor.uin("ivo")).await;
    assert_eq!((ivo["status"].as_str(), &ivo["data"]["reg_records"]), (Some("succ"), &json!([])));
    assert_eq!(ivo["pagination"]["total_count"], 0);
}

#[actix_web::test]
async fn namesakes_born_on_the_same_day_are_found_by_predicate() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let is = |name: &str, value: &str| json!({"attribute_name": name, "operator": "eq", "attribute_value": value});
    let query = json!([
        {"seq_num": 1, "expression1": is("given_name", "TOMAS"), "condition": "and", "expression2": is("surname", "Amaro")},
        {"seq_num": 2, "expression1": is("birth_date", "1959-02-11")}]);
    let item =
        visitor.search("civil_registry", json!({"query_type": "predicate", "query": query})).await;
    assert_eq!(item["pagination"]["total_count"], 3, "{item:#}");
}

#[actix_web::test]
async fn whatever_a_record_tells_it_can_be_found_by() {
    let trial = Trial::start(SYSTEMS, 300);
    let visitor = Visitor::new(&trial).await;
    let ask = async |name: &str, value: &Value| {
        let asked = json!({"query_type": "expression", "query": {name: {"eq": value}}});
        let item = visitor.search("civil_registry", asked).await;
        assert_eq!(item["status"], "succ", "{name}: {item:#}");
        item["data"]["reg_records"].as_array().unwrap().clone()
    };
    let tomas = visitor.find("civil_registry", "UIN", &visitor.uin("tomas")).await;
    let married = &tomas["data"]["reg_records"][0]["marriage_date"][0];
    let couple = ask("marriage_date", married).await;
    assert!(couple.iter().all(|one| one["marriage_date"][0] == *married), "{couple:#?}");
    assert!(couple.len() >= 2, "the two who married: {couple:#?}");
    let everybody = json!({"query_type": "expression", "query": {"age": {"ge": 0}}});
    let everybody = visitor.search("civil_registry", everybody).await;
    let everybody = everybody["data"]["reg_records"].as_array().unwrap();
    for list in ["divorce_date", "marriage_date"] {
        let day = everybody.iter().find_map(|one| one[list].get(0)).unwrap();
        assert!(!ask(list, day).await.is_empty(), "{list} {day}");
    }
    for parent in ["parent1_identifier", "parent2_identifier"] {
        let uin = everybody.iter().map(|one| &one[parent]["identifier_value"]);
        let uin = uin.clone().find(|uin| uin.is_string()).unwrap();
        let children = ask(parent, uin).await;
        assert!(!children.is_empty());
        assert!(children.iter().all(|child| child[parent]["identifier_value"] == *uin));
    }

    let grace = visitor.uin("grace");
    let report = json!({"uin": grace, "date": "2026-10-01", "place": "Pontal"});
    let letter = Letter::post("civil_registry", "/events/deaths").json(&report);
    let (status, entered) = trial.ask(letter).await;
    assert_eq!(status, 201, "{entered:#}");
    let found = visitor.find("civil_registry", "UIN", &grace).await;
    let record = &found["data"]["reg_records"][0];
    let place = record["death_place"]["name"].as_str().unwrap().to_uppercase();
    let died = ask("death_place", &json!(place)).await;
    assert!(died.contains(record), "{record:#}");
    let id = entered["event_id"].as_str().unwrap();
    let by_event = visitor.find("civil_registry", "OPENCRVS_RECORD_ID", id).await;
    assert_eq!(by_event["data"]["reg_records"], json!([record]), "{entered:#}");
    assert_eq!(ask("OPENCRVS_RECORD_ID", &json!(id)).await, std::slice::from_ref(record));
}

#[actix_web::test]
async fn no_question_reads_all_records() {
    let trial = Trial::start(SYSTEMS, 50);
    // What halves the people or quarters them finds nobody faster, and a given name is asked for with the surname.
    // The rest is asked for seldom, and read out of the records.
    let except = &[
        "sex",
        "marital_status",
        "address.region_code",
        "given_name",
        "death_place",
        "marriage_date",
        "divorce_date",
    ];
    assert_eq!(scans(&trial, &REGISTRY, "civil_registry", except), Vec::<String>::new());
}
