//! What a developer asserts of a mock, asked over HTTP.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use http::Method;
use serde_json::{Value, json};

use super::{dismiss, invite, take_leave};
use crate::kit::courier::Letter;
use crate::kit::room::Policy;
use crate::kit::server::{Listen, serve};
use crate::kit::store::set_setting;
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
async fn a_message_is_waited_for_in_the_whole_room_too() {
    let trial = Trial::start(crate::ALL, 50);
    let wait = |action: &str| {
        let base = &trial.running.base;
        let query = format!("system=messenger&action={action}&timeout_ms=300");
        Letter::to_address(Method::GET, &format!("{base}/_arenoa/messages/wait?{query}"))
    };
    let (status, told) = trial.ask(wait("sms")).await;
    assert_eq!((status, &told["error"]), (404, &json!("no message that fits came within 300ms")));
    send_sms(&trial, "+99912340001").await;
    let (status, told) = trial.ask(wait("sms")).await;
    assert_eq!((status, &told["action"]), (200, &json!("POST /sms")));
}

#[actix_web::test]
async fn what_came_to_the_room_is_expected_in_whatever_media_type() {
    let trial = Trial::start(crate::ALL, 50);
    send_sms(&trial, "+99912340001").await;
    let ask = |body: &'static str| {
        let at = format!("{}/_arenoa/messages/verify", trial.running.base);
        trial.ask(Letter::to_address(Method::POST, &at).bytes("text/plain", body))
    };
    assert_eq!(ask(r#"{"where":{"action":"POST /sms"},"count":1}"#).await.0, 200);
    let (status, told) = ask("{").await;
    assert_eq!(status, 400);
    assert!(told["error"].as_str().unwrap().contains("write {\"where\""), "{told}");
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
async fn the_tables_of_a_system_are_shown_without_its_secrets() {
    let trial = Trial::start(crate::ALL, 50);
    let set = [("hub_secret", "horse"), ("peers", r#"{"a":{"client_secret":"staple"}}"#)];
    let store = &trial.office("civil_registry").store;
    for (name, value) in set {
        store.alter(|tx| set_setting(tx, name, value)).unwrap();
    }
    let (_, state) = trial.ask(Letter::get("civil_registry", "/_arenoa/state")).await;
    assert_eq!(
        state["setting"]["rows"],
        json!([
            {"name": "hub_secret", "value": "•••"},
            {"name": "peers", "value": r#"{"a":{"client_secret":"•••"}}"#},
        ])
    );
    let (_, state) = trial.ask(Letter::get("gateway", "/_arenoa/state")).await;
    assert_eq!(state["client"]["rows"][0]["secret_sha256"], "•••");
}

#[actix_web::test]
async fn a_room_insists_on_signatures_from_when_it_is_told_to() {
    let dir = std::env::temp_dir().join(format!("arenoa-policy-{}", std::process::id()));
    let trial = Trial::start_in(dir.clone(), crate::ALL, 50);
    let at = format!("{}/_arenoa/policy", trial.running.base);
    let told = async |body: &'static str| {
        trial.ask(Letter::to_address(Method::POST, &at).bytes("application/json", body)).await
    };
    let now = async || trial.ask(Letter::to_address(Method::GET, &at)).await.1;
    assert_eq!(now().await, json!({"policy": "open"}));
    assert_eq!(told(r#"{"policy":"strict"}"#).await, (200, json!({"policy": "strict"})));
    let (status, why) = told(r#"{"policy":"lax"}"#).await;
    assert_eq!(
        (status, &why["error"]),
        (400, &json!(r#"write {"policy":"strict"} or {"policy":"open"}"#))
    );
    trial.hall().reset().await.unwrap();
    assert_eq!(now().await, json!({"policy": "strict"}), "a reset is about what happened");
    drop(trial);
    let again = Trial::start_in(dir.clone(), crate::ALL, 50);
    assert_eq!(again.hall().room.policy(), Policy::Strict);
    drop(std::fs::remove_dir_all(dir));
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

#[actix_web::test]
async fn a_guest_plays_a_part_once_it_answers_and_gives_it_back() {
    let (trial, other) = (Trial::start(crate::ALL, 50), Trial::start(crate::ALL, 50));
    let at = format!("{}/_arenoa/guests/civil-registry", trial.running.base);
    let put = async |base: &str| {
        trial.ask(Letter::to_address(Method::PUT, &at).json(&json!({"base": base}))).await
    };
    let (status, why) = put("localhost:7000").await;
    assert_eq!(status, 400);
    assert!(why["error"].as_str().unwrap().contains("write one such as http://"), "{why}");
    assert_eq!(put("http://127.0.0.1:9").await.0, 400, "nobody is there");
    assert!(!trial.hall().room.is_guest("civil_registry"));
    let base = format!("{}/civil-registry", other.running.base);
    assert_eq!(put(&base).await, (200, json!({"guests": {"civil_registry": base}})));
    assert_eq!(put("http://127.0.0.1:9").await.0, 400);
    assert_eq!(trial.hall().room.guests()["civil_registry"], base, "who answers keeps the part");
    trial.ask(Letter::get("civil_registry", "/nothing")).await;
    let asked = other.journal().await;
    assert!(asked.iter().any(|entry| entry.path.contains("/nothing")), "the guest was asked");
    let (_, left) = trial.ask(Letter::to_address(Method::DELETE, &at)).await;
    assert_eq!(left, json!({"guests": {}}));
}

#[actix_web::test]
async fn a_guest_of_our_kind_forgets_the_others_when_it_goes() {
    let (trial, other) = (Trial::start(crate::ALL, 50), Trial::start(crate::ALL, 50));
    let listen = Listen { alone: Some("civil_registry"), ..Listen::default() };
    let guest = serve(&other.country, &listen, |_| {}).unwrap();
    let (hall, its) = (trial.hall(), other.hall());
    invite(&hall, "civil_registry", &guest.base).await.unwrap();
    let told = its.room.guests();
    assert_eq!(told.get("gateway"), hall.room.base_of("gateway").as_ref());
    its.room.invite("messenger", Some(String::from("http://elsewhere.example")));
    dismiss(&hall, "civil_registry").await.unwrap();
    let left: Vec<_> = its.room.guests().into_iter().collect();
    assert_eq!(left, [("messenger".into(), "http://elsewhere.example".into())]);
    invite(&hall, "civil_registry", &guest.base).await.unwrap();
    assert!(its.room.is_guest("gateway"));
    take_leave(&hall).await;
    assert!(!its.room.is_guest("gateway"));
}

#[actix_web::test]
async fn a_wrong_method_is_refused_in_the_words_of_the_system_with_what_would_be_right() {
    let trial = Trial::start(crate::ALL, 50);
    let letter = Letter::to("payment_switch", Method::DELETE, "/transfers/1");
    let reply = trial.send(letter).await;
    assert_eq!((reply.status, reply.header("allow")), (405, Some("PUT, GET")));
    let told: Value = reply.json().unwrap();
    assert_eq!(told["errorInformation"]["errorCode"], "3100");
    let (status, told) =
        trial.ask(Letter::get("payment_switch", "/admin/settlementWindows/abc")).await;
    assert_eq!(status, 404);
    assert!(
        told["errorInformation"]["errorDescription"].as_str().unwrap().contains("abc"),
        "{told}"
    );
}

#[actix_web::test]
async fn the_clock_moves_within_the_years_that_are_lived_and_says_how_it_is_asked() {
    let trial = Trial::start(crate::ALL, 50);
    let at = format!("{}/_arenoa/clock", trial.running.base);
    for wrong in [r#"{"advance":"PT99999999H"}"#, "{}", "nonsense"] {
        let letter = Letter::to_address(Method::POST, &at).bytes("text/plain", wrong);
        let (status, told) = trial.ask(letter).await;
        assert_eq!(status, 400, "{wrong}");
        assert!(told["error"].as_str().unwrap().contains("PT24H"), "{told}");
    }
    let letter =
        Letter::to_address(Method::POST, &at).bytes("text/plain", r#"{"advance":"PT24H"}"#);
    assert_eq!(trial.ask(letter).await.1["today"], "2026-10-02");
}

#[actix_web::test]
async fn a_system_alone_publishes_its_own_keys_at_its_root() {
    let trial = Trial::start(crate::ALL, 50);
    let at_its_name = trial.ask(Letter::get("civil_registry", "/.well-known/jwks.json")).await.1;
    let listen = Listen { alone: Some("civil_registry"), ..Listen::default() };
    let alone = serve(&trial.country, &listen, |_| {}).unwrap();
    let address = format!("{}/.well-known/jwks.json", alone.base);
    let (status, keys) = trial.ask(Letter::to_address(Method::GET, &address)).await;
    assert_eq!((status, keys), (200, at_its_name));
    let token = format!("{}/oauth2/client/token", alone.base);
    let form = Letter::to_address(Method::POST, &token).form(&[
        ("grant_type", "client_credentials"),
        ("client_id", "demo"),
        ("client_secret", "demo"),
    ]);
    assert_eq!(trial.ask(form).await.0, 200, "what is not its own stays where it was");
}

#[actix_web::test]
async fn what_people_change_for_good_stays_when_a_story_begins_and_goes_at_a_reset() {
    let trial = Trial::start(crate::ALL, 50);
    let programmes = async || trial.send(Letter::get("programme_office", "/programmes")).await;
    let before = String::from_utf8(programmes().await.body.to_vec()).unwrap();
    let changed = before.replacen("pension_age: 65", "pension_age: 70", 1).replacen(
        "version: 1",
        "version: 2",
        1,
    );
    assert_ne!(before, changed);
    let put = Letter::to("programme_office", Method::PUT, "/programmes");
    assert_eq!(trial.ask(put.bytes("application/yaml", changed.clone())).await.0, 200);
    send_sms(&trial, "+99912340001").await;
    trial.hall().begin().await.unwrap();
    assert_eq!(programmes().await.body, changed, "a rule is no part of a story");
    let changed_offices = || {
        let hall = trial.hall();
        let names: Vec<_> =
            hall.offices().filter(|o| o.is_changed()).map(|o| o.system.name).collect();
        names
    };
    assert_eq!(changed_offices(), ["programme_office"]);
    let inbox = trial.ask(Letter::get("messenger", "/inbox/%2B99912340001")).await.1;
    assert!(!inbox.to_string().contains("Good morning"), "{inbox}");
    trial.hall().reset().await.unwrap();
    assert_eq!(programmes().await.body, before);
    assert!(changed_offices().is_empty());
}

#[actix_web::test]
async fn a_fault_that_would_break_nothing_is_refused_with_what_would_be_right() {
    let trial = Trial::start(crate::ALL, 50);
    for (fault, wanted) in [
        (json!({"kind": "refusing", "status": 200}), "write one from 400 to 599"),
        (json!({"kind": "silent", "banana": 1}), "unknown field `banana`"),
        (json!({"kind": "silent", "times": 0}), "`times: 0` strikes nothing"),
        (
            json!({"kind": "silent", "on": "PUT /sms"}),
            "Messenger does not take `PUT /sms`, so nothing would break: it takes `POST /sms`",
        ),
    ] {
        let letter = Letter::post("messenger", "/_arenoa/faults").json(&fault);
        let (status, told) = trial.ask(letter).await;
        let sentence = told["error"].as_str().unwrap();
        assert!(status == 400 && sentence.contains(wanted), "{fault}: {sentence}");
    }
    assert_eq!(trial.office("messenger").faults.list(), []);
}
