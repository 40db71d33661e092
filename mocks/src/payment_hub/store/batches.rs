//! Payment lists as they came, and how far each has come.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::Value;
use standards::dci::TransactionId;
use standards::money::Currency;

use crate::payment_hub::model::Face;

/// How far a payment list has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::payment_hub) enum BatchState {
    /// Kept; its funds are not set aside yet.
    Received,
    /// Its funds are set aside, and its payments are under way.
    Running,
    /// Every payment has ended; the sender is not told yet.
    Ended,
    /// The sender was told.
    Reported,
}

impl BatchState {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Received, "received"),
        (Self::Running, "running"),
        (Self::Ended, "ended"),
        (Self::Reported, "reported"),
    ];

    pub(in crate::payment_hub) fn text(self) -> &'static str {
        Self::ALL.into_iter().find(|(state, _)| *state == self).map_or("received", |(_, t)| t)
    }
}

/// A payment list.
#[derive(Debug, Clone)]
pub(in crate::payment_hub) struct Batch {
    pub(in crate::payment_hub) id: i64,
    /// At which counter it was handed in.
    pub(in crate::payment_hub) face: Face,
    pub(in crate::payment_hub) sender: String,
    pub(in crate::payment_hub) transaction_id: TransactionId,
    /// The hub's name for it.
    pub(in crate::payment_hub) correlation: String,
    /// Where the sender is told how it ended; none where it asks by itself.
    pub(in crate::payment_hub) callback: Option<String>,
    /// What the counter needs of the request to answer it later.
    pub(in crate::payment_hub) asked: Value,
    pub(in crate::payment_hub) payer_account: String,
    pub(in crate::payment_hub) currency: Currency,
    /// Where the treasury set its funds aside.
    pub(in crate::payment_hub) block: Option<String>,
    pub(in crate::payment_hub) state: BatchState,
    pub(in crate::payment_hub) attempt: u32,
    pub(in crate::payment_hub) cause: String,
}

const COLUMNS: &str =
    "id, face, sender, transaction_id, correlation, callback, asked, payer_account, currency,
    block, state, attempt, cause";

