//! Reports of a played story for people and for machines.

pub mod feed;
mod junit;

pub use junit::junit;
