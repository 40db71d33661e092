//! What a question means: paths to attributes, the order of ages, collections, and the events that records tell of.

use serde_json::{Value, json};

use super::SYSTEMS;
use crate::kit::registry::visitor::{Visitor, search};
use crate::kit::trial::Trial;

fn by(kind: &str, query: &Value) -> Value {
    json!({"reg_record_type": kind, "query_type": "expression", "query": query,
        "pagination": {"page_size": 500, "page_number": 1}})
}

fn records(item: &Value) -> &[Value] {
    item["data"]["reg_records"].as_array().unwrap_or_else(|| panic!("{item:#}"))
}

#[actix_web::test]
async fn a_path_asks_for_what_stands_there_and_for_nothing_else() {
    let trial = Trial::start(SYSTEMS, 300);
    let visitor = Visitor::new(&trial).await;
    let ask = async |kind: &str, name: &str, value: Value| {
        visitor.search("social_registry", by(kind, &json!({name: {"eq": value}}))).await
    };
    let head = ask("Group", "group_head_info.demographic_info.sex", json!("female")).await;
    let sex = |group: &Value| group["group_head_info"]["demographic_info"]["sex"].clone();
    assert!(!records(&head).is_empty());
    assert!(records(&head).iter().all(|group| sex(group) == "female"), "{head:#}");
    let member = ask("Group", "member_list.demographic_info.sex", json!("female")).await;
    assert!(records(&member).len() > records(&head).len(), "a member is not always the head");
    let person = ask("Member", "demographic_info.name.surname", json!("Mensah")).await;
    assert_eq!(person["status"], "succ", "{person:#}");
    for (kind, name) in [
        ("Group", "group_head_info.demographic_info.phone_number"),
        ("Group", "group_head_info.related_person.sex"),
        ("Group", "neighbour.sex"),
        ("Member", "related_person.related_member.sex"),
        ("Member", "demographic_info.is_disabled"),
    ] {
        let refused = ask(kind, name, json!("female")).await;
        assert_eq!(refused["status_reason_code"], "rjct.filter.invalid", "{name}: {refused:#}");
        let sentence = refused["status_reason_message"].as_str().unwrap();
        assert!(sentence.contains("use ") && sentence.contains("sex"), "{sentence}");
    }
}

#[actix_web::test]
async fn the_youngest_come_first_where_ages_rise() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    for (order, rises) in [("asc", false), ("desc", true)] {
        let mut asked = by("SRPerson", &json!({"age": {"ge": 0}}));
        asked["sort"] = json!([{"attribute_name": "age", "sort_order": order}]);
        let item = visitor.search("social_registry", asked).await;
        let born = records(&item).iter().map(|r| r["birth_date"].as_str().unwrap());
        assert!(born.is_sorted_by(|a, b| if rises { a <= b } else { a >= b }), "{order}");
    }
}

#[actix_web::test]
async fn a_sex_may_be_written_with_the_letter_of_older_texts() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let ask = async |system: &str, query: Value| {
        visitor.search(system, json!({"query_type": "expression", "query": query})).await
    };
    for (system, letter, code) in [
        ("civil_registry", "F", "female"),
        ("civil_registry", "m", "male"),
        ("social_registry", "F", "female"),
    ] {
        let by_letter = ask(system, json!({"gender": {"eq": letter}})).await;
        let by_code = ask(system, json!({"sex": {"eq": code}})).await;
        assert!(!records(&by_letter).is_empty());
        assert_eq!(by_letter["data"], by_code["data"], "{system} {letter}");
    }
    let wife = ask("civil_registry", json!({"marital_status": {"eq": "F"}})).await;
    assert_eq!(wife["status_reason_code"], "rjct.filter.invalid", "a letter is a sex only there");
}

#[actix_web::test]
async fn a_collection_must_be_kept_here_and_fit_the_record_type() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    let ask = async |collection: &str, kind: Option<&str>| {
        let query = json!({"type": "ns:org:QueryType:NoSql", "value": {"expression": {
            "collection": collection, "query": {"$and": [{"age": {"$gte": 0}}]}}}});
        let criteria = json!({"query_type": "expression", "query": query, "reg_record_type": kind});
        visitor.search("social_registry", criteria).await["status_reason_code"].clone()
    };
    assert_eq!(ask("Member", None).await, Value::Null);
    assert_eq!(ask("Household", Some("Group")).await, Value::Null);
    for (collection, kind) in [("Spaceships", None), ("Group", Some("Member"))] {
        assert_eq!(ask(collection, kind).await, "rjct.search_criteria.invalid", "{collection}");
    }
}

