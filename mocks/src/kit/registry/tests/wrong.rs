//! What is wrong with a message, and the code that the standard has for it.

use serde_json::{Value, json};

use super::{SYSTEMS, later};
use crate::kit::courier::Letter;
use crate::kit::registry::visitor::{Visitor, envelope, search};
use crate::kit::room::Policy;
use crate::kit::trial::Trial;
use crate::kit::trust::sign::{Dialect, seal};

const PATH: &str = "/registry/sync/search";

fn anybody() -> Value {
    json!({"query_type": "idtype-value", "query": {"type": "UIN", "value": "1"}})
}

#[actix_web::test]
async fn a_good_item_is_answered_beside_a_wrong_one() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    let mut body = search(&[anybody(), anybody(), anybody()]);
    body["message"]["search_request"][1]["reference_id"] = json!("R-1");
    body["message"]["search_request"][2]["timestamp"] = json!(null);
    let (_, answer) = visitor.post("civil_registry", PATH, &body).await;
    let codes: Vec<_> = (0..3)
        .map(|i| answer["message"]["search_response"][i]["status_reason_code"].clone())
        .collect();
    assert_eq!(
        codes,
        [Value::Null, json!("rjct.reference_id.duplicate"), json!("rjct.timestamp.invalid")]
    );
    assert_eq!(answer["header"]["status"], "succ");
}

#[actix_web::test]
async fn what_is_no_message_is_refused_quickly_and_leaves_no_trace() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    let whole = search(&[anybody()]).to_string();
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let nested = search(&[json!({"query_type": "expression", "query":
        (0..60).fold(json!({"sex": {"eq": "male"}}), |inner, _| json!({"$not": inner}))})]);
    for (path, body) in [
        (PATH, Vec::new()),
        (PATH, b"{}".to_vec()),
        (PATH, whole.as_bytes()[..whole.len() / 2].to_vec()),
        (PATH, b"\xff\xfe{}".to_vec()),
        (PATH, b"[]".to_vec()),
        (PATH, deep.into_bytes()),
        (PATH, br#"{"header": 5, "message": "x"}"#.to_vec()),
        ("/registry/search", b"{}".to_vec()),
        ("/registry/subscribe", b"{}".to_vec()),
        ("/registry/unsubscribe", b"{}".to_vec()),
        ("/registry/txn/status", b"{}".to_vec()),
        ("/registry/notify", b"{}".to_vec()),
    ] {
        let (status, answer) = visitor.raw("civil_registry", path, body).await;
        assert_eq!(status, 400, "{path}: {answer:#}");
        assert_eq!(answer["errors"][0]["code"], "err.request.bad", "{answer:#}");
        assert_eq!(answer["code"], "err.request.bad", "where other readers look");
        if !path.contains("sync") {
            assert_eq!(answer["message"]["ack_status"], "ERR");
        }
    }
    let (_, answer) = visitor.post("civil_registry", PATH, &nested).await;
    assert_eq!(
        answer["message"]["search_response"][0]["status_reason_code"],
        "rjct.filter.invalid"
    );
    let (_, state) = trial.ask(Letter::get("civil_registry", "/_arenoa/state")).await;
    assert_eq!((&state["txn"]["count"], &state["message_seen"]["count"]), (&json!(0), &json!(0)));
}

#[actix_web::test]
async fn an_asynchronous_message_needs_an_address_that_may_be_called() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    for (uri, words) in [
        (json!("nowhere"), "`nowhere` is no address that this room delivers to"),
        (json!("http://example.org/x"), "is no address"),
        (json!("ftp://localhost/"), "is no address"),
    ] {
        let mut body = search(&[anybody()]);
        body["header"]["sender_uri"] = uri;
        let (_, ack) = visitor.post("civil_registry", "/registry/search", &body).await;
        let error = &ack["message"]["error"];
        assert_eq!(error["code"], "err.sender_uri.invalid", "{ack:#}");
        assert!(error["message"].as_str().unwrap().contains(words), "{ack:#}");
    }
}

