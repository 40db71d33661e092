//! The archive of the civil registry: people with their records as they are answered, and events with their logs.

pub(super) mod events;
pub(super) mod people;
