//! What a developer asserts of a mock, asked over HTTP.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use reqwest::Method;
use serde_json::{Value, json};

use crate::kit::courier::Letter;
use crate::kit::trial::Trial;

async fn verify(trial: &Trial, expected: &Value) -> (u16, Value) {
    let letter = Letter::to("messenger", Method::POST, "/_arenoa/messages/verify");
    trial.ask(letter.json(expected)).await
}

async fn send_sms(trial: &Trial, to: &str) {
    let sms = json!({"to": to, "text": "Good morning"});
    let (status, answer) = trial.ask(Letter::post("messenger", "/sms").json(&sms)).await;
    assert!(status < 300, "{answer}");
}

#[actix_web::test]
async fn what_came_is_held_against_what_was_expected() {
    let trial = Trial::start(crate::ALL, 50);
    send_sms(&trial, "+99912340001").await;
    send_sms(&trial, "+99912340002").await;
    let sms = json!({"action": "POST /sms"});
    for holds in [
        json!({"where": sms, "count": 2}),
        json!({"where": sms, "at_least": 1, "at_most": 2}),
        json!({"where": {"path": "/sms", "system": "visitor", "correlation": "+99912340001"}}),
        json!({"where": {"action": "POST /sms", "kind": "answer"}, "count": 2}),
        json!({"where": {"action": "POST /letters"}, "count": 0}),
    ] {
        assert_eq!(verify(&trial, &holds).await.0, 200, "{holds}");
    }
    let (status, told) = verify(&trial, &json!({"where": sms, "count": 3})).await;
    assert_eq!(status, 409);
    assert_eq!(told["error"], "2 messages fit, and exactly 3 should have come");
    assert_eq!(told["fitting"].as_array().map(Vec::len), Some(2));
    let (status, told) = verify(&trial, &json!({"where": {"system": "nobody"}})).await;
    assert_eq!((status, &told["count"]), (409, &json!(0)));
    assert_eq!(told["others"][0]["action"], "POST /sms", "it says what came instead");
}

#[actix_web::test]
async fn an_expectation_that_cannot_be_read_is_told_what_would_be_right() {
    let trial = Trial::start(crate::ALL, 50);
    let (status, told) = verify(&trial, &json!({"where": {"colour": "blue"}})).await;
    assert_eq!(status, 400);
    assert!(told["error"].as_str().unwrap().contains("unknown field `colour`"), "{told}");
}

#[actix_web::test]
async fn a_stranger_who_calls_himself_examiner_is_in_the_journal_all_the_same() {
    let trial = Trial::start(crate::ALL, 50);
    let port = trial.running.port;
    let trace = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\
                 tracestate: arenoa=examiner~~1";
    let request = format!(
        "GET /messenger/inbox/1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{trace}\r\n\r\n"
    );
    // By hand, because the courier would not say such a thing; on a thread of its own, because this one serves.
    let exchange = move || {
        let mut line = TcpStream::connect(("127.0.0.1", port)).unwrap();
        line.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        line.read_to_string(&mut answer).unwrap();
        answer
    };
    let answer = tokio::task::spawn_blocking(exchange).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    let journal = trial.journal().await;
    assert!(journal.iter().any(|e| e.from == "examiner" && e.action == "GET /inbox/{phone}"));
}
