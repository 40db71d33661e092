//! A bulk of payments from a bank elsewhere, through the switch, into wallets of Greenbank.

use actix_web::HttpResponse;
use actix_web::web;
use standards::fspiop::ilp;

use super::*;
use crate::kit::fspiop::published::hold_to_the_text;
use crate::kit::journal::Kind;
use crate::kit::openapi::Routes;
use crate::kit::seed::Bank;
use crate::kit::store::Layout;

const SYSTEMS: &[System] = &[
    super::super::GREENBANK,
    crate::payment_switch::SYSTEM,
    crate::messenger::SYSTEM,
    System {
        name: "payer_bank",
        folder: "none",
        title: "Bank from elsewhere",
        does: "pays",
        standard: "FSPIOP 1.1",
        schema: "",
        layout: Layout::Rows,
        seed: |_, _| Ok(()),
        routes: take_everything,
        refusal: |_, sentence| json!({"error": sentence}),
        secrets: &[],
        at_root: &[],
        wake: |_| {},
    },
];

fn take_everything(config: &mut Routes) {
    config.service(web::resource("/{anything:[a-z].*}").to(async || HttpResponse::Ok().finish()));
}

async fn onboard(trial: &Trial) {
    let base = trial.hall().room.base_of("payer_bank").unwrap();
    let at = |path: &str| format!("/admin/participants{path}");
    for (path, body) in [
        ("", json!({"name": "payer_bank", "currency": "XTS"})),
        ("/payer_bank/endpoints", json!({"type": "FSPIOP_CALLBACK_URL_QUOTES", "value": base})),
        (
            "/payer_bank/initialPositionAndLimits",
            json!({"currency": "XTS", "limit": {"type": "NET_DEBIT_CAP", "value": 1000}}),
        ),
    ] {
        let (status, said) = trial.ask(Letter::post("payment_switch", at(path)).json(&body)).await;
        assert_eq!(status, 201, "{path}: {said}");
    }
    let accounts = trial.ask(Letter::get("payment_switch", at("/payer_bank/accounts"))).await.1;
    let funds = json!({"transferId": "F", "action": "recordFundsIn", "reason": "opening",
        "externalReference": "x", "amount": {"amount": "1000", "currency": "XTS"}});
    let path = at(&format!("/payer_bank/accounts/{}", accounts[1]["id"]));
    assert_eq!(trial.ask(Letter::post("payment_switch", path).json(&funds)).await.0, 202);
}

async fn send(trial: &Trial, resource: &str, body: &Value) {
    let media = format!("application/vnd.interoperability.{resource}+json;version=1.1");
    let letter = Letter::post("payment_switch", format!("/{resource}"))
        .bytes(&media, body.to_string())
        .header("Accept", &media)
        .header("Date", "Thu, 01 Oct 2026 08:00:00 GMT")
        .header("FSPIOP-Source", "payer_bank")
        .header("FSPIOP-Destination", "greenbank");
    assert_eq!(trial.send(letter).await.status, 202);
    trial.hall().room.clock.idle().await;
}

/// What the payer was told last.
async fn told(trial: &Trial) -> Value {
    let journal = trial.journal().await;
    let last = journal.iter().rev().find(|e| e.kind == Kind::Request && e.to == "payer_bank");
    serde_json::from_str(&last.unwrap().body).unwrap()
}

fn id(kind: u8, number: usize) -> String {
    format!("{kind}51ec534-ee48-4575-b6a9-ead2955b8{number:03}")
}

fn quotes(payees: &[String]) -> Value {
    let party = |number: &str, fsp: &str| json!({"partyIdInfo": {"partyIdType": "MSISDN", "partyIdentifier": number, "fspId": fsp}});
    let each = payees.iter().enumerate().map(|(n, payee)| {
        json!({"quoteId": id(1, n), "transactionId": id(2, n), "payee": party(payee, "greenbank"),
            "amountType": "SEND", "amount": {"currency": "XTS", "amount": "10.5"},
            "transactionType": {"scenario": "TRANSFER", "initiator": "PAYER", "initiatorType": "BUSINESS"}})
    });
    json!({"bulkQuoteId": id(3, 0), "payer": party("999", "payer_bank"), "individualQuotes": each.collect::<Vec<_>>()})
}

fn transfers(terms: &Value) -> Value {
    let given = terms["individualQuoteResults"].as_array().unwrap().iter();
    let each = given.filter(|r| r["condition"].is_string()).enumerate().map(|(n, r)| {
        json!({"transferId": id(2, n), "transferAmount": r["transferAmount"],
            "ilpPacket": r["ilpPacket"], "condition": r["condition"]})
    });
    json!({"bulkTransferId": id(4, 0), "bulkQuoteId": id(3, 0), "payerFsp": "payer_bank", "payeeFsp": "greenbank",
        "expiration": "2026-10-01T08:01:00.000Z", "individualTransfers": each.collect::<Vec<_>>()})
}

