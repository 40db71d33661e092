//! A visitor to the mapper, and a system that asks it: only HTTP.

mod doors;
mod openg2p;
mod published;
mod wrong;

use actix_web::HttpResponse;
use actix_web::web;
use serde_json::{Value, json};
use standards::dci::{Action, Header};

use crate::kit::courier::{Errand, Letter};
use crate::kit::dci::{DciError, Strictness, ask, callback, receive, submit};
use crate::kit::journal::{Kind, Verdict};
use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::kit::store::Layout;
use crate::kit::system::System;
use crate::kit::trial::Trial;

/// An office that asks, and takes callbacks.
const ASKER: System = System {
    name: "messenger",
    folder: "none",
    title: "Asker",
    does: "asks",
    standard: "G2P Connect",
    schema: "",
    layout: Layout::Rows,
    seed: |_, _| Ok(()),
    routes: asker_routes,
    refusal: |_, sentence| json!({"error": sentence}),
    secrets: &[],
    at_root: &[],
    wake: |_| {},
};

const SYSTEMS: &[System] = &[super::SYSTEM, crate::gateway::SYSTEM, ASKER];

fn asker_routes(config: &mut Routes) {
    config
        .service(web::resource("/mapper/on-link").route(web::post().to(take)))
        .service(web::resource("/mapper/txn/on-status").route(web::post().to(take)))
        .service(web::resource("/told").route(web::put().to(listen)));
}

async fn listen() -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn take(call: Call) -> HttpResponse {
    match receive::<Value>(&call, Strictness::Callback).await {
        Ok(_) => HttpResponse::Ok().json(standards::dci::Ack::accepted("C-1", call.errand.stamp())),
        Err(refused) => refused.respond(&call),
    }
}

fn errand(trial: &Trial) -> Errand {
    Errand { office: trial.office("messenger"), cause: trial.cause() }
}

/// Asks the mapper with one entry, and gives the one result.
async fn one(trial: &Trial, verb: &str, entry: Value) -> Value {
    let message = json!({"transaction_id": "T-1", (format!("{verb}_request")): [entry]});
    let path = format!("/mapper/sync/{verb}");
    let errand = errand(trial);
    let asked = ask::<Value>(&errand, "account_mapper", &path, Action::from(verb), &message);
    let answer = asked.await.unwrap();
    assert_eq!(answer.verdict, Verdict::Valid);
    answer.message[format!("{verb}_response")][0].clone()
}

fn entry(fields: Value) -> Value {
    let mut entry = json!({"reference_id": "R-1", "timestamp": "2026-10-01T08:00:00Z"});
    if let (Some(entry), Value::Object(fields)) = (entry.as_object_mut(), fields) {
        entry.extend(fields);
    }
    entry
}

fn id_of(trial: &Trial, persona: &str) -> String {
    format!("uin:{}@arenoa", trial.country.people.named(persona).unwrap().uin)
}

const NEW: &str = "uin:9999999999@arenoa";

#[actix_web::test]
async fn tomas_is_linked_and_only_who_asks_for_details_learns_where() {
    let trial = Trial::start(SYSTEMS, 100);
    let id = id_of(&trial, "tomas");
    let yes = one(&trial, "resolve", entry(json!({"id": id, "scope": "yes_no"}))).await;
    assert_eq!(
        (&yes["status"], &yes["status_reason_code"]),
        (&json!("succ"), &json!("succ.id.active"))
    );
    assert!(yes.get("fa").is_none() && yes.get("account_provider_info").is_none());

    let details = one(&trial, "resolve", entry(json!({"id": id, "scope": "details"}))).await;
    let fa = trial.country.people.named("tomas").unwrap().account.unwrap().to_string();
    assert_eq!(
        (&details["fa"], &details["status_reason_code"]),
        (&json!(fa), &json!("succ.fa.active"))
    );
    let code = details["account_provider_info"]["code"].as_str().unwrap();
    assert!(fa.ends_with(&format!("@{code}")), "{details}");
}

