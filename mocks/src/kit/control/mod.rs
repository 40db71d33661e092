//! The control interface of every system, `/_arenoa/...`: what a developer who tests against a mock needs. Who called
//! me, with what? Start over. Be slow. Not part of any standard, and never journalled.

mod answers;
mod guests;
mod messages;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use actix_web::http::Method;
use actix_web::web::{self, Bytes, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use answers::{Books, Description, Faults, Health, Table, Tables};
pub use guests::{NoGuest, dismiss, invite, take_leave};

use super::country::Country;
use super::faults::Fault;
use super::ledger;
use super::openapi::{Complaint, KeySet, Operation, Routes, actions, document, says};
use super::room::{Hall, Policy};
use super::secrets::{MASK, is_secret, mask};
use super::server::{Call, room_of};
use super::system::System;
use super::trust::peer_routes;
use super::trust::published;

/// Rows of each table that `/state` shows.
const ROWS_SHOWN: usize = 50;

/// Routes below each system's mount.
pub(crate) fn system_routes(routes: &mut Routes) {
    // A system that publishes other keys (identity, with RSA) lays its own route here before this one.
    routes
        .get(
            "/.well-known/jwks.json",
            jwks,
            says("The public keys of the system")
                .tag(TAG)
                .more("RFC 7517; DCI jwks core API 1.0.0.")
                .gives::<KeySet>(200, "A key set"),
        )
        .get(
            "/openapi.json",
            openapi,
            ours("This description").gives::<Description>(200, "OpenAPI 3.1"),
        )
        .get(
            "/_arenoa/health",
            health,
            ours("Whether the system is up").gives::<Health>(200, "It is"),
        )
        .get(
            "/_arenoa/ready",
            health,
            ours("Whether the system is up").gives::<Health>(200, "It is"),
        )
        .post(
            "/_arenoa/reset",
            reset,
            ours("Begins again with the data of the start").gives_nothing(204, "Begun again"),
        )
        .get(
            "/_arenoa/state",
            state,
            ours("Every table, with its first rows").gives::<Tables>(200, "By name"),
        );
    lay_ledger(routes);
    messages::routes(routes);
    routes
        .get(
            "/_arenoa/faults",
            faults,
            ours("The faults that are set").gives::<Faults>(200, "In order"),
        )
        .post(
            "/_arenoa/faults",
            set_fault,
            ours("Breaks the system on purpose")
                .takes::<Fault>(
                    json!({"kind": "refusing", "status": 503, "on": "GET /.well-known/jwks.json", "times": 1}),
                )
                .gives::<Faults>(200, "The faults that are set"),
        )
        .delete(
            "/_arenoa/faults",
            clear_faults,
            ours("Mends the system").gives_nothing(204, "Mended"),
        );
    peer_routes::routes(routes);
}

fn lay_ledger(routes: &mut Routes) {
    let path = "/_arenoa/ledger";
    if ledger::keeps_books(routes.system) {
        let is = ours("Whether the books are right").gives::<Books>(200, "What the books say");
        routes.get(path, ledger::answer, is);
    } else {
        routes.aside(
            (Method::GET, path),
            ledger::answer,
            "this system keeps no books, and says so",
        );
    }
}

/// The chapter of what every system has.
const TAG: &str = "every system";

/// An operation of the control interface.
pub(super) fn ours(summary: &'static str) -> Operation {
    says(summary).tag(TAG)
}

/// This system as an OpenAPI document, with the addresses that it was asked at. They are whole: a path is put behind the
/// address of its server as it stands, and `/` before `/crvs/search` would be one stroke too many.
async fn openapi(call: Call, request: HttpRequest) -> HttpResponse {
    let system = call.errand.office.system;
    let asked = request.connection_info();
    let path = request.path().strip_suffix("/openapi.json").unwrap_or_default();
    let base = format!("{}://{}{path}", asked.scheme(), asked.host());
    let root = base.strip_suffix(&format!("/{}", system.mount())).unwrap_or(&base);
    HttpResponse::Ok().json(document(system, &base, root))
}

/// Routes of a room.
pub(crate) fn country_routes(config: &mut ServiceConfig) {
    config.route("/ready", web::get().to(country_ready));
    // Routes, not a scope: a scope would hide what others add below the same prefix.
    config
        .route("/_arenoa/cast", web::get().to(cast))
        .route("/_arenoa/clock", web::get().to(clock))
        .route("/_arenoa/clock", web::post().to(move_clock))
        .route("/_arenoa/policy", web::get().to(policy))
        .route("/_arenoa/policy", web::post().to(set_policy))
        .route("/_arenoa/messages", web::get().to(messages::list_room))
        .route("/_arenoa/messages/wait", web::get().to(messages::wait_in_room))
        .route("/_arenoa/messages/verify", web::post().to(messages::verify_room))
        .route("/_arenoa/reset", web::post().to(reset_room));
    guests::routes(config);
}

async fn health(call: Call) -> HttpResponse {
    let system = call.errand.office.system;
    let (system, standard) = (system.name, system.standard);
    HttpResponse::Ok().json(Health { status: "up", system, standard })
}

/// The public keys of the system (RFC 7517), where DCI looks for them.
async fn jwks(call: Call, req: HttpRequest) -> HttpResponse {
    published(&call.errand.office, req.query_string()).await
}

async fn country_ready(country: Data<Country>) -> HttpResponse {
    let systems: Vec<_> = country.fabric.systems().iter().map(|s| s.name).collect();
    HttpResponse::Ok()
        .json(json!({"status": "ready", "people": country.settings.people, "systems": systems}))
}

async fn reset(call: Call, country: Data<Country>) -> HttpResponse {
    let office = &call.errand.office;
    let Some(hall) = country.hall(&call.room().name) else {
        return wrong(404, "this room is not open");
    };
    match hall.reset_office(office).await {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(error) => wrong(500, &error.to_string()),
    }
}

/// Every table with its number of rows and its first rows. Private keys are in none of them; what is secret is masked.
async fn state(call: Call) -> HttpResponse {
    let secrets = call.errand.office.system.secrets;
    match call.store().survey(|db| tables(db, secrets)) {
        Ok(tables) => HttpResponse::Ok().json(tables),
        Err(error) => wrong(500, &error.to_string()),
    }
}

fn tables(db: &Connection, secrets: &[&str]) -> rusqlite::Result<Tables> {
    let mut names =
        db.prepare("select name from sqlite_master where type = 'table' order by name")?;
    let names: Vec<String> = names.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
    let mut tables = BTreeMap::new();
    for name in names {
        // The name comes from the database's own catalogue, never from a caller.
        let count: i64 =
            db.query_row(&format!("select count(*) from \"{name}\""), [], |r| r.get(0))?;
        let mut query = db.prepare(&format!("select * from \"{name}\" limit {ROWS_SHOWN}"))?;
        let columns: Vec<String> = query.column_names().map(ToString::to_string).collect();
        let mut rows = query.query([])?;
        let mut shown = Vec::new();
        while let Some(row) = rows.next()? {
            let cells = columns.iter().enumerate();
            let mut cells = cells
                .map(|(i, c)| Ok((c.clone(), cell(row.get_ref(i)?))))
                .collect::<rusqlite::Result<Map<_, _>>>()?;
            hide(&mut cells, secrets);
            shown.push(cells);
        }
        tables.insert(name, Table { count, rows: shown });
    }
    Ok(Tables(tables))
}

/// Masks what is secret in a row: what its column says or, of a setting, its name, and fields of the JSON that it holds.
fn hide(row: &mut Map<String, Value>, secrets: &[&str]) {
    let setting = row.get("name").and_then(Value::as_str).is_some_and(|n| is_secret(secrets, n));
    for (column, value) in row {
        if is_secret(secrets, column) || (setting && column == "value") {
            *value = if value.is_null() { Value::Null } else { MASK.into() };
        } else if let Value::String(text) = value {
            *text = mask(secrets, std::mem::take(text));
        }
    }
}

fn cell(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => n.into(),
        ValueRef::Real(n) => n.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()).into(),
    }
}

