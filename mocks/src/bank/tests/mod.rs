//! A visitor to a bank: only HTTP. Payments through the switch are tried where the hub is.

mod books;
mod bulk;
mod payments;
mod promises;
mod senders;

use http::Method;
use serde_json::{Value, json};

use crate::kit::courier::Letter;
use crate::kit::ledger;
use crate::kit::system::System;
use crate::kit::trial::Trial;

const SYSTEMS: &[System] = &[
    super::PINKBANK,
    super::GREENBANK,
    super::TREASURY,
    crate::payment_switch::SYSTEM,
    crate::messenger::SYSTEM,
];

async fn post(trial: &Trial, path: &str, body: Value) -> Value {
    let (status, answer) = trial.ask(Letter::post("treasury", path).json(&body)).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

async fn government(trial: &Trial) -> Value {
    trial.ask(Letter::get("treasury", "/accounts/GOV-SP-001")).await.1
}

#[actix_web::test]
async fn funds_are_checked_set_aside_once_and_end_at_the_scheme_or_back_on_the_account() {
    let trial = Trial::start(SYSTEMS, 50);
    for (account, needed, status, is_enough) in [
        ("GOV-SP-001", json!(1_000_000), "success", true),
        ("GOV-SP-001", json!(1_000_000.01), "failed", false),
        ("NOBODY", json!("1.00"), "failed", false),
    ] {
        let check = json!({"account_number": account, "account_currency": "XTS", "total_funds_needed": needed});
        let checked = post(&trial, "/check_funds", check).await;
        let told = (&checked["status"], &checked["has_sufficient_funds"]);
        assert_eq!(told, (&json!(status), &json!(is_enough)), "{checked}");
        assert_eq!(checked["account_number"], account);
    }

    let block = json!({"account_number": "GOV-SP-001", "currency": "XTS", "amount": "300.00", "reference": "LIST-1"});
    let first = post(&trial, "/block_funds", block.clone()).await;
    let again = post(&trial, "/block_funds", block).await;
    assert_eq!((&first["status"], &first), (&json!("success"), &again));
    assert_eq!(government(&trial).await["balance"], "999700.00");

    let end = |amount: &str, reference: &str| json!({"block_reference_no": first["block_reference_no"], "amount": amount, "reference": reference});
    for _ in 0..2 {
        assert_eq!(post(&trial, "/settle_block", end("200.00", "T-1")).await["status"], "success");
    }
    let too_much = post(&trial, "/settle_block", end("100.01", "T-2")).await;
    assert_eq!(too_much["status"], "failed");
    assert!(too_much["error_message"].as_str().unwrap().contains("only 100.00 is left"));
    assert_eq!(post(&trial, "/release_block", end("100.00", "T-3")).await["status"], "success");
    assert_eq!(government(&trial).await["balance"], "999800.00");

    let reply = trial.send(Letter::get("treasury", "/accounts/GOV-SP-001/statement")).await;
    let text = String::from_utf8(reply.body.to_vec()).unwrap();
    let lines: Vec<_> =
        text.split("\r\n").filter(|l| l.starts_with(":61:") || l.starts_with(":86:")).collect();
    let paid = [":61:2610011001D200,00NTRFT1", ":86:T-1 BLK-000001"];
    assert!(lines.ends_with(&paid) && lines.len() == 4, "{lines:?}");
    assert!(text.contains(":62F:C261001XTS999800,00"), "{text}");
    trial.office("treasury").store.read(ledger::check).unwrap().unwrap();
}

#[actix_web::test]
async fn a_payment_ends_in_a_block_once_and_as_it_was_first_said() {
    let trial = Trial::start(SYSTEMS, 50);
    let block = json!({"account_number": "GOV-SP-001", "currency": "XTS", "amount": "300.00"});
    let first = post(&trial, "/block_funds", block.clone()).await;
    let other = post(&trial, "/block_funds", block).await;
    let end = |block: &Value, amount: &str| json!({"block_reference_no": block["block_reference_no"], "amount": amount, "reference": "T-1"});
    for path in ["/settle_block", "/release_block"] {
        assert_eq!(post(&trial, path, end(&first, "50.00")).await["status"], "success");
        for wrong in [end(&first, "60.00"), end(&other, "50.00")] {
            let said = post(&trial, path, wrong.clone()).await;
            assert_eq!(said["status"], "failed", "{path}: {wrong}");
            assert!(said["error_message"].as_str().unwrap().contains("reference"), "{said}");
        }
        assert_eq!(post(&trial, path, end(&first, "50.00")).await["status"], "success");
    }
    assert_eq!(government(&trial).await["balance"], "999450.00");
    trial.office("treasury").store.read(ledger::check).unwrap().unwrap();
}

#[actix_web::test]
async fn a_reference_that_looks_like_a_block_to_come_keeps_nobody_from_it() {
    let trial = Trial::start(SYSTEMS, 50);
    let mut named = json!({"account_number": "GOV-SP-001", "currency": "XTS", "amount": "1.00"});
    let unnamed = named.clone();
    named["reference"] = json!("BLK-000002");
    for (ask, reference) in [
        (&named, "BLK-000001"),
        (&unnamed, "BLK-000002"),
        (&unnamed, "BLK-000003"),
        (&named, "BLK-000001"),
    ] {
        let said = post(&trial, "/block_funds", ask.clone()).await;
        assert_eq!(said["block_reference_no"], reference, "{said}");
    }
}

#[actix_web::test]
async fn more_than_there_is_or_from_nobody_is_not_set_aside() {
    let trial = Trial::start(SYSTEMS, 50);
    for (account, amount, why) in [
        ("GOV-SP-001", json!("1000000.01"), "insufficient funds"),
        ("NOBODY", json!("1.00"), "no account NOBODY"),
        ("GOV-SP-001", json!("0.00"), "more than nothing"),
        ("GOV-SP-001", json!("1.001"), "minor unit"),
    ] {
        let block = json!({"account_number": account, "currency": "XTS", "amount": amount});
        let answer = post(&trial, "/block_funds", block).await;
        assert_eq!(answer["status"], "failed");
        let said = answer["error_message"].as_str().unwrap();
        assert!(said.contains(why), "{said}");
    }
    assert_eq!(government(&trial).await["balance"], "1000000.00");
}

#[actix_web::test]
async fn an_account_is_found_by_its_number_and_by_its_holders_telephone() {
    let trial = Trial::start(SYSTEMS, 50);
    let people = &trial.country.people;
    let tomas = people.named("tomas").unwrap();
    let (account, phone) = (tomas.account.unwrap(), tomas.phone.unwrap());
    for name in [account.number.to_string(), phone.msisdn(), phone.to_string()] {
        let path = format!("/accounts/{name}");
        let (status, shown) = trial.ask(Letter::get(account.bank.code(), path)).await;
        assert_eq!((status, &shown["holder"]), (200, &json!("Tomas Amaro")), "{name}");
    }
    let (status, _) = trial.ask(Letter::get("pinkbank", "/accounts/1")).await;
    assert_eq!(status, 404);
}

#[actix_web::test]
async fn a_closed_account_of_the_cast_is_closed_from_the_start_and_standings_can_be_chosen() {
    let trial = Trial::start(SYSTEMS, 50);
    let rosa = trial.country.people.named("rosa").unwrap().account.unwrap();
    let path = format!("/accounts/{}", rosa.number);
    let (_, shown) = trial.ask(Letter::get(rosa.bank.code(), path.clone())).await;
    assert_eq!(shown["standing"], "closed");
    let letter = Letter::to(rosa.bank.code(), Method::PUT, path);
    let (status, shown) = trial.ask(letter.clone().json(&json!({"standing": "open"}))).await;
    assert_eq!((status, &shown["standing"]), (200, &json!("open")));
    let (status, refused) = trial.ask(letter.json(&json!({"standing": "happy"}))).await;
    assert_eq!(status, 400);
    assert!(refused["error"].as_str().unwrap().contains("standing"), "{refused}");
}
