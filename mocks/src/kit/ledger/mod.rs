//! A double-entry ledger in minor units, for banks and the payment switch. What is taken from one account is given to
//! another in the same entry, so the sum over all accounts is zero at every instant.
//!
//! A system that keeps books lays [`schema.sql`](schema.sql) before its own tables. Which sign means what, the system
//! decides account by account; the ledger only insists that every entry sums to zero. A system may lay three views that say
//! what its records call for, and the books are held to them: `ledger_called_for (reference, account, minor)`, what an
//! entry gives to an account, 0 where there must be none; `ledger_untold (reference)`, entries of which a record should
//! tell and none does; and `ledger_under_way (account, minor)`, what stands there.

mod audit;
mod records;
#[cfg(test)]
mod tests;

pub(crate) use audit::answer;
pub use audit::{Audit, audit_folder, keeps_books};

use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::{Value, json};
use standards::money::Currency;

/// Money that moves between accounts in one step, for one reason.
#[derive(Debug, Clone)]
pub struct Posting<'a> {
    /// What the entry is known by; an entry with the same reference is refused, so nothing is booked twice.
    pub reference: &'a str,
    /// Why, in a few words, as a statement shows it.
    pub what: &'a str,
    /// The sandbox time.
    pub at: &'a str,
    pub currency: Currency,
    /// Account and minor units; the units sum to zero, and no account appears twice.
    pub legs: &'a [(&'a str, i64)],
}

/// A line of an account's statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub reference: String,
    pub what: String,
    pub at: String,
    pub minor: i64,
    /// The balance after this line.
    pub balance: i64,
}

/// What the invariant checker counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    pub accounts: i64,
    pub entries: i64,
}

/// A rule of the ledger that would be broken, or that was found broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("entry `{reference}` sums to {sum} minor units; an entry sums to zero")]
    Unbalanced { reference: String, sum: i128 },
    #[error("there is no account `{code}` in {currency}; open it first")]
    NoAccount { code: String, currency: Currency },
    #[error("the balance of `{code}` would leave the range of what can be counted")]
    Overflow { code: String },
    #[error("account `{code}` shows {shown} minor units, but its entries sum to {booked}")]
    Drifted { code: String, shown: i64, booked: i64 },
    #[error(
        "entry `{reference}` gives `{account}` {booked} minor units, and what was done calls for {right}"
    )]
    Misbooked { reference: String, account: String, booked: i64, right: i64 },
    #[error("entry `{reference}` moved money, and no record tells of it")]
    Untold { reference: String },
    #[error("account `{account}` shows {shown} minor units, and {right} is under way")]
    Astray { account: String, shown: i64, right: i64 },
    #[error("all accounts in {currency} sum to {sum} minor units; they sum to zero")]
    Leak { currency: String, sum: i64 },
}

/// Opens an account with nothing on it; one that is open stays as it is.
pub fn open(tx: &Connection, code: &str, currency: Currency) -> rusqlite::Result<()> {
    if balance(tx, code)?.is_none() {
        tx.prepare_cached(
            "insert into ledger_account (code, currency, balance) values ($1, $2, 0)",
        )?
        .execute(params![code, currency.as_str()])?;
    }
    Ok(())
}

/// Books an entry. A broken rule comes back as a database error, so that the transaction around it leaves no trace.
pub fn post(tx: &Connection, posting: &Posting<'_>) -> rusqlite::Result<()> {
    let sum: i128 = posting.legs.iter().map(|(_, minor)| i128::from(*minor)).sum();
    if sum != 0 {
        let reference = posting.reference.to_owned();
        return Err(refused(Broken::Unbalanced { reference, sum }));
    }
    let number: i64 = tx
        .prepare_cached("select coalesce(max(number), 0) + 1 from ledger_entry")?
        .query_row([], |row| row.get(0))?;
    tx.prepare_cached(
        "insert into ledger_entry (number, reference, what, at) values ($1, $2, $3, $4)",
    )?
    .execute(params![number, posting.reference, posting.what, posting.at])?;
    for (account, minor) in posting.legs {
        let balance = add(tx, account, *minor, posting.currency)?;
        tx.prepare_cached(
            "insert into ledger_leg (entry, account, minor, balance) values ($1, $2, $3, $4)",
        )?
        .execute(params![number, account, minor, balance])?;
    }
    Ok(())
}