async fn faults(call: Call) -> HttpResponse {
    HttpResponse::Ok().json(Faults { faults: call.errand.office.faults.list() })
}

async fn set_fault(call: Call) -> HttpResponse {
    let office = &call.errand.office;
    let read = serde_json::from_slice::<Fault>(&call.body).map_err(|error| {
        let example = r#"write {"kind":"refusing","status":503,"on":"POST /quotes","times":1}"#;
        format!("this is no fault: {error}; {example}")
    });
    let suits = read.and_then(|fault| suits(&fault, office.system).map(|()| fault));
    match suits {
        Ok(fault) => {
            office.faults.set(fault);
            faults(call).await
        }
        Err(sentence) => wrong(400, &sentence),
    }
}

/// Whether a fault can strike at a system at all: one for a request that never comes would break nothing, and the sentence
/// says which come.
pub fn suits(fault: &Fault, system: &'static System) -> Result<(), String> {
    let Some(on) = &fault.on else { return Ok(()) };
    let taken = actions(system);
    if taken.contains(on) {
        return Ok(());
    }
    let alike = alike(on, &taken);
    Err(format!("{} does not take `{on}`, so nothing would break: {alike}", system.title))
}

/// Up to five of the actions that are most like `given`: what is misspelled first.
fn alike(given: &str, taken: &BTreeSet<String>) -> String {
    let mut all: Vec<&String> = taken.iter().filter(|a| !a.contains("/_arenoa/")).collect();
    all.sort_by_key(|action| strsim::damerau_levenshtein(action, given));
    let named: Vec<String> = all.into_iter().take(5).map(|a| format!("`{a}`")).collect();
    format!("it takes {} and more; /openapi.json lists them all", named.join(", "))
}

