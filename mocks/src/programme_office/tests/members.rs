//! The office knows its own members, applicants find their applications, and decisions say whom they are about.

use serde_json::{Value, json};

use super::country::{called, look, post, requests_to, start, through, verdict};
use crate::kit::courier::Letter;
use crate::kit::journal::Kind;
use crate::programme_office::cycle::{Member, add_member};

#[actix_web::test]
async fn whoever_is_on_the_payroll_is_not_enrolled_a_second_time() {
    let trial = start();
    let (tomas, mira) = (called("Tomas"), called("Mira"));
    let uin = tomas.uin();
    let member = Member {
        uin: &uin,
        programme: "OAP",
        name: tomas.name,
        district: "Brenada",
        new_account: None,
    };
    let office = trial.office("programme_office");
    office.store.alter(|tx| add_member(tx, &member)).unwrap();

    let application = through(&trial, tomas).await;
    assert_eq!(
        (application["state"].as_str(), verdict(&application, "D7")),
        (Some("duplicated"), "fail"),
        "{application}"
    );
    let decided = application["decisions"].as_array().unwrap().iter().find(|d| d["id"] == "D7");
    assert_eq!(
        decided.unwrap()["sentence"],
        "The office pays the Old Age Pension already: the UIN is on the list of members."
    );
    for system in ["social_registry", "beneficiary_registry", "payment_hub"] {
        assert_eq!(requests_to(&trial, system, "").await, 0, "{system} need not be asked");
    }
    assert_eq!(through(&trial, mira).await["state"], "enrolled", "others are");
}

#[actix_web::test]
async fn whoever_left_a_programme_may_come_back() {
    let trial = start();
    let tomas = called("Tomas");
    let first = through(&trial, tomas).await;
    let path = format!("/applications/{}/membership", first["application_id"].as_str().unwrap());
    let leave = json!({"change": "exit", "reason": "moved abroad"});
    assert_eq!(post(&trial, &path, &leave).await.0, 200);
    let second = through(&trial, tomas).await;
    assert_eq!(second["state"], "enrolled", "{second}");
}

#[actix_web::test]
async fn the_applications_of_one_person_are_listed() {
    let trial = start();
    let (tomas, elia) = (called("Tomas"), called("Elia"));
    let sought = through(&trial, tomas).await;
    through(&trial, elia).await;
    let list = |query: String| {
        let letter = Letter::get("programme_office", format!("/applications?{query}"));
        let asked = trial.ask(letter);
        async move { asked.await.1 }
    };
    let his = list(format!("uin={}", tomas.uin())).await;
    assert_eq!(his["count"], 1, "{his}");
    assert_eq!(his["applications"][0]["application_id"], sought["application_id"]);
    let refused = list(format!("uin={}&state=not_eligible", tomas.uin())).await;
    assert_eq!(refused["count"], 0);
    assert_eq!(list(String::new()).await["count"], 2);
}

#[actix_web::test]
async fn each_decision_is_shown_with_a_sentence_and_the_person_whom_it_is_about() {
    let trial = start();
    let tomas = called("Tomas");
    let application = through(&trial, tomas).await;
    let journal = trial.journal().await;
    let events: Vec<_> = journal
        .iter()
        .filter(|e| e.kind == Kind::Event && e.action.starts_with("decision "))
        .collect();
    assert_eq!(events.len(), 7);
    for event in events {
        let body: Value = serde_json::from_str(&event.body).unwrap();
        assert_eq!(
            (&body["about"], &body["application"]),
            (&json!(tomas.name), &application["application_id"]),
            "{body}"
        );
        assert!(body["sentence"].as_str().is_some_and(|s| s.ends_with('.')), "{body}");
    }
    let id = application["application_id"].as_str().unwrap();
    assert!(look(&trial, id).await["decisions"][0].get("about").is_none(), "it stands there once");
}
