//! The counter of the social registry: the DCI routes, and nothing of its own.

use actix_web::web::ServiceConfig;

use super::describe::REGISTRY;
use crate::kit::registry;

pub(super) fn routes(config: &mut ServiceConfig) {
    registry::registry_routes(config, &REGISTRY);
}

pub(super) fn official_routes(config: &mut ServiceConfig) {
    registry::official_routes(config, &REGISTRY);
}
