//! The link to Arenoa ID: a birth gets its number, a death is told, over MOSIP's routes and over the action trigger.

use http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{LINKED, ada, events, hand_in, pass_days, record, uin};
use crate::kit::courier::Letter;
use crate::kit::faults::{Fault, Misbehaviour};
use crate::kit::journal::Kind;
use crate::kit::registry::visitor::Visitor;
use crate::kit::trial::Trial;

/// The number that is kept for Lena's child.
fn ada_uin(trial: &Trial) -> String {
    let births = trial.country.people.expected_births();
    births.iter().find(|birth| birth.id == "ada").unwrap().uin.to_string()
}

async fn quiet(trial: &Trial) {
    trial.hall().room.clock.idle().await;
}

async fn put(trial: &Trial, system: &str, path: &str, body: &Value) -> (u16, Value) {
    trial.ask(Letter::to(system, Method::PUT, path).json(body)).await
}

async fn file(trial: &Trial, uin: &str) -> Value {
    trial.ask(Letter::get("identity", format!("/desk/persons/{uin}"))).await.1
}

/// The requests between the registry and Arenoa ID, in the order in which they were written.
async fn exchanged(trial: &Trial) -> Vec<String> {
    let parts = ["civil_registry", "identity"];
    let both = |from: &str, to: &str| parts.contains(&from) && parts.contains(&to);
    let rows = trial.journal().await;
    let between = rows.iter().filter(|row| row.kind == Kind::Request && both(&row.from, &row.to));
    between.map(|row| row.action.clone()).collect()
}

#[actix_web::test]
async fn lenas_child_is_entered_at_the_desk_and_its_number_stands_in_the_record() {
    let trial = Trial::start(LINKED, 100);
    let visitor = Visitor::new(&trial).await;
    pass_days(&trial, 5);
    let (_, entered) = hand_in(&trial, "births", &ada(&trial)).await;
    assert_eq!(entered["uin"], Value::Null, "a newborn has no number yet");
    quiet(&trial).await;
    let number = ada_uin(&trial);
    let child = record(&visitor, "BRN", entered["brn"].as_str().unwrap()).await;
    assert_eq!(child["identifier"][0]["identifier_value"], number);
    assert_eq!(record(&visitor, "UIN", &number).await, child, "found by its fresh number");
    let known = file(&trial, &number).await;
    assert_eq!(
        (known["person"]["given_name"].as_str(), known["person"]["birth_date"].as_str()),
        (Some("Ada"), Some("2026-10-04"))
    );
    assert!(
        known["audit"][0]["occasion"].as_str().unwrap().contains(entered["brn"].as_str().unwrap())
    );
    assert_eq!(events(&trial).await[0]["uin"], number);
    assert_eq!(
        exchanged(&trial).await,
        [
            "POST /v1/authmanager/authenticate/clientidsecretkey",
            "POST /v1/partnermanager/partners/certificate/upload",
            "POST /hub",
            "GET /websub/callback",
            "PUT /commons/v1/packetmanager/createPacket",
            "POST /registrationprocessor/v1/workflowmanager/workflowinstance",
            "POST /websub/callback",
        ]
    );
    let mut marco = ada(&trial);
    marco["given_name"] = json!("Marco");
    hand_in(&trial, "births", &marco).await;
    quiet(&trial).await;
    assert_eq!(exchanged(&trial).await.len(), 10, "the link is set up once");
}

#[actix_web::test]
async fn two_first_packets_at_once_set_up_one_link() {
    let trial = Trial::start(LINKED, 100);
    pass_days(&trial, 5);
    let what = Misbehaviour::Late { delay_ms: 200 };
    let on = Some("POST /v1/partnermanager/partners/certificate/upload".to_owned());
    trial.office("identity").faults.set(Fault { what, on, times: None });
    let mut marco = ada(&trial);
    marco["given_name"] = json!("Marco");
    let ada = ada(&trial);
    let both = [hand_in(&trial, "births", &ada), hand_in(&trial, "births", &marco)];
    for (status, entered) in futures_util::future::join_all(both).await {
        assert_eq!(status, 201, "{entered:#}");
    }
    quiet(&trial).await;
    let subscribed = exchanged(&trial).await.into_iter().filter(|action| action == "POST /hub");
    assert_eq!(subscribed.count(), 1);
}

