//! The desks: a small plain office for each system, where people see what it is, what it knows and what was said to
//! it, and do what its officers do. Everything is a plain form.
//!
//! `GET {prefix}/desk`, `GET {prefix}/desk/{system}`, `POST {prefix}/desk/{system}/do/{action}`,
//! `POST {prefix}/desk/{system}/faults`, `POST {prefix}/desk/{system}/people`, `POST {prefix}/desk/{system}/try`. A system is written with hyphens or underscores.

mod actions;
mod applications;
mod charts;
mod errand;
mod events;
mod identity;
mod identity_actions;
mod lists;
mod look;
mod page;
mod people;
mod registrar;
mod registries;
mod sentence;
mod told;
mod trying;
mod words;

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Form, Query};
use actix_web::{Error, HttpRequest, HttpResponse};
use mocks::kit::control::suits;
use mocks::kit::room::Office;
use mocks::kit::server::LONGEST_FILE;
use mocks::kit::system::System;
use orchestrator::theatre::{Stage, Theatre};
use std::sync::Arc;

use super::reply::{self, back_to};
use super::telling;
use super::visit::Visit;
use super::wishes::Wishes;
use errand::{Desk, Values, carry_out};
use look::Trouble;
use page::{DeskPage, ListPage, Outcome};
use words::Words;

/// Routes of the desks.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/desk", web::get().to(list));
    cfg.route("/desk/{system}", web::get().to(show));
    cfg.route("/desk/{system}/do/{action}", web::post().to(act));
    cfg.route("/desk/{system}/try", web::post().to(trying::take));
    cfg.route("/desk/{system}/faults", web::post().to(trouble));
    // The file may be as long as a system takes, and the rest of the form stands around it.
    let limit = web::PayloadConfig::new(LONGEST_FILE + 64 * 1024);
    let files = web::resource("/desk/{system}/people").app_data(limit);
    cfg.service(files.route(web::post().to(people::take)));
}

/// The desk that a request is about.
struct At {
    visit: Visit,
    stage: Arc<Stage>,
    system: &'static System,
    office: Arc<Office>,
}

impl At {
    fn of(req: &HttpRequest, theatre: &Theatre) -> Result<Self, Error> {
        let visit = Visit::of(req);
        let stage = visit.stage(theatre)?;
        let wanted = req.match_info().get("system").unwrap_or_default();
        let office = stage.hall().office(&wanted.replace('-', "_")).cloned();
        let unknown = || {
            visit.refuse(StatusCode::NOT_FOUND, &visit.texts.one("desk-unknown", "name", wanted))
        };
        let office = office.ok_or_else(unknown)?;
        Ok(Self { system: office.system, visit, stage, office })
    }

    fn address(&self) -> String {
        format!("{}/desk/{}", self.visit.prefix, self.system.mount())
    }

    async fn page(&self, theatre: &Theatre, outcome: Outcome) -> HttpResponse {
        let went_wrong = !outcome.refused.is_empty() || !outcome.wrong.is_empty();
        let page = DeskPage::open(self, theatre, outcome).await;
        let mut response = reply::page(&page.f, &page);
        if went_wrong {
            *response.status_mut() = StatusCode::BAD_REQUEST;
        }
        response
    }
}

async fn list(req: HttpRequest, theatre: Data<Theatre>) -> Result<HttpResponse, Error> {
    let visit = Visit::of(&req);
    let stage = visit.stage(&theatre)?;
    let page = ListPage::open(&visit, &stage, &theatre);
    Ok(reply::page(&page.f, &page))
}

async fn show(req: HttpRequest, theatre: Data<Theatre>) -> Result<HttpResponse, Error> {
    let at = At::of(&req, &theatre)?;
    let typed = Query::<Values>::from_query(req.query_string());
    let typed = typed.map(Query::into_inner).unwrap_or_default();
    Ok(at.page(&theatre, Outcome { typed, ..Outcome::default() }).await)
}

async fn act(
    req: HttpRequest,
    theatre: Data<Theatre>,
    typed: Form<Values>,
) -> Result<HttpResponse, Error> {
    let at = At::of(&req, &theatre)?;
    at.visit.check_form(&req, typed.get("csrf").map_or("", String::as_str))?;
    let wanted = req.match_info().get("action").unwrap_or_default();
    let forms = actions::actions_of(at.system.name).iter();
    let all = forms.chain(actions::decisions_of(at.system.name));
    let action = all.into_iter().find(|action| action.id == wanted);
    let action = action.ok_or_else(|| {
        let sentence = at.visit.texts.one("desk-no-action", "name", wanted);
        at.visit.refuse(StatusCode::NOT_FOUND, &sentence)
    })?;
    let desk = Desk { stage: &at.stage, texts: at.visit.texts, system: at.system.name };
    let mut outcome = Outcome { typed: typed.into_inner(), ..Outcome::default() };
    let room = &at.stage.hall().room;
    let before = room.journal.last();
    match carry_out(desk, action, &outcome.typed).await {
        Ok(mut answer) => {
            let lanes = telling::lanes(&theatre.country, at.visit.texts);
            let heard = sentence::heard(room, at.system.name, before).await;
            let heard: Vec<_> = heard.iter().map(|id| lanes.get(id).name).collect();
            let words = Words { texts: at.visit.texts, lanes: &lanes };
            sentence::tell(&mut answer, action, &heard, words);
            if action.id == trying::RULES {
                outcome.wrong = answer.refusal.clone().unwrap_or_default();
            }
            outcome.answer = Some(answer);
        }
        Err(why) => outcome.refused = why,
    }
    outcome.of = action.id;
    Ok(at.page(&theatre, outcome).await)
}

async fn trouble(
    req: HttpRequest,
    theatre: Data<Theatre>,
    wishes: Data<Wishes>,
    wanted: Form<Trouble>,
) -> Result<HttpResponse, Error> {
    let at = At::of(&req, &theatre)?;
    at.visit.check_form(&req, &wanted.csrf)?;
    if wanted.verb == "clear" {
        at.office.faults.clear();
        // What was chosen on the stage would come back with the next story.
        let system = at.office.system.name;
        wishes.change(&at.visit.room, |wish| wish.trouble.retain(|(of, _)| of != system));
        theatre.stage(&at.visit.room).iter().for_each(|stage| stage.tell());
        return Ok(back_to(&format!("{}#faults", at.address())));
    }
    let suited = wanted.fault().and_then(|fault| {
        suits(&fault, at.office.system)?;
        Ok(fault)
    });
    match suited {
        Ok(fault) => {
            at.office.faults.set(fault);
            Ok(back_to(&format!("{}#faults", at.address())))
        }
        Err(refused) => {
            let outcome = Outcome { refused, of: "faults", ..Outcome::default() };
            Ok(at.page(&theatre, outcome).await)
        }
    }
}
