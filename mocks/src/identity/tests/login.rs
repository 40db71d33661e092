//! Whole logins, from the relying party's first request to what it learns.

use serde_json::json;

use super::SYSTEMS;
use super::visitor::*;
use crate::identity::signer::at_hash;
use crate::kit::courier::Letter;
use crate::kit::trial::Trial;

#[actix_web::test]
async fn tomas_logs_in_with_a_code_shown_on_his_phone_and_the_portal_learns_who_he_is() {
    let trial = Trial::start(SYSTEMS, 50);
    let login = begin(&trial, &[]).await;
    assert!(text(&get(&trial, &login).await).contains("Demo Portal"));
    let consent = prove(&trial, &login, TOMAS).await;
    let (_, inbox) = trial.ask(Letter::get("messenger", format!("/inbox/{PHONE}"))).await;
    assert_eq!(inbox["messages"][0]["text"], "Su código de Arenoa ID es 111111");

    let page = text(&get(&trial, &consent).await);
    assert!(page.contains("1959-02-11") && page.contains("Date of birth"), "{page}");
    let back = post(&trial, &consent, &[("decision", "allow"), ("claims", "*")]).await;
    assert!(back.header("location").unwrap().starts_with(CALLBACK));
    let answer = parameters(&back);
    assert_eq!(answer["state"], "af0ifjsldkj");
    assert_eq!(answer["iss"], format!("{}/identity", trial.running.base));

    let (status, tokens) = redeem(&trial, &answer["code"], &[]).await;
    assert_eq!((status, tokens["token_type"].as_str()), (200, Some("Bearer")), "{tokens}");
    let access = tokens["access_token"].as_str().unwrap();
    let claims = checked(&trial, tokens["id_token"].as_str().unwrap(), "demo-portal").await;
    assert_eq!(claims["nonce"], "n-0S6_WzA2Mj");
    assert_eq!(claims["acr"], "mosip:idp:acr:generated-code");
    assert_eq!(claims["at_hash"], at_hash(access));
    assert!(claims["auth_time"].is_i64() && claims.get("name").is_none(), "{claims}");

    let reply = userinfo(&trial, &tokens["access_token"]).await;
    let person: serde_json::Value = reply.json().unwrap();
    assert_eq!(person["sub"], claims["sub"]);
    assert_eq!(
        (&person["name"], &person["birthdate"]),
        (&json!("Tomas Amaro"), &json!("1959-02-11"))
    );
    assert_eq!((&person["gender"], &person["phone_number"]), (&json!("male"), &json!(PHONE)));
    assert!(person.get("individual_id").is_none() && person.get("address").is_none());
}

#[actix_web::test]
async fn only_what_is_ticked_and_what_is_needed_is_told() {
    let trial = Trial::start(SYSTEMS, 50);
    let claims = json!({"userinfo": {"individual_id": {"essential": true}, "name": null},
        "id_token": {"birthdate": {"essential": true}}});
    let login =
        begin(&trial, &[("scope", "openid phone address"), ("claims", &claims.to_string())]).await;
    let consent = prove(&trial, &login, TOMAS).await;
    let back = post(&trial, &consent, &[("decision", "allow"), ("claims", "address")]).await;
    let (_, tokens) = redeem(&trial, &parameters(&back)["code"], &[]).await;
    let token = checked(&trial, tokens["id_token"].as_str().unwrap(), "demo-portal").await;
    assert_eq!(token["birthdate"], "1959-02-11");
    let person: serde_json::Value = userinfo(&trial, &tokens["access_token"]).await.json().unwrap();
    let mut told: Vec<_> = person.as_object().unwrap().keys().map(String::as_str).collect();
    told.sort_unstable();
    assert_eq!(told, ["address", "individual_id", "sub"]);
    assert_eq!(person["individual_id"], TOMAS);
}

#[actix_web::test]
async fn two_relying_parties_know_the_same_person_under_unrelated_names() {
    let trial = Trial::start(SYSTEMS, 50);
    let first = log_in(&trial, &[]).await;
    let (_, first) = redeem(&trial, &first["code"], &[]).await;
    let callback = "http://127.0.0.1:3000/callback";
    let demo = [("client_id", "demo"), ("redirect_uri", callback)];
    let second = log_in(&trial, &demo).await;
    let proof = [demo[0], demo[1], ("client_secret", "demo")];
    let (_, second) = redeem(&trial, &second["code"], &proof).await;
    let one = checked(&trial, first["id_token"].as_str().unwrap(), "demo-portal").await;
    let other = checked(&trial, second["id_token"].as_str().unwrap(), "demo").await;
    assert_ne!(one["sub"], other["sub"]);
}

#[actix_web::test]
async fn nothing_secret_is_in_the_journal() {
    let trial = Trial::start(SYSTEMS, 50);
    let login = begin(&trial, &[]).await;
    get(&trial, &login).await;
    let consent = prove(&trial, &login, TOMAS).await;
    get(&trial, &consent).await;
    let back = post(&trial, &consent, &[("decision", "allow"), ("claims", "*")]).await;
    let answer = parameters(&back);
    let (_, tokens) = redeem(&trial, &answer["code"], &[]).await;
    userinfo(&trial, &tokens["access_token"]).await;
    let ticket = login.rsplit('/').next().unwrap();
    let secrets = [
        ticket,
        answer["code"].as_str().unwrap(),
        VERIFIER,
        tokens["access_token"].as_str().unwrap(),
        tokens["id_token"].as_str().unwrap(),
    ];
    let journal = trial.journal().await;
    for action in ["/authorize", "/login/", "/consent/", "/oauth/v2/token", "/oidc/userinfo"] {
        assert!(journal.iter().any(|e| e.action.contains(action)), "{action} is in the journal");
    }
    for entry in journal {
        let all = format!("{}\n{}\n{}", entry.path, entry.headers, entry.body);
        for secret in secrets {
            assert!(!all.contains(secret), "{} tells {secret}:\n{all}", entry.action);
        }
        let sms = [&entry.from, &entry.to].iter().any(|who| *who == "messenger");
        assert!(sms || !all.contains("111111"), "{} tells the code:\n{all}", entry.action);
    }
    let (_, state) = trial.ask(Letter::get("identity", "/_arenoa/state")).await;
    for secret in secrets {
        assert!(!state.to_string().contains(secret), "the archive keeps {secret}");
    }
}
