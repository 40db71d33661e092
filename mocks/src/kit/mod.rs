//! The kit: what every system of the country is built with.

pub mod agenda;
mod beginning;
pub mod cause;
pub mod clock;
pub mod control;
pub mod country;
pub mod courier;
pub mod dci;
pub mod faults;
pub mod fspiop;
pub mod journal;
pub mod ledger;
pub mod memory;
pub mod openapi;
pub mod payee;
pub mod registry;
pub mod roll;
pub mod room;
pub mod rules;
pub mod secrets;
pub mod seed;
pub mod server;
pub mod settings;
pub mod store;
pub mod system;
pub mod trial;
pub mod trust;
