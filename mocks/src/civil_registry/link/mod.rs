//! The link to Arenoa ID, as OpenCRVS's `mosip-api` keeps it: packets go to MOSIP's routes, credentials come back over
//! `WebSub`, sealed to this registry's certificate.

pub(super) mod credential;
pub(super) mod messages;
pub(super) mod packets;
pub(super) mod trigger;
