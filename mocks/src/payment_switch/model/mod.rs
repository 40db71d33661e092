//! The law of the switch: what a participant may do, and how a transfer goes its way.

mod bulk;
mod endpoint;
mod liquidity;
mod participant;
mod pem;
mod settlement;
mod transfer;

pub(super) use bulk::{
    Bulk, BulkOutcome, End, agrees_with_itself, answer_bulk, end_of, names_each_once,
    names_what_was_asked,
};
pub(super) use endpoint::{Place, first_base, is_endpoint_type, place_for};
pub(super) use liquidity::Liquidity;
pub(super) use participant::{AccountKind, Participant};
pub(super) use pem::key_of_pem;
pub(super) use settlement::{Stage, may_abort, overall};
pub(super) use transfer::{
    Fulfil, Outcome, Prepare, State, Transfer, expired, fulfil, is_asked_by_payer, reject,
};
