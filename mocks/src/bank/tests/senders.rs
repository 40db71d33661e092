//! Who may tell a bank how a payment goes on: the switch, and the payee's bank of what it is asked.

use super::payments::{advance, all_is_well, balance, pay, payer_and_payee, refuse, stand, state};
use super::promises::{id, say, wallet};
use super::*;
use crate::bank::store;

const AT: &str = "2026-10-01T08:00:00.000Z";

fn refused((status, said): (u16, Value), source: &str) {
    assert_eq!((status, &said["errorInformation"]["errorCode"]), (400, &json!("3100")), "{said}");
    let why = said["errorInformation"]["errorDescription"].as_str().unwrap();
    assert!(why.contains(source), "{why}");
}

/// The journal's last answer of Greenbank to the switch.
async fn word(trial: &Trial) -> Value {
    let journal = trial.journal().await;
    let sent = journal.iter().rev().find(|e| e.from == "greenbank" && e.action.starts_with("PUT"));
    serde_json::from_str(&sent.unwrap().body).unwrap()
}

#[actix_web::test]
async fn a_bank_that_commits_its_own_transfer_behind_the_switchs_back_credits_nobody() {
    let trial = Trial::start(SYSTEMS, 50);
    refuse(&trial, "payment_switch", "PUT /transfers/{id}", 100).await;
    let number = wallet(&trial);
    let party = |id: &str, fsp: &str| json!({"partyIdInfo": {"partyIdType": "MSISDN", "partyIdentifier": id, "fspId": fsp}});
    let amount = json!({"currency": "XTS", "amount": "10"});
    let quote = json!({"quoteId": id(1), "transactionId": id(2), "payer": party("1", "pinkbank"),
        "payee": party(&number, "greenbank"), "amountType": "SEND", "amount": amount,
        "transactionType": {"scenario": "TRANSFER", "initiator": "PAYER", "initiatorType": "BUSINESS"}});
    assert_eq!(say(&trial, "pinkbank", ("POST", "/quotes"), &quote).await.0, 202);
    let terms = word(&trial).await;
    let transfer = json!({"transferId": id(2), "payerFsp": "pinkbank", "payeeFsp": "greenbank",
        "amount": amount, "ilpPacket": terms["ilpPacket"], "condition": terms["condition"],
        "expiration": "2026-10-01T08:01:00.000Z"});
    assert_eq!(say(&trial, "pinkbank", ("POST", "/transfers"), &transfer).await.0, 202);
    let given = word(&trial).await;
    assert_eq!(given["transferState"], "RESERVED");

    let uri = format!("/transfers/{}", id(2));
    let patch = json!({"transferState": "COMMITTED", "completedTimestamp": AT});
    refused(say(&trial, "pinkbank", ("PATCH", &uri), &patch).await, "pinkbank");
    let put = json!({"transferState": "COMMITTED", "fulfilment": given["fulfilment"], "completedTimestamp": AT});
    refused(say(&trial, "pinkbank", ("PUT", &uri), &put).await, "pinkbank");
    let why = json!({"errorInformation": {"errorCode": "3208", "errorDescription": "unknown"}});
    refused(say(&trial, "pinkbank", ("PUT", &format!("{uri}/error")), &why).await, "pinkbank");
    let bulk = json!({"bulkTransferState": "COMPLETED", "individualTransferResults": []});
    let uri = format!("/bulkTransfers/{}", id(3));
    refused(say(&trial, "pinkbank", ("PUT", &uri), &bulk).await, "pinkbank");
    refused(say(&trial, "pinkbank", ("PUT", &format!("{uri}/error")), &why).await, "pinkbank");
    assert_eq!(balance(&trial, "greenbank", &number).await, "0.00");

    let uri = format!("/transfers/{}", id(2));
    assert_eq!(say(&trial, "Hub", ("PATCH", &uri), &patch).await.0, 200);
    assert_eq!(balance(&trial, "greenbank", &number).await, "10.00");
}

