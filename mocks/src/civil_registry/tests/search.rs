//! Who is asked for is found, and the registry has mistakes of its own.

use serde_json::{Value, json};

use super::SYSTEMS;
use crate::civil_registry::describe::REGISTRY;
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
    assert_eq!(kemal["data"]["reg_records"][0]["birth_date"], "1958-07-05");
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
async fn no_question_reads_all_records() {
    let trial = Trial::start(SYSTEMS, 50);
    // What halves the people or quarters them finds nobody faster, and a given name is asked for with the surname.
    let except = &["sex", "marital_status", "address.region_code", "given_name"];
    assert_eq!(scans(&trial, &REGISTRY, "civil_registry", except), Vec::<String>::new());
}