#[actix_web::test]
async fn the_account_of_rosa_is_known_to_be_closed_and_another_can_take_its_place() {
    let trial = Trial::start(SYSTEMS, 100);
    let id = id_of(&trial, "rosa");
    let closed = one(&trial, "resolve", entry(json!({"id": id}))).await;
    assert_eq!(closed["status_reason_code"], "succ.fa.inactive");
    let other = json!({"id": id, "fa": "msisdn:99912345678@greenbank"});
    assert_eq!(one(&trial, "update", entry(other)).await["status"], "succ");
    let open = one(&trial, "resolve", entry(json!({"id": id}))).await;
    assert_eq!(open["status_reason_code"], "succ.id.active");
}

#[actix_web::test]
async fn an_account_is_linked_found_and_released() {
    let trial = Trial::start(SYSTEMS, 100);
    let code =
        async |verb, fields| one(&trial, verb, entry(fields)).await["status_reason_code"].clone();
    let fa = "account:0012345@pinkbank";
    assert_eq!(code("resolve", json!({"id": NEW})).await, "succ.id.not_found");
    assert_eq!(code("resolve", json!({"fa": fa})).await, "succ.fa.not_found");
    let linked = one(&trial, "link", entry(json!({"id": NEW, "fa": fa, "name": "Zoë"}))).await;
    assert_eq!((&linked["status"], &linked["fa"]), (&json!("succ"), &json!(fa)));
    assert_eq!(code("link", json!({"id": NEW, "fa": fa})).await, "rjct.reference_id.duplicate");
    assert_eq!(code("resolve", json!({"id": NEW, "fa": fa})).await, "succ.fa.active");
    let tomas = id_of(&trial, "tomas");
    assert_eq!(code("resolve", json!({"id": tomas, "fa": fa})).await, "succ.fa.not_linked_to_id");
    assert_eq!(one(&trial, "unlink", entry(json!({"id": NEW}))).await["status"], "succ");
    assert_eq!(code("resolve", json!({"id": NEW})).await, "succ.id.inactive");
    assert_eq!(code("resolve", json!({"fa": fa})).await, "succ.fa.not_linked_to_id");
    assert_eq!(code("unlink", json!({"id": NEW})).await, "rjct.reference_id.invalid");
}

#[actix_web::test]
async fn each_wrong_entry_is_refused_with_its_own_code_and_the_others_are_done() {
    let trial = Trial::start(SYSTEMS, 100);
    let fa = "account:1@pinkbank";
    let closed = trial.country.people.named("rosa").unwrap().account.unwrap().to_string();
    let wrong = |fields: Value| {
        let mut entry = entry(json!({"reference_id": "R-X", "id": NEW, "fa": fa}));
        entry.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        entry
    };
    let cases = [
        (wrong(json!({"reference_id": "R-1"})), "succ"),
        (wrong(json!({"reference_id": "R-1"})), "rjct.reference_id.duplicate"),
        (wrong(json!({"reference_id": " "})), "rjct.reference_id.invalid"),
        (wrong(json!({"reference_id": "R-2", "timestamp": "today"})), "rjct.timestamp.invalid"),
        (wrong(json!({"reference_id": "R-3", "id": "nobody"})), "rjct.id.invalid"),
        (wrong(json!({"reference_id": "R-4", "fa": "@"})), "rjct.fa.invalid"),
        (wrong(json!({"reference_id": "R-5", "name": "1234"})), "rjct.name.invalid"),
        (
            wrong(json!({"reference_id": "R-6", "phone_number": "abc"})),
            "rjct.mobile_number.invalid",
        ),
        (wrong(json!({"reference_id": "R-7", "id": "uin:8@x", "fa": closed})), "rjct.other.error"),
        (wrong(json!({"reference_id": null})), "rjct.reference_id.invalid"),
        (wrong(json!({"reference_id": "R-8", "timestamp": null})), "rjct.timestamp.invalid"),
        (wrong(json!({"reference_id": "R-9", "id": 5})), "rjct.id.invalid"),
        (wrong(json!({"reference_id": "R-10", "fa": null})), "rjct.fa.invalid"),
    ];
    let entries: Vec<_> = cases.iter().map(|(entry, _)| entry.clone()).collect();
    let message = json!({"transaction_id": "T-1", "link_request": entries});
    let path = "/mapper/sync/link";
    let answer =
        ask::<Value>(&errand(&trial), "account_mapper", path, Action::Link, &message).await;
    let results = answer.unwrap().message["link_response"].clone();
    for (i, (_, code)) in cases.iter().enumerate() {
        let result = &results[i];
        let said = result["status_reason_code"].as_str().or(result["status"].as_str());
        assert_eq!(said, Some(*code), "{result}");
    }
    let scope = one(&trial, "resolve", entry(json!({"id": NEW, "scope": "all"}))).await;
    assert_eq!(scope["status_reason_code"], "rjct.resolve_type.not_supported");
    let name = one(&trial, "update", entry(json!({"id": NEW, "fa": fa, "name": ""}))).await;
    assert_eq!(name["status_reason_code"], "rjct.beneficiary_name.invalid");
}

