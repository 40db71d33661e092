//! The DCI registry engine: search, subscribe, notify and transaction status of the DCI interoperability APIs v1.0.0,
//! synchronous and asynchronous, on `/registry/*` and on the paths of the official mocks.
//!
//! A registry describes itself in a [`Registry`] (record types, attributes, events), keeps its records in tables of its
//! own, and calls [`file()`] where it enters that something happened to one of them, and then [`deliver`].

mod archive;
mod async_search;
mod book;
mod callbacks;
pub mod codes;
mod country_doors;
mod door;
mod entry;
mod example;
mod gate;
mod intake;
#[cfg(test)]
pub(crate) mod listener;
mod message;
mod nested;
mod notices;
mod official;
mod older;
mod operations;
pub mod paths;
mod persons;
#[cfg(test)]
mod plans;
pub mod portrait;
mod question;
mod queues;
mod refusal;
mod routes;
mod search;
mod sorting;
mod sql;
mod subscriptions;
mod sync;
#[cfg(test)]
mod tests;
mod told;
mod transactions;
mod unsubscribe;
mod value;
#[cfg(test)]
pub(crate) mod visitor;
mod wish;
mod words;

pub use book::{At, Attribute, Event, Holds, Identifier, Kind, Path, Readers, Registry, column};
pub use callbacks::take_up;
pub use country_doors::SECRETS;
pub use entry::{Failed, Refuses, entered};
pub use gate::{Admitted, Counter, Family};
pub use intake::{NotTaken, lives, may_work, newcomer, newcomers};
pub use message::Request;
pub use notices::{deliver, delivery, file, is_followed};
pub use official::{probe_ack, probe_answer, with_bare};
pub use operations::example as message;
pub use persons::persons;
pub use refusal::{Refusal, refusal, short};
pub use routes::{official_routes, registry_routes};
pub use sync::{Answered, answer, answer_later};
pub use value::folded;
