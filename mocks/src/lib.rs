//! Small stateful stand-ins for government systems, and the kit they share.

pub mod kit;

mod account_mapper;
mod bank;
mod beneficiary_registry;
mod civil_registry;
mod disability_registry;
mod employment_service;
mod farmer_registry;
mod gateway;
mod identity;
mod messenger;
mod payment_hub;
mod payment_switch;
mod programme_office;
mod social_registry;
mod statistics;

use kit::roll::Roll;
use kit::system::System;

/// Every system of the country. A new system is one folder, one `mod` line and one row here.
pub static ALL: &[System] = &[
    account_mapper::SYSTEM,
    bank::GREENBANK,
    bank::PINKBANK,
    bank::TREASURY,
    beneficiary_registry::SYSTEM,
    civil_registry::SYSTEM,
    disability_registry::SYSTEM,
    employment_service::SYSTEM,
    farmer_registry::SYSTEM,
    gateway::SYSTEM,
    identity::SYSTEM,
    messenger::SYSTEM,
    payment_hub::SYSTEM,
    payment_switch::SYSTEM,
    programme_office::SYSTEM,
    social_registry::SYSTEM,
    statistics::SYSTEM,
];

/// The registries whose people come and go as files.
pub static ROLLS: &[(&str, &Roll)] = &[
    (beneficiary_registry::SYSTEM.name, &beneficiary_registry::roll::ROLL),
    (civil_registry::SYSTEM.name, &civil_registry::roll::ROLL),
    (disability_registry::SYSTEM.name, &disability_registry::roll::ROLL),
    (employment_service::SYSTEM.name, &employment_service::roll::ROLL),
    (farmer_registry::SYSTEM.name, &farmer_registry::roll::ROLL),
    (identity::SYSTEM.name, &identity::roll::ROLL),
    (social_registry::SYSTEM.name, &social_registry::roll::ROLL),
];
