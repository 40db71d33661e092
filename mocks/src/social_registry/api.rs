//! The counter of the social registry: the DCI routes, and nothing of its own.

use super::describe::{REGISTERED, REGISTRY};
use crate::kit::openapi::Routes;
use crate::kit::registry;
use crate::kit::roll;

pub(super) fn routes(routes: &mut Routes) {
    registry::registry_routes(routes, &REGISTRY);
    let told = roll::Told { registry: &REGISTRY, event: REGISTERED };
    roll::routes::registry_routes(routes, &super::roll::ROLL, told);
}

pub(super) fn official_routes(routes: &mut Routes) {
    registry::official_routes(routes, &REGISTRY);
}
