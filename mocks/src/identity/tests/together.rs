//! Many at once: codes, tokens and one-time codes are good for one use however they are tried; and tokens keep their
//! form.

use futures_util::future::join_all;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::SYSTEMS;
use super::visitor::*;
use crate::identity::chance;
use crate::identity::model::psut;
use crate::kit::courier::Letter;
use crate::kit::trial::Trial;

#[actix_web::test]
async fn of_twenty_who_type_a_one_time_code_together_one_goes_on_and_nobody_is_locked() {
    let trial = Trial::start(SYSTEMS, 50);
    let login = begin(&trial, &[]).await;
    post(&trial, &format!("{login}/code"), &[("individual_id", TOMAS)]).await;
    let replies = join_all((0..20).map(|_| post(&trial, &login, &[("otp", "111111")]))).await;
    let proved = replies.iter().filter(|r| r.status == 303).count();
    assert_eq!(proved, 1, "{:?}", replies.iter().map(|r| r.status).collect::<Vec<_>>());
    let (_, file) = trial.ask(Letter::get("identity", format!("/desk/persons/{TOMAS}"))).await;
    assert_eq!(file["wrong_codes"], 0);
}

#[actix_web::test]
async fn of_twenty_wrong_codes_together_each_counts_and_the_fifth_locks() {
    let trial = Trial::start(SYSTEMS, 50);
    let login = begin(&trial, &[]).await;
    post(&trial, &format!("{login}/code"), &[("individual_id", TOMAS)]).await;
    let replies = join_all((0..20).map(|_| post(&trial, &login, &[("otp", "000000")]))).await;
    assert_eq!(replies.iter().filter(|r| r.status == 401).count(), 4, "the fifth locks");
    assert_eq!(replies.iter().filter(|r| r.status == 429).count(), 16);
}

#[actix_web::test]
async fn of_twenty_decisions_together_one_is_kept() {
    let trial = Trial::start(SYSTEMS, 50);
    let consent = prove(&trial, &begin(&trial, &[]).await, TOMAS).await;
    let form = [("decision", "allow"), ("claims", "*")];
    let replies = join_all((0..20).map(|_| post(&trial, &consent, &form))).await;
    assert_eq!(replies.iter().filter(|r| r.status == 303).count(), 1);
}

#[actix_web::test]
async fn of_twenty_partners_calls_with_one_code_one_is_answered_yes() {
    let trial = Trial::start(SYSTEMS, 50);
    let body = |kind: &str, rest: Value| {
        let mut body = json!({"id": format!("mosip.identity.{kind}"), "individualId": TOMAS,
            "individualIdType": "UIN", "transactionID": "1234567890", "consentObtained": true,
            "requestTime": "2026-10-01T08:00:00.000Z"});
        for (name, value) in rest.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        let path = format!("/idauthentication/v1/{kind}/licence/pinkbank/key");
        Letter::post("identity", path).json(&body)
    };
    trial.ask(body("otp", json!({"otpChannel": ["phone"]}))).await;
    let ask = || trial.ask(body("auth", json!({"request": {"otp": "111111"}})));
    let answers = join_all((0..20).map(|_| ask())).await;
    let yes = answers.iter().filter(|(_, a)| a["response"]["authStatus"] == true).count();
    assert_eq!(yes, 1);
}

#[actix_web::test]
async fn of_twenty_exchanges_of_one_kyc_token_one_is_answered() {
    let trial = Trial::start(SYSTEMS, 50);
    let call = async |path: &str, body: Value| {
        let path = format!("/v1/mock-identity-system{path}/rp/client");
        trial.ask(Letter::post("identity", path).json(&body)).await.1
    };
    let pin = json!({"transactionId": "t", "individualId": TOMAS, "pin": "545411"});
    let token = call("/kyc-auth", pin).await["response"]["kycToken"].clone();
    let exchange = json!({"transactionId": "t", "individualId": TOMAS, "kycToken": token,
        "acceptedClaims": ["name"], "claimLocales": ["eng"]});
    let answers = join_all((0..20).map(|_| call("/v3/kyc-exchange", exchange.clone()))).await;
    assert_eq!(answers.iter().filter(|a| a["response"]["kyc"].is_string()).count(), 1);
}

proptest! {
    #[test]
    fn a_partners_token_is_always_thirty_six_digits_and_never_the_number(uin in "[2-9][0-9]{9}", partner in "[a-z-]{1,30}") {
        let token = psut::token(&uin, &partner);
        prop_assert!(token.len() == 36 && token.bytes().all(|b| b.is_ascii_digit()));
        prop_assert!(!token.contains(&uin));
        prop_assert_eq!(&token, &psut::token(&uin, &partner));
        prop_assert_ne!(token, psut::token(&uin, &format!("{partner}x")));
    }

    #[test]
    fn what_nobody_may_guess_fits_into_a_path_and_its_digest_tells_nothing(_ in 0..50) {
        let secret = chance::unguessable().unwrap();
        prop_assert!(secret.len() == 43 && secret.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
        prop_assert_ne!(&secret, &chance::unguessable().unwrap());
        prop_assert_ne!(chance::digest(&secret), secret);
    }
}
