//! The pages, and what discovery says.

use serde_json::{Value, json};

use super::SYSTEMS;
use super::visitor::*;
use crate::kit::courier::Letter;
use crate::kit::system::System;
use crate::kit::trial::Trial;

#[actix_web::test]
async fn discovery_names_what_is_served_under_the_issuer_of_the_room() {
    let trial = Trial::start(SYSTEMS, 50);
    let issuer = format!("{}/identity", trial.running.base);
    let path = "/.well-known/openid-configuration";
    let (_, main) = trial.ask(Letter::get("identity", path)).await;
    assert_eq!(main["issuer"], issuer);
    for name in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"] {
        let address = main[name].as_str().unwrap();
        assert!(address.starts_with(&issuer));
        assert_ne!(get(&trial, address).await.status, 410, "{name}");
    }
    trial.country.open_room("blue").unwrap();
    let blue = format!("{}/r/blue/identity", trial.running.base);
    let reply = get(&trial, &format!("{blue}{path}")).await;
    assert_eq!(reply.json::<Value>().unwrap()["issuer"], blue);
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
}

#[actix_web::test]
async fn the_metadata_of_rfc_8414_is_found_below_the_issuer_and_before_its_path() {
    static WITH_GATEWAY: &[System] = &[crate::gateway::SYSTEM, crate::identity::SYSTEM];
    let trial = Trial::start(WITH_GATEWAY, 50);
    trial.country.open_room("blue").unwrap();
    let (base, known) = (&trial.running.base, ".well-known/oauth-authorization-server");
    for path in ["identity", "r/blue/identity"] {
        for place in [format!("{base}/{path}/{known}"), format!("{base}/{known}/{path}")] {
            let reply = get(&trial, &place).await;
            let says: Value = reply.json().unwrap();
            assert_eq!(
                (reply.status, &says["issuer"]),
                (200, &json!(format!("{base}/{path}"))),
                "{place}"
            );
            assert!(
                says["registration_endpoint"]
                    .as_str()
                    .unwrap()
                    .starts_with(&format!("{base}/{path}/"))
            );
        }
    }
    for path in ["messenger", "gateway", "r/red/identity", "nobody"] {
        assert_eq!(get(&trial, &format!("{base}/{known}/{path}")).await.status, 404, "{path}");
    }
}

#[actix_web::test]
async fn only_public_halves_of_keys_are_published() {
    let trial = Trial::start(SYSTEMS, 50);
    let (_, set) = trial.ask(Letter::get("identity", "/.well-known/jwks.json")).await;
    let keys = set["keys"].as_array().unwrap();
    let kinds: Vec<_> = keys.iter().map(|k| k["alg"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["RS256", "PS256", "ES256", "EdDSA", "RSA-OAEP-256"]);
    for key in keys {
        assert!(
            ["d", "p", "q", "dp", "dq", "qi", "k"].iter().all(|private| key.get(private).is_none())
        );
        assert!(
            key["kid"].is_string()
                && key["use"] == if key["alg"] == "RSA-OAEP-256" { "enc" } else { "sig" }
        );
    }
}

#[actix_web::test]
async fn pages_speak_the_language_that_is_asked_for_and_switch_it() {
    let trial = Trial::start(SYSTEMS, 50);
    let login = begin(&trial, &[("ui_locales", "ar")]).await;
    let page = text(&get(&trial, &login).await);
    assert!(page.contains(r#"lang="ar" dir="rtl""#), "{page}");
    let page = text(&get(&trial, &format!("{login}?lang=pt")).await);
    assert!(page.contains(r#"lang="pt" dir="ltr""#) && page.contains("Enviar-me"));
    let consent = prove(&trial, &login, TOMAS).await;
    let page = text(&get(&trial, &consent).await);
    assert!(page.contains("Permitir") && page.contains("masculino"), "the choice is kept: {page}");
}

#[actix_web::test]
async fn a_page_runs_no_script_and_its_style_is_known_by_its_hash() {
    let trial = Trial::start(SYSTEMS, 50);
    let login = begin(&trial, &[]).await;
    let consent = prove(&trial, &login, TOMAS).await;
    let reply = get(&trial, &consent).await;
    let policy = reply.header("content-security-policy").unwrap();
    assert!(
        policy.contains("default-src 'none'")
            && policy.contains("form-action 'self' http://127.0.0.1:54321")
    );
    let page = text(&reply);
    let style = page.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    let hash = {
        use base64::Engine as _;
        use sha2::Digest as _;
        base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(style))
    };
    assert!(policy.contains(&format!("style-src 'sha256-{hash}'")));
    assert!(!page.contains("<script") && !page.contains("style="));
}

#[actix_web::test]
async fn random_codes_are_not_shown_on_the_page_and_still_arrive() {
    let trial = Trial::start(SYSTEMS, 50);
    let wanted = json!({"one_time_codes": "random"});
    let put = Letter::to("identity", http::Method::PUT, "/settings").json(&wanted);
    let (status, settings) = trial.ask(put).await;
    assert_eq!((status, &settings["one_time_codes"]), (200, &json!("random")));
    let login = begin(&trial, &[]).await;
    post(&trial, &format!("{login}/code"), &[("individual_id", TOMAS)]).await;
    let page = text(&get(&trial, &login).await);
    assert!(page.contains("+999 •••• 537") && !page.contains("demo code"), "{page}");
    let (_, inbox) = trial.ask(Letter::get("messenger", format!("/inbox/{PHONE}"))).await;
    let sms = inbox["messages"][0]["text"].as_str().unwrap().to_owned();
    let code = sms.rsplit(' ').next().unwrap();
    assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()));
    assert!(!page.contains(code));
    assert_eq!(post(&trial, &login, &[("otp", code)]).await.status, 303);
}

#[actix_web::test]
async fn a_code_that_cannot_be_delivered_is_told_as_such() {
    let trial = Trial::start(SYSTEMS, 50);
    let fault = json!({"kind": "refusing", "status": 503, "on": "POST /sms"});
    trial.ask(Letter::post("messenger", "/_arenoa/faults").json(&fault)).await;
    let login = begin(&trial, &[]).await;
    let reply = post(&trial, &format!("{login}/code"), &[("individual_id", TOMAS)]).await;
    assert_eq!(reply.status, 502);
    assert!(text(&reply).contains("could not be sent"));
}
