//! A month is paid: the real neighbours, and the whole payroll of October. The arithmetic is that of the story.

use serde_json::{Value, json};

use super::country::{requests_to, settled};
use crate::kit::courier::Letter;
use crate::kit::ledger;
use crate::kit::trial::Trial;

/// As many as it takes for the payroll to be whole.
const PEOPLE: usize = 20_000;
const CYCLE: &str = "/cycles/OAP-2026-10";

pub(super) async fn post(trial: &Trial, path: &str, body: Value) -> (u16, Value) {
    let answer = trial.ask(Letter::post("programme_office", path).json(&body)).await;
    settled(trial).await;
    answer
}

async fn act(trial: &Trial, what: &str) -> Value {
    let (status, answer) = post(trial, &format!("{CYCLE}/{what}"), json!({})).await;
    assert!((200..300).contains(&status), "{what}: {answer}");
    look(trial).await
}

async fn look(trial: &Trial) -> Value {
    trial.ask(Letter::get("programme_office", CYCLE)).await.1
}

async fn open(trial: &Trial) {
    let new = json!({"programme": "OAP", "month": "2026-10"});
    let (status, opened) = post(trial, "/cycles", new).await;
    assert_eq!((status, &opened["state"]), (201, &json!("draft")), "{opened}");
}

async fn approve(trial: &Trial) {
    for officer in ["Dina Volpi", "Marco Nimri"] {
        let (status, answer) =
            post(trial, &format!("{CYCLE}/approve"), json!({"officer": officer})).await;
        assert_eq!(status, 200, "{answer}");
    }
}

fn counts(cycle: &Value) -> [i64; 4] {
    ["paid", "failed", "held", "tickets"].map(|name| cycle[name].as_i64().unwrap())
}

#[actix_web::test]
async fn october_is_paid_reconciled_mended_and_closed_to_the_last_unit() {
    let trial = Trial::start(crate::ALL, PEOPLE);
    open(&trial).await;
    assert_eq!(look(&trial).await["members"], 1_012);

    let verified = act(&trial, "verify").await;
    assert_eq!(verified["state"], "to_approve", "{verified}");
    let count = |cycle: &Value, standing: &str| cycle["standings"][standing]["count"].clone();
    assert_eq!(
        (count(&verified, "deceased"), count(&verified, "conflict"), &verified["payees"]),
        (json!(9), json!(3), &json!(1_000))
    );

    approve(&trial).await;
    let paid = look(&trial).await;
    assert_eq!(
        (&paid["state"], &paid["funds"]),
        (&json!("distributed"), &json!("FUNDS_AVAILABLE"))
    );
    assert_eq!(counts(&paid), [978, 15, 7, 0], "{}", paid["codes"]);
    assert_eq!(paid["codes"], json!({"3204": 6, "5105": 4, "5200": 3, "5400": 2}));
    assert_eq!(paid["total_paid"], "97800.00");
    assert_eq!(paid["lists"].as_array().unwrap().len(), 2);

    let reconciled = act(&trial, "reconcile").await;
    let sums = &reconciled["reconciled"];
    assert_eq!((&sums["difference_minor"], &sums["debited_minor"]), (&json!(0), &json!(9_780_000)));
    let (status, refused) = post(&trial, &format!("{CYCLE}/close"), json!({})).await;
    assert_eq!(status, 409, "22 people were not paid: {refused}");

    let mended = act(&trial, "mend").await;
    assert_eq!(counts(&mended), [995, 3, 2, 0], "{mended}");
    let finished = act(&trial, "finish").await;
    assert_eq!(counts(&finished), [995, 0, 0, 5]);
    assert_eq!(
        (&finished["total_paid"], &finished["total_tickets"]),
        (&json!("99500.00"), &json!("500.00"))
    );
    let closed = {
        act(&trial, "reconcile").await;
        act(&trial, "close").await
    };
    assert_eq!(
        (&closed["state"], &closed["reconciled"]["difference_minor"]),
        (&json!("ended"), &json!(0))
    );

    everybody_has_an_owner_or_the_money(&trial).await;
    the_statistics_say_the_same(&trial).await;
    for system in ["payment_switch", "pinkbank", "greenbank", "treasury"] {
        trial.office(system).store.read(ledger::check).unwrap().unwrap();
    }
    let (_, account) = trial.ask(Letter::get("treasury", "/accounts/GOV-OAP-001")).await;
    assert_eq!(account["balance"], "20500.00");
}