#[actix_web::test]
async fn who_asks_says_who_it_is_whatever_action_is_written() {
    let trial = Trial::start(SYSTEMS, 50);
    for (path, mut body) in
        [("subscribe", later::subscribe("1")), ("sync/search", search(&[anybody()]))]
    {
        body["header"].as_object_mut().unwrap().remove("sender_id");
        body["header"]["action"] = json!("on-search");
        let url = format!("{}/crvs/{path}", trial.running.base);
        let letter = Letter::to_address(http::Method::POST, &url).json(&body);
        let (status, answer) = trial.ask(letter).await;
        let code = &answer["errors"][0]["code"];
        assert_eq!((status, code), (400, &json!("err.sender_id.invalid")), "{answer:#}");
    }
}

#[actix_web::test]
async fn who_names_no_address_asks_after_the_answer() {
    let trial = Trial::start(SYSTEMS, 150);
    let visitor = Visitor::new(&trial).await;
    let everybody = json!({"query_type": "expression", "query": {"age": {"ge": 0}}});
    for uri in [Value::Null, json!(" ")] {
        let mut body = search(std::slice::from_ref(&everybody));
        body["header"]["sender_uri"] = uri;
        let (status, ack) = visitor.post("civil_registry", "/registry/search", &body).await;
        assert_eq!((status, &ack["message"]["ack_status"]), (200, &json!("ACK")), "{ack:#}");
        trial.hall().room.clock.idle().await;
        let asked = status_of(&ack["message"]["correlation_id"]);
        let (_, told) = visitor.post("civil_registry", "/registry/sync/txn/status", &asked).await;
        let item = &told["message"]["txnstatus_response"]["txn_status"]["search_response"][0];
        assert_eq!(told["header"]["status"], "succ", "{told:#}");
        assert_eq!(item["data"]["reg_records"].as_array().unwrap().len(), 100);
    }
    assert!(trial.journal().await.iter().any(|e| e.remark.contains("kept for txn/status")));
    trial.hall().room.set_policy(Policy::Strict).unwrap();
    let office = trial.office("social_registry");
    let body = search(&[everybody]);
    let mut header = body["header"].clone();
    header["sender_id"] = json!("social-registry.arenoa");
    let sealed = seal(&office, Dialect::default(), &header, &body["message"]).unwrap();
    let (_, ack) = visitor.raw("civil_registry", "/registry/search", sealed.to_vec()).await;
    assert_eq!(ack["message"]["error"]["code"], "err.sender_uri.invalid", "{ack:#}");
}

fn status_of(correlation_id: &Value) -> Value {
    let asked = json!({"reference_id": "R-1", "txn_type": "search",
        "attribute_type": "correlation_id", "attribute_value": correlation_id});
    envelope("txn-status", 1, &json!({"transaction_id": "T-2", "txnstatus_request": asked}))
}

#[actix_web::test]
async fn what_is_malformed_throughout_is_refused_at_once() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    let item = |name: &str, value: Value| {
        let mut body = search(&[anybody()]);
        body["message"]["search_request"][0][name] = value;
        ("/registry/search", body)
    };
    let page = |size, number| item("pagination", json!({"page_size": size, "page_number": number}));
    let mut wish = later::subscribe("1");
    wish["message"]["subscribe_request"][0]["timestamp"] = json!("2024-01-15T10:30:00");
    let mut half = search(&[anybody(), anybody()]);
    half["message"]["search_request"][0]["timestamp"] = json!("not-a-timestamp");
    for (path, body) in [
        item("timestamp", json!("not-a-timestamp")),
        item("timestamp", json!(5)),
        item("search_criteria", json!({})),
        page(0, 1),
        page(10, 0),
        page(-1, 1),
        ("/registry/subscribe", wish),
        ("/registry/unsubscribe", later::unsubscribe(&"s".repeat(100))),
    ] {
        let (status, ack) = visitor.post("civil_registry", path, &body).await;
        let message = &ack["message"];
        assert_eq!((status, &message["ack_status"]), (400, &json!("ERR")), "{body} {ack:#}");
        assert_eq!(message["error"]["code"], "err.request.bad");
        assert!(message["error"]["message"].as_str().unwrap().starts_with("rjct."), "{ack:#}");
    }
    let (_, ack) = visitor.post("civil_registry", "/registry/search", &half).await;
    assert_eq!(ack["message"]["ack_status"], "ACK", "the other item can be answered");
}

