//! The clients that exist at the start: one for strangers to try with, one that may only read, one for each system.

use rusqlite::Transaction;

use super::model::SCOPES;
use super::store::add_client;
use crate::kit::seed::People;
use crate::kit::trust::tokens::sandbox_secret;

pub(super) fn seed(_people: &People, tx: &Transaction<'_>) -> rusqlite::Result<()> {
    add_client(tx, ("demo", "Anybody who tries"), "demo", SCOPES)?;
    add_client(tx, ("reader", "Somebody who may only search"), "reader", &["registry.search"])?;
    for system in crate::ALL {
        let client_id = system.mount();
        add_client(tx, (&client_id, system.title), &sandbox_secret(&client_id), SCOPES)?;
    }
    Ok(())
}
