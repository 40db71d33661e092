//! How clients prove who they are.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::SYSTEMS;
use super::visitor::*;
use crate::kit::courier::Letter;
use crate::kit::journal::Verdict;
use crate::kit::trial::Trial;

const ASSERTED: (&str, &str) =
    ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");

async fn office_code(trial: &Trial) -> (Value, String) {
    let callback = format!("{}/programme-office/portal/callback", trial.running.base);
    let asked = [("client_id", "programme-office"), ("redirect_uri", callback.as_str())];
    (log_in(trial, &asked).await["code"].clone(), callback)
}

async fn redeem_asserted(trial: &Trial, code: &Value, callback: &str, jwt: &str) -> (u16, Value) {
    let changes =
        [("client_id", ""), ("redirect_uri", callback), ASSERTED, ("client_assertion", jwt)];
    redeem(trial, code, &changes).await
}

#[actix_web::test]
async fn the_programme_office_proves_itself_with_its_published_key_and_reads_a_signed_answer() {
    let trial = Trial::start(SYSTEMS, 50);
    let (code, callback) = office_code(&trial).await;
    let (status, tokens) =
        redeem_asserted(&trial, &code, &callback, &assertion(&trial, &json!({}))).await;
    assert_eq!(status, 200, "{tokens}");
    let reply = userinfo(&trial, &tokens["access_token"]).await;
    assert_eq!(reply.header("content-type"), Some("application/jwt"));
    let person = checked(&trial, &text(&reply), "programme-office").await;
    assert_eq!(person["name"], "Tomas Amaro");

    let (again, callback) = office_code(&trial).await;
    redeem_asserted(&trial, &again, &callback, &assertion(&trial, &json!({}))).await;
    let journal = trial.journal().await;
    let fetched =
        journal.iter().filter(|e| e.to == "programme_office" && e.path.contains("jwks.json"));
    assert_eq!(fetched.count(), 1, "the keys are kept");
    assert!(journal.iter().any(|e| e.verdict == Verdict::Valid && e.action.contains("token")));
}

#[actix_web::test]
async fn an_assertion_may_name_this_machine_by_any_of_its_names() {
    let trial = Trial::start(SYSTEMS, 50);
    let (code, callback) = office_code(&trial).await;
    let token = format!("{}/identity/oauth/v2/token", trial.running.base);
    let aimed = |address: &str| assertion(&trial, &json!({"aud": address}));
    let elsewhere = token.replace("127.0.0.1", "localhost.example");
    let (status, refused) = redeem_asserted(&trial, &code, &callback, &aimed(&elsewhere)).await;
    assert_eq!(status, 401);
    let sentence = refused["error_description"].as_str().unwrap();
    assert!(sentence.contains(&elsewhere) && sentence.contains("must be http"), "{refused}");
    let local = token.replace("127.0.0.1", "localhost");
    let (status, tokens) = redeem_asserted(&trial, &code, &callback, &aimed(&local)).await;
    assert_eq!(status, 200, "{tokens}");
}

#[actix_web::test]
async fn an_assertion_that_does_not_hold_is_refused_and_the_code_stays_good() {
    let trial = Trial::start(SYSTEMS, 50);
    let (code, callback) = office_code(&trial).await;
    for wrong in [
        json!({"aud": "https://elsewhere.example"}),
        json!({"exp": 1_000_000_000}),
        json!({"iss": "demo"}),
        json!({"iss": "demo", "sub": "demo"}),
        json!({"iat": 99_999_999_999_i64}),
    ] {
        let (status, answer) =
            redeem_asserted(&trial, &code, &callback, &assertion(&trial, &wrong)).await;
        assert_eq!((status, &answer["error"]), (401, &json!("invalid_client")), "{wrong}");
    }
    let mut forged = assertion(&trial, &json!({}));
    forged.truncate(forged.len() - 4);
    let (status, _) = redeem_asserted(&trial, &code, &callback, &(forged + "AAAA")).await;
    assert_eq!(status, 401);
    let issuer = format!("{}/identity", trial.running.base);
    let right = assertion(&trial, &json!({"aud": [issuer], "jti": "one"}));
    assert_eq!(redeem_asserted(&trial, &code, &callback, &right).await.0, 200);
    let (status, answer) = redeem_asserted(&trial, &code, &callback, &right).await;
    assert_eq!((status, &answer["error"]), (401, &json!("invalid_client")), "used twice");
}

