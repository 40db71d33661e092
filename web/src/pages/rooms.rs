//! Rooms: open one for a team, see which there are, put one or all back to the first moment, close one, have its systems
//! insist on signatures. For programs: `PUT` and `DELETE /_arenoa/rooms/{room}`.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Form, Path};
use actix_web::{Error, HttpRequest, HttpResponse};
use askama::Template;
use mocks::kit::country::{CloseError, MAIN};
use mocks::kit::room::Policy;
use orchestrator::theatre::Theatre;
use serde::Deserialize;
use serde_json::json;

use super::frame::Frame;
use super::reply::{self, back_to};
use super::stage::{qr_code, stays_here};
use super::visit::Visit;
use super::wishes::Wishes;

#[derive(Debug, Template)]
#[template(path = "rooms.html")]
struct RoomsPage {
    f: Frame,
    rooms: Vec<Room>,
    refused: String,
    /// Whether no phone can open the addresses of the rooms.
    stays_here: bool,
}

#[derive(Debug)]
struct Room {
    name: String,
    messages: i64,
    path: String,
    link: String,
    qr: String,
    is_strict: bool,
    /// The main room is always open.
    can_close: bool,
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
    cfg.route("/_arenoa/rooms/{room}", web::put().to(open_by_program));
    cfg.route("/_arenoa/rooms/{room}", web::delete().to(close_by_program));
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
        let (messages, qr) = (hall.room.journal.last(), qr_code(&link));
        Room { messages, qr, can_close: name != MAIN, name, path, link, is_strict }
    });
    let stays_here = stays_here(info.host());
    let page = RoomsPage { f: visit.frame("rooms"), rooms: rooms.collect(), refused, stays_here };
    reply::page(&page.f, &page)
}

async fn change(
    req: HttpRequest,
    theatre: Data<Theatre>,
    wishes: Data<Wishes>,
    wanted: Form<Wanted>,
) -> Result<HttpResponse, Error> {
    let visit = Visit::of(&req);
    visit.check_form(&req, &wanted.csrf)?;
    let done = match wanted.verb.as_str() {
        "open" => open(&theatre, &wanted.room).await,
        "close" => close(&theatre, &wishes, &wanted.room).await.map_err(|e| e.to_string()),
        "reset" => reset(&theatre, &wishes, &wanted.room).await,
        "reset_all" => reset_all(&theatre, &wishes).await,
        "policy" => set_policy(&theatre, &wanted),
        other => {
            Err(format!("there is no `{other}` here: use open, close, reset, reset_all or policy"))
        }
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

async fn open(theatre: &Data<Theatre>, room: &str) -> Result<(), String> {
    let (theatre, name) = (theatre.clone(), room.to_owned());
    // Opening a room copies files: not the work of a thread that answers others.
    let opened = web::block(move || theatre.country.open_room(&name).map(drop)).await;
    opened.map_err(|e| e.to_string())?.map_err(|e| e.to_string())
}

async fn close(theatre: &Theatre, wishes: &Wishes, room: &str) -> Result<(), CloseError> {
    theatre.close_room(room).await?;
    wishes.forget(room);
    Ok(())
}

async fn open_by_program(theatre: Data<Theatre>, room: Path<String>) -> HttpResponse {
    match open(&theatre, &room).await {
        Ok(()) => HttpResponse::Created().json(json!({"room": *room})),
        Err(why) => HttpResponse::BadRequest().json(json!({"error": why})),
    }
}

async fn close_by_program(
    theatre: Data<Theatre>,
    wishes: Data<Wishes>,
    room: Path<String>,
) -> HttpResponse {
    let Err(why) = close(&theatre, &wishes, &room).await else {
        return HttpResponse::NoContent().finish();
    };
    let error = json!({"error": why.to_string()});
    match why {
        CloseError::Main => HttpResponse::Conflict().json(error),
        CloseError::Unknown(_) => HttpResponse::NotFound().json(error),
        CloseError::Files { .. } => HttpResponse::InternalServerError().json(error),
    }
}

/// Everything is as at the first moment: what people wished for at the controls is forgotten too.
async fn reset(theatre: &Theatre, wishes: &Wishes, room: &str) -> Result<(), String> {
    let stage = theatre.stage(room).ok_or_else(|| format!("there is no room `{room}`"))?;
    wishes.forget(room);
    stage.reset().await.map_err(|e| e.to_string())
}

fn set_policy(theatre: &Theatre, wanted: &Wanted) -> Result<(), String> {
    let policy = wanted.policy.parse::<Policy>().map_err(|e| e.to_string())?;
    let hall = theatre.country.hall(&wanted.room);
    let hall = hall.ok_or_else(|| format!("there is no room `{}`", wanted.room))?;
    hall.room.set_policy(policy).map_err(|e| e.to_string())
}

async fn reset_all(theatre: &Theatre, wishes: &Wishes) -> Result<(), String> {
    for hall in theatre.country.halls() {
        reset(theatre, wishes, &hall.room.name).await?;
    }
    Ok(())
}
