//! Visitors to the engine, over HTTP: the registries stand for it, and a listener outside the country hears callbacks.

mod coherent;
mod doors;
mod examples;
mod later;
mod published;
mod reasons;
mod strict;
mod wrong;

use crate::kit::registry::listener;
use crate::kit::system::System;

const SYSTEMS: &[System] =
    &[crate::civil_registry::SYSTEM, crate::social_registry::SYSTEM, crate::gateway::SYSTEM];
