//! Payment lists as a whole.

use super::*;

#[actix_web::test]
async fn an_entry_that_lacks_something_is_refused_alone_with_the_code_of_its_field() {
    let trial = trial().await;
    let entry = |change: Value| {
        let mut entry = json!(to_wallet("PAY-1"));
        entry.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        entry
    };
    let lacks = |reference: &str, name: &str| {
        let mut entry = entry(json!({"reference_id": reference}));
        entry.as_object_mut().unwrap().remove(name);
        entry
    };
    let list = json!({"transaction_id": "TXN-1", "disbursements": [
        entry(json!({"reference_id": "PAY-0", "currency_code": "USD"})),
        entry(json!({})),
        lacks("PAY-2", "amount"),
        lacks("PAY-3", "payee_fa"),
        entry(json!({"reference_id": "PAY-4", "payer_fa": "nobody"})),
        lacks("PAY-5", "reference_id"),
        entry(json!({"reference_id": "PAY-6", "amount": 100.5})),
    ]});
    let path = "/disburse/sync/disburse";
    let (status, answer) = ask(&trial, path, (Action::Disburse, 7), list).await;
    assert_eq!(status, 200, "{answer}");
    let told = answer["message"]["disbursements_status"].as_array().unwrap();
    let codes: Vec<_> = told.iter().map(|one| one["status_reason_code"].as_str()).collect();
    let right = [
        Some("rjct.currency_code.invalid"),
        None,
        Some("rjct.amount.invalid"),
        Some("rjct.payee_fa.invalid"),
        Some("rjct.payer_fa.invalid"),
        Some("rjct.reference_id.invalid"),
        Some("rjct.amount.invalid"),
    ];
    assert_eq!(codes, right, "{answer}");
    assert_eq!(told[1]["status"], "succ", "{answer}");

    let query = json!({"transaction_id": "T-1", "txnstatus_request": {"reference_id": "R-1", "txn_type": "disburse",
        "attribute_type": "reference_id_list", "attribute_value": ["PAY-1"]}});
    let path = "/disburse/sync/txn/status";
    let (_, answer) = ask(&trial, path, (Action::TxnStatus, 1), query).await;
    let status = &answer["message"]["txnstatus_response"]["txn_status"];
    assert_eq!(status["transaction_id"], "TXN-1", "{answer}");
}

#[actix_web::test]
async fn without_funds_nothing_is_sent_and_everything_is_held() {
    let trial = trial().await;
    let wallet = format!("msisdn:{WALLET}@greenbank");
    pay(
        &trial,
        vec![payment("PAY-1", &wallet, "600000.00"), payment("PAY-2", &wallet, "600000.00")],
    )
    .await;
    let told = told(&trial).await;
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|status| status["status"] == "pdng"), "{told:?}");
    let message = told[0]["status_reason_message"].as_str().unwrap();
    assert!(message.starts_with("FUNDS_NOT_AVAILABLE"), "{message}");
    assert_eq!(count(&trial, "payment_switch", "GET /parties/{type}/{id}").await, 0);
    books_balance(&trial).await;
}

#[actix_web::test]
async fn a_reference_is_paid_once_in_one_list_and_over_many() {
    let trial = trial().await;
    pay(&trial, vec![to_wallet("PAY-1"), to_wallet("PAY-1")]).await;
    let other = json!({"transaction_id": "TXN-2", "disbursements": [to_wallet("PAY-1")]});
    assert_eq!(ask(&trial, "/disburse", (Action::Disburse, 1), other).await.0, 200);
    trial.hall().room.clock.idle().await;
    let told = told(&trial).await;
    let statuses: Vec<_> = told.iter().map(|s| s["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["succ", "rjct", "rjct"]);
    assert_eq!(told[2]["status_reason_code"], "rjct.reference_id.duplicate");
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "100.00");
    books_balance(&trial).await;
}

#[actix_web::test]
async fn bad_entries_are_refused_each_with_its_reason_and_the_rest_is_paid() {
    let trial = trial().await;
    let mut foreign = to_wallet("PAY-4");
    foreign.payer_fa = "account:1@otherbank".into();
    let wallet = format!("msisdn:{WALLET}@greenbank");
    let list = vec![
        to_wallet("PAY-1"),
        payment("PAY-2", &wallet, "100"),
        payment("PAY-3", "nonsense", "100.00"),
        foreign,
    ];
    pay(&trial, list).await;
    let told = told(&trial).await;
    let reasons: Vec<_> = told.iter().map(|s| s["status_reason_code"].as_str()).collect();
    assert_eq!(
        reasons,
        [
            None,
            Some("rjct.amount.invalid"),
            Some("rjct.payee_fa.invalid"),
            Some("rjct.payer_fa.invalid")
        ]
    );
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "100.00");
    assert_eq!(balance(&trial, "treasury", "GOV-SP-001").await, "999900.00");
}

#[actix_web::test]
async fn a_list_that_comes_to_more_than_can_be_counted_is_not_taken() {
    let trial = trial().await;
    let wallet = format!("msisdn:{WALLET}@greenbank");
    let rich = |n: usize| payment(&format!("PAY-{n}"), &wallet, "9999999999999.99");
    let (status, ack) = submit(&trial, "/disburse", (0..10_000).map(rich).collect()).await;
    assert_eq!((status, &ack["message"]["ack_status"]), (400, &json!("ERR")), "{ack}");
    let (status, shown) = trial.ask(Letter::get("payment_hub", "/lists")).await;
    assert_eq!((status, &shown["lists"]), (200, &json!([])));
}

#[actix_web::test]
async fn a_list_that_does_not_count_right_is_not_taken() {
    let trial = trial().await;
    let message = json!({"transaction_id": "TXN-1", "disbursements": [to_wallet("PAY-1")]});
    let (status, ack) = ask(&trial, "/disburse", (Action::Disburse, 2), message).await;
    assert_eq!((status, &ack["message"]["ack_status"]), (400, &json!("ERR")));
    let said = ack["message"]["error"]["message"].as_str().unwrap();
    assert!(said.contains("total_count: write 1"), "{said}");
}
