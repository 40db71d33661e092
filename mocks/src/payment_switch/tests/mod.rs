//! Participants from elsewhere at the switch: only HTTP.

mod admin;
mod books;
mod bulk;
mod bulk_interleavings;
mod deliveries;
mod doors;
mod interleavings;
mod messages;
mod settlement;
mod stops;
mod suites;
mod transfers;
mod wrong;

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web;
use http::Method;
use serde_json::{Value, json};
use standards::fspiop::ilp;

use crate::kit::courier::{Letter, Reply};
use crate::kit::journal::{Entry, Kind};
use crate::kit::ledger;
use crate::kit::openapi::Routes;
use crate::kit::store::Layout;
use crate::kit::system::System;
use crate::kit::trial::Trial;

/// Two banks that the country does not know, and that take whatever comes.
const SYSTEMS: &[System] = &[super::SYSTEM, outside("payer_bank"), outside("payee_bank")];

const fn outside(name: &'static str) -> System {
    System {
        name,
        folder: "none",
        title: "Bank from elsewhere",
        does: "takes part",
        standard: "FSPIOP 1.1",
        schema: "",
        layout: Layout::Rows,
        seed: |_, _| Ok(()),
        routes: take_everything,
        refusal: |_, sentence| json!({"error": sentence}),
        secrets: &[],
        at_root: &[],
        wake: |_| {},
    }
}

fn take_everything(config: &mut Routes) {
    config.service(web::resource("/{anything:[a-z].*}").to(async || HttpResponse::Ok().finish()));
}

/// A switch with both banks onboarded: 1,000.00 as cover and cap of the payer.
async fn trial() -> Trial {
    let trial = Trial::start(SYSTEMS, 50);
    onboard(&trial).await;
    trial
}

/// Where the switch reaches a bank: on another port after every start.
async fn say_where(trial: &Trial, name: &str) {
    let base = trial.hall().room.base_of(name).unwrap();
    let address = format!("{base}/transfers/{{{{transferId}}}}");
    let endpoint = json!({"type": "FSPIOP_CALLBACK_URL_TRANSFER_PUT", "value": address});
    assert_eq!(admin(trial, "POST", &format!("/{name}/endpoints"), &endpoint).await.0, 201);
}

async fn onboard(trial: &Trial) {
    for name in ["payer_bank", "payee_bank"] {
        let new = json!({"name": name, "currency": "XTS"});
        assert_eq!(admin(trial, "POST", "", &new).await.0, 201);
        say_where(trial, name).await;
        let cap = json!({"currency": "XTS", "limit": {"type": "NET_DEBIT_CAP", "value": 1000}});
        let path = format!("/{name}/initialPositionAndLimits");
        assert_eq!(admin(trial, "POST", &path, &cap).await.0, 201);
    }
    fund(trial, "payer_bank", "1000").await;
}

async fn admin(trial: &Trial, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let path = format!("/admin/participants{path}");
    let method: Method = method.parse().unwrap();
    let letter = Letter::to("payment_switch", method.clone(), path);
    trial.ask(if method == Method::GET { letter } else { letter.json(body) }).await
}

async fn fund(trial: &Trial, name: &str, amount: &str) {
    let (_, accounts) = admin(trial, "GET", &format!("/{name}/accounts"), &Value::Null).await;
    let settlement =
        accounts.as_array().unwrap().iter().find(|a| a["ledgerAccountType"] == "SETTLEMENT");
    let path = format!("/{name}/accounts/{}", settlement.unwrap()["id"]);
    let funds = json!({"transferId": format!("FUNDS-{name}-{amount}"), "externalReference": "x",
        "action": "recordFundsIn", "reason": "opening", "amount": {"amount": amount, "currency": "XTS"}});
    assert_eq!(admin(trial, "POST", &path, &funds).await.0, 202);
}

async fn position(trial: &Trial, name: &str) -> String {
    let (_, positions) = admin(trial, "GET", &format!("/{name}/positions"), &Value::Null).await;
    positions[0]["value"].to_string()
}

