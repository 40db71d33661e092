//! Annulments and corrections: what was entered in error is taken back, also entries older than the log.

use serde_json::json;

use super::{SYSTEMS, ada, events, hand_in, pass_days, record, refused, uin};
use crate::kit::registry::visitor::Visitor;
use crate::kit::trial::Trial;

#[actix_web::test]
async fn somebody_who_was_entered_as_dead_in_error_is_alive_again() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let pavel = uin(&trial, "pavel");
    let dead = record(&visitor, "UIN", &pavel).await;
    let numbers = dead["identifier"].as_array().unwrap();
    let drn = numbers.iter().find(|id| id["identifier_type"] == "DRN").unwrap();
    let drn = drn["identifier_value"].as_str().unwrap();
    let form = json!({"registration_number": drn, "reason": "another man of the same name"});
    let (status, annulled) = hand_in(&trial, "annulments", &form).await;
    assert_eq!(status, 200, "{annulled:#}");
    assert_eq!(annulled["flags"], json!(["revoked"]));
    assert_eq!((annulled["status"].as_str(), &annulled["drn"]), (Some("REGISTERED"), &json!(drn)));
    let alive = record(&visitor, "UIN", &pavel).await;
    assert_eq!(alive["death_date"], serde_json::Value::Null);
    let twice = refused(&trial, "annulments", &form, 409).await;
    assert!(twice.contains("was annulled already"), "{twice}");
    let none = json!({"registration_number": "DRN-1999-9999", "reason": "?"});
    assert!(refused(&trial, "annulments", &none, 404).await.contains("DRN-1999-9999"));
    let death = json!({"uin": pavel, "date": "2026-10-01"});
    assert_eq!(hand_in(&trial, "deaths", &death).await.0, 201, "now he can die");
}

#[actix_web::test]
async fn an_annulled_death_makes_a_wife_of_the_widow_again() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let (tomas, grace) = (uin(&trial, "tomas"), uin(&trial, "grace"));
    let before = record(&visitor, "UIN", &tomas).await;
    let (_, died) = hand_in(&trial, "deaths", &json!({"uin": tomas, "date": "2026-09-30"})).await;
    let form = json!({"registration_number": died["drn"], "reason": "wrong person"});
    assert_eq!(hand_in(&trial, "annulments", &form).await.0, 200);
    assert_eq!(record(&visitor, "UIN", &grace).await["marital_status"], "M");
    let after = record(&visitor, "UIN", &tomas).await;
    let numbers = |record: &serde_json::Value| {
        let ids = record["identifier"].as_array().unwrap().iter();
        ids.map(|id| id["identifier_value"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(numbers(&after), numbers(&before), "as if it had never been");
    for gone in ["death_date", "death_place"] {
        assert_eq!(after[gone], serde_json::Value::Null, "{gone}");
    }
    assert_eq!(after["marital_status"], before["marital_status"]);
}

#[actix_web::test]
async fn an_annulled_wedding_and_an_annulled_divorce_put_back_what_was() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let sami = uin(&trial, "sami_oran");
    let couple = json!({"spouse1": uin(&trial, "nadia"), "spouse2": sami, "date": "2026-09-12"});
    let (_, married) = hand_in(&trial, "marriages", &couple).await;
    let (_, parted) = hand_in(&trial, "divorces", &couple).await;
    let annul =
        |number: &serde_json::Value| json!({"registration_number": number, "reason": "error"});
    let sentence = refused(&trial, "annulments", &annul(&married["mrn"]), 409).await;
    assert!(sentence.contains("carries others"), "{sentence}");
    hand_in(&trial, "annulments", &annul(&parted["registration_number"])).await;
    assert_eq!(record(&visitor, "UIN", &sami).await["marital_status"], "M");
    let (status, answer) = hand_in(&trial, "annulments", &annul(&married["mrn"])).await;
    assert_eq!(status, 200, "{answer:#}");
    let free = record(&visitor, "UIN", &sami).await;
    assert_eq!(free["marital_status"], "S");
    assert_eq!(free["marriage_date"].as_array().map_or(0, Vec::len), 0, "{free:#}");
}

#[actix_web::test]
async fn a_birth_that_never_was_goes_and_one_with_a_life_behind_it_stays() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    pass_days(&trial, 5);
    let (_, born) = hand_in(&trial, "births", &ada(&trial)).await;
    let form = json!({"registration_number": born["brn"], "reason": "entered twice"});
    assert_eq!(hand_in(&trial, "annulments", &form).await.0, 200);
    let item = visitor.find("civil_registry", "BRN", born["brn"].as_str().unwrap()).await;
    assert_eq!(item["pagination"]["total_count"], 0);
    let tomas = record(&visitor, "UIN", &uin(&trial, "tomas")).await;
    let brn = &tomas["identifier"][1]["identifier_value"];
    let form = json!({"registration_number": brn, "reason": "?"});
    let sentence = refused(&trial, "annulments", &form, 409).await;
    assert!(sentence.contains("carries others"), "{sentence}");
}

#[actix_web::test]
async fn a_swapped_birth_date_is_corrected_in_an_old_entry() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let kemal = record(&visitor, "UIN", &uin(&trial, "kemal")).await;
    assert_eq!(kemal["birth_date"], "1958-07-05");
    let brn = &kemal["identifier"][1]["identifier_value"];
    let form = json!({"registration_number": brn, "reason": "day and month were swapped",
        "date": "1958-05-07", "given_name": "Kemal"});
    let (status, corrected) = hand_in(&trial, "corrections", &form).await;
    assert_eq!(status, 200, "{corrected:#}");
    assert_eq!((corrected["date"].as_str(), &corrected["flags"]), (Some("1958-05-07"), &json!([])));
    let after = record(&visitor, "UIN", &uin(&trial, "kemal")).await;
    assert_eq!(after["birth_date"], "1958-05-07");
    let again = refused(&trial, "corrections", &form, 400).await;
    assert!(again.contains("nothing would change"), "{again}");
    let seen = events(&trial).await.len();
    for (changes, words) in [
        (json!({"date": "2030-01-01"}), "lies ahead"),
        (json!({"date": "2020-01-01"}), ""),
        (json!({"sex": "x"}), "male, female"),
        (json!({"reason": ""}), "say in a sentence why"),
    ] {
        let mut form = json!({"registration_number": brn, "reason": "?"});
        form.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let sentence = refused(&trial, "corrections", &form, 400).await;
        assert!(sentence.contains(words), "{changes}: {sentence}");
    }
    assert_eq!(events(&trial).await.len(), seen);
    let still = record(&visitor, "UIN", &uin(&trial, "kemal")).await;
    assert_eq!(still, after);
}
