//! Bulks of quotes and transfers: one payee FSP, each transfer by itself, money that moves once.

use jiff::SignedDuration;

use super::*;

const BULK: &str = "c51ec534-ee48-4575-b6a9-ead2955b8000";

fn one(number: u8, amount: &str) -> Value {
    json!({"transferId": id(number), "transferAmount": {"currency": "XTS", "amount": amount},
        "ilpPacket": "AYIC", "condition": proof(number).1})
}

fn bulk(transfers: &[Value]) -> Value {
    json!({"bulkTransferId": BULK, "bulkQuoteId": id(99), "payerFsp": "payer_bank", "payeeFsp": "payee_bank",
        "expiration": "2026-10-01T08:01:00.000Z", "individualTransfers": transfers})
}

async fn ask(trial: &Trial, body: &Value) -> Reply {
    send(trial, ("POST", "/bulkTransfers", "payer_bank"), "payee_bank", Some(body)).await
}

fn paid(number: u8) -> Value {
    json!({"transferId": id(number), "fulfilment": proof(number).0})
}

fn failed(number: u8, code: &str) -> Value {
    json!({"transferId": id(number), "errorInformation": {"errorCode": code, "errorDescription": "no"}})
}

async fn tell(trial: &Trial, results: &[Value]) -> Value {
    let body = json!({"bulkTransferState": "COMPLETED", "individualTransferResults": results,
        "completedTimestamp": "2026-10-01T08:00:00.000Z"});
    answer(trial, &format!("/bulkTransfers/{BULK}"), &body).await;
    body
}

fn codes(told: &Value) -> Vec<&str> {
    let results = told["individualTransferResults"].as_array().unwrap().iter();
    results.map(|r| r["errorInformation"]["errorCode"].as_str().unwrap_or("paid")).collect()
}

#[actix_web::test]
async fn a_bulk_is_reserved_transfer_by_transfer_and_ends_as_the_payee_says_of_each() {
    let trial = trial().await;
    let asked = bulk(&[one(1, "100"), one(2, "50.5"), one(3, "7")]);
    assert_eq!(ask(&trial, &asked).await.status, 202);
    assert_eq!(position(&trial, "payer_bank").await, "157.5");
    let payee = received(&trial, "payee_bank").await;
    assert_eq!(payee, [(String::from("POST /bulkTransfers"), asked)]);

    let said = tell(&trial, &[paid(1), failed(2, "5105"), paid(3)]).await;
    assert_eq!(position(&trial, "payer_bank").await, "107");
    assert_eq!(position(&trial, "payee_bank").await, "-107");
    let payer = received(&trial, "payer_bank").await;
    assert_eq!(payer, [(format!("PUT /bulkTransfers/{BULK}"), said)], "passed on as it came");
    books_balance(&trial);

    let uri = format!("/bulkTransfers/{BULK}");
    send(&trial, ("GET", &uri, "payee_bank"), "", None).await;
    let told = received(&trial, "payee_bank").await.pop().unwrap().1;
    assert_eq!(told["bulkTransferState"], "COMPLETED");
    assert_eq!(codes(&told), ["paid", "5105", "paid"]);
    send(&trial, ("GET", &format!("/transfers/{}", id(2)), "payer_bank"), "", None).await;
    let told = received(&trial, "payer_bank").await.pop().unwrap().1;
    assert_eq!(told["transferState"], "ABORTED");
}

#[actix_web::test]
async fn what_the_switch_refuses_is_left_out_and_told_with_the_rest() {
    let trial = trial().await;
    prepare(&trial, &transfer(1, "1", 60)).await;
    let asked = bulk(&[one(1, "10"), one(2, "900"), one(3, "200"), one(4, "99")]);
    ask(&trial, &asked).await;
    assert_eq!(position(&trial, "payer_bank").await, "1000");
    let (_, forwarded) = received(&trial, "payee_bank").await.pop().unwrap();
    let listed = forwarded["individualTransfers"].as_array().unwrap();
    let ids: Vec<_> = listed.iter().map(|t| t["transferId"].clone()).collect();
    assert_eq!(ids, [id(2), id(4)], "a repeated one and one beyond the funds are not asked for");

    tell(&trial, &[paid(2), paid(4)]).await;
    let (what, told) = received(&trial, "payer_bank").await.pop().unwrap();
    assert_eq!(what, format!("PUT /bulkTransfers/{BULK}"));
    assert_eq!(codes(&told), ["3106", "paid", "4001", "paid"]);
    assert_eq!(position(&trial, "payee_bank").await, "-999");
    books_balance(&trial);
}

