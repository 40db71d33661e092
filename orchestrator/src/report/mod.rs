//! Reports of a played story for people and for machines.

pub mod feed;
mod junit;
mod page;
mod picture;
mod run;
mod sections;
pub mod words;

pub use junit::junit;
pub use page::page;
pub use run::json;
