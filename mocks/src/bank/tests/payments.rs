//! Customers of one bank pay customers of another, and get statements of it.

use jiff::SignedDuration;
use standards::money::Money;

use super::*;
use crate::bank::model::Standing;
use crate::bank::store;
use crate::kit::fspiop::published::hold_to_the_text;
use crate::kit::seed::{Account, Bank};

/// A wallet of Greenbank with 100.00 on it, and an account of Pinkbank.
pub(super) fn payer_and_payee(trial: &Trial) -> (String, String) {
    let accounts = trial.country.people.persons().iter().filter_map(|person| person.account);
    let open: Vec<Account> = accounts.filter(|account| !account.closed).collect();
    let takes = |account: &&Account| {
        let number = account.number.to_string();
        let kept = trial.office(account.bank.code()).store.read(|db| store::account(db, &number));
        kept.unwrap().is_some_and(|kept| kept.standing == Standing::Open)
    };
    let of = |bank: Bank| {
        let found = open.iter().filter(|account| account.bank == bank).find(takes);
        found.unwrap().number.to_string()
    };
    let (payer, payee) = (of(Bank::Greenbank), of(Bank::Pinkbank));
    let funds = Money::new(10_000, "XTS".parse().unwrap());
    let greenbank = trial.office("greenbank");
    let at = "2026-10-01T08:00:00.000Z";
    greenbank.store.alter(|tx| store::fund(tx, &payer, funds, at)).unwrap();
    (payer, payee)
}

pub(super) async fn pay(trial: &Trial, body: Value) -> (u16, Value) {
    let answer = trial.ask(Letter::post("greenbank", "/payments").json(&body)).await;
    trial.hall().room.clock.idle().await;
    answer
}

pub(super) async fn state(trial: &Trial, payment: &Value) -> (String, String) {
    let path = format!("/payments/{}", payment["id"].as_str().unwrap());
    let shown = trial.ask(Letter::get("greenbank", path)).await.1;
    let text = |name: &str| shown[name].as_str().unwrap_or_default().to_owned();
    (text("state"), text("why"))
}

pub(super) async fn balance(trial: &Trial, bank: &str, number: &str) -> String {
    let shown = trial.ask(Letter::get(bank, format!("/accounts/{number}"))).await.1;
    shown["balance"].as_str().unwrap().to_owned()
}

pub(super) async fn stand(trial: &Trial, number: &str, standing: &str) {
    let letter = Letter::to("pinkbank", Method::PUT, format!("/accounts/{number}"));
    assert_eq!(trial.ask(letter.json(&json!({"standing": standing}))).await.0, 200);
}

pub(super) async fn advance(trial: &Trial, seconds: i64) {
    trial.hall().room.clock.advance(SignedDuration::from_secs(seconds));
    crate::kit::clock::pause(std::time::Duration::from_millis(30)).await;
    trial.hall().room.clock.idle().await;
}

/// The books are right, and all that was said is what the standard's text describes.
pub(super) async fn all_is_well(trial: &Trial) {
    hold_to_the_text(&trial.journal().await);
    for office in ["greenbank", "pinkbank", "payment_switch"] {
        trial.office(office).store.read(ledger::check).unwrap().unwrap();
    }
}

