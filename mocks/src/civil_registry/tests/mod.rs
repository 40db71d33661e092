//! A visitor to the civil registry: only HTTP.

mod annulments;
mod births;
mod event_api;
mod identity_link;
mod search;
mod subscribers;
mod unions;

use serde_json::{Value, json};

use crate::kit::courier::Letter;
use crate::kit::registry::visitor::Visitor;
use crate::kit::trial::Trial;

const SYSTEMS: &[crate::kit::system::System] = &[super::SYSTEM, crate::gateway::SYSTEM];

/// The registry with Arenoa ID beside it.
const LINKED: &[crate::kit::system::System] =
    &[super::SYSTEM, crate::gateway::SYSTEM, crate::identity::SYSTEM];

/// Hands a form in at the counter.
async fn hand_in(trial: &Trial, path: &str, form: &Value) -> (u16, Value) {
    trial.ask(Letter::post("civil_registry", format!("/events/{path}")).json(form)).await
}

/// The refusal's sentence; what was handed in must have been refused with that status.
async fn refused(trial: &Trial, path: &str, form: &Value, status: u16) -> String {
    let (got, answer) = hand_in(trial, path, form).await;
    assert_eq!(got, status, "{path} {form:#}: {answer:#}");
    answer["errors"][0]["message"].as_str().unwrap_or_else(|| panic!("{answer:#}")).to_owned()
}

/// The number of somebody of the cast, persona or not.
fn uin(trial: &Trial, name: &str) -> String {
    let person = trial.country.people.named(name);
    person.unwrap_or_else(|| panic!("nobody is called {name}")).uin.to_string()
}

/// The record with that number.
async fn record(visitor: &Visitor<'_>, kind: &str, number: &str) -> Value {
    visitor.find("civil_registry", kind, number).await["data"]["reg_records"][0].clone()
}

/// The birth of Lena's child, on the sandbox day 2026-10-04 or later.
fn ada(trial: &Trial) -> Value {
    json!({"given_name": "Ada", "family_name": "Ortal", "sex": "female", "date": "2026-10-04",
        "place": "QN010101", "mother": uin(trial, "lena"), "father": uin(trial, "milan_ortal")})
}

/// Moves the sandbox clock by days.
fn pass_days(trial: &Trial, days: i64) {
    trial.hall().room.clock.advance(jiff::SignedDuration::from_hours(24 * days));
}

/// What stands in the log of events.
async fn events(trial: &Trial) -> Vec<Value> {
    let (_, list) = trial.ask(Letter::get("civil_registry", "/events")).await;
    list["events"].as_array().unwrap().clone()
}
