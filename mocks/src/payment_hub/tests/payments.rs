//! Payments that end, well or not.

use super::*;

#[actix_web::test]
async fn a_pension_goes_from_the_government_to_the_wallet_and_its_holder_hears_of_it() {
    let trial = trial().await;
    pay(&trial, vec![to_wallet("PAY-1")]).await;

    let told = told(&trial).await;
    assert_eq!(
        (&told[0]["reference_id"], &told[0]["status"]),
        (&json!("PAY-1"), &json!("succ")),
        "{told:?}"
    );
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "100.00");
    assert_eq!(balance(&trial, "treasury", "GOV-SP-001").await, "999900.00");
    let (_, inbox) = trial.ask(Letter::get("messenger", format!("/inbox/+{WALLET}"))).await;
    let text = inbox["messages"][0]["text"].as_str().unwrap();
    assert!(text.contains("100.00 XTS from Old Age Pension (October 2026)"), "{text}");
    assert!(text.starts_with("Greenbank:") && text.ends_with("Balance 100.00 XTS."), "{text}");
    books_balance(&trial).await;
}

#[actix_web::test]
async fn the_messages_of_a_payment_come_in_the_order_of_the_standard_and_are_signed() {
    let trial = trial().await;
    pay(&trial, vec![to_wallet("PAY-1")]).await;
    let mut journal = trial.journal().await;
    journal.sort_by_key(|e| crate::kit::cause::Place::parse(&e.place));
    let seen: Vec<String> = journal
        .iter()
        .filter(|e| e.kind == Kind::Request && !e.action.contains("well-known"))
        .skip_while(|e| e.action != "POST /disburse")
        .map(|e| format!("{} > {} {}", e.from, e.to, e.action))
        .collect();
    assert_eq!(
        seen,
        [
            "visitor > payment_hub POST /disburse",
            "payment_hub > treasury POST /check_funds",
            "payment_hub > treasury POST /block_funds",
            "payment_hub > payment_switch GET /parties/{type}/{id}",
            "payment_switch > greenbank GET /fspiop/parties/{type}/{id}",
            "greenbank > payment_switch PUT /parties/{type}/{id}",
            "payment_switch > payment_hub PUT /fspiop/parties/{type}/{id}",
            "payment_hub > payment_switch POST /quotes",
            "payment_switch > greenbank POST /fspiop/quotes",
            "greenbank > payment_switch PUT /quotes/{id}",
            "payment_switch > payment_hub PUT /fspiop/quotes/{id}",
            "payment_hub > payment_switch POST /transfers",
            "payment_switch > greenbank POST /fspiop/transfers",
            "greenbank > payment_switch PUT /transfers/{id}",
            "payment_switch > greenbank PATCH /fspiop/transfers/{id}",
            "greenbank > messenger POST /sms",
            "payment_switch > payment_hub PUT /fspiop/transfers/{id}",
            "payment_hub > treasury POST /settle_block",
            "payment_hub > programme POST /on-disburse",
        ]
    );
    let scheme = journal.iter().filter(|e| {
        e.kind == Kind::Answer
            && ["/quotes", "/transfers", "PUT /parties", "PUT /fspiop"]
                .iter()
                .any(|part| e.action.contains(part))
            && !e.action.starts_with("GET")
    });
    let verdicts: Vec<_> = scheme.map(|e| (e.action.as_str(), e.verdict)).collect();
    assert!(
        verdicts.len() >= 11 && verdicts.iter().all(|(_, v)| *v == Verdict::Valid),
        "{verdicts:?}"
    );
}

#[actix_web::test]
async fn tomas_is_paid_on_the_wallet_he_has_from_the_start() {
    let trial = trial().await;
    let people = &trial.country.people;
    let tomas = people.named("tomas").unwrap().account.unwrap();
    let (bank, number) = (tomas.bank.code(), tomas.number.to_string());
    pay(&trial, vec![payment("PAY-1", &tomas.to_string(), "100.00")]).await;
    assert_eq!(told(&trial).await[0]["status"], "succ");
    assert_eq!(balance(&trial, bank, &number).await, "100.00");
}

