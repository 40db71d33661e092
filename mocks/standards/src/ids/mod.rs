//! Identifiers of people and telephones, and the checksum that guards them (MOSIP UIN, ITU E.164).

mod issuing;
mod msisdn;
mod uin;
pub mod verhoeff;
mod vid;

pub use msisdn::{InvalidMsisdn, Msisdn};
pub use uin::{InvalidUin, Uin};
pub use vid::{InvalidVid, Vid};