#[actix_web::test]
async fn a_batch_with_a_callback_is_acknowledged_first_and_can_be_asked_after() {
    let trial = Trial::start(SYSTEMS, 100);
    let errand = errand(&trial);
    let message = json!({"transaction_id": "T-7", "link_request":
        [entry(json!({"id": NEW, "fa": "account:1@pinkbank"}))]});
    let ack = submit(&errand, "account_mapper", "/mapper/link", Action::Link, &message).await;
    let correlation = ack.unwrap().message.correlation_id;
    let wait = "/_arenoa/messages/wait?action=on-link&timeout_ms=5000";
    let (status, heard) = trial.ask(Letter::get("messenger", wait)).await;
    assert_eq!(status, 200);
    let body: Value = serde_json::from_str(heard["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["header"]["action"], "on-link");
    assert_eq!(body["message"]["correlation_id"], correlation.as_str());
    assert_eq!(body["message"]["link_response"][0]["status"], "succ");

    let query = json!({"transaction_id": "T-8", "txnstatus_request": {"reference_id": "Q", "txn_type": "link",
        "attribute_type": "transaction_id", "attribute_value": "T-7"}});
    let path = "/registry/sync/txn/status";
    let known =
        ask::<Value>(&errand, "account_mapper", path, Action::TxnStatus, &query).await.unwrap();
    let answer = &known.message["txnstatus_response"];
    assert_eq!(answer["txn_type"], "on-link");
    assert_eq!(answer["txn_status"]["link_response"][0]["status"], "succ");

    trial.hall().room.clock.idle().await;
    let journal = trial.journal().await;
    let callback = |e: &&crate::kit::journal::Entry| {
        e.kind == Kind::Answer && e.action == "POST /mapper/on-link"
    };
    assert_eq!(journal.iter().find(callback).unwrap().verdict, Verdict::Valid);
}

#[actix_web::test]
async fn entries_of_several_batches_are_asked_after_together() {
    let trial = Trial::start(SYSTEMS, 100);
    let errand = errand(&trial);
    for reference in ["R-1", "R-2"] {
        let message = json!({"transaction_id": format!("T-{reference}"), "resolve_request":
            [entry(json!({"reference_id": reference, "id": NEW}))]});
        let path = "/mapper/sync/resolve";
        ask::<Value>(&errand, "account_mapper", path, Action::Resolve, &message).await.unwrap();
    }
    let query = json!({"transaction_id": "T-8", "txnstatus_request": {"reference_id": "Q",
        "txn_type": "resolve", "attribute_type": "reference_id_list",
        "attribute_value": ["R-0", "R-2", "R-1", "R-1"]}});
    let path = "/mapper/sync/txn/status";
    let known =
        ask::<Value>(&errand, "account_mapper", path, Action::TxnStatus, &query).await.unwrap();
    let status = &known.message["txnstatus_response"]["txn_status"];
    assert_eq!(status["transaction_id"], "T-R-2", "{status}");
    let told = status["resolve_response"].as_array().unwrap();
    let told: Vec<_> = told.iter().map(|result| result["reference_id"].clone()).collect();
    assert_eq!(told, [json!("R-2"), json!("R-1")]);
}

#[actix_web::test]
async fn a_header_that_does_not_fit_its_batch_is_rejected() {
    let trial = Trial::start(SYSTEMS, 100);
    let form =
        [("grant_type", "client_credentials"), ("client_id", "demo"), ("client_secret", "demo")];
    let (_, granted) = trial.ask(Letter::post("gateway", "/oauth2/client/token").form(&form)).await;
    let token = granted["access_token"].as_str().unwrap();
    let header = json!({"message_id": "M", "message_ts": "2026-10-01T08:00:00Z", "action": "resolve",
        "sender_id": "x", "total_count": 1});
    for (field, value, code) in [
        ("total_count", json!(2), "rjct.total_count.invalid"),
        ("action", json!("unlink"), "rjct.action.invalid"),
        ("version", json!("2.0.0"), "rjct.version.invalid"),
        ("message_ts", json!("yesterday"), "rjct.message_ts.invalid"),
    ] {
        let mut header = header.clone();
        header[field] = value;
        let body = json!({"header": header, "message": {"transaction_id": 5,
            "resolve_request": [entry(json!({"id": NEW}))]}});
        let letter = Letter::post("account_mapper", "/mapper/sync/resolve").json(&body);
        let (status, answer) = trial.ask(letter.bearer(token)).await;
        assert_eq!((status, &answer["header"]["status"]), (200, &json!("rjct")));
        assert_eq!(answer["header"]["status_reason_code"], code);
        assert_eq!(answer["header"]["completed_count"], 0, "nothing was done");
        assert_eq!(answer["message"]["transaction_id"], 5, "it comes back as it was sent");
    }
    // The published text names `link` for every verb of the synchronous form.
    let mut header = header;
    header["action"] = json!("link");
    let body = json!({"header": header, "message": {"transaction_id": 5,
        "resolve_request": [entry(json!({"id": NEW}))]}});
    let letter = Letter::post("account_mapper", "/mapper/sync/resolve").json(&body);
    let (_, answer) = trial.ask(letter.bearer(token)).await;
    assert_eq!(answer["header"]["action"], "on-resolve", "{answer}");
    let letter = Letter::post("account_mapper", "/mapper/resolve").json(&body);
    let (status, ack) = trial.ask(letter.bearer(token)).await;
    assert_eq!((status, &ack["message"]["ack_status"]), (400, &json!("ERR")), "{ack}");
    let said = ack["message"]["error"]["message"].as_str().unwrap_or_default();
    assert!(said.starts_with("rjct.action.invalid"), "{ack}");
}

#[actix_web::test]
async fn somebody_outside_is_told_when_it_is_back_though_the_sandbox_clock_stands_still() {
    let trial = Trial::start(SYSTEMS, 100);
    let outside = crate::kit::registry::listener::Listener::start();
    outside.takes(0);
    let form =
        [("grant_type", "client_credentials"), ("client_id", "demo"), ("client_secret", "demo")];
    let (_, granted) = trial.ask(Letter::post("gateway", "/oauth2/client/token").form(&form)).await;
    let header = json!({"message_id": "M", "message_ts": "2026-10-01T08:00:00Z", "action": "link",
        "sender_id": "x", "total_count": 1, "sender_uri": outside.base});
    let body = json!({"header": header, "message": {"transaction_id": "T-1",
        "link_request": [entry(json!({"id": NEW, "fa": "account:1@pinkbank"}))]}});
    let letter = Letter::post("account_mapper", "/mapper/link").json(&body);
    let (_, ack) = trial.ask(letter.bearer(granted["access_token"].as_str().unwrap())).await;
    assert_eq!(ack["message"]["ack_status"], "ACK", "{ack}");
    trial.hall().room.clock.idle().await;
    outside.takes(1);
    let (path, told) = outside.hears(1).await.remove(0);
    assert_eq!((path.as_str(), &told["header"]["action"]), ("/mapper/on-link", &json!("on-link")));
}

#[actix_web::test]
async fn nothing_is_called_back_at_an_address_that_this_room_does_not_know() {
    let trial = Trial::start(SYSTEMS, 100);
    let header = Header::request(Action::OnLink, "x", "M-1", "2026-10-01T08:00:00Z", 1);
    let address = "http://192.0.2.1/mapper/on-link";
    let refused = callback(&errand(&trial), address, "/mapper/on-link", &header, &json!({})).await;
    assert!(matches!(refused, Err(DciError::Undelivered(_))), "{refused:?}");
}

async fn govstack(trial: &Trial, path: &str, beneficiaries: Value) -> (u16, Value) {
    let body =
        json!({"RequestID": "REQ-1", "SourceBBID": "SOCIAL", "Beneficiaries": beneficiaries});
    trial.ask(Letter::post("account_mapper", path).json(&body)).await
}

#[actix_web::test]
async fn who_was_registered_in_the_words_of_govstack_is_found_in_those_of_g2p_connect() {
    let trial = Trial::start(SYSTEMS, 100);
    let uin = trial.country.people.living().find(|p| p.account.is_none()).unwrap().uin.to_string();
    let (register, update) = ("/register-beneficiary", "/update-beneficiary-details");
    let payee = |address: &str| json!([{"PayeeFunctionalID": uin, "PaymentModality": "01", "FinancialAddress": address}]);
    let (status, _) = govstack(&trial, update, payee("99912345678")).await;
    assert_eq!(status, 400, "nobody is changed who is not there");
    for _ in 0..2 {
        let (status, answer) = govstack(&trial, register, payee("99912345678")).await;
        assert_eq!((status, &answer["ResponseCode"]), (200, &json!("00")), "{answer}");
    }
    let id = format!("uin:{uin}@arenoa");
    let found = one(&trial, "resolve", entry(json!({"id": id, "scope": "details"}))).await;
    assert_eq!(found["fa"], "msisdn:99912345678@mobile-money");
    let other = "account:5@pinkbank";
    let (status, answer) = govstack(&trial, register, payee(other)).await;
    assert_eq!((status, &answer["ResponseCode"]), (400, &json!("01")));
    assert_eq!(govstack(&trial, update, payee(other)).await.0, 200);
    let found = one(&trial, "resolve", entry(json!({"id": id, "scope": "details"}))).await;
    assert_eq!(found["fa"], other);
}

#[actix_web::test]
async fn govstack_requests_that_are_not_right_are_answered_with_01() {
    let trial = Trial::start(SYSTEMS, 100);
    for wrong in [
        json!([]),
        json!([{}]),
        json!([{"PayeeFunctionalID": ""}]),
        json!([{"PayeeFunctionalID": "x".repeat(37)}]),
        json!([{"PayeeFunctionalID": "A-1", "PaymentModality": "09"}]),
        json!([{"PayeeFunctionalID": "A-1", "FinancialAddress": "x".repeat(31)}]),
        json!([{"PayeeFunctionalID": "a b"}]),
    ] {
        let (status, answer) = govstack(&trial, "/register-beneficiary", wrong.clone()).await;
        assert_eq!((status, &answer["ResponseCode"]), (400, &json!("01")), "{wrong}");
    }
    let bare = json!([{"PayeeFunctionalID": "A-1"}]);
    assert_eq!(govstack(&trial, "/register-beneficiary", bare).await.0, 200);
    let known = one(&trial, "resolve", entry(json!({"id": "functional:A-1@SOCIAL"}))).await;
    assert_eq!(known["status_reason_code"], "succ.id.inactive");
}
