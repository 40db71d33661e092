//! A visitor to Arenoa ID: only HTTP, as a relying party and as the person who logs in.

mod crvs;
mod desk;
mod dynamic_registration;
mod esignet;
mod factors;
mod files;
mod ida;
mod ida_codes;
mod login;
mod pages;
mod paper;
mod proofs;
mod refusals;
mod registration;
mod store;
mod subjects;
mod together;
mod visitor;

use crate::kit::system::System;

/// Arenoa ID, what it needs, and a relying party that publishes its keys.
static SYSTEMS: &[System] = &[super::SYSTEM, crate::messenger::SYSTEM, visitor::OFFICE];