#[actix_web::test]
async fn a_customer_pays_somebody_at_another_bank_and_both_see_it_on_their_statement() {
    let trial = Trial::start(SYSTEMS, 50);
    let (payer, payee) = payer_and_payee(&trial);
    let ask = json!({"account": payer, "kind": "ACCOUNT_ID", "to": payee, "amount": "30.50",
        "note": "rent", "reference": "RENT-10"});
    let (status, payment) = pay(&trial, ask.clone()).await;
    assert_eq!((status, &payment["state"]), (202, &json!("looking_up")));
    assert_eq!(pay(&trial, ask).await.1["id"], payment["id"], "asked again under its reference");
    assert_eq!(state(&trial, &payment).await.0, "paid");
    assert_eq!(balance(&trial, "greenbank", &payer).await, "69.50");
    assert_eq!(balance(&trial, "pinkbank", &payee).await, "30.50");
    all_is_well(&trial).await;

    let path = format!("/accounts/{payee}/statement");
    let reply = trial.send(Letter::get("pinkbank", path)).await;
    let text = String::from_utf8(reply.body.to_vec()).unwrap();
    assert!(
        text.contains(":61:2610011001C30,50NTRF") && text.contains(":62F:C261001XTS30,50"),
        "{text}"
    );
    assert!(text.contains(payment["id"].as_str().unwrap()), "{text}");
    let typed = json!({"phoneNumber": payer, "text": "1"});
    let said = trial.send(Letter::post("greenbank", "/ussd").json(&typed)).await;
    assert_eq!(said.body, "END Your balance is 69.50 XTS.");
    let form = format!("sessionId=1&serviceCode=*1%23&phoneNumber=%2B{payer}&networkCode=1&text=1");
    let letter = Letter::post("greenbank", "/ussd");
    let said = trial.send(letter.bytes("application/x-www-form-urlencoded", form)).await;
    assert_eq!(said.body, "END Your balance is 69.50 XTS.");
}

#[actix_web::test]
async fn two_customers_may_use_the_same_reference() {
    let trial = Trial::start(SYSTEMS, 50);
    let (payer, payee) = payer_and_payee(&trial);
    let ask = |account: &str| json!({"account": account, "kind": "ACCOUNT_ID", "to": payee, "amount": "30", "reference": "RENT-OCT"});
    let (_, first) = pay(&trial, ask(&payer)).await;
    let other = trial.country.people.persons().iter().filter_map(|person| person.account);
    let mut other = other.filter(|a| a.bank == Bank::Greenbank && !a.closed);
    let other = other.find(|a| a.number.to_string() != payer).unwrap().number.to_string();
    let (status, said) = pay(&trial, ask(&other)).await;
    assert_eq!(status, 400);
    assert!(said["error"].as_str().unwrap().contains("insufficient funds"), "{said}");
    let funds = json!({"account": payer, "kind": "MSISDN", "to": other, "amount": "30"});
    pay(&trial, funds).await;
    let (status, second) = pay(&trial, ask(&other)).await;
    assert_eq!(status, 202, "{second}");
    assert_ne!(second["id"], first["id"]);
    assert_eq!(balance(&trial, "pinkbank", &payee).await, "60.00");
    all_is_well(&trial).await;
}

#[actix_web::test]
async fn a_payee_that_nobody_can_be_asked_for_is_refused_at_the_counter() {
    let trial = Trial::start(SYSTEMS, 50);
    let (payer, payee) = payer_and_payee(&trial);
    for (kind, to) in [
        ("FOO", payee.as_str()),
        ("MSISDN", ""),
        ("MSISDN", ".."),
        ("MSISDN", "."),
        ("MSISDN", "+"),
    ] {
        let ask = json!({"account": payer, "kind": kind, "to": to, "amount": "10"});
        let (status, said) = pay(&trial, ask).await;
        assert_eq!(status, 400, "{kind} {to}: {said}");
        assert!(said["error"].as_str().unwrap().contains("party"), "{said}");
    }
    assert_eq!(balance(&trial, "greenbank", &payer).await, "100.00");
}

#[actix_web::test]
async fn what_the_switch_refuses_at_once_comes_back_to_the_account() {
    let trial = Trial::start(SYSTEMS, 50);
    let (payer, payee) = payer_and_payee(&trial);
    for step in ["GET /parties/{type}/{id}", "POST /quotes", "POST /transfers"] {
        let fault = json!({"kind": "refusing", "status": 400, "on": step, "times": 1});
        trial.ask(Letter::post("payment_switch", "/_arenoa/faults").json(&fault)).await;
        let ask = json!({"account": payer, "kind": "ACCOUNT_ID", "to": payee, "amount": "10"});
        let (_, payment) = pay(&trial, ask).await;
        let (is, why) = state(&trial, &payment).await;
        assert!(is == "failed" && why.starts_with("3100"), "{step}: {is} {why}");
    }
    assert_eq!(balance(&trial, "greenbank", &payer).await, "100.00");
    all_is_well(&trial).await;
}

