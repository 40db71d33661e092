//! What Mojaloop's published test collections assert, and what its client library sends.

use jiff::SignedDuration;

use super::*;
use crate::kit::clock::wall;
use crate::kit::room::Policy;
use crate::kit::trust::Keys;

fn said(reply: &Reply) -> String {
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    body["errorInformation"]["errorDescription"].as_str().unwrap().to_owned()
}

async fn state_of(trial: &Trial, number: u8, asker: &str) -> Value {
    send(trial, ("GET", &format!("/transfers/{}", id(number)), asker), "", None).await;
    received(trial, asker).await.pop().unwrap().1
}

#[actix_web::test]
async fn a_number_is_the_same_with_a_plus_and_however_it_is_encoded() {
    let trial = trial().await;
    let held = json!({"fspId": "payee_bank"});
    let plus = "/participants/MSISDN/%2B4477000";
    send(&trial, ("POST", plus, "payee_bank"), "", Some(&held)).await;
    for uri in [plus, "/participants/MSISDN/4477000", "/participants/MSISDN/+4477000"] {
        send(&trial, ("GET", uri, "payer_bank"), "", None).await;
        let told = received(&trial, "payer_bank").await.pop().unwrap();
        assert_eq!(told, (format!("PUT {uri}"), held.clone()));
    }
    for uri in ["MSISDN/%7BID%7D", "ALIAS/%7BID%7D"] {
        for resource in ["parties", "participants"] {
            let ask = message(("GET", &format!("/{resource}/{uri}"), "payer_bank"), None, &[]);
            let reply = trial.send(ask).await;
            assert_eq!(refused(&reply), (400, "3100".into()), "{uri}");
            assert!(said(&reply).contains("Invalid ID"), "{uri}");
        }
    }
    let wrong = ["EMAIL/not-an-email", "IBAN/notaniban", "MSISDN/not-a-phone"];
    for (kind, uri) in wrong.map(|uri| (uri.split_once('/').unwrap().0, uri)) {
        for (method, resource, body) in [
            ("GET", "parties", None),
            ("GET", "participants", None),
            ("POST", "participants", Some(&held)),
        ] {
            let uri = format!("/{resource}/{uri}");
            send(&trial, (method, &uri, "payee_bank"), "", body).await;
            let (what, told) = received(&trial, "payee_bank").await.pop().unwrap();
            let why = &told["errorInformation"];
            assert_eq!((what, &why["errorCode"]), (format!("PUT {uri}/error"), &json!("3100")));
            assert!(why["errorDescription"].as_str().unwrap().contains(kind), "{why}");
        }
    }
}

#[actix_web::test]
async fn refusals_of_versions_and_empty_ids_are_in_the_words_of_hubs() {
    let trial = trial().await;
    let media = "application/vnd.interoperability.parties+json;version=0.1";
    for (name, right) in [
        ("Accept", "The Client requested an unsupported version"),
        ("Content-Type", "Client supplied a protocol version which is not supported by the server"),
    ] {
        let what = ("GET", "/parties/MSISDN/4477000", "payer_bank");
        let reply = trial.send(message(what, None, &[(name, media)])).await;
        assert!(said(&reply).starts_with(&format!("Unacceptable version requested - {right}")));
    }
    let body = json!({"transferState": "ABORTED"});
    let reply =
        trial.send(message(("PUT", "/transfers/%20", "payee_bank"), Some(&body), &[])).await;
    assert_eq!(refused(&reply), (404, "3002".into()));
}

/// A transfer in version 1.1, signed with `keys` that nobody publishes.
fn signed(keys: &Keys, number: u8) -> Letter {
    use standards::fspiop::jws::{ProtectedHeader, SignatureHeader, signing_input};
    let body = transfer(number, "1", 60).to_string();
    let protected = ProtectedHeader {
        alg: String::from("ES256"),
        uri: String::from("/transfers"),
        method: String::from("POST"),
        source: String::from("payer_bank"),
        destination: Some(String::from("payee_bank")),
        date: None,
    };
    let input = signing_input(&protected.encoded(), body.as_bytes());
    let signature = SignatureHeader::new(&protected, &keys.sign_p256(input.as_bytes()));
    let change = [
        ("FSPIOP-Destination", "payee_bank"),
        ("FSPIOP-URI", "/transfers"),
        ("FSPIOP-HTTP-Method", "POST"),
        ("FSPIOP-Signature", &signature.to_header_value()),
    ];
    message(("POST", "/transfers", "payer_bank"), None, &change).body(body)
}

