//! What goes wrong on the way, and that the money moves once all the same.

use super::*;

#[actix_web::test]
async fn a_switch_that_is_down_is_tried_again_with_the_same_ids_until_it_is_back() {
    let trial = trial().await;
    fault(
        &trial,
        "payment_switch",
        json!({"kind": "refusing", "status": 503, "on": "POST /quotes"}),
    )
    .await;
    pay(&trial, vec![to_wallet("PAY-1")]).await;
    advance(&trial, 30).await;
    advance(&trial, 60).await;
    assert_eq!(told(&trial).await, Vec::<Value>::new(), "nothing has ended yet");
    assert_eq!(count(&trial, "payment_switch", "POST /quotes").await, 3);

    let clear = Letter::to("payment_switch", http::Method::DELETE, "/_arenoa/faults");
    trial.send(clear).await;
    advance(&trial, 120).await;
    is_paid_once(&trial).await;
    let journal = trial.journal().await;
    let asked = journal.iter().filter(|e| is(e, "payment_switch", "POST /quotes"));
    let bodies: std::collections::BTreeSet<_> = asked.map(|e| &e.body).collect();
    assert_eq!(bodies.len(), 1, "the same question with the same ids");
}

#[actix_web::test]
async fn a_transfer_that_nobody_took_is_asked_after_before_it_is_sent_again() {
    let trial = trial().await;
    let once = json!({"kind": "refusing", "status": 503, "on": "POST /transfers", "times": 1});
    fault(&trial, "payment_switch", once).await;
    pay(&trial, vec![to_wallet("PAY-1")]).await;
    advance(&trial, 30).await;
    is_paid_once(&trial).await;
    assert_eq!(count(&trial, "payment_switch", "GET /transfers/{id}").await, 1);
    assert_eq!(count(&trial, "payment_switch", "POST /transfers").await, 2);
}

#[actix_web::test]
async fn a_callback_that_is_lost_is_asked_for_and_nothing_is_paid_again() {
    let trial = trial().await;
    let lost = json!({"kind": "silent", "on": "PUT /fspiop/transfers/{id}", "times": 1});
    fault(&trial, "payment_hub", lost).await;
    pay(&trial, vec![to_wallet("PAY-1")]).await;
    assert_eq!(told(&trial).await, Vec::<Value>::new());
    advance(&trial, 90).await;
    is_paid_once(&trial).await;
    assert_eq!(count(&trial, "payment_switch", "POST /transfers").await, 1);
}

#[actix_web::test]
async fn a_quote_whose_answer_never_reached_the_switch_is_asked_for_anew() {
    let trial = trial().await;
    let lost = json!({"kind": "refusing", "status": 503, "on": "PUT /quotes/{id}", "times": 2});
    fault(&trial, "payment_switch", lost).await;
    pay(&trial, vec![to_wallet("PAY-1")]).await;
    advance(&trial, 90).await;
    assert_eq!(told(&trial).await, Vec::<Value>::new());
    advance(&trial, 90).await;
    is_paid_once(&trial).await;
    assert_eq!(count(&trial, "payment_switch", "POST /quotes").await, 3);
    assert_eq!(count(&trial, "payment_switch", "POST /transfers").await, 1);
}

#[actix_web::test]
async fn messages_that_come_twice_pay_once() {
    for on in ["POST /quotes", "POST /transfers", "PUT /transfers/{id}"] {
        let trial = trial().await;
        fault(&trial, "payment_switch", json!({"kind": "duplicating", "on": on})).await;
        pay(&trial, vec![to_wallet("PAY-1")]).await;
        is_paid_once(&trial).await;
    }
}

#[actix_web::test]
async fn a_payment_goes_on_where_the_hub_stopped() {
    for on in ["GET /parties/{type}/{id}", "POST /quotes", "POST /transfers"] {
        let trial = trial().await;
        let once = json!({"kind": "refusing", "status": 503, "on": on, "times": 1});
        fault(&trial, "payment_switch", once).await;
        pay(&trial, vec![to_wallet("PAY-1")]).await;
        trial.restart("payment_hub").await;
        is_paid_once(&trial).await;
    }
}

#[actix_web::test]
async fn a_list_goes_on_when_the_treasury_is_back() {
    for on in ["POST /check_funds", "POST /block_funds", "POST /settle_block"] {
        let trial = trial().await;
        let once = json!({"kind": "refusing", "status": 503, "on": on, "times": 1});
        fault(&trial, "treasury", once).await;
        pay(&trial, vec![to_wallet("PAY-1")]).await;
        advance(&trial, 30).await;
        is_paid_once(&trial).await;
        let block = |db: &rusqlite::Connection| crate::kit::ledger::balance(db, "block/BLK-000001");
        assert_eq!(trial.office("treasury").store.read(block).unwrap(), Some(0), "{on}");
    }
}

