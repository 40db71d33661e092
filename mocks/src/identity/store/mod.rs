//! The archive of Arenoa ID: people, relying parties, logins under way, codes and tokens, consents, audit.

pub(super) mod clients;
pub(super) mod crvs;
pub(super) mod deaths;
pub(super) mod grants;
pub(super) mod ida;
pub(super) mod kyc_tokens;
pub(super) mod logins;
pub(super) mod papers;
pub(super) mod people;
pub(super) mod records;
pub(super) mod secrets;
pub(super) mod vids;
