//! The payroll page: everybody who is paid in a cycle as one dot, the sums below, live while it is paid.
//!
//! `GET {prefix}/payroll` is the page, which reads (and prints) without scripts; `/payroll/events` tells of every change;
//! `/payroll/report.csv` is the reconciliation report.

mod picture;

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Query};
use actix_web::{Error, HttpRequest, HttpResponse};
use askama::Template;
use bytes::Bytes;
use mocks::kit::clock::pause;
use mocks::kit::journal::Written;
use mocks::kit::room::Hall;
use orchestrator::theatre::{Stage, Theatre};
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;
use tokio::sync::watch;

use super::counter::{in_address, look, look_json};
use super::frame::Frame;
use super::reply;
use super::stream::{self, event, stream};
use super::visit::Visit;
use crate::texts::Texts;
use picture::{Picture, Row};

const OFFICE: &str = "programme_office";
const HUB: &str = "payment_hub";
/// The story in which a payroll is paid.
const STORY: &str = "monthly-payroll";
/// Between two looks passes so much time at least: a payroll makes thousands of changes in a second.
const BREATH: Duration = Duration::from_millis(120);
/// The hub shows a list in pages of so many payments.
const PAGE: usize = 1000;

/// Routes of the page.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/payroll", web::get().to(page));
    cfg.route("/payroll/events", web::get().to(events));
    cfg.route("/payroll/report.csv", web::get().to(report));
}

/// Which cycle is shown; the newest where it is not said.
#[derive(Debug, Deserialize)]
struct Wanted {
    cycle: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "payroll.html")]
struct PayrollPage {
    f: Frame,
    picture: Picture,
    /// The dots in rows, each with its place and name for a reader without sight of colours.
    rows: Vec<Row>,
    trouble: String,
    /// Whether the story of the payroll can be played here.
    has_story: bool,
}

async fn page(
    req: HttpRequest,
    theatre: Data<Theatre>,
    wanted: Query<Wanted>,
) -> Result<HttpResponse, Error> {
    let visit = Visit::of(&req);
    let stage = visit.stage(&theatre)?;
    let (picture, trouble) = match draw(stage.hall(), wanted.cycle.as_deref(), visit.texts).await {
        Ok(picture) => (picture, String::new()),
        Err(trouble) => (Picture::default(), trouble),
    };
    let has_story = theatre.library.story(STORY).is_ok();
    let rows = picture.rows();
    let page = PayrollPage { f: visit.frame("payroll"), rows, picture, trouble, has_story };
    Ok(reply::page(&page.f, &page))
}

/// The cycle as the office knows it, and what the hub knows more of payments that are under way.
async fn draw(hall: &Hall, wanted: Option<&str>, texts: &Texts) -> Result<Picture, String> {
    let all = look_json(hall, OFFICE, "/cycles").await?;
    let cycles = all["cycles"].as_array().map_or(&[][..], Vec::as_slice);
    let found = match wanted {
        Some(wanted) => cycles.iter().find(|cycle| cycle["cycle"] == wanted),
        None => cycles.last(),
    };
    let Some(id) = found.and_then(|cycle| cycle["cycle"].as_str()) else {
        return Ok(Picture::default());
    };
    let path = format!("/cycles/{}", in_address(id));
    let cycle = look_json(hall, OFFICE, &path).await?;
    let payees = look_json(hall, OFFICE, &format!("{path}/payees")).await?;
    let mut picture = Picture::of(&cycle, &payees, texts);
    let open = |list: &&Value| list["state"] != "reported" && list["hub_list"].is_string();
    for list in cycle["lists"].as_array().into_iter().flatten().filter(open) {
        let name = in_address(list["hub_list"].as_str().unwrap_or_default());
        let payments = usize::try_from(list["payments"].as_u64().unwrap_or(0)).unwrap_or(0);
        for page in 1..=payments.div_ceil(PAGE) {
            let shown = look_json(hall, HUB, &format!("/lists/{name}?page={page}")).await?;
            picture.learn(&shown["payments"]);
        }
    }
    picture.add_up(texts);
    picture.say(texts);
    Ok(picture)
}

async fn report(
    req: HttpRequest,
    theatre: Data<Theatre>,
    wanted: Query<Wanted>,
) -> Result<HttpResponse, Error> {
    let visit = Visit::of(&req);
    let stage = visit.stage(&theatre)?;
    let id = in_address(wanted.cycle.as_deref().unwrap_or_default());
    let found = look(stage.hall(), OFFICE, &format!("/cycles/{id}/report.csv"), "text/csv").await;
    match found {
        Ok(csv) if csv.is_success() => Ok(HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8")
            .insert_header(("content-disposition", format!("attachment; filename=\"{id}.csv\"")))
            .insert_header(("x-content-type-options", "nosniff"))
            .body(csv.body)),
        _ => Err(visit.refuse(StatusCode::NOT_FOUND, &visit.texts.get("payroll-no-cycle"))),
    }
}

/// One browser window that watches a payroll.
#[derive(Debug)]
struct Window {
    stage: Arc<Stage>,
    wanted: Option<String>,
    texts: &'static Texts,
    bell: watch::Receiver<Written>,
    /// What the window was told last.
    told: String,
}

async fn events(
    req: HttpRequest,
    theatre: Data<Theatre>,
    wanted: Query<Wanted>,
) -> Result<HttpResponse, Error> {
    let visit = Visit::of(&req);
    let stage = visit.stage(&theatre)?;
    let bell = stage.hall().room.journal.bell();
    let wanted = wanted.into_inner().cycle;
    let texts = visit.texts;
    let window = Window { stage, wanted, texts, bell, told: String::new() };
    Ok(stream(Arc::clone(&theatre.country), window))
}

impl stream::Window for Window {
    fn hall(&self) -> &Arc<Hall> {
        self.stage.hall()
    }

    /// The picture where it has changed.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            self.bell.mark_unchanged();
            if let Ok(picture) = draw(self.stage.hall(), self.wanted.as_deref(), self.texts).await {
                let data = serde_json::to_string(&picture).unwrap_or_default();
                if data != self.told {
                    let event = event("picture", "", &data);
                    self.told = data;
                    return Some(event);
                }
            }
            pause(BREATH).await;
            self.bell.changed().await.ok()?;
        }
    }
}
