//! Who enters something and when, why it may fail, and what follows when it stands.

use jiff::civil::Date;

use crate::civil_registry::describe::REGISTRY;
use crate::civil_registry::link::packets::{self, IDENTITY};
use crate::civil_registry::model::event::{Action, ActionKind};
use crate::civil_registry::model::refusal::Refusal;
use crate::kit::courier::Errand;
use crate::kit::registry;
use crate::kit::server::Call;

/// The registrar, as the log of actions names whoever works at the counter.
pub(super) const REGISTRAR: &str = "registrar";

/// Somebody who changes the register, at some moment.
#[derive(Debug, Clone)]
pub(super) struct Clerk {
    pub(super) errand: Errand,
    pub(super) by: String,
    pub(super) at: String,
    pub(super) today: Date,
}

impl Clerk {
    /// Whoever works because of `call`.
    pub(super) fn of(call: &Call, by: &str) -> Self {
        Self::on(&call.errand, by)
    }

    /// Whoever works because of `errand`.
    pub(super) fn on(errand: &Errand, by: &str) -> Self {
        let today = errand.office.room.clock.today();
        Self { at: errand.stamp(), errand: errand.clone(), by: by.into(), today }
    }

    /// Whether somebody plays the part of Arenoa ID.
    pub(super) fn has_neighbour(&self) -> bool {
        self.errand.office.room.base_of(IDENTITY).is_some()
    }

    /// An accepted action of this clerk, now.
    pub(super) fn action(&self, kind: ActionKind) -> Action {
        Action::of(kind, &self.by, &self.at)
    }
}

/// Why nothing was entered.
pub(super) type Failed = registry::Failed<Refusal>;

/// Once the answer has been written: delivers notices, then the packet for Arenoa ID.
pub(super) fn follow_up(call: &Call, notices: Vec<String>, packet: Option<String>) {
    if !notices.is_empty() || packet.is_some() {
        call.later(deliver(call.errand.clone(), notices, packet));
    }
}

/// Delivers notices, then the packet, one after the other, so that their order is the same on every run.
pub(super) async fn deliver(errand: Errand, notices: Vec<String>, packet: Option<String>) {
    registry::delivery(errand.clone(), &REGISTRY, notices).await;
    if let Some(packet) = packet {
        packets::follow(errand, packet).await;
    }
}