#[actix_web::test]
async fn a_bulk_that_names_a_transfer_twice_is_refused_at_the_door() {
    let trial = trial().await;
    let reply = ask(&trial, &bulk(&[one(1, "10"), one(2, "20"), one(2, "1")])).await;
    assert_eq!(refused(&reply), (400, "3100".into()));
    let said = String::from_utf8_lossy(&reply.body).into_owned();
    assert!(said.contains("individualTransfers[2].transferId"), "{said}");
    assert_eq!(position(&trial, "payer_bank").await, "0");
}

#[actix_web::test]
async fn a_bulk_and_a_transfer_with_one_id_each_expire_for_themselves() {
    let trial = trial().await;
    prepare(&trial, &transfer(1, "100", 60)).await;
    let mut asked = bulk(&[one(2, "10")]);
    asked["bulkTransferId"] = json!(id(1));
    ask(&trial, &asked).await;
    let done = json!({"bulkTransferState": "COMPLETED", "individualTransferResults": [paid(2)],
        "completedTimestamp": "2026-10-01T08:00:00.000Z"});
    answer(&trial, &format!("/bulkTransfers/{}", id(1)), &done).await;
    assert_eq!(position(&trial, "payer_bank").await, "110");
    trial.hall().room.clock.advance(SignedDuration::from_secs(60));
    crate::kit::clock::pause(std::time::Duration::from_millis(30)).await;
    trial.hall().room.clock.idle().await;
    assert_eq!(position(&trial, "payer_bank").await, "10", "the transfer is over");
    assert_eq!(last_error(&trial, "payer_bank").await, "3303");
}

#[actix_web::test]
async fn a_bulk_of_which_nothing_can_be_reserved_is_rejected_with_each_reason() {
    let trial = trial().await;
    ask(&trial, &bulk(&[one(1, "1001"), one(2, "2000")])).await;
    assert_eq!(received(&trial, "payee_bank").await.len(), 0);
    let (_, told) = received(&trial, "payer_bank").await.pop().unwrap();
    assert_eq!(
        (codes(&told), &told["bulkTransferState"]),
        (vec!["4001", "4001"], &json!("REJECTED"))
    );
    assert_eq!(position(&trial, "payer_bank").await, "0");
}

#[actix_web::test]
async fn a_wrong_proof_or_none_gives_the_money_back() {
    let trial = trial().await;
    ask(&trial, &bulk(&[one(1, "10"), one(2, "20"), one(3, "30")])).await;
    let forged = json!({"transferId": id(2), "fulfilment": proof(9).0});
    tell(&trial, &[paid(1), forged]).await;
    let (_, told) = received(&trial, "payer_bank").await.pop().unwrap();
    assert_eq!(codes(&told), ["paid", "3100", "3100"]);
    assert_eq!(position(&trial, "payer_bank").await, "10");
    assert_eq!(position(&trial, "payee_bank").await, "-10");
    books_balance(&trial);
}

#[actix_web::test]
async fn the_same_bulk_is_done_once_and_another_with_its_id_is_refused() {
    let trial = trial().await;
    let asked = bulk(&[one(1, "10")]);
    ask(&trial, &asked).await;
    ask(&trial, &asked).await;
    assert_eq!(received(&trial, "payee_bank").await.len(), 1);
    ask(&trial, &bulk(&[one(1, "11")])).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3106");
    let said = tell(&trial, &[paid(1)]).await;
    tell(&trial, &[paid(1)]).await;
    tell(&trial, &[failed(1, "5105")]).await;
    assert_eq!(last_error(&trial, "payee_bank").await, "3106", "another answer came before");
    ask(&trial, &asked).await;
    let told = received(&trial, "payer_bank").await.pop().unwrap();
    assert_eq!(told, (format!("PUT /bulkTransfers/{BULK}"), said), "told once more");
    assert_eq!(position(&trial, "payer_bank").await, "10");

    let alone = json!({"transferState": "COMMITTED", "fulfilment": proof(1).0});
    answer(&trial, &format!("/transfers/{}", id(1)), &alone).await;
    assert_eq!(last_error(&trial, "payee_bank").await, "3100", "it is answered with its bulk");
    prepare(&trial, &transfer(1, "10", 60)).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3106", "nor can it be sent alone");
}