/// Keeps a new payment list; `id` must be new.
pub(in crate::payment_hub) fn add_batch(tx: &Connection, batch: &Batch) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!(
        "insert into batch ({COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    ))?
    .execute(params![
        batch.id,
        batch.face.text(),
        batch.sender,
        json(&batch.transaction_id),
        batch.correlation,
        batch.callback,
        json(&batch.asked),
        batch.payer_account,
        batch.currency.as_str(),
        batch.block,
        batch.state.text(),
        batch.attempt,
        batch.cause
    ])?;
    Ok(())
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Batch> {
    let wrong = |_| rusqlite::Error::InvalidQuery;
    let state: String = row.get(10)?;
    let state = BatchState::ALL.into_iter().find(|(_, text)| *text == state);
    Ok(Batch {
        id: row.get(0)?,
        face: Face::parse(&row.get::<_, String>(1)?).ok_or(rusqlite::Error::InvalidQuery)?,
        sender: row.get(2)?,
        transaction_id: serde_json::from_str(&row.get::<_, String>(3)?).map_err(wrong)?,
        correlation: row.get(4)?,
        callback: row.get(5)?,
        asked: serde_json::from_str(&row.get::<_, String>(6)?).map_err(wrong)?,
        payer_account: row.get(7)?,
        currency: row.get::<_, String>(8)?.parse().map_err(|_| rusqlite::Error::InvalidQuery)?,
        block: row.get(9)?,
        state: state.ok_or(rusqlite::Error::InvalidQuery)?.0,
        attempt: row.get(11)?,
        cause: row.get(12)?,
    })
}

/// A payment list by its number.
pub(in crate::payment_hub) fn batch(db: &Connection, id: i64) -> rusqlite::Result<Option<Batch>> {
    db.prepare_cached(&format!("select {COLUMNS} from batch where id = $1"))?
        .query_row([id], read)
        .optional()
}

/// The payment list with this correlation id.
pub(in crate::payment_hub) fn batch_of_correlation(
    db: &Connection,
    correlation: &str,
) -> rusqlite::Result<Option<Batch>> {
    db.prepare_cached(&format!("select {COLUMNS} from batch where correlation = $1"))?
        .query_row([correlation], read)
        .optional()
}

/// The payment lists that a sender named so, oldest first.
pub(in crate::payment_hub) fn batches_of_transaction(
    db: &Connection,
    (sender, transaction_id): (&str, &TransactionId),
) -> rusqlite::Result<Vec<Batch>> {
    db.prepare_cached(&format!(
        "select {COLUMNS} from batch where sender = $1 and transaction_id = $2 order by id"
    ))?
    .query_map([sender, &json(transaction_id)], read)?
    .collect()
}

/// The list of this name that came in first at a counter: there a sender's name stands for one list.
pub(in crate::payment_hub) fn batch_named(
    db: &Connection,
    face: Face,
    (sender, transaction_id): (&str, &TransactionId),
) -> rusqlite::Result<Option<Batch>> {
    db.prepare_cached(&format!(
        "select {COLUMNS} from batch where sender = $1 and transaction_id = $2 and face = $3
         order by id limit 1"
    ))?
    .query_row([sender, &json(transaction_id), face.text()], read)
    .optional()
}

/// Payment lists whose sender was not told yet, oldest first.
pub(in crate::payment_hub) fn unfinished_batches(db: &Connection) -> rusqlite::Result<Vec<Batch>> {
    db.prepare_cached(&format!(
        "select {COLUMNS} from batch where state <> 'reported' order by id"
    ))?
    .query_map([], read)?
    .collect()
}

/// The newest payment lists, newest first.
pub(in crate::payment_hub) fn recent_batches(
    db: &Connection,
    most: i64,
) -> rusqlite::Result<Vec<Batch>> {
    db.prepare_cached(&format!("select {COLUMNS} from batch order by id desc limit $1"))?
        .query_map([most], read)?
        .collect()
}

/// A page of lists, the newest first, and how many there are.
pub(in crate::payment_hub) fn batches_page(
    db: &Connection,
    (offset, size): (i64, i64),
) -> rusqlite::Result<(Vec<Batch>, i64)> {
    let count = db.prepare_cached("select count(*) from batch")?.query_row([], |row| row.get(0))?;
    let page = db
        .prepare_cached(&format!(
            "select {COLUMNS} from batch order by id desc limit $1 offset $2"
        ))?
        .query_map([size, offset], read)?
        .collect::<rusqlite::Result<_>>()?;
    Ok((page, count))
}

/// Notes where the funds of a list are set aside: its payments may begin. Says whether they had not begun before.
pub(in crate::payment_hub) fn fund_batch(
    tx: &Connection,
    id: i64,
    block: &str,
) -> rusqlite::Result<bool> {
    let funded = tx
        .prepare_cached(
            "update batch set block = $1, state = 'running', attempt = 0
             where id = $2 and state = 'received'",
        )?
        .execute(params![block, id])?;
    Ok(funded == 1)
}

/// Moves a list on. Says whether it stood where it was expected.
pub(in crate::payment_hub) fn enter_batch(
    tx: &Connection,
    id: i64,
    (from, to): (&[BatchState], BatchState),
) -> rusqlite::Result<bool> {
    let stands: String = tx
        .prepare_cached("select state from batch where id = $1")?
        .query_row([id], |r| r.get(0))?;
    if !from.iter().any(|state| state.text() == stands) {
        return Ok(false);
    }
    tx.prepare_cached("update batch set state = $1, attempt = 0 where id = $2")?
        .execute(params![to.text(), id])?;
    Ok(true)
}

/// Counts one more try of what the list waits for, and gives the count.
pub(in crate::payment_hub) fn count_attempt(tx: &Connection, id: i64) -> rusqlite::Result<u32> {
    tx.prepare_cached("update batch set attempt = attempt + 1 where id = $1 returning attempt")?
        .query_row([id], |row| row.get(0))
}
