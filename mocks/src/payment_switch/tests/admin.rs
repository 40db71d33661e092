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

#[actix_web::test]
async fn a_provisioning_collection_sets_the_hub_up() {
    let trial = trial().await;
    for kind in ["HUB_MULTILATERAL_SETTLEMENT", "HUB_RECONCILIATION"] {
        let account = json!({"type": kind, "currency": "XTS"});
        let (status, said) = admin(&trial, "POST", "/Hub/accounts", &account).await;
        assert_eq!(status, 201, "{said}");
        let (status, said) = admin(&trial, "POST", "/Hub/accounts", &account).await;
        assert_eq!(
            (status, &said["errorInformation"]["errorCode"]),
            (400, &json!("3003")),
            "registered already"
        );
    }
    let (_, shown) = admin(&trial, "GET", "/Hub/accounts", &Value::Null).await;
    assert_eq!(shown[1]["ledgerAccountType"], "HUB_RECONCILIATION");
    for (name, kind) in [("payer_bank", "HUB_RECONCILIATION"), ("Hub", "POSITION")] {
        let account = json!({"type": kind, "currency": "XTS"});
        let (status, _) = admin(&trial, "POST", &format!("/{name}/accounts"), &account).await;
        assert_eq!(status, 400, "{name} {kind}");
    }
    for kind in [
        "SETTLEMENT_TRANSFER_POSITION_CHANGE_EMAIL",
        "NET_DEBIT_CAP_ADJUSTMENT_EMAIL",
        "NET_DEBIT_CAP_THRESHOLD_BREACH_EMAIL",
    ] {
        let email = json!({"type": kind, "value": "operator@hub.example"});
        assert_eq!(admin(&trial, "POST", "/Hub/endpoints", &email).await.0, 201, "{kind}");
        let none = json!({"type": kind, "value": "http://hub.example"});
        assert_eq!(admin(&trial, "POST", "/Hub/endpoints", &none).await.0, 400, "{kind}");
    }
    let model = json!({"name": "DEFERREDNET", "settlementGranularity": "NET", "currency": "XTS",
        "settlementInterchange": "MULTILATERAL", "settlementDelay": "DEFERRED",
        "requireLiquidityCheck": true, "ledgerAccountType": "POSITION", "autoPositionReset": true});
    let add = Letter::post("payment_switch", "/admin/settlementModels").json(&model);
    assert_eq!(trial.ask(add.clone()).await.0, 201);
    let (status, said) = trial.ask(add).await;
    assert_eq!((status, &said["errorInformation"]["errorCode"]), (400, &json!("3000")));
    let (_, all) = trial.ask(Letter::get("payment_switch", "/admin/settlementModels")).await;
    assert_eq!((&all[0]["name"], &all[0]["isActive"]), (&json!("DEFERREDNET"), &json!(true)));
    books_balance(&trial);
}

#[actix_web::test]
async fn what_is_asked_for_by_type_or_currency_is_told_alone() {
    let trial = trial().await;
    let kind = "FSPIOP_CALLBACK_URL_QUOTES";
    let endpoint = json!({"type": kind, "value": "http://quotes:1"});
    admin(&trial, "POST", "/payer_bank/endpoints", &endpoint).await;
    let get = async |path: &str| admin(&trial, "GET", path, &Value::Null).await.1;
    assert_eq!(get(&format!("/payer_bank/endpoints?type={kind}")).await, endpoint);
    assert_eq!(get("/payer_bank/endpoints?type=OTHER").await, json!({}));
    admin(&trial, "POST", "", &json!({"name": "payer_bank", "currency": "USD"})).await;
    let position = json!({"currency": "XTS", "value": 0});
    assert_eq!(get("/payer_bank/positions?currency=XTS").await, position);
    assert_eq!(get("/payer_bank/positions?currency=EUR").await, json!({}));
    assert_eq!(get("/payer_bank/positions").await.as_array().unwrap().len(), 2);
    assert_eq!(get("/payer_bank/limits?currency=USD&type=NET_DEBIT_CAP").await, json!([]));
    let (status, said) = admin(&trial, "GET", "/none", &Value::Null).await;
    assert_eq!((status, &said["errorInformation"]["errorCode"]), (400, &json!("3200")));
}

#[actix_web::test]
async fn nothing_is_paid_from_or_to_a_position_account_that_is_switched_off() {
    for (number, bank) in [(1, "payer_bank"), (2, "payee_bank")] {
        let trial = trial().await;
        let (_, accounts) = admin(&trial, "GET", &format!("/{bank}/accounts"), &Value::Null).await;
        let path = |place: usize| format!("/{bank}/accounts/{}", accounts[place]["id"]);
        let (on, off) = (json!({"isActive": true}), json!({"isActive": false}));
        assert_eq!(admin(&trial, "PUT", &path(0), &off).await.0, 200);
        assert_eq!(admin(&trial, "PUT", &path(1), &off).await.0, 400, "no position account");
        let (_, shown) = admin(&trial, "GET", &format!("/{bank}/accounts"), &Value::Null).await;
        assert_eq!((&shown[0]["isActive"], &shown[1]["isActive"]), (&json!(0), &json!(1)));
        prepare(&trial, &transfer(number, "1", 60)).await;
        assert_eq!(last_error(&trial, "payer_bank").await, "3100", "{bank}");
        assert_eq!(admin(&trial, "PUT", &path(0), &on).await.0, 200);
        prepare(&trial, &transfer(number + 2, "1", 60)).await;
        assert_eq!(position(&trial, "payer_bank").await, "1", "{bank}");
    }
}
