//! Messages that are wrong, and the code that each of them gets at once.

use super::*;
use crate::kit::room::Policy;

const LOOKUP: (&str, &str, &str) = ("GET", "/parties/MSISDN/99900000000", "payer_bank");
const TRANSFER: (&str, &str, &str) = ("POST", "/transfers", "payer_bank");

async fn code(trial: &Trial, letter: Letter) -> (u16, String) {
    let reply = trial.send(letter).await;
    trial.hall().room.clock.idle().await;
    refused(&reply)
}

#[actix_web::test]
async fn each_wrong_message_gets_its_own_code() {
    let trial = trial().await;
    let right = transfer(1, "1", 60);
    let with = |name: &str, value: Value| {
        let mut body = right.clone();
        body[name] = value;
        message(TRANSFER, Some(&body), &[])
    };
    let mut lacking = right.clone();
    lacking.as_object_mut().unwrap().remove("condition");
    let media = "application/vnd.interoperability.transfers+json;version=3.0";
    for (what, letter, expected) in [
        ("no JSON", message(TRANSFER, Some(&right), &[]).body("{"), (400, "3101")),
        ("nothing", message(TRANSFER, None, &[]), (400, "3101")),
        ("without its condition", message(TRANSFER, Some(&lacking), &[]), (400, "3102")),
        (
            "an amount with idle zeros",
            with("amount", json!({"currency": "XTS", "amount": "1.50"})),
            (400, "3100"),
        ),
        (
            "an amount as a number",
            with("amount", json!({"currency": "XTS", "amount": 1})),
            (400, "3100"),
        ),
        (
            "a currency in small letters",
            with("amount", json!({"currency": "xts", "amount": "1"})),
            (400, "3100"),
        ),
        (
            "a time without milliseconds",
            with("expiration", json!("2026-10-01T08:01:00Z")),
            (400, "3100"),
        ),
        (
            "a version of tomorrow",
            message(TRANSFER, Some(&right), &[("Content-Type", media)]),
            (406, "3001"),
        ),
        (
            "an Accept of tomorrow",
            message(TRANSFER, Some(&right), &[("Accept", media)]),
            (406, "3001"),
        ),
        (
            "a stranger",
            message(("POST", "/transfers", "mallory"), Some(&right), &[]),
            (400, "3100"),
        ),
        (
            "the switch's own name",
            message(("POST", "/transfers", "switch"), Some(&right), &[]),
            (400, "3100"),
        ),
        (
            "a signature of nothing",
            message(TRANSFER, Some(&right), &[("FSPIOP-Signature", "{}")]),
            (400, "3105"),
        ),
        (
            "a request to pay",
            message(("POST", "/transactionRequests", "payer_bank"), Some(&json!({})), &[]),
            (501, "2002"),
        ),
        (
            "an authorization",
            message(("GET", "/authorizations/1", "payer_bank"), None, &[]),
            (501, "2002"),
        ),
        (
            "a transaction",
            message(("GET", "/transactions/1", "payer_bank"), None, &[]),
            (501, "2002"),
        ),
        ("another place", message(("GET", "/weather", "payer_bank"), None, &[]), (404, "3002")),
    ] {
        let (status, told) = code(&trial, letter).await;
        assert_eq!((status, told.as_str()), expected, "{what}");
    }
    assert_eq!(position(&trial, "payer_bank").await, "0");
    assert_eq!(received(&trial, "payee_bank").await.len(), 0);
}

#[actix_web::test]
async fn what_is_too_long_is_refused_in_the_status_and_words_of_the_standard() {
    let trial = trial().await;
    let what = ("POST", "/transfers", "payer_bank");
    let body = " ".repeat(5 * 1024 * 1024 + 1);
    let long = trial.send(message(what, None, &[]).body(body.clone())).await;
    assert_eq!(refused(&long), (400, "3104".into()));
    let header = "x".repeat(66_000);
    let wide = message(what, Some(&transfer(1, "1", 60)), &[("X-Anything", &header)]);
    assert_eq!(refused(&trial.send(wide).await), (400, "3104".into()));
    let other = Letter::post("payment_switch", "/admin/participants");
    let other = trial.send(other.bytes("application/json", body)).await;
    assert_eq!(refused(&other), (413, "3104".into()), "no path of the standard");
}

