//! eSignet's own pages talk to these calls; here a test stands in for the page.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::SYSTEMS;
use super::visitor::*;
use crate::kit::courier::Letter;
use crate::kit::trial::Trial;

/// A page in the middle of a login: its transaction, and the digest of the first answer.
struct Page<'a> {
    trial: &'a Trial,
    key: String,
    hash: String,
}

fn details(changes: &Value) -> Value {
    let mut request = json!({
        "clientId": "demo-portal", "scope": "openid profile", "responseType": "code",
        "redirectUri": CALLBACK, "display": "page", "prompt": "consent",
        "acrValues": "mosip:idp:acr:generated-code mosip:idp:acr:static-code",
        "claims": {"userinfo": {"individual_id": {"essential": true}}, "id_token": {}},
        "nonce": "n", "state": "s", "claimsLocales": "en", "codeChallenge": CHALLENGE,
        "codeChallengeMethod": "S256",
    });
    for (name, value) in changes.as_object().into_iter().flatten() {
        request[name] = value.clone();
    }
    request
}

async fn call(trial: &Trial, letter: Letter, request: &Value) -> Value {
    let envelope = json!({"requestTime": "2026-10-01T08:00:00.000Z", "request": request});
    let (status, answer) = trial.ask(letter.json(&envelope)).await;
    assert_eq!(status, 200, "refusals of eSignet are answered with 200 too");
    answer
}

async fn opened(trial: &Trial, changes: &Value) -> Value {
    let letter = Letter::post("identity", "/v1/esignet/authorization/v3/oauth-details");
    call(trial, letter, &details(changes)).await
}

impl<'a> Page<'a> {
    async fn open(trial: &'a Trial) -> Self {
        Self::open_with(trial, &json!({})).await
    }

