//! Bundles: payments of one list to one bank, which travel as one bulk of quotes and one bulk of transfers. A state is
//! kept before the message leaves that belongs to it.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use standards::fspiop::DateTime;

use super::instructions::{COLUMNS as PAYMENT, Instruction, read as read_payment, rename_quote};
use crate::payment_hub::model::{BundleState, State};

/// A bundle.
#[derive(Debug, Clone)]
pub(in crate::payment_hub) struct Bundle {
    pub(in crate::payment_hub) id: i64,
    pub(in crate::payment_hub) batch: i64,
    pub(in crate::payment_hub) payee_bank: String,
    pub(in crate::payment_hub) state: BundleState,
    pub(in crate::payment_hub) bulk_quote_id: String,
    pub(in crate::payment_hub) bulk_transfer_id: String,
    /// Until when the switch may carry the transfers out.
    pub(in crate::payment_hub) expiration: Option<DateTime>,
    /// What was paid and what was not when it ended, in minor units: what the treasury books.
    pub(in crate::payment_hub) paid_minor: i64,
    pub(in crate::payment_hub) failed_minor: i64,
    pub(in crate::payment_hub) cause: String,
}

const COLUMNS: &str = "id, batch, payee_bank, state, bulk_quote_id, bulk_transfer_id, expiration,
    paid_minor, failed_minor, cause";

/// Keeps a new bundle with these payments; its id must be new.
pub(in crate::payment_hub) fn add_bundle(
    tx: &Connection,
    new: &Bundle,
    payments: &[i64],
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into bundle (id, batch, payee_bank, state, bulk_quote_id, bulk_transfer_id,
            paid_minor, failed_minor, is_settled, attempt, cause)
         values ($1, $2, $3, $4, $5, $6, 0, 0, 1, 0, $7)",
    )?
    .execute(params![
        new.id,
        new.batch,
        new.payee_bank,
        new.state.text(),
        new.bulk_quote_id,
        new.bulk_transfer_id,
        new.cause
    ])?;
    let mut join = tx.prepare_cached("update instruction set bundle = $1 where id = $2")?;
    payments.iter().try_for_each(|payment| join.execute([new.id, *payment]).map(drop))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Bundle> {
    let state = BundleState::parse(&row.get::<_, String>(3)?);
    let expiration: Option<String> = row.get(6)?;
    Ok(Bundle {
        id: row.get(0)?,
        batch: row.get(1)?,
        payee_bank: row.get(2)?,
        state: state.ok_or(rusqlite::Error::InvalidQuery)?,
        bulk_quote_id: row.get(4)?,
        bulk_transfer_id: row.get(5)?,
        expiration: expiration.and_then(|text| DateTime::try_from(text).ok()),
        paid_minor: row.get(7)?,
        failed_minor: row.get(8)?,
        cause: row.get(9)?,
    })
}

/// A bundle by its number.
pub(in crate::payment_hub) fn bundle(db: &Connection, id: i64) -> rusqlite::Result<Option<Bundle>> {
    db.prepare_cached(&format!("select {COLUMNS} from bundle where id = $1"))?
        .query_row([id], read)
        .optional()
}

