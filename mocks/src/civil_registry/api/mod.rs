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

use serde_json::Value;

use super::describe::REGISTRY;
use crate::kit::openapi::{Routes, says};
use crate::kit::registry;
use crate::kit::roll;
pub(super) use counter::trigger_ended;

pub(super) fn routes(routes: &mut Routes) {
    registry::registry_routes(routes, &REGISTRY);
    counter::routes(routes);
    routes.get(
        "/events",
        log::list,
        says("The newest events of the counter")
            .tag(COUNTER)
            .query("status", "REGISTERED")
            .query("flag", "")
            .gives::<Value>(200, "Fifty at the most, the newest first"),
    );
    opencrvs::routes(routes);
    websub::routes(routes);
    settings::routes(routes);
    roll::routes::routes(routes, &super::roll::ROLL);
}

pub(super) fn official_routes(routes: &mut Routes) {
    registry::official_routes(routes, &REGISTRY);
}

/// The chapter of what the registrar does.
const COUNTER: &str = "the registrar's counter";
