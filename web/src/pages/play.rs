//! The stage of a story, the presenter's window, and the controls of both.
//!
//! `POST {prefix}/play/{story}/control` takes a form: `csrf`, `do` and `value` (and `system` for a fault). A script
//! gets 204 and hears the rest through the feed; a plain form gets 303 back to the page.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Form};
use actix_web::{Error, HttpRequest, HttpResponse};
use mocks::kit::clock::Pace;
use mocks::kit::faults::{Fault, from_header};
use orchestrator::player::State as Played;
use orchestrator::scenario::Story;
use orchestrator::theatre::{Stage, Theatre};
use serde::Deserialize;

use super::feed::{Show, State};
use super::reply::{self, back_to};
use super::stage::{PresenterPage, StagePage};
use super::starting::start;
use super::telling::{self, Manner};
use super::visit::Visit;
use super::wishes::{Wish, Wishes, pace};

/// A stage without scripts shows so many messages at the most.
const MOST_ROWS: u32 = 1000;

/// What a control sends.
#[derive(Debug, Deserialize)]
struct Command {
    csrf: String,
    #[serde(rename = "do")]
    verb: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    system: String,
}

/// Routes of the stage.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/play/{story}", web::get().to(stage_page));
    cfg.route("/play/{story}/presenter", web::get().to(presenter_page));
    cfg.route("/play/{story}/control", web::post().to(control));
}

/// The story of the address, or a page that says that there is none.
fn story_of<'a>(
    req: &HttpRequest,
    visit: &Visit,
    theatre: &'a Theatre,
) -> Result<&'a Story, Error> {
    let name = req.match_info().get("story").unwrap_or_default();
    theatre.library.story(name).map_err(|e| visit.refuse(StatusCode::NOT_FOUND, &e.to_string()))
}

/// The story as the room's stage has it, or at rest where the room plays another.
fn show_of(theatre: &Theatre, stage: &Stage, told: &Story, manner: &Manner<'_>) -> Show {
    let played = Arc::clone(&stage.show().borrow());
    if played.story == told.name {
        telling::as_played(stage.hall(), told, &played, manner)
    } else {
        telling::at_rest(&theatre.country, told, manner)
    }
}

async fn stage_page(
    req: HttpRequest,
    theatre: Data<Theatre>,
    wishes: Data<Wishes>,
) -> Result<HttpResponse, Error> {
    let visit = Visit::of(&req);
    let stage = visit.stage(&theatre)?;
    let told = story_of(&req, &visit, &theatre)?;
    let lanes = telling::lanes(&theatre.country, visit.texts);
    let wish = wishes.of(&visit.room);
    let manner = Manner { texts: visit.texts, wish: &wish, lanes: &lanes };
    let show = show_of(&theatre, &stage, told, &manner);
    let rows = if show.state == State::Idle {
        Vec::new()
    } else {
        stage.hall().room.journal.after(0, MOST_ROWS).unwrap_or_default()
    };
    let lead = show.persona.name.clone();
    let played = Arc::clone(&stage.show().borrow());
    let of_story = rows.iter().filter(|row| played.shows(row));
    let entries = of_story.map(|r| telling::entry(r, Some(told), &lead, visit.texts)).collect();
    let story = telling::story(&theatre.country, told, visit.texts);
    let page = StagePage::new(visit.frame(""), story, show, entries, lanes);
    Ok(reply::page(&page.f, &page))
}

async fn presenter_page(
    req: HttpRequest,
    theatre: Data<Theatre>,
    wishes: Data<Wishes>,
) -> Result<HttpResponse, Error> {
    let visit = Visit::of(&req);
    let stage = visit.stage(&theatre)?;
    let told = story_of(&req, &visit, &theatre)?;
    let lanes = telling::lanes(&theatre.country, visit.texts);
    let wish = wishes.of(&visit.room);
    let manner = Manner { texts: visit.texts, wish: &wish, lanes: &lanes };
    let show = show_of(&theatre, &stage, told, &manner);
    let story = telling::story(&theatre.country, told, visit.texts);
    let info = req.connection_info().clone();
    let link = format!("{}://{}{}/play/{}", info.scheme(), info.host(), visit.prefix, told.name);
    let page = PresenterPage::new(visit.frame(""), story, show, &lanes, link);
    Ok(reply::page(&page.f, &page))
}

async fn control(
    req: HttpRequest,
    theatre: Data<Theatre>,
    wishes: Data<Wishes>,
    command: Form<Command>,
) -> Result<HttpResponse, Error> {
    let visit = Visit::of(&req);
    visit.check_form(&req, &command.csrf)?;
    let stage = visit.stage(&theatre)?;
    let told = story_of(&req, &visit, &theatre)?;
    let page = format!("{}/play/{}", visit.prefix, told.name);
    let desk = Desk { theatre: &theatre, wishes: &wishes, stage: &stage, told, room: &visit.room };
    let by_script = req.headers().contains_key("x-requested-with");
    match desk.obey(&command).await {
        Ok(()) if by_script => Ok(HttpResponse::NoContent().finish()),
        Ok(()) => Ok(back_to(&page)),
        Err(sentence) if by_script => Ok(HttpResponse::BadRequest().body(sentence)),
        Err(sentence) => Err(visit.refuse(StatusCode::BAD_REQUEST, &sentence)),
    }
}

