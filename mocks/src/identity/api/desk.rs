//! `/desk/persons`: the ID desk. Finds people, shows what was told about them, blocks and unblocks, enters a death.
//! Our own; MOSIP does this in its admin and resident services.

use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::answers::{Failure, fresh_json, refuse_client};
use super::issue;
use super::vids;
use crate::identity::model::fields::Fields;
use crate::identity::model::newcomer::Newcomer;
use crate::identity::model::person::{Person, Status};
use crate::identity::model::refusal::Refusal;
use crate::identity::pages::{self, AuditPage, Frame, language_of};
use crate::identity::store::records::{self, Release};
use crate::identity::store::{logins, people};
use crate::kit::openapi::{Routes, says};
use crate::kit::seed::cast_uin;
use crate::kit::server::Call;
use crate::kit::store::Transaction;

/// Who changes records here, as the audit names it.
pub(super) const DESK: &str = "id-desk";
/// How many people one search shows.
const SHOWN: u32 = 50;

pub(super) fn routes(routes: &mut Routes) {
    let ours = |summary| says(summary).tag("desk");
    let one = |summary, who| {
        ours(summary).path("uin", cast_uin(who)).gives::<Value>(200, "The person's file")
    };
    let new = json!({"given_name": "Zoe", "family_name": "Zamor", "birth_date": "2026-09-01", "sex": "female"});
    let death = json!({"date": "2026-09-30", "registration_number": "DRN-2026-0001"});
    routes
        .get(
            "/desk/persons",
            search,
            ours("Finds people").query("q", "Amaro").gives::<Value>(200, "Those who fit"),
        )
        .post(
            "/desk/persons",
            issue::issue,
            ours("Gives somebody an identity")
                .takes::<Newcomer>(new)
                .gives::<Value>(201, "The new file"),
        )
        .get(
            "/desk/persons/{uin}",
            person,
            one("A person's file, with what was told to whom", "tomas"),
        )
        .get(
            "/desk/persons/{uin}/audit",
            audit,
            ours("The page that shows people who asked about them")
                .path("uin", cast_uin("tomas"))
                .gives_page(200, "The page"),
        )
        .post(
            "/desk/persons/{uin}/status",
            set_status,
            one("Blocks or unblocks a person", "kemal")
                .takes::<NewStatus>(json!({"status": "BLOCKED", "reason": "card reported stolen"})),
        )
        .post(
            "/desk/persons/{uin}/death",
            enter_death,
            one("Enters a death", "otto").takes::<Death>(death),
        )
        .post(
            "/desk/persons/{uin}/unlock",
            unlock,
            one("Lets a person try to log in again", "tomas"),
        );
}

#[derive(Debug, Deserialize)]
struct Sought {
    #[serde(default)]
    q: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewStatus {
    status: Status,
    reason: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Death {
    #[schemars(with = "String")]
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

async fn person(call: Call, uin: Path<String>) -> HttpResponse {
    answer(&call, file_of(&call, &uin))
}

/// The page that shows a person who asked about them, and what was told.
async fn audit(call: Call, uin: Path<String>, request: HttpRequest) -> HttpResponse {
    let lang = Fields::read(request.query_string()).words("lang");
    let accepted = request.headers().get("accept-language").and_then(|v| v.to_str().ok());
    let frame = Frame::new(language_of(&lang, accepted.unwrap_or_default()), true);
    let found = known(&call, &uin)
        .and_then(|person| Ok((person, call.store().read(|db| records::audit_of(db, &uin))?)));
    match found {
        Ok((person, lines)) => {
            pages::show(200, &AuditPage::new(frame, &person.name(), lines), None)
        }
        Err(failure) => refuse_client(&call, failure),
    }
}

async fn set_status(call: Call, uin: Path<String>) -> HttpResponse {
    let change = body::<NewStatus>(&call, r#"{"status":"BLOCKED","reason":"..."}"#);
    let done = change.and_then(|change| {
        let occasion = format!("status {}: {}", change.status.word(), change.reason);
        changed(&call, (&uin, DESK), &occasion, |tx| people::set_status(tx, &uin, change.status))
    });
    answer(&call, done)
}

async fn enter_death(call: Call, uin: Path<String>) -> HttpResponse {
    let death =
        body::<Death>(&call, r#"{"date":"2026-10-09","registration_number":"DRN-2026-0001"}"#);
    let done = death.and_then(|death| {
        let (date, number) = (death.date.to_string(), death.registration_number);
        let occasion = format!("death on {date}, entry {number}");
        changed(&call, (&uin, DESK), &occasion, |tx| people::enter_death(tx, &uin, &date, &number))
    });
    answer(&call, done)
}

async fn unlock(call: Call, uin: Path<String>) -> HttpResponse {
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
    change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
) -> Result<Value, Failure> {
    known(call, uin)?;
    let line = Release {
        asker: asker.into(),
        occasion: occasion.into(),
        released: String::new(),
        at: call.errand.stamp(),
    };
    call.store().alter(|tx| {
        change(tx)?;
        records::audit(tx, uin, &line)
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
        "vids": vids::all_of(call, uin)?,
        "consents": call.store().read(|db| records::consents_of(db, uin))?,
        "audit": call.store().read(|db| records::audit_of(db, uin))?,
    }))
}
