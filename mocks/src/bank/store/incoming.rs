//! Quotes that were given, and payments that came in for them.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use standards::money::{Currency, Money};

use super::accounts::{balance, customer, scheme};
use crate::bank::model::Incoming;
use crate::kit::ledger::{self, Posting};

/// A quote that the bank gave, with the secret half of its promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::bank) struct Quote {
    pub(in crate::bank) id: String,
    pub(in crate::bank) hash: String,
    pub(in crate::bank) account: String,
    /// Who pays, as a statement names it.
    pub(in crate::bank) payer: String,
    pub(in crate::bank) amount: Money,
    pub(in crate::bank) ilp_packet: String,
    pub(in crate::bank) condition: String,
    pub(in crate::bank) fulfilment: String,
    pub(in crate::bank) expiration: Timestamp,
}

/// A payment into an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::bank) struct Payment {
    pub(in crate::bank) transfer: String,
    pub(in crate::bank) hash: String,
    pub(in crate::bank) account: String,
    pub(in crate::bank) payer: String,
    pub(in crate::bank) amount: Money,
    pub(in crate::bank) fulfilment: String,
    pub(in crate::bank) state: Incoming,
    /// When the bank gave its word.
    pub(in crate::bank) reserved: String,
    pub(in crate::bank) expiration: Timestamp,
    pub(in crate::bank) cause: String,
    /// The bulk that it came in.
    pub(in crate::bank) bulk: Option<String>,
}

/// A quote by its id.
pub(in crate::bank) fn find_quote(db: &Connection, id: &str) -> rusqlite::Result<Option<Quote>> {
    quote_where(db, "id", id)
}

/// The quote with this condition: what a transfer names it by.
pub(in crate::bank) fn quote_of_condition(
    db: &Connection,
    condition: &str,
) -> rusqlite::Result<Option<Quote>> {
    quote_where(db, "condition", condition)
}

fn quote_where(db: &Connection, column: &str, value: &str) -> rusqlite::Result<Option<Quote>> {
    let read = |row: &Row<'_>| {
        Ok(Quote {
            id: row.get(0)?,
            hash: row.get(1)?,
            account: row.get(2)?,
            payer: row.get(3)?,
            amount: money(row, 4)?,
            ilp_packet: row.get(6)?,
            condition: row.get(7)?,
            fulfilment: row.get(8)?,
            expiration: moment(row, 9)?,
        })
    };
    db.prepare_cached(&format!(
        "select id, hash, account, payer, currency, minor, ilp_packet, condition, fulfilment, expiration
         from quote where {column} = $1"
    ))?
    .query_row([value], read)
    .optional()
}

/// Keeps a quote before it is given.
pub(in crate::bank) fn keep_quote(tx: &Connection, quote: &Quote) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into quote (id, hash, account, payer, currency, minor, ilp_packet, condition, fulfilment, expiration)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )?
    .execute(params![
        quote.id,
        quote.hash,
        quote.account,
        quote.payer,
        quote.amount.currency.as_str(),
        quote.amount.minor,
        quote.ilp_packet,
        quote.condition,
        quote.fulfilment,
        quote.expiration.to_string()
    ])?;
    Ok(())
}

pub(super) const COLUMNS: &str = "transfer, hash, account, payer, currency, minor, fulfilment, state, reserved, expiration, cause, bulk";

/// A payment by the id of its transfer.
pub(in crate::bank) fn payment(
    db: &Connection,
    transfer: &str,
) -> rusqlite::Result<Option<Payment>> {
    db.prepare_cached(&format!("select {COLUMNS} from incoming where transfer = $1"))?
        .query_row([transfer], read_payment)
        .optional()
}

/// The transfer that a quote was used for. One that the switch aborted leaves the quote as it was.
pub(in crate::bank) fn transfer_that_used(
    db: &Connection,
    quote: &Quote,
) -> rusqlite::Result<Option<String>> {
    // A fulfilment belongs to one quote, because its condition is the quote's.
    db.prepare_cached(
        "select transfer from incoming where fulfilment = $1 and state <> 'cancelled'",
    )?
    .query_row([&quote.fulfilment], |row| row.get(0))
    .optional()
}

/// Payments for which the bank gave its word and does not know how they ended.
pub(in crate::bank) fn reserved(db: &Connection) -> rusqlite::Result<Vec<Payment>> {
    db.prepare_cached(&format!(
        "select {COLUMNS} from incoming where state = 'reserved' order by transfer"
    ))?
    .query_map([], read_payment)?
    .collect()
}

pub(super) fn read_payment(row: &Row<'_>) -> rusqlite::Result<Payment> {
    let state: String = row.get(7)?;
    Ok(Payment {
        transfer: row.get(0)?,
        hash: row.get(1)?,
        account: row.get(2)?,
        payer: row.get(3)?,
        amount: money(row, 4)?,
        fulfilment: row.get(6)?,
        state: Incoming::parse(&state).ok_or(rusqlite::Error::InvalidQuery)?,
        reserved: row.get(8)?,
        expiration: moment(row, 9)?,
        cause: row.get(10)?,
        bulk: row.get(11)?,
    })
}

fn money(row: &Row<'_>, column: usize) -> rusqlite::Result<Money> {
    let currency: Currency =
        row.get::<_, String>(column)?.parse().map_err(|e| unreadable(column, e))?;
    Ok(Money::new(row.get(column + 1)?, currency))
}

fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get::<_, String>(column)?.parse().map_err(|e| unreadable(column, e))
}

fn unreadable(
    column: usize,
    error: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
}

/// Keeps the bank's word before it is given.
pub(in crate::bank) fn reserve(tx: &Connection, payment: &Payment) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!(
        "insert into incoming ({COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    ))?
    .execute(params![
        payment.transfer,
        payment.hash,
        payment.account,
        payment.payer,
        payment.amount.currency.as_str(),
        payment.amount.minor,
        payment.fulfilment,
        payment.state.text(),
        payment.reserved,
        payment.expiration.to_string(),
        payment.cause,
        payment.bulk
    ])?;
    Ok(())
}

/// Pays a reserved payment in, once, and gives the new balance; None where it was not waiting.
pub(in crate::bank) fn credit(
    tx: &Connection,
    payment: &Payment,
    at: &str,
) -> rusqlite::Result<Option<i64>> {
    if !leave_reserved(tx, &payment.transfer, Incoming::Credited)? {
        return Ok(None);
    }
    let Money { minor, currency } = payment.amount;
    let (account, scheme) = (customer(&payment.account, currency), scheme(currency));
    ledger::open(tx, &account, currency)?;
    ledger::open(tx, &scheme, currency)?;
    let legs = [(account.as_str(), minor), (scheme.as_str(), -minor)];
    let reference = &payment.transfer;
    ledger::post(tx, &Posting { reference, what: &payment.payer, at, currency, legs: &legs })?;
    balance(tx, &payment.account, currency).map(Some)
}

/// Gives a reserved payment up. Says whether it was waiting.
pub(in crate::bank) fn cancel(tx: &Connection, transfer: &str) -> rusqlite::Result<bool> {
    leave_reserved(tx, transfer, Incoming::Cancelled)
}

fn leave_reserved(tx: &Connection, transfer: &str, state: Incoming) -> rusqlite::Result<bool> {
    let left = tx
        .prepare_cached(
            "update incoming set state = $1 where transfer = $2 and state = 'reserved'",
        )?
        .execute([state.text(), transfer])?;
    Ok(left > 0)
}