#[actix_web::test]
async fn a_signature_whose_key_cannot_be_had_counts_as_none_until_the_key_is_handed_over() {
    use p256::pkcs8::EncodePublicKey as _;
    let trial = trial().await;
    // Nobody publishes keys there.
    let base = trial.hall().room.base_of("payer_bank").unwrap();
    let nowhere = format!("{base}/NONE/transfers/{{{{transferId}}}}");
    for kind in ["TRANSFER_PUT", "TRANSFER_ERROR"] {
        let endpoint =
            json!({"type": format!("FSPIOP_CALLBACK_URL_{kind}"), "value": nowhere.clone()});
        assert_eq!(admin(&trial, "POST", "/payer_bank/endpoints", &endpoint).await.0, 201);
    }
    let (keys, other) = (Keys::generate(), Keys::generate());
    assert_eq!(trial.send(signed(&keys, 1)).await.status, 202, "an open room");
    let journal = trial.journal().await;
    let remarked = journal.iter().any(|e| e.remark.contains("its signature counts as none"));
    assert!(remarked, "{journal:#?}");
    trial.hall().room.set_policy(Policy::Strict).unwrap();
    assert_eq!(refused(&trial.send(signed(&keys, 2)).await), (400, "3105".into()));
    trial.hall().room.set_policy(Policy::Open).unwrap();

    let hand_over = async |pem: &str| {
        let path = "/admin/dfsps/payer_bank/jwscerts";
        let letter = Letter::to("payment_switch", Method::PUT, path);
        trial.ask(letter.json(&json!({"publicKey": pem}))).await.0
    };
    assert_eq!(hand_over("no key").await, 400);
    let pem = keys.p256().public_key().to_public_key_pem(p256::pkcs8::LineEnding::LF).unwrap();
    assert_eq!(hand_over(&pem).await, 200);
    assert_eq!(refused(&trial.send(signed(&other, 3)).await), (400, "3105".into()));
    trial.hall().room.set_policy(Policy::Strict).unwrap();
    assert_eq!(trial.send(signed(&keys, 4)).await.status, 202);
}

#[actix_web::test]
async fn an_expired_transfer_is_told_to_both_sides_and_its_cause_to_who_asks() {
    let trial = trial().await;
    prepare(&trial, &transfer(1, "100", 60)).await;
    let uri = format!("/transfers/{}", id(1));
    assert_eq!(state_of(&trial, 1, "payer_bank").await["transferState"], "RESERVED");
    trial.hall().room.clock.advance(SignedDuration::from_secs(60));
    crate::kit::clock::pause(std::time::Duration::from_millis(30)).await;
    trial.hall().room.clock.idle().await;
    for bank in ["payer_bank", "payee_bank"] {
        let (what, told) = received(&trial, bank).await.pop().unwrap();
        assert_eq!(what, format!("PUT {uri}/error"), "{bank}");
        let why = json!({"errorCode": "3303", "errorDescription": "Transfer expired"});
        assert_eq!(told["errorInformation"], why, "{bank}");
    }
    let stands = state_of(&trial, 1, "payer_bank").await;
    let cause = json!({"key": "cause", "value": "3303: Transfer expired"});
    assert_eq!(stands["extensionList"]["extension"][0], cause);
    books_balance(&trial);
}

#[actix_web::test]
async fn a_fulfilment_to_a_wrong_destination_aborts_and_one_of_the_future_is_refused() {
    let trial = trial().await;
    prepare(&trial, &transfer(1, "100", 60)).await;
    let mut body = json!({"transferState": "RESERVED", "fulfilment": proof(1).0});
    let uri = format!("/transfers/{}", id(1));
    let late = wall().max(trial.hall().room.clock.now()) + SignedDuration::from_secs(20);
    body["completedTimestamp"] = json!(standards::fspiop::DateTime::from(late));
    assert_eq!(refused(&answer(&trial, &uri, &body).await), (400, "3100".into()));
    assert_eq!(state_of(&trial, 1, "payer_bank").await["transferState"], "RESERVED");

    body.as_object_mut().unwrap().remove("completedTimestamp");
    send(&trial, ("PUT", &uri, "payee_bank"), "nosuchfsp", Some(&body)).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3100");
    let (what, told) = received(&trial, "payee_bank").await.pop().unwrap();
    assert_eq!((what, &told["transferState"]), (format!("PATCH {uri}"), &json!("ABORTED")));
    assert_eq!(state_of(&trial, 1, "payer_bank").await["transferState"], "ABORTED");
    assert_eq!(position(&trial, "payer_bank").await, "0");
    books_balance(&trial);
}

