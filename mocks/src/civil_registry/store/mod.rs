//! The archive of the civil registry: people with their records as they are answered, events with their logs, and
//! packets for Arenoa ID.

pub(super) mod events;
pub(super) mod packets;
pub(super) mod people;
pub(super) mod search;