/// Fifteen payments failed at first, and three of those who were paid again failed again.
async fn the_statistics_say_the_same(trial: &Trial) {
    let (_, all) = trial.ask(Letter::get("statistics", "/indicators")).await;
    let total = |id: &str| {
        let found = all["indicators"].as_array().unwrap().iter().find(|i| i["id"] == id).unwrap();
        (found["total"].as_i64().unwrap(), found["amount_cents"].as_i64().unwrap())
    };
    assert_eq!((total("enrolled"), total("paid")), ((1_012, 0), (995, 9_950_000)));
    assert_eq!((total("payment_failed"), total("grievance")), ((18, 180_000), (5, 50_000)));
    assert_eq!(requests_to(trial, "statistics", "/events").await, 1, "all in one message");
}

async fn everybody_has_an_owner_or_the_money(trial: &Trial) {
    let (_, all) = trial.ask(Letter::get("programme_office", format!("{CYCLE}/payees"))).await;
    let payees = all["payees"].as_array().unwrap();
    let tickets: Vec<_> = payees.iter().filter(|p| p["standing"] == "ticket").collect();
    assert_eq!(tickets.len(), 5);
    assert!(tickets.iter().all(|p| p["owner"].as_str().unwrap().starts_with("district office")));
    let josef = trial.country.people.named("josef").unwrap();
    assert!(tickets.iter().any(|p| p["uin"] == josef.uin.to_string()), "Josef waits for story S11");
    let references: std::collections::BTreeSet<_> =
        payees.iter().filter_map(|p| p["reference_id"].as_str()).collect();
    let sent = payees.iter().filter(|p| p["reference_id"].is_string()).count();
    assert_eq!(references.len(), sent, "every payment has its own reference");
    let csv = trial.send(Letter::get("programme_office", format!("{CYCLE}/report.csv"))).await;
    let text = String::from_utf8(csv.body.to_vec()).unwrap();
    assert_eq!(text.lines().count(), 1 + 1_012 + 10);
    assert!(text.contains("995,paid,99500.00,XTS") && text.contains("1000,total,100000.00,XTS"));
    assert!(text.contains("5,not paid,500.00,XTS"), "what is owed and has not come");
    assert!(text.contains(",statement,99500.00,XTS") && text.contains(",difference,0.00,XTS"));
    each_line_says_what_became_of_the_money(&text);
}

fn each_line_says_what_became_of_the_money(csv: &str) {
    let mut lines = csv.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let place = |name: &str| names.iter().position(|n| *n == name).unwrap();
    let mut paid = 0;
    for line in lines.take(1_012) {
        let fields: Vec<&str> = line.split(',').collect();
        let of = |name: &str| fields[place(name)];
        match of("state") {
            "paid" => {
                paid += 1;
                assert!(of("reference").starts_with("PAY-OAP-2026-10-"), "{line}");
                assert_eq!((of("paid"), of("reason")), ("100.00", ""), "{line}");
                assert!(of("settled_at").starts_with("2026-10-"), "{line}");
            }
            "ticket" => assert!(of("paid") != "100.00" && !of("reason").is_empty(), "{line}"),
            _ => assert_eq!((of("paid"), of("settled_at")), ("", ""), "{line}"),
        }
    }
    assert_eq!(paid, 995);
}

#[actix_web::test]
async fn one_officer_is_not_two_and_a_month_is_paid_once() {
    let trial = Trial::start(crate::ALL, 300);
    open(&trial).await;
    let new = json!({"programme": "OAP", "month": "2026-10"});
    assert_eq!(post(&trial, "/cycles", new).await.0, 409);
    let sign = json!({"officer": "Dina Volpi"});
    let path = format!("{CYCLE}/approve");
    assert_eq!(post(&trial, &path, sign.clone()).await.0, 409, "nothing is verified yet");
    act(&trial, "verify").await;
    assert_eq!(post(&trial, &path, sign.clone()).await.0, 200);
    let (status, refused) = post(&trial, &path, sign).await;
    assert_eq!(status, 409);
    assert!(refused["error"].as_str().unwrap().contains("another officer"), "{refused}");
    assert_eq!(requests_to(&trial, "payment_hub", "POST /disburse").await, 0);
}

