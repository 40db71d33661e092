//! The run that a stage shows, as one page to hand on: `GET {prefix}/play/{story}/run.html`.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{Error, HttpRequest, HttpResponse};
use orchestrator::player::{Failure, Outcome, State};
use orchestrator::report;
use orchestrator::theatre::Theatre;

use super::visit::Visit;

/// A page of more messages than this would be too long to open.
const MOST_MESSAGES: u32 = 20_000;

/// Routes of the download.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/play/{story}/run.html", web::get().to(download));
}

async fn download(req: HttpRequest, theatre: Data<Theatre>) -> Result<HttpResponse, Error> {
    let visit = Visit::of(&req);
    let stage = visit.stage(&theatre)?;
    let wanted = req.match_info().get("story").unwrap_or_default();
    let show = stage.show().borrow().clone();
    let story = theatre.library.story(wanted).ok().filter(|s| s.name == show.story);
    let Some(story) = story else {
        return Err(visit.refuse(StatusCode::NOT_FOUND, &visit.texts.get("error-no-run")));
    };
    let journal = &stage.hall().room.journal;
    journal.settled().await;
    let mut entries = journal.after(0, MOST_MESSAGES).unwrap_or_default();
    entries.retain(|entry| show.shows(entry));
    let broken = show.state == State::Broken;
    let failure = broken.then(|| Failure {
        step: show.step.clone(),
        what: show.note.clone(),
        note: show.note.clone(),
    });
    let page = report::page(story, &Outcome { failure, show, entries });
    let name = format!("attachment; filename=\"{}.html\"", story.name);
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header(("content-disposition", name))
        .insert_header(("x-content-type-options", "nosniff"))
        .body(page))
}