#[actix_web::test]
async fn a_payment_in_doubt_is_asked_after_for_as_long_as_it_takes() {
    let trial = trial().await;
    let lost = json!({"kind": "silent", "on": "PUT /fspiop/transfers/{id}"});
    fault(&trial, "payment_hub", lost).await;
    pay(&trial, vec![to_wallet("PAY-1")]).await;
    for _ in 0..12 {
        advance(&trial, 90).await;
    }
    assert_eq!(told(&trial).await, Vec::<Value>::new());
    trial.send(Letter::to("payment_hub", http::Method::DELETE, "/_arenoa/faults")).await;
    advance(&trial, 2 * 3600).await;
    is_paid_once(&trial).await;
}

#[actix_web::test]
async fn the_treasury_is_asked_for_as_long_as_it_takes() {
    for on in ["POST /block_funds", "POST /settle_block"] {
        let trial = trial().await;
        fault(&trial, "treasury", json!({"kind": "refusing", "status": 503, "on": on})).await;
        pay(&trial, vec![to_wallet("PAY-1")]).await;
        for _ in 0..12 {
            advance(&trial, 2 * 3600).await;
        }
        trial.send(Letter::to("treasury", http::Method::DELETE, "/_arenoa/faults")).await;
        advance(&trial, 2 * 3600).await;
        is_paid_once(&trial).await;
    }
}

/// What a participant says of a transfer, or of a party, at the hub's own counter.
async fn says(trial: &Trial, source: &str, path: &str, body: Value) -> (u16, Value) {
    let about = if path.starts_with("/parties") { "parties" } else { "transfers" };
    let media = format!("application/vnd.interoperability.{about}+json;version=1.1");
    let letter = Letter::to("payment_hub", http::Method::PUT, format!("/fspiop{path}"));
    let letter = letter
        .header("Date", "Thu, 01 Oct 2026 08:00:00 GMT")
        .header("FSPIOP-Source", source)
        .header("FSPIOP-Destination", "treasury");
    trial.ask(letter.bytes(&media, body.to_string().into_bytes())).await
}

#[actix_web::test]
async fn nobody_but_the_switch_and_the_payees_bank_tells_how_a_transfer_ended() {
    let trial = trial().await;
    let lost = json!({"kind": "silent", "on": "PUT /fspiop/transfers/{id}", "times": 1});
    fault(&trial, "payment_hub", lost).await;
    pay(&trial, vec![to_wallet("PAY-1")]).await;
    let (_, list) = trial.ask(Letter::get("payment_hub", "/lists/BATCH-000001")).await;
    let path = format!("/transfers/{}", list["payments"][0]["transfer_id"].as_str().unwrap());
    let error =
        json!({"errorInformation": {"errorCode": "5100", "errorDescription": "payee rejected"}});
    let (status, refused) = says(&trial, "pinkbank", &format!("{path}/error"), error.clone()).await;
    assert_eq!((status, &refused["errorInformation"]["errorCode"]), (400, &json!("3100")));
    let done =
        json!({"transferState": "ABORTED", "completedTimestamp": "2026-10-01T08:00:00.000Z"});
    assert_eq!(says(&trial, "pinkbank", &path, done).await.0, 400);
    assert_eq!(told(&trial).await, Vec::<Value>::new());
    advance(&trial, 90).await;
    is_paid_once(&trial).await;
}

#[actix_web::test]
async fn nobody_but_the_switch_and_the_banks_tells_that_a_payee_is_unknown() {
    let trial = trial().await;
    let lost = json!({"kind": "silent", "on": "PUT /fspiop/parties/{type}/{id}"});
    fault(&trial, "payment_hub", lost).await;
    pay(&trial, vec![to_wallet("PAY-1")]).await;
    let error =
        json!({"errorInformation": {"errorCode": "3204", "errorDescription": "party not found"}});
    let path = format!("/parties/MSISDN/{WALLET}/error");
    let (status, refused) = says(&trial, "mallory", &path, error.clone()).await;
    assert_eq!((status, &refused["errorInformation"]["errorCode"]), (400, &json!("3100")));
    assert_eq!(told(&trial).await, Vec::<Value>::new());
    assert_eq!(says(&trial, "greenbank", &path, error).await.0, 200);
    trial.hall().room.clock.idle().await;
    failed_because(&trial, "rjct.payee_fa.invalid", "3204").await;
}

#[actix_web::test]
async fn a_bank_that_is_never_heard_of_again_lets_the_transfer_expire() {
    let trial = trial().await;
    set_standing(&trial, "silent").await;
    pay(&trial, vec![to_wallet("PAY-1")]).await;
    assert_eq!(told(&trial).await, Vec::<Value>::new());
    advance(&trial, 60).await;
    failed_because(&trial, "rjct.other.error", "3303").await;
}
