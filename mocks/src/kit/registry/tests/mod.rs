//! Visitors to the engine, over HTTP: the registries stand for it, and a listener outside the country hears callbacks.

mod bodies;
mod bounds;
mod clients;
mod codes;
mod coherent;
mod conformance;
mod course;
mod doors;
mod examples;
mod held;
mod later;
mod older;
mod questions;
mod queues;
mod sealed;
mod states;
mod strict;
mod texts;
mod together;
mod tokens;
mod told;
mod wrong;

use crate::kit::registry::listener;
use crate::kit::system::System;

const SYSTEMS: &[System] =
    &[crate::civil_registry::SYSTEM, crate::social_registry::SYSTEM, crate::gateway::SYSTEM];
