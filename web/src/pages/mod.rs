//! The pages people see: home, stage, presenter's window, live view, rooms, developers.

use std::sync::Arc;

use actix_web::error::UrlencodedError;
use actix_web::http::StatusCode;
use actix_web::web::{Data, FormConfig, ServiceConfig};
use actix_web::{Error, HttpRequest, HttpResponse, ResponseError as _};
use orchestrator::theatre::Theatre;
use visit::Visit;

pub mod alone;
pub mod assets;
pub mod feed;
pub mod frame;
pub mod order;
pub mod portrait;
pub mod stage;
pub mod story;

mod api;
mod counter;
mod desk;
mod home;
mod language;
mod live;
mod opened;
mod payroll;
mod play;
mod portal;
mod reply;
mod rooms;
mod run;
mod starting;
mod stopwatch;
mod stream;
mod telling;
mod visit;
mod wishes;

/// A form may hold a file of rules.
const LONGEST_FORM: usize = 1024 * 1024;

/// A page that says that there is none.
async fn nowhere(req: HttpRequest) -> Result<HttpResponse, Error> {
    let visit = Visit::of(&req);
    Err(visit.refuse(StatusCode::NOT_FOUND, &visit.texts.one("error-page", "path", req.path())))
}

fn unreadable_form(why: &UrlencodedError, req: &HttpRequest) -> Error {
    let visit = Visit::of(req);
    visit.refuse(why.status_code(), &visit.texts.one("error-form", "why", why.to_string()))
}

/// All pages over `theatre`, to be configured into each worker of a server: `serve(&country, &listen, pages(&theatre))`.
/// Also puts `Data<Theatre>` at hand for other routes.
pub fn pages(
    theatre: &Arc<Theatre>,
) -> impl Fn(&mut ServiceConfig) + Send + Sync + 'static + use<> {
    let theatre = Data::from(Arc::clone(theatre));
    let wishes = Data::new(wishes::Wishes::default());
    move |cfg| {
        cfg.app_data(theatre.clone()).app_data(wishes.clone());
        for routes in [
            assets::routes,
            home::routes,
            language::routes,
            api::routes,
            play::routes,
            order::routes,
            live::routes,
            rooms::routes,
            run::routes,
            portal::routes,
            desk::routes,
            payroll::routes,
        ] {
            routes(cfg);
        }
        cfg.app_data(
            FormConfig::default()
                .limit(LONGEST_FORM)
                .error_handler(|why, req| unreadable_form(&why, req)),
        );
        cfg.default_service(actix_web::web::to(nowhere));
    }
}
