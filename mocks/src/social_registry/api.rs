//! The counter of the social registry: the DCI routes, and nothing of its own.

use actix_web::web::ServiceConfig;

use super::describe::REGISTRY;
use crate::kit::registry;
use crate::kit::roll;

pub(super) fn routes(config: &mut ServiceConfig) {
    registry::registry_routes(config, &REGISTRY);
    roll::routes::routes(config, &super::roll::ROLL);
}

pub(super) fn official_routes(config: &mut ServiceConfig) {
    registry::official_routes(config, &REGISTRY);
}
