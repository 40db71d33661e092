//! The law of the switch: what a participant may do, and how a transfer goes its way.

mod liquidity;
mod participant;
mod transfer;

pub(super) use liquidity::Liquidity;
pub(super) use participant::{AccountKind, Participant, base_of_endpoint};
pub(super) use transfer::{Fulfil, Outcome, Prepare, State, Transfer, expired, fulfil, reject};
