//! Events: the document with its log, and beside it what lists and searches ask by.

use rusqlite::types::Type;
use rusqlite::{Connection, Error, OptionalExtension, Row, params};
use serde_json::Value;
use uuid::Uuid;

use crate::civil_registry::model::event::{Event, EventType, Fields, tracking_id};
use crate::kit::registry::folded;
use crate::kit::store::{next_number, unwritable};

/// An event as the archive has it.
#[derive(Debug, Clone)]
pub(in crate::civil_registry) struct Kept {
    pub(in crate::civil_registry) number: i64,
    pub(in crate::civil_registry) event: Event,
    /// What an annulment puts back: marital status by UIN.
    pub(in crate::civil_registry) undo: Fields,
}

const COLUMNS: &str = "number, document, undo";

/// Opens an event of that kind; its ids follow from its number.
pub(in crate::civil_registry) fn open(
    db: &Connection,
    kind: EventType,
    at: &str,
) -> rusqlite::Result<Kept> {
    let number = next_number(db, "event")?;
    let name = format!("civil-registry/event/{number}");
    let event = Event {
        id: Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()).to_string(),
        kind,
        tracking_id: tracking_id(number),
        created_at: at.into(),
        updated_at: at.into(),
        actions: Vec::new(),
    };
    Ok(Kept { number, event, undo: Fields::new() })
}

/// Keeps the event as it is now.
pub(in crate::civil_registry) fn save(db: &Connection, kept: &Kept) -> rusqlite::Result<()> {
    let event = &kept.event;
    let declaration = event.declaration();
    let first = event.actions.first();
    db.prepare_cached(
        "insert into event (number, id, kind, status, flags, tracking_id, registration_number, date_of_event,
           created_by, transaction_id, created_at, updated_at, document, undo)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         on conflict (number) do update set status = excluded.status, flags = excluded.flags,
           registration_number = excluded.registration_number, date_of_event = excluded.date_of_event,
           updated_at = excluded.updated_at, document = excluded.document, undo = excluded.undo",
    )?
    .execute(params![
        kept.number,
        event.id,
        event.kind.word(),
        event.status().word(),
        format!(" {} ", event.flags().join(" ")),
        event.tracking_id,
        event.registration_number(),
        date_of_event(event.kind, &declaration),
        first.map(|a| a.created_by.as_str()).unwrap_or_default(),
        first.map(|a| a.transaction_id.as_str()).filter(|id| !id.is_empty()),
        event.created_at,
        event.updated_at,
        text_of(&event)?,
        text_of(&kept.undo)?,
    ])?;
    db.prepare_cached("delete from event_field where event = $1")?.execute([kept.number])?;
    let mut insert =
        db.prepare_cached("insert into event_field (event, name, value) values ($1, $2, $3)")?;
    for (name, value) in &declaration {
        if let Some(value) = searchable(value) {
            insert.execute(params![kept.number, name, value])?;
        }
    }
    Ok(())
}

/// The day on which it happened, where the form says so.
pub(in crate::civil_registry) fn date_of_event(
    kind: EventType,
    declaration: &Fields,
) -> Option<String> {
    let field = if kind == EventType::Birth { "child.dob" } else { "eventDetails.date" };
    declaration.get(field)?.as_str().map(str::to_owned)
}

/// How a value is compared: texts in small letters, a name as one text.
fn searchable(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(folded(text)),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Object(parts) => {
            let part = |name: &str| parts.get(name).and_then(Value::as_str);
            let parts = ["firstname", "middlename", "surname"].into_iter().filter_map(part);
            let whole = parts.collect::<Vec<_>>().join(" ");
            (!whole.is_empty()).then(|| folded(&whole))
        }
        Value::Null | Value::Array(_) => None,
    }
}

/// The event with that id.
pub(in crate::civil_registry) fn find(db: &Connection, id: &str) -> rusqlite::Result<Option<Kept>> {
    one(db, &format!("select {COLUMNS} from event where id = $1"), &[&id])
}

/// The event whose entry has that number.
pub(in crate::civil_registry) fn of_entry(
    db: &Connection,
    number: &str,
) -> rusqlite::Result<Option<Kept>> {
    one(db, &format!("select {COLUMNS} from event where registration_number = $1"), &[&number])
}

/// The event that somebody opened with that transaction id.
pub(in crate::civil_registry) fn of_transaction(
    db: &Connection,
    by: &str,
    id: &str,
) -> rusqlite::Result<Option<Kept>> {
    let sql = format!("select {COLUMNS} from event where created_by = $1 and transaction_id = $2");
    one(db, &sql, &[&by, &id])
}

/// The event with that number of the archive.
pub(in crate::civil_registry) fn by_number(
    db: &Connection,
    number: i64,
) -> rusqlite::Result<Option<Kept>> {
    one(db, &format!("select {COLUMNS} from event where number = $1"), &[&number])
}

/// The newest events, at most `limit`; only those with `status` and with `flag` where they are given.
pub(in crate::civil_registry) fn list(
    db: &Connection,
    status: &str,
    flag: &str,
    limit: u32,
) -> rusqlite::Result<Vec<Kept>> {
    let mut query = db.prepare_cached(
        "select number, document, undo from event
         where ($1 = '' or status = $1) and ($2 = '' or flags like '% ' || $2 || ' %')
         order by updated_at desc, number desc limit $3",
    )?;
    query.query_map(params![status, flag, limit], read)?.collect()
}

fn one(
    db: &Connection,
    sql: &str,
    values: &[&dyn rusqlite::ToSql],
) -> rusqlite::Result<Option<Kept>> {
    db.prepare_cached(sql)?.query_row(values, read).optional()
}

/// Reads a line of [`COLUMNS`].
pub(in crate::civil_registry) fn read(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let parsed = |column: usize| -> rusqlite::Result<Value> {
        let text: String = row.get(column)?;
        serde_json::from_str(&text)
            .map_err(|e| Error::FromSqlConversionFailure(column, Type::Text, e.into()))
    };
    let event = serde_json::from_value(parsed(1)?);
    let event = event.map_err(|e| Error::FromSqlConversionFailure(1, Type::Text, e.into()))?;
    let undo = serde_json::from_value(parsed(2)?);
    let undo = undo.map_err(|e| Error::FromSqlConversionFailure(2, Type::Text, e.into()))?;
    Ok(Kept { number: row.get(0)?, event, undo })
}

fn text_of(value: &impl serde::Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(unwritable)
}