/// Adds to an account, and gives its balance after that.
fn add(tx: &Connection, code: &str, minor: i64, currency: Currency) -> rusqlite::Result<i64> {
    let before: i64 = tx
        .prepare_cached("select balance from ledger_account where code = $1 and currency = $2")?
        .query_row([code, currency.as_str()], |row| row.get(0))
        .optional()?
        .ok_or_else(|| refused(Broken::NoAccount { code: code.into(), currency }))?;
    let after =
        before.checked_add(minor).ok_or_else(|| refused(Broken::Overflow { code: code.into() }))?;
    tx.prepare_cached("update ledger_account set balance = $1 where code = $2")?
        .execute(params![after, code])?;
    Ok(after)
}

/// The balance of an account in minor units, where it is open.
pub fn balance(db: &Connection, code: &str) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("select balance from ledger_account where code = $1")?
        .query_row([code], |row| row.get(0))
        .optional()
}

/// Whether an entry is known by this reference.
pub fn is_booked(db: &Connection, reference: &str) -> rusqlite::Result<bool> {
    db.prepare_cached("select 1 from ledger_entry where reference = $1")?.exists([reference])
}

/// What an entry gave to an account, in minor units; None where there is no such entry, or not with this account.
pub fn given(db: &Connection, reference: &str, code: &str) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(
        "select l.minor from ledger_entry e join ledger_leg l on l.entry = e.number
         where e.reference = $1 and l.account = $2",
    )?
    .query_row([reference, code], |row| row.get(0))
    .optional()
}

/// The newest `most` lines of an account, oldest first.
pub fn statement(db: &Connection, code: &str, most: u32) -> rusqlite::Result<Vec<Line>> {
    let mut query = db.prepare_cached(
        "select e.reference, e.what, e.at, l.minor, l.balance
         from ledger_leg l join ledger_entry e on e.number = l.entry
         where l.account = $1 order by l.entry desc limit $2",
    )?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Line {
            reference: row.get(0)?,
            what: row.get(1)?,
            at: row.get(2)?,
            minor: row.get(3)?,
            balance: row.get(4)?,
        })
    };
    let mut lines =
        query.query_map(params![code, most], read)?.collect::<rusqlite::Result<Vec<_>>>()?;
    lines.reverse();
    Ok(lines)
}

/// Checks every rule on the books as they are: each entry sums to zero, each balance is the sum of its account's legs,
/// all accounts of a currency sum to zero, and the books tell what the system's own records do.
pub fn check(db: &Connection) -> rusqlite::Result<Result<Checked, Broken>> {
    let unbalanced = db
        .query_row(
            "select e.reference, sum(l.minor) from ledger_leg l join ledger_entry e on e.number = l.entry
             group by l.entry, e.reference having sum(l.minor) <> 0 limit 1",
            [],
            |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)),
        )
        .optional()?;
    if let Some((reference, sum)) = unbalanced {
        return Ok(Err(Broken::Unbalanced { reference, sum: sum.into() }));
    }
    let drifted = db
        .query_row(
            "select a.code, a.balance, coalesce(sum(l.minor), 0)
             from ledger_account a left join ledger_leg l on l.account = a.code
             group by a.code, a.balance having a.balance <> coalesce(sum(l.minor), 0) limit 1",
            [],
            |row| {
                Ok(Broken::Drifted { code: row.get(0)?, shown: row.get(1)?, booked: row.get(2)? })
            },
        )
        .optional()?;
    if let Some(drifted) = drifted {
        return Ok(Err(drifted));
    }
    let leak = db
        .query_row(
            "select currency, sum(balance) from ledger_account group by currency having sum(balance) <> 0 limit 1",
            [],
            |row| Ok(Broken::Leak { currency: row.get(0)?, sum: row.get(1)? }),
        )
        .optional()?;
    if let Some(leak) = leak {
        return Ok(Err(leak));
    }
    if let Some(broken) = records::contradicted(db)? {
        return Ok(Err(broken));
    }
    let count = |table: &str| {
        db.query_row(&format!("select count(*) from {table}"), [], |row| row.get::<_, i64>(0))
    };
    Ok(Ok(Checked { accounts: count("ledger_account")?, entries: count("ledger_entry")? }))
}

/// What a check found, as JSON: `{"balanced": true, "accounts": 3, "entries": 2}` or what is broken.
pub fn report(checked: &Result<Checked, Broken>) -> Value {
    match checked {
        Ok(Checked { accounts, entries }) => {
            json!({"balanced": true, "accounts": accounts, "entries": entries})
        }
        Err(broken) => json!({"balanced": false, "broken": broken.to_string()}),
    }
}

fn refused(broken: Broken) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(broken))
}
