//! How systems speak DCI and G2P Connect with each other: [`ask`] and [`submit`] on the asking side, [`receive`] and
//! [`answer`] on the answering side, [`callback`] for what comes later. Tokens and signatures are seen to here.

mod batch_header;
mod client;
mod receive;
#[cfg(test)]
mod tests;

pub use batch_header::{Whole, check_header, forgives_times, not_acknowledged, rejected};
pub use client::{Answer, DciError, ask, callback, submit};
pub use receive::{Refused, Strictness, answer, receive};

/// Who speaks G2P Connect whatever the action is.
const G2P_SYSTEMS: [&str; 2] = ["account_mapper", "payment_hub"];

/// Which family of messages is spoken: it decides the namespace of the signature.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Namespace {
    #[default]
    Dci,
    /// G2P Connect: mapper and disburse.
    G2p,
}

impl Namespace {
    fn dialect(self) -> super::trust::sign::Dialect {
        super::trust::sign::Dialect::Cavage(match self {
            Self::Dci => "dci",
            Self::G2p => "g2p",
        })
    }

    /// The namespace of what `from` says to `to`, where that is known. Some actions (`search`, `txn-status`) are of both.
    fn of(action: &standards::dci::Action, (from, to): (&str, Option<&str>)) -> Self {
        use standards::dci::Action as A;
        if to.into_iter().chain([from]).any(|system| G2P_SYSTEMS.contains(&system)) {
            return Self::G2p;
        }
        match action {
            A::Link
            | A::OnLink
            | A::Update
            | A::OnUpdate
            | A::Unlink
            | A::OnUnlink
            | A::Resolve
            | A::OnResolve
            | A::Disburse
            | A::OnDisburse => Self::G2p,
            _ => Self::Dci,
        }
    }
}
