//! A visitor to the messenger: only HTTP.

use serde_json::json;

use crate::kit::courier::Letter;
use crate::kit::journal::Kind;
use crate::kit::trial::Trial;

const SYSTEMS: &[crate::kit::system::System] = &[super::SYSTEM];

#[actix_web::test]
async fn a_message_lies_in_the_inbox_and_in_the_journal() {
    let trial = Trial::start(SYSTEMS, 50);
    let sms = json!({"to": "+99910000001", "text": "Your code is 111111"});
    let (status, answer) = trial.ask(Letter::post("messenger", "/sms").json(&sms)).await;
    assert_eq!((status, answer["id"].as_str()), (201, Some("SMS-000001")));

    let (_, inbox) =
        trial.ask(Letter::get("messenger", "/inbox/+99910000001").route("/inbox/{phone}")).await;
    assert_eq!(inbox["messages"][0]["text"], "Your code is 111111");

    let journal = trial.journal().await;
    let first: Vec<_> =
        journal.iter().take(2).map(|e| (e.kind, e.action.as_str(), e.status)).collect();
    assert_eq!(first, [(Kind::Request, "POST /sms", 0), (Kind::Answer, "POST /sms", 201)]);
    assert_eq!(journal[2].action, "GET /inbox/{phone}");
}

#[actix_web::test]
async fn many_messages_come_in_one_request_and_lie_in_their_inboxes() {
    let trial = Trial::start(SYSTEMS, 50);
    let to = |phone: &str, text: &str| json!({"to": phone, "text": text});
    let batch = json!({"messages": [to("+99910000001", "one"), to("+99910000002", "two")]});
    let letter = Letter::post("messenger", "/sms/batch");
    let (status, answer) = trial.ask(letter.clone().json(&batch)).await;
    assert_eq!((status, &answer["ids"][1]), (201, &json!("SMS-000002")));
    let (_, inbox) = trial.ask(Letter::get("messenger", "/inbox/+99910000002")).await;
    assert_eq!(inbox["messages"][0]["text"], "two");
    let wrong = json!({"messages": [to("+99910000001", "three"), to("12", "four")]});
    assert_eq!(trial.ask(letter.json(&wrong)).await.0, 400);
    let (_, state) = trial.ask(Letter::get("messenger", "/_arenoa/state")).await;
    assert_eq!(state["sms"]["count"], 2, "none of a wrong batch is delivered");
}

#[actix_web::test]
async fn a_wrong_number_is_refused_and_nothing_is_kept() {
    let trial = Trial::start(SYSTEMS, 50);
    let (status, answer) =
        trial.ask(Letter::post("messenger", "/sms").json(&json!({"to": "12", "text": "x"}))).await;
    assert_eq!(status, 400);
    assert!(answer["error"].as_str().unwrap().contains("8 to 15 digits"));
    let (_, state) = trial.ask(Letter::get("messenger", "/_arenoa/state")).await;
    assert_eq!(state["sms"]["count"], 0);
}

#[actix_web::test]
async fn a_fault_strikes_and_a_reset_ends_it() {
    let trial = Trial::start(SYSTEMS, 50);
    let fault = json!({"kind": "refusing", "status": 503, "on": "POST /sms"});
    trial.ask(Letter::post("messenger", "/_arenoa/faults").json(&fault)).await;
    let sms = Letter::post("messenger", "/sms").json(&json!({"to": "+99910000001", "text": "x"}));
    assert_eq!(trial.ask(sms.clone()).await.0, 503);
    trial.hall().reset().await.unwrap();
    assert_eq!(trial.ask(sms).await.0, 201);
}

#[actix_web::test]
async fn a_body_over_the_limit_is_told_the_limit() {
    let trial = Trial::start(SYSTEMS, 50);
    let long = vec![b'x'; crate::kit::server::LONGEST_REQUEST + 1];
    let (status, answer) =
        trial.ask(Letter::post("messenger", "/sms").bytes("application/json", long)).await;
    assert_eq!(status, 413);
    assert!(answer["error"].as_str().unwrap().contains("5242880"));
}

#[actix_web::test]
async fn a_message_can_be_waited_for() {
    let trial = Trial::start(SYSTEMS, 50);
    let wait = trial.send(Letter::get(
        "messenger",
        "/_arenoa/messages/wait?action=POST%20/sms&timeout_ms=5000",
    ));
    let send = trial
        .ask(Letter::post("messenger", "/sms").json(&json!({"to": "+99910000001", "text": "x"})));
    let (waited, _) = tokio::join!(wait, send);
    assert_eq!(waited.status, 200);
}
