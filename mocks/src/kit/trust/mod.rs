//! Trust: keys of the systems, what they sign, and how it is checked.

mod keys;

pub use keys::Keys;
