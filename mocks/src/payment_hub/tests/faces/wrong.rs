//! What is not right, at every counter: its own code, a sentence that says what would have been right, nothing kept.

use super::*;

const BODIES: [&[u8]; 7] =
    [b"", b"{}", b"[]", b"\"text\"", b"5", b"{\"requestId\": \"R\", \"payeeList\": [", b"\xff\xfe"];

fn letter(path: &str, body: &[u8]) -> Letter {
    Letter::post("payment_hub", path)
        .header("X-CorrelationID", "C")
        .header("Platform-TenantId", "t")
        .bytes("application/json", body.to_vec())
}

#[actix_web::test]
async fn bodies_that_are_none_are_refused_in_the_words_of_each_counter() {
    let trial = trial().await;
    for body in BODIES {
        for path in ["/disbursement", "/disbursementCheck"] {
            let (status, answer) = trial.ask(letter(path, body)).await;
            let code = answer["errorInformation"]["errorCode"].as_str().unwrap_or_default();
            assert!(status == 400 && code.starts_with("31"), "{path} {body:?}: {status} {answer}");
        }
        for (path, right) in [
            ("/prepayment-validation", 200),
            ("/bulk-payment", 400),
            ("/prepayment-validation-response", 400),
        ] {
            let (status, answer) = trial.ask(letter(path, body)).await;
            assert_eq!((status, &answer["ResponseCode"]), (right, &json!("01")), "{path} {body:?}");
            let said = answer["ResponseDescription"].as_str().unwrap().chars().count();
            assert!((1..=200).contains(&said), "{answer}");
        }
        let (status, answer) = trial.ask(letter("/batchtransactions", body)).await;
        assert_eq!((status, &answer["errorCode"]), (400, &json!("400")), "{body:?}: {answer}");
        for path in [
            "/create_disbursement_envelope",
            "/create_disbursements",
            "/get_disbursement_status",
            "/get_disbursement_envelope_status",
        ] {
            let (status, answer) = trial.ask(letter(path, body)).await;
            let header = &answer["header"];
            assert_eq!(
                (status, &header["status"], &header["status_reason_message"]),
                (200, &json!("rjct"), &json!("REQUEST_VALIDATION_ERROR")),
                "{path} {body:?}"
            );
            assert!(!header["meta"]["sentence"].as_str().unwrap().is_empty());
        }
    }
    assert_eq!(kept(&trial), (0, 0));
}

