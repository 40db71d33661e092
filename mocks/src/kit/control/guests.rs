//! Guests: real systems that play a part in a room. `GET /_arenoa/guests`, `PUT` and `DELETE /_arenoa/guests/{system}`. They
//! stay at a reset, and go when the program ends.

use std::time::Duration;

use actix_web::web::{self, Bytes, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{hall_of, no_room, wrong};
use crate::kit::cause::Cause;
use crate::kit::country::Country;
use crate::kit::courier::{EXAMINER, Letter, ask_aside};
use crate::kit::room::Hall;

/// A guest that is asked whom it knows may say so much, and take so long.
const LONGEST_WORD: usize = 64 * 1024;
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .route("/_arenoa/guests", web::get().to(list))
        .route("/_arenoa/guests/{system}", web::put().to(enter))
        .route("/_arenoa/guests/{system}", web::delete().to(leave));
}

/// Where a guest is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Guest {
    base: String,
    /// Whether it has to answer before it plays.
    #[serde(default = "yes")]
    greet: bool,
}

fn yes() -> bool {
    true
}

/// Why a real system does not play a part. The sentence is for people.
#[derive(Debug, thiserror::Error)]
pub enum NoGuest {
    #[error("there is no system `{0}` in this room; there is: {1}")]
    Unknown(String, String),
    #[error("`{0}` is no address: write one such as http://localhost:7000")]
    Address(String),
    #[error("nobody answers at {0}: {1}")]
    Silent(String, String),
}

/// Lets the real system at `base` play `system`, once it is known to answer: any answer will do. One of Arenoa's own that
/// stands alone is told where the others are; other systems know their neighbours.
pub async fn invite(hall: &Hall, system: &str, base: &str) -> Result<(), NoGuest> {
    let room = &hall.room;
    let (name, before) = place(hall, system, base)?;
    let cause = Cause::root(&room.name, "", 0);
    let asked = ask_aside(room, EXAMINER, &cause, Letter::get(name, "/_arenoa/guests")).await;
    let said = asked.map_err(|why| {
        room.withdraw(name, base, before);
        NoGuest::Silent(base.into(), why.to_string())
    })?;
    if said.json::<Value>().is_ok_and(|said| said["guests"].is_object()) {
        introduce(hall, name).await;
    }
    Ok(())
}

/// Sets who plays a part; gives its name, and where the guest was who played it before.
fn place(hall: &Hall, system: &str, base: &str) -> Result<(&'static str, Option<String>), NoGuest> {
    let name = known(hall, system)?;
    let wrong = || NoGuest::Address(base.into());
    let url = url::Url::parse(base).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong());
    }
    let before = hall.room.guests().remove(name);
    hall.room.invite(name, Some(base.to_owned()));
    Ok((name, before))
}

/// Tells the guest `name` where each of the others is.
async fn introduce(hall: &Hall, name: &str) {
    let room = &hall.room;
    for other in hall.offices().map(|office| office.system.name).filter(|other| *other != name) {
        let Some(base) = room.base_of(other) else { continue };
        let to = format!("/_arenoa/guests/{other}");
        let letter = Letter::to(name, Method::PUT, to).json(&Guest { base, greet: false });
        let told = ask_aside(room, EXAMINER, &Cause::root(&room.name, "", 0), letter).await;
        if let Err(why) = told {
            tracing::warn!(%why, guest = name, other, "a guest was not told where another system is");
        }
    }
}

/// Gives a part back to the system of this program.
pub async fn dismiss(hall: &Hall, system: &str) -> Result<(), NoGuest> {
    let name = known(hall, system)?;
    if hall.room.is_guest(name) {
        part(hall, name).await;
    }
    hall.room.invite(name, None);
    Ok(())
}

/// Takes leave of all guests of a room that ends.
pub async fn take_leave(hall: &Hall) {
    for name in hall.room.guests().keys() {
        part(hall, name).await;
    }
}

/// Has the guest `name`, where it is one of Arenoa's own, forget the others of this room, of whom it was told as it came: it
/// would look for them at a place where nobody is. Those of whom others told it since stay.
async fn part(hall: &Hall, name: &str) {
    const GUESTS: &str = "/_arenoa/guests";
    let room = &hall.room;
    let ask = async |letter: Letter| {
        let letter = letter.bounded(LONGEST_WORD, PATIENCE);
        ask_aside(room, EXAMINER, &Cause::root(&room.name, "", 0), letter).await
    };
    let Ok(said) = ask(Letter::get(name, GUESTS)).await else { return };
    let said = said.json::<Value>().unwrap_or_default();
    for other in hall.offices().map(|office| office.system.name).filter(|other| *other != name) {
        let told = room.base_of(other).is_some_and(|base| said["guests"][other] == base);
        if !told {
            continue;
        }
        let letter = Letter::to(name, Method::DELETE, format!("{GUESTS}/{other}"));
        if let Err(why) = ask(letter).await {
            tracing::warn!(%why, guest = name, other, "a guest was not told that another system is gone");
        }
    }
}

/// The name of a system that may be written with hyphens.
fn known(hall: &Hall, system: &str) -> Result<&'static str, NoGuest> {
    let office = hall.office(&system.replace('-', "_"));
    office.map(|office| office.system.name).ok_or_else(|| {
        let names: Vec<_> = hall.offices().map(|office| office.system.name).collect();
        NoGuest::Unknown(system.into(), names.join(", "))
    })
}

async fn list(request: HttpRequest, country: Data<Country>) -> HttpResponse {
    let Some(hall) = hall_of(&request, &country) else { return no_room() };
    HttpResponse::Ok().json(json!({"guests": hall.room.guests()}))
}

async fn enter(
    request: HttpRequest,
    country: Data<Country>,
    system: Path<String>,
    body: Bytes,
) -> HttpResponse {
    let Some(hall) = hall_of(&request, &country) else { return no_room() };
    let Ok(Guest { base, greet }) = serde_json::from_slice(&body) else {
        return wrong(400, r#"write {"base":"http://localhost:7000"}"#);
    };
    let placed = if greet {
        invite(&hall, &system, &base).await
    } else {
        place(&hall, &system, &base).map(drop)
    };
    match placed {
        Ok(()) => list(request, country).await,
        Err(why) => refuse(&why),
    }
}

async fn leave(request: HttpRequest, country: Data<Country>, system: Path<String>) -> HttpResponse {
    let Some(hall) = hall_of(&request, &country) else { return no_room() };
    match dismiss(&hall, &system).await {
        Ok(()) => list(request, country).await,
        Err(why) => refuse(&why),
    }
}

fn refuse(why: &NoGuest) -> HttpResponse {
    let status = if matches!(why, NoGuest::Unknown(..)) { 404 } else { 400 };
    wrong(status, &why.to_string())
}
