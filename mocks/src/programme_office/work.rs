//! What the office does for an application from the first question to the last message: it asks registries, decides, follows
//! deaths and departures, and keeps everybody informed.

pub(super) mod accounts;
pub(super) mod ask;
pub(super) mod assess;
pub(super) mod counts;
pub(super) mod departures;
pub(super) mod duties;
pub(super) mod leaving;
pub(super) mod letters;
pub(super) mod login;
pub(super) mod outcome;
pub(super) mod records;