#[actix_web::test]
async fn amounts_that_are_no_money_are_refused_and_nothing_is_rounded() {
    let trial = trial().await;
    for amount in [
        json!(0.001),
        json!(-1),
        json!(0),
        json!(null),
        json!("ten"),
        json!([1]),
        json!(true),
        json!(1e300),
    ] {
        let ids = ["R-1", "S", "B-1", "I-1"];
        let list = json!({"RequestID": ids[0], "SourceBBID": ids[1], "BatchID": ids[2], "CreditInstructions": [
            {"InstructionID": ids[3], "PayeeFunctionalID": "A", "Amount": amount, "Currency": "XTS", "Narration": "x"}]});
        for (path, right) in [("/prepayment-validation", 200), ("/bulk-payment", 400)] {
            let (status, answer) = post(&trial, path, list.clone()).await;
            assert_eq!((status, &answer["ResponseCode"]), (right, &json!("01")), "{path} {amount}");
            let said = answer["ResponseDescription"].as_str().unwrap();
            assert!(said.contains("CreditInstructions[0].Amount"), "{said}");
        }
    }
    assert_eq!(kept(&trial), (0, 0));
    let payee = |amount: Value, currency: &str| json!({"payeeIdType": "MOBILE", "payeeIdValue": WALLET, "amount": amount, "currency": currency});
    let list = json!({"disbursementId": "D-1", "payeeList": [payee(json!(1), "XTS"), payee(json!(1e300), "XTS"), payee(json!(1), "money"), payee(json!("01"), "XTS"), payee(json!(2), "USD")]});
    let (status, answer) = post(&trial, "/disbursement", list).await;
    assert_eq!(status, 200, "{answer}");
    let statuses: Vec<_> = answer["payeeResults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["status"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(statuses[0], "COMPLETED", "{answer}");
    assert!([1, 2, 4].iter().all(|n| statuses[*n] == "REJECTED"), "{answer}");
}

#[actix_web::test]
async fn lists_that_are_too_long_or_name_things_twice_are_refused() {
    let trial = trial().await;
    let payee =
        json!({"payeeIdType": "MOBILE", "payeeIdValue": WALLET, "amount": 1, "currency": "XTS"});
    for (count, code) in [(0, "3102"), (1001, "3103")] {
        let list = json!({"disbursementId": "D-1", "payeeList": vec![payee.clone(); count]});
        let (status, answer) = post(&trial, "/disbursement", list).await;
        assert_eq!((status, &answer["errorInformation"]["errorCode"]), (400, &json!(code)));
    }
    let credit = json!({"InstructionID": "I-1", "PayeeFunctionalID": "A", "Amount": 1, "Currency": "XTS", "Narration": "x"});
    let list = json!({"RequestID": "R", "SourceBBID": "S", "BatchID": "B", "CreditInstructions": [credit, credit]});
    let (_, answer) = post(&trial, "/bulk-payment", list).await;
    assert!(answer["ResponseDescription"].as_str().unwrap().contains("stands twice"), "{answer}");
    let twice = json!([
        {"requestId": "R-1", "creditParty": [{"key": "msisdn", "value": WALLET}], "amount": 1, "currency": "XTS"},
        {"requestId": "R-1", "creditParty": [{"key": "msisdn", "value": WALLET}], "amount": 1, "currency": "XTS"}]);
    let (status, accepted) =
        trial.ask(letter("/batchtransactions", twice.to_string().as_bytes())).await;
    assert_eq!(status, 202, "{accepted}");
    quiet(&trial).await;
    let (_, summary) = get(&trial, accepted["PollingPath"].as_str().unwrap()).await;
    assert_eq!((&summary["successful"], &summary["failed"]), (&json!(1), &json!(1)));
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "1.00");
    let oversized = vec![b' '; 5 * 1024 * 1024 + 1];
    assert_eq!(trial.ask(letter("/batchtransactions", &oversized)).await.0, 413);
}

#[actix_web::test]
async fn settings_that_are_none_are_refused() {
    let trial = trial().await;
    let put = |body: Value| {
        trial.ask(Letter::to("payment_hub", http::Method::PUT, "/settings").json(&body))
    };
    for wrong in [json!({"govstack_v1": "loose"}), json!({"colour": "blue"}), json!(5)] {
        let (status, answer) = put(wrong.clone()).await;
        let said = answer["errors"][0]["message"].as_str().unwrap_or_default().to_owned();
        assert!(status == 400 && said.contains("lenient"), "{wrong}: {answer}");
    }
    assert_eq!(get(&trial, "/settings").await.1["govstack_v1"], "lenient");
}

#[actix_web::test]
async fn a_strict_room_wants_a_token_at_every_counter() {
    let trial = trial().await;
    trial.hall().room.set_policy(crate::kit::room::Policy::Strict).unwrap();
    assert_eq!(get(&trial, "/batches/BATCH-000001/summary").await.0, 401);
    assert_eq!(trial.ask(letter("/batchtransactions", b"[]")).await.0, 401);
    assert_eq!(post(&trial, "/bulk-payment", json!({})).await.0, 401);
    assert_eq!(
        post(&trial, "/disbursement", json!({})).await.1["errorInformation"]["errorCode"],
        "3000"
    );
    let answer = bridge::ask(&trial, "get_disbursement_envelope_status", json!("ENV-000001")).await;
    assert_eq!(answer["header"]["status"], "rjct");
}
