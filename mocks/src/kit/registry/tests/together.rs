//! An entry and the notices of it stand together or not at all, in every registry.

use http::Method;
use serde_json::{Value, json};

use super::listener::Listener;
use crate::kit::courier::Letter;
use crate::kit::registry::visitor::{Visitor, envelope};
use crate::kit::system::System;
use crate::kit::trial::Trial;

const SYSTEMS: &[System] = &[
    crate::civil_registry::SYSTEM,
    crate::farmer_registry::SYSTEM,
    crate::employment_service::SYSTEM,
    crate::disability_registry::SYSTEM,
    crate::beneficiary_registry::SYSTEM,
    crate::gateway::SYSTEM,
];

/// Has `listener` told of all events of that kind.
async fn follow(visitor: &Visitor<'_>, listener: &Listener, (system, event): (&str, &str)) {
    let everybody = json!({"age": {"ge": 0}});
    let item = json!({"reference_id": "R-1", "timestamp": "2026-10-01T08:00:00Z", "subscribe_criteria": {
        "reg_event_type": event, "filter_type": "expression", "filter": everybody}});
    let mut wish =
        envelope("subscribe", 1, &json!({"transaction_id": "T-9", "subscribe_request": [item]}));
    wish["header"]["sender_uri"] = json!(listener.base);
    visitor.post(system, "/registry/subscribe", &wish).await;
    let (_, answer) = listener.hears(1).await.remove(0);
    assert_eq!(answer["message"]["subscribe_response"][0]["status"], "succ", "{answer:#}");
    visitor.trial.hall().room.clock.idle().await;
}

/// Has the archive of `system` keep no notices, or keep them again.
fn break_archive(trial: &Trial, system: &str, (from, to): (&str, &str)) {
    let sql = format!("alter table {from} rename to {to}");
    let done = trial.office(system).store.alter(|tx| tx.execute_batch(&sql));
    done.unwrap();
}

#[actix_web::test]
async fn what_was_refused_for_want_of_its_notices_can_be_entered_again() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let (josef, leo, daniel) = (visitor.uin("josef"), visitor.uin("leo"), visitor.uin("daniel"));
    let land = json!({"uin": josef, "land_size": "3.46", "measurment": "AC",
        "land_tenure": "Leased (Rented from someone else)", "crops": ["maize"], "community": "QN030203"});
    let work = json!({"uin": leo, "reason": "8", "job_title": "packer", "employer": "Harbour Stores",
        "start_date": "2025-06-02", "end_date": "2026-06-30", "employment_type": "Seasonal"});
    let decision =
        json!({"uin": daniel, "status": "Approved", "level": "Moderate", "review": "2029-10-01"});
    let enrolment = json!({"member": {"member_identifier":
            [{"identifier_type": "UIN", "identifier_value": visitor.uin("tomas")}]},
        "programme_identifier": [{"programme_identifier": "OAP"}], "assistance_unit": "1",
        "enrollment_date": "2026-10-01", "enrollment_status": "1", "benefits": []});
    let enrolment = envelope(
        "notify",
        1,
        &json!({"transaction_id": "T-2", "enrolled_updates": {"beneficiaries": [enrolment]}}),
    );
    let standing = json!({"status": "Inactive"});
    let restand = format!("/jobseekers/{leo}/status");
    let entries: [(_, _, Method, &str, &Value, u16); 5] = [
        ("farmer_registry", "REGISTER", Method::POST, "/plots", &land, 201),
        ("employment_service", "REGISTER", Method::POST, "/jobseekers", &work, 201),
        ("employment_service", "UPDATE", Method::PUT, &restand, &standing, 200),
        ("disability_registry", "DisabledPerson", Method::POST, "/assessments", &decision, 200),
        (
            "beneficiary_registry",
            "enrollement",
            Method::POST,
            "/registry/sync/enrollment/updates",
            &enrolment,
            200,
        ),
    ];
    for (system, event, method, path, body, right) in entries {
        let listener = Listener::start();
        follow(&visitor, &listener, (system, event)).await;
        let letter = || visitor.signed_in(Letter::to(system, method.clone(), path).json(body));
        break_archive(&trial, system, ("txn", "gone"));
        let (status, answer) = trial.ask(letter()).await;
        assert_eq!(status, 500, "{system}: {answer:#}");
        break_archive(&trial, system, ("gone", "txn"));
        let (status, answer) = trial.ask(letter()).await;
        assert_eq!(status, right, "{system}: {answer:#}");
        assert_eq!(listener.hears(2).await[1].0, "/registry/notify", "{system}");
        trial.hall().room.clock.idle().await;
    }
}
