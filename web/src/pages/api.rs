//! `/api` and `/api/{system}`: what each system serves, as it describes itself, with calls to try. The page is Swagger
//! UI, which is part of the program.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data};
use actix_web::{Error, HttpRequest, HttpResponse};
use askama::Template;
use orchestrator::theatre::Theatre;

use super::alone::{ALONE, Alone};
use super::frame::{Frame, Lane};
use super::reply;
use super::telling;
use super::visit::Visit;

/// Where Swagger UI is; the version is part of the name.
const SWAGGER: &str = "/static/vendor/swagger-ui-dist-5.35.0";

#[derive(Debug, Template)]
#[template(path = "api.html")]
struct ApiPage {
    f: Frame,
    systems: Vec<Choice>,
    chosen: Option<Choice>,
    swagger: &'static str,
}

/// A system to choose.
#[derive(Debug, Clone)]
struct Choice {
    lane: Lane,
    /// Its name in addresses: `civil-registry`.
    mount: String,
    guest: bool,
}

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/api", web::get().to(api));
    cfg.route("/api/{system}", web::get().to(api));
}

async fn api(req: HttpRequest, theatre: Data<Theatre>) -> Result<HttpResponse, Error> {
    let visit = Visit::of(&req);
    let stage = visit.stage(&theatre)?;
    let room = &stage.hall().room;
    let choice = |lane: Lane| Choice {
        mount: lane.id.replace('_', "-"),
        guest: room.is_guest(&lane.id),
        lane,
    };
    let lanes = telling::system_lanes(&theatre.country, visit.texts);
    let systems: Vec<_> = lanes.into_iter().map(choice).collect();
    let chosen = match req.match_info().get("system") {
        None => None,
        Some(name) => {
            let known = systems.iter().find(|system| system.mount == name).cloned();
            Some(known.ok_or_else(|| {
                let sentence = visit.texts.one("error-system", "system", name);
                visit.refuse(StatusCode::NOT_FOUND, &sentence)
            })?)
        }
    };
    // Beside a system that stands alone there is no page of developers.
    let here = if req.app_data::<Data<Alone>>().is_some() { ALONE } else { "dev" };
    let page = ApiPage { f: visit.frame(here), systems, chosen, swagger: SWAGGER };
    Ok(reply::page(&page.f, &page))
}
