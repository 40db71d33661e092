//! Accounts and wallets, and what is on them. A positive balance is owed to the holder.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use standards::fspiop::PartyIdType;
use standards::money::{Currency, Money};

use crate::bank::model::{Account, Standing};
use crate::kit::ledger::{self, Line, Posting};

/// The ledger's name of what a customer has.
pub(super) fn customer(number: &str, currency: Currency) -> String {
    format!("customer/{number}/{currency}")
}

/// The ledger's name of what the bank has at the payment scheme.
pub(super) fn scheme(currency: Currency) -> String {
    format!("scheme/{currency}")
}

/// An account by its number.
pub(in crate::bank) fn account(db: &Connection, number: &str) -> rusqlite::Result<Option<Account>> {
    find(db, "number = $1", number)
}

/// An account by its number or by its holder's telephone number, with or without the plus sign.
pub(in crate::bank) fn find_account(
    db: &Connection,
    name: &str,
) -> rusqlite::Result<Option<Account>> {
    let digits = name.trim_start_matches('+');
    if let Some(found) = account(db, digits)? {
        return Ok(Some(found));
    }
    find(db, "phone = $1 order by number limit 1", &format!("+{digits}"))
}

fn find(db: &Connection, which: &str, value: &str) -> rusqlite::Result<Option<Account>> {
    db.prepare_cached(&format!(
        "select number, kind, given, family, birth_date, phone, standing from account where {which}"
    ))?
    .query_row([value], read)
    .optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Account> {
    let standing: String = row.get(6)?;
    Ok(Account {
        number: row.get(0)?,
        kind: PartyIdType::from(row.get::<_, String>(1)?),
        given: row.get(2)?,
        family: row.get(3)?,
        birth_date: row.get(4)?,
        phone: row.get(5)?,
        standing: Standing::parse(&standing).ok_or(rusqlite::Error::InvalidQuery)?,
    })
}

/// Opens an account; one with this number stays as it is. Says whether it is new.
pub(in crate::bank) fn keep_account(tx: &Connection, account: &Account) -> rusqlite::Result<bool> {
    let new = tx
        .prepare_cached(
            "insert into account (number, kind, given, family, birth_date, phone, standing)
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (number) do nothing",
        )?
        .execute(params![
            account.number,
            account.kind.as_str(),
            account.given,
            account.family,
            account.birth_date,
            account.phone,
            account.standing.text()
        ])?;
    Ok(new > 0)
}

/// Changes what can be said about an account.
pub(in crate::bank) fn set_standing(
    tx: &Connection,
    number: &str,
    standing: Standing,
) -> rusqlite::Result<()> {
    tx.prepare_cached("update account set standing = $1 where number = $2")?
        .execute([standing.text(), number])?;
    Ok(())
}

/// What is on an account, in minor units.
pub(in crate::bank) fn balance(
    db: &Connection,
    number: &str,
    currency: Currency,
) -> rusqlite::Result<i64> {
    // An account that never had a movement is not in the ledger yet.
    Ok(ledger::balance(db, &customer(number, currency))?.unwrap_or(0))
}

/// The newest lines of an account's statement, oldest first.
pub(in crate::bank) fn statement(
    db: &Connection,
    number: &str,
    currency: Currency,
    most: u32,
) -> rusqlite::Result<Vec<Line>> {
    ledger::statement(db, &customer(number, currency), most)
}

/// Pays an account's opening funds in, out of the bank's capital.
pub(in crate::bank) fn fund(
    tx: &Connection,
    number: &str,
    funds: Money,
    at: &str,
) -> rusqlite::Result<()> {
    let currency = funds.currency;
    let (account, capital) = (customer(number, currency), format!("capital/{currency}"));
    ledger::open(tx, &account, currency)?;
    ledger::open(tx, &capital, currency)?;
    let legs = [(account.as_str(), funds.minor), (capital.as_str(), -funds.minor)];
    let reference = format!("opening funds of {number}");
    ledger::post(
        tx,
        &Posting { reference: &reference, what: "opening funds", at, currency, legs: &legs },
    )
}
