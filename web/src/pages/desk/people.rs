//! The desk of a registry that keeps people: a form that takes them as a CSV file, and what is wrong with the file where
//! something is. `POST {prefix}/desk/{system}/people`, as browsers send a form with a file (RFC 7578).

use std::convert::Infallible;

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpRequest, HttpResponse};
use futures_util::stream;
use http::Method;
use mocks::kit::courier::Letter;
use mocks::kit::roll::{Outcome, Problem};
use multer::Multipart;
use orchestrator::theatre::Theatre;

use super::errand::OFFICER;
use super::{At, page};
use crate::pages::counter::{self, in_query};

/// So many problems are shown on the page.
const SHOWN: usize = 100;

/// What the page says about people as files.
#[derive(Debug)]
pub(super) struct People {
    /// The columns that every row has a value in, and the others.
    pub(super) needed: String,
    pub(super) others: String,
    pub(super) map: String,
    pub(super) told: Option<Told>,
}

/// What came of a file.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) rows: u64,
    pub(super) right: bool,
    pub(super) dry_run: bool,
    pub(super) problems: Vec<Problem>,
    /// How many problems are not shown.
    pub(super) more: u64,
}

impl Told {
    fn of(outcome: Outcome) -> Self {
        let Outcome { rows, dry_run, mut problems, more_problems, .. } = outcome;
        let hidden = problems.len().saturating_sub(SHOWN) as u64;
        let right = problems.is_empty();
        problems.truncate(SHOWN);
        Self { rows, right, dry_run, problems, more: more_problems + hidden }
    }
}

/// The form of `system`, where it keeps people that come as files.
pub(super) fn form(system: &str, map: &str, told: Option<Told>) -> Option<People> {
    let (_, roll) = mocks::ROLLS.iter().find(|(name, _)| *name == system)?;
    let listed = |needed: bool| {
        let columns = roll.columns.iter().filter(|column| column.needed == needed);
        columns.map(|column| column.name).collect::<Vec<_>>().join(", ")
    };
    Some(People { needed: listed(true), others: listed(false), map: map.into(), told })
}

/// What the browser sent.
#[derive(Debug, Default)]
struct Sent {
    csrf: String,
    map: String,
    dry_run: bool,
    file: Bytes,
}

pub(super) async fn take(
    req: HttpRequest,
    theatre: Data<Theatre>,
    body: Bytes,
) -> Result<HttpResponse, Error> {
    let at = At::of(&req, &theatre)?;
    let sent = read(&req, body).await;
    let sent = sent.map_err(|why| at.visit.refuse(StatusCode::BAD_REQUEST, &why))?;
    at.visit.check_form(&req, &sent.csrf)?;
    let dry_run = if sent.dry_run { "true" } else { "false" };
    let path = format!("/_arenoa/import?map={}&dry_run={dry_run}", in_query(&sent.map));
    let letter = Letter::to(at.system.name, Method::POST, path).bytes("text/csv", sent.file);
    let reply = counter::send(&at.stage, at.visit.texts, OFFICER, letter).await;
    let mut outcome = page::Outcome { of: "people", ..page::Outcome::default() };
    match reply {
        Ok(reply) if matches!(reply.status, 200 | 422) => match reply.json::<Outcome>() {
            Ok(told) => outcome.people = Some(Told::of(told)),
            Err(error) => outcome.refused = error.to_string(),
        },
        Ok(reply) => outcome.refused = counter::refusal_of(&reply),
        Err(why) => outcome.refused = why,
    }
    outcome.typed.insert("map".into(), sent.map);
    Ok(at.page(&theatre, outcome).await)
}

/// Reads the parts of the form. The error is a sentence.
async fn read(req: &HttpRequest, body: Bytes) -> Result<Sent, String> {
    let content_type = req.headers().get("content-type").and_then(|v| v.to_str().ok());
    let boundary = multer::parse_boundary(content_type.unwrap_or_default());
    let boundary = boundary.map_err(|e| format!("this is no form with a file: {e}"))?;
    let whole = stream::once(async { Ok::<_, Infallible>(body) });
    let mut parts = Multipart::new(whole, boundary);
    let mut sent = Sent::default();
    let wrong = |e: multer::Error| format!("the form cannot be read: {e}");
    while let Some(field) = parts.next_field().await.map_err(wrong)? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(wrong)?;
        let text = || String::from_utf8_lossy(&bytes).into_owned();
        match name.as_str() {
            "csrf" => sent.csrf = text(),
            "map" => sent.map = text(),
            "dry_run" => sent.dry_run = true,
            "file" => sent.file = bytes,
            _ => {}
        }
    }
    Ok(sent)
}
