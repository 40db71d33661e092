//! Bulks of transfers: what the payer sent, how far it has come, and how each of its transfers ended.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use standards::fspiop::{BulkTransferState, IndividualTransferResult};

use super::transfers::{Kept, description, refusal, timestamp, transfers_of};
use crate::kit::fspiop::Refusal;
use crate::payment_switch::model::{Bulk, State};

/// A bulk with what is needed to pass it on, now or after a restart.
#[derive(Debug, Clone)]
pub(in crate::payment_switch) struct KeptBulk {
    pub(in crate::payment_switch) bulk: Bulk,
    /// Hash of the body that asked for it.
    pub(in crate::payment_switch) hash: String,
    pub(in crate::payment_switch) headers: String,
    pub(in crate::payment_switch) body: String,
    pub(in crate::payment_switch) cause: String,
    /// Whether the payee took it.
    pub(in crate::payment_switch) is_forwarded: bool,
    /// Headers and body of the payee's answer, where the payer gets it as it came.
    pub(in crate::payment_switch) answer: Option<(String, String)>,
}

const COLUMNS: &str = "id, payer, payee, expiration, state, answer_hash, completed, error_code,
    error_sentence, hash, headers, body, cause, is_forwarded, answer_headers, answer_body";

/// A bulk by its id.
pub(in crate::payment_switch) fn bulk(
    db: &Connection,
    id: &str,
) -> rusqlite::Result<Option<KeptBulk>> {
    db.prepare_cached(&format!("select {COLUMNS} from bulk where id = $1"))?
        .query_row([id], read)
        .optional()
}

/// Bulks whose end was not told yet, most of them because it has not come.
pub(in crate::payment_switch) fn unfinished_bulks(
    db: &Connection,
) -> rusqlite::Result<Vec<KeptBulk>> {
    db.prepare_cached(&format!("select {COLUMNS} from bulk where is_told = 0 order by id"))?
        .query_map([], read)?
        .collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<KeptBulk> {
    Ok(KeptBulk {
        bulk: Bulk {
            id: row.get(0)?,
            payer: row.get(1)?,
            payee: row.get(2)?,
            expiration: timestamp(row, 3)?,
            state: BulkTransferState::from(row.get::<_, String>(4)?),
            answer_hash: row.get(5)?,
            completed: row.get(6)?,
            error: refusal(row, 7)?,
        },
        hash: row.get(9)?,
        headers: row.get(10)?,
        body: row.get(11)?,
        cause: row.get(12)?,
        is_forwarded: row.get(13)?,
        answer: row.get::<_, Option<String>>(14)?.zip(row.get(15)?),
    })
}

/// Keeps a new bulk; its transfers are kept one by one.
pub(in crate::payment_switch) fn keep_bulk(
    tx: &Connection,
    kept: &KeptBulk,
) -> rusqlite::Result<()> {
    let bulk = &kept.bulk;
    tx.prepare_cached(
        "insert into bulk (id, hash, payer, payee, expiration, state, headers, body, cause, is_forwarded, is_told)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0)",
    )?
    .execute(params![
        bulk.id,
        kept.hash,
        bulk.payer,
        bulk.payee,
        bulk.expiration.to_string(),
        bulk.state.as_str(),
        kept.headers,
        kept.body,
        kept.cause
    ])?;
    Ok(())
}

/// Keeps why one of a bulk's transfers was not even kept as a transfer.
pub(in crate::payment_switch) fn refuse_in_bulk(
    tx: &Connection,
    (bulk, place): (&str, i64),
    transfer: &str,
    why: &Refusal,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into bulk_refusal (bulk, place, transfer, error_code, error_sentence)
         values ($1, $2, $3, $4, $5)",
    )?
    .execute(params![bulk, place, transfer, why.code.number(), description(why)])?;
    Ok(())
}

/// The transfers of a bulk that are reserved, in its order.
pub(in crate::payment_switch) fn reserved_in_bulk(
    db: &Connection,
    bulk: &str,
) -> rusqlite::Result<Vec<Kept>> {
    transfers_of(db, bulk, "state = 'RESERVED'")
}

