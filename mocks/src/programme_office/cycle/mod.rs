//! Payment cycles: everybody who is enrolled is paid for a month. Members are copied, checked against the registries,
//! approved by two officers, paid in lists of five hundred, reconciled with the bank's statement, and what did not arrive
//! is mended or becomes an open item with an owner.

mod approve;
mod counter;
mod finish;
mod mend;
mod model;
mod pay;
mod reconcile;
mod show;
mod store;
mod verify;

use std::sync::Arc;

pub(super) use counter::routes;
pub(super) use pay::told;
pub(super) use store::{add_member, hold, stop};
pub(super) use verify::{Heard, answered, run as verify};

use crate::kit::courier::Errand;
use crate::kit::room::Office;

/// Somebody whom a programme has enrolled, as the office's own list knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member<'a> {
    pub(super) uin: &'a str,
    pub(super) programme: &'a str,
    pub(super) name: &'a str,
    pub(super) district: &'a str,
    /// The account that the person names when the district office calls; none where they have no other.
    pub(super) new_account: Option<&'a str>,
}

/// Takes up cycles that a stop interrupted.
pub(super) fn wake(office: &Arc<Office>) {
    let open = match store::interrupted(&office.store) {
        Ok(open) => open,
        Err(error) => {
            tracing::error!(%error, "interrupted cycles could not be looked up");
            return;
        }
    };
    for cycle in open {
        let errand = Errand { office: Arc::clone(office), cause: office.room.stranger() };
        let work = errand.clone();
        errand.spawn(async move {
            match cycle.state {
                model::CycleState::Verifying => verify::run(&work, &cycle.id).await,
                _ => pay::run(&work, &cycle.id).await,
            }
        });
    }
}
