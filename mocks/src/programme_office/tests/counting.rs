//! What the statistics hear of applications: the numbers that the office itself shows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::country::{called, post, start, through};
use crate::kit::journal::Kind;
use crate::kit::trial::Trial;

/// How much was told of each indicator, each reference once.
async fn counted(trial: &Trial) -> BTreeMap<String, usize> {
    let journal = trial.journal().await;
    let told = journal.iter().filter(|e| e.kind == Kind::Request && e.to == "statistics");
    let mut seen = BTreeSet::new();
    for entry in told {
        let events: Vec<Value> = serde_json::from_str(&entry.body).unwrap();
        for event in events {
            let text = |name: &str| event[name].as_str().unwrap().to_owned();
            assert_eq!((text("programme"), text("period")), ("OAP".into(), "2026-10".into()));
            seen.insert((text("indicator"), text("reference_id")));
        }
    }
    let mut counts = BTreeMap::new();
    for (indicator, _) in seen {
        *counts.entry(indicator).or_default() += 1;
    }
    counts
}

fn told<const N: usize>(counts: [(&str, usize); N]) -> BTreeMap<String, usize> {
    counts.map(|(indicator, count)| (indicator.to_owned(), count)).into()
}

#[actix_web::test]
async fn whoever_is_paid_is_counted_as_received_enrolled_and_paid() {
    let trial = start();
    through(&trial, called("Tomas")).await;
    assert_eq!(counted(&trial).await, told([("applied", 1), ("enrolled", 1), ("paid", 1)]));
}

#[actix_web::test]
async fn refusals_and_those_who_wait_are_received_too() {
    let trial = start();
    through(&trial, called("Elia")).await;
    let waits = through(&trial, called("Kemal")).await;
    assert_eq!(counted(&trial).await, told([("applied", 2), ("not_eligible", 1)]));
    let decide = format!("/applications/{}/decide", waits["application_id"].as_str().unwrap());
    let word = json!({"decision": "reject", "reason": "The certificate is a copy."});
    assert_eq!(post(&trial, &decide, &word).await.0, 200);
    assert_eq!(counted(&trial).await, told([("applied", 2), ("not_eligible", 2)]));
}

#[actix_web::test]
async fn a_payment_that_is_held_or_failed_hides_no_enrolment() {
    let trial = start();
    through(&trial, called("Rosa")).await;
    assert_eq!(counted(&trial).await, told([("applied", 1), ("enrolled", 1)]));
    let zita = through(&trial, called("Zita")).await;
    assert_eq!(
        counted(&trial).await,
        told([("applied", 2), ("enrolled", 2), ("payment_failed", 1)])
    );
    let of_zita = format!("/applications/{}", zita["application_id"].as_str().unwrap());
    assert_eq!(post(&trial, &format!("{of_zita}/resume"), &json!({})).await.0, 200);
    let leave = json!({"change": "exit", "reason": "moved abroad"});
    assert_eq!(post(&trial, &format!("{of_zita}/membership"), &leave).await.0, 200);
    let all = [("applied", 2), ("enrolled", 2), ("exited", 1), ("paid", 1), ("payment_failed", 1)];
    assert_eq!(counted(&trial).await, told(all));
}
