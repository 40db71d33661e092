//! A list that comes again because its answer was lost, and what is forgiven to published clients.

use super::*;

/// The references and statuses of a list, as its status is told.
async fn stands(trial: &Trial, transaction_id: &str) -> Vec<(String, String)> {
    let query = json!({"transaction_id": "T-9", "txnstatus_request": {"reference_id": "Q",
        "txn_type": "disburse", "attribute_type": "transaction_id", "attribute_value": transaction_id}});
    let path = "/disburse/sync/txn/status";
    let (_, answer) = ask(trial, path, (Action::TxnStatus, 1), query).await;
    let told = &answer["message"]["txnstatus_response"]["txn_status"]["disbursements_status"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let told = told.as_array().unwrap().iter();
    told.map(|one| (text(&one["reference_id"]), text(&one["status"]))).collect()
}

#[actix_web::test]
async fn a_list_that_comes_again_is_refused_and_the_first_stands_as_it_stood() {
    let trial = trial().await;
    let paid = [(String::from("PAY-1"), String::from("succ"))];
    for (status, code) in [("succ", json!(null)), ("rjct", json!("rjct.reference_id.duplicate"))] {
        let path = "/disburse/sync/disburse";
        let (_, answer) = submit(&trial, path, vec![to_wallet("PAY-1")]).await;
        let told = &answer["message"]["disbursements_status"];
        assert_eq!(told.as_array().unwrap().len(), 1, "{answer}");
        assert_eq!((&told[0]["status"], &told[0]["status_reason_code"]), (&json!(status), &code));
        assert_eq!(answer["header"]["completed_count"], 1);
        assert_eq!(stands(&trial, "TXN-1").await, paid);
    }
    // Asked with a callback, it is refused there.
    pay(&trial, vec![to_wallet("PAY-1")]).await;
    let told = told(&trial).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["status_reason_code"], "rjct.reference_id.duplicate", "{told:?}");
    assert_eq!(stands(&trial, "TXN-1").await, paid);
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "100.00");
    books_balance(&trial).await;
}

#[actix_web::test]
async fn another_list_under_a_name_that_is_taken_is_refused_without_a_trace() {
    let trial = trial().await;
    pay(&trial, vec![to_wallet("PAY-1")]).await;
    let other = || vec![payment("PAY-2", &format!("msisdn:{WALLET}@greenbank"), "7.00")];
    let (status, answer) = submit(&trial, "/disburse/sync/disburse", other()).await;
    assert_eq!((status, &answer["header"]["status"]), (200, &json!("succ")), "{answer}");
    let told = &answer["message"]["disbursements_status"][0];
    assert_eq!(told["status_reason_code"], "rjct.reference_id.duplicate", "{answer}");
    pay(&trial, other()).await;
    let last = super::told(&trial).await.pop().unwrap();
    assert_eq!(last["status_reason_code"], "rjct.reference_id.duplicate", "{last}");
    assert_eq!(stands(&trial, "TXN-1").await, [("PAY-1".into(), "succ".into())]);
    assert_eq!(faces::kept(&trial), (1, 1));
}

#[actix_web::test]
async fn a_payment_that_waits_is_not_counted_as_completed() {
    let trial = trial().await;
    let costly = payment("PAY-1", &format!("msisdn:{WALLET}@greenbank"), "9000000.00");
    let (_, answer) = submit(&trial, "/disburse/sync/disburse", vec![costly]).await;
    let told = &answer["message"]["disbursements_status"][0];
    assert_eq!(told["status"], "pdng", "{answer}");
    assert_eq!(answer["header"]["completed_count"], 0);
}

#[actix_web::test]
async fn a_time_without_a_zone_is_utc_in_an_open_room() {
    let trial = trial().await;
    for (change, transaction) in [("2026-10-01 07:30:27.043867", "A"), ("2026-10-01T07:30:27", "B")]
    {
        let (status, answer) =
            submit_with(&trial, "/disburse/sync/disburse", json!({"message_ts": change})).await;
        assert_eq!((status, &answer["header"]["status"]), (200, &json!("succ")), "{answer}");
        let mut entry = to_wallet(transaction);
        entry.scheduled_timestamp = Some(change.into());
        let message = json!({"transaction_id": transaction, "disbursements": [entry]});
        let path = "/disburse/sync/disburse";
        let (_, answer) = ask(&trial, path, (Action::Disburse, 1), message).await;
        let told = &answer["message"]["disbursements_status"][0];
        assert_eq!(
            (&told["status"], &told["scheduled_timestamp"]),
            (&json!("succ"), &json!(change))
        );
    }
}

#[actix_web::test]
async fn a_wrong_entry_of_a_list_with_a_callback_is_refused_alone_and_told_there() {
    let trial = trial().await;
    let mut bare = json!(to_wallet("PAY-2"));
    bare.as_object_mut().unwrap().remove("payee_fa");
    let mut long = json!(to_wallet("PAY-3"));
    long["note"] = json!("x".repeat(100));
    let mut nulls = json!(to_wallet("PAY-4"));
    for name in
        ["note", "payee_name", "scheduled_timestamp", "purpose", "instruction", "meta", "locale"]
    {
        nulls[name] = Value::Null;
    }
    let list = json!([json!(to_wallet("PAY-1")), bare, long, nulls]);
    let message = json!({"transaction_id": "TXN-1", "disbursements": list});
    let (status, ack) = ask(&trial, "/disburse", (Action::Disburse, 4), message).await;
    assert_eq!((status, &ack["message"]["ack_status"]), (200, &json!("ACK")), "{ack}");
    trial.hall().room.clock.idle().await;
    let told = told(&trial).await;
    let said: Vec<_> = told.iter().map(|one| one["status_reason_code"].as_str()).collect();
    let wrong = [None, Some("rjct.payee_fa.invalid"), Some("rjct.other.error"), None];
    assert_eq!(said, wrong, "{told:?}");
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "200.00");
}