#[actix_web::test]
async fn a_payer_hears_of_its_payment_from_the_payees_bank_and_from_nobody_elses() {
    let trial = Trial::start(SYSTEMS, 50);
    let (payer, payee) = payer_and_payee(&trial);
    stand(&trial, &payee, "silent").await;
    for answer in ["PUT /parties/{type}/{id}", "PUT /quotes/{id}"] {
        refuse(&trial, "payment_switch", answer, 1).await;
    }
    let ask = json!({"account": payer, "kind": "ACCOUNT_ID", "to": payee, "amount": "10"});
    let (_, payment) = pay(&trial, ask).await;
    let transfer = payment["id"].as_str().unwrap().to_owned();
    let kept = trial.office("greenbank").store.read(|db| store::order(db, &transfer));
    let kept = kept.unwrap().unwrap();

    let found = json!({"party": {"partyIdInfo": {"partyIdType": "ACCOUNT_ID", "partyIdentifier": payee, "fspId": "pinkbank"}}});
    let uri = format!("/parties/ACCOUNT_ID/{payee}");
    refused(say(&trial, "treasury", ("PUT", &uri), &found).await, "treasury");
    assert_eq!(state(&trial, &payment).await.0, "looking_up");
    assert_eq!(say(&trial, "pinkbank", ("PUT", &uri), &found).await.0, 200);
    assert_eq!(state(&trial, &payment).await.0, "quoting");

    let no = json!({"errorInformation": {"errorCode": "5103", "errorDescription": "no"}});
    let uri = format!("/quotes/{}", kept.quote);
    refused(say(&trial, "treasury", ("PUT", &format!("{uri}/error")), &no).await, "treasury");
    let journal = trial.journal().await;
    let terms =
        journal.iter().rev().find(|e| e.from == "pinkbank" && e.action == "PUT /quotes/{id}");
    let terms: Value = serde_json::from_str(&terms.unwrap().body).unwrap();
    refused(say(&trial, "treasury", ("PUT", &uri), &terms).await, "treasury");
    assert_eq!(state(&trial, &payment).await.0, "quoting");
    assert_eq!(say(&trial, "pinkbank", ("PUT", &uri), &terms).await.0, 200);
    assert_eq!(state(&trial, &payment).await.0, "transferring");

    let uri = format!("/transfers/{transfer}/error");
    refused(say(&trial, "treasury", ("PUT", &uri), &no).await, "treasury");
    assert_eq!(state(&trial, &payment).await.0, "transferring");
    assert_eq!(say(&trial, "pinkbank", ("PUT", &uri), &no).await.0, 200);
    let (is, why) = state(&trial, &payment).await;
    assert!(is == "failed" && why.starts_with("5103"), "{is} {why}");
    assert_eq!(say(&trial, "pinkbank", ("PUT", &uri), &no).await.0, 200, "told once more");
    assert_eq!(balance(&trial, "greenbank", &payer).await, "100.00");
}

#[actix_web::test]
async fn an_identifier_that_a_path_encodes_is_known_again_in_the_answer() {
    let trial = Trial::start(SYSTEMS, 50);
    let (payer, _) = payer_and_payee(&trial);
    let ask =
        |kind: &str, to: &str| json!({"account": payer, "kind": kind, "to": to, "amount": "10"});
    for to in ["AB/12", "100%", "a?b"] {
        let (_, payment) = pay(&trial, ask("BUSINESS", to)).await;
        let (is, why) = state(&trial, &payment).await;
        assert!(is == "failed" && why.starts_with("3204"), "{to}: {is} {why}");
    }
    refuse(&trial, "payment_switch", "GET /parties/{type}/{id}", 1).await;
    let (_, payment) = pay(&trial, ask("EMAIL", "zoe+1@example.org")).await;
    assert_eq!(state(&trial, &payment).await.0, "looking_up");
    let no = json!({"errorInformation": {"errorCode": "3204", "errorDescription": "no"}});
    let uri = "/parties/EMAIL/zoe%2B1%40example.org/error";
    assert_eq!(say(&trial, "switch", ("PUT", uri), &no).await.0, 200);
    assert_eq!(state(&trial, &payment).await.0, "failed");
}

#[actix_web::test]
async fn a_switch_that_has_another_transfer_with_the_id_is_asked_what_became_of_it() {
    let trial = Trial::start(SYSTEMS, 50);
    let (payer, payee) = payer_and_payee(&trial);
    stand(&trial, &payee, "silent").await;
    let ask = json!({"account": payer, "kind": "ACCOUNT_ID", "to": payee, "amount": "10"});
    let (_, payment) = pay(&trial, ask).await;
    let uri = format!("/transfers/{}", payment["id"].as_str().unwrap());
    let why = json!({"errorInformation": {"errorCode": "3106", "errorDescription": "another came before"}});
    assert_eq!(say(&trial, "switch", ("PUT", &format!("{uri}/error")), &why).await.0, 200);
    let journal = trial.journal().await;
    let asked = journal.iter().any(|e| e.from == "greenbank" && e.action == "GET /transfers/{id}");
    assert!(asked, "the switch was not asked");
    assert_eq!(state(&trial, &payment).await.0, "transferring");
    advance(&trial, 61).await;
    let (is, why) = state(&trial, &payment).await;
    assert!(is == "failed" && why.starts_with("3303"), "{is} {why}");
    all_is_well(&trial).await;
}
