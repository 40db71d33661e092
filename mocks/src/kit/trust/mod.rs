//! Trust: keys of the systems, what they sign, and how it is checked.

pub mod dialect;
pub mod jwe;
pub mod jwks;
pub mod jwt;
mod keys;
#[cfg(test)]
pub(in crate::kit) mod outsider;
pub(crate) mod peer_routes;
mod peer_tokens;
pub mod peers;
pub(crate) mod purse;
pub mod sign;
pub mod tokens;
pub mod verify;
pub mod x509;

pub use keys::{Keys, TO_VERIFY, published};
