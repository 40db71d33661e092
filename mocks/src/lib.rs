//! Small stateful stand-ins for government systems, and the kit they share.

pub mod kit;

mod bank;
mod gateway;
mod messenger;
mod payment_hub;
mod payment_switch;

use kit::system::System;

/// Every system of the country. A new system is one folder, one `mod` line and one row here.
pub static ALL: &[System] = &[
    gateway::SYSTEM,
    messenger::SYSTEM,
    payment_hub::SYSTEM,
    payment_switch::SYSTEM,
    bank::PINKBANK,
    bank::GREENBANK,
    bank::TREASURY,
];