#[actix_web::test]
async fn a_wrong_wish_is_refused_and_says_what_would_be_right() {
    let trial = Trial::start(crate::ALL, 300);
    for (wish, status, says) in [
        (json!({"programme": "OAP", "month": "October"}), 400, "write 2026-10"),
        (json!({"programme": "CHG", "month": "2026-10"}), 400, "nobody is enrolled"),
        (json!({"programme": "SUR", "month": "2026-10"}), 400, "each person's facts"),
        (json!({"programme": "NONE", "month": "2026-10"}), 400, "there is no programme"),
        (json!({"month": "2026-10"}), 400, "programme"),
    ] {
        let (came, answer) = post(&trial, "/cycles", wish).await;
        assert_eq!(came, status, "{answer}");
        assert!(answer["error"].as_str().unwrap().contains(says), "{answer}");
    }
    assert_eq!(trial.ask(Letter::get("programme_office", "/cycles/OAP-2026-09")).await.0, 404);
}

#[actix_web::test]
async fn a_silent_registry_leaves_a_draft_and_nobody_is_taken_for_alive() {
    let trial = Trial::start(crate::ALL, 300);
    open(&trial).await;
    let down = json!({"kind": "refusing", "status": 503});
    trial.send(Letter::post("civil_registry", "/_arenoa/faults").json(&down)).await;
    let waits = act(&trial, "verify").await;
    assert_eq!((&waits["state"], &waits["payees"]), (&json!("draft"), &json!(0)));
    let clear = Letter::to("civil_registry", http::Method::DELETE, "/_arenoa/faults");
    trial.send(clear).await;
    assert_eq!(act(&trial, "verify").await["state"], "to_approve");
}

#[actix_web::test]
async fn without_the_money_for_everybody_nobody_is_paid() {
    let trial = Trial::start(crate::ALL, 300);
    open(&trial).await;
    act(&trial, "verify").await;
    let take = json!({"account_number": "GOV-OAP-001", "currency": "XTS", "amount": "119999.00"});
    trial.ask(Letter::post("treasury", "/block_funds").json(&take)).await;
    approve(&trial).await;
    let cycle = look(&trial).await;
    assert_eq!(
        (&cycle["state"], &cycle["funds"]),
        (&json!("approved"), &json!("FUNDS_NOT_AVAILABLE"))
    );
    assert_eq!(requests_to(&trial, "payment_hub", "POST /disburse").await, 0);
    let back = json!({"block_reference_no": "BLK-000001", "amount": "119999.00", "reference": "R"});
    trial.ask(Letter::post("treasury", "/release_block").json(&back)).await;
    assert_eq!(act(&trial, "pay").await["state"], "distributed");
    let reconciled = act(&trial, "reconcile").await;
    assert_eq!(reconciled["reconciled"]["unmatched"].as_array().unwrap().len(), 2, "not ours");
    assert_eq!(reconciled["reconciled"]["difference_minor"], 0);
}

#[actix_web::test]
async fn a_list_that_is_sent_twice_is_paid_once_and_a_lost_report_is_asked_for() {
    let trial = Trial::start(crate::ALL, 300);
    open(&trial).await;
    act(&trial, "verify").await;
    let lost = json!({"kind": "silent", "on": "POST /on-disburse"});
    trial.send(Letter::post("programme_office", "/_arenoa/faults").json(&lost)).await;
    approve(&trial).await;
    assert_eq!(look(&trial).await["state"], "approved", "nobody told the office");
    let asked = act(&trial, "ask").await;
    assert_eq!(asked["state"], "distributed", "{asked}");
    let paid = counts(&asked);
    let clear = Letter::to("programme_office", http::Method::DELETE, "/_arenoa/faults");
    trial.send(clear).await;
    assert_eq!(counts(&act(&trial, "resend").await), paid);
    let (_, account) = trial.ask(Letter::get("treasury", "/accounts/GOV-OAP-001")).await;
    let left = format!("{}.00", 120_000 - 100 * paid[0]);
    assert_eq!(account["balance"], left.as_str());
}