#[actix_web::test]
async fn a_bulk_that_another_bank_asks_for_in_a_payers_name_does_not_occupy_the_id() {
    let trial = trial().await;
    let right = bulk(&[one(1, "10")]);
    let forged = ("POST", "/bulkTransfers", "payee_bank");
    send(&trial, forged, "payee_bank", Some(&right)).await;
    assert_eq!(last_error(&trial, "payee_bank").await, "3100");
    send(&trial, ("GET", &format!("/bulkTransfers/{BULK}"), "payee_bank"), "", None).await;
    assert_eq!(last_error(&trial, "payee_bank").await, "3210", "nothing is kept under the id");

    ask(&trial, &right).await;
    let asked = (String::from("POST /bulkTransfers"), right);
    assert_eq!(received(&trial, "payee_bank").await.pop().unwrap(), asked);
    assert_eq!(position(&trial, "payer_bank").await, "10");
}

#[actix_web::test]
async fn an_answer_that_contradicts_itself_is_refused_and_changes_nothing() {
    let trial = trial().await;
    ask(&trial, &bulk(&[one(1, "10"), one(2, "20")])).await;
    let mut both = failed(1, "5105");
    both["fulfilment"] = json!(proof(1).0);
    for (state, results, wrong) in [
        ("REJECTED", [paid(1), paid(2)], "[0].fulfilment"),
        ("REJECTED", [failed(1, "5105"), paid(2)], "[1].fulfilment"),
        ("COMPLETED", [both, paid(2)], "[0].errorInformation"),
        ("COMPLETED", [paid(1), failed(1, "5105")], "[1].transferId"),
        ("COMPLETED", [paid(1), paid(3)], "[1].transferId"),
    ] {
        let body = json!({"bulkTransferState": state, "individualTransferResults": results,
            "completedTimestamp": "2026-10-01T08:00:00.000Z"});
        let reply = answer(&trial, &format!("/bulkTransfers/{BULK}"), &body).await;
        assert_eq!(refused(&reply), (400, "3100".into()), "{body}");
        let said: Value = serde_json::from_slice(&reply.body).unwrap();
        let said = said["errorInformation"]["errorDescription"].as_str().unwrap();
        let path = format!("individualTransferResults{wrong}: ");
        assert!(said.contains(&path) && !said.ends_with(&path), "{said}");
        assert_eq!(position(&trial, "payer_bank").await, "30", "{body}");
    }
    assert_eq!(received(&trial, "payer_bank").await, []);
    let said = tell(&trial, &[paid(1), failed(2, "5105")]).await;
    let told = (format!("PUT /bulkTransfers/{BULK}"), said);
    assert_eq!(received(&trial, "payer_bank").await, [told]);
    assert_eq!(position(&trial, "payer_bank").await, "10");
    books_balance(&trial);
}

#[actix_web::test]
async fn a_payee_may_reject_a_bulk_as_a_whole() {
    let trial = trial().await;
    ask(&trial, &bulk(&[one(1, "10"), one(2, "20")])).await;
    let why =
        json!({"errorInformation": {"errorCode": "5001", "errorDescription": "closed today"}});
    let uri = format!("/bulkTransfers/{BULK}/error");
    answer(&trial, &uri, &why).await;
    assert_eq!(received(&trial, "payer_bank").await, [(format!("PUT {uri}"), why)]);
    assert_eq!(position(&trial, "payer_bank").await, "0");
    books_balance(&trial);
}

#[actix_web::test]
async fn a_bulk_that_nobody_answers_expires_also_after_a_restart() {
    let trial = trial().await;
    ask(&trial, &bulk(&[one(1, "10"), one(2, "20")])).await;
    trial.restart("payment_switch").await;
    let uri = format!("/bulkTransfers/{BULK}");
    let working = json!({"bulkTransferState": "PROCESSING"});
    answer(&trial, &uri, &working).await;
    send(&trial, ("GET", &uri, "payer_bank"), "", None).await;
    let told = received(&trial, "payer_bank").await.pop().unwrap().1;
    assert_eq!(told, working);
    trial.hall().room.clock.advance(SignedDuration::from_secs(60));
    crate::kit::clock::pause(std::time::Duration::from_millis(30)).await;
    trial.hall().room.clock.idle().await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3303");
    assert_eq!(position(&trial, "payer_bank").await, "0");
    tell(&trial, &[paid(1)]).await;
    assert_eq!(last_error(&trial, "payee_bank").await, "3100", "too late");
    books_balance(&trial);
}

