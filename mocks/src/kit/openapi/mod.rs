//! What a system serves, described by the code that serves it (OpenAPI 3.1): a route cannot be laid without saying what
//! it is for, so the description at `/{system}/openapi.json` cannot drift from the routes.

mod document;
mod operation;
mod routes;
mod shapes;
#[cfg(test)]
pub(in crate::kit) mod tests;

pub use document::document;
pub use operation::{Operation, Part, Sample, Token, says};
pub(crate) use routes::Sought;
pub use routes::{Aside, Described, Lay, Routes, actions, described};
pub use shapes::{Complaint, Either, Issued, KeySet, NoToken, Sealable};
