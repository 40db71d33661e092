//! Transfers: commit, abort, expire; who may do what; money that moves once.

use jiff::SignedDuration;

use super::*;

async fn advance(trial: &Trial, seconds: i64) {
    trial.hall().room.clock.advance(SignedDuration::from_secs(seconds));
    // Who waits for the clock must wake up before the room can be seen to be busy.
    crate::kit::clock::pause(std::time::Duration::from_millis(30)).await;
    trial.hall().room.clock.idle().await;
}

#[actix_web::test]
async fn a_transfer_is_reserved_fulfilled_and_told_to_both_sides() {
    let trial = trial().await;
    assert_eq!(prepare(&trial, &transfer(1, "100.5", 60)).await.status, 202);
    assert_eq!(position(&trial, "payer_bank").await, "100.5");
    assert_eq!(fulfil(&trial, 1, "RESERVED").await.status, 200);
    assert_eq!(position(&trial, "payer_bank").await, "100.5");
    assert_eq!(position(&trial, "payee_bank").await, "-100.5");
    books_balance(&trial);

    let uri = format!("/transfers/{}", id(1));
    let payee = received(&trial, "payee_bank").await;
    let seen: Vec<_> = payee.iter().map(|(what, _)| what.as_str()).collect();
    assert_eq!(seen, ["POST /transfers", &format!("PATCH {uri}")]);
    assert_eq!(payee[1].1["transferState"], "COMMITTED");
    let payer = received(&trial, "payer_bank").await;
    assert_eq!(
        (payer[0].0.as_str(), &payer[0].1["transferState"]),
        (format!("PUT {uri}").as_str(), &json!("COMMITTED"))
    );
    assert_eq!(payer[0].1["fulfilment"], proof(1).0);
}

#[actix_web::test]
async fn a_payee_that_says_committed_is_passed_on_verbatim_and_not_patched() {
    let trial = trial().await;
    prepare(&trial, &transfer(1, "1", 60)).await;
    fulfil(&trial, 1, "COMMITTED").await;
    assert_eq!(received(&trial, "payee_bank").await.len(), 1);
    let told = received(&trial, "payer_bank").await;
    assert_eq!(told[0].1["completedTimestamp"], "2026-10-01T08:00:00.000Z");
}

#[actix_web::test]
async fn liquidity_is_checked_before_the_cap() {
    let trial = trial().await;
    prepare(&trial, &transfer(1, "1000.01", 60)).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "4001");
    fund(&trial, "payer_bank", "500").await;
    prepare(&trial, &transfer(2, "1000.01", 60)).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "4200");
    prepare(&trial, &transfer(3, "1000", 60)).await;
    assert_eq!(position(&trial, "payer_bank").await, "1000");
    assert_eq!(received(&trial, "payee_bank").await.len(), 1);
}

#[actix_web::test]
async fn what_a_payer_may_not_say_is_refused_before_money_moves() {
    let trial = trial().await;
    let with = |name: &str, value: Value| {
        let mut body = transfer(1, "1", 60);
        body[name] = value;
        body
    };
    for wrong in [
        with("payerFsp", json!("payee_bank")),
        with("payeeFsp", json!("payer_bank")),
        with("payeeFsp", json!("nobody")),
        with("expiration", json!("2026-10-01T07:59:59.000Z")),
        with("amount", json!({"currency": "USD", "amount": "1"})),
        with("amount", json!({"currency": "XTS", "amount": "0"})),
        with("amount", json!({"currency": "XTS", "amount": "1.001"})),
    ] {
        // A transfer that was kept as invalid answers for its id; each of these has one of its own.
        let mut wrong = wrong;
        wrong["transferId"] = format!(
            "{}",
            uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, wrong.to_string().as_bytes())
        )
        .into();
        prepare(&trial, &wrong).await;
        assert_eq!(last_error(&trial, "payer_bank").await, "3100", "{wrong}");
    }
    let reply =
        prepare(&trial, &with("amount", json!({"currency": "XTS", "amount": "1.50"}))).await;
    assert_eq!(refused(&reply), (400, "3100".into()));
    let reply = prepare(&trial, &json!({"transferId": id(1)})).await;
    assert_eq!(refused(&reply), (400, "3102".into()));
    assert_eq!(position(&trial, "payer_bank").await, "0");
    assert_eq!(received(&trial, "payee_bank").await.len(), 0);
}

