//! Relying parties, each as one document.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::logins::json_error;
use crate::identity::model::client::Client;

/// The relying party with this id.
pub(in crate::identity) fn find(db: &Connection, id: &str) -> rusqlite::Result<Option<Client>> {
    let text: Option<String> = db
        .prepare_cached("select registration from client where id = $1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    text.map(|text| serde_json::from_str(&text).map_err(json_error)).transpose()
}

/// Adds a relying party; false where the id is taken.
pub(in crate::identity) fn add(db: &Connection, client: &Client) -> rusqlite::Result<bool> {
    let text = serde_json::to_string(client).map_err(json_error)?;
    let added = db
        .prepare_cached(
            "insert into client (id, registration) values ($1, $2) on conflict (id) do nothing",
        )?
        .execute(params![client.id, text])?;
    Ok(added == 1)
}

/// Writes a registration anew; false where there is none.
pub(in crate::identity) fn rewrite(db: &Connection, client: &Client) -> rusqlite::Result<bool> {
    let text = serde_json::to_string(client).map_err(json_error)?;
    let changed = db
        .prepare_cached("update client set registration = $1 where id = $2")?
        .execute(params![text, client.id])?;
    Ok(changed == 1)
}
