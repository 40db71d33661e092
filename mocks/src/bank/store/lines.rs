//! What a statement lists: the books, and what the payer said of a payment.

use rusqlite::{Connection, Row, params};
use standards::money::Currency;

use super::accounts::customer;
use super::blocks::SETTLED;
use super::outgoing::RETURNED;
use crate::kit::ledger::{self, Line};

/// A line of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::bank) struct Booked {
    pub(in crate::bank) line: Line,
    /// What its payer said, where the holder of the account is the payer.
    pub(in crate::bank) payers: Option<Payers>,
}

/// What the payer said of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::bank) struct Payers {
    pub(in crate::bank) reference: Option<String>,
    pub(in crate::bank) narratives: Vec<String>,
    /// Why the money came back, where the line says that it did.
    pub(in crate::bank) returned: Option<String>,
}

/// Keeps what a payer's statement is to say of a payment. Empty lines at the end are none.
pub(in crate::bank) fn keep_narratives(
    tx: &Connection,
    payment: &str,
    lines: &[String],
) -> rusqlite::Result<()> {
    let most = lines.iter().rposition(|line| !line.trim().is_empty()).map_or(0, |last| last + 1);
    for (place, line) in (1..).zip(lines.iter().take(most)) {
        tx.prepare_cached("insert into narrative (payment, place, line) values ($1, $2, $3)")?
            .execute(params![payment, place, line])?;
    }
    Ok(())
}

fn narratives(db: &Connection, payment: &str) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached("select line from narrative where payment = $1 order by place")?
        .query_map([payment], |row| row.get(0))?
        .collect()
}

/// A payment's id has so many characters in the name of an entry, and the step follows.
const LISTED: &str = "select e.reference, e.what, e.at, sum(l.minor), o.id, o.asked_by, o.why
     from ledger_leg l
     join ledger_entry e on e.number = l.entry
     left join outgoing o on o.id = substr(e.reference, 1, 36) and o.account = $1
     where l.account = $2 or l.account in
         (select 'block/' || reference from block where account = $1 and currency = $3)
     group by e.number, e.reference, e.what, e.at, o.id, o.asked_by, o.why
     having sum(l.minor) <> 0
     order by e.number desc limit $4";

/// The newest lines of an account and of the funds set aside from it together, oldest first: what was only set aside or
/// released is no line, and what was paid out of a block is one, under the name of the payment.
pub(in crate::bank) fn booked(
    db: &Connection,
    number: &str,
    currency: Currency,
    most: u32,
) -> rusqlite::Result<Vec<Booked>> {
    let account = customer(number, currency);
    let in_blocks: i64 = db
        .prepare_cached(
            "select coalesce(sum(l.balance), 0) from block b
             join ledger_account l on l.code = 'block/' || b.reference
             where b.account = $1 and b.currency = $2",
        )?
        .query_row([number, currency.as_str()], |row| row.get(0))?;
    let mut balance = ledger::balance(db, &account)?.unwrap_or(0) + in_blocks;
    let mut query = db.prepare_cached(LISTED)?;
    let read = |row: &Row<'_>| {
        let reference: String = row.get(0)?;
        let minor = row.get(3)?;
        let payment: Option<String> = row.get(4)?;
        let payers = match payment {
            None => None,
            Some(payment) => Some(Payers {
                reference: row.get(5)?,
                narratives: narratives(db, &payment)?,
                returned: reference
                    .ends_with(RETURNED)
                    .then(|| row.get::<_, Option<String>>(6))
                    .transpose()?
                    .map(Option::unwrap_or_default),
            }),
        };
        let reference = reference.strip_suffix(SETTLED).unwrap_or(&reference).to_owned();
        let line = Line { reference, what: row.get(1)?, at: row.get(2)?, minor, balance };
        balance -= minor;
        Ok(Booked { line, payers })
    };
    let found = query.query_map(params![number, account, currency.as_str(), most], read)?;
    let mut lines = found.collect::<rusqlite::Result<Vec<_>>>()?;
    lines.reverse();
    Ok(lines)
}
