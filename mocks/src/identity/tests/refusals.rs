//! What is refused, and in which words of the standard.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::SYSTEMS;
use super::visitor::*;
use crate::kit::courier::Letter;
use crate::kit::trial::Trial;

#[actix_web::test]
async fn a_code_is_used_once_and_a_replay_takes_back_what_it_brought() {
    let trial = Trial::start(SYSTEMS, 50);
    let answer = log_in(&trial, &[]).await;
    let (_, tokens) = redeem(&trial, &answer["code"], &[]).await;
    assert_eq!(userinfo(&trial, &tokens["access_token"]).await.status, 200);
    let (status, replay) = redeem(&trial, &answer["code"], &[]).await;
    assert_eq!((status, &replay["error"]), (400, &json!("invalid_grant")));
    let taken = userinfo(&trial, &tokens["access_token"]).await;
    assert_eq!(taken.status, 401);
    assert!(taken.header("www-authenticate").unwrap().contains(r#"error="invalid_token""#));
}

#[actix_web::test]
async fn who_sends_no_token_is_asked_for_one_and_told_of_no_error() {
    let trial = Trial::start(SYSTEMS, 50);
    for letter in [
        Letter::get("identity", "/oidc/userinfo"),
        Letter::get("identity", "/oidc/userinfo").header("authorization", "Basic ZGVtbzpkZW1v"),
        Letter::post("identity", "/oidc/userinfo"),
    ] {
        let reply = trial.send(letter).await;
        assert_eq!((reply.status, text(&reply)), (401, String::new()));
        assert_eq!(reply.header("www-authenticate"), Some(r#"Bearer realm="Arenoa ID""#));
    }
    let reply = userinfo(&trial, &json!("nonsense")).await;
    assert!(reply.header("www-authenticate").unwrap().contains(r#"error="invalid_token""#));
}

#[actix_web::test]
async fn of_twenty_who_redeem_a_code_together_one_succeeds() {
    let trial = Trial::start(SYSTEMS, 50);
    let answer = log_in(&trial, &[]).await;
    let tries = (0..20).map(|_| redeem(&trial, &answer["code"], &[]));
    let results = futures_util::future::join_all(tries).await;
    let granted = results.iter().filter(|(status, _)| *status == 200).count();
    assert_eq!(granted, 1);
    assert!(results.iter().all(|(s, body)| *s == 200 || body["error"] == "invalid_grant"));
}

#[actix_web::test]
async fn a_verifier_an_address_or_a_client_that_is_not_the_codes_own_is_refused() {
    let trial = Trial::start(SYSTEMS, 50);
    let code = &log_in(&trial, &[]).await["code"];
    let other = "x".repeat(43);
    for (change, error) in [
        (vec![("code_verifier", other.as_str())], "invalid_grant"),
        (vec![("code_verifier", "")], "invalid_grant"),
        (vec![("redirect_uri", "http://127.0.0.1:54322/callback")], "invalid_grant"),
        (vec![("redirect_uri", "")], "invalid_request"),
        (vec![("client_id", "demo"), ("client_secret", "demo")], "invalid_grant"),
        (vec![("client_id", "nobody")], "invalid_client"),
        (vec![("client_id", "")], "invalid_client"),
        (vec![("grant_type", "password")], "unsupported_grant_type"),
        (vec![("grant_type", "")], "invalid_request"),
        (vec![("code", "never-given")], "invalid_grant"),
    ] {
        let (status, answer) = redeem(&trial, code, &change).await;
        let wanted = if error == "invalid_client" { 401 } else { 400 };
        assert_eq!((status, answer["error"].as_str()), (wanted, Some(error)), "{change:?}");
    }
    assert_eq!(redeem(&trial, code, &[]).await.0, 200, "none of these used the code up");
}

#[actix_web::test]
async fn a_code_that_waited_too_long_is_refused() {
    let trial = Trial::start(SYSTEMS, 50);
    let answer = log_in(&trial, &[]).await;
    trial.hall().room.clock.advance(SignedDuration::from_secs(60));
    let (status, body) = redeem(&trial, &answer["code"], &[]).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
}

#[actix_web::test]
async fn what_has_expired_is_forgotten_with_the_next_login() {
    let trial = Trial::start(SYSTEMS, 50);
    log_in(&trial, &[]).await;
    trial.hall().room.clock.advance(SignedDuration::from_hours(1));
    begin(&trial, &[]).await;
    let rows = |db: &rusqlite::Connection| {
        let count = |table: &str| {
            db.query_row(&format!("select count(*) from {table}"), [], |row| row.get(0))
        };
        Ok::<(i64, i64), rusqlite::Error>((count("login")?, count("code")?))
    };
    assert_eq!(trial.office("identity").store.read(rows).unwrap(), (1, 0));
}

#[actix_web::test]
async fn whoever_is_not_registered_is_told_on_a_page_and_never_sent_anywhere() {
    let trial = Trial::start(SYSTEMS, 50);
    for change in [
        [("client_id", "nobody")],
        [("client_id", "")],
        [("redirect_uri", "https://evil.example/callback")],
        [("redirect_uri", "http://127.0.0.1:1/callback?x=1")],
        [("redirect_uri", "")],
    ] {
        let reply = authorize(&trial, &change).await;
        assert_eq!((reply.status, reply.header("location")), (400, None), "{change:?}");
        assert!(text(&reply).contains("cannot begin"));
    }
}

#[actix_web::test]
async fn what_is_wrong_with_a_request_is_told_to_the_client_at_its_address() {
    let trial = Trial::start(SYSTEMS, 50);
    for (change, error) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("response_type", ""), "invalid_request"),
        (("scope", "profile"), "invalid_scope"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge", "short"), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("prompt", "none"), "login_required"),
        (("prompt", "none login"), "invalid_request"),
        (("claims", "{"), "invalid_request"),
        (("request", "abc"), "request_not_supported"),
        (("request_uri", "urn:x"), "request_uri_not_supported"),
        (("response_mode", "form_post"), "invalid_request"),
    ] {
        let reply = authorize(&trial, &[change]).await;
        assert_eq!(reply.status, 303, "{change:?}");
        let answer = parameters(&reply);
        assert_eq!(
            (answer["error"].as_str(), &answer["state"]),
            (Some(error), &json!("af0ifjsldkj"))
        );
    }
}

#[actix_web::test]
async fn a_wrong_code_is_counted_and_the_fifth_locks_until_the_clock_has_moved() {
    let trial = Trial::start(SYSTEMS, 50);
    let login = begin(&trial, &[]).await;
    let code = format!("{login}/code");
    post(&trial, &code, &[("individual_id", TOMAS)]).await;
    for left in (1..5).rev() {
        let reply = post(&trial, &login, &[("otp", "000000")]).await;
        assert_eq!(reply.status, 401);
        assert!(text(&reply).contains(&format!("Tries left: {left}")));
    }
    assert_eq!(post(&trial, &login, &[("otp", "000000")]).await.status, 429);
    assert_eq!(
        post(&trial, &login, &[("otp", "111111")]).await.status,
        429,
        "locked for the right one too"
    );
    let elsewhere = begin(&trial, &[]).await;
    let sent = post(&trial, &format!("{elsewhere}/code"), &[("individual_id", TOMAS)]).await;
    assert_eq!(sent.status, 429, "locked in any login");
    trial.hall().room.clock.advance(SignedDuration::from_mins(10));
    prove(&trial, &elsewhere, TOMAS).await;
}

#[actix_web::test]
async fn a_one_time_code_expires_on_the_sandbox_clock() {
    let trial = Trial::start(SYSTEMS, 50);
    let login = begin(&trial, &[]).await;
    post(&trial, &format!("{login}/code"), &[("individual_id", TOMAS)]).await;
    trial.hall().room.clock.advance(SignedDuration::from_mins(3));
    let late = post(&trial, &login, &[("otp", "111111")]).await;
    assert_eq!(late.status, 401);
    assert!(text(&late).contains("too old"));
    prove(&trial, &login, TOMAS).await;
}

#[actix_web::test]
async fn refusing_consent_tells_the_client_nothing_else() {
    let trial = Trial::start(SYSTEMS, 50);
    let login = begin(&trial, &[]).await;
    let consent = prove(&trial, &login, TOMAS).await;
    let back = parameters(&post(&trial, &consent, &[("decision", "deny")]).await);
    assert_eq!((&back["error"], &back["state"]), (&json!("access_denied"), &json!("af0ifjsldkj")));
    assert!(back.get("code").is_none());
    let again = post(&trial, &consent, &[("decision", "allow"), ("claims", "*")]).await;
    assert_eq!(again.status, 410, "a decision is made once");
}

#[actix_web::test]
async fn nobody_reaches_the_consent_page_without_proof() {
    let trial = Trial::start(SYSTEMS, 50);
    let login = begin(&trial, &[]).await;
    let consent = login.replace("/login/", "/consent/");
    let reply = post(&trial, &consent, &[("decision", "allow"), ("claims", "*")]).await;
    assert_eq!(reply.header("location"), Some(login.as_str()));
    assert_eq!(post(&trial, &login, &[("otp", "111111")]).await.status, 409);
    let unknown = post(&trial, &format!("{login}/code"), &[("individual_id", "2154189532")]).await;
    assert_eq!(unknown.status, 404);
    assert_eq!(get(&trial, &login.replace("/login/", "/login/x")).await.status, 410);
}

#[actix_web::test]
async fn a_tampered_token_is_refused_and_so_is_an_id_token_in_its_place() {
    let trial = Trial::start(SYSTEMS, 50);
    let answer = log_in(&trial, &[]).await;
    let (_, tokens) = redeem(&trial, &answer["code"], &[]).await;
    let good = tokens["access_token"].as_str().unwrap();
    let (head, rest) = good.split_once('.').unwrap();
    let (body, signature) = rest.split_once('.').unwrap();
    let swapped = if body.starts_with("eyJh") {
        body.replacen("eyJh", "eyJi", 1)
    } else {
        body.replacen("ey", "ez", 1)
    };
    for bad in [
        format!("{head}.{swapped}.{signature}"),
        format!("{head}.{body}."),
        String::from("abc"),
        tokens["id_token"].as_str().unwrap().to_owned(),
    ] {
        let reply = userinfo(&trial, &Value::from(bad)).await;
        assert_eq!(reply.status, 401);
    }
    let none = trial.send(Letter::get("identity", "/oidc/userinfo")).await;
    assert_eq!(none.status, 401);
}