#[actix_web::test]
async fn headers_are_checked_in_the_order_of_the_hub() {
    let trial = trial().await;
    let nothing =
        [("Accept", "text/html"), ("Date", ""), ("Content-Type", ""), ("FSPIOP-Source", "")];
    let sentences = ["Accept", "Date", "Content-Type", "FSPIOP-Source"];
    for (first, name) in sentences.into_iter().enumerate() {
        let reply = trial.send(message(LOOKUP, None, &nothing[first..])).await;
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        let said = body["errorInformation"]["errorDescription"].as_str().unwrap();
        assert!(said.to_lowercase().contains(&name.to_lowercase()), "{name}: {said}");
    }
}

#[actix_web::test]
async fn an_unspoken_version_is_told_with_those_that_are_spoken() {
    let trial = trial().await;
    let media = "application/vnd.interoperability.parties+json;version=9";
    let reply = trial.send(message(LOOKUP, None, &[("Accept", media)])).await;
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    let listed = &body["errorInformation"]["extensionList"]["extension"];
    assert_eq!(listed[1], json!({"key": "1", "value": "1"}), "{body}");
}

#[actix_web::test]
async fn a_strict_room_wants_signatures() {
    let trial = trial().await;
    trial.hall().room.set_policy(Policy::Strict).unwrap();
    let reply = trial.send(message(TRANSFER, Some(&transfer(1, "1", 60)), &[])).await;
    assert_eq!(refused(&reply), (400, "3105".into()));
    let let_go = message(("DELETE", "/participants/MSISDN/99955500001", "payee_bank"), None, &[]);
    assert_eq!(refused(&trial.send(let_go).await), (400, "3105".into()));
    assert_eq!(trial.send(message(LOOKUP, None, &[])).await.status, 202, "a GET is never signed");
}

#[actix_web::test]
async fn an_id_in_a_path_that_is_no_uuid_or_ulid_is_refused_at_the_door() {
    let trial = trial().await;
    let why = json!({"errorInformation": {"errorCode": "5100", "errorDescription": "no"}});
    for resource in ["quotes", "transfers", "bulkQuotes", "bulkTransfers"] {
        for id in ["none", "1", "..%2Fx"] {
            let uri = format!("/{resource}/{id}");
            let asked = message(("GET", &uri, "payer_bank"), None, &[]);
            assert_eq!(code(&trial, asked).await, (400, "3100".into()), "GET {uri}");
            let uri = format!("{uri}/error");
            let answered = message(("PUT", &uri, "payee_bank"), Some(&why), &[]);
            assert_eq!(code(&trial, answered).await, (400, "3100".into()), "PUT {uri}");
        }
    }
    assert_eq!(received(&trial, "payer_bank").await, []);
    assert_eq!(received(&trial, "payee_bank").await, []);
}

#[actix_web::test]
async fn what_becomes_of_a_taken_message_is_told_in_the_callback() {
    let trial = trial().await;
    let quote = json!({"quoteId": id(7), "transactionId": id(8), "amountType": "SEND",
        "payer": {"partyIdInfo": {"partyIdType": "MSISDN", "partyIdentifier": "1", "fspId": "payer_bank"}},
        "payee": {"partyIdInfo": {"partyIdType": "MSISDN", "partyIdentifier": "2"}},
        "amount": {"currency": "XTS", "amount": "1"},
        "transactionType": {"scenario": "TRANSFER", "initiator": "PAYER", "initiatorType": "BUSINESS"}});
    let unknown = |resource: &str| format!("/{resource}/{}", id(98));
    for (what, destination, body, expected) in [
        (LOOKUP, "", None, "3204"),
        (("GET", "/participants/MSISDN/99900000000", "payer_bank"), "", None, "3204"),
        (("GET", &unknown("quotes"), "payer_bank"), "", None, "3205"),
        (("GET", &unknown("transfers"), "payer_bank"), "", None, "3208"),
        (("GET", &unknown("bulkQuotes"), "payer_bank"), "", None, "3209"),
        (("GET", &unknown("bulkTransfers"), "payer_bank"), "", None, "3210"),
        (("POST", "/quotes", "payer_bank"), "", Some(&quote), "3201"),
        (("POST", "/quotes", "payer_bank"), "nobody", Some(&quote), "3203"),
    ] {
        assert_eq!(send(&trial, what, destination, body).await.status, 202, "{what:?}");
        assert_eq!(last_error(&trial, "payer_bank").await, expected, "{what:?}");
    }
}
