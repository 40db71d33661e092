//! What the text of the standard says of elements is held at the door, for questions and for answers.

use super::*;
use crate::kit::clock::{pause, wall};
use crate::kit::registry::listener::Listener;

async fn code(trial: &Trial, what: (&str, &str, &str), body: &Value) -> (u16, String) {
    refused(&send(trial, what, "payee_bank", Some(body)).await)
}

fn quote() -> Value {
    let party = |id: &str, fsp: &str| json!({"partyIdInfo": {"partyIdType": "MSISDN", "partyIdentifier": id, "fspId": fsp}});
    json!({"quoteId": id(1), "transactionId": id(2), "payer": party("1", "payer_bank"),
        "payee": party("2", "payee_bank"), "amountType": "SEND",
        "amount": {"currency": "XTS", "amount": "1"},
        "transactionType": {"scenario": "TRANSFER", "initiator": "PAYER", "initiatorType": "BUSINESS"}})
}

fn terms() -> Value {
    json!({"transferAmount": {"currency": "XTS", "amount": "1"}, "ilpPacket": "AYIC",
        "condition": proof(1).1, "expiration": "2026-10-02T08:00:00.000Z"})
}

#[actix_web::test]
async fn ids_codes_and_lengths_that_the_text_does_not_allow_are_refused_and_nothing_goes_on() {
    let trial = trial().await;
    let ask = ("POST", "/transfers", "payer_bank");
    for (name, value) in [
        ("transferId", json!("")),
        ("transferId", json!("not a uuid")),
        ("transferId", json!("../../x")),
        ("amount", json!(["XTS", "1"])),
        ("amount", json!({"currency": "ZZZ", "amount": "1"})),
        ("ilpPacket", json!("!!!")),
        ("condition", json!("short")),
        ("extensionList", json!({"extension": []})),
        ("payeeFsp", json!("greenbank")),
    ] {
        let mut body = transfer(1, "1", 60);
        body[name] = value.clone();
        assert_eq!(code(&trial, ask, &body).await, (400, "3100".into()), "{name}: {value}");
    }
    let ask = ("POST", "/quotes", "payer_bank");
    for (name, value) in [
        ("quoteId", json!("../../x")),
        ("amountType", json!("FOO")),
        ("note", json!("x".repeat(129))),
        ("amount", json!({"currency": "ZZZ", "amount": "1"})),
        (
            "transactionType",
            json!({"scenario": "TRANSFER", "initiator": "PAYER",
            "initiatorType": "BUSINESS", "subScenario": "old age"}),
        ),
        (
            "payer",
            json!({"partyIdInfo": {"partyIdType": "MSISDN", "partyIdentifier": "1"},
            "personalInfo": {"dateOfBirth": "1951-02-30"}}),
        ),
    ] {
        let mut body = quote();
        body[name] = value;
        assert_eq!(code(&trial, ask, &body).await, (400, "3100".into()), "{name}");
    }
    let hold = ("POST", "/participants/FOO/5550001", "payee_bank");
    let held = json!({"fspId": "payee_bank"});
    assert_eq!(code(&trial, hold, &held).await, (400, "3100".into()));
    let none = json!({"requestId": id(3), "partyList": []});
    let many = ("POST", "/participants", "payee_bank");
    assert_eq!(code(&trial, many, &none).await, (400, "3100".into()));
    assert_eq!(received(&trial, "payee_bank").await, []);
    assert_eq!(position(&trial, "payer_bank").await, "0");

    // What 2.0 loosens is taken in every version.
    let mut loose = transfer(1, "1", 60);
    loose["transferId"] = json!("01JABCDEFGHJKMNPQRSTVWXYZ0");
    assert_eq!(prepare(&trial, &loose).await.status, 202);
    assert_eq!(received(&trial, "payee_bank").await.len(), 1);
}