#[actix_web::test]
async fn what_cannot_be_paid_comes_back_to_the_account() {
    let trial = Trial::start(SYSTEMS, 50);
    let (payer, payee) = payer_and_payee(&trial);
    let ask = |to: &str, amount: &str| json!({"account": payer, "kind": "ACCOUNT_ID", "to": to, "amount": amount});
    let (status, said) = pay(&trial, ask(&payee, "100.01")).await;
    assert_eq!(status, 400);
    assert!(said["error"].as_str().unwrap().contains("insufficient funds"), "{said}");
    let (_, unknown) = pay(&trial, ask("nobody", "1")).await;
    let (is, why) = state(&trial, &unknown).await;
    assert!(is == "failed" && why.starts_with("3204"), "{is} {why}");
    for (standing, code) in
        [("dormant", "5105"), ("rejecting", "5104"), ("full", "5200"), ("blocked", "5400")]
    {
        stand(&trial, &payee, standing).await;
        let (_, payment) = pay(&trial, ask(&payee, "10")).await;
        let (is, why) = state(&trial, &payment).await;
        assert!(is == "failed" && why.starts_with(code), "{standing}: {is} {why}");
    }
    assert_eq!(balance(&trial, "greenbank", &payer).await, "100.00");
    all_is_well(&trial).await;
}

#[actix_web::test]
async fn a_bank_that_is_silent_late_or_says_it_twice_moves_money_once_or_not_at_all() {
    let trial = Trial::start(SYSTEMS, 50);
    let (payer, payee) = payer_and_payee(&trial);
    let ask = json!({"account": payer, "kind": "ACCOUNT_ID", "to": payee, "amount": "10"});
    for standing in ["silent", "late"] {
        stand(&trial, &payee, standing).await;
        let (_, payment) = pay(&trial, ask.clone()).await;
        assert_eq!(state(&trial, &payment).await.0, "transferring", "{standing}");
        advance(&trial, 61).await;
        let (is, why) = state(&trial, &payment).await;
        assert!(is == "failed" && why.starts_with("3303"), "{standing}: {is} {why}");
        advance(&trial, 60).await;
        assert_eq!(balance(&trial, "pinkbank", &payee).await, "0.00", "{standing}");
    }
    stand(&trial, &payee, "twice").await;
    let (_, payment) = pay(&trial, ask).await;
    assert_eq!(state(&trial, &payment).await.0, "paid");
    assert_eq!(balance(&trial, "pinkbank", &payee).await, "10.00");
    assert_eq!(balance(&trial, "greenbank", &payer).await, "90.00");
    all_is_well(&trial).await;
}

#[actix_web::test]
async fn the_example_bank_starts_lists_of_payments_and_hands_statements_out() {
    let trial = Trial::start(SYSTEMS, 50);
    let (payer, payee) = payer_and_payee(&trial);
    let one = |reference: &str, amount: f64| {
        json!({"payment_reference_number": reference, "remitting_account": payer,
        "remitting_account_currency": "XTS", "payment_amount": amount, "beneficiary_account": payee,
        "narrative_1": "grant", "narrative_2": "", "narrative_4": "ID-7", "narrative_5": ""})
    };
    let list = json!([one("P-1", 1.5), one("P-2", 2.25)]);
    let letter = Letter::post("greenbank", "/initiate_payment").json(&list);
    for _ in 0..2 {
        assert_eq!(trial.ask(letter.clone()).await.1["status"], "success");
        trial.hall().room.clock.idle().await;
    }
    assert_eq!(balance(&trial, "pinkbank", &payee).await, "3.75");
    let ask = json!({"account_number": payee});
    let said =
        trial.ask(Letter::post("pinkbank", "/generate_account_statement").json(&ask)).await.1;
    assert!(said["statement"].as_str().unwrap().contains(":62F:C261001XTS3,75"), "{said}");
    let poor = Letter::post("greenbank", "/initiate_payment").json(&json!([one("P-3", 1000.0)]));
    assert_eq!(trial.ask(poor).await.1["status"], "failed");

    stand(&trial, &payee, "dormant").await;
    let closed = json!([one("P-4", 1.0)]);
    trial.ask(Letter::post("greenbank", "/initiate_payment").json(&closed)).await;
    trial.hall().room.clock.idle().await;
    let ask = json!({"account_number": payer});
    let said =
        trial.ask(Letter::post("greenbank", "/generate_account_statement").json(&ask)).await.1;
    let text = said["statement"].as_str().unwrap();
    let paid = |marked: &str, last: &str| {
        let (_, from) = text.split_once(marked).unwrap();
        let line = from.split_once("\r\n").unwrap().1;
        assert!(line.starts_with(&format!(":86:grant\r\n.\r\n.\r\nID-7\r\n{last}")), "{text}");
    };
    paid("D1,50NTRFP-1//", ":61:");
    paid("D1,00NTRFP-4//", ":61:");
    paid("RD1,00NRTIP-4//", "ACCOUNT DORMANT - 5105: ");
}