/// A message of `source`, with the right headers but for what `change` says of them.
fn message(
    (method, uri, source): (&str, &str, &str),
    body: Option<&Value>,
    change: &[(&str, &str)],
) -> Letter {
    let resource = uri.trim_start_matches('/').split('/').next().unwrap();
    let media = format!("application/vnd.interoperability.{resource}+json;version=1.1");
    let mut headers = BTreeMap::from([
        ("Accept", media.as_str()),
        ("Content-Type", media.as_str()),
        ("Date", "Thu, 01 Oct 2026 08:00:00 GMT"),
        ("FSPIOP-Source", source),
    ]);
    if method == "PUT" {
        headers.remove("Accept");
    }
    headers.extend(change.iter().copied());
    let mut letter = Letter::to("payment_switch", method.parse().unwrap(), uri);
    for (name, value) in headers.into_iter().filter(|(_, value)| !value.is_empty()) {
        letter = letter.header(name, value);
    }
    match body {
        Some(body) => letter.body(body.to_string()),
        None => letter,
    }
}

async fn send(
    trial: &Trial,
    what: (&str, &str, &str),
    destination: &str,
    body: Option<&Value>,
) -> Reply {
    let reply = trial.send(message(what, body, &[("FSPIOP-Destination", destination)])).await;
    trial.hall().room.clock.idle().await;
    reply
}

/// Proof and condition of the transfer number `number`.
fn proof(number: u8) -> (String, String) {
    let fulfilment = ilp::fulfilment(b"payee", &format!("packet {number}"));
    let condition = ilp::condition(&fulfilment).unwrap();
    (fulfilment, condition)
}

fn id(number: u8) -> String {
    format!("b51ec534-ee48-4575-b6a9-ead2955b80{number:02}")
}

fn transfer(number: u8, amount: &str, seconds: u32) -> Value {
    json!({"transferId": id(number), "payerFsp": "payer_bank", "payeeFsp": "payee_bank",
        "amount": {"currency": "XTS", "amount": amount}, "ilpPacket": "AYIC",
        "condition": proof(number).1, "expiration": format!("2026-10-01T08:{:02}:{:02}.000Z", seconds / 60, seconds % 60)})
}

async fn prepare(trial: &Trial, body: &Value) -> Reply {
    send(trial, ("POST", "/transfers", "payer_bank"), "payee_bank", Some(body)).await
}

async fn fulfil(trial: &Trial, number: u8, state: &str) -> Reply {
    let body = json!({"transferState": state, "fulfilment": proof(number).0,
        "completedTimestamp": "2026-10-01T08:00:00.000Z"});
    answer(trial, &format!("/transfers/{}", id(number)), &body).await
}

async fn answer(trial: &Trial, uri: &str, body: &Value) -> Reply {
    send(trial, ("PUT", uri, "payee_bank"), "payer_bank", Some(body)).await
}

/// What a bank received from the switch: method and path, and the body.
async fn received(trial: &Trial, bank: &str) -> Vec<(String, Value)> {
    let journal = trial.journal().await;
    let to_bank =
        |e: &&Entry| e.kind == Kind::Request && e.to == bank && e.from == "payment_switch";
    let told = journal.iter().filter(to_bank).map(|e| {
        let (method, _) = e.action.split_once(' ').unwrap();
        let at = e.path.find("bank/").unwrap() + 4;
        let body = serde_json::from_str(&e.body).unwrap_or(Value::Null);
        (format!("{method} {}", &e.path[at..]), body)
    });
    told.collect()
}

/// The code of the last error that a bank was told.
async fn last_error(trial: &Trial, bank: &str) -> String {
    let told = received(trial, bank).await;
    let (_, body) = told.last().unwrap();
    body["errorInformation"]["errorCode"].as_str().unwrap_or_default().to_owned()
}

fn refused(reply: &Reply) -> (u16, String) {
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    (reply.status, body["errorInformation"]["errorCode"].as_str().unwrap().to_owned())
}

fn books_balance(trial: &Trial) {
    trial.office("payment_switch").store.read(ledger::check).unwrap().unwrap();
}