#[actix_web::test]
async fn no_secret_of_the_link_is_written_in_the_journal() {
    let trial = Trial::start(LINKED, 100);
    pass_days(&trial, 5);
    hand_in(&trial, "births", &ada(&trial)).await;
    quiet(&trial).await;
    let secret = crate::kit::trust::tokens::sandbox_secret("civil_registry");
    let hub = trial
        .office("civil_registry")
        .store
        .read(|db| crate::kit::store::setting(db, "hub_secret"));
    let hub = hub.unwrap().unwrap();
    for row in trial.journal().await {
        let text = format!("{} {} {}", row.path, row.headers, row.body);
        assert!(!text.contains(&secret) && !text.contains(&hub), "{text}");
        assert!(!text.contains("Authorization=ey"), "{text}");
    }
}

#[actix_web::test]
async fn a_number_comes_later_where_arenoa_id_was_out_of_order() {
    let trial = Trial::start(LINKED, 100);
    let visitor = Visitor::new(&trial).await;
    pass_days(&trial, 5);
    let what = Misbehaviour::Refusing { status: 503 };
    let on = Some("PUT /commons/v1/packetmanager/createPacket".to_owned());
    trial.office("identity").faults.set(Fault { what, on, times: Some(1) });
    let (status, entered) = hand_in(&trial, "births", &ada(&trial)).await;
    assert_eq!(status, 201, "the entry does not wait for it");
    quiet(&trial).await;
    let brn = entered["brn"].as_str().unwrap();
    let before = record(&visitor, "BRN", brn).await;
    assert_eq!(before["identifier"][0]["identifier_type"], "BRN");
    trial.hall().room.clock.advance(SignedDuration::from_mins(1));
    quiet(&trial).await;
    let after = record(&visitor, "BRN", brn).await;
    assert_eq!(after["identifier"][0]["identifier_value"], ada_uin(&trial));
}

#[actix_web::test]
async fn a_credential_that_the_hub_did_not_sign_changes_nothing() {
    let trial = Trial::start(LINKED, 100);
    pass_days(&trial, 5);
    hand_in(&trial, "births", &ada(&trial)).await;
    quiet(&trial).await;
    let rows = trial.journal().await;
    let told =
        rows.iter().find(|row| row.kind == Kind::Request && row.action == "POST /websub/callback");
    let body = told.unwrap().body.clone();
    let deliver = |signature: &str| {
        Letter::post("civil_registry", "/websub/callback")
            .header("x-hub-signature", signature)
            .bytes("application/json", body.clone())
    };
    for signature in ["", "sha256=00", &format!("sha256={}", "0".repeat(64))] {
        let (status, answer) = trial.ask(deliver(signature)).await;
        assert_eq!(status, 401, "{answer}");
    }
    let before = events(&trial).await;
    let stranger =
        Letter::get("civil_registry", "/websub/callback?hub.topic=OTHER&hub.challenge=x");
    assert_eq!(trial.ask(stranger).await.0, 404);
    assert_eq!(events(&trial).await, before);
}

#[actix_web::test]
async fn a_death_is_told_and_its_annulment_too() {
    let trial = Trial::start(LINKED, 100);
    let tomas = uin(&trial, "tomas");
    let death = json!({"uin": tomas, "date": "2026-09-30"});
    let (_, died) = hand_in(&trial, "deaths", &death).await;
    quiet(&trial).await;
    let known = file(&trial, &tomas).await;
    assert_eq!(
        (known["person"]["deceased_on"].as_str(), known["person"]["status"].as_str()),
        (Some("2026-09-30"), Some("ACTIVE"))
    );
    let occasion = known["audit"][0]["occasion"].as_str().unwrap();
    assert!(occasion.contains(died["drn"].as_str().unwrap()), "{occasion}");
    let annulment = json!({"registration_number": died["drn"], "reason": "wrong person"});
    assert_eq!(hand_in(&trial, "annulments", &annulment).await.0, 200);
    quiet(&trial).await;
    assert_eq!(file(&trial, &tomas).await["person"]["deceased_on"], Value::Null);
}

