//! The clients that exist at the start (one for strangers to try with, one that may only read, one for each system), and
//! the places of the country.

use super::model::SCOPES;
use super::store::{add_client, add_location};
use crate::kit::seed::People;
use crate::kit::seed::places::{Community, District, Province};
use crate::kit::store::Transaction;
use crate::kit::trust::tokens::sandbox_secret;

pub(super) fn seed(_people: &People, tx: &Transaction<'_>) -> rusqlite::Result<()> {
    add_client(tx, ("demo", "Anybody who tries"), "demo", SCOPES)?;
    add_client(tx, ("reader", "Somebody who may only search"), "reader", &["registry.search"])?;
    for system in crate::ALL {
        let client_id = system.mount();
        add_client(tx, (&client_id, system.title), &sandbox_secret(&client_id), SCOPES)?;
    }
    places(tx)
}

/// Country, provinces, districts, communities: a parent always stands before what lies in it.
fn places(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    add_location(tx, "QN", "Arenoa", "COUNTRY", None)?;
    for province in Province::all() {
        add_location(tx, &province.code(), province.name(), "PROVINCE", Some("QN"))?;
    }
    for district in District::all() {
        let within = district.province().code();
        add_location(tx, &district.code(), district.name(), "DISTRICT", Some(&within))?;
    }
    for community in Community::all() {
        let within = community.district().code();
        add_location(tx, &community.code(), &community.name(), "COMMUNITY", Some(&within))?;
    }
    Ok(())
}
