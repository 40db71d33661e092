//! `/desk/persons`: the ID desk. Finds people, shows what was told about them, blocks and unblocks, enters a death.
//! Our own; MOSIP does this in its admin and resident services.

use actix_web::HttpResponse;
use actix_web::web::{self, Query};
use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::answers::{Failure, fresh_json, refuse_client};
use super::issue;
use crate::identity::model::person::{Person, Status};
use crate::identity::model::refusal::Refusal;
use crate::identity::store::records::{self, Release};
use crate::identity::store::{logins, people};
use crate::kit::openapi::Routes;
use crate::kit::server::{Call, Part};
use crate::kit::store::StoreError;

/// Who changes records here, as the audit names it.
pub(super) const DESK: &str = "id-desk";
/// How many people one search shows.
const SHOWN: u32 = 50;

pub(super) fn routes(config: &mut Routes<'_>) {
    config
        .service(
            web::resource("/desk/persons")
                .route(web::get().to(search))
                .route(web::post().to(issue::issue)),
        )
        .service(web::resource("/desk/persons/{uin}").route(web::get().to(person)))
        .service(web::resource("/desk/persons/{uin}/status").route(web::post().to(set_status)))
        .service(web::resource("/desk/persons/{uin}/death").route(web::post().to(enter_death)))
        .service(web::resource("/desk/persons/{uin}/unlock").route(web::post().to(unlock)));
}

#[derive(Debug, Deserialize)]
struct Sought {
    #[serde(default)]
    q: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewStatus {
    status: Status,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Death {
    date: Date,
    /// The number of the civil registry's entry: `DRN-2026-0001`.
    registration_number: String,
}

async fn search(call: Call, sought: Query<Sought>) -> HttpResponse {
    match call.store().read(|db| people::search(db, sought.q.trim(), SHOWN)) {
        Ok(found) => fresh_json(&json!({"persons": found})),
        Err(error) => refuse_client(&call, error.into()),
    }
}

async fn person(call: Call, uin: Part) -> HttpResponse {
    answer(&call, file_of(&call, &uin))
}

async fn set_status(call: Call, uin: Part) -> HttpResponse {
    let change = body::<NewStatus>(&call, r#"{"status":"BLOCKED","reason":"..."}"#);
    let done = change.and_then(|change| {
        let occasion = format!("status {}: {}", change.status.word(), change.reason);
        changed(&call, (&uin, DESK), &occasion, |tx| people::set_status(tx, &uin, change.status))
    });
    answer(&call, done)
}

async fn enter_death(call: Call, uin: Part) -> HttpResponse {
    let death =
        body::<Death>(&call, r#"{"date":"2026-10-09","registration_number":"DRN-2026-0001"}"#);
    let done = death.and_then(|death| {
        let (date, number) = (death.date.to_string(), death.registration_number);
        let occasion = format!("death on {date}, entry {number}");
        changed(&call, (&uin, DESK), &occasion, |tx| people::enter_death(tx, &uin, &date, &number))
    });
    answer(&call, done)
}

async fn unlock(call: Call, uin: Part) -> HttpResponse {
    answer(&call, changed(&call, (&uin, DESK), "log-in unlocked", |tx| logins::unlock(tx, &uin)))
}

fn answer(call: &Call, done: Result<Value, Failure>) -> HttpResponse {
    match done {
        Ok(body) => fresh_json(&body),
        Err(failure) => refuse_client(call, failure),
    }
}

pub(super) fn body<T: DeserializeOwned>(call: &Call, example: &str) -> Result<T, Failure> {
    serde_json::from_slice(&call.body)
        .map_err(|e| Refusal::request(format!("{e}; write {example}")).into())
}

/// Changes a person's record in the name of `asker`, with a line in the audit and an event on the stage.
pub(super) fn changed(
    call: &Call,
    (uin, asker): (&str, &str),
    occasion: &str,
    change: impl FnOnce(&rusqlite::Transaction<'_>) -> rusqlite::Result<()>,
) -> Result<Value, Failure> {
    known(call, uin)?;
    let line = Release {
        asker: asker.into(),
        occasion: occasion.into(),
        released: String::new(),
        at: call.errand.stamp(),
    };
    call.store().write(|tx| {
        change(tx)?;
        Ok::<_, StoreError>(records::audit(tx, uin, &line)?)
    })?;
    call.errand.event(
        "identity changed",
        &format!("Identity {uin}: {occasion}."),
        &json!({"uin": uin}),
    );
    file_of(call, uin)
}

fn known(call: &Call, uin: &str) -> Result<Person, Failure> {
    let found = call.store().read(|db| people::find(db, uin))?;
    let unknown = || Refusal::new("not_found", format!("nobody has the number {uin}"));
    Ok(found.ok_or_else(unknown)?)
}

/// Everything that the desk knows about a person.
pub(super) fn file_of(call: &Call, uin: &str) -> Result<Value, Failure> {
    let person = known(call, uin)?;
    let (wrong, locked_until) = call.store().read(|db| logins::lock_of(db, uin))?;
    Ok(json!({
        "person": person,
        "wrong_codes": wrong,
        "locked_until": locked_until.map(|t| t.to_string()),
        "consents": call.store().read(|db| records::consents_of(db, uin))?,
        "audit": call.store().read(|db| records::audit_of(db, uin))?,
    }))
}
