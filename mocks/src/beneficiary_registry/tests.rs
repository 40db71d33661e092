//! A visitor to the beneficiary registry: only HTTP.

use serde_json::{Value, json};
use standards::dci::records::v1::{RecordKind, respell};

use super::describe::REGISTRY;
use crate::kit::registry::visitor::{Visitor, envelope, scans};
use crate::kit::trial::Trial;

const SYSTEMS: &[crate::kit::system::System] =
    &[super::SYSTEM, crate::civil_registry::SYSTEM, crate::gateway::SYSTEM];

async fn enrolled(visitor: &Visitor<'_>, uin: &str, programme: &str) -> Value {
    let query = json!({"person_identifier": {"eq": uin},
        "programme_identifier.program.programme_identifier": {"eq": programme}});
    let criteria = json!({"query_type": "expression", "response_entity": "Member", "query": query});
    let asked =
        envelope("search", 1, &json!({"transaction_id": "T-1", "enrolled_criteria": criteria}));
    let (status, answer) =
        visitor.post("beneficiary_registry", "/registry/sync/enrolled", &asked).await;
    assert_eq!(status, 200, "{answer:#}");
    assert_eq!(answer["enrolled_response"], answer["message"]["enrolled_response"]);
    answer["message"]["enrolled_response"][0].clone()
}

async fn update(visitor: &Visitor<'_>, beneficiary: Value) -> Value {
    let message =
        json!({"transaction_id": "T-2", "enrolled_updates": {"beneficiaries": [beneficiary]}});
    let body = envelope("notify", 1, &message);
    let (status, answer) =
        visitor.post("beneficiary_registry", "/registry/sync/enrollment/updates", &body).await;
    assert_eq!(status, 200, "{answer:#}");
    answer["message"]["enrolled_response"][0].clone()
}

fn beneficiary(uin: &str, status: &str, benefits: &Value) -> Value {
    json!({"member": {"member_identifier": [{"identifier_type": "UIN", "identifier_value": uin}]},
        "programme_identifier": [{"programme_identifier": "OAP"}], "assistance_unit": "1",
        "enrollment_date": "2026-10-01", "enrollment_status": status, "benefits": benefits})
}

#[actix_web::test]
async fn otto_has_a_contributory_pension_and_tomas_has_none() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let otto = enrolled(&visitor, &visitor.uin("otto"), "CPF").await;
    assert_eq!(
        (otto["status"].as_str(), otto["enrolled_status"].as_str()),
        (Some("succ"), Some("yes"))
    );
    for programme in ["CPF", "OAP"] {
        assert_eq!(
            enrolled(&visitor, &visitor.uin("tomas"), programme).await["enrolled_status"],
            "no"
        );
    }
}

#[actix_web::test]
async fn an_unknown_programme_is_neither_yes_nor_no() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let result = enrolled(&visitor, &visitor.uin("tomas"), "XYZ").await;
    assert_eq!((&result["status"], &result["enrolled_status"]), (&json!("rjct"), &Value::Null));
    assert!(result["status_reason_message"].as_str().unwrap().contains("OAP, SUR"));
}

#[actix_web::test]
async fn an_enrolment_and_its_benefits_are_kept() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let tomas = visitor.uin("tomas");
    let stored = update(&visitor, beneficiary(&tomas, "1", &json!([]))).await;
    assert_eq!(stored["status"], "succ", "{stored:#}");
    assert_eq!(enrolled(&visitor, &tomas, "OAP").await["enrolled_status"], "yes");

    let line =
        json!([{"benefit_type": "1", "benefit_date": "2026-10-01", "benefit_value": "100.00 XTS"}]);
    update(&visitor, beneficiary(&tomas, "1", &line)).await;
    update(&visitor, beneficiary(&tomas, "1", &line)).await;
    let item = visitor.find("beneficiary_registry", "UIN", &tomas).await;
    let record = &item["data"]["reg_records"][0];
    assert_eq!(record["@type"], "Beneficiary");
    assert_eq!(record["benefits"].as_array().unwrap().len(), 1, "the same line twice is one line");
    assert_eq!(record["programme_identifier"][0]["programme_name"], "Old Age Pension");

    update(&visitor, beneficiary(&tomas, "2", &json!([]))).await;
    assert_eq!(enrolled(&visitor, &tomas, "OAP").await["enrolled_status"], "no");
}

#[actix_web::test]
async fn what_lacks_a_person_or_a_programme_is_not_kept() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let nobody =
        update(&visitor, json!({"programme_identifier": [{"programme_identifier": "OAP"}]})).await;
    assert_eq!(nobody["status"], "rjct");
    assert!(nobody["status_reason_message"].as_str().unwrap().contains("member"));
}

#[actix_web::test]
async fn whoever_is_new_is_known_to_the_civil_registry() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let tomas = visitor.uin("tomas");
    let stored = update(&visitor, beneficiary(&tomas, "1", &json!([]))).await;
    assert_eq!(stored["status"], "succ", "{stored:#}");
    let query = json!({"member.member_identifier": {"eq": tomas}, "birth_date": {"eq": "1959-02-11"},
        "member.demographic_info.sex": {"eq": "male"}, "programme_identifier.programme.programme_identifier": {"eq": "OAP"}});
    let asked = json!({"query_type": "expression", "query": query});
    let found = visitor.search("beneficiary_registry", asked).await;
    let record = &found["data"]["reg_records"][0];
    assert_eq!(record["@id"], format!("urn:arenoa:beneficiary-registry:{tomas}:OAP"), "{found:#}");
    assert!(record["member"]["demographic_info"]["name"]["surname"].is_string());
    assert_eq!(record["benefits"], json!([]), "required, also where there are none");
    assert!(record["programme_identifier"][0]["@context"].is_string(), "{record:#}");

    let mut later = beneficiary(&tomas, "1", &json!([]));
    later["enrollment_date"] = json!("2026-09-01");
    update(&visitor, later).await;
    let asked = json!({"query_type": "expression", "query":
        {"person_identifier": {"eq": tomas}, "enrollment_date": {"eq": "2026-09-01"}}});
    let found = visitor.search("beneficiary_registry", asked).await;
    assert_eq!(found["data"]["reg_records"][0]["enrollment_date"], "2026-09-01", "{found:#}");
    let mut early = beneficiary(&tomas, "1", &json!([]));
    early["enrollment_date"] = json!("1900-01-01T00:00:00Z");
    let refused = update(&visitor, early).await;
    assert_eq!(refused["status"], "rjct", "what is known of the birth counts: {refused:#}");
    let again = visitor.find("beneficiary_registry", "UIN", &tomas).await;
    assert_eq!(again["data"], found["data"], "nothing changed");
}