#[actix_web::test]
async fn an_annulment_does_not_overtake_the_death_that_it_takes_back() {
    let trial = Trial::start(LINKED, 100);
    let tomas = uin(&trial, "tomas");
    let what = Misbehaviour::Refusing { status: 503 };
    let on = Some("PUT /commons/v1/packetmanager/createPacket".to_owned());
    trial.office("identity").faults.set(Fault { what, on, times: Some(1) });
    let (_, died) = hand_in(&trial, "deaths", &json!({"uin": tomas, "date": "2026-09-30"})).await;
    quiet(&trial).await;
    let annulment = json!({"registration_number": died["drn"], "reason": "wrong person"});
    assert_eq!(hand_in(&trial, "annulments", &annulment).await.0, 200);
    quiet(&trial).await;
    for _ in 0..3 {
        trial.hall().room.clock.advance(SignedDuration::from_mins(1));
        quiet(&trial).await;
    }
    let known = file(&trial, &tomas).await;
    assert_eq!(known["person"]["deceased_on"], Value::Null, "{known:#}");
    assert_eq!(known["audit"].as_array().unwrap().len(), 2, "both were told: {known:#}");
}

#[actix_web::test]
async fn a_birth_that_is_annulled_before_arenoa_id_heard_of_it_gets_no_number() {
    let trial = Trial::start(LINKED, 100);
    pass_days(&trial, 5);
    let what = Misbehaviour::Refusing { status: 503 };
    let on = Some("PUT /commons/v1/packetmanager/createPacket".to_owned());
    trial.office("identity").faults.set(Fault { what, on, times: Some(1) });
    let (_, entered) = hand_in(&trial, "births", &ada(&trial)).await;
    quiet(&trial).await;
    let annulment = json!({"registration_number": entered["brn"], "reason": "entered twice"});
    assert_eq!(hand_in(&trial, "annulments", &annulment).await.0, 200);
    trial.hall().room.clock.advance(SignedDuration::from_mins(2));
    quiet(&trial).await;
    let path = format!("/desk/persons/{}", ada_uin(&trial));
    assert_eq!(trial.ask(Letter::get("identity", path)).await.0, 404);
}

#[actix_web::test]
async fn what_a_death_means_for_the_identity_can_be_set() {
    let trial = Trial::start(LINKED, 100);
    let set = async |body: Value| put(&trial, "identity", "/settings/deaths", &body).await;
    for wrong in [json!({"policy": "forget"}), json!({"policy": "grace", "days": 0}), json!({})] {
        assert_eq!(set(wrong.clone()).await.0, 400, "{wrong}");
    }
    let die = async |name: &str| {
        hand_in(&trial, "deaths", &json!({"uin": uin(&trial, name), "date": "2026-10-01"})).await;
        quiet(&trial).await;
        file(&trial, &uin(&trial, name)).await["person"].clone()
    };
    assert_eq!(set(json!({"policy": "deactivate"})).await.0, 200);
    let tomas = die("tomas").await;
    assert_eq!(
        (tomas["status"].as_str(), tomas["deceased_on"].as_str()),
        (Some("DEACTIVATED"), Some("2026-10-01"))
    );
    assert_eq!(
        set(json!({"policy": "grace", "days": 30})).await.1,
        json!({"policy": "grace", "days": 30})
    );
    let otto = die("otto").await;
    assert_eq!((otto["status"].as_str(), &otto["deceased_on"]), (Some("ACTIVE"), &Value::Null));
    pass_days(&trial, 29);
    quiet(&trial).await;
    assert_eq!(file(&trial, &uin(&trial, "otto")).await["person"]["status"], "ACTIVE");
    pass_days(&trial, 1);
    quiet(&trial).await;
    let otto = file(&trial, &uin(&trial, "otto")).await["person"].clone();
    assert_eq!(
        (otto["status"].as_str(), otto["deceased_on"].as_str()),
        (Some("DEACTIVATED"), Some("2026-10-01"))
    );
}

