//! The whole country: every system is the real one, and people log in as they would in a browser.

use http::Method;
use serde_json::{Value, json};

use super::country::{apply, look, post, requests_to, settled, verdict};
use crate::kit::cause::Place;
use crate::kit::courier::{Letter, Reply};
use crate::kit::journal::{Entry, Kind};
use crate::kit::seed::Person;
use crate::kit::trial::Trial;

pub(super) fn start() -> Trial {
    Trial::start(crate::ALL, 300)
}

pub(super) fn persona(trial: &Trial, id: &str) -> Person {
    trial.country.people.named(id).unwrap_or_else(|| panic!("nobody is called {id}")).clone()
}

fn wish(programme: &str, person: &Person) -> Value {
    json!({"programme": programme, "uin": person.uin.to_string(), "phone": person.phone.unwrap().to_string(),
        "channel": "kiosk"})
}

async fn at(trial: &Trial, method: Method, address: &str, fields: &[(&str, &str)]) -> Reply {
    let letter = Letter::to_address(method, address);
    let letter = if fields.is_empty() { letter } else { letter.form(fields) };
    let reply = trial.send(letter).await;
    assert_eq!(reply.status, 303, "{address}: {}", String::from_utf8_lossy(&reply.body));
    reply
}

fn location(reply: &Reply) -> String {
    reply.header("location").unwrap().to_owned()
}

/// Logs in with the one-time code and answers the consent page; then waits until nothing is under way.
async fn log_in(trial: &Trial, login: &str, uin: &str, answer: &[(&str, &str)]) {
    let consent = prove(trial, login, uin).await;
    let back = location(&at(trial, Method::POST, &consent, answer).await);
    at(trial, Method::GET, &back, &[]).await;
    settled(trial).await;
}

/// Proves with the one-time code, and gives the address of the consent page.
async fn prove(trial: &Trial, login: &str, uin: &str) -> String {
    let page = location(&at(trial, Method::GET, login, &[]).await);
    at(trial, Method::POST, &format!("{page}/code"), &[("individual_id", uin)]).await;
    location(&at(trial, Method::POST, &page, &[("otp", "111111")]).await)
}

async fn through(trial: &Trial, id: &str) -> Value {
    through_for(trial, id, "OAP").await
}

/// Applies for a programme, logs in and waits for what becomes of it.
pub(super) async fn through_for(trial: &Trial, id: &str, programme: &str) -> Value {
    let person = persona(trial, id);
    let (application, login) = apply(trial, &wish(programme, &person)).await;
    let allow = [("decision", "allow"), ("claims", "*")];
    log_in(trial, &login, &person.uin.to_string(), &allow).await;
    look(trial, &application).await
}