    async fn open_with(trial: &'a Trial, changes: &Value) -> Self {
        let letter = Letter::post("identity", "/v1/esignet/authorization/v3/oauth-details");
        let envelope = json!({"request": details(changes)});
        let reply = trial.send(letter.json(&envelope)).await;
        let answer: Value = reply.json().unwrap();
        // The very text between the braces is what JavaScript writes when it has read it.
        let whole = text(&reply);
        let begins = whole.find(r#""response":"#).unwrap() + r#""response":"#.len();
        let response = answer["response"].to_string();
        assert!(whole[begins..].starts_with(&response), "{whole}");
        let key = answer["response"]["transactionId"].as_str().unwrap().to_owned();
        Self { trial, key, hash: B64.encode(Sha256::digest(response)) }
    }

    fn letter(&self, path: &str) -> Letter {
        Letter::post("identity", format!("/v1/esignet/authorization/{path}"))
            .header("oauth-details-key", &self.key)
            .header("oauth-details-hash", &self.hash)
    }

    async fn send(&self, path: &str, mut request: Value) -> Value {
        request["transactionId"] = self.key.clone().into();
        call(self.trial, self.letter(path), &request).await
    }

    async fn prove(&self, factor: &str, challenge: &str, format: &str) -> Value {
        let challenge = json!({"authFactorType": factor, "challenge": challenge, "format": format});
        let request = json!({"individualId": TOMAS, "challengeList": [challenge]});
        self.send("v3/authenticate", request).await
    }

    async fn send_otp(&self, number: &str, channels: &Value) -> Value {
        self.send("send-otp", json!({"individualId": number, "otpChannels": channels})).await
    }
}

fn code_of(answer: &Value) -> &str {
    answer["errors"][0]["errorCode"].as_str().unwrap_or("none")
}

#[actix_web::test]
async fn a_page_of_esignet_leads_tomas_from_login_over_consent_to_a_code() {
    let trial = Trial::start(SYSTEMS, 50);
    let (_, csrf) = trial.ask(Letter::get("identity", "/v1/esignet/csrf/token")).await;
    assert_eq!(csrf["headerName"], "X-XSRF-TOKEN");
    let told = opened(&trial, &json!({})).await["response"].clone();
    assert_eq!(told["authFactors"][0][0]["type"], "OTP");
    assert_eq!(told["authFactors"][1][0]["type"], "PIN");
    assert_eq!(told["essentialClaims"], json!(["individual_id"]));
    assert!(told["voluntaryClaims"].as_array().unwrap().contains(&json!("birthdate")));

    let page = Page::open(&trial).await;
    let sent = page.send_otp(TOMAS, &json!(["phone"])).await;
    assert_eq!(sent["response"]["maskedMobile"], "+999 •••• 537", "{sent}");
    let proved = page.prove("OTP", "111111", "alpha-numeric").await;
    assert_eq!(proved["response"]["consentAction"], "CAPTURE", "{proved}");
    let letter = Letter::get("identity", "/v1/esignet/authorization/claim-details")
        .header("oauth-details-key", &page.key)
        .header("oauth-details-hash", &page.hash);
    let (_, claims) = trial.ask(letter).await;
    assert!(claims["response"]["claimStatus"].as_array().unwrap().len() > 3, "{claims}");
    let accepted = json!({"acceptedClaims": ["individual_id", "name"]});
    let given = page.send("auth-code", accepted.clone()).await;
    assert_eq!(
        (&given["response"]["state"], &given["response"]["nonce"]),
        (&json!("s"), &json!("n"))
    );
    let (status, tokens) = redeem(&trial, &given["response"]["code"], &[]).await;
    assert_eq!(status, 200, "{tokens}");
    let person: Value = userinfo(&trial, &tokens["access_token"]).await.json().unwrap();
    assert_eq!(person["individual_id"], TOMAS);
    assert!(person.get("birthdate").is_none(), "it was not accepted");
    assert_eq!(code_of(&page.send("auth-code", accepted).await), "invalid_transaction");
    for entry in trial.journal().await {
        let all = format!("{}{}{}", entry.path, entry.headers, entry.body);
        assert!(!all.contains(&page.key), "{} tells the transaction: {all}", entry.action);
    }
}

#[actix_web::test]
async fn esignets_refusals_have_esignets_codes() {
    let trial = Trial::start(SYSTEMS, 50);
    for (change, code) in [
        (json!({"clientId": "nobody"}), "invalid_client_id"),
        (json!({"redirectUri": "https://evil.example/cb"}), "invalid_redirect_uri"),
        (json!({"scope": "profile"}), "invalid_scope"),
        (json!({"responseType": "token"}), "unsupported_response_type"),
        (json!({"codeChallenge": null}), "invalid_request"),
    ] {
        assert_eq!(code_of(&opened(&trial, &change).await), code, "{change}");
    }
    let page = Page::open(&trial).await;
    assert_eq!(
        code_of(&page.send_otp("2154189532", &json!(["phone"])).await),
        "invalid_individual_id"
    );
    assert_eq!(code_of(&page.send_otp(TOMAS, &json!(["pigeon"])).await), "invalid_otp_channel");
    assert_eq!(code_of(&page.send_otp(TOMAS, &json!(["email"])).await), "send_otp_failed");
    let alone = page.prove("OTP", "111111", "alpha-numeric").await;
    assert_eq!(code_of(&alone), "auth_failed", "no code was sent");
    assert_eq!(
        code_of(&page.prove("PIN", "545411", "alpha-numeric").await),
        "invalid_challenge_format"
    );
    assert_eq!(code_of(&page.prove("PWD", "x", "alpha-numeric").await), "auth_factor_mismatch");
    assert_eq!(code_of(&page.prove("EYE", "x", "alpha-numeric").await), "invalid_auth_factor_type");
    let early = page.send("auth-code", json!({"acceptedClaims": []})).await;
    assert_eq!(code_of(&early), "invalid_transaction");
    let foreign = Page { trial: &trial, key: page.key.clone(), hash: String::from("x") };
    assert_eq!(code_of(&foreign.send_otp(TOMAS, &json!(["phone"])).await), "invalid_transaction");
    let proved = page.prove("PIN", "545411", "number").await;
    assert_eq!(code_of(&proved), "none", "{proved}");
    for claims in [json!(["individual_id", "email"]), json!(["name"])] {
        let refused = page.send("auth-code", json!({"acceptedClaims": claims})).await;
        assert_eq!(code_of(&refused), "invalid_accepted_claim");
    }
    let page = Page::open(&trial).await;
    for _ in 0..4 {
        assert_eq!(code_of(&page.prove("PIN", "000000", "number").await), "auth_failed");
    }
    assert_eq!(code_of(&page.prove("PIN", "000000", "number").await), "no_attempts_left");
    assert_eq!(code_of(&page.prove("PIN", "545411", "number").await), "individual_id_blocked");
}

#[actix_web::test]
async fn null_stands_for_what_a_client_has_not() {
    let trial = Trial::start(SYSTEMS, 50);
    let halves = json!({"claims": {"userinfo": {"name": {"essential": null}}, "id_token": null}});
    assert_eq!(code_of(&opened(&trial, &halves).await), "none");
    let nothing = json!({"claims": {"userinfo": null, "id_token": null}, "display": null});
    let page = Page::open_with(&trial, &nothing).await;
    assert_eq!(code_of(&page.prove("PIN", "545411", "number").await), "none");
    let accepted = json!({"acceptedClaims": null, "permittedAuthorizeScopes": null});
    let given = page.send("auth-code", accepted).await;
    assert!(given["response"]["code"].is_string(), "{given}");
}

#[actix_web::test]
async fn whoever_the_client_did_not_ask_for_proves_it_in_vain() {
    let trial = Trial::start(SYSTEMS, 50);
    let wanted = json!({"claims": {"userinfo": {}, "id_token": {"sub": {"value": "12345"}}}});
    let page = Page::open_with(&trial, &wanted).await;
    let refused = page.prove("PIN", "545411", "number").await;
    assert_eq!(code_of(&refused), "login_required", "{refused}");
    let late = page.send("auth-code", json!({"acceptedClaims": ["individual_id"]})).await;
    assert_eq!(code_of(&late), "invalid_transaction");

    let code = log_in(&trial, &[]).await["code"].clone();
    let hint = redeem(&trial, &code, &[]).await.1["id_token"].clone();
    let page = Page::open_with(&trial, &json!({"idTokenHint": hint})).await;
    assert_eq!(code_of(&page.prove("PIN", "545411", "number").await), "none", "it is Tomas");
    assert_eq!(code_of(&opened(&trial, &json!({"idTokenHint": "x"})).await), "invalid_request");
    for entry in trial.journal().await {
        let all = format!("{}{}{}", entry.path, entry.headers, entry.body);
        assert!(!all.contains(hint.as_str().unwrap()), "{} tells the hint", entry.action);
    }
}

#[actix_web::test]
async fn a_time_that_cannot_be_read_or_is_long_past_or_ahead_is_no_request() {
    let trial = Trial::start(SYSTEMS, 50);
    for (time, code) in [
        ("2026-10-01T08:00:00", "invalid_request"),
        ("2022-11-07T06:51:30.195Z", "invalid_request"),
        ("2099-01-01T00:00:00.000Z", "invalid_request"),
        ("2026-10-01T20:00:00.000Z", "none"),
        (crate::kit::clock::wall().to_string().as_str(), "none"),
    ] {
        let letter = Letter::post("identity", "/v1/esignet/authorization/v3/oauth-details");
        let envelope = json!({"requestTime": time, "request": details(&json!({}))});
        let (_, answer) = trial.ask(letter.json(&envelope)).await;
        assert_eq!(code_of(&answer), code, "{time}");
    }
}

#[actix_web::test]
async fn claims_as_a_list_are_asked_for_in_an_open_room_only() {
    let trial = Trial::start(SYSTEMS, 50);
    let list = json!({"claims": "name,birthdate,middle_name", "scope": "openid"});
    let told = opened(&trial, &list).await;
    assert_eq!(told["response"]["voluntaryClaims"], json!(["name", "birthdate"]), "{told}");
    assert_eq!(told["response"]["essentialClaims"], json!([]));
    trial.hall().room.set_policy(crate::kit::room::Policy::Strict).unwrap();
    assert_eq!(code_of(&opened(&trial, &list).await), "invalid_request");
}
