//! The archive of the gateway: its clients, and the places of the country.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::model::{Client, Location, secret_hash};
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

/// Writes a place down.
pub(super) fn add_location(
    db: &Connection,
    code: &str,
    name: &str,
    kind: &str,
    within: Option<&str>,
) -> rusqlite::Result<()> {
    db.prepare_cached("insert into location (code, name, kind, within) values ($1, $2, $3, $4)")?
        .execute(params![code, name, kind, within])?;
    Ok(())
}

/// All places, each behind the one that it lies in.
pub(super) fn locations(store: &Store) -> Result<Vec<Location>, StoreError> {
    store.read(|db| {
        db.prepare_cached("select code, name, kind, within from location order by code")?
            .query_map([], |r| {
                Ok(Location {
                    code: r.get(0)?,
                    name: r.get(1)?,
                    kind: r.get(2)?,
                    within: r.get(3)?,
                })
            })?
            .collect()
    })
}