/// The desk from which one room's stage is run.
#[derive(Debug)]
struct Desk<'a> {
    theatre: &'a Theatre,
    wishes: &'a Wishes,
    stage: &'a Stage,
    told: &'a Story,
    room: &'a str,
}

impl Desk<'_> {
    async fn obey(&self, command: &Command) -> Result<(), String> {
        match command.verb.as_str() {
            "play" if self.under_way() => self.stage.set_pace(self.wish().pace),
            "play" => self.start(self.wish().pace).await?,
            // Another story that plays here is held in its own window.
            "pause" if self.under_way() || !self.stage.is_playing() => self.stage.pause(),
            "pause" => {}
            "next" => {
                if !self.under_way() {
                    self.start(Pace::Step).await?;
                }
                self.stage.next_message();
            }
            "next_step" => {
                if !self.under_way() {
                    self.start(Pace::Step).await?;
                }
                self.stage.next_step(self.wish().pace);
            }
            "pace" => self.set_pace(pace(&command.value)?),
            "restart" => self.clear().await?,
            "branch" => self.branch(&command.value).await?,
            "fault" => self.trouble(&command.system, &command.value)?,
            "clear_faults" => self.clear_trouble(),
            "end_trouble" => self.end_trouble(&command.system),
            other => {
                return Err(format!(
                    "there is no control `{other}`: use play, pause, next, next_step, pace, restart, branch, \
                     fault, clear_faults, end_trouble or language"
                ));
            }
        }
        Ok(())
    }

    /// What people wish for; a branch of another story is forgotten.
    fn wish(&self) -> Wish {
        self.wishes.change(self.room, |wish| {
            if wish.story != self.told.name {
                wish.story.clone_from(&self.told.name);
                wish.branch.clear();
            }
        })
    }

    /// Whether this story is being played here.
    fn under_way(&self) -> bool {
        let playing_this = {
            let show = self.stage.show();
            let show = show.borrow();
            show.story == self.told.name && show.state == Played::Playing
        };
        playing_this && self.stage.is_playing()
    }

    /// Starts from the first moment.
    async fn start(&self, pace: Pace) -> Result<(), String> {
        let wish = self.wish();
        let plan = self.told.plan(&wish.branch).map_err(|e| e.to_string())?;
        // It plays on by itself; the stage shows how it goes.
        start(self.theatre, self.stage, plan, &wish, pace)
            .await
            .map(drop)
            .map_err(|e| e.to_string())
    }

    async fn clear(&self) -> Result<(), String> {
        self.stage.clear().await.map_err(|e| e.to_string())
    }

    fn set_pace(&self, pace: Pace) {
        self.wishes.change(self.room, |wish| wish.pace = pace);
        let held = self.stage.hall().room.clock.pace() == Pace::Step;
        if self.under_way() && !held {
            self.stage.set_pace(pace);
        } else {
            // The same pace again, so that every window hears of the new wish.
            self.stage.set_pace(self.stage.hall().room.clock.pace());
        }
    }

    async fn branch(&self, id: &str) -> Result<(), String> {
        let plan = self.told.plan(id).map_err(|e| e.to_string())?;
        self.wishes.change(self.room, |wish| {
            wish.story.clone_from(&self.told.name);
            wish.branch = plan.branch;
        });
        let pace = self.wish().pace;
        self.start(pace).await
    }

    fn trouble(&self, system: &str, fault: &str) -> Result<(), String> {
        let office = self.stage.hall().office(system);
        let office = office.ok_or_else(|| format!("there is no system `{system}` in this room"))?;
        let what = from_header(fault)?;
        // Of two faults only the first would strike: what is chosen now takes the place of what was chosen before.
        self.wishes.change(self.room, |wish| {
            wish.trouble.retain(|(at, _)| at != system);
            wish.trouble.push((system.to_owned(), what.clone()));
        });
        office.faults.end_at_controls();
        office.faults.set_at_controls(Fault { what, on: None, times: None });
        self.stage.tell();
        Ok(())
    }

    /// Ends the trouble that was chosen here for one system.
    fn end_trouble(&self, system: &str) {
        self.wishes.change(self.room, |wish| wish.trouble.retain(|(at, _)| at != system));
        if let Some(office) = self.stage.hall().office(system) {
            office.faults.end_at_controls();
        }
        self.stage.tell();
    }

    /// Ends all trouble everywhere, whoever made it.
    fn clear_trouble(&self) {
        self.wishes.change(self.room, |wish| wish.trouble.clear());
        for office in self.stage.hall().offices() {
            office.faults.clear();
        }
        self.stage.tell();
    }
}