#[actix_web::test]
async fn who_is_missing_is_named_as_hubs_name_it() {
    let trial = trial().await;
    let mut body = transfer(1, "1", 60);
    body["payeeFsp"] = json!("DUMMY");
    send(&trial, ("POST", "/transfers", "payer_bank"), "DUMMY", Some(&body)).await;
    let bulk = |number: u8, payer: &str, payee: &str| {
        json!({"bulkTransferId": id(number), "bulkQuoteId": id(90), "payerFsp": payer, "payeeFsp": payee,
            "expiration": "2026-10-01T08:01:00.000Z", "individualTransfers": [{"transferId": id(number + 1),
            "transferAmount": {"currency": "XTS", "amount": "1"}, "ilpPacket": "AYIC", "condition": proof(1).1}]})
    };
    let unknown = "Payee FSP ID not found - Participant DUMMY not found";
    for (bulk, destination, right) in [
        (bulk(10, "payer_bank", "DUMMY"), "DUMMY", unknown),
        (bulk(20, "payer_bank", "payee_bank"), "DUMMY", unknown),
        (bulk(40, "payer_bank", "DUMMY"), "payee_bank", unknown),
        (
            bulk(30, "DUMMY", "payee_bank"),
            "payee_bank",
            "Generic validation error - FSPIOP-Source header should match Payer FSP",
        ),
    ] {
        let what = ("POST", "/bulkTransfers", "payer_bank");
        assert_eq!(send(&trial, what, destination, Some(&bulk)).await.status, 202, "{right}");
        let (_, told) = received(&trial, "payer_bank").await.pop().unwrap();
        assert_eq!(told["errorInformation"]["errorDescription"], right);
    }
    let (_, told) = received(&trial, "payer_bank").await.remove(0);
    let said = told["errorInformation"]["errorDescription"].as_str().unwrap();
    assert!(said.starts_with("Generic validation error - Participant DUMMY"), "{said}");
}

#[actix_web::test]
async fn administration_refuses_what_is_there_already_or_in_no_list() {
    let trial = trial().await;
    for (path, body, code, word) in [
        ("", json!({"name": "payer_bank", "currency": "XTS"}), "3003", "payer_bank"),
        ("", json!({"name": "newbank", "currency": "A#"}), "3101", "currency"),
        ("", json!({"name": "newbank", "currency": "ZZZ"}), "3101", "currency"),
        (
            "/payer_bank/endpoints",
            json!({"type": "NONSENSE", "value": "http://a:1"}),
            "3101",
            "type",
        ),
    ] {
        let (status, told) = admin(&trial, "POST", path, &body).await;
        let why = &told["errorInformation"];
        assert_eq!((status, &why["errorCode"]), (400, &json!(code)), "{body}");
        assert!(why["errorDescription"].as_str().unwrap().contains(word), "{why}");
    }
    assert_eq!(admin(&trial, "GET", "/newbank", &Value::Null).await.0, 400);
    let (_, shown) = admin(&trial, "GET", "/payer_bank", &Value::Null).await;
    assert!(shown["links"]["self"].as_str().unwrap().ends_with("/participants/payer_bank"));
    assert_eq!(shown["id"], shown["links"]["self"]);
    for path in ["/health", "/admin/health"] {
        let (status, told) = trial.ask(Letter::get("payment_switch", path)).await;
        assert_eq!((status, &told["status"]), (200, &json!("OK")), "{path}");
        assert_eq!(told["services"][0], json!({"name": "broker", "status": "OK"}));
    }
}

#[actix_web::test]
async fn what_was_paid_in_is_told_to_who_asks_for_its_id() {
    let trial = trial().await;
    let (_, accounts) = admin(&trial, "GET", "/payer_bank/accounts", &Value::Null).await;
    let path = format!("/payer_bank/accounts/{}", accounts[1]["id"]);
    let funds = json!({"transferId": id(7), "externalReference": "x", "action": "recordFundsIn",
        "reason": "more", "amount": {"amount": "5", "currency": "XTS"}});
    assert_eq!(admin(&trial, "POST", &path, &funds).await.0, 202);
    assert_eq!(state_of(&trial, 7, "payer_bank").await["transferState"], "COMMITTED");
    let uri = format!("/transfers/{}", id(7));
    send(&trial, ("GET", &uri, "payee_bank"), "", None).await;
    assert_eq!(last_error(&trial, "payee_bank").await, "3208", "it is not its own");
}

#[actix_web::test]
async fn a_settlement_is_shown_in_parts_and_a_window_with_its_content() {
    let trial = trial().await;
    prepare(&trial, &transfer(1, "100", 60)).await;
    fulfil(&trial, 1, "COMMITTED").await;
    let at = |path: &str| Letter::get("payment_switch", format!("/admin{path}"));
    let post = async |path: &str, body: Value| {
        trial.ask(Letter::post("payment_switch", format!("/admin{path}")).json(&body)).await.1
    };
    post("/settlementWindows/1", json!({"state": "CLOSED", "reason": "x"})).await;
    let (_, window) = trial.ask(at("/settlementWindows/1")).await;
    assert_eq!(window["content"][0]["currencyId"], "XTS", "{window}");
    let begin =
        json!({"settlementModel": "DEFERREDNET", "reason": "x", "settlementWindows": [{"id": 1}]});
    let begun = post("/settlements", begin).await;
    let one = &begun["participants"][1];
    let path = format!("/settlements/{}/participants/{}", begun["id"], one["id"]);
    let (status, shown) = trial.ask(at(&path)).await;
    assert_eq!((status, &shown["participants"]), (200, &json!([one])), "{shown}");
    let account = &one["accounts"][0]["id"];
    let (_, shown) = trial.ask(at(&format!("{path}/accounts/{account}"))).await;
    assert_eq!(shown["participants"][0]["accounts"][0]["id"], *account);
    assert_eq!(trial.ask(at(&format!("{path}/accounts/999"))).await.0, 400);
}