#[actix_web::test]
async fn an_answer_that_is_none_is_refused_and_does_not_stand_in_the_way_of_the_right_one() {
    let trial = trial().await;
    send(&trial, ("POST", "/quotes", "payer_bank"), "payee_bank", Some(&quote())).await;
    let uri = format!("/quotes/{}", id(1));
    let junk = json!({"foo": 1});
    let party = "/parties/MSISDN/2";
    for (uri, right) in [
        (uri.clone(), "3102"),
        (format!("{uri}/error"), "3102"),
        (party.to_owned(), "3102"),
        (format!("{party}/error"), "3102"),
    ] {
        let reply = answer(&trial, &uri, &junk).await;
        assert_eq!(refused(&reply), (400, right.into()), "{uri}");
        let letter =
            message(("PUT", &uri, "payee_bank"), None, &[("FSPIOP-Destination", "payer_bank")]);
        let reply = trial.send(letter.body("not json")).await;
        assert_eq!(refused(&reply), (400, "3101".into()), "{uri}");
    }
    let empty = json!({"errorInformation": {"errorCode": "5100", "errorDescription": ""}});
    let reply = answer(&trial, &format!("{uri}/error"), &empty).await;
    assert_eq!(refused(&reply), (400, "3100".into()));
    assert_eq!(received(&trial, "payer_bank").await, []);
    let mut short = terms();
    short["condition"] = json!("short");
    assert_eq!(refused(&answer(&trial, &uri, &short).await), (400, "3100".into()));
    assert_eq!(answer(&trial, &uri, &terms()).await.status, 200);
    assert_eq!(received(&trial, "payer_bank").await, [(format!("PUT {uri}"), terms())]);
}

#[actix_web::test]
async fn a_prepare_that_is_refused_for_what_it_says_is_known_by_its_id() {
    let trial = trial().await;
    let wrong = transfer(1, "0", 60);
    prepare(&trial, &wrong).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3100");
    let uri = format!("/transfers/{}", id(1));
    send(&trial, ("GET", &uri, "payer_bank"), "", None).await;
    prepare(&trial, &wrong).await;
    let told = received(&trial, "payer_bank").await;
    assert_eq!(told.len(), 3);
    assert_eq!((&told[1].1["transferState"], &told[1]), (&json!("ABORTED"), &told[2]));
    let list = &told[1].1["extensionList"]["extension"];
    assert!(list[0]["value"].as_str().unwrap().starts_with("3100: Generic validation error - "));
    assert_eq!((&list[0]["key"], &list[1]["value"]), (&json!("cause"), &json!("3100")));
    prepare(&trial, &transfer(1, "1", 60)).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3106");
    assert_eq!(received(&trial, "payee_bank").await, []);
    books_balance(&trial);
}

#[actix_web::test]
async fn what_another_bank_asks_for_in_a_payers_name_does_not_occupy_the_id() {
    let trial = trial().await;
    let (right, forged) = (transfer(1, "1", 60), ("POST", "/transfers", "payee_bank"));
    send(&trial, forged, "payee_bank", Some(&right)).await;
    assert_eq!(last_error(&trial, "payee_bank").await, "3100");
    send(&trial, ("GET", &format!("/transfers/{}", id(1)), "payee_bank"), "", None).await;
    assert_eq!(last_error(&trial, "payee_bank").await, "3208", "nothing is kept under the id");

    prepare(&trial, &right).await;
    let asked = (String::from("POST /transfers"), right.clone());
    assert_eq!(received(&trial, "payee_bank").await.pop().unwrap(), asked);
    assert_eq!(position(&trial, "payer_bank").await, "1");
    fulfil(&trial, 1, "COMMITTED").await;
    send(&trial, forged, "payee_bank", Some(&right)).await;
    assert_eq!(last_error(&trial, "payee_bank").await, "3100", "nor does it hear the payer's end");
    books_balance(&trial);
}