#[actix_web::test]
async fn whoever_asks_for_an_event_gets_those_to_whom_it_happened() {
    let trial = Trial::start(SYSTEMS, 300);
    let visitor = Visitor::new(&trial).await;
    let ask = async |name: &str, value: &str| {
        let mut asked = by("Person", &json!({"age": {"ge": 0}}));
        asked[name] = json!(value);
        records(&visitor.search("civil_registry", asked).await).to_vec()
    };
    let all = ask("reg_event_type", "birth").await;
    assert_eq!(ask("reg_event_type", "REGISTRATION").await, all, "as at the other registries");
    let dead = ask("reg_event_type", "Death").await;
    assert!(!dead.is_empty() && dead.len() < all.len());
    assert!(dead.iter().all(|record| record["death_date"].is_string()));
    assert_eq!(ask("reg_type", "ocrvs:registry_type:death").await, dead);
    for (event, told) in [("marriage", "marriage_date"), ("Divorce", "divorce_date")] {
        let found = ask("reg_event_type", event).await;
        assert!(found.len() < all.len());
        assert!(found.iter().all(|r| r[told].as_array().is_some_and(|d| !d.is_empty())), "{event}");
    }
    let late = all.iter().filter(|r| r["death_date"].as_str() > r["last_updated"].as_str());
    assert_eq!(late.count(), 0, "nobody's record is older than the death in it");
}

#[actix_web::test]
async fn the_day_of_the_last_change_can_be_asked_by() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let query = json!({"last_updated": {"ge": "2020-01-01"}});
    for (system, kind) in [
        ("civil_registry", "Person"),
        ("social_registry", "Member"),
        ("social_registry", "SRPerson"),
    ] {
        let item = visitor.search(system, by(kind, &query)).await;
        assert!(!records(&item).is_empty(), "{kind}");
        assert!(records(&item).iter().all(|r| r["last_updated"].as_str() >= Some("2020-01-01")));
    }
}

#[actix_web::test]
async fn null_stands_for_what_is_absent() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    let asked = json!({"query_type": "idtype-value", "query": {"type": "UIN", "value": "1"},
        "sort": null, "reg_record_type": null, "pagination": {"page_size": 10.0, "page_number": null}});
    let mut body = search(&[asked]);
    body["header"]["version"] = Value::Null;
    body["header"]["is_msg_encrypted"] = Value::Null;
    let (status, answer) = visitor.post("civil_registry", "/registry/sync/search", &body).await;
    let item = &answer["message"]["search_response"][0];
    assert_eq!((status, &item["status"]), (200, &json!("succ")), "{answer:#}");
    assert_eq!(item["pagination"]["page_size"], 10);
}

#[actix_web::test]
async fn one_message_is_not_answered_with_the_whole_country_a_thousand_times() {
    let trial = Trial::start(SYSTEMS, 1100);
    let visitor = Visitor::new(&trial).await;
    let mut everybody = json!({"query_type": "expression", "query": {"age": {"ge": 0}}});
    everybody["pagination"] = json!({"page_size": 1000, "page_number": 1});
    let one = json!({"query_type": "idtype-value", "query": {"type": "UIN", "value": "1"}});
    let mut criteria = vec![everybody; 12];
    criteria.push(one);
    let asked = search(&criteria);
    let (_, answer) = visitor.post("civil_registry", "/registry/sync/search", &asked).await;
    let items = answer["message"]["search_response"].as_array().unwrap();
    let records = items.iter().filter_map(|item| item["data"]["reg_records"].as_array());
    assert_eq!(records.map(Vec::len).sum::<usize>(), 10_000);
    for item in &items[10..12] {
        assert_eq!(item["status_reason_code"], "rjct.search.too_many_records_found", "{item:#}");
    }
    assert_eq!(items[12]["status"], "succ", "who asks for nobody takes no room");
}

#[actix_web::test]
async fn an_event_that_nobody_knows_is_not_taken_for_all() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    let asked = |event: &str| {
        json!({"reg_event_type": event, "reg_record_type": "Person", "query_type": "expression",
            "query": {"age": {"ge": 0}}})
    };
    let item = visitor.search("civil_registry", asked("Nonsense")).await;
    assert_eq!(item["status_reason_code"], "rjct.search_criteria.invalid", "{item:#}");
    assert!(item["status_reason_message"].as_str().unwrap().contains("Death"), "{item:#}");
    for known in ["Death", "Person", ""] {
        let item = visitor.search("civil_registry", asked(known)).await;
        assert_eq!(item["status"], "succ", "{known}: {item:#}");
    }
}
