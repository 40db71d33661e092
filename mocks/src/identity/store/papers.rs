//! Paper credentials that were issued: one of a kind for a person, found again by its id.

use rusqlite::{Connection, OptionalExtension as _, params};

/// The paper of a kind that a person has: its id and when it was issued.
pub(in crate::identity) fn of(
    db: &Connection,
    uin: &str,
    kind: &str,
) -> rusqlite::Result<Option<(String, String)>> {
    db.prepare_cached("select id, issued from paper where uin = $1 and kind = $2")?
        .query_row([uin, kind], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

/// Keeps a paper that is issued.
pub(in crate::identity) fn add(
    tx: &Connection,
    (id, issued): (&str, &str),
    uin: &str,
    kind: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached("insert into paper (id, uin, kind, issued) values ($1, $2, $3, $4)")?
        .execute(params![id, uin, kind, issued])?;
    Ok(())
}

/// About whom the paper with this id is.
pub(in crate::identity) fn about(db: &Connection, id: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("select uin from paper where id = $1")?
        .query_row([id], |row| row.get(0))
        .optional()
}
