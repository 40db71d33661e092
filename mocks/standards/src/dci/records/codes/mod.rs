//! Code lists of the 2026 records. Codes are written; codes, JSON numbers and the published names are read.

mod disability;
mod farming;
mod people;
mod programmes;
mod relationship;

pub use disability::*;
pub use farming::*;
pub use people::*;
pub use programmes::*;
pub use relationship::*;