#[actix_web::test]
async fn a_bulk_is_quoted_paid_and_credited_and_each_failure_stays_one() {
    let trial = Trial::start(SYSTEMS, 50);
    onboard(&trial).await;
    let wallets = trial.country.people.persons().iter().filter_map(|person| person.account);
    let wallets = wallets.filter(|account| account.bank == Bank::Greenbank && !account.closed);
    let mut payees: Vec<String> = wallets.take(3).map(|a| a.number.to_string()).collect();
    payees.push(String::from("99900000000"));
    let dormant = Letter::to("greenbank", Method::PUT, format!("/accounts/{}", payees[1]));
    trial.ask(dormant.json(&json!({"standing": "dormant"}))).await;

    send(&trial, "bulkQuotes", &quotes(&payees)).await;
    let terms = told(&trial).await;
    let refused = &terms["individualQuoteResults"][3]["errorInformation"]["errorCode"];
    assert_eq!(refused, "3204", "{terms}");
    let asked = transfers(&terms);
    send(&trial, "bulkTransfers", &asked).await;
    let paid = told(&trial).await;
    assert_eq!(paid["bulkTransferState"], "COMPLETED", "{paid}");
    for (number, result) in paid["individualTransferResults"].as_array().unwrap().iter().enumerate()
    {
        let condition = asked["individualTransfers"][number]["condition"].as_str().unwrap();
        let is_paid = result["fulfilment"]
            .as_str()
            .is_some_and(|proof| ilp::is_fulfilled_by(condition, proof));
        assert_eq!(is_paid, number != 1, "{result}");
        let account = trial.ask(Letter::get("greenbank", format!("/accounts/{}", payees[number])));
        let balance = if is_paid { "10.50" } else { "0.00" };
        assert_eq!(account.await.1["balance"], balance);
    }
    let dormant = &paid["individualTransferResults"][1]["errorInformation"];
    assert_eq!(dormant["errorCode"], "5105");

    // The same bulk again: told again, and credited no more.
    send(&trial, "bulkTransfers", &asked).await;
    let account = trial.ask(Letter::get("greenbank", format!("/accounts/{}", payees[0]))).await.1;
    assert_eq!(account["balance"], "10.50");
    hold_to_the_text(&trial.journal().await);
    for office in ["greenbank", "payment_switch"] {
        trial.office(office).store.read(ledger::check).unwrap().unwrap();
    }
}

#[actix_web::test]
async fn a_bulk_that_the_bank_gave_up_is_not_promised_again_when_the_switch_sends_it() {
    let trial = Trial::start(SYSTEMS, 50);
    onboard(&trial).await;
    let number = promises::wallet(&trial);
    send(&trial, "bulkQuotes", &quotes(std::slice::from_ref(&number))).await;
    let asked = transfers(&told(&trial).await);
    // It comes past the switch, which says that it knows nothing of it.
    let past = promises::say(&trial, "payer_bank", ("POST", "/bulkTransfers"), &asked).await;
    assert_eq!(past.0, 202);
    send(&trial, "bulkTransfers", &asked).await;
    let refused = told(&trial).await;
    assert_eq!(refused["errorInformation"]["errorCode"], "5105", "{refused}");
    assert_eq!(payments::balance(&trial, "greenbank", &number).await, "0.00");
    for office in ["greenbank", "payment_switch"] {
        trial.office(office).store.read(ledger::check).unwrap().unwrap();
    }
}

#[actix_web::test]
async fn a_bank_asks_about_a_bulk_until_it_hears_how_it_ended() {
    let trial = Trial::start(SYSTEMS, 50);
    onboard(&trial).await;
    let wallet = trial.country.people.persons().iter().filter_map(|person| person.account);
    let mut wallet = wallet.filter(|account| account.bank == Bank::Greenbank && !account.closed);
    let number = wallet.next().unwrap().number.to_string();
    send(&trial, "bulkQuotes", &quotes(std::slice::from_ref(&number))).await;
    let terms = told(&trial).await;
    payments::refuse(&trial, "payment_switch", "GET /bulkTransfers/{id}", 100).await;
    send(&trial, "bulkTransfers", &transfers(&terms)).await;
    for seconds in [76, 16] {
        payments::advance(&trial, seconds).await;
        assert_eq!(payments::balance(&trial, "greenbank", &number).await, "0.00");
    }
    trial.office("payment_switch").faults.clear();
    payments::advance(&trial, 16).await;
    assert_eq!(payments::balance(&trial, "greenbank", &number).await, "10.50");
}
