//! Lists of many payments: one bulk a bank, and every payment ends once.

use super::*;

/// Wallets at Greenbank and accounts at Pinkbank that the tests open.
const WALLETS: [&str; 3] = ["99977700011", "99977700012", "99977700013"];
const ACCOUNTS: [&str; 2] = ["7770000001", "7770000002"];

async fn bank_trial() -> Trial {
    let trial = Trial::start(SYSTEMS, 50);
    let open = |kind: &str, number: &str| json!({"kind": kind, "number": number, "given": "Tala", "family": "Reyn"});
    for (bank, kind, numbers) in
        [("greenbank", "MSISDN", &WALLETS[..]), ("pinkbank", "ACCOUNT_ID", &ACCOUNTS[..])]
    {
        for number in numbers {
            let letter = Letter::post(bank, "/accounts").json(&open(kind, number));
            assert_eq!(trial.ask(letter).await.0, 201);
        }
    }
    trial.hall().room.clock.idle().await;
    trial
}

fn to_all() -> Vec<Disbursement> {
    let wallets = WALLETS.iter().map(|n| format!("msisdn:{n}@greenbank"));
    let accounts = ACCOUNTS.iter().map(|n| format!("account:{n}@pinkbank"));
    let payees = wallets.chain(accounts).enumerate();
    payees.map(|(i, payee)| payment(&format!("PAY-{i}"), &payee, "100.00")).collect()
}

async fn balances(trial: &Trial) -> Vec<String> {
    let mut balances = Vec::new();
    for (bank, numbers) in [("greenbank", &WALLETS[..]), ("pinkbank", &ACCOUNTS[..])] {
        for number in numbers {
            balances.push(balance(trial, bank, number).await);
        }
    }
    balances
}

async fn set(trial: &Trial, number: &str, standing: &str) {
    let letter = Letter::to("greenbank", http::Method::PUT, format!("/accounts/{number}"));
    assert_eq!(trial.ask(letter.json(&json!({"standing": standing}))).await.0, 200);
}

/// Everybody has the money once, and the treasury has booked what left.
async fn all_are_paid_once(trial: &Trial) {
    assert_eq!(balances(trial).await, ["100.00"; 5]);
    assert_eq!(balance(trial, "treasury", "GOV-SP-001").await, "999500.00");
    let told = told(trial).await;
    assert_eq!(told.len(), 5, "{told:?}");
    assert!(told.iter().all(|status| status["status"] == "succ"), "{told:?}");
    nothing_is_left_aside(trial);
    books_balance(trial).await;
}

/// How often the hub asked the switch how a bulk ended; the banks ask the same before they credit.
async fn asked_by_the_hub(trial: &Trial) -> usize {
    let asked =
        |e: &&Entry| is(e, "payment_switch", "GET /bulkTransfers/{id}") && e.from == "payment_hub";
    trial.journal().await.iter().filter(asked).count()
}

fn nothing_is_left_aside(trial: &Trial) {
    let block = |db: &rusqlite::Connection| crate::kit::ledger::balance(db, "block/BLK-000001");
    assert_eq!(trial.office("treasury").store.read(block).unwrap(), Some(0));
}

#[actix_web::test]
async fn many_payments_travel_as_one_bulk_a_bank() {
    let trial = bank_trial().await;
    pay(&trial, to_all()).await;
    all_are_paid_once(&trial).await;
    for (to, action, times) in [
        ("payment_switch", "POST /bulkQuotes", 2),
        ("payment_switch", "POST /bulkTransfers", 2),
        ("payment_switch", "POST /quotes", 0),
        ("payment_switch", "GET /parties/{type}/{id}", 0),
        ("treasury", "POST /block_funds", 1),
        ("treasury", "POST /settle_block", 2),
        ("programme", "POST /on-disburse", 1),
    ] {
        assert_eq!(count(&trial, to, action).await, times, "{action}");
    }
    let (_, shown) = trial.ask(Letter::get("payment_hub", "/lists")).await;
    let list = &shown["lists"][0];
    assert_eq!((&list["states"]["paid"]["count"], &list["open"]["count"]), (&json!(5), &json!(0)));
    assert_eq!(list["states"]["paid"]["sum"], "500.00");
    let path = format!("/lists/{}?size=2&page=2", list["list"].as_str().unwrap());
    let (_, page) = trial.ask(Letter::get("payment_hub", path)).await;
    assert_eq!(page["payments"][0]["reference"], "PAY-2");
}

#[actix_web::test]
async fn a_payment_that_is_refused_fails_alone_with_the_code_of_the_scheme() {
    let trial = bank_trial().await;
    set(&trial, WALLETS[0], "full").await;
    set(&trial, WALLETS[1], "blocked").await;
    let mut list = to_all();
    list.push(payment("PAY-9", "msisdn:99900000000@greenbank", "100.00"));
    pay(&trial, list).await;
    let told = told(&trial).await;
    let why = |i: usize| told[i]["status_reason_message"].as_str().map(|m| m[..4].to_owned());
    let codes: Vec<_> = (0..6).map(why).collect();
    let code = |text: &str| Some(text.to_owned());
    assert_eq!(codes, [code("5200"), code("5400"), None, None, None, code("3204")], "{told:?}");
    assert_eq!(balances(&trial).await, ["0.00", "0.00", "100.00", "100.00", "100.00"]);
    assert_eq!(balance(&trial, "treasury", "GOV-SP-001").await, "999700.00");
    nothing_is_left_aside(&trial);
    books_balance(&trial).await;
}