#[actix_web::test]
async fn with_the_trigger_a_birth_waits_for_its_number_and_a_death_for_a_yes() {
    let trial = Trial::start(LINKED, 100);
    let visitor = Visitor::new(&trial).await;
    pass_days(&trial, 5);
    put(&trial, "civil_registry", "/settings", &json!({"identity_link": "trigger"})).await;
    let (status, asked) = hand_in(&trial, "births", &ada(&trial)).await;
    assert_eq!((status, &asked["flags"]), (202, &json!(["register:requested"])), "{asked:#}");
    assert_eq!(
        (asked["status"].as_str(), &asked["registration_number"]),
        (Some("DECLARED"), &Value::Null)
    );
    quiet(&trial).await;
    let entered = events(&trial).await.remove(0);
    assert_eq!((entered["status"].as_str(), &entered["flags"]), (Some("REGISTERED"), &json!([])));
    let child = record(&visitor, "BRN", entered["brn"].as_str().unwrap()).await;
    assert_eq!(child["identifier"][0]["identifier_value"], ada_uin(&trial));
    assert_eq!(
        exchanged(&trial).await,
        [
            "POST /trigger/events/{type}/actions/{action}",
            "POST /auth/token",
            "POST /api/events/events/{id}/{act}/{step}",
        ]
    );
    let death = json!({"uin": uin(&trial, "tomas"), "date": "2026-10-05"});
    assert_eq!(hand_in(&trial, "deaths", &death).await.0, 202);
    quiet(&trial).await;
    assert_eq!(events(&trial).await[0]["status"], "REGISTERED");
    let known = file(&trial, &uin(&trial, "tomas")).await;
    assert_eq!(known["person"]["deceased_on"], "2026-10-05");
}

#[actix_web::test]
async fn a_registration_that_nobody_answers_is_pending_and_the_registrar_decides() {
    let trial = Trial::start(LINKED, 100);
    pass_days(&trial, 5);
    put(&trial, "civil_registry", "/settings", &json!({"identity_link": "trigger"})).await;
    let what = Misbehaviour::Refusing { status: 500 };
    trial.office("identity").faults.set(Fault { what, on: None, times: None });
    let mut marco = ada(&trial);
    marco["given_name"] = json!("Marco");
    for (form, verb, status, flags) in [
        (ada(&trial), "accept", "REGISTERED", json!([])),
        (marco, "reject", "DECLARED", json!(["rejected"])),
    ] {
        let (_, asked) = hand_in(&trial, "births", &form).await;
        quiet(&trial).await;
        let pending = events(&trial).await.remove(0);
        assert_eq!(pending["flags"], json!(["register:requested"]));
        let path = format!("{}/{verb}", asked["event_id"].as_str().unwrap());
        let (_, decided) = hand_in(&trial, &path, &json!({"reason": "no answer"})).await;
        assert_eq!((decided["status"].as_str(), &decided["flags"]), (Some(status), &flags));
        assert_eq!(hand_in(&trial, &path, &json!({"reason": "?"})).await.0, 409, "decided once");
    }
}

#[actix_web::test]
async fn arenoa_id_rejects_what_it_cannot_read_and_the_event_goes_back() {
    let trial = Trial::start(LINKED, 100);
    let ask = |body: Value| {
        Letter::post("identity", "/trigger/events/birth/actions/REGISTER").json(&body)
    };
    let (status, answer) = trial.ask(ask(json!({"id": "E"}))).await;
    assert_eq!(status, 400);
    assert!(answer["reason"].as_str().unwrap().contains("no event document"), "{answer}");
    let line = json!({"id": "A", "type": "DECLARE", "status": "Accepted",
        "declaration": {"mother.nid": "1", "child.dob": "2026-10-01", "child.gender": "female"}});
    let (status, answer) = trial.ask(ask(json!({"id": "E", "actions": [line]}))).await;
    assert_eq!(status, 400);
    assert!(answer["reason"].as_str().unwrap().contains("is missing"), "{answer}");
    let (status, _) = trial.ask(ask(json!({"id": "E", "actions": []}))).await;
    assert_eq!(status, 200, "a foundling is entered without a number");
}
