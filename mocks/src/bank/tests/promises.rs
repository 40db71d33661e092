//! What a bank promises once: a quote is used by one transfer.

use standards::fspiop::TransfersPostRequest;

use super::*;
use crate::kit::journal::Kind;
use crate::kit::seed::Bank;

/// Sends Greenbank a message of `source`, as it comes from the switch.
pub(super) async fn say(
    trial: &Trial,
    source: &str,
    (method, uri): (&str, &str),
    body: &Value,
) -> (u16, Value) {
    let resource = uri.trim_start_matches('/').split('/').next().unwrap();
    let media = format!("application/vnd.interoperability.{resource}+json;version=1.1");
    let letter = Letter::to("greenbank", method.parse().unwrap(), format!("/fspiop{uri}"))
        .bytes(&media, body.to_string())
        .header("Accept", &media)
        .header("Date", "Thu, 01 Oct 2026 08:00:00 GMT")
        .header("FSPIOP-Source", source)
        .header("FSPIOP-Destination", "greenbank");
    let answer = trial.ask(letter).await;
    trial.hall().room.clock.idle().await;
    answer
}

/// Sends Greenbank a message of a bank elsewhere, as the switch passes it on, and gives what it answered to the switch.
async fn send(trial: &Trial, what: (&str, &str), body: &Value) -> (String, Value) {
    let (status, said) = say(trial, "payer_bank", what, body).await;
    assert!((200..300).contains(&status), "{what:?}: {said}");
    let journal = trial.journal().await;
    let answer = journal.iter().rev().find(|e| {
        e.kind == Kind::Request
            && e.from == "greenbank"
            && e.to == "payment_switch"
            && e.action.starts_with("PUT")
    });
    answer.map_or_else(
        || (String::new(), Value::Null),
        |e| (e.action.clone(), serde_json::from_str(&e.body).unwrap()),
    )
}

pub(super) fn id(number: u8) -> String {
    format!("d51ec534-ee48-4575-b6a9-ead2955b80{number:02}")
}

#[actix_web::test]
async fn a_quote_is_used_by_one_transfer_and_again_only_after_that_was_aborted() {
    let trial = Trial::start(SYSTEMS, 50);
    // The switch never heard of these transfers, and would have the bank give them up.
    let deaf =
        json!({"kind": "refusing", "status": 503, "on": "PUT /transfers/{id}", "times": 100});
    trial.ask(Letter::post("payment_switch", "/_arenoa/faults").json(&deaf)).await;
    let number = wallet(&trial);
    let (_, shown) = trial.ask(Letter::get("greenbank", format!("/accounts/{number}"))).await;
    let party = |id: &str, fsp: &str| json!({"partyIdInfo": {"partyIdType": "MSISDN", "partyIdentifier": id, "fspId": fsp}});
    assert_eq!(shown["standing"], "open", "{shown}");
    let amount = json!({"currency": "XTS", "amount": "10"});
    let quote = json!({"quoteId": id(1), "transactionId": id(2), "payer": party("1", "payer_bank"),
        "payee": party(&number, "greenbank"), "amountType": "SEND", "amount": amount,
        "transactionType": {"scenario": "TRANSFER", "initiator": "PAYER", "initiatorType": "BUSINESS"}});
    let (_, terms) = send(&trial, ("POST", "/quotes"), &quote).await;
    let transfer = |number: u8| {
        let body = json!({"transferId": id(number), "payerFsp": "payer_bank", "payeeFsp": "greenbank",
            "amount": amount, "ilpPacket": terms["ilpPacket"], "condition": terms["condition"],
            "expiration": "2026-10-01T08:01:00.000Z"});
        serde_json::from_value::<TransfersPostRequest>(body.clone()).unwrap();
        body
    };
    let (_, word) = send(&trial, ("POST", "/transfers"), &transfer(3)).await;
    assert_eq!(word["transferState"], "RESERVED", "{word}");
    let (action, refused) = send(&trial, ("POST", "/transfers"), &transfer(4)).await;
    assert_eq!(action, "PUT /transfers/{id}/error");
    assert_eq!(refused["errorInformation"]["errorCode"], "5105", "{refused}");
    let (_, again) = send(&trial, ("POST", "/transfers"), &transfer(3)).await;
    assert_eq!(again["transferState"], "RESERVED", "the first may ask again");

    let aborted =
        json!({"transferState": "ABORTED", "completedTimestamp": "2026-10-01T08:00:00.000Z"});
    let told = say(&trial, "switch", ("PATCH", &format!("/transfers/{}", id(3))), &aborted).await;
    assert_eq!(told.0, 200);
    let (action, refused) = send(&trial, ("POST", "/transfers"), &transfer(3)).await;
    assert_eq!(action, "PUT /transfers/{id}/error", "what was given up is not promised again");
    assert_eq!(refused["errorInformation"]["errorCode"], "5105", "{refused}");
    let (_, word) = send(&trial, ("POST", "/transfers"), &transfer(5)).await;
    assert_eq!(word["transferState"], "RESERVED", "{word}");
    let committed =
        json!({"transferState": "COMMITTED", "completedTimestamp": "2026-10-01T08:00:00.000Z"});
    let told = say(&trial, "switch", ("PATCH", &format!("/transfers/{}", id(5))), &committed).await;
    assert_eq!(told.0, 200);
    let (action, _) = send(&trial, ("POST", "/transfers"), &transfer(6)).await;
    assert_eq!(action, "PUT /transfers/{id}/error");
    let (_, shown) = trial.ask(Letter::get("greenbank", format!("/accounts/{number}"))).await;
    assert_eq!(shown["balance"], "10.00");
}

