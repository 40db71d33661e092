//! The law of the civil registry: what may be entered, and what an entry changes in people's records. Pure.

pub(super) mod annulment;
pub(super) mod birth;
pub(super) mod correction;
pub(super) mod death;
pub(super) mod declaration;
pub(super) mod event;
pub(super) mod fold;
pub(super) mod known;
pub(super) mod marriage;
pub(super) mod place;
pub(super) mod refusal;
pub(super) mod search;
