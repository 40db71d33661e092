//! `POST /_arenoa/import?map=...&dry_run=true` and `GET /_arenoa/export` of the registries that keep people (our
//! own). An import that is not right is answered with 422 and the list of what would be; `?after=0` gives
//! the first part of an export, and the header `arenoa-next` tells where the next one begins.

use std::future::ready;

use actix_web::HttpResponse;
use actix_web::error::ErrorInternalServerError;
use actix_web::web::{self, Query};
use bytes::Bytes;
use futures_util::stream;
use serde::Deserialize;
use serde_json::json;

use super::import::import_and_tell;
use super::{Failed, Mapping, Options, Outcome, Roll, Told};
use crate::kit::openapi::{Routes, says};
use crate::kit::registry;
use crate::kit::server::Call;
use crate::kit::store::Store;

/// So many people are in one part of an export at the most.
pub const LARGEST_PART: u32 = 10_000;
/// The header that tells where the next part of an export begins.
pub const NEXT: &str = "arenoa-next";

/// Mounts the routes of a roll of which nobody is told.
pub fn routes(routes: &mut Routes, roll: &'static Roll) {
    lay(routes, roll, None);
}

/// Mounts the routes of a registry's roll: of people who are brought, its subscribers are told.
pub fn registry_routes(routes: &mut Routes, roll: &'static Roll, told: Told) {
    lay(routes, roll, Some(told));
}

fn lay(routes: &mut Routes, roll: &'static Roll, told: Option<Told>) {
    let header: Vec<_> = roll.columns.iter().map(|column| column.name).collect();
    routes
        .post(
            "/_arenoa/import",
            move |call, wanted| take_in(call, wanted, (roll, told)),
            says("Reads people from a file")
                .tag(TAG)
                .more("Nobody is entered where a line is wrong. `map` says which column is ours, theirs first: `National ID=uin,Gender=sex`; `notes=-` leaves one out.")
                .query("map", "")
                .query("dry_run", "true")
                .takes_as::<String>("text/csv", format!("{}\n", header.join(",")).into())
                .gives::<Outcome>(200, "What was entered, or would be")
                .gives::<Outcome>(422, "What is wrong, line by line"),
        )
        .get(
            "/_arenoa/export",
            move |call, wanted| give_out(call, wanted, roll),
            says("Writes people to a file")
                .tag(TAG)
                .more("Without `after` everybody; with it a part, and the header `arenoa-next` tells where the next begins.")
                .query("after", "0")
                .query("limit", "10")
                .gives_as::<String>(200, "text/csv", "A line a person"),
        );
}

const TAG: &str = "files";

#[derive(Debug, Deserialize)]
struct Wanted {
    #[serde(default)]
    map: String,
    #[serde(default)]
    dry_run: bool,
}

async fn take_in(
    call: Call,
    wanted: Query<Wanted>,
    (roll, told): (&'static Roll, Option<Told>),
) -> HttpResponse {
    let mapping = match Mapping::read(&wanted.map) {
        Ok(mapping) => mapping,
        Err(why) => return wrong(&why),
    };
    let options = Options { mapping, dry_run: wanted.dry_run };
    let (errand, body) = (call.errand.clone(), call.body.clone());
    let read = move || import_and_tell(&errand, (roll, told), || Ok(&body[..]), &options, |_| {});
    match web::block(read).await {
        Ok(Ok((outcome, notices))) => {
            if let Some(told) = told.filter(|_| !notices.is_empty()) {
                // The journal does not see this call, so nothing would be done behind its answer.
                call.errand.spawn(registry::delivery(call.errand.clone(), told.registry, notices));
            }
            answered(&call, &outcome)
        }
        Ok(Err(Failed::File(error))) => wrong(&error.to_string()),
        Ok(Err(error)) => failed(&error),
        Err(error) => failed(&error),
    }
}

fn answered(call: &Call, outcome: &Outcome) -> HttpResponse {
    if outcome.entered > 0 {
        let sentence = format!("{} people were entered from a file", outcome.entered);
        call.errand.event("people imported", &sentence, &json!({"entered": outcome.entered}));
    }
    if outcome.is_right() {
        return HttpResponse::Ok().json(outcome);
    }
    call.remark("the file is not right, and nobody was entered");
    HttpResponse::UnprocessableEntity().json(outcome)
}

#[derive(Debug, Deserialize)]
struct Part {
    /// Gives the part behind this number; everybody where absent.
    after: Option<i64>,
    limit: Option<u32>,
}

async fn give_out(call: Call, wanted: Query<Part>, roll: &'static Roll) -> HttpResponse {
    let limit = wanted.limit.unwrap_or(LARGEST_PART).clamp(1, LARGEST_PART);
    let mut response = HttpResponse::Ok();
    response.content_type("text/csv; charset=utf-8");
    let office = call.errand.office.clone();
    let Some(after) = wanted.after else {
        // Read part by part while the other side takes it: nobody holds a million people.
        let parts = stream::unfold(Some(0), move |after| {
            let part = after.map(|after| part(&office.store, roll, after, limit));
            ready(part.map(|part| match part {
                Ok((text, next)) => (Ok(Bytes::from(text)), next),
                Err(error) => (Err(ErrorInternalServerError(error)), None),
            }))
        });
        return response.streaming(parts);
    };
    match part(&office.store, roll, after, limit) {
        Ok((text, next)) => {
            if let Some(next) = next {
                response.insert_header((NEXT, next.to_string()));
            }
            response.body(text)
        }
        Err(error) => failed(&error),
    }
}

/// A part of an export, and the number behind which the next one begins.
fn part(
    store: &Store,
    roll: &Roll,
    after: i64,
    limit: u32,
) -> Result<(Vec<u8>, Option<i64>), String> {
    let people = store.survey(|db| (roll.list)(db, after, limit)).map_err(|e| e.to_string())?;
    let next = people.last().map(|(number, _)| *number).filter(|_| people.len() >= limit as usize);
    let mut writer = csv::Writer::from_writer(Vec::new());
    if after == 0 {
        let headers = roll.columns.iter().map(|column| column.name);
        writer.write_record(headers).map_err(|e| e.to_string())?;
    }
    for (_, values) in people {
        writer.write_record(&values).map_err(|e| e.to_string())?;
    }
    Ok((writer.into_inner().map_err(|e| e.to_string())?, next))
}

fn wrong(sentence: &str) -> HttpResponse {
    HttpResponse::BadRequest().json(json!({"error": sentence}))
}

fn failed(error: &dyn std::fmt::Display) -> HttpResponse {
    tracing::error!(%error, "people could not be read in or out");
    HttpResponse::InternalServerError().json(json!({"error": "the archive failed; try again"}))
}
