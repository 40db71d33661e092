//! What becomes of a prepare that its payee does not take, and whose keys the switch tells.

use super::*;
use crate::kit::clock::pause;

pub(super) async fn fail(trial: &Trial, status: u16, times: u32) {
    let fault = json!({"kind": "refusing", "status": status, "times": times});
    let (status, said) =
        trial.ask(Letter::post("payee_bank", "/_arenoa/faults").json(&fault)).await;
    assert!((200..300).contains(&status), "{said}");
}

pub(super) async fn advance(trial: &Trial, seconds: i64) {
    trial.hall().room.clock.advance(jiff::SignedDuration::from_secs(seconds));
    pause(std::time::Duration::from_millis(30)).await;
    trial.hall().room.clock.idle().await;
}

#[actix_web::test]
async fn a_payee_that_refuses_a_prepare_without_a_word_gives_the_money_back() {
    let trial = trial().await;
    fail(&trial, 404, 1).await;
    prepare(&trial, &transfer(1, "100", 60)).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3201");
    assert_eq!(position(&trial, "payer_bank").await, "0");
    books_balance(&trial);
}

/// As [`SYSTEMS`], with a payee that refuses in the words of the standard, as the banks of the country do.
const WITH_WORDS: &[System] = &[
    super::super::SYSTEM,
    outside("payer_bank"),
    System { refusal: crate::kit::fspiop::refusal, ..outside("payee_bank") },
];

#[actix_web::test]
async fn a_payee_in_passing_trouble_is_asked_again_and_the_money_stays_reserved() {
    let statuses = [408, 425, 429, 503].into_iter();
    for (status, systems) in statuses.flat_map(|it| [(it, SYSTEMS), (it, WITH_WORDS)]) {
        let trial = Trial::start(systems, 50);
        onboard(&trial).await;
        fail(&trial, status, 1).await;
        prepare(&trial, &transfer(1, "100", 300)).await;
        assert_eq!(received(&trial, "payer_bank").await, [], "{status}");
        assert_eq!(position(&trial, "payer_bank").await, "100", "{status}");
        advance(&trial, 31).await;
        assert_eq!(received(&trial, "payee_bank").await.len(), 2, "{status}: asked again");
        fulfil(&trial, 1, "COMMITTED").await;
        assert_eq!(position(&trial, "payee_bank").await, "-100", "{status}");
        advance(&trial, 300).await;
        assert_eq!(received(&trial, "payee_bank").await.len(), 2, "{status}: and not once more");
        books_balance(&trial);
    }
}

#[actix_web::test]
async fn a_payee_that_stays_in_trouble_until_the_end_has_the_transfer_expire() {
    let trial = trial().await;
    fail(&trial, 503, 100).await;
    prepare(&trial, &transfer(1, "100", 60)).await;
    advance(&trial, 31).await;
    assert_eq!(position(&trial, "payer_bank").await, "100");
    advance(&trial, 30).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3303");
    assert_eq!(position(&trial, "payer_bank").await, "0");
    advance(&trial, 3600).await;
    let told = received(&trial, "payee_bank").await.len();
    assert_eq!(told, 3, "asked twice, told of the end, and not asked once more");
    books_balance(&trial);
}

#[actix_web::test]
async fn the_switch_tells_the_keys_of_banks_here_and_knows_nobody_elses() {
    let trial = Trial::start(crate::ALL, 50);
    for (bank, office) in
        [("greenbank", "greenbank"), ("pinkbank", "pinkbank"), ("treasury", "payment_hub")]
    {
        let own = trial.ask(Letter::get(office, "/.well-known/jwks.json")).await.1;
        let path = format!("/keys/{bank}/.well-known/jwks.json");
        let (status, told) = trial.ask(Letter::get("payment_switch", path)).await;
        assert_eq!((status, &told), (200, &own), "{bank}");
    }
    let path = "/keys/nobody/.well-known/jwks.json";
    assert_eq!(trial.ask(Letter::get("payment_switch", path)).await.0, 404);
}
