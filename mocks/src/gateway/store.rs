//! The archive of the gateway: its clients, and the places of the country.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::model::{Client, secret_hash};
use crate::kit::store::{Store, StoreError};

/// Writes a client down; its secret is kept as a hash.
pub(super) fn add_client(
    db: &Connection,
    (client_id, title): (&str, &str),
    secret: &str,
    scopes: &[&str],
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "insert into client (client_id, title, secret_sha256, scopes) values ($1, $2, $3, $4)",
    )?
    .execute(params![client_id, title, secret_hash(secret), scopes.join(" ")])?;
    Ok(())
}

/// The client with this id.
pub(super) fn client(store: &Store, client_id: &str) -> Result<Option<Client>, StoreError> {
    store.read(|db| {
        db.prepare_cached(
            "select client_id, secret_sha256, scopes from client where client_id = $1",
        )?
        .query_row([client_id], |r| {
            Ok(Client { client_id: r.get(0)?, secret_sha256: r.get(1)?, scopes: r.get(2)? })
        })
        .optional()
    })
}
