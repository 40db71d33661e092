//! Transfers in every state. Money moves in the same transaction as the state changes.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use standards::fspiop::ErrorCode;
use standards::money::Money;

use super::books::{Move, book};
use super::settlements::open_window;
use crate::kit::fspiop::Refusal;
use crate::payment_switch::model::{Prepare, State, Transfer};

/// A transfer with what is needed to pass it on, now or after a restart.
#[derive(Debug, Clone)]
pub(in crate::payment_switch) struct Kept {
    pub(in crate::payment_switch) transfer: Transfer,
    /// Hash of the body that asked for it.
    pub(in crate::payment_switch) hash: String,
    pub(in crate::payment_switch) headers: String,
    pub(in crate::payment_switch) body: String,
    pub(in crate::payment_switch) cause: String,
    /// Headers and body of the payee's answer, as they came.
    pub(in crate::payment_switch) answer: Option<(String, String)>,
    /// The bulk that it is part of, and its place there.
    pub(in crate::payment_switch) bulk: Option<(String, i64)>,
}

const COLUMNS: &str =
    "id, payer, payee, currency, minor, condition, expiration, state, answer_hash,
    fulfilment, tell_payee, completed, error_code, error_sentence, hash, headers, body, cause,
    answer_headers, answer_body, bulk, place";

/// The payee's answer as it came.
#[derive(Debug, Clone, Copy)]
pub(in crate::payment_switch) struct Answer<'a> {
    pub(in crate::payment_switch) hash: &'a str,
    pub(in crate::payment_switch) headers: &'a str,
    pub(in crate::payment_switch) body: &'a str,
}

/// A transfer by its id.
pub(in crate::payment_switch) fn transfer(
    db: &Connection,
    id: &str,
) -> rusqlite::Result<Option<Kept>> {
    db.prepare_cached(&format!("select {COLUMNS} from transfer where id = $1"))?
        .query_row([id], read)
        .optional()
}

/// Single transfers whose end was not told to everybody: those that are reserved, and ended ones.
pub(in crate::payment_switch) fn unfinished(db: &Connection) -> rusqlite::Result<Vec<Kept>> {
    db.prepare_cached(&format!(
        "select {COLUMNS} from transfer
         where is_told = 0 and bulk is null order by id"
    ))?
    .query_map([], read)?
    .collect()
}

/// The transfers of a bulk of which `holds` is true, in its order.
pub(super) fn transfers_of(
    db: &Connection,
    bulk: &str,
    holds: &str,
) -> rusqlite::Result<Vec<Kept>> {
    db.prepare_cached(&format!(
        "select {COLUMNS} from transfer where bulk = $1 and {holds} order by place"
    ))?
    .query_map([bulk], read)?
    .collect()
}

/// A refusal as it is told, which is how it is kept.
pub(super) fn description(why: &Refusal) -> String {
    why.information().error_description
}

