//! PINs, passwords, locks of the holder, and virtual numbers.

use serde_json::{Value, json};
use standards::ids::Vid;

use super::SYSTEMS;
use super::visitor::*;
use crate::kit::courier::Letter;
use crate::kit::trial::Trial;

const PIN: (&str, &str) = ("acr_values", "mosip:idp:acr:static-code mosip:idp:acr:generated-code");

async fn desk(trial: &Trial, path: &str, body: &Value) -> (u16, Value) {
    trial.ask(Letter::post("identity", format!("/desk/{path}")).json(body)).await
}

async fn vid_of_tomas(trial: &Trial, kind: &str) -> String {
    let (status, vid) = desk(trial, &format!("persons/{TOMAS}/vids"), &json!({"kind": kind})).await;
    assert_eq!(status, 201, "{vid}");
    vid["VID"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn a_pin_logs_in_where_the_relying_party_takes_it_and_the_token_says_so() {
    let trial = Trial::start(SYSTEMS, 50);
    let login = begin(&trial, &[PIN]).await;
    let page = text(&get(&trial, &login).await);
    assert!(page.contains(r#"name="pin""#) && page.contains("?by=OTP"), "{page}");
    let wrong = post(&trial, &login, &[("individual_id", TOMAS), ("pin", "000000")]).await;
    assert!(wrong.status == 401 && text(&wrong).contains("Tries left: 4"));
    let right = post(&trial, &login, &[("individual_id", TOMAS), ("pin", "545411")]).await;
    assert_eq!(right.status, 303, "{}", text(&right));
    let consent = right.header("location").unwrap().to_owned();
    let back = post(&trial, &consent, &[("decision", "allow"), ("claims", "*")]).await;
    let (_, tokens) = redeem(&trial, &parameters(&back)["code"], &[]).await;
    let claims = checked(&trial, tokens["id_token"].as_str().unwrap(), "demo-portal").await;
    assert_eq!(
        (&claims["acr"], &claims["amr"]),
        (&json!("mosip:idp:acr:static-code"), &json!(["pin"]))
    );

    let usual = begin(&trial, &[]).await;
    let refused = post(&trial, &usual, &[("individual_id", TOMAS), ("pin", "545411")]).await;
    assert_eq!(refused.status, 400, "this relying party did not ask for PINs");
    for entry in trial.journal().await {
        assert!(!entry.body.contains("545411"), "{} tells the PIN", entry.action);
    }
}

#[actix_web::test]
async fn a_code_is_neither_sent_nor_taken_where_the_relying_party_asked_for_a_pin() {
    let trial = Trial::start(SYSTEMS, 50);
    let login = begin(&trial, &[("acr_values", "mosip:idp:acr:static-code")]).await;
    let sent = post(&trial, &format!("{login}/code"), &[("individual_id", TOMAS)]).await;
    assert_eq!(sent.status, 400, "{}", text(&sent));
    let typed = post(&trial, &login, &[("otp", "111111")]).await;
    assert_eq!(typed.status, 400, "{}", text(&typed));
    let (_, inbox) = trial.ask(Letter::get("messenger", format!("/inbox/{PHONE}"))).await;
    assert_eq!(inbox["messages"], json!([]), "{inbox}");
    let right = post(&trial, &login, &[("individual_id", TOMAS), ("pin", "545411")]).await;
    assert_eq!(right.status, 303, "{}", text(&right));
}

#[actix_web::test]
async fn a_pin_or_a_password_is_set_at_the_desk_and_a_weak_one_is_not() {
    let trial = Trial::start(SYSTEMS, 50);
    let path = format!("persons/{TOMAS}/secrets");
    let weak = desk(&trial, &path, &json!({"factor": "PIN", "password": "12"})).await;
    assert_eq!(weak.0, 400);
    let set = desk(&trial, &path, &json!({"factor": "PWD", "password": "a long one"})).await;
    assert_eq!(set.0, 200, "{}", set.1);
    let login = begin(&trial, &[("acr_values", "mosip:idp:acr:password")]).await;
    let right = post(&trial, &login, &[("individual_id", TOMAS), ("password", "a long one")]).await;
    assert_eq!(right.status, 303, "{}", text(&right));
}

#[actix_web::test]
async fn what_a_holder_has_locked_cannot_be_used_until_it_is_opened() {
    let trial = Trial::start(SYSTEMS, 50);
    let path = format!("persons/{TOMAS}/locks");
    desk(&trial, &path, &json!({"factor": "OTP", "locked": "yes"})).await;
    let login = begin(&trial, &[]).await;
    let code = format!("{login}/code");
    let refused = post(&trial, &code, &[("individual_id", TOMAS)]).await;
    assert!(refused.status == 403 && text(&refused).contains("You locked this way"));
    let opened = json!({"request": {"individualId": TOMAS,
        "authTypes": [{"authType": "otp-phone", "locked": false}]}});
    let put = Letter::to("identity", http::Method::PUT, "/idrepository/v1/authtypes/status");
    let (_, answer) = trial.ask(put.json(&opened)).await;
    assert_eq!(answer["errors"], json!([]), "{answer}");
    prove(&trial, &login, TOMAS).await;
}

#[actix_web::test]
async fn a_virtual_number_logs_in_and_a_temporary_one_does_so_once() {
    let trial = Trial::start(SYSTEMS, 50);
    let temporary = vid_of_tomas(&trial, "Temporary").await;
    assert!(Vid::checked(&temporary).is_ok());
    let both = [begin(&trial, &[]).await, begin(&trial, &[]).await];
    for login in &both {
        let sent = post(&trial, &format!("{login}/code"), &[("individual_id", &temporary)]).await;
        assert_eq!(sent.status, 303);
    }
    let tries = both.iter().map(|login| post(&trial, login, &[("otp", "111111")]));
    let mut statuses: Vec<_> =
        futures_util::future::join_all(tries).await.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410], "of two who use it together one succeeds");
    let again = begin(&trial, &[]).await;
    let sent = post(&trial, &format!("{again}/code"), &[("individual_id", &temporary)]).await;
    assert!(sent.status == 410 && text(&sent).contains("no longer counts"));
    let (_, file) = trial.ask(Letter::get("identity", format!("/desk/persons/{TOMAS}"))).await;
    let kept = file["vids"].as_array().unwrap().iter().find(|v| v["VID"] == temporary.as_str());
    assert_eq!(kept.unwrap()["vidStatus"], "USED");
}

#[actix_web::test]
async fn virtual_numbers_follow_their_policy() {
    let trial = Trial::start(SYSTEMS, 50);
    let path = format!("persons/{TOMAS}/vids");
    let second = desk(&trial, &path, &json!({"kind": "Perpetual"})).await;
    assert!(second.0 == 400 && second.1["error_description"].as_str().unwrap().contains("revoke"));
    for _ in 0..5 {
        vid_of_tomas(&trial, "Temporary").await;
    }
    assert_eq!(desk(&trial, &path, &json!({"kind": "Temporary"})).await.0, 400, "five at a time");
    assert_eq!(desk(&trial, &path, &json!({"kind": "Eternal"})).await.0, 400);
    trial.hall().room.clock.advance(jiff::SignedDuration::from_mins(30));
    let fresh = vid_of_tomas(&trial, "Temporary").await;

    let listed = format!("/idrepository/v1/vid/uin/{TOMAS}");
    let sent = json!({"request": {"UIN": TOMAS, "vidType": "Temporary", "vidStatus": "ACTIVE"}});
    let (_, made) = trial.ask(Letter::post("identity", "/idrepository/v1/vid").json(&sent)).await;
    let vid = made["response"]["VID"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    assert_eq!((&made["id"], &made["metadata"]), (&json!("mosip.vid.create"), &Value::Null));
    let (_, list) = trial.ask(Letter::get("identity", listed)).await;
    let lines = list["response"].as_array().unwrap_or_else(|| panic!("{list}"));
    let line = lines.iter().find(|line| line["vid"] == vid.as_str()).unwrap();
    assert_eq!((&line["vidType"], &line["transactionLimit"]), (&json!("Temporary"), &json!(1)));
    assert!(line["genratedOnTimestamp"].is_string() && line["hashAttributes"].is_object());
    assert_eq!(lines.len(), 3, "those that have ended are not told: {list}");
    let time = |of: &Value| of["responsetime"].is_string() && of.get("responseTime").is_none();
    assert!(time(&list) && time(&made) && list["id"] == "mosip.vid.read", "{list}");
    let one = format!("/idrepository/v1/vid/{vid}");
    let patch = |status: &str| {
        let letter = Letter::to("identity", http::Method::PATCH, one.clone());
        letter.json(&json!({"request": {"vidStatus": status}}))
    };
    assert_eq!(trial.ask(patch("DEACTIVATED")).await.1["response"]["vidStatus"], "DEACTIVATED");
    assert_eq!(trial.ask(patch("ACTIVE")).await.1["response"]["vidStatus"], "ACTIVE");
    assert_eq!(trial.ask(patch("REVOKED")).await.1["response"]["vidStatus"], "REVOKED");
    assert_eq!(trial.ask(patch("ACTIVE")).await.1["errors"][0]["errorCode"], "IDR-VID-001");
    let (_, read) = trial.ask(Letter::get("identity", one)).await;
    assert_eq!(
        (&read["response"]["UIN"], &read["response"]["vidStatus"]),
        (&json!(TOMAS), &json!("REVOKED"))
    );
    let login = begin(&trial, &[]).await;
    let revoked = post(&trial, &format!("{login}/code"), &[("individual_id", &vid)]).await;
    assert_eq!(revoked.status, 410);
    prove(&trial, &login, &fresh).await;
}

#[actix_web::test]
async fn names_come_in_the_languages_that_are_asked_for() {
    let trial = Trial::start(SYSTEMS, 50);
    let answer = log_in(&trial, &[("claims_locales", "en fr ar")]).await;
    let (_, tokens) = redeem(&trial, &answer["code"], &[]).await;
    let person: Value = userinfo(&trial, &tokens["access_token"]).await.json().unwrap();
    assert_eq!(
        (&person["name#eng"], &person["name#ara"]),
        (&json!("Tomas Amaro"), &json!("توماس أمارو"))
    );
    assert!(person.get("name").is_none() && person["locale"] == "es", "{person}");
}

#[actix_web::test]
async fn each_client_gets_tokens_in_its_own_algorithm_and_may_change_its_registration() {
    let trial = Trial::start(SYSTEMS, 50);
    let callback = "https://rp.example/cb?page=1";
    for alg in ["ES256", "PS256"] {
        let sent = json!({"request": {"clientId": alg, "clientName": "RP", "relyingPartyId": "rp",
            "redirectUris": [callback], "clientAuthMethods": ["none"],
            "additionalConfig": {"id_token_signed_response_alg": alg, "redirect_uri_without_query": true}}});
        trial.ask(Letter::post("identity", "/client-mgmt/client").json(&sent)).await;
        let asked = [("client_id", alg), ("redirect_uri", callback)];
        let code = log_in(&trial, &asked).await["code"].clone();
        let short = [("client_id", alg), ("redirect_uri", "https://rp.example/cb")];
        let (status, tokens) = redeem(&trial, &code, &short).await;
        assert_eq!(status, 200, "{tokens}");
        let header = jsonwebtoken::decode_header(tokens["id_token"].as_str().unwrap()).unwrap();
        assert_eq!(format!("{:?}", header.alg), alg);
        let signed = text(&userinfo(&trial, &tokens["access_token"]).await);
        assert_eq!(format!("{:?}", jsonwebtoken::decode_header(signed).unwrap().alg), alg);
    }
    let letter = Letter::to("identity", http::Method::PUT, "/client-mgmt/client/ES256");
    let off = json!({"request": {"clientName": "Renamed", "status": "INACTIVE"}});
    let (_, answer) = trial.ask(letter.json(&off)).await;
    assert_eq!(answer["response"]["status"], "INACTIVE", "{answer}");
    let refused = authorize(&trial, &[("client_id", "ES256"), ("redirect_uri", callback)]).await;
    assert_eq!(refused.status, 400);
}
