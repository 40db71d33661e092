//! Identifiers of people and telephones, and the checksum that guards them (MOSIP UIN, ITU E.164).

mod msisdn;
mod uin;
pub mod verhoeff;

pub use msisdn::{InvalidMsisdn, Msisdn};
pub use uin::{InvalidUin, Uin};