/// The refusal whose code stands in `column`, and its sentence in the next.
pub(super) fn refusal(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Refusal>> {
    let code: Option<u16> = row.get(column)?;
    let sentence: Option<String> = row.get(column + 1)?;
    let code = code.and_then(|code| ErrorCode::try_from(code.to_string()).ok());
    Ok(code.map(|code| Refusal::said(code, sentence.unwrap_or_default())))
}

/// The moment in `column`.
pub(super) fn timestamp(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get::<_, String>(column)?.parse().map_err(|e| unreadable(column, e))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let currency: String = row.get(3)?;
    let prepare = Prepare {
        id: row.get(0)?,
        payer: row.get(1)?,
        payee: row.get(2)?,
        amount: Money::new(row.get(4)?, currency.parse().map_err(|e| unreadable(3, e))?),
        condition: row.get(5)?,
        expiration: timestamp(row, 6)?,
    };
    let state: String = row.get(7)?;
    let state = State::parse(&state).ok_or_else(|| unreadable(7, UnknownState(state)))?;
    Ok(Kept {
        transfer: Transfer {
            prepare,
            state,
            answer_hash: row.get(8)?,
            fulfilment: row.get(9)?,
            tell_payee: row.get(10)?,
            completed: row.get(11)?,
            error: refusal(row, 12)?,
        },
        hash: row.get(14)?,
        headers: row.get(15)?,
        body: row.get(16)?,
        cause: row.get(17)?,
        answer: row.get::<_, Option<String>>(18)?.zip(row.get(19)?),
        bulk: row.get::<_, Option<String>>(20)?.zip(row.get(21)?),
    })
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no state of a transfer")]
struct UnknownState(String);

fn unreadable(
    column: usize,
    error: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
}

/// Keeps a new transfer and sets the payer's money aside.
pub(in crate::payment_switch) fn reserve(
    tx: &Connection,
    kept: &Kept,
    at: &str,
) -> rusqlite::Result<()> {
    insert(tx, kept, false)?;
    book(tx, &kept.transfer.prepare, Move::Reserve, at)
}

/// Keeps a transfer that never was valid, so that its id is known.
pub(in crate::payment_switch) fn keep_invalid(
    tx: &Connection,
    kept: &Kept,
) -> rusqlite::Result<()> {
    insert(tx, kept, true)
}

fn insert(tx: &Connection, kept: &Kept, is_told: bool) -> rusqlite::Result<()> {
    let Transfer { prepare, state, error, completed, .. } = &kept.transfer;
    tx.prepare_cached(
        "insert into transfer (id, hash, payer, payee, currency, minor, condition, expiration, state,
            headers, body, cause, tell_payee, completed, error_code, error_sentence, is_told,
            bulk, place)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, $14, $15, $16, $17, $18)",
    )?
    .execute(params![
        prepare.id,
        kept.hash,
        prepare.payer,
        prepare.payee,
        prepare.amount.currency.as_str(),
        prepare.amount.minor,
        prepare.condition,
        prepare.expiration.to_string(),
        state.text(),
        kept.headers,
        kept.body,
        kept.cause,
        completed,
        error.as_ref().map(|e| e.code.number()),
        error.as_ref().map(description),
        is_told,
        kept.bulk.as_ref().map(|(bulk, _)| bulk),
        kept.bulk.as_ref().map(|(_, place)| place),
    ])?;
    Ok(())
}

/// Gives the money to the payee.
pub(in crate::payment_switch) fn commit(
    tx: &Connection,
    transfer: &Prepare,
    (fulfilment, tell_payee): (&str, bool),
    answer: Option<Answer<'_>>,
    (at, cause): (&str, &str),
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update transfer set fulfilment = $1, tell_payee = $2, settlement_window = $3 where id = $4",
    )?
    .execute(params![fulfilment, tell_payee, open_window(tx, at)?, transfer.id])?;
    end(tx, &transfer.id, State::Committed, answer, (at, cause))?;
    book(tx, transfer, Move::Commit, at)
}

/// Gives the money back to the payer.
pub(in crate::payment_switch) fn abort(
    tx: &Connection,
    transfer: &Prepare,
    (state, why): (State, &Refusal),
    answer: Option<Answer<'_>>,
    (at, cause): (&str, &str),
) -> rusqlite::Result<()> {
    tx.prepare_cached("update transfer set error_code = $1, error_sentence = $2 where id = $3")?
        .execute(params![why.code.number(), description(why), transfer.id])?;
    end(tx, &transfer.id, state, answer, (at, cause))?;
    book(tx, transfer, Move::GiveBack, at)
}

fn end(
    tx: &Connection,
    id: &str,
    state: State,
    answer: Option<Answer<'_>>,
    (at, cause): (&str, &str),
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update transfer set state = $1, answer_hash = $2, answer_headers = $3, answer_body = $4,
            completed = $5, cause = $6 where id = $7",
    )?
    .execute(params![
        state.text(),
        answer.map(|a| a.hash),
        answer.map(|a| a.headers),
        answer.map(|a| a.body),
        at,
        cause,
        id
    ])?;
    Ok(())
}

/// Notes that the payee of a transfer that was aborted had reserved it, and waits to be told.
pub(in crate::payment_switch) fn expect_notice(tx: &Connection, id: &str) -> rusqlite::Result<()> {
    tx.prepare_cached("update transfer set tell_payee = 1 where id = $1")?.execute([id])?;
    Ok(())
}

/// Notes that everybody was told how a transfer ended.
pub(in crate::payment_switch) fn mark_told(tx: &Connection, id: &str) -> rusqlite::Result<()> {
    tx.prepare_cached("update transfer set is_told = 1 where id = $1")?.execute([id])?;
    Ok(())
}