#[actix_web::test]
async fn a_payment_that_names_funds_set_aside_is_paid_out_of_them() {
    let trial = Trial::start(SYSTEMS, 50);
    let (payer, payee) = payer_and_payee(&trial);
    let aside = json!({"account_number": payer, "currency": "XTS", "amount": "60.00"});
    let aside = trial.ask(Letter::post("greenbank", "/block_funds").json(&aside)).await.1;
    let ask = async |reference: &str, amount: &str, block: &Value, account: &str| {
        let list = json!([{"payment_reference_number": reference, "remitting_account": account,
            "remitting_account_currency": "XTS", "payment_amount": amount,
            "funds_blocked_reference_number": block, "beneficiary_account": payee}]);
        let said = trial.ask(Letter::post("greenbank", "/initiate_payment").json(&list)).await.1;
        trial.hall().room.clock.idle().await;
        said["status"].as_str().unwrap().to_owned()
    };
    let block = &aside["block_reference_no"];
    assert_eq!(ask("P-1", "50.00", block, &payer).await, "success");
    assert_eq!(balance(&trial, "greenbank", &payer).await, "40.00", "what was not set aside");
    assert_eq!(balance(&trial, "pinkbank", &payee).await, "50.00");
    for (reference, amount, block, account) in [
        ("P-2", "10.01", block.clone(), payer.as_str()),
        ("P-3", "1.00", json!("BLK-999999"), payer.as_str()),
        ("P-4", "1.00", block.clone(), "nobody"),
    ] {
        assert_eq!(ask(reference, amount, &block, account).await, "failed", "{reference}");
    }
    assert_eq!(ask("P-5", "10.00", block, &payer).await, "success");
    assert_eq!(balance(&trial, "greenbank", &payer).await, "40.00");
    all_is_well(&trial).await;
}

#[actix_web::test]
async fn a_bank_gives_a_payment_back_once_as_a_refund_that_names_the_first_one() {
    let trial = Trial::start(SYSTEMS, 50);
    let (payer, payee) = payer_and_payee(&trial);
    let ask = json!({"account": payer, "kind": "ACCOUNT_ID", "to": payee, "amount": "30", "note": "rent"});
    let (_, payment) = pay(&trial, ask).await;
    let give_back = |transfer: &Value, reason: &str| {
        let body = json!({"transfer": transfer, "reason": reason});
        Letter::post("pinkbank", "/reversals").json(&body)
    };
    let (status, begun) = trial.ask(give_back(&payment["id"], "account closed")).await;
    assert_eq!((status, &begun["reverses"]), (202, &payment["id"]), "{begun}");
    trial.hall().room.clock.idle().await;
    let (_, again) = trial.ask(give_back(&payment["id"], "account closed")).await;
    assert_eq!((&again["id"], &again["state"]), (&begun["id"], &json!("paid")), "given back once");
    assert_eq!(balance(&trial, "greenbank", &payer).await, "100.00");
    assert_eq!(balance(&trial, "pinkbank", &payee).await, "0.00");

    let (_, shown) = trial.ask(Letter::get("greenbank", format!("/accounts/{payer}"))).await;
    let line = shown["lines"].as_array().unwrap().last().unwrap();
    assert_eq!((&line["reverses"], &line["amount"]), (&payment["id"], &json!("30.00")));
    let path = format!("/accounts/{payer}/statement");
    let reply = trial.send(Letter::get("greenbank", path)).await;
    let text = String::from_utf8(reply.body.to_vec()).unwrap();
    let named = format!(" REVERSAL {}: account closed", payment["id"].as_str().unwrap());
    assert!(text.contains("RD30,00NRTI") && text.contains(&named), "{text}");

    for (transfer, reason, right) in [
        (json!("nobody's"), "x", 404),
        (begun["id"].clone(), "x", 404),
        (payment["id"].clone(), " ", 400),
    ] {
        assert_eq!(trial.ask(give_back(&transfer, reason)).await.0, right, "{transfer}");
    }
    all_is_well(&trial).await;
}

