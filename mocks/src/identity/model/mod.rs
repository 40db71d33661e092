//! The law of Arenoa ID: pure functions and types; no clock, no chance, no network.

pub(super) mod civil;
pub(super) mod claims;
pub(super) mod client;
pub(super) mod client_key;
pub(super) mod dynamic_registration;
pub(super) mod esignet;
pub(super) mod factor;
pub(super) mod fields;
pub(super) mod id_type;
pub(super) mod ida;
pub(super) mod mock_identity;
pub(super) mod newcomer;
pub(super) mod otp;
pub(super) mod packet;
pub(super) mod paper;
pub(super) mod person;
pub(super) mod pkce;
pub(super) mod proof;
pub(super) mod psut;
pub(super) mod refusal;
pub(super) mod registration;
pub(super) mod request;
pub(super) mod vid;