async fn inbox(trial: &Trial, person: &Person) -> Vec<String> {
    let path = format!("/inbox/{}", person.phone.unwrap());
    let (_, inbox) = trial.ask(Letter::get("messenger", path)).await;
    let messages = inbox["messages"].as_array().unwrap().iter();
    messages.map(|m| m["text"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn the_page_of_the_consent_says_in_each_language_whom_the_office_asks_next() {
    let trial = start();
    let tomas = persona(&trial, "tomas");
    let (_, login) = apply(&trial, &wish("OAP", &tomas)).await;
    let consent = prove(&trial, &login, &tomas.uin.to_string()).await;
    for (language, registries) in [
        ("en", ["civil registry", "social registry", "beneficiary registry", "30 days"]),
        ("fr", ["état civil", "registre social", "registre des bénéficiaires", "30 jours"]),
        ("es", ["registro civil", "registro social", "registro de beneficiarios", "30 días"]),
        ("ar", ["السجل المدني", "السجل الاجتماعي", "سجل المستفيدين", "30 يوم"]),
        ("pt", ["registo civil", "registo social", "registo de beneficiários", "30 dias"]),
    ] {
        let address = format!("{consent}?lang={language}");
        let page = trial.send(Letter::to_address(Method::GET, &address)).await;
        let page = String::from_utf8(page.body.to_vec()).unwrap();
        for words in registries {
            assert!(page.contains(words), "{language}: {words}: {page}");
        }
    }
}

#[actix_web::test]
async fn whoever_has_no_phone_logs_in_with_a_pin_and_the_decision_says_so() {
    let trial = start();
    let uin = persona(&trial, "hana").uin.to_string();
    let wish = json!({"programme": "CHG", "uin": uin, "channel": "kiosk"});
    let (application, login) = apply(&trial, &wish).await;
    let page = location(&at(&trial, Method::GET, &login, &[]).await);
    let shown = trial.send(Letter::to_address(Method::GET, &page)).await;
    assert!(String::from_utf8_lossy(&shown.body).contains("With my PIN"));
    let proof = [("individual_id", uin.as_str()), ("pin", "545411")];
    let consent = location(&at(&trial, Method::POST, &page, &proof).await);
    let allow = [("decision", "allow"), ("claims", "*")];
    let back = location(&at(&trial, Method::POST, &consent, &allow).await);
    at(&trial, Method::GET, &back, &[]).await;
    settled(&trial).await;
    let application = look(&trial, &application).await;
    let d1 = application["decisions"].as_array().unwrap().iter().find(|d| d["id"] == "D1");
    assert_eq!(d1.unwrap()["sentence"], "Arenoa ID confirms the applicant with a PIN.");
}

#[actix_web::test]
async fn whoever_is_paid_already_is_told_so() {
    let trial = start();
    assert_eq!(through(&trial, "josef").await["state"], "duplicated");
    let told = inbox(&trial, &persona(&trial, "josef")).await;
    assert!(told.iter().any(|text| text.contains("أنت تتلقاه بالفعل")), "{told:?}");
}

#[actix_web::test]
async fn tomas_is_paid() {
    let trial = start();
    let application = through(&trial, "tomas").await;
    assert_eq!(application["state"], "enrolled", "{application:#}");
    for decision in ["D1", "D2", "D3", "D4", "D5", "D6", "D7"] {
        assert_eq!(verdict(&application, decision), "pass", "{decision}");
    }
    assert_eq!(application["payments"][0]["state"], "paid", "{application:#}");
    let told = inbox(&trial, &persona(&trial, "tomas")).await;
    assert!(told.iter().any(|t| t.contains("100") && t.contains("2026-10")), "{told:?}");
    let (_, state) = trial.ask(Letter::get("programme_office", "/_arenoa/state")).await;
    assert_eq!(state["subscription"]["rows"][0]["state"], "active");
    assert_eq!(state["duty"]["count"], 7, "nothing is left to do: {}", state["duty"]);
    for entry in trial.journal().await {
        assert!(entry.verdict != crate::kit::journal::Verdict::Invalid, "{entry:?}");
    }
}

/// What happened, in the order of causes: keys are left out, because they are fetched when first needed by anybody.
async fn story(trial: &Trial) -> Vec<String> {
    through(trial, "tomas").await;
    let mut all = trial.journal().await;
    all.retain(|e| !e.action.contains("jwks.json"));
    all.sort_by_key(|e| Place::parse(&e.place));
    let office = |e: &Entry| if e.kind == Kind::Event { e.body.clone() } else { String::new() };
    all.iter()
        .map(|e| format!("{} {} {} {} {}", e.from, e.to, e.action, e.status, office(e)))
        .collect()
}

#[actix_web::test]
async fn the_story_is_the_same_every_time() {
    let first = story(&start()).await;
    for _ in 0..2 {
        let again = story(&start()).await;
        for (one, other) in first.iter().zip(&again) {
            assert_eq!(one, other);
        }
        assert_eq!(first.len(), again.len());
    }
}

#[actix_web::test]
async fn the_cast_ends_as_the_story_says() {
    let trial = start();
    for (id, state, decision, wanted) in [
        ("pavel", "not_eligible", "D2", "fail"),
        ("elia", "not_eligible", "D3", "fail"),
        ("oda", "enrolled", "D3", "pass"),
        ("otto", "not_eligible", "D6", "fail"),
        ("kemal", "needs_review", "D4", "review"),
        ("ivo", "manual_check", "D2", "review"),
        ("rosa", "enrolled", "D7", "pass"),
    ] {
        let application = through(&trial, id).await;
        assert_eq!(application["state"], state, "{id}: {application:#}");
        assert_eq!(verdict(&application, decision), wanted, "{id}");
        let paid = application["payments"][0]["state"].clone();
        let expected = match id {
            "oda" => json!("paid"),
            "rosa" => json!("held"),
            _ => Value::Null,
        };
        assert_eq!(paid, expected, "{id}: {application:#}");
    }
}

#[actix_web::test]
async fn without_consent_no_registry_of_the_country_is_asked() {
    let trial = start();
    let dina = persona(&trial, "dina");
    let (id, login) = apply(&trial, &wish("OAP", &dina)).await;
    log_in(&trial, &login, &dina.uin.to_string(), &[("decision", "deny")]).await;
    assert_eq!(look(&trial, &id).await["state"], "consent_refused");
    for system in ["civil_registry", "social_registry", "beneficiary_registry"] {
        assert_eq!(requests_to(&trial, system, "").await, 0, "{system}");
    }
}

#[actix_web::test]
async fn of_three_namesakes_only_the_right_one_passes() {
    let trial = start();
    let tomas = persona(&trial, "tomas");
    let wish = json!({"programme": "OAP", "name": "Tomas Amaro", "birth_date": "1959-02-11",
        "phone": tomas.phone.unwrap().to_string()});
    for (picked, state) in [("tomas_norra", "needs_review"), ("tomas", "enrolled")] {
        let (id, login) = apply(&trial, &wish).await;
        let allow = [("decision", "allow"), ("claims", "*")];
        log_in(&trial, &login, &tomas.uin.to_string(), &allow).await;
        let waiting = look(&trial, &id).await;
        assert_eq!(waiting["state"], "needs_choice", "{waiting:#}");
        assert_eq!(waiting["candidates"].as_array().unwrap().len(), 3);
        let uin = persona(&trial, picked).uin.to_string();
        post(&trial, &format!("/applications/{id}/choose"), &json!({"uin": uin})).await;
        let application = look(&trial, &id).await;
        assert_eq!(application["state"], state, "{picked}: {application:#}");
    }
}

#[actix_web::test]
async fn a_switch_that_is_down_delays_the_payment_and_does_not_double_it() {
    let trial = start();
    let fault = json!({"kind": "refusing", "status": 503, "on": "POST /quotes"});
    trial.ask(Letter::post("payment_switch", "/_arenoa/faults").json(&fault)).await;
    let application = through(&trial, "tomas").await;
    assert_eq!(application["payments"][0]["state"], "sent", "{application:#}");
    trial.office("payment_switch").faults.clear();
    trial.hall().room.clock.advance(jiff::SignedDuration::from_mins(10));
    for _ in 0..50 {
        settled(&trial).await;
        tokio::task::yield_now().await;
    }
    let id = application["application_id"].as_str().unwrap();
    let application = look(&trial, id).await;
    assert_eq!(application["payments"][0]["state"], "paid", "{application:#}");
    assert_eq!(application["payments"].as_array().unwrap().len(), 1);
    assert_eq!(requests_to(&trial, "programme_office", "/on-disburse").await, 1);
}
