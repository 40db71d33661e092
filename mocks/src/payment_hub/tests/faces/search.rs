//! Searches of G2P Connect.

use super::*;

fn criterion(fields: impl Into<Value>) -> Value {
    let fields = fields.into();
    let mut criterion = json!({"reference_id": "Q-1", "timestamp": "2026-10-01T08:00:00Z", "request_type": "disburse",
        "attribute_type": "payee_fa", "attribute_value": format!("msisdn:{WALLET}@greenbank")});
    criterion.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    criterion
}

async fn search(trial: &Trial, path: &str, criteria: Vec<Value>) -> (u16, Value) {
    let count = criteria.len() as u64;
    let message = json!({"transaction_id": "S-1", "search_criteria": criteria});
    ask(trial, path, (Action::Search, count), message).await
}

#[actix_web::test]
async fn payments_are_found_by_who_is_paid_who_pays_and_their_names() {
    let trial = trial().await;
    pay(&trial, vec![to_wallet("PAY-1"), payment("PAY-2", "nonsense", "1.00")]).await;
    for (kind, value, right) in [
        ("payee_fa", format!("msisdn:{WALLET}@greenbank"), vec!["PAY-1"]),
        ("payer_fa", "account:GOV-SP-001@treasury".into(), vec!["PAY-1", "PAY-2"]),
        ("payee_fa", "msisdn:1@greenbank".into(), vec![]),
        ("transaction_id", "TXN-1".into(), vec!["PAY-1", "PAY-2"]),
        ("reference_id", "PAY-1".into(), vec!["PAY-1"]),
    ] {
        let wanted = criterion(json!({"attribute_type": kind, "attribute_value": value}));
        let (status, answer) = search(&trial, "/disburse/sync/search", vec![wanted]).await;
        assert_eq!((status, &answer["header"]["status"]), (200, &json!("succ")), "{answer}");
        let found = answer["message"]["disbursements_status"].as_array().unwrap();
        let found: Vec<_> = found.iter().map(|s| s["reference_id"].as_str().unwrap()).collect();
        assert_eq!(found, right, "{kind} {value}");
    }
}

#[actix_web::test]
async fn every_wrong_criterion_has_its_code_and_the_others_are_answered() {
    let trial = trial().await;
    pay(&trial, vec![to_wallet("PAY-1")]).await;
    let cases = [
        (json!({}), None),
        (json!({}), Some("rjct.reference_id.duplicate")),
        (json!({"reference_id": " "}), Some("rjct.reference_id.invalid")),
        (json!({"reference_id": "Q-3", "timestamp": "today"}), Some("rjct.timestamp.invalid")),
        (json!({"reference_id": "Q-4", "request_type": "link"}), Some("rjct.request_type.invalid")),
        (
            json!({"reference_id": "Q-5", "attribute_type": "shoe"}),
            Some("rjct.attribute_type.invalid"),
        ),
        (
            json!({"reference_id": "Q-6", "attribute_value": "x"}),
            Some("rjct.srch_payee_fa.invalid"),
        ),
        (
            json!({"reference_id": "Q-7", "attribute_type": "payer_fa", "attribute_value": 5}),
            Some("rjct.srch_payer_fa.invalid"),
        ),
        (
            json!({"reference_id": "Q-8", "attribute_type": "transaction_id", "attribute_value": ""}),
            Some("rjct.srch_transaction_id.invalid"),
        ),
        (
            json!({"reference_id": "Q-9", "attribute_type": "transaction_id", "attribute_value": "T"}),
            Some("rjct.srch_transaction_id.not_found"),
        ),
        (
            json!({"reference_id": "Q-10", "attribute_type": "reference_id"}),
            Some("rjct_srch_reference_id.not_found"),
        ),
        (
            json!({"reference_id": "Q-11", "attribute_type": "reference_id", "attribute_value": null}),
            Some("rjct_srch_reference_id.invalid"),
        ),
        (
            json!({"reference_id": "Q-12", "share_attributes": 5}),
            Some("rjct.share_attributes.invalid"),
        ),
    ];
    let criteria = cases.iter().map(|(fields, _)| criterion(fields.clone())).collect();
    let (_, answer) = search(&trial, "/disburse/sync/search", criteria).await;
    let results = answer["message"]["disbursements_status"].as_array().unwrap();
    assert_eq!(results.len(), cases.len(), "{answer}");
    for (result, (fields, code)) in results.iter().zip(&cases) {
        assert_eq!(result["status_reason_code"].as_str(), *code, "{fields}: {result}");
    }
}