/// An open wallet of Greenbank.
pub(super) fn wallet(trial: &Trial) -> String {
    let wallets = trial.country.people.persons().iter().filter_map(|person| person.account);
    let mut wallets = wallets.filter(|a| a.bank == Bank::Greenbank && !a.closed);
    wallets.next().unwrap().number.to_string()
}

#[actix_web::test]
async fn a_question_whose_expiration_has_passed_gets_no_quote() {
    let trial = Trial::start(SYSTEMS, 50);
    let party = |id: &str, fsp: &str| json!({"partyIdInfo": {"partyIdType": "MSISDN", "partyIdentifier": id, "fspId": fsp}});
    let one = json!({"quoteId": id(1), "transactionId": id(2), "payee": party(&wallet(&trial), "greenbank"),
        "amountType": "SEND", "amount": {"currency": "XTS", "amount": "10"},
        "transactionType": {"scenario": "TRANSFER", "initiator": "PAYER", "initiatorType": "BUSINESS"}});
    let mut quote = one.clone();
    quote["payer"] = party("1", "pinkbank");
    quote["expiration"] = json!("2026-10-01T08:00:00.000Z");
    let bulk = json!({"bulkQuoteId": id(3), "payer": party("1", "pinkbank"), "individualQuotes": [one],
        "expiration": "2026-10-01T07:59:59.999Z"});
    for (uri, body) in [("/quotes", &quote), ("/bulkQuotes", &bulk)] {
        let (action, refused) = send(&trial, ("POST", uri), body).await;
        assert_eq!(action, format!("PUT {uri}/{{id}}/error"));
        assert_eq!(refused["errorInformation"]["errorCode"], "3302", "{refused}");
    }
    quote["expiration"] = json!("2026-10-01T08:00:00.001Z");
    let (action, terms) = send(&trial, ("POST", "/quotes"), &quote).await;
    assert_eq!(action, "PUT /quotes/{id}");
    assert!(terms["condition"].is_string(), "{terms}");
    trial.hall().room.clock.advance(jiff::SignedDuration::from_secs(1));
    let (action, again) = send(&trial, ("POST", "/quotes"), &quote).await;
    assert_eq!((action.as_str(), again), ("PUT /quotes/{id}", terms), "what was given stands");
}

#[actix_web::test]
async fn a_bank_refuses_an_id_in_a_path_that_is_no_uuid_or_ulid() {
    let trial = Trial::start(SYSTEMS, 50);
    for resource in ["quotes", "bulkQuotes"] {
        let media = format!("application/vnd.interoperability.{resource}+json;version=1.1");
        let letter = Letter::get("greenbank", format!("/fspiop/{resource}/none"))
            .header("Accept", &media)
            .header("Content-Type", &media)
            .header("Date", "Thu, 01 Oct 2026 08:00:00 GMT")
            .header("FSPIOP-Source", "switch");
        let (status, refused) = trial.ask(letter).await;
        assert_eq!(status, 400, "{resource}");
        assert_eq!(refused["errorInformation"]["errorCode"], "3100", "{refused}");
    }
}
