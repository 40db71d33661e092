//! Births at the counter: numbers, late entries, duplicates, and everything that cannot be.

use serde_json::{Value, json};

use super::{SYSTEMS, ada, events, hand_in, pass_days, record, refused, uin};
use crate::kit::courier::Letter;
use crate::kit::registry::visitor::Visitor;
use crate::kit::trial::Trial;

#[actix_web::test]
async fn a_child_is_born_and_stands_in_the_register_with_its_parents() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    pass_days(&trial, 5);
    let (status, entered) = hand_in(&trial, "births", &ada(&trial)).await;
    assert_eq!(status, 201, "{entered:#}");
    assert_eq!(entered["status"], "REGISTERED");
    assert_eq!(entered["flags"], json!([]));
    assert_eq!(entered["names"], "Ada Ortal");
    assert_eq!(entered["tracking_id"].as_str().unwrap().len(), 6);
    let brn = entered["brn"].as_str().unwrap();
    assert!(brn.starts_with("BRN-2026-"), "{brn}");
    let child = record(&visitor, "BRN", brn).await;
    assert_eq!(child["@type"], "CRVS_Person");
    assert_eq!(child["birth_date"], "2026-10-04");
    assert_eq!(child["marital_status"], "S");
    assert_eq!(child["parent1_identifier"]["identifier_value"], uin(&trial, "lena"));
    assert_eq!(child["parent2_identifier"]["identifier_value"], uin(&trial, "milan_ortal"));
    assert_eq!(child["birth_place"]["contained_in_place"]["name"], "Brenna");
    let mother = record(&visitor, "UIN", &uin(&trial, "lena")).await;
    assert_eq!(child["address"], mother["address"], "a child lives with its mother");
    let by_district = json!({"query_type": "expression", "query":
        {"$and": [{"birth_date": {"ge": "2026-10-01"}}]}});
    let found = visitor.search("civil_registry", by_district).await;
    assert_eq!(found["data"]["reg_records"][0]["birth_date"], "2026-10-04");
}

#[actix_web::test]
async fn a_late_birth_is_entered_and_flagged_and_so_is_a_late_death() {
    let trial = Trial::start(SYSTEMS, 100);
    let found = json!({"given_name": "Noah", "family_name": "Zamor", "sex": "male",
        "date": "2025-01-02", "mother": "unknown", "father": "unknown"});
    let (_, late) = hand_in(&trial, "births", &found).await;
    assert_eq!(late["flags"], json!(["late-registration"]), "{late:#}");
    assert!(late["brn"].as_str().unwrap().starts_with("BRN-2025-"), "the year of the birth");
    let ivo = json!({"given_name": "Ivo", "family_name": "Mensal", "sex": "male",
        "date": "1953-09-30", "uin": uin(&trial, "ivo"), "mother": "unknown", "father": "unknown"});
    let (_, entered) = hand_in(&trial, "births", &ivo).await;
    assert_eq!(entered["uin"], uin(&trial, "ivo"));
    let twice = refused(&trial, "births", &ivo, 409).await;
    assert!(twice.contains(entered["brn"].as_str().unwrap()), "{twice}");
    let death = json!({"uin": uin(&trial, "tomas"), "date": "2026-08-01"});
    let (_, entered) = hand_in(&trial, "deaths", &death).await;
    assert_eq!(entered["flags"], json!(["late-registration"]));
}

#[actix_web::test]
async fn what_may_be_the_same_birth_waits_for_the_registrar() {
    let trial = Trial::start(SYSTEMS, 100);
    pass_days(&trial, 5);
    let (_, first) = hand_in(&trial, "births", &ada(&trial)).await;
    let mut ida = ada(&trial);
    ida["given_name"] = json!("Ida");
    for (verb, status) in [("duplicate", "ARCHIVED"), ("not-duplicate", "REGISTERED")] {
        let (code, held) = hand_in(&trial, "births", &ida).await;
        assert_eq!((code, held["status"].as_str()), (202, Some("DECLARED")), "{held:#}");
        assert_eq!(held["flags"], json!(["potential-duplicate"]));
        assert_eq!(held["duplicates"], json!([first["brn"]]));
        assert_eq!(held["registration_number"], Value::Null);
        let path = format!("{}/{verb}", held["event_id"].as_str().unwrap());
        let (_, decided) = hand_in(&trial, &path, &json!({})).await;
        assert_eq!(decided["status"], status, "{decided:#}");
        let again = refused(&trial, &path, &json!({}), 409).await;
        assert!(again.contains("does not wait"), "{again}");
    }
    let mut twin = ada(&trial);
    twin["given_name"] = json!("Marco");
    assert_eq!(hand_in(&trial, "births", &twin).await.0, 201, "a twin is no duplicate");
}