#[actix_web::test]
async fn a_secret_may_stand_in_the_header_or_in_the_form_and_must_be_right() {
    let trial = Trial::start(SYSTEMS, 50);
    let callback = "http://127.0.0.1:3000/callback";
    let asked = [("client_id", "demo"), ("redirect_uri", callback)];
    let code = log_in(&trial, &asked).await["code"].clone();
    for proof in [
        [asked[0], asked[1], ("client_secret", "wrong")],
        [asked[0], asked[1], ("client_secret", "")],
    ] {
        let (status, answer) = redeem(&trial, &code, &proof).await;
        assert_eq!((status, &answer["error"]), (401, &json!("invalid_client")));
    }
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str().unwrap()),
        ("redirect_uri", callback),
        ("code_verifier", VERIFIER),
    ];
    let basic = format!("Basic {}", STANDARD.encode("demo:demo"));
    let letter = Letter::post("identity", "/v1/esignet/oauth/token").form(&form);
    let (status, tokens) = trial.ask(letter.header("authorization", &basic)).await;
    assert_eq!(status, 200, "{tokens}");
}

#[actix_web::test]
async fn a_relying_party_registers_as_with_esignet_and_logs_somebody_in() {
    let trial = Trial::start(SYSTEMS, 50);
    let callback = "https://rp.example/cb";
    let sent = json!({"requestTime": "2026-10-01T08:00:00.000Z", "request": {
        "clientId": "rp", "clientName": "Ministry", "relyingPartyId": "ministry",
        "redirectUris": [callback], "userClaims": ["name", "birthdate"], "grantTypes": ["authorization_code"],
        "clientAuthMethods": ["private_key_jwt"],
        "publicKey": trial.office("programme_office").keys.p256_jwk(),
    }});
    let register = || Letter::post("identity", "/v1/esignet/client-mgmt/client").json(&sent);
    let (_, answer) = trial.ask(register()).await;
    assert_eq!(answer["response"], json!({"clientId": "rp", "status": "ACTIVE"}), "{answer}");
    let (_, again) = trial.ask(register()).await;
    assert_eq!(again["errors"][0]["errorCode"], "duplicate_client_id");

    let code =
        log_in(&trial, &[("client_id", "rp"), ("redirect_uri", callback)]).await["code"].clone();
    let jwt = assertion(&trial, &json!({"iss": "rp", "sub": "rp"}));
    let (status, tokens) = redeem_asserted(&trial, &code, callback, &jwt).await;
    assert_eq!(status, 200, "{tokens}");
    let person =
        checked(&trial, &text(&userinfo(&trial, &tokens["access_token"]).await), "rp").await;
    assert_eq!(
        (&person["name"], &person["birthdate"]),
        (&json!("Tomas Amaro"), &json!("1959/02/11"))
    );
    assert!(person.get("gender").is_none(), "it registered for two claims");
}

#[actix_web::test]
async fn a_secret_is_told_once_and_works() {
    let trial = Trial::start(SYSTEMS, 50);
    let callback = "https://rp.example/cb";
    let sent = json!({"request": {"clientId": "rp", "clientName": "RP", "relyingPartyId": "rp",
        "redirectUris": [callback], "clientAuthMethods": ["client_secret_post"]}});
    let letter = Letter::post("identity", "/client-mgmt/client").json(&sent);
    let (_, answer) = trial.ask(letter).await;
    let secret = answer["response"]["client_secret"].as_str().unwrap();
    let asked = [("client_id", "rp"), ("redirect_uri", callback)];
    let code = log_in(&trial, &asked).await["code"].clone();
    let proof = [asked[0], asked[1], ("client_secret", secret)];
    assert_eq!(redeem(&trial, &code, &proof).await.0, 200);
    assert!(trial.journal().await.iter().all(|e| !e.body.contains(secret)));
}
