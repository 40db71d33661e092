//! A visitor to the programme office: only HTTP. The neighbours are stand-ins here, so that each can be made to say what
//! a test needs; the gateway and the messenger are the real ones.

mod branches;
mod counting;
mod country;
mod cycles;
mod deaths;
mod leaving;
mod members;
mod months;
mod neighbours;
mod payments;
mod portal;
mod special;
mod trying;
mod whole;
