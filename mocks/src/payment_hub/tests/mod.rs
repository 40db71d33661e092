//! A programme that pays through the hub, the switch and the banks: only HTTP.

mod again;
mod archive;
mod bulks;
mod faces;
mod guests;
mod lists;
mod messages;
mod payer;
mod payments;
mod trouble;

use actix_web::HttpResponse;
use actix_web::web;
use jiff::SignedDuration;
use serde_json::{Value, json};
use standards::dci::{Ack, Action, Envelope, Header, TransactionId};
use standards::g2p_connect::disburse::{DisburseRequest, Disbursement};

use crate::kit::courier::Letter;
use crate::kit::journal::{Entry, Kind, Verdict};
use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::kit::store::Layout;
use crate::kit::system::System;
use crate::kit::trial::Trial;

const SYSTEMS: &[System] = &[
    crate::account_mapper::SYSTEM,
    crate::gateway::SYSTEM,
    crate::messenger::SYSTEM,
    super::SYSTEM,
    crate::payment_switch::SYSTEM,
    crate::bank::PINKBANK,
    crate::bank::GREENBANK,
    crate::bank::TREASURY,
    System {
        name: "programme",
        folder: "none",
        title: "Programme",
        does: "pays",
        standard: "G2P Connect",
        schema: "",
        layout: Layout::Rows,
        seed: |_, _| Ok(()),
        routes: programme_routes,
        refusal: |_, sentence| json!({"error": sentence}),
        secrets: &[],
        at_root: &[],
        wake: |_| {},
    },
];

fn programme_routes(config: &mut Routes) {
    for path in ["/on-disburse", "/disburse/on-search", "/disburse/txn/on-status"] {
        config.service(web::resource(path).route(web::post().to(on_disburse)));
    }
    config.service(web::resource("/bare/on-disburse").route(web::post().to(pushed)));
    config.service(web::resource("/api/v1/batch").route(web::post().to(pushed)));
}

async fn on_disburse(call: Call) -> HttpResponse {
    HttpResponse::Ok().json(Ack::accepted("CORR-1", call.errand.stamp()))
}

async fn pushed() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// A wallet that the tests open: the same number at Greenbank every time.
const WALLET: &str = "99977700001";

async fn trial() -> Trial {
    let trial = Trial::start(SYSTEMS, 50);
    let wallet = json!({"kind": "MSISDN", "number": WALLET, "given": "Tala", "family": "Reyn",
        "phone": format!("+{WALLET}")});
    let (status, body) = trial.ask(Letter::post("greenbank", "/accounts").json(&wallet)).await;
    assert_eq!(status, 201, "{body}");
    trial.hall().room.clock.idle().await;
    trial
}

fn payment(reference: &str, payee: &str, amount: &str) -> Disbursement {
    serde_json::from_value(json!({"reference_id": reference, "payer_fa": "account:GOV-SP-001@treasury",
        "payee_fa": payee, "amount": amount, "currency_code": "XTS", "payer_name": "Old Age Pension",
        "note": "October 2026"}))
    .unwrap()
}

fn to_wallet(reference: &str) -> Disbursement {
    payment(reference, &format!("msisdn:{WALLET}@greenbank"), "100.00")
}

/// Hands a list in as the programme, and waits until nothing more happens.
async fn pay(trial: &Trial, disbursements: Vec<Disbursement>) {
    let (status, ack) = submit(trial, "/disburse", disbursements).await;
    assert_eq!((status, &ack["message"]["ack_status"]), (200, &json!("ACK")), "{ack}");
    trial.hall().room.clock.idle().await;
}

async fn submit(trial: &Trial, path: &str, disbursements: Vec<Disbursement>) -> (u16, Value) {
    let message = DisburseRequest { transaction_id: TransactionId::from("TXN-1"), disbursements };
    let message = serde_json::to_value(message).unwrap();
    let count = message["disbursements"].as_array().unwrap().len() as u64;
    ask(trial, path, (Action::Disburse, count), message).await
}

/// Sends an envelope as a programme that nobody knows, with the token of the demo client.
async fn ask(
    trial: &Trial,
    path: &str,
    (action, count): (Action, u64),
    message: Value,
) -> (u16, Value) {
    let form =
        [("grant_type", "client_credentials"), ("client_id", "demo"), ("client_secret", "demo")];
    let (_, token) = trial.ask(Letter::post("gateway", "/oauth2/client/token").form(&form)).await;
    let base = trial.hall().room.base_of("programme").unwrap();
    let header = Header::request(action, "programme.example", "M-1", "2026-10-01T08:00:00Z", count)
        .answer_at(&base);
    let envelope = json!(Envelope::new(header, message));
    let letter = Letter::post("payment_hub", path).json(&envelope);
    trial.ask(letter.bearer(token["access_token"].as_str().unwrap())).await
}