#[actix_web::test]
async fn what_the_payee_says_of_its_refusal_is_told_in_its_own_words() {
    let trial = trial().await;
    prepare(&trial, &transfer(1, "1", 60)).await;
    let why = json!({"errorInformation": {"errorCode": "5104", "errorDescription": "no"}});
    answer(&trial, &format!("/transfers/{}/error", id(1)), &why).await;
    send(&trial, ("GET", &format!("/transfers/{}", id(1)), "payer_bank"), "", None).await;
    let told = received(&trial, "payer_bank").await;
    let list = &told.last().unwrap().1["extensionList"]["extension"];
    assert_eq!(list[2], json!({"key": "errorDescription", "value": "no"}));
    assert_eq!(list[0], json!({"key": "cause", "value": "5104: no"}));
}

#[actix_web::test]
async fn a_payee_that_reserved_what_is_aborted_is_told_so() {
    let trial = trial().await;
    let uri = format!("/transfers/{}", id(1));
    prepare(&trial, &transfer(1, "1", 60)).await;
    let forged = json!({"transferState": "RESERVED", "fulfilment": proof(2).0});
    answer(&trial, &uri, &forged).await;
    let told = received(&trial, "payee_bank").await;
    let (what, body) = told.last().unwrap();
    assert_eq!((what, &body["transferState"]), (&format!("PATCH {uri}"), &json!("ABORTED")));
    assert_eq!(last_error(&trial, "payer_bank").await, "3100");

    let uri = format!("/transfers/{}", id(2));
    prepare(&trial, &transfer(2, "1", 60)).await;
    trial.hall().room.clock.advance(jiff::SignedDuration::from_secs(61));
    pause(std::time::Duration::from_millis(30)).await;
    trial.hall().room.clock.idle().await;
    fulfil(&trial, 2, "RESERVED").await;
    let told = received(&trial, "payee_bank").await;
    let [.., (refusal, why), (notice, body)] = &told[..] else { panic!("{told:?}") };
    assert_eq!(refusal, &format!("PUT {uri}/error"));
    assert_eq!(why["errorInformation"]["errorCode"], "3303");
    assert_eq!((notice, &body["transferState"]), (&format!("PATCH {uri}"), &json!("ABORTED")));
    books_balance(&trial);
}

#[actix_web::test]
async fn each_side_is_told_in_the_version_that_it_speaks() {
    let trial = trial().await;
    let media = "application/vnd.interoperability.transfers+json;version=1.0";
    let change = [("Accept", media), ("Content-Type", media), ("FSPIOP-Destination", "payee_bank")];
    let what = ("POST", "/transfers", "payer_bank");
    trial.send(message(what, Some(&transfer(1, "1", 60)), &change)).await;
    trial.hall().room.clock.idle().await;
    fulfil(&trial, 1, "RESERVED").await;
    let journal = trial.journal().await;
    let version = |to: &str, verb: &str| {
        let is = |e: &&Entry| e.kind == Kind::Request && e.to == to && e.action.starts_with(verb);
        let entry = journal.iter().rev().find(is).unwrap();
        entry.headers.contains("version=1.0")
    };
    assert!(version("payer_bank", "PUT"), "the payer asked in 1.0");
    assert!(!version("payee_bank", "PATCH"), "the payee answered in 1.1");
}

#[actix_web::test]
async fn each_kind_of_message_goes_to_the_endpoint_that_was_registered_for_it() {
    let trial = trial().await;
    let base = trial.hall().room.base_of("payee_bank").unwrap();
    let endpoint = json!({"type": "FSPIOP_CALLBACK_URL_TRANSFER_POST", "value": format!("{base}/in/transfers")});
    assert_eq!(admin(&trial, "POST", "/payee_bank/endpoints", &endpoint).await.0, 201);
    prepare(&trial, &transfer(1, "1", 60)).await;
    fulfil(&trial, 1, "RESERVED").await;
    let told = received(&trial, "payee_bank").await;
    let seen: Vec<_> = told.iter().map(|(what, _)| what.as_str()).collect();
    assert_eq!(seen, ["POST /in/transfers", &format!("PATCH /transfers/{}", id(1))]);
}

