//! The counter of the civil registry: the DCI routes, and what its registrar does.

mod annul;
mod correct;
mod counter;
mod enter;
mod forms;
mod log;
mod office;
mod opencrvs;
mod settings;
mod websub;

use actix_web::web::{self, ServiceConfig};

use super::describe::REGISTRY;
use crate::kit::registry;
use crate::kit::roll;
pub(super) use counter::trigger_ended;

pub(super) fn routes(config: &mut ServiceConfig) {
    registry::registry_routes(config, &REGISTRY);
    roll::routes::routes(config, &super::roll::ROLL);
    config
        .configure(counter::routes)
        .service(web::resource("/events").route(web::get().to(log::list)))
        .configure(opencrvs::routes)
        .configure(websub::routes)
        .configure(settings::routes);
}

pub(super) fn official_routes(config: &mut ServiceConfig) {
    registry::official_routes(config, &REGISTRY);
}
