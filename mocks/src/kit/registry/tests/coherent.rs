//! The same person is the same in every registry: name, sex, birth date and home are held against each other over HTTP.

use serde_json::{Value, json};

use crate::kit::registry::visitor::Visitor;
use crate::kit::trial::Trial;

const SYSTEMS: &[crate::kit::system::System] = &[
    crate::civil_registry::SYSTEM,
    crate::disability_registry::SYSTEM,
    crate::employment_service::SYSTEM,
    crate::farmer_registry::SYSTEM,
    crate::social_registry::SYSTEM,
    crate::gateway::SYSTEM,
];

/// What two registries must agree on.
fn told(person: &Value) -> Value {
    json!([
        person["name"]["given_name"],
        person["name"]["surname"],
        person["sex"],
        person["birth_date"],
        person["address"][0]["address_line_1"],
        person["address"][0]["locality"]
    ])
}

/// Everybody in the registry, as the registry describes them.
async fn everybody(visitor: &Visitor<'_>, system: &str, at: &str) -> Vec<(Value, Value)> {
    let all = json!({"query_type": "expression", "query": {"age": {"ge": 0}},
        "pagination": {"page_size": 2000, "page_number": 1}});
    let item = visitor.search(system, all).await;
    let records = item["data"]["reg_records"].as_array().unwrap();
    assert_eq!(item["pagination"]["total_count"], records.len(), "{system}");
    assert!(!records.is_empty(), "{system} is empty");
    records.iter().map(|r| (r.pointer(at).unwrap().clone(), r.clone())).collect()
}

fn number(person: &Value) -> &str {
    person["identifier"][0]["identifier_value"].as_str().unwrap()
}

#[actix_web::test]
async fn one_person_is_the_same_everywhere_and_households_add_up() {
    let trial = Trial::start(SYSTEMS, 400);
    let visitor = Visitor::new(&trial).await;
    for (system, at) in [
        ("disability_registry", "/personal_details/demographic_info"),
        ("farmer_registry", "/farmer_personal_details/demographic_info"),
        ("employment_service", "/demographic_info"),
    ] {
        for (person, record) in everybody(&visitor, system, at).await {
            let uin = number(&person);
            let civil = visitor.find("civil_registry", "UIN", uin).await;
            let civil = &civil["data"]["reg_records"][0];
            assert_eq!(told(&person), told(civil), "{system} {uin}");
            assert_eq!(civil["death_date"], Value::Null, "{system} {uin}");
            let home = visitor.household(uin).await;
            let home = &home["data"]["reg_records"][0];
            let members = home["member_list"].as_array().unwrap();
            let own = members
                .iter()
                .find(|m| m["member_identifier"][0]["identifier_value"] == uin)
                .unwrap();
            match system {
                "disability_registry" => assert_eq!(own["is_disabled"], true, "{uin}"),
                "employment_service" => assert_eq!(own["employment_status"], "2", "{uin}"),
                _ => {
                    let family = &record["family_details"];
                    assert_eq!(family["group_identifier"], home["group_identifier"], "{uin}");
                    assert_eq!(family["group_size"], home["group_size"], "{uin}");
                    let numbers = |list: &Value| -> Vec<Value> {
                        let members = list["member_list"].as_array().unwrap();
                        members
                            .iter()
                            .map(|m| m["member_identifier"][0]["identifier_value"].clone())
                            .collect()
                    };
                    assert_eq!(numbers(family), numbers(home), "{uin}");
                }
            }
        }
    }
}
