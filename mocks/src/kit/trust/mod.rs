//! Trust: keys of the systems, what they sign, and how it is checked.

pub mod canonical;
pub mod dialect;
pub mod jwks;
mod keys;
pub mod sign;
pub mod tokens;
pub mod verify;
pub mod x509;

pub use keys::Keys;
