//! Deaths that were noted: since when, for how long the identity goes on, and how it stood before.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::identity::model::person::Status;

/// A death as it was noted.
#[derive(Debug, Clone)]
pub(in crate::identity) struct Noted {
    pub(in crate::identity) uin: String,
    pub(in crate::identity) date: String,
    pub(in crate::identity) number: String,
    /// Until when the identity goes on as if nothing had happened.
    pub(in crate::identity) until: Option<String>,
    pub(in crate::identity) status_before: Status,
}

const COLUMNS: &str = "uin, date, number, until, status_before";

/// Keeps it.
pub(in crate::identity) fn keep(tx: &Connection, note: &Noted) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!("insert into death ({COLUMNS}) values ($1, $2, $3, $4, $5)"))?
        .execute(params![
            note.uin,
            note.date,
            note.number,
            note.until,
            note.status_before.word()
        ])?;
    Ok(())
}

/// What was noted about that person.
pub(in crate::identity) fn noted(db: &Connection, uin: &str) -> rusqlite::Result<Option<Noted>> {
    db.prepare_cached(&format!("select {COLUMNS} from death where uin = $1"))?
        .query_row([uin], read)
        .optional()
}

/// Everybody whose grace has not ended.
pub(in crate::identity) fn in_grace(db: &Connection) -> rusqlite::Result<Vec<Noted>> {
    let sql = format!("select {COLUMNS} from death where until is not null order by uin");
    db.prepare_cached(&sql)?.query_map([], read)?.collect()
}

/// The grace has ended.
pub(in crate::identity) fn end_grace(tx: &Connection, uin: &str) -> rusqlite::Result<()> {
    tx.prepare_cached("update death set until = null where uin = $1")?.execute([uin])?;
    Ok(())
}

/// Nobody died.
pub(in crate::identity) fn take_back(tx: &Connection, uin: &str) -> rusqlite::Result<()> {
    tx.prepare_cached("delete from death where uin = $1")?.execute([uin])?;
    tx.prepare_cached("update person set deceased_on = null, deceased_by = null where uin = $1")?
        .execute([uin])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Noted> {
    let word: String = row.get(4)?;
    Ok(Noted {
        uin: row.get(0)?,
        date: row.get(1)?,
        number: row.get(2)?,
        until: row.get(3)?,
        // A word that nobody of ours wrote bars the person rather than letting them in.
        status_before: Status::read(&word).unwrap_or(Status::Blocked),
    })
}
