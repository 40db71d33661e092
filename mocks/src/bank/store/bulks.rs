//! Bulks of quotes and transfers that were answered, with the answer as it was given.

use rusqlite::{Connection, OptionalExtension as _};

use super::incoming::{COLUMNS, read_payment};
use crate::bank::store::Payment;

/// A bulk under its path: `/bulkQuotes/{id}` or `/bulkTransfers/{id}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::bank) struct Bulk {
    pub(in crate::bank) uri: String,
    /// Hash of what was asked.
    pub(in crate::bank) hash: String,
    /// What was answered.
    pub(in crate::bank) body: String,
}

/// A bulk by its path.
pub(in crate::bank) fn bulk(db: &Connection, uri: &str) -> rusqlite::Result<Option<Bulk>> {
    db.prepare_cached("select uri, hash, body from bulk where uri = $1")?
        .query_row([uri], |row| Ok(Bulk { uri: row.get(0)?, hash: row.get(1)?, body: row.get(2)? }))
        .optional()
}

/// Keeps a bulk with its answer, before the answer is given.
pub(in crate::bank) fn keep_bulk(tx: &Connection, bulk: &Bulk) -> rusqlite::Result<()> {
    tx.prepare_cached("insert into bulk (uri, hash, body) values ($1, $2, $3)")?
        .execute([&bulk.uri, &bulk.hash, &bulk.body])?;
    Ok(())
}

/// Whether the bank gave its word for a payment of a bulk, and gave that payment up since.
pub(in crate::bank) fn is_given_up(db: &Connection, bulk: &str) -> rusqlite::Result<bool> {
    db.prepare_cached("select 1 from incoming where bulk = $1 and state = 'cancelled'")?
        .exists([bulk])
}

/// The payments of a bulk for which the bank gave its word and does not know how they ended.
pub(in crate::bank) fn reserved_in_bulk(
    db: &Connection,
    bulk: &str,
) -> rusqlite::Result<Vec<Payment>> {
    db.prepare_cached(&format!(
        "select {COLUMNS} from incoming where bulk = $1 and state = 'reserved' order by transfer"
    ))?
    .query_map([bulk], read_payment)?
    .collect()
}