#[actix_web::test]
async fn answers_that_are_lost_are_asked_for_and_nothing_is_paid_again() {
    let trial = bank_trial().await;
    let lost = json!({"kind": "silent", "on": "PUT /fspiop/bulkTransfers/{id}"});
    fault(&trial, "payment_hub", lost).await;
    pay(&trial, to_all()).await;
    assert_eq!(told(&trial).await, Vec::<Value>::new());
    trial.send(Letter::to("payment_hub", http::Method::DELETE, "/_arenoa/faults")).await;
    advance(&trial, 90).await;
    all_are_paid_once(&trial).await;
    assert_eq!(count(&trial, "payment_switch", "POST /bulkTransfers").await, 2);
    assert_eq!(asked_by_the_hub(&trial).await, 2);
}

#[actix_web::test]
async fn transfers_that_the_switch_did_not_take_are_asked_after_before_they_are_sent_again() {
    let trial = bank_trial().await;
    let down = json!({"kind": "refusing", "status": 503, "on": "POST /bulkTransfers", "times": 2});
    fault(&trial, "payment_switch", down).await;
    pay(&trial, to_all()).await;
    advance(&trial, 30).await;
    all_are_paid_once(&trial).await;
    assert_eq!(asked_by_the_hub(&trial).await, 2);
    assert_eq!(count(&trial, "payment_switch", "POST /bulkTransfers").await, 4);
}

#[actix_web::test]
async fn a_list_goes_on_where_the_hub_stopped_and_is_paid_once() {
    for (to, on) in [
        ("treasury", "POST /block_funds"),
        ("payment_switch", "POST /bulkQuotes"),
        ("payment_switch", "POST /bulkTransfers"),
        ("payment_hub", "PUT /fspiop/bulkQuotes/{id}"),
        ("payment_hub", "PUT /fspiop/bulkTransfers/{id}"),
        ("treasury", "POST /settle_block"),
    ] {
        let trial = bank_trial().await;
        fault(&trial, to, json!({"kind": "refusing", "status": 503, "on": on, "times": 1})).await;
        pay(&trial, to_all()).await;
        trial.restart("payment_hub").await;
        all_are_paid_once(&trial).await;
    }
}

#[actix_web::test]
async fn a_list_that_comes_twice_is_paid_once() {
    let trial = bank_trial().await;
    pay(&trial, to_all()).await;
    pay(&trial, to_all()).await;
    assert_eq!(balances(&trial).await, ["100.00"; 5]);
    let told = told(&trial).await;
    assert_eq!(told.len(), 10);
    assert!(told[5..].iter().all(|s| s["status_reason_code"] == "rjct.reference_id.duplicate"));
    assert_eq!(count(&trial, "payment_switch", "POST /bulkTransfers").await, 2);
}

#[actix_web::test]
async fn bundles_that_wait_begin_when_a_switch_that_does_no_bulks_has_others_taken_apart() {
    let trial = bank_trial().await;
    // More banks than may have bundles on their way; nobody knows them, so every payment ends.
    let list =
        (0..7).map(|i| payment(&format!("PAY-{i}"), &format!("msisdn:{i}@bank-{i}"), "1.00"));
    let on = "POST /bulkQuotes";
    let down = json!({"kind": "refusing", "status": 503, "on": on, "times": 4});
    fault(&trial, "payment_switch", down).await;
    pay(&trial, list.collect()).await;
    assert_eq!(count(&trial, "payment_switch", on).await, 4);
    fault(&trial, "payment_switch", json!({"kind": "refusing", "status": 501, "on": on})).await;
    advance(&trial, 30).await;
    let told = told(&trial).await;
    assert_eq!(told.len(), 7, "{told:?}");
    assert!(told.iter().all(|s| s["status_reason_code"] == "rjct.payee_fa.invalid"), "{told:?}");
    assert_eq!(balance(&trial, "treasury", "GOV-SP-001").await, "1000000.00");
    nothing_is_left_aside(&trial);
}

#[actix_web::test]
async fn persons_are_paid_where_the_mapper_says_and_held_where_it_knows_no_account() {
    let trial = bank_trial().await;
    let people = &trial.country.people;
    let tomas = people.named("tomas").unwrap();
    let account = tomas.account.unwrap();
    let list = vec![
        payment("PAY-1", &format!("uin:{}@arenoa", tomas.uin), "100.00"),
        payment("PAY-2", "uin:1000000000@arenoa", "100.00"),
        payment("PAY-3", &format!("msisdn:{}@greenbank", WALLETS[0]), "100.00"),
    ];
    pay(&trial, list).await;
    let told = told(&trial).await;
    let statuses: Vec<_> = told.iter().map(|s| s["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["succ", "pdng", "succ"], "{told:?}");
    let why = told[1]["status_reason_message"].as_str().unwrap();
    assert!(why.starts_with("succ.id.not_found"), "{why}");
    assert_eq!(balance(&trial, account.bank.code(), &account.number.to_string()).await, "100.00");
    assert_eq!(balance(&trial, "treasury", "GOV-SP-001").await, "999800.00");
    books_balance(&trial).await;
}