/// The ids of all transfers that a bulk names, those that were refused among them.
pub(in crate::payment_switch) fn ids_in_bulk(
    db: &Connection,
    bulk: &str,
) -> rusqlite::Result<BTreeSet<String>> {
    db.prepare_cached(
        "select id from transfer where bulk = $1
         union select transfer from bulk_refusal where bulk = $2",
    )?
    .query_map([bulk, bulk], |row| row.get(0))?
    .collect()
}

/// Whether the switch itself refused something in a bulk.
pub(in crate::payment_switch) fn is_reduced(db: &Connection, bulk: &str) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "select 1 from bulk_refusal where bulk = $1
         union all select 1 from transfer where bulk = $2 and state = 'INVALID' limit 1",
    )?
    .exists([bulk, bulk])
}

/// How each transfer of a bulk ended, in its order; those under way are left out.
pub(in crate::payment_switch) fn results(
    db: &Connection,
    bulk: &str,
) -> rusqlite::Result<Vec<IndividualTransferResult>> {
    db.prepare_cached(
        "select place, transfer, null, error_code, error_sentence from bulk_refusal where bulk = $1
             union all
             select place, id, fulfilment, error_code, error_sentence from transfer
             where bulk = $2 and state <> $3 order by 1",
    )?
    .query_map([bulk, bulk, State::Reserved.text()], |row| {
        let (id, proof): (String, Option<String>) = (row.get(1)?, row.get(2)?);
        Ok(match refusal(row, 3)? {
            Some(why) => IndividualTransferResult::refused(id, why.information()),
            None => IndividualTransferResult::fulfilled(id, proof.unwrap_or_default()),
        })
    })?
    .collect()
}

/// How a bulk ends.
#[derive(Debug, Clone, Copy)]
pub(in crate::payment_switch) struct BulkEnd<'a> {
    pub(in crate::payment_switch) state: &'a BulkTransferState,
    pub(in crate::payment_switch) error: Option<&'a Refusal>,
    /// Hash of the payee's answer, where it gave one.
    pub(in crate::payment_switch) hash: Option<&'a str>,
    /// The payee's answer, where the payer gets it as it came.
    pub(in crate::payment_switch) answer: Option<(&'a str, &'a str)>,
}

/// Keeps how a bulk ended.
pub(in crate::payment_switch) fn end_bulk(
    tx: &Connection,
    id: &str,
    end: BulkEnd<'_>,
    (at, cause): (&str, &str),
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update bulk set state = $1, error_code = $2, error_sentence = $3, answer_hash = $4,
            answer_headers = $5, answer_body = $6, completed = $7, cause = $8 where id = $9",
    )?
    .execute(params![
        end.state.as_str(),
        end.error.map(|e| e.code.number()),
        end.error.map(description),
        end.hash,
        end.answer.map(|(headers, _)| headers),
        end.answer.map(|(_, body)| body),
        at,
        cause,
        id
    ])?;
    Ok(())
}

/// Notes how far the payee has come with a bulk that has not ended.
pub(in crate::payment_switch) fn progress(
    tx: &Connection,
    id: &str,
    state: &BulkTransferState,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update bulk set state = $1 where id = $2 and state not in ('COMPLETED', 'REJECTED')",
    )?
    .execute([state.as_str(), id])?;
    Ok(())
}

/// Notes that the payee took a bulk.
pub(in crate::payment_switch) fn mark_bulk_forwarded(
    tx: &Connection,
    id: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached("update bulk set is_forwarded = 1 where id = $1")?.execute([id])?;
    tx.prepare_cached("update bulk set state = 'ACCEPTED' where id = $1 and state = 'PENDING'")?
        .execute([id])?;
    Ok(())
}

/// Notes that the payer was told how a bulk ended.
pub(in crate::payment_switch) fn mark_bulk_told(tx: &Connection, id: &str) -> rusqlite::Result<()> {
    tx.prepare_cached("update bulk set is_told = 1 where id = $1")?.execute([id])?;
    Ok(())
}
