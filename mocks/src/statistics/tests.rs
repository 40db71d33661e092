//! A visitor to the statistics: only HTTP.

use serde_json::{Value, json};

use crate::kit::courier::Letter;
use crate::kit::trial::Trial;

const SYSTEMS: &[crate::kit::system::System] = &[super::SYSTEM];

async fn count(trial: &Trial, fields: Value) -> (u16, Value) {
    let mut event = json!({"indicator": "enrolled", "programme": "OAP", "period": "2026-10",
        "region": "QN010101", "sex": "female", "age_group": "65-69"});
    event.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    trial.ask(Letter::post("statistics", "/events").json(&event)).await
}

async fn told(trial: &Trial, query: &str) -> Value {
    let (status, answer) =
        trial.ask(Letter::get("statistics", format!("/indicators/enrolled{query}"))).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

#[actix_web::test]
async fn what_happens_moves_a_counter_and_what_is_reported_twice_moves_it_once() {
    let trial = Trial::start(SYSTEMS, 50);
    let paid = json!({"reference_id": "PAY-1", "amount_cents": 10_000});
    assert_eq!(count(&trial, paid.clone()).await.0, 201);
    let (status, again) = count(&trial, paid).await;
    assert_eq!((status, &again["counted"]), (200, &json!(false)));
    assert_eq!(told(&trial, "").await["total"], 1);
    let (_, catalogue) = trial.ask(Letter::get("statistics", "/indicators")).await;
    let enrolled =
        catalogue["indicators"].as_array().unwrap().iter().find(|i| i["id"] == "enrolled");
    assert_eq!(enrolled.unwrap()["amount_cents"], 10_000);
    let (_, state) = trial.ask(Letter::get("statistics", "/_arenoa/state")).await;
    assert!(!state.to_string().contains("PAY-1"), "the reporter's reference is not kept");
}

#[actix_web::test]
async fn a_list_is_counted_whole_or_not_at_all_and_each_event_of_it_once() {
    let trial = Trial::start(SYSTEMS, 50);
    let event = |indicator: &str, value: i64| json!({"indicator": indicator, "period": "2026-10", "value": value, "reference_id": "OAP-2026-10"});
    let send = |events: Value| trial.ask(Letter::post("statistics", "/events").json(&events));
    let (status, refused) = send(json!([event("enrolled", 7), event("paid", 0)])).await;
    assert_eq!(status, 400, "{refused}");
    assert_eq!(told(&trial, "").await["total"], 0, "nothing of a list that is wrong");
    let (status, counted) = send(json!([event("enrolled", 7), event("paid", 995)])).await;
    assert_eq!((status, &counted), (201, &json!({"counted": {"enrolled": 7, "paid": 995}})));
    let (status, counted) = send(json!([event("paid", 995), event("grievance", 5)])).await;
    assert_eq!((status, &counted), (201, &json!({"counted": {"grievance": 5}})));
    let (status, counted) = send(json!([event("paid", 995)])).await;
    assert_eq!((status, &counted), (200, &json!({"counted": {}})));
    assert_eq!(told(&trial, "").await["total"], 7);
    let (status, refused) = send(json!([])).await;
    assert_eq!(status, 400);
    assert!(refused["error"].as_str().unwrap().contains("1 to 1000 events"), "{refused}");
}

#[actix_web::test]
async fn a_breakdown_tells_nothing_about_fewer_than_five() {
    let trial = Trial::start(SYSTEMS, 50);
    for (sex, people) in [("female", 12), ("male", 7)] {
        count(&trial, json!({"sex": sex, "value": people})).await;
    }
    let by_sex = told(&trial, "?by=sex").await;
    assert_eq!(by_sex["cells"][0]["count"], 12);
    count(&trial, json!({"sex": null, "value": 2})).await;
    let by_sex = told(&trial, "?by=sex").await;
    assert_eq!(by_sex["total"], 21);
    let counts: Vec<_> = by_sex["cells"].as_array().unwrap().iter().map(|c| &c["count"]).collect();
    // Two were not said to be anything; hidden alone they could be computed from the total, so the men are hidden too.
    assert_eq!(counts, [&json!(null), &json!(12), &json!(null)]);
    assert_eq!(
        told(&trial, "?by=district&programme=OAP").await["cells"][0]["group"]["district"],
        "QN0101"
    );
    assert_eq!(told(&trial, "?period=2025-01").await["total"], 0);
    count(&trial, json!({"programme": "CAR"})).await;
    assert_eq!(told(&trial, "?programme=CAR").await["total"], json!(null));
    assert_eq!(told(&trial, "?programme=OAP").await["total"], 21);
}

#[actix_web::test]
async fn what_cannot_be_counted_or_told_is_refused_with_what_would_be_right() {
    let trial = Trial::start(SYSTEMS, 50);
    for (fields, why) in [
        (json!({"indicator": "Enrolled!"}), "small letters"),
        (json!({"period": "October"}), "2026-10"),
        (json!({"value": 0}), "1 to"),
        (json!({"amount_cents": -1}), "amount_cents must be 0 to"),
        (json!({"amount_cents": i64::MAX}), "amount_cents must be 0 to"),
        (json!({"sex": "x".repeat(65)}), "64 characters"),
    ] {
        let (status, answer) = count(&trial, fields).await;
        assert_eq!(status, 400);
        assert!(answer["error"].as_str().unwrap().contains(why), "{answer}");
    }
    for (path, status) in [
        ("/indicators/enrolled?by=name", 400),
        ("/indicators/enrolled?by=sex,period,district,region", 400),
        ("/indicators/nothing", 404),
    ] {
        assert_eq!(trial.ask(Letter::get("statistics", path)).await.0, status, "{path}");
    }
}
