//! `GovStack` Payments, first shape, in both readings.

use super::*;

fn request(ids: [&str; 4], payee: &str, amount: impl Into<Value>) -> Value {
    let amount = amount.into();
    json!({"RequestID": ids[0], "SourceBBID": ids[1], "BatchID": ids[2], "CreditInstructions": [
        {"InstructionID": ids[3], "PayeeFunctionalID": payee, "Amount": amount, "Currency": "XTS", "Narration": "October"}]})
}

/// As the USCT application names things: UUIDs, and a short name of its own.
const USCT: [&str; 4] = [
    "1b0a5d34-58f4-4b55-9c2e-0d9c7a9f1c11",
    "USCT-BB",
    "2b0a5d34-58f4-4b55-9c2e-0d9c7a9f1c12",
    "3b0a5d34-58f4-4b55-9c2e-0d9c7a9f1c13",
];
/// As the compliance suite names things.
const SUITE: [&str; 4] = ["d5267933-c71", "e680db9f-223", "aa4533fc-018", "0947d8d7-0bdb-40"];

fn code(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["ResponseCode"].as_str().unwrap_or_default())
}

#[actix_web::test]
async fn what_was_validated_is_paid_and_nothing_else() {
    let trial = trial().await;
    let uin = linked(&trial).await;
    let list = request(USCT, &uin, json!(100.5));
    let early = post(&trial, "/bulk-payment", list.clone()).await;
    assert_eq!(code(&early), (400, "01"), "nothing was validated yet");
    let valid = post(&trial, "/prepayment-validation", list.clone()).await;
    assert_eq!((code(&valid), &valid.1["RequestID"]), ((200, "00"), &json!(USCT[0])));
    let other = post(&trial, "/bulk-payment", request(USCT, &uin, json!(100.6))).await;
    assert_eq!(code(&other), (400, "01"), "another amount was validated");
    for _ in 0..2 {
        assert_eq!(code(&post(&trial, "/bulk-payment", list.clone()).await), (200, "00"));
        quiet(&trial).await;
    }
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "100.50", "paid once");
    let changed = post(&trial, "/bulk-payment", request(USCT, &uin, json!(7))).await;
    assert_eq!(code(&changed), (400, "01"));
    let (status, summary) = get(&trial, &format!("/batches/{}/summary", USCT[2])).await;
    assert_eq!(
        (status, &summary["successful"], &summary["totalAmount"]),
        (200, &json!(1), &json!(100.5))
    );
    books_balance(&trial).await;
}

#[actix_web::test]
async fn who_takes_no_json_is_told_so_before_anything_is_done() {
    let trial = trial().await;
    let uin = linked(&trial).await;
    let list = request(USCT, &uin, json!(100.5));
    assert_eq!(code(&post(&trial, "/prepayment-validation", list.clone()).await), (200, "00"));
    let question = json!({"RequestID": USCT[0], "Source_BatchID": USCT[2]});
    for (path, body) in [
        ("/prepayment-validation", &list),
        ("/prepayment-validation-response", &question),
        ("/bulk-payment", &list),
    ] {
        let letter = Letter::post("payment_hub", path).json(body).header("Accept", "text/plain");
        let refused = trial.ask(letter).await;
        assert_eq!(code(&refused), (501, "01"), "{path}: {refused:?}");
    }
    quiet(&trial).await;
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "0.00");
    let letter = Letter::post("payment_hub", "/bulk-payment").json(&list);
    let taken = trial.ask(letter.header("Accept", "text/plain, */*;q=0.1")).await;
    assert_eq!(code(&taken), (200, "00"));
}

#[actix_web::test]
async fn a_payee_whom_nobody_knows_fails_the_validation_and_can_be_asked_after() {
    let trial = trial().await;
    let answer = post(&trial, "/prepayment-validation", request(USCT, "nobody", json!(1))).await;
    assert_eq!(code(&answer), (200, "01"), "a validation is answered with 200 always");
    let question = json!({"RequestID": USCT[0], "Source_BatchID": USCT[2]});
    let (status, told) = post(&trial, "/prepayment-validation-response", question).await;
    assert_eq!((status, &told["NumberFailedCases"]), (200, &json!(1)));
    assert_eq!(told["FailedAccounts"][0]["InstructionID"], USCT[3]);
    let unknown = json!({"RequestID": "R", "Source_BatchID": "never"});
    let answer = post(&trial, "/prepayment-validation-response", unknown).await;
    assert_eq!(code(&answer), (400, "01"));
}

#[actix_web::test]
async fn the_compliance_suite_has_its_own_reading() {
    let trial = trial().await;
    set(&trial, json!({"govstack_v1": "strict"})).await;
    let payee = "a98bc16e-f724-410e-b";
    let list = request(SUITE, payee, json!(100.0));
    let valid = post(&trial, "/prepayment-validation", list.clone()).await;
    assert_eq!(code(&valid), (200, "00"), "who failed is told when asked for");
    let question = json!({"RequestID": SUITE[0], "Source_BatchID": SUITE[2]});
    let (_, told) = post(&trial, "/prepayment-validation-response", question).await;
    assert_eq!(told["NumberFailedCases"], 1);
    assert_eq!(code(&post(&trial, "/bulk-payment", list).await), (200, "00"));
    quiet(&trial).await;
    let (_, summary) = get(&trial, &format!("/batches/{}/summary", SUITE[2])).await;
    assert_eq!((&summary["successful"], &summary["status"]), (&json!(0), &json!("Held")));
    let short = ["abcdef123456", "sourceBBID", "batchID", "instructionID"];
    for n in 0..4 {
        let mut ids = SUITE;
        ids[n] = short[n.max(1)];
        let wrong = request(ids, payee, json!(1));
        assert_eq!(
            code(&post(&trial, "/prepayment-validation", wrong.clone()).await),
            (200, "01"),
            "{wrong}"
        );
        assert_eq!(code(&post(&trial, "/bulk-payment", wrong).await), (400, "01"));
    }
}
