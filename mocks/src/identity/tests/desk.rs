//! The ID desk, and what a change there means for the next login.

use serde_json::json;

use super::SYSTEMS;
use super::visitor::*;
use crate::kit::courier::Letter;
use crate::kit::trial::Trial;

#[actix_web::test]
async fn the_audit_of_an_identity_shows_every_answer_given() {
    let trial = Trial::start(SYSTEMS, 50);
    let answer = log_in(&trial, &[]).await;
    let (_, tokens) = redeem(&trial, &answer["code"], &[]).await;
    userinfo(&trial, &tokens["access_token"]).await;
    let (_, file) = trial.ask(Letter::get("identity", format!("/desk/persons/{TOMAS}"))).await;
    let lines: Vec<_> =
        file["audit"].as_array().unwrap().iter().map(|l| l["occasion"].as_str().unwrap()).collect();
    assert_eq!(lines, ["login", "userinfo"]);
    assert_eq!(file["audit"][1]["asker"], "demo-portal");
    let released = file["audit"][1]["released"].as_str().unwrap();
    assert!(released.contains("birthdate") && !released.contains("1959"), "{released}");
    assert_eq!(file["consents"][0]["decision"], "allowed");
    let path = format!("/desk/persons/{TOMAS}/audit");
    let page = text(&trial.send(Letter::get("identity", path)).await);
    assert!(page.contains("demo-portal") && page.contains("Date of birth"), "{page}");
    assert!(!page.contains("1959"), "the page tells that, not what");
}

#[actix_web::test]
async fn after_his_death_is_registered_the_next_login_says_so_kindly() {
    let trial = Trial::start(SYSTEMS, 50);
    let answer = log_in(&trial, &[]).await;
    let (_, tokens) = redeem(&trial, &answer["code"], &[]).await;
    let death = json!({"date": "2026-10-09", "registration_number": "DRN-2026-0001"});
    let path = format!("/desk/persons/{TOMAS}/death");
    assert_eq!(trial.ask(Letter::post("identity", path).json(&death)).await.0, 200);
    let login = begin(&trial, &[]).await;
    let reply = post(&trial, &format!("{login}/code"), &[("individual_id", TOMAS)]).await;
    assert_eq!(reply.status, 403);
    assert!(text(&reply).contains("We are sorry: the death of Tomas Amaro has been registered"));
    assert_eq!(userinfo(&trial, &tokens["access_token"]).await.status, 401, "nothing more is told");
}

#[actix_web::test]
async fn a_blocked_person_gets_no_code_until_the_desk_unblocks() {
    let trial = Trial::start(SYSTEMS, 50);
    let path = format!("/desk/persons/{TOMAS}/status");
    let set = |status: &str| {
        let body = json!({"status": status, "reason": "card reported stolen"});
        Letter::post("identity", path.clone()).json(&body)
    };
    assert_eq!(trial.ask(set("BLOCKED")).await.1["person"]["status"], "BLOCKED");
    let login = begin(&trial, &[]).await;
    let reply = post(&trial, &format!("{login}/code"), &[("individual_id", TOMAS)]).await;
    assert!(reply.status == 403 && text(&reply).contains("is blocked"));
    trial.ask(set("ACTIVE")).await;
    prove(&trial, &login, TOMAS).await;
    let (status, refused) = trial.ask(set("GONE")).await;
    assert_eq!(status, 400);
    assert!(refused["error_description"].as_str().unwrap().contains("DEACTIVATED"), "{refused}");
}

#[actix_web::test]
async fn people_are_found_by_the_beginning_of_a_name_or_number() {
    let trial = Trial::start(SYSTEMS, 50);
    for sought in ["Tomas%20Am", "amaro", &TOMAS[..5]] {
        let path = format!("/desk/persons?q={sought}");
        let (_, found) = trial.ask(Letter::get("identity", path)).await;
        assert!(found["persons"].as_array().unwrap().iter().any(|p| p["uin"] == TOMAS), "{sought}");
    }
}

#[actix_web::test]
async fn the_cast_is_here_with_what_only_arenoa_id_believes() {
    let trial = Trial::start(SYSTEMS, 300);
    let people = &trial.country.people;
    let file = async |uin: String| {
        trial.ask(Letter::get("identity", format!("/desk/persons/{uin}"))).await.1["person"].clone()
    };
    let of = |id: &str| people.named(id).unwrap_or_else(|| panic!("{id} is in the cast"));
    let tomas = of("tomas");
    assert_eq!(
        (tomas.uin.to_string().as_str(), tomas.phone.unwrap().to_string().as_str()),
        (TOMAS, PHONE)
    );
    assert_eq!(file(of("kemal").uin.to_string()).await["birth_date"], "1958-05-07");
    assert_eq!(
        file(of("ivo").uin.to_string()).await["status"],
        "ACTIVE",
        "never registered at birth"
    );
    assert_eq!(file(of("pavel").uin.to_string()).await["deceased_on"], serde_json::Value::Null);
    let nadia = people.persona("nadia").unwrap();
    let former = nadia.quirks.iter().find_map(|q| match q {
        crate::kit::seed::Quirk::FormerUin(uin) => Some(uin.to_string()),
        _ => None,
    });
    assert_eq!(file(former.unwrap()).await["status"], "DEACTIVATED");
}