#[actix_web::test]
async fn nobody_died_long_before_the_birth_of_a_child() {
    let trial = Trial::start(SYSTEMS, 100);
    pass_days(&trial, 5);
    let (_, ada) = hand_in(&trial, "births", &ada(&trial)).await;
    let death = |name: &str, date: &str| json!({"uin": uin(&trial, name), "date": date});
    let brn = ada["brn"].as_str().unwrap();
    for (name, early, right) in
        [("lena", "2026-10-03", "2026-10-04"), ("milan_ortal", "2025-12-07", "2025-12-08")]
    {
        let before = events(&trial).await;
        let sentence = refused(&trial, "deaths", &death(name, early), 409).await;
        let says = format!("the birth of the child {brn} on 2026-10-04 is in the register");
        assert!(sentence.contains(&says), "{sentence}");
        assert!(sentence.ends_with(&format!("the death came on {right} or later")), "{sentence}");
        assert_eq!(events(&trial).await, before, "the log is as it was");
        let (status, entered) = hand_in(&trial, "deaths", &death(name, right)).await;
        assert_eq!(status, 201, "{entered:#}");
    }
    let drn = hand_in(&trial, "deaths", &death("tomas", "2026-10-01")).await.1["drn"].clone();
    let wrong = json!({"registration_number": drn, "reason": "misheard", "date": "1970-01-01"});
    let sentence = refused(&trial, "corrections", &wrong, 409).await;
    assert!(sentence.contains("the marriage on 1983-05-14"), "{sentence}");
    let unfit = json!({"registration_number": drn, "reason": "misheard", "sex": "male"});
    let sentence = refused(&trial, "corrections", &unfit, 400).await;
    assert!(sentence.contains("`sex` cannot be corrected"), "{sentence}");
}

#[actix_web::test]
async fn a_birth_that_cannot_be_is_refused_with_a_sentence_and_nothing_changes() {
    let trial = Trial::start(SYSTEMS, 100);
    pass_days(&trial, 5);
    let (_, first) = hand_in(&trial, "births", &ada(&trial)).await;
    let brn = first["brn"].as_str().unwrap();
    let lena = uin(&trial, "lena");
    let before = events(&trial).await;
    let cases = [
        (json!({"date": "2026-10-07"}), 400, "2026-10-07 lies ahead: today is 2026-10-06"),
        (json!({}), 409, brn),
        (json!({"given_name": "Zoe", "date": "2026-06-01"}), 409, "180 days apart"),
        (json!({"father": lena}), 400, "the same person"),
        (json!({"mother": "1234567890"}), 404, "nobody in the register has the number 1234567890"),
        (json!({"given_name": "Zoe", "date": "2005-06-01"}), 400, "a parent is at least 12"),
        (json!({"mother": uin(&trial, "pavel")}), 400, "too long before the birth"),
        (
            json!({"sex": "F"}),
            400,
            "`sex` is missing or wrong: write male, female, other or unknown",
        ),
        (json!({"date": "yesterday"}), 400, "a date such as"),
        (json!({"date": "yesterday"}), 400, "`date` is missing or wrong"),
        (json!({"sex": ""}), 400, "`sex` is missing or wrong"),
        (json!({"given_name": " "}), 400, "`given_name` is missing or wrong"),
        (json!({"family_name": ""}), 400, "`family_name` is missing or wrong"),
        (json!({"given_name": "é".repeat(101)}), 400, "`given_name` is too long"),
        (json!({"second_name": "x".repeat(101)}), 400, "at most 100 characters"),
        (json!({"place": "x".repeat(201)}), 400, "`place` is too long"),
        (json!({"uin": uin(&trial, "tomas")}), 409, "entered already"),
        (json!({"mother": null}), 400, "this is no report"),
        (
            json!({"mother": ""}),
            400,
            "`mother` is missing or wrong: write the parent's UIN, or `unknown`",
        ),
        (
            json!({"mother": uin(&trial, "milan_ortal"), "father": lena}),
            400,
            "cannot be the mother",
        ),
        (
            json!({"father": uin(&trial, "nadia")}),
            400,
            "registered as female and cannot be the father",
        ),
        (json!({"mother": uin(&trial, "grace")}), 400, "a mother is at most 60"),
    ];
    for (changes, status, words) in cases {
        let mut form = ada(&trial);
        for (name, value) in changes.as_object().unwrap() {
            form[name] = value.clone();
        }
        let sentence = refused(&trial, "births", &form, status).await;
        assert!(sentence.contains(words), "{changes}: {sentence}");
    }
    assert_eq!(events(&trial).await, before, "the log is as it was");
    let raw = Letter::post("civil_registry", "/events/births").bytes("application/json", "{\"gi");
    assert_eq!(trial.ask(raw).await.0, 400);
    let seen = trial.journal().await;
    assert!(
        seen.iter().any(|entry| entry.remark.contains("180 days apart")),
        "the journal says it"
    );
}
