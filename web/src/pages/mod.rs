//! The pages people see: home, stage, presenter's window, live view, rooms, developers.

use std::sync::Arc;

use actix_web::web::{Data, ServiceConfig};
use orchestrator::theatre::Theatre;

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
mod live;
mod opened;
mod payroll;
mod play;
mod portal;
mod reply;
mod rooms;
mod run;
mod starting;
mod telling;
mod visit;
mod wishes;

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
    }
}
