//! Who logs in is who was asked for: `id_token_hint` and the claim `sub` (`OpenID Connect` Core 3.1.2.1, 3.1.2.2, 5.5.1).

use serde_json::{Value, json};

use super::SYSTEMS;
use super::visitor::*;
use crate::identity::model::client::SigningAlg;
use crate::identity::signer;
use crate::kit::courier::Letter;
use crate::kit::seed::cast_uin;
use crate::kit::trial::Trial;

/// What the relying party hears when `uin` logs in, and allows everything where they are asked.
async fn heard(trial: &Trial, uin: &str, changes: &[(&str, &str)]) -> Value {
    let login = begin(trial, changes).await;
    let consent = prove(trial, &login, uin).await;
    let shown = get(trial, &consent).await;
    let allowed = post(trial, &consent, &[("decision", "allow"), ("claims", "*")]).await;
    if shown.status == 303 {
        assert_eq!(allowed.status, 410, "a ticket leads to one answer: {}", text(&allowed));
        return parameters(&shown);
    }
    parameters(&allowed)
}

/// Both tokens of the demo portal for Tomas.
async fn tokens_of_tomas(trial: &Trial) -> Value {
    let code = log_in(trial, &[]).await["code"].clone();
    redeem(trial, &code, &[]).await.1
}

fn is_turned_away(answer: &Value) {
    assert_eq!(answer["error"], "login_required", "{answer}");
    assert!(answer["error_description"].as_str().unwrap().contains("id_token_hint"), "{answer}");
    assert_eq!(answer["state"], "af0ifjsldkj");
    assert!(answer.get("code").is_none(), "{answer}");
}

#[actix_web::test]
async fn who_is_not_the_wanted_subject_brings_the_client_an_error_and_no_code() {
    let trial = Trial::start(SYSTEMS, 50);
    let token = tokens_of_tomas(&trial).await["id_token"].as_str().unwrap().to_owned();
    let sub = checked(&trial, &token, "demo-portal").await["sub"].clone();
    let grace = cast_uin("grace");
    for claims in [
        json!({"id_token": {"sub": {"value": sub}}}),
        json!({"userinfo": {"sub": {"value": sub}}}),
        json!({"id_token": {"sub": {"essential": true, "values": ["1", sub]}}}),
    ] {
        let claims = claims.to_string();
        is_turned_away(&heard(&trial, &grace, &[("claims", &claims)]).await);
        let right = heard(&trial, TOMAS, &[("claims", &claims)]).await;
        assert!(right.get("code").is_some(), "{claims}: {right}");
    }
    let nobody = json!({"id_token": {"sub": {"value": "12345"}}}).to_string();
    is_turned_away(&heard(&trial, TOMAS, &[("claims", &nobody)]).await);
    let anybody = json!({"id_token": {"sub": {"essential": true}}}).to_string();
    assert!(heard(&trial, &grace, &[("claims", &anybody)]).await.get("code").is_some());

    is_turned_away(&heard(&trial, &grace, &[("id_token_hint", &token)]).await);
    let right = heard(&trial, TOMAS, &[("id_token_hint", &token)]).await;
    let (_, tokens) = redeem(&trial, &right["code"], &[]).await;
    let again = checked(&trial, tokens["id_token"].as_str().unwrap(), "demo-portal").await;
    assert_eq!(again["sub"], sub);

    let (_, file) = trial.ask(Letter::get("identity", format!("/desk/persons/{grace}"))).await;
    assert!(file.to_string().contains("login refused: somebody else was asked for"), "{file}");
    for entry in trial.journal().await {
        let all = format!("{}{}{}", entry.path, entry.headers, entry.body);
        assert!(!all.contains(&token), "{} tells the hint: {all}", entry.action);
    }
}

#[actix_web::test]
async fn who_is_turned_away_cannot_decide_and_the_ticket_is_used_up() {
    let trial = Trial::start(SYSTEMS, 50);
    let claims = json!({"id_token": {"sub": {"value": "12345"}}}).to_string();
    let login = begin(&trial, &[("claims", &claims)]).await;
    let consent = prove(&trial, &login, TOMAS).await;
    let decided = post(&trial, &consent, &[("decision", "allow"), ("claims", "*")]).await;
    is_turned_away(&parameters(&decided));
    assert_eq!(get(&trial, &consent).await.status, 410);
    let again = post(&trial, &format!("{login}/code"), &[("individual_id", TOMAS)]).await;
    assert_eq!(again.status, 410);
}

#[actix_web::test]
async fn a_hint_that_has_expired_or_was_signed_otherwise_still_names_its_subject() {
    let trial = Trial::start(SYSTEMS, 50);
    let token = tokens_of_tomas(&trial).await["id_token"].as_str().unwrap().to_owned();
    let mut claims = checked(&trial, &token, "demo-portal").await;
    (claims["iat"], claims["exp"]) = (json!(1_000_000_000), json!(1_000_003_600));
    for (name, alg) in SigningAlg::ALL {
        let it = ("JWT", claims.clone());
        let hint = signer::sign(&trial.office("identity"), alg, it).await.unwrap();
        is_turned_away(&heard(&trial, &cast_uin("grace"), &[("id_token_hint", &hint)]).await);
        let right = heard(&trial, TOMAS, &[("id_token_hint", &hint)]).await;
        assert!(right.get("code").is_some(), "{name}: {right}");
    }
}

#[actix_web::test]
async fn a_hint_that_is_not_this_clients_id_token_is_an_invalid_request() {
    let trial = Trial::start(SYSTEMS, 50);
    let tokens = tokens_of_tomas(&trial).await;
    let good = tokens["id_token"].as_str().unwrap();
    let claims = checked(&trial, good, "demo-portal").await;
    let signed = async |changes: Value| {
        let mut claims = claims.clone();
        for (name, value) in changes.as_object().into_iter().flatten() {
            claims[name] = value.clone();
        }
        let it = ("JWT", claims);
        signer::sign(&trial.office("identity"), SigningAlg::Rs256, it).await.unwrap()
    };
    let foreign = trial.office("programme_office");
    let by_another = signer::sign(&foreign, SigningAlg::Rs256, ("JWT", claims.clone())).await;
    for hint in [
        String::from("abc"),
        good[..good.len() - 6].to_owned() + "AAAAAA",
        by_another.unwrap(),
        tokens["access_token"].as_str().unwrap().to_owned(),
        signed(json!({"aud": "demo"})).await,
        signed(json!({"iss": "https://elsewhere.example"})).await,
        signed(json!({"sub": null})).await,
        signed(json!({"auth_time": null})).await,
    ] {
        let answer = parameters(&authorize(&trial, &[("id_token_hint", &hint)]).await);
        assert_eq!(
            (&answer["error"], &answer["state"]),
            (&json!("invalid_request"), &json!("af0ifjsldkj")),
            "{hint}"
        );
        let sentence = answer["error_description"].as_str().unwrap();
        assert!(sentence.starts_with("`id_token_hint` is no id_token"), "{sentence}");
    }
    let none = [("id_token_hint", good), ("prompt", "none")];
    assert_eq!(parameters(&authorize(&trial, &none).await)["error"], "login_required");
}