pub(super) async fn take_in(trial: &Trial, guest: &Listener) {
    let new = json!({"name": "guest", "currency": "XTS"});
    assert_eq!(admin(trial, "POST", "", &new).await.0, 201);
    let endpoint = json!({"type": "FSPIOP_CALLBACK_URL_QUOTES", "value": guest.base});
    assert_eq!(admin(trial, "POST", "/guest/endpoints", &endpoint).await.0, 201);
    let cap = json!({"currency": "XTS", "limit": {"type": "NET_DEBIT_CAP", "value": 1000}});
    assert_eq!(admin(trial, "POST", "/guest/initialPositionAndLimits", &cap).await.0, 201);
    fund(trial, "guest", "1000").await;
}

#[actix_web::test]
async fn what_a_guest_asks_for_too_late_by_the_clock_on_the_wall_reserves_nothing() {
    let trial = trial().await;
    let guest = Listener::start();
    take_in(&trial, &guest).await;
    let ago = wall() - jiff::SignedDuration::from_secs(60);
    trial.hall().room.clock.set(ago - jiff::SignedDuration::from_hours(24));
    let mut body = transfer(1, "1", 60);
    body["payerFsp"] = json!("guest");
    body["expiration"] = json!(standards::fspiop::DateTime::from(ago));
    let what = ("POST", "/transfers", "guest");
    assert_eq!(send(&trial, what, "payee_bank", Some(&body)).await.status, 202);
    let (path, told) = guest.hears(1).await.remove(0);
    assert_eq!(path, format!("/transfers/{}/error", id(1)));
    assert_eq!(told["errorInformation"]["errorCode"], "3100");
    assert_eq!(received(&trial, "payee_bank").await, []);
    assert_eq!(position(&trial, "guest").await, "0");
    books_balance(&trial);
}

#[actix_web::test]
async fn a_transfer_of_a_guest_expires_in_real_time_too() {
    let trial = trial().await;
    let guest = Listener::start();
    take_in(&trial, &guest).await;

    let mut body = transfer(1, "1", 60);
    body["payerFsp"] = json!("guest");
    let soon = wall() + jiff::SignedDuration::from_secs(2);
    body["expiration"] = json!(standards::fspiop::DateTime::from(soon));
    let what = ("POST", "/transfers", "guest");
    assert_eq!(send(&trial, what, "payee_bank", Some(&body)).await.status, 202);
    assert_eq!(received(&trial, "payee_bank").await.len(), 1, "it is ahead on the wall");
    let (path, told) = guest.hears(1).await.remove(0);
    assert_eq!(path, format!("/transfers/{}/error", id(1)));
    assert_eq!(told["errorInformation"]["errorCode"], "3303");
    books_balance(&trial);
}

#[actix_web::test]
async fn administration_refuses_in_its_own_words_what_is_no_number_or_below_nothing() {
    let trial = trial().await;
    for path in ["/admin/settlementWindows/abc", "/admin/settlements/abc"] {
        let (status, said) = trial.ask(Letter::get("payment_switch", path)).await;
        assert_eq!(
            (status, &said["errorInformation"]["errorCode"]),
            (404, &json!("3002")),
            "{path}"
        );
    }
    let cap = json!({"currency": "XTS", "limit": {"type": "NET_DEBIT_CAP", "value": -5}});
    assert_eq!(admin(&trial, "PUT", "/payer_bank/limits", &cap).await.0, 400);
}

#[actix_web::test]
async fn an_id_in_another_case_is_no_second_id_for_the_same_payment() {
    let trial = trial().await;
    prepare(&trial, &transfer(1, "10", 60)).await;
    let mut again = transfer(1, "10", 60);
    for other in [id(1).to_uppercase(), String::from("01jabcdefghjkmnpqrstvwxyz0")] {
        again["transferId"] = json!(other);
        assert_eq!(refused(&prepare(&trial, &again).await), (400, "3100".into()), "{other}");
        let what = ("GET", &*format!("/transfers/{other}"), "payer_bank");
        assert_eq!(refused(&send(&trial, what, "", None).await), (400, "3100".into()), "{other}");
    }
    assert_eq!(received(&trial, "payee_bank").await.len(), 1);
    assert_eq!(position(&trial, "payer_bank").await, "10");
}
