//! A programme that pays through the hub, the switch and the banks: only HTTP.

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};
use serde_json::{Value, json};
use standards::dci::{Ack, Action, Envelope, Header, TransactionId};
use standards::g2p_connect::disburse::{DisburseRequest, Disbursement};

use crate::kit::courier::Letter;
use crate::kit::journal::{Entry, Kind, Verdict};
use crate::kit::server::Call;
use crate::kit::system::System;
use crate::kit::trial::Trial;

const SYSTEMS: &[System] = &[
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
        seed: |_, _| Ok(()),
        routes: programme_routes,
        refusal: |_, sentence| json!({"error": sentence}),
        secrets: &[],
        at_root: &[],
        wake: |_| {},
    },
];

fn programme_routes(config: &mut ServiceConfig) {
    config.service(web::resource("/on-disburse").route(web::post().to(on_disburse)));
}

async fn on_disburse(call: Call) -> HttpResponse {
    HttpResponse::Ok().json(Ack::accepted("CORR-1", call.errand.stamp()))
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
    serde_json::from_value(json!({"reference_id": reference, "payer_fa": "account:GOV001@treasury",
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
    let letter = Letter::post("payment_hub", path).json(&Envelope::new(header, message));
    trial.ask(letter.bearer(token["access_token"].as_str().unwrap())).await
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

#[actix_web::test]
async fn a_pension_goes_from_the_government_to_the_wallet_and_its_holder_hears_of_it() {
    let trial = trial().await;
    pay(&trial, vec![to_wallet("PAY-1")]).await;

    let told = told(&trial).await;
    assert_eq!(
        (&told[0]["reference_id"], &told[0]["status"]),
        (&json!("PAY-1"), &json!("succ")),
        "{told:?}"
    );
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "100.00");
    assert_eq!(balance(&trial, "treasury", "GOV001").await, "999900.00");
    let (_, inbox) = trial.ask(Letter::get("messenger", format!("/inbox/+{WALLET}"))).await;
    let text = inbox["messages"][0]["text"].as_str().unwrap();
    assert!(text.contains("100.00 XTS from Old Age Pension (October 2026)"), "{text}");
    assert!(text.starts_with("Greenbank:") && text.ends_with("Balance 100.00 XTS."), "{text}");
    books_balance(&trial).await;
}

#[actix_web::test]
async fn the_messages_of_a_payment_come_in_the_order_of_the_standard_and_are_signed() {
    let trial = trial().await;
    pay(&trial, vec![to_wallet("PAY-1")]).await;
    let mut journal = trial.journal().await;
    journal.sort_by_key(|e| crate::kit::cause::Place::parse(&e.place));
    let seen: Vec<String> = journal
        .iter()
        .filter(|e| e.kind == Kind::Request && !e.action.contains("well-known"))
        .skip_while(|e| e.action != "POST /disburse")
        .map(|e| format!("{} > {} {}", e.from, e.to, e.action))
        .collect();
    assert_eq!(
        seen,
        [
            "visitor > payment_hub POST /disburse",
            "payment_hub > treasury POST /check_funds",
            "payment_hub > treasury POST /block_funds",
            "payment_hub > payment_switch GET /parties/{type}/{id}",
            "payment_switch > greenbank GET /fspiop/parties/{type}/{id}",
            "greenbank > payment_switch PUT /parties/{type}/{id}",
            "payment_switch > payment_hub PUT /fspiop/parties/{type}/{id}",
            "payment_hub > payment_switch POST /quotes",
            "payment_switch > greenbank POST /fspiop/quotes",
            "greenbank > payment_switch PUT /quotes/{id}",
            "payment_switch > payment_hub PUT /fspiop/quotes/{id}",
            "payment_hub > payment_switch POST /transfers",
            "payment_switch > greenbank POST /fspiop/transfers",
            "greenbank > payment_switch PUT /transfers/{id}",
            "payment_switch > greenbank PATCH /fspiop/transfers/{id}",
            "greenbank > messenger POST /sms",
            "payment_switch > payment_hub PUT /fspiop/transfers/{id}",
            "payment_hub > treasury POST /settle_block",
            "payment_hub > programme POST /on-disburse",
        ]
    );
    let scheme = journal.iter().filter(|e| {
        e.kind == Kind::Answer
            && ["/quotes", "/transfers", "PUT /parties", "PUT /fspiop"]
                .iter()
                .any(|part| e.action.contains(part))
            && !e.action.starts_with("GET")
    });
    let verdicts: Vec<_> = scheme.map(|e| (e.action.as_str(), e.verdict)).collect();
    assert!(
        verdicts.len() >= 11 && verdicts.iter().all(|(_, v)| *v == Verdict::Valid),
        "{verdicts:?}"
    );
}
