//! Administration of participants.

use super::*;

#[actix_web::test]
async fn a_participant_is_shown_with_its_accounts_and_can_be_switched_off() {
    let trial = trial().await;
    let (_, shown) = admin(&trial, "GET", "/payer_bank", &Value::Null).await;
    let kinds: Vec<_> =
        shown["accounts"].as_array().unwrap().iter().map(|a| &a["ledgerAccountType"]).collect();
    assert_eq!(kinds, ["POSITION", "SETTLEMENT"]);
    let (_, all) = admin(&trial, "GET", "", &Value::Null).await;
    let names: Vec<_> =
        all.as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["greenbank", "payee_bank", "payer_bank", "pinkbank", "treasury"]);

    let off = json!({"isActive": false});
    assert_eq!(admin(&trial, "PUT", "/payer_bank", &off).await.0, 200);
    let reply = prepare(&trial, &transfer(1, "1", 60)).await;
    assert_eq!(refused(&reply), (400, "3100".into()));
}

#[actix_web::test]
async fn who_takes_part_stays_with_what_was_paid_in_when_a_story_begins() {
    let trial = trial().await;
    prepare(&trial, &transfer(1, "1", 60)).await;
    assert_eq!(position(&trial, "payer_bank").await, "1");
    trial.hall().begin().await.unwrap();
    assert_eq!(position(&trial, "payer_bank").await, "0", "what happened is gone");
    let reply = prepare(&trial, &transfer(2, "1", 60)).await;
    assert_eq!(reply.status, 202);
    assert_eq!(position(&trial, "payer_bank").await, "1");
    books_balance(&trial);
}

#[actix_web::test]
async fn a_cap_can_be_changed_and_funds_go_in_once() {
    let trial = trial().await;
    let cap = json!({"currency": "XTS", "limit": {"type": "NET_DEBIT_CAP", "value": 10.5, "alarmPercentage": 20}});
    assert_eq!(admin(&trial, "PUT", "/payer_bank/limits", &cap).await.0, 200);
    let (_, limits) = admin(&trial, "GET", "/payer_bank/limits", &Value::Null).await;
    assert_eq!(
        limits[0]["limit"],
        json!({"type": "NET_DEBIT_CAP", "value": 10.5, "alarmPercentage": 20})
    );
    prepare(&trial, &transfer(1, "11", 60)).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "4200");
    let (_, checked) = trial.ask(Letter::get("payment_switch", "/admin/ledger")).await;
    assert_eq!(checked["balanced"], true);
}

#[actix_web::test]
async fn what_a_participant_owes_from_the_start_counts_and_is_set_once() {
    let trial = trial().await;
    let path = "/payer_bank/initialPositionAndLimits";
    let first = json!({"currency": "XTS", "limit": {"type": "NET_DEBIT_CAP", "value": 1000}, "initialPosition": 100.5});
    assert_eq!(admin(&trial, "POST", path, &first).await.0, 201);
    assert_eq!(position(&trial, "payer_bank").await, "100.5");
    prepare(&trial, &transfer(1, "900", 60)).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "4001");
    let (status, said) = admin(&trial, "POST", path, &first).await;
    assert_eq!((status, &said["errorInformation"]["errorCode"]), (400, &json!("3100")), "{said}");
    let mut zero = first;
    zero["initialPosition"] = json!(0);
    assert_eq!(admin(&trial, "POST", path, &zero).await.0, 201);
    assert_eq!(position(&trial, "payer_bank").await, "100.5");
    books_balance(&trial);
}
