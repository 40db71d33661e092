//! The interoperability layer of DCI.

use super::*;

#[actix_web::test]
async fn a_payee_is_checked_at_the_mapper_and_at_the_bank() {
    let trial = trial().await;
    let uin = linked(&trial).await;
    assert_eq!(get(&trial, "/health").await.0, 200);
    let body = json!({"requestId": "Q-1", "payeeList": [
        {"payeeIdType": "UIN", "payeeIdValue": uin},
        {"payeeIdType": "MOBILE", "payeeIdValue": format!("+{WALLET}")},
        {"payeeIdType": "MOBILE", "payeeIdValue": "99900000000"},
        {"payeeIdType": "AADHAAR", "payeeIdValue": "5000-0000-1234"},
        {"payeeIdType": "SHOE", "payeeIdValue": "a b"}]});
    let (status, answer) = post(&trial, "/disbursementCheck", body).await;
    assert_eq!(status, 200, "{answer}");
    let results = answer["payeeResults"].as_array().unwrap();
    let payable: Vec<_> = results.iter().map(|r| r["isPayable"].as_bool().unwrap()).collect();
    assert_eq!(payable, [true, true, false, false, false], "{answer}");
    assert_eq!(results[0]["name"], "Tala Reyn", "{answer}");
    let why = |n: usize| results[n]["errors"][0].as_str().unwrap().to_owned();
    assert!(why(2).starts_with("3204"), "{}", why(2));
    assert!(why(3).contains("does not know this payee"), "{}", why(3));
    assert_eq!(count(&trial, "payment_switch", "POST /transfers").await, 0);
}

fn list(uin: &str) -> Value {
    json!({"disbursementId": "D-1", "note": "PENSION", "payeeList": [
        {"payeeIdType": "UIN", "payeeIdValue": uin, "amount": "100", "currency": "XTS"},
        {"payeeIdType": "MOBILE", "payeeIdValue": WALLET, "amount": 100.5, "currency": "XTS"},
        {"payeeIdType": "AADHAAR", "payeeIdValue": "5000", "amount": "1", "currency": "XTS"},
        {"payeeIdType": "MOBILE", "payeeIdValue": WALLET, "amount": 0.001, "currency": "XTS"},
        {"payeeIdType": "MOBILE", "payeeIdValue": "99900000000", "amount": "1", "currency": "XTS"}]})
}

#[actix_web::test]
async fn a_disbursement_is_answered_with_what_became_of_each_payee_and_paid_once() {
    let trial = trial().await;
    let uin = linked(&trial).await;
    let (status, answer) = post(&trial, "/disbursement", list(&uin)).await;
    assert_eq!(status, 200, "{answer}");
    let results = answer["payeeResults"].as_array().unwrap();
    let statuses: Vec<_> = results.iter().map(|r| r["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["COMPLETED", "COMPLETED", "PENDING", "REJECTED", "REJECTED"], "{answer}");
    assert_eq!((&results[0]["amount"], &results[1]["amount"]), (&json!("100"), &json!(100.5)));
    assert_eq!(results[1]["amountCredited"], "100.5");
    assert!(
        results[3]["errors"][0].as_str().unwrap().contains("parts of a minor unit"),
        "{answer}"
    );
    assert!(results[4]["errors"][0].as_str().unwrap().starts_with("3204"), "{answer}");
    assert!(answer["payeeList"].is_array() && answer["requestId"] == "D-1");
    quiet(&trial).await;
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "200.50");

    let (status, again) = post(&trial, "/disbursement", list(&uin)).await;
    assert_eq!((status, &again["payeeResults"]), (200, &answer["payeeResults"]));
    assert_eq!(get(&trial, "/disbursement/D-1").await.1["payeeResults"], answer["payeeResults"]);
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "200.50");
    let mut other = list(&uin);
    other["payeeList"][0]["amount"] = json!("500");
    let (status, refused) = post(&trial, "/disbursement", other).await;
    assert_eq!((status, &refused["errorInformation"]["errorCode"]), (400, &json!("3106")));
    assert_eq!(get(&trial, "/disbursement/D-2").await.0, 404);
    books_balance(&trial).await;
}

#[actix_web::test]
async fn of_many_who_send_a_disbursement_together_nobody_hears_that_it_was_refused() {
    let trial = trial().await;
    let body = json!({"disbursementId": "D-1", "payeeList": [
        {"payeeIdType": "MOBILE", "payeeIdValue": WALLET, "amount": "100", "currency": "XTS"}]});
    let tries = (0..8).map(|_| post(&trial, "/disbursement", body.clone()));
    for (status, answer) in futures_util::future::join_all(tries).await {
        assert_eq!(status, 200, "{answer}");
        assert_ne!(answer["payeeResults"][0]["status"], "REJECTED", "{answer}");
    }
    quiet(&trial).await;
    let (_, shown) = get(&trial, "/disbursement/D-1").await;
    assert_eq!(shown["payeeResults"][0]["status"], "COMPLETED", "{shown}");
    assert_eq!(kept(&trial), (1, 1));
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "100.00");
}

#[actix_web::test]
async fn without_funds_everything_is_pending_and_says_why() {
    let trial = trial().await;
    let body = json!({"disbursementId": "D-1", "payeeList": [
        {"payeeIdType": "MOBILE", "payeeIdValue": WALLET, "amount": 1_000_000_000, "currency": "XTS"}]});
    let (_, answer) = post(&trial, "/disbursement", body).await;
    let result = &answer["payeeResults"][0];
    assert_eq!(result["status"], "PENDING");
    assert!(result["errors"][0].as_str().unwrap().starts_with("FUNDS_NOT_AVAILABLE"), "{answer}");
}