/// The bundle that a callback is about: by `bulk_quote_id` or `bulk_transfer_id`.
pub(in crate::payment_hub) fn bundle_of(
    db: &Connection,
    (column, id): (&'static str, &str),
) -> rusqlite::Result<Option<Bundle>> {
    db.prepare_cached(&format!("select {COLUMNS} from bundle where {column} = $1"))?
        .query_row([id], read)
        .optional()
}

/// Bundles that are under way, oldest first.
pub(in crate::payment_hub) fn open_bundles(db: &Connection) -> rusqlite::Result<Vec<Bundle>> {
    many(db, "state <> 'ended'")
}

/// Bundles that ended and whose funds are still set aside.
pub(in crate::payment_hub) fn unsettled_bundles(db: &Connection) -> rusqlite::Result<Vec<Bundle>> {
    many(db, "state = 'ended' and is_settled = 0")
}

fn many(db: &Connection, which: &str) -> rusqlite::Result<Vec<Bundle>> {
    db.prepare_cached(&format!("select {COLUMNS} from bundle where {which} order by id"))?
        .query_map([], read)?
        .collect()
}

/// The next bundle to send off: of `batch` first, else one that had to queue. None while `most` are on their way; those of
/// `batch` queue then.
pub(in crate::payment_hub) fn next_planned(
    tx: &Connection,
    batch: i64,
    most: i64,
) -> rusqlite::Result<Option<Bundle>> {
    let on_their_way: i64 = tx
        .prepare_cached(
            "select count(*) from bundle where state in ('quoting', 'transferring', 'in_doubt')",
        )?
        .query_row([], |row| row.get(0))?;
    if on_their_way >= most {
        tx.prepare_cached(
            "update bundle set state = 'queued' where batch = $1 and state = 'planned'",
        )?
        .execute([batch])?;
        return Ok(None);
    }
    tx.prepare_cached(&format!(
        "select {COLUMNS} from bundle where state = 'queued' or (state = 'planned' and batch = $1)
         order by case when batch = $1 then 0 else 1 end, id limit 1"
    ))?
    .query_row([batch], read)
    .optional()
}

/// Moves a bundle on with those of its payments that stand in `from`; the caller has seen that the bundle may.
pub(in crate::payment_hub) fn move_bundle(
    tx: &Connection,
    id: i64,
    to: BundleState,
    (from, payments_to): (State, State),
    (at, cause): (&str, &str),
) -> rusqlite::Result<()> {
    tx.prepare_cached("update bundle set state = $1, attempt = 0, cause = $2 where id = $3")?
        .execute(params![to.text(), cause, id])?;
    tx.prepare_cached(
        "update instruction set state = $1, since = $2, is_settled = 0 where bundle = $3 and state = $4",
    )?
    .execute(params![payments_to.text(), at, id, from.text()])?;
    Ok(())
}

/// Gives a bundle's question for quotes new ids: one that was interrupted is asked anew, which moves no money.
pub(in crate::payment_hub) fn rename_quotes(
    tx: &Connection,
    (id, bulk_quote_id): (i64, &str),
    quote_ids: &[(i64, String)],
) -> rusqlite::Result<()> {
    tx.prepare_cached("update bundle set bulk_quote_id = $1 where id = $2")?
        .execute(params![bulk_quote_id, id])?;
    quote_ids.iter().try_for_each(|(payment, quote)| rename_quote(tx, *payment, quote))
}

/// Sets until when the transfers may be carried out.
pub(in crate::payment_hub) fn set_bundle_expiration(
    tx: &Connection,
    id: i64,
    expiration: &DateTime,
) -> rusqlite::Result<()> {
    tx.prepare_cached("update bundle set expiration = $1 where id = $2")?
        .execute(params![expiration.as_str(), id])?;
    Ok(())
}

/// Takes a bundle apart of which nothing was sent: its payments travel alone from here on.
pub(in crate::payment_hub) fn free_members(
    tx: &Connection,
    id: i64,
    at: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update instruction set bundle = null, state = 'received', since = $1, is_settled = 1
         where bundle = $2",
    )?
    .execute(params![at, id])?;
    Ok(())
}

/// Ends a bundle. What its payments that have ended amount to is the bundle's to settle from here on.
pub(in crate::payment_hub) fn end_bundle(
    tx: &Connection,
    id: i64,
    cause: &str,
) -> rusqlite::Result<()> {
    let sum = |state: State| -> rusqlite::Result<i64> {
        tx.prepare_cached(
            "select coalesce(sum(minor), 0) from instruction
             where bundle = $1 and state = $2 and is_settled = 0",
        )?
        .query_row(params![id, state.text()], |row| row.get(0))
    };
    let (paid, failed) = (sum(State::Paid)?, sum(State::Failed)?);
    tx.prepare_cached(
        "update bundle set state = 'ended', attempt = 0, is_settled = 0, paid_minor = $1,
            failed_minor = $2, cause = $3 where id = $4",
    )?
    .execute(params![paid, failed, cause, id])?;
    tx.prepare_cached(
        "update instruction set is_settled = 1 where bundle = $1 and state in ('paid', 'failed')",
    )?
    .execute([id])?;
    Ok(())
}

/// Notes that the treasury booked the end of a bundle.
pub(in crate::payment_hub) fn mark_bundle_settled(
    tx: &Connection,
    id: i64,
) -> rusqlite::Result<()> {
    tx.prepare_cached("update bundle set is_settled = 1 where id = $1")?.execute([id])?;
    Ok(())
}

/// Counts one more try of what a bundle waits for, and gives the count.
pub(in crate::payment_hub) fn count_bundle_try(tx: &Connection, id: i64) -> rusqlite::Result<u32> {
    tx.prepare_cached("update bundle set attempt = attempt + 1 where id = $1 returning attempt")?
        .query_row([id], |row| row.get(0))
}

/// The payments of a bundle, in their order.
pub(in crate::payment_hub) fn members(
    db: &Connection,
    bundle: i64,
) -> rusqlite::Result<Vec<Instruction>> {
    db.prepare_cached(&format!("select {PAYMENT} from instruction where bundle = $1 order by id"))?
        .query_map([bundle], read_payment)?
        .collect()
}
