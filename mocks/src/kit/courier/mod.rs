//! The courier: the only HTTP client. It looks the addressee up in the cast, stamps the cause, waits for the pace,
//! delivers, and writes in the journal what no receiver of ours could write.
//!
//! Addresses that come from strangers (`sender_uri`, webhooks) are delivered to only where the room allows the host.
//! Redirects are never followed.

mod delivery;
mod letter;
mod network;

use std::sync::Arc;

use jiff::Timestamp;

pub use delivery::{ask_aside, deliver, delivers_to, masked};
pub use letter::{Letter, Reply};
pub use network::{EXAMINER, Network};

use super::cause::Cause;
use super::room::Office;
use super::trust::jwks::sender_id_of;

/// Why a message was not delivered or its answer could not be read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Undelivered {
    #[error("nobody plays the part `{0}` in this room")]
    NoSuchPart(String),
    #[error(
        "`{0}` is no address that this room delivers to: the host is neither in the cast nor allowed"
    )]
    NotAllowed(String),
    #[error("{to} did not answer: {reason}")]
    NoAnswer { to: String, reason: String },
    #[error("{to} answered {status}, but not what was expected: {reason}")]
    Unreadable { to: String, status: u16, reason: String },
}

/// What an office does for one reason: the pair that every piece of work carries along.
#[derive(Debug, Clone)]
pub struct Errand {
    pub office: Arc<Office>,
    pub cause: Cause,
}

impl Errand {
    /// Sends a letter in the name of the office and waits for the answer.
    pub async fn send(&self, letter: Letter) -> Result<Reply, Undelivered> {
        deliver(&self.office.room, self.office.system.name, &self.cause, letter).await
    }

    /// Shows a decision or a change inside the office; see [`Office::event`].
    pub fn event(&self, action: &str, remark: &str, body: &serde_json::Value) {
        self.office.event(&self.cause, action, remark, body);
    }

    /// The sandbox time.
    pub fn now(&self) -> Timestamp {
        self.office.room.clock.now()
    }

    /// The sandbox time as messages carry it.
    pub fn stamp(&self) -> String {
        self.office.room.stamp()
    }

    /// The address under which others reach this office: what goes into `sender_uri`.
    pub fn own_base(&self) -> String {
        let (fabric, room) = (&self.office.room.fabric, &self.office.room.name);
        fabric.mount_of(room, self.office.system.name).unwrap_or_default()
    }

    /// Whether `receiver` of a header names this office: as it calls itself, or by an address of its own.
    pub fn is_meant_by(&self, receiver: &str) -> bool {
        let (fabric, room) = (&self.office.room.fabric, &self.office.room.name);
        let own = self.office.system.name;
        receiver == sender_id_of(own) || fabric.owner_of(room, receiver) == Some(own)
    }

    /// Runs `work` by itself until it ends or the room is reset.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        tokio::spawn(self.office.room.part_of_story(work));
    }
}