#[actix_web::test]
async fn what_the_holder_has_spent_is_not_given_back_and_a_refund_that_fails_can_be_tried_again() {
    let trial = Trial::start(SYSTEMS, 50);
    let (payer, payee) = payer_and_payee(&trial);
    let ask = json!({"account": payer, "kind": "ACCOUNT_ID", "to": payee, "amount": "30"});
    let (_, payment) = pay(&trial, ask).await;
    let body = json!({"transfer": payment["id"], "reason": "paid by mistake"});
    let give_back = Letter::post("pinkbank", "/reversals").json(&body);
    let standing = Letter::to("greenbank", Method::PUT, format!("/accounts/{payer}"));
    trial.ask(standing.clone().json(&json!({"standing": "dormant"}))).await;
    let (_, failed) = trial.ask(give_back.clone()).await;
    trial.hall().room.clock.idle().await;
    assert_eq!(balance(&trial, "pinkbank", &payee).await, "30.00", "the money is back");
    trial.ask(standing.json(&json!({"standing": "open"}))).await;

    let spent = json!({"account": payee, "kind": "MSISDN", "to": payer, "amount": "10"});
    trial.ask(Letter::post("pinkbank", "/payments").json(&spent)).await;
    trial.hall().room.clock.idle().await;
    let (status, refused) = trial.ask(give_back.clone()).await;
    assert_eq!(status, 409);
    assert!(refused["error"].as_str().unwrap().contains("holds 20.00"), "{refused}");
    let more = json!({"account": payer, "kind": "ACCOUNT_ID", "to": payee, "amount": "10"});
    pay(&trial, more).await;
    let (status, second) = trial.ask(give_back).await;
    trial.hall().room.clock.idle().await;
    assert_eq!(status, 202);
    assert_ne!(second["id"], failed["id"]);
    assert_eq!(balance(&trial, "greenbank", &payer).await, "100.00");
    assert_eq!(balance(&trial, "pinkbank", &payee).await, "0.00");
    all_is_well(&trial).await;
}

pub(super) async fn refuse(trial: &Trial, system: &str, action: &str, times: u32) {
    let fault = json!({"kind": "refusing", "status": 503, "on": action, "times": times});
    let (status, said) = trial.ask(Letter::post(system, "/_arenoa/faults").json(&fault)).await;
    assert!((200..300).contains(&status), "{said}");
}

#[actix_web::test]
async fn a_bank_that_was_stopped_asks_until_it_knows_how_a_payment_ended() {
    for (bank, end) in
        [("greenbank", "PUT /fspiop/transfers/{id}"), ("pinkbank", "PATCH /fspiop/transfers/{id}")]
    {
        let trial = Trial::start(SYSTEMS, 50);
        let (payer, payee) = payer_and_payee(&trial);
        refuse(&trial, bank, end, 1).await;
        let ask = json!({"account": payer, "kind": "ACCOUNT_ID", "to": payee, "amount": "10"});
        let (_, payment) = pay(&trial, ask).await;
        let known = async || match bank {
            "greenbank" => state(&trial, &payment).await.0 == "paid",
            _ => balance(&trial, "pinkbank", &payee).await == "10.00",
        };
        assert!(!known().await, "{bank} has not heard the end");
        refuse(&trial, "payment_switch", "GET /transfers/{id}", 100).await;
        trial.restart(bank).await;
        assert!(!known().await, "its first question got no answer");
        advance(&trial, 90).await;
        assert!(!known().await, "nor did its second");
        trial.office("payment_switch").faults.clear();
        advance(&trial, 20).await;
        assert!(known().await, "{bank} knows in the end");
        all_is_well(&trial).await;
    }
}
