//! **Programme office** ("Pension office"): decides who gets which benefit. Stands for `OpenSPP`, `OpenG2P` PBMS, openIMIS.
//!
//! Standards: a relying party of `OpenID Connect` (code flow, PKCE, `private_key_jwt`); a client of DCI registries
//! v1.0.0 and receiver of their callbacks; a client of G2P Connect 1.0.0 (mapper, disburse). Its own portal and officer
//! routes follow no standard.
//! Left out: cycles of programmes whose amount differs from person to person, tickets of a grievance system (open items of
//! a cycle are kept here), appeals, vouchers themselves (what is due is said), programmes that need the school system, the
//! contribution fund, maps or social care.

mod api;
mod cycle;
mod model;
mod seed;
mod store;
#[cfg(test)]
mod tests;
mod work;

use std::sync::Arc;

use crate::kit::courier::Errand;
use crate::kit::room::Office;
use crate::kit::store::Layout;
use crate::kit::system::System;

/// The row of this system.
pub(crate) const SYSTEM: System = System {
    name: "programme_office",
    folder: "programme_office",
    title: "Pension office",
    does: "decides who gets which benefit",
    standard: "DCI client",
    schema: include_str!("schema.sql"),
    layout: Layout::Rows,
    seed: seed::seed,
    routes: api::routes,
    refusal: api::refusal,
    secrets: &["code_verifier", "client_assertion", "access_token", "id_token"],
    at_root: &[],
    wake,
};

/// Takes up applications and cycles that a stop interrupted.
fn wake(office: &Arc<Office>) {
    cycle::wake(office);
    work::departures::wake(office);
    work::leaving::wake(office);
    let unfinished = match store::unfinished(&office.store, work::duties::ALL.len()) {
        Ok(unfinished) => unfinished,
        Err(error) => {
            tracing::error!(%error, "unfinished applications could not be looked up");
            return;
        }
    };
    for id in unfinished {
        let errand = Errand { office: Arc::clone(office), cause: office.room.stranger() };
        errand.clone().spawn(work::outcome::take_up(errand, id));
    }
}
