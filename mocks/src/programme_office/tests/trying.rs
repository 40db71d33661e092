//! Rules that are tried before they are put in force.

use serde_json::json;

use super::country::{post, start};
use crate::kit::courier::Letter;

#[actix_web::test]
async fn a_change_says_whom_it_would_gain_and_lose_and_changes_nothing() {
    let trial = start();
    let before = trial.send(Letter::get("programme_office", "/programmes")).await.body;
    let text = String::from_utf8_lossy(&before);
    let person = |name: &str, born: &str, other: bool| {
        json!({"name": name, "facts": {"alive": true, "birth_date": born, "resident": true,
            "in_programme:CPF": other}})
    };
    let mut people = vec![
        person("Young", "1964-01-01", false),
        person("Old", "1950-01-01", false),
        person("Other", "1950-01-01", true),
        json!({"name": "Unknown", "facts": {"alive": true, "birth_date": "1950-01-01"}}),
    ];
    people.extend((0..6).map(|n| person(&format!("P{n}"), "1963-01-01", false)));
    let changed = text.replace("pension_age: 65", "pension_age: 62");
    let (status, said) =
        post(&trial, "/programmes/try", &json!({"rules": changed, "people": people})).await;
    assert_eq!(status, 200, "{said}");
    let line = &said["changed"][0];
    assert_eq!(said["changed"].as_array().unwrap().len(), 1, "{said}");
    let counts = ["before", "after", "undetermined"].map(|n| line[n].as_u64().unwrap());
    assert_eq!((&line["code"], counts), (&json!("OAP"), [1, 8, 1]));
    let money = ["paid", "to_pay", "currency"].map(|n| line[n].as_str().unwrap());
    assert_eq!(money, ["100", "800", "XTS"]);
    assert_eq!(line["gained"]["count"], 7);
    assert_eq!(line["gained"]["examples"].as_array().unwrap().len(), 5, "a few are named");
    assert_eq!(line["gained"]["examples"][0]["name"], "Young");
    let why = line["gained"]["examples"][0]["why"].as_str().unwrap();
    assert!(why.contains("the pension begins at 65"), "{why}");
    assert!(said["before_saving"].as_str().unwrap().contains("write 2"), "{said}");

    let stricter =
        text.replace("pension_age: 65", "pension_age: 80").replacen("version: 1", "version: 2", 1);
    let (_, said) =
        post(&trial, "/programmes/try", &json!({"rules": stricter, "people": people})).await;
    assert_eq!(said["changed"][0]["lost"]["examples"][0]["name"], "Old");
    assert!(said["before_saving"].is_null(), "{said}");
    let (status, said) = post(
        &trial,
        "/programmes/try",
        &json!({"rules": text.replace("when: alive", "when: 1 +"), "people": []}),
    )
    .await;
    assert!(
        status == 400 && said["error"].as_str().unwrap().contains("it ends too soon"),
        "{said}"
    );
    let after = trial.send(Letter::get("programme_office", "/programmes")).await.body;
    assert_eq!(before, after);
}