#[actix_web::test]
async fn each_trouble_of_an_account_is_told_with_its_own_reason() {
    for (standing, reason, code) in [
        ("closed", "rjct.payee_fa.invalid", "5107"),
        ("dormant", "rjct.other.error", "5105"),
        ("deceased", "rjct.other.error", "5105"),
        ("full", "rjct.other.error", "5200"),
        ("blocked", "rjct.other.error", "5400"),
    ] {
        let trial = trial().await;
        set_standing(&trial, standing).await;
        pay(&trial, vec![to_wallet("PAY-1")]).await;
        failed_because(&trial, reason, code).await;
    }
}

#[actix_web::test]
async fn nobody_behind_an_identifier_and_the_wrong_bank_are_payees_that_do_not_exist() {
    let trial = trial().await;
    pay(&trial, vec![payment("PAY-1", "msisdn:99900000000@greenbank", "100.00")]).await;
    failed_because(&trial, "rjct.payee_fa.invalid", "3204").await;
    let trial = self::trial().await;
    pay(&trial, vec![payment("PAY-1", &format!("msisdn:{WALLET}@pinkbank"), "100.00")]).await;
    failed_because(&trial, "rjct.payee_fa.invalid", "payee_fa").await;
}

/// Asks after a list, with the fields of the question that `change` says.
async fn ask_after(trial: &Trial, path: &str, change: Value) -> (u16, Value) {
    let mut question = json!({"reference_id": "Q-1", "txn_type": "disburse",
        "attribute_type": "transaction_id", "attribute_value": "TXN-1"});
    question.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    let message = json!({"transaction_id": "TXN-2", "txnstatus_request": question});
    let answer = ask(trial, path, (Action::TxnStatus, 1), message).await;
    trial.hall().room.clock.idle().await;
    answer
}

#[actix_web::test]
async fn a_list_that_nobody_knows_is_asked_after_in_vain_as_at_the_mapper() {
    let trial = trial().await;
    pay(&trial, vec![to_wallet("PAY-1")]).await;
    for question in [
        json!({"attribute_value": "TXN-9"}),
        json!({"attribute_type": "correlation_id", "attribute_value": "CORR-9"}),
        json!({"attribute_type": "reference_id_list", "attribute_value": ["PAY-9"]}),
        json!({"txn_type": "search"}),
    ] {
        let (status, answer) =
            ask_after(&trial, "/disburse/sync/txn/status", question.clone()).await;
        let header = &answer["header"];
        assert_eq!((status, &header["status"]), (200, &json!("rjct")), "{question}: {answer}");
        assert_eq!(header["status_reason_code"], "rjct.errors.too_many", "{answer}");
        assert_eq!(answer["message"]["txnstatus_response"]["txn_status"], json!({}), "{answer}");

        let (status, ack) = ask_after(&trial, "/disburse/txn/status", question.clone()).await;
        assert_eq!((status, &ack["message"]["ack_status"]), (200, &json!("ACK")), "{ack}");
        let journal = trial.journal().await;
        let mut told = journal.iter().rev();
        let told = told.find(|e| is(e, "programme", "POST /disburse/txn/on-status")).unwrap();
        let told: Value = serde_json::from_str(&told.body).unwrap();
        let kind = question["txn_type"].as_str().unwrap_or("disburse");
        assert_eq!(told["header"]["action"], format!("on-{kind}"), "as published");
        assert_eq!(told["header"]["status"], "rjct", "{question}: {told}");
        assert_eq!(told["header"]["status_reason_code"], "rjct.errors.too_many", "{told}");
    }
}

