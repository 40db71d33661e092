//! Who enters something and when, why it may fail, and what follows when it stands.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use jiff::civil::Date;
use serde_json::Value;

use crate::civil_registry::describe::REGISTRY;
use crate::civil_registry::link::packets::{self, IDENTITY};
use crate::civil_registry::model::event::{Action, ActionKind};
use crate::civil_registry::model::refusal::Refusal;
use crate::kit::courier::Errand;
use crate::kit::registry;
use crate::kit::server::Call;
use crate::kit::store::StoreError;

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
#[derive(Debug, thiserror::Error)]
pub(super) enum Failed {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Archive(#[from] StoreError),
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        Self::Archive(error.into())
    }
}

impl Failed {
    /// Status and sentence for whoever asked; our own trouble is logged and told only as such.
    pub(super) fn told(&self) -> (u16, String) {
        match self {
            Self::Refused(refusal) => (refusal.status(), refusal.to_string()),
            Self::Archive(error) => {
                tracing::error!(%error, "the civil registry's archive failed");
                (500, String::from("the entry could not be kept; try again"))
            }
        }
    }
}

/// Answers at the counter.
pub(super) fn answer(call: &Call, done: Result<(u16, Value), Failed>) -> HttpResponse {
    let (status, body) = match done {
        Ok(done) => done,
        Err(failed) => {
            let (status, sentence) = failed.told();
            call.remark(&sentence);
            (status, registry::refusal(status, &sentence))
        }
    };
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    HttpResponse::build(code).json(body)
}

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
