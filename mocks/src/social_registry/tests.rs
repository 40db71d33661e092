//! A visitor to the social registry: only HTTP.

use serde_json::{Value, json};

use super::describe::REGISTRY;
use crate::kit::registry::visitor::{Visitor, scans};
use crate::kit::trial::Trial;

const SYSTEMS: &[crate::kit::system::System] = &[super::SYSTEM, crate::gateway::SYSTEM];

#[actix_web::test]
async fn a_household_is_found_by_the_number_of_a_member() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let tomas = visitor.uin("tomas");
    let item = visitor.household(&tomas).await;
    let group = &item["data"]["reg_records"][0];
    assert_eq!(
        (item["pagination"]["total_count"].as_i64(), &group["@type"]),
        (Some(1), &json!("Group"))
    );
    assert_eq!(group["address"][0]["country_code"], "QN");
    assert!(group["poverty_score"].is_number());
    let members = group["member_list"].as_array().unwrap();
    assert_eq!(members.len() as u64, group["group_size"].as_u64().unwrap());
    let numbers: Vec<_> = members
        .iter()
        .map(|m| m["member_identifier"][0]["identifier_value"].as_str().unwrap())
        .collect();
    assert!(numbers.contains(&tomas.as_str()));
    assert_eq!(group["group_head_info"]["related_person"][0]["relationship_type"], "SELF");
}

#[actix_web::test]
async fn a_number_without_a_record_type_means_whom_it_names() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let tomas = visitor.uin("tomas");
    let person = visitor.find("social_registry", "UIN", &tomas).await;
    let (data, record) = (&person["data"], &person["data"]["reg_records"][0]);
    assert_eq!(
        (&data["reg_record_type"], &record["@type"]),
        (&json!("SRPerson"), &json!("SR_Person"))
    );
    assert_eq!(record["identifier"][0]["identifier_value"], tomas, "{record:#}");
    let group = visitor.household(&tomas).await["data"]["reg_records"][0].clone();
    let number = group["group_identifier"][0]["identifier_value"].as_str().unwrap();
    for word in ["HOUSEHOLD_ID", "HHID"] {
        let found = visitor.find("social_registry", word, number).await;
        assert_eq!(found["data"]["reg_records"][0], group, "{word}");
    }
}

#[actix_web::test]
async fn poor_and_large_households_are_found_by_expression_poorest_first() {
    let trial = Trial::start(SYSTEMS, 600);
    let visitor = Visitor::new(&trial).await;
    let query = json!({"type": "ns:org:QueryType:NoSql", "value": {"expression": {"collection": "Group",
        "query": {"$and": [{"poverty_score": {"$lt": 50}}, {"group_size": {"$gte": 5}}]}}}});
    let criteria = json!({"query_type": "expression", "query": query,
        "sort": [{"attribute_name": "poverty_score", "sort_order": "asc"}],
        "pagination": {"page_size": 3, "page_number": 1}});
    let item = visitor.search("social_registry", criteria).await;
    let expected = trial.country.people.households();
    let expected = expected.iter().filter(|h| h.score.value() < 50.0 && h.size() >= 5).count();
    assert_eq!(item["pagination"]["total_count"], expected);
    let records = item["data"]["reg_records"].as_array().unwrap();
    let scores: Vec<_> = records.iter().map(|g| g["poverty_score"].as_f64().unwrap()).collect();
    assert!(scores.len() == 3 && scores.is_sorted() && scores[2] < 50.0, "{scores:?}");
}

#[actix_web::test]
async fn a_member_and_a_person_are_record_types_of_their_own() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let by = |kind: &str| {
        json!({"reg_record_type": kind, "query_type": "idtype-value",
            "query": {"type": "UIN", "value": visitor.uin("tomas")}})
    };
    let member = visitor.search("social_registry", by("Member")).await;
    let named = member["data"]["reg_records"][0]["@id"].as_str().unwrap();
    assert!(named.starts_with("urn:arenoa:social-registry:"), "{named}");
    assert!(named.ends_with(&format!(":{}", visitor.uin("tomas"))), "{named}");
    assert_eq!(member["data"]["reg_records"][0]["@type"], "Member");
    let person = visitor.search("social_registry", by("SRPerson")).await;
    assert_eq!(person["data"]["reg_records"][0]["@type"], "SR_Person");
    let named = format!("urn:arenoa:social-registry:{}", visitor.uin("tomas"));
    assert_eq!(person["data"]["reg_records"][0]["@id"], named);
    assert_eq!(person["data"]["reg_records"][0]["birth_date"], "1959-02-11");
    assert_eq!(person["data"]["reg_record_type"], "SRPerson", "in the asker's own word");
}

#[actix_web::test]
async fn what_a_member_does_and_has_learnt_can_be_asked_by() {
    let trial = Trial::start(SYSTEMS, 300);
    let visitor = Visitor::new(&trial).await;
    let ask = async |kind: &str, name: &str, value: &Value| {
        let asked = json!({"reg_record_type": kind, "query_type": "expression",
            "query": {name: {"eq": value}}});
        let item = visitor.search("social_registry", asked).await;
        assert_eq!(item["status"], "succ", "{name}: {item:#}");
        item["data"]["reg_records"].as_array().unwrap().clone()
    };
    assert!(!ask("Group", "group_type", &json!("Household")).await.is_empty());
    let disabled = ask("Member", "is_disabled", &json!(true)).await;
    let working = ask("Member", "employment_status", &json!("6")).await;
    for (name, pointer) in [
        ("occupation", "/occupation"),
        ("education_level", "/education_level"),
        (
            "disability_info.disability_limitation_type",
            "/disability_info/0/disability_limitation_type",
        ),
        ("disability_info.functional_severity", "/disability_info/0/functional_severity"),
    ] {
        let mut some = disabled.iter().chain(&working);
        let value = some.find_map(|member| member.pointer(pointer)).unwrap();
        let found = ask("Member", name, value).await;
        assert!(!found.is_empty(), "{name} {value}");
        assert!(found.iter().all(|one| one.pointer(pointer) == Some(value)), "{name} {value}");
        let homes = ask("Group", &format!("member_list.{name}"), value).await;
        assert!(!homes.is_empty() && homes.len() <= found.len(), "{name} {value}");
    }
}

#[actix_web::test]
async fn no_question_reads_all_records() {
    let trial = Trial::start(SYSTEMS, 50);
    // Members are few to a household; what halves them finds nobody faster, and a given name comes with the surname.
    let except = &[
        "sex",
        "marital_status",
        "employment_status",
        "given_name",
        "registration_date",
        "group_head_info.demographic_info.sex",
        "group_head_info.marital_status",
        "group_head_info.employment_status",
        // Asked for seldom, and read out of the records.
        "group_type",
        "occupation",
        "education_level",
        "disability_info.disability_limitation_type",
        "disability_info.functional_severity",
    ];
    assert_eq!(scans(&trial, &REGISTRY, "social_registry", except), Vec::<String>::new());
}
