//! Rooms: open one for a team, see which there are, put one or all back to the first moment, have its systems insist on
//! signatures.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Form};
use actix_web::{Error, HttpRequest, HttpResponse};
use askama::Template;
use mocks::kit::country::MAIN;
use mocks::kit::room::Policy;
use orchestrator::theatre::Theatre;
use serde::Deserialize;

use super::frame::Frame;
use super::reply::{self, back_to};
use super::stage::qr_code;
use super::visit::Visit;

#[derive(Debug, Template)]
#[template(path = "rooms.html")]
struct RoomsPage {
    f: Frame,
    rooms: Vec<Room>,
    refused: String,
}

#[derive(Debug)]
struct Room {
    name: String,
    messages: i64,
    path: String,
    link: String,
    qr: String,
    is_strict: bool,
}

#[derive(Debug, Deserialize)]
struct Wanted {
    csrf: String,
    #[serde(rename = "do")]
    verb: String,
    #[serde(default)]
    room: String,
    /// `open` or `strict`, where the trust policy changes.
    #[serde(default)]
    policy: String,
}

/// Routes of the rooms.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/rooms", web::get().to(list));
    cfg.route("/rooms", web::post().to(change));
}

async fn list(req: HttpRequest, theatre: Data<Theatre>) -> HttpResponse {
    show(&req, &theatre, String::new())
}

fn show(req: &HttpRequest, theatre: &Theatre, refused: String) -> HttpResponse {
    let visit = Visit::of(req);
    let info = req.connection_info().clone();
    let rooms = theatre.country.halls().into_iter().map(|hall| {
        let name = hall.room.name.clone();
        let path = if name == MAIN { "/".to_owned() } else { format!("/r/{name}/") };
        let link = format!("{}://{}{path}", info.scheme(), info.host());
        let is_strict = hall.room.policy() == Policy::Strict;
        Room { messages: hall.room.journal.last(), qr: qr_code(&link), name, path, link, is_strict }
    });
    let page = RoomsPage { f: visit.frame("rooms"), rooms: rooms.collect(), refused };
    reply::page(&page.f, &page)
}

async fn change(
    req: HttpRequest,
    theatre: Data<Theatre>,
    wanted: Form<Wanted>,
) -> Result<HttpResponse, Error> {
    let visit = Visit::of(&req);
    visit.check_form(&req, &wanted.csrf)?;
    let done = match wanted.verb.as_str() {
        "open" => {
            let theatre = theatre.clone();
            let name = wanted.room.clone();
            // Opening a room copies files: not the work of a thread that answers others.
            let opened = web::block(move || theatre.country.open_room(&name).map(drop)).await;
            opened.map_err(|e| e.to_string()).and_then(|done| done.map_err(|e| e.to_string()))
        }
        "reset" => reset(&theatre, &wanted.room).await,
        "reset_all" => reset_all(&theatre).await,
        "policy" => set_policy(&theatre, &wanted),
        other => Err(format!("there is no `{other}` here: use open, reset, reset_all or policy")),
    };
    match done {
        Ok(()) => Ok(back_to("/rooms")),
        Err(why) => {
            let mut page = show(&req, &theatre, why);
            *page.status_mut() = StatusCode::BAD_REQUEST;
            Ok(page)
        }
    }
}

async fn reset(theatre: &Theatre, room: &str) -> Result<(), String> {
    let stage = theatre.stage(room).ok_or_else(|| format!("there is no room `{room}`"))?;
    stage.reset().await.map_err(|e| e.to_string())
}

fn set_policy(theatre: &Theatre, wanted: &Wanted) -> Result<(), String> {
    let policy = wanted.policy.parse::<Policy>().map_err(|e| e.to_string())?;
    let hall = theatre.country.hall(&wanted.room);
    let hall = hall.ok_or_else(|| format!("there is no room `{}`", wanted.room))?;
    hall.room.set_policy(policy).map_err(|e| e.to_string())
}

async fn reset_all(theatre: &Theatre) -> Result<(), String> {
    for hall in theatre.country.halls() {
        reset(theatre, &hall.room.name).await?;
    }
    Ok(())
}