#[actix_web::test]
async fn a_record_never_bears_the_name_of_another() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let (otto, grace) = (visitor.uin("otto"), visitor.uin("grace"));
    let others = format!("urn:arenoa:beneficiary-registry:{otto}:CPF");
    let mut told = beneficiary(&grace, "1", &json!([]));
    told["@id"] = json!(others);
    let stored = update(&visitor, told).await;
    assert_eq!((&stored["status"], &stored["reference_id"]), (&json!("succ"), &json!(others)));
    let found = visitor.find("beneficiary_registry", "UIN", &grace).await;
    let own = format!("urn:arenoa:beneficiary-registry:{grace}:OAP");
    assert_eq!(found["data"]["reg_records"][0]["@id"], own, "{found:#}");
}

#[actix_web::test]
async fn what_no_search_could_find_is_not_kept() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let tomas = visitor.uin("tomas");
    let nothing = json!([]);
    let benefit = |kind: &str, day: &str| json!([{"benefit_type": kind, "benefit_date": day}]);
    let mut wrong = vec![
        (beneficiary("12", "1", &nothing), "ten digits"),
        (beneficiary("1234567890", "1", &nothing), "nobody in the civil registry"),
        (beneficiary(&tomas, "1", &benefit("99", "2026-10-01")), "benefit_type"),
        (beneficiary(&tomas, "1", &benefit("1", "x")), "benefit_date"),
    ];
    for (field, value, word) in [
        ("enrollment_date", "01/02/2026", "enrollment_date"),
        ("enrollment_date", "2026-10-02", "a day not after today, 2026-10-01"),
        ("enrollment_date", "1959-02-10", "a day not before the birth, 1959-02-11"),
        ("assistance_unit", "77", "assistance_unit"),
    ] {
        let mut told = beneficiary(&tomas, "1", &nothing);
        told[field] = json!(value);
        wrong.push((told, word));
    }
    for (told, word) in wrong {
        let result = update(&visitor, told).await;
        assert_eq!(result["status"], "rjct", "{word}: {result:#}");
        assert!(result["status_reason_message"].as_str().unwrap().contains(word), "{result:#}");
    }
    assert_eq!(
        visitor.find("beneficiary_registry", "UIN", &tomas).await["pagination"]["total_count"],
        0
    );
}

#[actix_web::test]
async fn a_count_may_be_absent_or_wrong_and_the_true_one_is_answered() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let tomas = visitor.uin("tomas");
    let told = beneficiary(&tomas, "1", &json!([]));
    let message = json!({"transaction_id": "T-2", "enrolled_updates": {"beneficiaries": [told]}});
    let path = "/registry/sync/enrollment/updates";
    let mut body = envelope("notify", 7, &message);
    for count in [Some(7), None] {
        match count {
            Some(count) => body["header"]["total_count"] = json!(count),
            None => drop(body["header"].as_object_mut().unwrap().remove("total_count")),
        }
        let (_, answer) = visitor.post("beneficiary_registry", path, &body).await;
        let header = &answer["header"];
        assert_eq!((&header["status"], &header["total_count"]), (&json!("succ"), &json!(1)));
    }
    assert!(trial.journal().await.iter().any(|e| e.remark.contains("total_count is 7")));
}

#[actix_web::test]
async fn what_the_registry_writes_for_older_readers_it_takes_from_older_writers() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let tomas = visitor.uin("tomas");
    let line = |day: &str| json!([{"benefit_type": "1", "benefit_date": day}]);
    update(&visitor, beneficiary(&tomas, "1", &line("2026-10-01"))).await;
    let found = visitor.find("beneficiary_registry", "UIN", &tomas).await;
    let mut older = found["data"]["reg_records"][0].clone();
    older["benefits"] = line("2026-09-30");
    older["enrollment_status"] = json!("2");
    respell(RecordKind::Beneficiary, &mut older);
    assert_eq!(older["member"]["member_identifier"], json!(tomas), "the number alone: {older:#}");
    assert!(older.get("enrollment_status").is_none(), "beside the programme: {older:#}");
    let stored = update(&visitor, older).await;
    assert_eq!(stored["status"], "succ", "{stored:#}");
    let again = visitor.find("beneficiary_registry", "UIN", &tomas).await;
    let record = &again["data"]["reg_records"][0];
    assert_eq!(record["enrollment_status"], "2", "{record:#}");
    assert_eq!(record["benefits"][1]["benefit_date"], "2026-09-30", "{record:#}");
    assert_eq!(again["pagination"]["total_count"], 1, "the same enrolment");
}

#[actix_web::test]
async fn no_question_reads_all_records() {
    let trial = Trial::start(SYSTEMS, 50);
    let except = &[];
    assert_eq!(scans(&trial, &REGISTRY, "beneficiary_registry", except), Vec::<String>::new());
}
