//! Packets for Arenoa ID: which event each is about, and whether it was taken.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::civil_registry::link::messages::Process;

/// A packet that was not taken yet.
#[derive(Debug, Clone)]
pub(in crate::civil_registry) struct Waiting {
    pub(in crate::civil_registry) id: String,
    pub(in crate::civil_registry) event: i64,
    pub(in crate::civil_registry) process: Process,
    pub(in crate::civil_registry) attempt: u32,
    pub(in crate::civil_registry) traceparent: String,
    pub(in crate::civil_registry) tracestate: String,
}

const COLUMNS: &str = "registration_id, event, process, attempt, traceparent, tracestate";

/// Keeps a packet that is to be sent, with what it was sent for.
pub(in crate::civil_registry) fn add(
    tx: &Connection,
    id: &str,
    event: i64,
    process: Process,
    (traceparent, tracestate): (&str, &str),
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into packet (registration_id, event, process, state, attempt, problem, traceparent, tracestate)
         values ($1, $2, $3, 'waiting', 0, '', $4, $5)",
    )?
    .execute(params![id, event, process.word(), traceparent, tracestate])?;
    Ok(())
}

/// The packet, where it still waits.
pub(in crate::civil_registry) fn waiting(
    db: &Connection,
    id: &str,
) -> rusqlite::Result<Option<Waiting>> {
    let sql =
        format!("select {COLUMNS} from packet where registration_id = $1 and state = 'waiting'");
    db.prepare_cached(&sql)?.query_row([id], read).optional()
}

/// Whether an earlier packet about the same event still waits.
pub(in crate::civil_registry) fn is_behind(
    db: &Connection,
    one: &Waiting,
) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "select 1 from packet where event = $1 and state = 'waiting' and registration_id < $2",
    )?
    .exists(params![one.event, one.id])
}

/// Sends none of what still waits about an event.
pub(in crate::civil_registry) fn withdraw(tx: &Connection, event: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update packet set state = 'withdrawn', problem = 'the entry was annulled'
         where event = $1 and state = 'waiting'",
    )?
    .execute([event])
    .map(drop)
}

/// All that wait, in their order.
pub(in crate::civil_registry) fn all_waiting(db: &Connection) -> rusqlite::Result<Vec<Waiting>> {
    let sql =
        format!("select {COLUMNS} from packet where state = 'waiting' order by registration_id");
    db.prepare_cached(&sql)?.query_map([], read)?.collect()
}

/// The event that a packet for a new identity was about.
pub(in crate::civil_registry) fn event_of(
    db: &Connection,
    id: &str,
) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("select event from packet where registration_id = $1 and process = $2")?
        .query_row([id, Process::New.word()], |row| row.get(0))
        .optional()
}

/// Notes what became of an attempt; one that is to be made again is counted.
pub(in crate::civil_registry) fn note(
    tx: &Connection,
    id: &str,
    state: &str,
    problem: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update packet set state = $1, problem = $2, attempt = attempt + 1 where registration_id = $3",
    )?
    .execute([state, problem, id])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Waiting> {
    let word: String = row.get(2)?;
    let unknown =
        || rusqlite::Error::InvalidColumnType(2, word.clone(), rusqlite::types::Type::Text);
    Ok(Waiting {
        id: row.get(0)?,
        event: row.get(1)?,
        process: Process::read(&word).ok_or_else(unknown)?,
        attempt: row.get(3)?,
        traceparent: row.get(4)?,
        tracestate: row.get(5)?,
    })
}
