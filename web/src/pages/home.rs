//! The first page: the stories, the state of the country, one big Play. Also the page for developers.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Form};
use actix_web::{Error, HttpRequest, HttpResponse};
use askama::Template;
use mocks::kit::control::{dismiss, invite};
use orchestrator::theatre::Theatre;
use serde::Deserialize;

use super::frame::{Frame, Lane};
use super::reply;
use super::story::Story;
use super::telling;
use super::visit::Visit;

#[derive(Debug, Template)]
#[template(path = "home.html")]
struct HomePage {
    f: Frame,
    stories: Vec<Story>,
    lead: Option<Story>,
    systems: Vec<Lane>,
    people: usize,
    rooms: usize,
    date: String,
}

#[derive(Debug, Template)]
#[template(path = "dev.html")]
struct DevPage {
    f: Frame,
    rows: Vec<Row>,
    refused: String,
    typed: Wanted,
}

/// What the form of guests sends: a part without an address is given back.
#[derive(Debug, Default, Deserialize)]
struct Wanted {
    csrf: String,
    system: String,
    #[serde(default)]
    base: String,
}

/// A system as developers see it.
#[derive(Debug)]
struct Row {
    lane: Lane,
    base: String,
    path: String,
    /// Its name in addresses: `civil-registry`.
    mount: String,
    guest: bool,
}

/// Routes of both pages. The home of another room is asked for with nothing after its name, too.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/", web::get().to(home));
    cfg.route("", web::get().to(home));
    cfg.route("/dev", web::get().to(dev));
    cfg.route("/dev", web::post().to(guest));
}

async fn home(req: HttpRequest, theatre: Data<Theatre>) -> Result<HttpResponse, Error> {
    let visit = Visit::of(&req);
    let stage = visit.stage(&theatre)?;
    let country = &theatre.country;
    let stories = telling::stories(country, &theatre.library, visit.texts);
    let lead = stories.iter().find(|s| s.id == "old-age-pension").or(stories.first()).cloned();
    let page = HomePage {
        f: visit.frame("home"),
        lead,
        stories,
        systems: telling::system_lanes(country, visit.texts),
        people: country.settings.people,
        rooms: country.halls().len(),
        date: stage.hall().room.clock.today().to_string(),
    };
    Ok(reply::page(&page.f, &page))
}

async fn dev(req: HttpRequest, theatre: Data<Theatre>) -> Result<HttpResponse, Error> {
    show_dev(&Visit::of(&req), &theatre, String::new(), Wanted::default())
}

/// Lets a real system play a part, or gives the part back.
async fn guest(
    req: HttpRequest,
    theatre: Data<Theatre>,
    wanted: Form<Wanted>,
) -> Result<HttpResponse, Error> {
    let visit = Visit::of(&req);
    visit.check_form(&req, &wanted.csrf)?;
    let stage = visit.stage(&theatre)?;
    let (hall, base) = (stage.hall(), wanted.base.trim());
    let done = if base.is_empty() {
        dismiss(hall, &wanted.system).await
    } else {
        invite(hall, &wanted.system, base).await
    };
    match done {
        Ok(()) => Ok(reply::back_to(&format!("{}/dev", visit.prefix))),
        Err(why) => {
            let mut page = show_dev(&visit, &theatre, why.to_string(), wanted.into_inner())?;
            *page.status_mut() = StatusCode::BAD_REQUEST;
            Ok(page)
        }
    }
}

fn show_dev(
    visit: &Visit,
    theatre: &Theatre,
    refused: String,
    typed: Wanted,
) -> Result<HttpResponse, Error> {
    let stage = visit.stage(theatre)?;
    let room = Arc::clone(&stage.hall().room);
    let rows = telling::system_lanes(&theatre.country, visit.texts).into_iter().map(|lane| {
        let base = room.base_of(&lane.id).unwrap_or_default();
        let mount = lane.id.replace('_', "-");
        let path = format!("{}/{mount}", visit.prefix);
        Row { guest: room.is_guest(&lane.id), base, path, mount, lane }
    });
    let page = DevPage { f: visit.frame("dev"), rows: rows.collect(), refused, typed };
    Ok(reply::page(&page.f, &page))
}