#[actix_web::test]
async fn a_search_is_answered_later_and_can_be_asked_after() {
    let trial = trial().await;
    pay(&trial, vec![to_wallet("PAY-1")]).await;
    let (status, ack) = search(&trial, "/disburse/search", vec![criterion(json!({}))]).await;
    assert_eq!((status, &ack["message"]["ack_status"]), (200, &json!("ACK")), "{ack}");
    quiet(&trial).await;
    let journal = trial.journal().await;
    let told = journal.iter().find(|e| is(e, "programme", "POST /disburse/on-search")).unwrap();
    let told: Value = serde_json::from_str(&told.body).unwrap();
    assert_eq!(told["header"]["action"], "on-search");
    assert_eq!(told["message"]["disbursements_status"][0]["status"], "succ");
    let query = json!({"transaction_id": "S-2", "txnstatus_request": {"reference_id": "Q", "txn_type": "search",
        "attribute_type": "transaction_id", "attribute_value": "S-1"}});
    let path = "/disburse/sync/txn/status";
    let (_, answer) = ask(&trial, path, (Action::TxnStatus, 1), query).await;
    let status = &answer["message"]["txnstatus_response"];
    assert_eq!(
        (&status["txn_type"], &status["txn_status"]),
        (&json!("on-search"), &told["message"]),
        "{answer}"
    );
}

#[actix_web::test]
async fn a_search_that_finds_more_than_an_answer_holds_says_so_and_a_long_answer_is_not_kept() {
    let trial = trial().await;
    let long = Disbursement {
        payee_name: serde_json::from_value(json!("x".repeat(1 << 20))).unwrap(),
        ..payment("PAY-1", "nonsense", "1.00")
    };
    pay(&trial, vec![long]).await;
    let by_name = |n: usize| {
        criterion(
            json!({"reference_id": format!("Q-{n}"), "attribute_type": "reference_id", "attribute_value": "PAY-1"}),
        )
    };
    let (_, answer) = search(&trial, "/disburse/sync/search", (0..10).map(by_name).collect()).await;
    let told = answer["message"]["disbursements_status"].as_array().unwrap();
    let codes: Vec<_> =
        told.iter().map(|one| one["status_reason_code"].as_str().unwrap()).collect();
    assert_eq!(codes[..7], ["rjct.payee_fa.invalid"; 7]);
    assert_eq!(codes[7..], ["rjct.srch.too_many_records_found"; 3]);
    let kept = |db: &rusqlite::Connection| {
        db.query_row("select count(*) from search", [], |row| row.get::<_, i64>(0))
    };
    assert_eq!(trial.office("payment_hub").store.read(kept).unwrap(), 0);
}

#[actix_web::test]
async fn an_officer_finds_who_is_named_and_not_everybody() {
    let trial = trial().await;
    pay(&trial, vec![to_wallet("PAY-1"), payment("PAY-2", "account:a_b%c@pinkbank", "1.00")]).await;
    for (wanted, count) in [("____", 0), ("%25%25%25%25", 0), (WALLET, 1), ("a_b%25c", 1)] {
        let (status, answer) = get(&trial, &format!("/payees?q={wanted}")).await;
        let found = answer["payments"].as_array().map(Vec::len);
        assert_eq!((status, found), (200, Some(count)), "{wanted}: {answer}");
    }
    assert_eq!(get(&trial, "/payees?q=abc").await.0, 400);
}