#[actix_web::test]
async fn a_question_about_a_transaction_names_it_by_text() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    let asked = json!({"reference_id": "R-1", "txn_type": "search",
        "attribute_type": "transaction_id", "attribute_value": {}});
    let message = json!({"transaction_id": "T-1", "txnstatus_request": asked});
    let body = envelope("txn-status", 1, &message);
    for path in ["/registry/sync/txn/status", "/registry/txn/status"] {
        let (status, answer) = visitor.post("civil_registry", path, &body).await;
        let sentence = answer["errors"][0]["message"].as_str().unwrap();
        assert_eq!(status, 400, "{answer:#}");
        assert!(
            sentence.contains("attribute_value: write a text or a list of texts"),
            "{answer:#}"
        );
    }
}

#[actix_web::test]
async fn nobody_comes_in_without_a_token_or_with_a_wrong_signature() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    let asked = search(&[anybody()]);
    let (status, answer) = trial.ask(Letter::post("civil_registry", PATH).json(&asked)).await;
    assert_eq!((status, &answer["errors"][0]["code"]), (401, &json!("err.request.unauthorized")));
    let mut signed = asked.clone();
    signed["signature"] = json!("invalid-signature");
    let (status, answer) = visitor.post("civil_registry", PATH, &signed).await;
    assert_eq!((status, &answer["errors"][0]["code"]), (401, &json!("err.signature.invalid")));
    signed["signature"] = json!("unsigned-stub");
    assert_eq!(visitor.post("civil_registry", PATH, &signed).await.0, 200);
    trial.hall().room.set_policy(Policy::Strict).unwrap();
    let (status, answer) = visitor.post("civil_registry", PATH, &signed).await;
    assert_eq!((status, &answer["errors"][0]["code"]), (401, &json!("err.signature.missing")));
}

#[actix_web::test]
async fn clients_of_the_official_mocks_get_what_they_look_for() {
    let trial = Trial::start(SYSTEMS, 50);
    let probe = |path: &str| {
        let url = format!("{}{path}", trial.running.base);
        Letter::to_address(http::Method::POST, &url).header("accept", "application/json")
    };
    for path in ["/search", "/subscribe", "/unsubscribe", "/txn/status", "/on-search", "/notify"] {
        let (status, ack) = trial.ask(probe(&format!("/crvs{path}"))).await;
        assert_eq!((status, &ack["message"]["ack_status"]), (200, &json!("ACK")), "{path}");
        assert_eq!(ack["message"].as_object().unwrap().len(), 4);
        assert_eq!(ack["message"]["error"], json!({}));
    }
    let (_, searched) = trial.ask(probe("/sr/search")).await;
    assert!(
        searched["transaction_id"].is_i64() && searched["search_response"]["status"].is_string()
    );
    let (_, found) = trial.ask(probe("/crvs/sync/search")).await;
    assert!(found["message"]["search_response"][0]["data"]["reg_records"].is_array());
    let (_, told) = trial.ask(probe("/sr/sync/txn/status")).await;
    assert!(told["transaction_id"].is_i64() && told["txnstatus_response"].is_object());
    let real = probe("/crvs/sync/search").json(&search(&[anybody()]));
    let (_, answer) = trial.ask(real).await;
    assert_eq!(answer["message"]["search_response"][0]["pagination"]["total_count"], 0);
    let counted = envelope("lookup", 7, &search(&[anybody()])["message"].clone());
    assert_eq!(trial.ask(probe("/crvs/sync/search").json(&counted)).await.0, 200);
}