#[actix_web::test]
async fn a_bulk_names_one_to_a_thousand_of_one_payee_fsp() {
    let trial = trial().await;
    assert_eq!(refused(&ask(&trial, &bulk(&[])).await), (400, "3100".into()));
    let many: Vec<Value> = (0..1001).map(|_| one(1, "1")).collect();
    assert_eq!(refused(&ask(&trial, &bulk(&many)).await), (400, "3103".into()));
    let mut wrong = bulk(&[one(1, "1")]);
    wrong["payeeFsp"] = json!("nobody");
    for _ in 0..2 {
        send(&trial, ("POST", "/bulkTransfers", "payer_bank"), "", Some(&wrong)).await;
        assert_eq!(
            last_error(&trial, "payer_bank").await,
            "3203",
            "the same when it is asked again"
        );
    }
    send(&trial, ("GET", &format!("/bulkTransfers/{BULK}"), "payer_bank"), "", None).await;
    let told = received(&trial, "payer_bank").await;
    assert_eq!(told.last().unwrap().1["bulkTransferState"], "REJECTED");
    wrong["payeeFsp"] = json!("nobody else");
    send(&trial, ("POST", "/bulkTransfers", "payer_bank"), "", Some(&wrong)).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3106");
    assert_eq!(position(&trial, "payer_bank").await, "0");
}

fn quotes(banks: &[&str]) -> Value {
    let party = |id: &str, fsp: &str| json!({"partyIdInfo": {"partyIdType": "MSISDN", "partyIdentifier": id, "fspId": fsp}});
    let each = banks.iter().map(|bank| {
        json!({"quoteId": id(1), "transactionId": id(2), "payee": party("2", bank), "amountType": "SEND",
            "amount": {"currency": "XTS", "amount": "1"},
            "transactionType": {"scenario": "TRANSFER", "initiator": "PAYER", "initiatorType": "BUSINESS"}})
    });
    json!({"bulkQuoteId": BULK, "payer": party("1", "payer_bank"), "individualQuotes": each.collect::<Vec<_>>()})
}

#[actix_web::test]
async fn a_bulk_of_quotes_goes_to_one_bank_and_its_answer_back() {
    let trial = trial().await;
    let what = ("POST", "/bulkQuotes", "payer_bank");
    let mixed = quotes(&["payee_bank", "greenbank"]);
    let reply = send(&trial, what, "payee_bank", Some(&mixed)).await;
    assert_eq!(refused(&reply), (400, "3100".into()));
    let asked = quotes(&["payee_bank", "payee_bank"]);
    send(&trial, what, "", Some(&asked)).await;
    assert_eq!(received(&trial, "payee_bank").await, [(String::from("POST /bulkQuotes"), asked)]);
    let uri = format!("/bulkQuotes/{BULK}");
    let terms = json!({"expiration": "2026-10-02T08:00:00.000Z", "individualQuoteResults": []});
    answer(&trial, &uri, &terms).await;
    send(&trial, ("GET", &uri, "payer_bank"), "", None).await;
    let expected = (format!("PUT {uri}"), terms);
    assert_eq!(received(&trial, "payer_bank").await, [expected.clone(), expected]);
    let unknown = format!("/bulkQuotes/{}", id(98));
    send(&trial, ("GET", &unknown, "payer_bank"), "", None).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3209");
}

#[actix_web::test]
async fn a_bulk_that_its_payee_could_not_take_is_passed_on_again_until_it_expires() {
    let trial = trial().await;
    deliveries::fail(&trial, 503, 1).await;
    ask(&trial, &bulk(&[one(1, "10"), one(2, "20")])).await;
    assert_eq!(position(&trial, "payer_bank").await, "30");
    deliveries::advance(&trial, 31).await;
    assert_eq!(received(&trial, "payee_bank").await.len(), 2);
    tell(&trial, &[paid(1), paid(2)]).await;
    assert_eq!(position(&trial, "payee_bank").await, "-30");
}

#[actix_web::test]
async fn a_bulk_that_its_payee_refuses_without_a_word_gives_the_money_back() {
    let trial = trial().await;
    deliveries::fail(&trial, 404, 1).await;
    ask(&trial, &bulk(&[one(1, "10")])).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3201");
    assert_eq!(position(&trial, "payer_bank").await, "0");
    books_balance(&trial);
}
