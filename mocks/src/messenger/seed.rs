//! Nobody has a message at the start.

use rusqlite::Transaction;

use crate::kit::seed::People;

pub(super) fn seed(_people: &People, _tx: &Transaction<'_>) -> rusqlite::Result<()> {
    Ok(())
}