#[actix_web::test]
async fn a_payee_may_refuse_and_the_payer_has_its_money_back() {
    let trial = trial().await;
    prepare(&trial, &transfer(1, "100", 60)).await;
    let uri = format!("/transfers/{}/error", id(1));
    let why = json!({"errorInformation": {"errorCode": "5105", "errorDescription": "dormant"}});
    answer(&trial, &uri, &why).await;
    assert_eq!(received(&trial, "payer_bank").await.last().unwrap(), &(format!("PUT {uri}"), why));
    assert_eq!(position(&trial, "payer_bank").await, "0");
    fulfil(&trial, 1, "COMMITTED").await;
    assert_eq!(last_error(&trial, "payee_bank").await, "3106", "another answer came before");
    books_balance(&trial);
}

#[actix_web::test]
async fn a_wrong_proof_aborts_and_both_sides_hear_why() {
    let trial = trial().await;
    prepare(&trial, &transfer(1, "100", 60)).await;
    let said = json!({"transferState": "COMMITTED", "fulfilment": proof(2).0});
    answer(&trial, &format!("/transfers/{}", id(1)), &said).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3100");
    assert_eq!(last_error(&trial, "payee_bank").await, "3100");
    assert_eq!(position(&trial, "payer_bank").await, "0");
}

#[actix_web::test]
async fn only_the_payee_may_fulfil() {
    let trial = trial().await;
    prepare(&trial, &transfer(1, "100", 60)).await;
    let said = json!({"transferState": "COMMITTED", "fulfilment": proof(1).0});
    let uri = format!("/transfers/{}", id(1));
    send(&trial, ("PUT", &uri, "payer_bank"), "payer_bank", Some(&said)).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3100");
    assert_eq!(position(&trial, "payee_bank").await, "0");
}

#[actix_web::test]
async fn a_transfer_that_nobody_answers_expires_on_the_sandbox_clock() {
    let trial = trial().await;
    prepare(&trial, &transfer(1, "100", 60)).await;
    advance(&trial, 59).await;
    assert_eq!(received(&trial, "payer_bank").await.len(), 0);
    advance(&trial, 1).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3303");
    assert_eq!(position(&trial, "payer_bank").await, "0");
    fulfil(&trial, 1, "COMMITTED").await;
    assert_eq!(last_error(&trial, "payee_bank").await, "3303", "it is not reserved any more");
    books_balance(&trial);
}

#[actix_web::test]
async fn the_same_prepare_is_done_once_and_another_with_its_id_is_refused() {
    let trial = trial().await;
    for _ in 0..3 {
        prepare(&trial, &transfer(1, "100", 60)).await;
    }
    assert_eq!(received(&trial, "payee_bank").await.len(), 1);
    prepare(&trial, &transfer(1, "200", 60)).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3106");
    assert_eq!(position(&trial, "payer_bank").await, "100");
    fulfil(&trial, 1, "COMMITTED").await;
    prepare(&trial, &transfer(1, "100", 60)).await;
    let told = received(&trial, "payer_bank").await;
    assert_eq!(told.last().unwrap().1["transferState"], "COMMITTED", "told once more");
    assert_eq!(position(&trial, "payer_bank").await, "100");
}

#[actix_web::test]
async fn payer_and_payee_may_ask_how_it_stands_and_nobody_else() {
    let trial = trial().await;
    prepare(&trial, &transfer(1, "100", 60)).await;
    let uri = format!("/transfers/{}", id(1));
    send(&trial, ("GET", &uri, "payer_bank"), "", None).await;
    assert_eq!(received(&trial, "payer_bank").await.last().unwrap().1["transferState"], "RESERVED");
    fulfil(&trial, 1, "COMMITTED").await;
    send(&trial, ("GET", &uri, "payee_bank"), "", None).await;
    let told = received(&trial, "payee_bank").await;
    assert_eq!(told.last().unwrap().1["fulfilment"], proof(1).0);
    send(&trial, ("GET", &format!("/transfers/{}", id(9)), "payer_bank"), "", None).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3208");
}
