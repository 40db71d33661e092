//! The counter of the social registry: the DCI routes, and nothing of its own.

use super::describe::REGISTRY;
use crate::kit::openapi::Routes;
use crate::kit::registry;

pub(super) fn routes(config: &mut Routes<'_>) {
    registry::registry_routes(config, &REGISTRY);
}

pub(super) fn official_routes(config: &mut Routes<'_>) {
    registry::official_routes(config, &REGISTRY);
}
