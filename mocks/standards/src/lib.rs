//! What governments say to each other, as types: DCI, G2P Connect and FSPIOP messages, money and identifiers.
//!
//! Nothing here reads a file, opens a socket, looks at a clock or draws a random number. A message is read from
//! bytes the caller already has and is written as JSON; the meaning of a message is the business of whoever
//! received it. Where a standard contradicts itself, `DEVIATIONS.md` says which side is taken.

pub mod age;
mod code;
pub mod dci;
pub mod fspiop;
pub mod g2p_connect;
pub mod ids;
pub mod money;
pub mod mt940;
mod one_or_many;
