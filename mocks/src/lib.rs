//! Small stateful stand-ins for government systems, and the kit they share.

pub mod kit;

mod account_mapper;
mod civil_registry;
mod gateway;
mod identity;
mod messenger;
mod programme_office;
mod statistics;

use kit::system::System;

/// Every system of the country. A new system is one folder, one `mod` line and one row here.
pub static ALL: &[System] = &[
    account_mapper::SYSTEM,
    civil_registry::SYSTEM,
    gateway::SYSTEM,
    identity::SYSTEM,
    messenger::SYSTEM,
    programme_office::SYSTEM,
    statistics::SYSTEM,
];
