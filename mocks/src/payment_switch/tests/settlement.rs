//! Funds out, and settlement of windows until positions are back where they were.

use super::*;

async fn account(trial: &Trial, name: &str, kind: &str) -> (i64, String) {
    let (_, accounts) = admin(trial, "GET", &format!("/{name}/accounts"), &Value::Null).await;
    let found = accounts.as_array().unwrap().iter().find(|a| a["ledgerAccountType"] == kind);
    let found = found.unwrap();
    (found["id"].as_i64().unwrap(), found["value"].to_string())
}

#[actix_web::test]
async fn funds_go_out_in_two_steps_and_never_below_what_is_owed() {
    let trial = trial().await;
    prepare(&trial, &transfer(1, "400", 60)).await;
    let (id, _) = account(&trial, "payer_bank", "SETTLEMENT").await;
    let path = format!("/payer_bank/accounts/{id}");
    let out = |transfer: &str, amount: &str| {
        json!({"transferId": transfer, "externalReference": "x", "reason": "out",
        "action": "recordFundsOutPrepareReserve", "amount": {"amount": amount, "currency": "XTS"}})
    };
    let (status, refused) = admin(&trial, "POST", &path, &out("O-1", "600.01")).await;
    assert_eq!((status, &refused["errorInformation"]["errorCode"]), (400, &json!("4001")));
    assert_eq!(admin(&trial, "POST", &path, &out("O-1", "600")).await.0, 202);
    assert_eq!(admin(&trial, "POST", &path, &out("O-1", "600")).await.0, 202, "the same again");
    let (status, refused) = admin(&trial, "POST", &path, &out("O-1", "1")).await;
    assert_eq!((status, &refused["errorInformation"]["errorCode"]), (400, &json!("3106")));
    assert_eq!(account(&trial, "payer_bank", "SETTLEMENT").await.1, "-400");
    prepare(&trial, &transfer(2, "0.01", 60)).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "4001", "what goes out covers nothing");

    let end = |action: &str| json!({"action": action, "reason": "out"});
    let out = format!("{path}/transfers/O-1");
    assert_eq!(admin(&trial, "PUT", &out, &end("recordFundsOutAbort")).await.0, 202);
    assert_eq!(account(&trial, "payer_bank", "SETTLEMENT").await.1, "-1000");
    assert_eq!(admin(&trial, "PUT", &out, &end("recordFundsOutCommit")).await.0, 400);
    books_balance(&trial);
}

#[actix_web::test]
async fn who_has_accounts_and_no_cap_yet_sends_nothing_and_takes_its_cover_out_again() {
    let trial = Trial::start(SYSTEMS, 50);
    for name in ["payer_bank", "payee_bank"] {
        let new = json!({"name": name, "currency": "XTS"});
        assert_eq!(admin(&trial, "POST", "", &new).await.0, 201);
        say_where(&trial, name).await;
    }
    fund(&trial, "payer_bank", "1000").await;
    prepare(&trial, &transfer(1, "1", 60)).await;
    let told = received(&trial, "payer_bank").await;
    let why = &told.last().unwrap().1["errorInformation"];
    assert_eq!(why["errorCode"], "3100");
    assert!(why["errorDescription"].as_str().unwrap().contains("no net debit cap"), "{why}");
    let (id, _) = account(&trial, "payer_bank", "SETTLEMENT").await;
    let path = format!("/payer_bank/accounts/{id}");
    let out = json!({"transferId": "O-1", "externalReference": "x", "reason": "out",
        "action": "recordFundsOutPrepareReserve", "amount": {"amount": "1000", "currency": "XTS"}});
    let (status, said) = admin(&trial, "POST", &path, &out).await;
    assert_eq!(status, 202, "{said}");
    books_balance(&trial);
}

async fn settle(trial: &Trial, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let letter = Letter::to("payment_switch", method.parse().unwrap(), format!("/admin{path}"));
    trial.ask(if method == "GET" { letter } else { letter.json(body) }).await
}

