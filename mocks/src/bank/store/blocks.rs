//! Funds set aside for payments to come: the account gives them to a block, the block to the scheme or back.

use rusqlite::{Connection, OptionalExtension as _, params};
use standards::money::{Currency, Money};

use super::accounts::{customer, scheme};
use crate::kit::ledger::{self, Posting};
use crate::kit::store::next_number;

/// Funds set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::bank) struct Block {
    pub(in crate::bank) reference: String,
    pub(in crate::bank) account: String,
    /// What was set aside at first.
    pub(in crate::bank) amount: Money,
    /// What is left of it, in minor units.
    pub(in crate::bank) left: i64,
}

/// What follows the name of a payment in the books when it was paid out of a block.
pub(super) const SETTLED: &str = " settled";

fn code(reference: &str) -> String {
    format!("block/{reference}")
}

/// A block by its reference.
pub(in crate::bank) fn find_block(
    db: &Connection,
    reference: &str,
) -> rusqlite::Result<Option<Block>> {
    find(db, "reference", reference)
}

/// The block that somebody asked for under this name before.
pub(in crate::bank) fn find_block_asked(
    db: &Connection,
    asked_by: &str,
) -> rusqlite::Result<Option<Block>> {
    find(db, "asked_by", asked_by)
}

fn find(db: &Connection, column: &str, value: &str) -> rusqlite::Result<Option<Block>> {
    db.prepare_cached(&format!(
        "select b.reference, b.account, b.currency, b.minor, l.balance from block b
         join ledger_account l on l.code = 'block/' || b.reference where b.{column} = $1"
    ))?
    .query_row([value], |row| {
        let currency: Currency =
            row.get::<_, String>(2)?.parse().map_err(|_| rusqlite::Error::InvalidQuery)?;
        Ok(Block {
            reference: row.get(0)?,
            account: row.get(1)?,
            amount: Money::new(row.get(3)?, currency),
            left: row.get(4)?,
        })
    })
    .optional()
}

/// Sets funds aside, and gives the reference of the block: `BLK-000001`.
pub(in crate::bank) fn block(
    tx: &Connection,
    account: &str,
    amount: Money,
    (asked_by, at): (Option<&str>, &str),
) -> rusqlite::Result<String> {
    let reference = format!("BLK-{:06}", next_number(tx, "block")?);
    let currency = amount.currency;
    tx.prepare_cached(
        "insert into block (reference, asked_by, account, currency, minor)
         values ($1, $2, $3, $4, $5)",
    )?
    .execute(params![reference, asked_by, account, currency.as_str(), amount.minor])?;
    ledger::open(tx, &code(&reference), currency)?;
    let (from, to) = (customer(account, currency), code(&reference));
    let legs = [(from.as_str(), -amount.minor), (to.as_str(), amount.minor)];
    let posting = Posting { reference: &reference, what: "set aside", at, currency, legs: &legs };
    ledger::post(tx, &posting)?;
    Ok(reference)
}

/// What became of a part of a block that was to leave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::bank) enum Taken {
    /// It left, now or when the same was asked before.
    Booked,
    /// Less than that is left.
    TooLittle,
    /// Under the name of the payment another amount left, or one of another block.
    Other,
}

/// Pays out of a block to the scheme, once for each payment.
pub(in crate::bank) fn settle(
    tx: &Connection,
    block: &Block,
    minor: i64,
    (payment, at): (&str, &str),
) -> rusqlite::Result<Taken> {
    let scheme = scheme(block.amount.currency);
    ledger::open(tx, &scheme, block.amount.currency)?;
    take(tx, block, (&scheme, minor), (&format!("{payment}{SETTLED}"), at))
}

/// Gives what is set aside back to the account, once for each payment. A payment may have both ends: a bulk is paid in part,
/// and the rest of it is given back.
pub(in crate::bank) fn release(
    tx: &Connection,
    block: &Block,
    minor: i64,
    (payment, at): (&str, &str),
) -> rusqlite::Result<Taken> {
    let account = customer(&block.account, block.amount.currency);
    take(tx, block, (&account, minor), (&format!("{payment} released"), at))
}

fn take(
    tx: &Connection,
    block: &Block,
    (to, minor): (&str, i64),
    (reference, at): (&str, &str),
) -> rusqlite::Result<Taken> {
    let from = code(&block.reference);
    if ledger::is_booked(tx, reference)? {
        let is_same = ledger::given(tx, reference, &from)? == Some(-minor);
        return Ok(if is_same { Taken::Booked } else { Taken::Other });
    }
    if block.left < minor {
        return Ok(Taken::TooLittle);
    }
    let legs = [(from.as_str(), -minor), (to, minor)];
    let currency = block.amount.currency;
    let what = &block.reference;
    ledger::post(tx, &Posting { reference, what, at, currency, legs: &legs })?;
    Ok(Taken::Booked)
}