#[actix_web::test]
async fn a_question_after_a_list_in_words_that_are_not_on_its_lists_is_refused_with_the_field() {
    let trial = trial().await;
    for path in ["/disburse/sync/txn/status", "/disburse/txn/status"] {
        for (name, value) in [("txn_type", "resolve"), ("attribute_type", "subscription_code_list")]
        {
            let (status, refused) = ask_after(&trial, path, json!({name: value})).await;
            let error = &refused["message"]["error"];
            assert_eq!((status, &error["code"]), (400, &json!("err.request.bad")), "{refused}");
            let said = error["message"].as_str().unwrap();
            assert!(said.starts_with(&format!("message.txnstatus_request.{name}: ")), "{said}");
            assert!(said.contains(value), "{said}");
        }
    }
}

#[actix_web::test]
async fn a_list_can_be_paid_in_one_exchange_and_asked_after() {
    let trial = trial().await;
    let (status, answer) =
        submit(&trial, "/disburse/sync/disburse", vec![to_wallet("PAY-1")]).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["message"]["disbursements_status"][0]["status"], "succ", "{answer}");
    assert_eq!(told(&trial).await, Vec::<Value>::new(), "nobody is called back");

    for (kind, value) in
        [("transaction_id", json!("TXN-1")), ("reference_id_list", json!(["PAY-1"]))]
    {
        let question = json!({"transaction_id": "TXN-2", "txnstatus_request": {"reference_id": "Q-1",
            "txn_type": "disburse", "attribute_type": kind, "attribute_value": value}});
        let (status, answer) =
            ask(&trial, "/disburse/sync/txn/status", (Action::TxnStatus, 1), question).await;
        assert_eq!(status, 200, "{answer}");
        let found = &answer["message"]["txnstatus_response"]["txn_status"]["disbursements_status"];
        assert_eq!(
            (&found[0]["reference_id"], &found[0]["status"]),
            (&json!("PAY-1"), &json!("succ")),
            "{answer}"
        );
    }
}

#[actix_web::test]
async fn a_payment_that_was_mended_is_told_and_not_what_was_refused_before_under_its_name() {
    let trial = trial().await;
    let entries = [payment("PAY-1", "nonsense", "1.00"), to_wallet("PAY-1"), to_wallet("PAY-1")];
    for (number, entry) in entries.into_iter().enumerate() {
        let message = json!({"transaction_id": format!("TXN-{number}"), "disbursements": [entry]});
        ask(&trial, "/disburse/sync/disburse", (Action::Disburse, 1), message).await;
    }
    let question = json!({"attribute_type": "reference_id_list", "attribute_value": ["PAY-1"]});
    let (_, answer) = ask_after(&trial, "/disburse/sync/txn/status", question).await;
    let found = &answer["message"]["txnstatus_response"]["txn_status"]["disbursements_status"];
    assert_eq!(found[0]["status"], "succ", "{answer}");
}

#[actix_web::test]
async fn a_name_that_is_asked_after_twice_is_told_once_and_too_many_are_refused() {
    let trial = trial().await;
    pay(&trial, vec![to_wallet("PAY-1"), payment("PAY-2", "nonsense", "1.00")]).await;
    let path = "/disburse/sync/txn/status";
    for (kind, names, right) in [
        ("transaction_id", vec!["TXN-1"; 1000], 2),
        ("correlation_id", vec!["BATCH-000001"; 1000], 2),
        ("reference_id_list", vec!["PAY-1", "PAY-2", "PAY-1"], 2),
    ] {
        let (_, answer) =
            ask_after(&trial, path, json!({"attribute_type": kind, "attribute_value": names}))
                .await;
        let found = &answer["message"]["txnstatus_response"]["txn_status"]["disbursements_status"];
        assert_eq!(found.as_array().map(Vec::len), Some(right), "{kind}");
    }
    let names = vec!["TXN-1"; 10_001];
    let (status, refused) = ask_after(&trial, path, json!({"attribute_value": names})).await;
    let said = refused["message"]["error"]["message"].as_str().unwrap_or_default();
    assert!(status == 400 && said.ends_with("write at most 10000 names, not 10001"), "{refused}");
}