#[actix_web::test]
async fn a_closed_window_is_settled_stage_by_stage_and_positions_return() {
    let trial = trial().await;
    for number in [1, 2] {
        prepare(&trial, &transfer(number, "100", 60)).await;
        fulfil(&trial, number, "COMMITTED").await;
    }
    let (_, open) = settle(&trial, "GET", "/settlementWindows?state=OPEN", &Value::Null).await;
    let window = open[0]["settlementWindowId"].as_i64().unwrap();
    let close = json!({"state": "CLOSED", "reason": "end of day"});
    let path = format!("/settlementWindows/{window}");
    assert_eq!(settle(&trial, "POST", &path, &close).await.1["state"], "CLOSED");
    prepare(&trial, &transfer(3, "7", 60)).await;
    fulfil(&trial, 3, "COMMITTED").await;

    let begin = json!({"settlementModel": "DEFERREDNET", "reason": "end of day", "settlementWindows": [{"id": window}]});
    let (status, begun) = settle(&trial, "POST", "/settlements", &begin).await;
    assert_eq!((status, &begun["state"]), (200, &json!("PENDING_SETTLEMENT")), "{begun}");
    let nets: Vec<_> = begun["participants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (p["name"].clone(), p["accounts"][0]["netSettlementAmount"]["amount"].clone()))
        .collect();
    assert_eq!(nets, [(json!("payer_bank"), json!(200)), (json!("payee_bank"), json!(-200))]);

    let path = format!("/settlements/{}", begun["id"]);
    let to = |state: &str| {
        let each = begun["participants"].as_array().unwrap().iter().map(|p| {
            json!({"id": p["id"], "accounts": [{"id": p["accounts"][0]["id"], "reason": "x", "state": state}]})
        });
        json!({"participants": each.collect::<Vec<_>>()})
    };
    assert_eq!(settle(&trial, "PUT", &path, &to("PS_TRANSFERS_COMMITTED")).await.0, 400);
    for (state, positions) in [
        ("PS_TRANSFERS_RECORDED", ["207", "-207"]),
        ("PS_TRANSFERS_RESERVED", ["207", "-7"]),
        ("PS_TRANSFERS_COMMITTED", ["7", "-7"]),
        ("SETTLED", ["7", "-7"]),
    ] {
        let (status, told) = settle(&trial, "PUT", &path, &to(state)).await;
        assert_eq!((status, &told["state"]), (200, &json!(state)), "{told}");
        let now = [position(&trial, "payer_bank").await, position(&trial, "payee_bank").await];
        assert_eq!(now, positions, "{state}");
        books_balance(&trial);
    }
    let (_, window) =
        settle(&trial, "GET", &format!("/v2/settlementWindows/{window}"), &Value::Null).await;
    assert_eq!(window["state"], "SETTLED");
    let (status, _) =
        settle(&trial, "PUT", &path, &json!({"state": "ABORTED", "reason": "late"})).await;
    assert_eq!(status, 400);
}

#[actix_web::test]
async fn a_settlement_can_be_given_up_and_its_window_settled_anew() {
    let trial = trial().await;
    prepare(&trial, &transfer(1, "100", 60)).await;
    fulfil(&trial, 1, "COMMITTED").await;
    settle(&trial, "POST", "/settlementWindows/1", &json!({"state": "CLOSED", "reason": "x"}))
        .await;
    let begin =
        json!({"settlementModel": "DEFERREDNET", "reason": "x", "settlementWindows": [{"id": 1}]});
    let (_, begun) = settle(&trial, "POST", "/settlements", &begin).await;
    let path = format!("/settlements/{}", begun["id"]);
    let (status, told) =
        settle(&trial, "PUT", &path, &json!({"state": "ABORTED", "reason": "no"})).await;
    assert_eq!((status, &told["state"]), (200, &json!("ABORTED")), "{told}");
    assert_eq!(position(&trial, "payee_bank").await, "-100");
    assert_eq!(settle(&trial, "POST", "/settlements", &begin).await.0, 200);
    books_balance(&trial);
}

#[actix_web::test]
async fn a_settlement_without_accounts_is_over_once() {
    let trial = trial().await;
    let close = json!({"state": "CLOSED", "reason": "a quiet day"});
    settle(&trial, "POST", "/settlementWindows/1", &close).await;
    let begin =
        json!({"settlementModel": "DEFERREDNET", "reason": "x", "settlementWindows": [{"id": 1}]});
    let (_, begun) = settle(&trial, "POST", "/settlements", &begin).await;
    assert_eq!(begun["state"], "SETTLED", "{begun}");
    let path = format!("/settlements/{}", begun["id"]);
    let (status, refused) =
        settle(&trial, "PUT", &path, &json!({"state": "ABORTED", "reason": "late"})).await;
    assert_eq!(status, 400, "{refused}");
    let (_, told) = settle(&trial, "PUT", &path, &json!({"participants": []})).await;
    assert_eq!(told["state"], "SETTLED", "{told}");
}

/// Has both banks take part in dollars too, with 1,000 of them for the payer.
async fn take_dollars(trial: &Trial) {
    for name in ["payer_bank", "payee_bank"] {
        let new = json!({"name": name, "currency": "USD"});
        assert_eq!(admin(trial, "POST", "", &new).await.0, 201);
        let cap = json!({"currency": "USD", "limit": {"type": "NET_DEBIT_CAP", "value": 1000}});
        let path = format!("/{name}/initialPositionAndLimits");
        assert_eq!(admin(trial, "POST", &path, &cap).await.0, 201);
    }
    let (_, accounts) = admin(trial, "GET", "/payer_bank/accounts", &Value::Null).await;
    let is_cover = |a: &&Value| a["ledgerAccountType"] == "SETTLEMENT" && a["currency"] == "USD";
    let cover = accounts.as_array().unwrap().iter().find(is_cover).unwrap();
    let funds = json!({"transferId": "FUNDS-USD", "externalReference": "x", "action": "recordFundsIn",
        "reason": "opening", "amount": {"amount": "1000", "currency": "USD"}});
    let path = format!("/payer_bank/accounts/{}", cover["id"]);
    assert_eq!(admin(trial, "POST", &path, &funds).await.0, 202);
}

#[actix_web::test]
async fn a_window_with_two_currencies_is_settled_in_both() {
    let trial = trial().await;
    take_dollars(&trial).await;
    for (number, currency) in [(1, "XTS"), (2, "USD")] {
        let mut asked = transfer(number, "100", 60);
        asked["amount"]["currency"] = json!(currency);
        prepare(&trial, &asked).await;
        fulfil(&trial, number, "COMMITTED").await;
    }
    settle(&trial, "POST", "/settlementWindows/1", &json!({"state": "CLOSED", "reason": "x"}))
        .await;
    let begin =
        json!({"settlementModel": "DEFERREDNET", "reason": "x", "settlementWindows": [{"id": 1}]});
    let (_, begun) = settle(&trial, "POST", "/settlements", &begin).await;
    for state in
        ["PS_TRANSFERS_RECORDED", "PS_TRANSFERS_RESERVED", "PS_TRANSFERS_COMMITTED", "SETTLED"]
    {
        let participants = begun["participants"].as_array().unwrap().iter().map(|p| {
            let accounts = p["accounts"].as_array().unwrap().iter();
            let each = accounts.map(|a| json!({"id": a["id"], "reason": "x", "state": state}));
            json!({"id": p["id"], "accounts": each.collect::<Vec<_>>()})
        });
        let ask = json!({"participants": participants.collect::<Vec<_>>()});
        let path = format!("/settlements/{}", begun["id"]);
        let (status, told) = settle(&trial, "PUT", &path, &ask).await;
        assert_eq!((status, &told["state"]), (200, &json!(state)), "{told}");
        books_balance(&trial);
    }
    for name in ["payer_bank", "payee_bank"] {
        let (_, all) = admin(&trial, "GET", &format!("/{name}/positions"), &Value::Null).await;
        assert_eq!(all.as_array().unwrap().len(), 2);
        assert!(all.as_array().unwrap().iter().all(|p| p["value"] == 0), "{name}: {all}");
    }
}

#[actix_web::test]
async fn the_switch_speaks_under_the_name_that_was_chosen_for_it() {
    let trial = trial().await;
    let name = |name: &str| {
        Letter::to("payment_switch", Method::PUT, "/admin/hub").json(&json!({"name": name}))
    };
    assert_eq!(trial.ask(name("Mallory")).await.0, 400);
    assert_eq!(trial.ask(name("Hub")).await.0, 200);
    send(&trial, ("GET", "/parties/MSISDN/99900000000", "payer_bank"), "", None).await;
    let journal = trial.journal().await;
    let told =
        journal.iter().rev().find(|e| e.to == "payer_bank" && e.kind == Kind::Request).unwrap();
    let headers = told.headers.to_ascii_lowercase();
    assert!(headers.contains("fspiop-source: hub"), "{headers}");
}