async fn clear_faults(call: Call) -> HttpResponse {
    call.errand.office.faults.clear();
    HttpResponse::NoContent().finish()
}

/// The room that a path names; the main room where it names none.
fn hall_of(request: &HttpRequest, country: &Country) -> Option<Arc<Hall>> {
    country.hall(room_of(request))
}

fn no_room() -> HttpResponse {
    wrong(404, "there is no room with this name: open it at /rooms")
}

async fn cast(request: HttpRequest, country: Data<Country>) -> HttpResponse {
    if hall_of(&request, &country).is_none() {
        return no_room();
    }
    HttpResponse::Ok().json(json!({"people": country.people.cast_cards()}))
}

fn clock_state(hall: &Hall) -> HttpResponse {
    let clock = &hall.room.clock;
    HttpResponse::Ok()
        .json(json!({"now": hall.room.stamp(), "today": clock.today(), "pace": clock.pace()}))
}

async fn clock(request: HttpRequest, country: Data<Country>) -> HttpResponse {
    hall_of(&request, &country).map_or_else(no_room, |hall| clock_state(&hall))
}

/// The years that the clock can stand in.
const LIVED: std::ops::RangeInclusive<i16> = 1900..=2199;

/// Where the clock shall stand, or how far it shall move.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    now: Option<Timestamp>,
    /// ISO 8601 (`PT24H`) or words (`1 hour 30 minutes`).
    advance: Option<SignedDuration>,
}

async fn move_clock(request: HttpRequest, country: Data<Country>, body: Bytes) -> HttpResponse {
    let Some(hall) = hall_of(&request, &country) else { return no_room() };
    let target = |now: Timestamp| match serde_json::from_slice(&body) {
        Ok(Move { now: Some(target), advance: None }) => Some(target),
        Ok(Move { now: None, advance: Some(by) }) => now.checked_add(by).ok(),
        _ => None,
    };
    let known = |target: &Timestamp| LIVED.contains(&Offset::UTC.to_datetime(*target).year());
    match hall.room.move_clock(|now| target(now).filter(known)) {
        Ok(true) => clock_state(&hall),
        Ok(false) => {
            let (first, last) = (LIVED.start(), LIVED.end());
            let sentence = format!(
                r#"write {{"now":"2026-11-08T08:00:00Z"}} or {{"advance":"PT24H"}}, from the year {first} to {last}"#
            );
            wrong(400, &sentence)
        }
        Err(error) => wrong(500, &error.to_string()),
    }
}

/// Whether systems insist on signatures and tokens.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Trust {
    policy: Policy,
}

async fn policy(request: HttpRequest, country: Data<Country>) -> HttpResponse {
    let Some(hall) = hall_of(&request, &country) else { return no_room() };
    HttpResponse::Ok().json(Trust { policy: hall.room.policy() })
}

async fn set_policy(request: HttpRequest, country: Data<Country>, body: Bytes) -> HttpResponse {
    let Some(hall) = hall_of(&request, &country) else { return no_room() };
    let Ok(Trust { policy: wanted }) = serde_json::from_slice(&body) else {
        return wrong(400, r#"write {"policy":"strict"} or {"policy":"open"}"#);
    };
    match hall.room.set_policy(wanted) {
        Ok(()) => policy(request, country).await,
        Err(error) => wrong(500, &error.to_string()),
    }
}

async fn reset_room(request: HttpRequest, country: Data<Country>) -> HttpResponse {
    let Some(hall) = hall_of(&request, &country) else { return no_room() };
    match hall.reset().await {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(error) => wrong(500, &error.to_string()),
    }
}

fn wrong(status: u16, sentence: &str) -> HttpResponse {
    let code = actix_web::http::StatusCode::from_u16(status).unwrap_or_default();
    HttpResponse::build(code).json(Complaint { error: sentence })
}