/// As [`submit`], with a header that says something else.
async fn submit_with(trial: &Trial, path: &str, change: Value) -> (u16, Value) {
    let form =
        [("grant_type", "client_credentials"), ("client_id", "demo"), ("client_secret", "demo")];
    let (_, token) = trial.ask(Letter::post("gateway", "/oauth2/client/token").form(&form)).await;
    let mut header = json!({"version": "1.0.0", "message_id": "M-1", "message_ts": "2026-10-01T08:00:00Z",
        "action": "disburse", "sender_id": "programme.example", "total_count": 1});
    header.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    let body = json!({"header": header, "message": {"transaction_id": "TXN-1",
        "disbursements": [to_wallet("PAY-1")]}});
    let letter = Letter::post("payment_hub", path).json(&body);
    let answer = trial.ask(letter.bearer(token["access_token"].as_str().unwrap())).await;
    trial.hall().room.clock.idle().await;
    answer
}

/// Moves the sandbox clock, and waits until nothing more happens.
async fn advance(trial: &Trial, seconds: i64) {
    trial.hall().room.clock.advance(SignedDuration::from_secs(seconds));
    // Who waits for the clock must wake up before the room can be seen to be busy.
    crate::kit::clock::pause(std::time::Duration::from_millis(30)).await;
    trial.hall().room.clock.idle().await;
}

async fn fault(trial: &Trial, system: &str, fault: Value) {
    let (status, body) = trial.ask(Letter::post(system, "/_arenoa/faults").json(&fault)).await;
    assert!((200..300).contains(&status), "{body}");
}

async fn set_standing(trial: &Trial, standing: &str) {
    let path = format!("/accounts/{WALLET}");
    let letter = Letter::to("greenbank", http::Method::PUT, path);
    assert_eq!(trial.ask(letter.json(&json!({"standing": standing}))).await.0, 200);
}

async fn count(trial: &Trial, to: &str, action: &str) -> usize {
    trial.journal().await.iter().filter(|e| is(e, to, action)).count()
}

/// The one payment ended well, and the money moved once.
async fn is_paid_once(trial: &Trial) {
    let told = told(trial).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["status"], "succ", "{told:?}");
    assert_eq!(balance(trial, "greenbank", WALLET).await, "100.00");
    assert_eq!(balance(trial, "treasury", "GOV-SP-001").await, "999900.00");
    assert_eq!(count(trial, "messenger", "POST /sms").await, 1);
    books_balance(trial).await;
}

/// The one payment failed for this reason, and the government has its money back.
async fn failed_because(trial: &Trial, reason: &str, code: &str) {
    let told = told(trial).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        (&told[0]["status"], &told[0]["status_reason_code"]),
        (&json!("rjct"), &json!(reason))
    );
    let message = told[0]["status_reason_message"].as_str().unwrap();
    assert!(message.starts_with(code), "{message}");
    assert_eq!(balance(trial, "greenbank", WALLET).await, "0.00");
    assert_eq!(balance(trial, "treasury", "GOV-SP-001").await, "1000000.00");
    books_balance(trial).await;
}

/// What the programme was told, one status a payment, over all callbacks.
async fn told(trial: &Trial) -> Vec<Value> {
    let journal = trial.journal().await;
    let callbacks = journal.iter().filter(|e| is(e, "programme", "POST /on-disburse"));
    let statuses = callbacks.map(|e| serde_json::from_str::<Value>(&e.body).unwrap());
    statuses
        .flat_map(|body| body["message"]["disbursements_status"].as_array().unwrap().clone())
        .collect()
}

fn is(entry: &Entry, to: &str, action: &str) -> bool {
    entry.kind == Kind::Request && entry.to == to && entry.action == action
}

async fn balance(trial: &Trial, bank: &str, account: &str) -> String {
    let (status, body) = trial.ask(Letter::get(bank, format!("/accounts/{account}"))).await;
    assert_eq!(status, 200, "{body}");
    body["balance"].as_str().unwrap().to_owned()
}

/// Nothing is lost and nothing made: every ledger sums to zero, and nothing stays reserved at the switch.
async fn books_balance(trial: &Trial) {
    for system in ["payment_switch", "pinkbank", "greenbank", "treasury"] {
        let office = trial.office(system);
        office.store.read(crate::kit::ledger::check).unwrap().unwrap();
    }
    let reserved = |db: &rusqlite::Connection| {
        crate::kit::ledger::balance(db, "hub/XTS/RESERVED").map(Option::unwrap_or_default)
    };
    assert_eq!(trial.office("payment_switch").store.read(reserved).unwrap(), 0);
}
