//! Visitors to the engine, over HTTP: the registries stand for it, and a listener outside the country hears callbacks.

mod bodies;
mod codes;
mod course;
mod held;
mod later;
mod listener;
mod older;
mod published;
mod sealed;
mod strict;
mod texts;
mod wrong;

use crate::kit::system::System;

const SYSTEMS: &[System] =
    &[crate::civil_registry::SYSTEM, crate::social_registry::SYSTEM, crate::gateway::SYSTEM];
