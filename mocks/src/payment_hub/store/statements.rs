//! Account statements that were handed in at the bridge, entry by entry.

use rusqlite::{Connection, Row, params};

/// The name of a statement.
pub(in crate::payment_hub) fn statement_id(number: i64) -> String {
    format!("STMT-{number:06}")
}

/// What an entry says of a disbursement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::payment_hub) enum Finding {
    Remitted,
    Reversed,
    /// It was remitted before.
    Duplicate,
    NoSuchDisbursement,
    OtherAmount,
    /// It was not remitted, or was reversed before.
    NothingToReverse,
}

impl Finding {
    /// The words of the archive; for what fits nothing they are the bridge's code.
    const ALL: [(Self, &'static str); 6] = [
        (Self::Remitted, "remitted"),
        (Self::Reversed, "reversed"),
        (Self::Duplicate, "DUPLICATE_DISBURSEMENT"),
        (Self::NoSuchDisbursement, "INVALID_DISBURSEMENT_ID"),
        (Self::OtherAmount, "INVALID_DISBURSEMENT_AMOUNT"),
        (Self::NothingToReverse, "INVALID_REVERSAL"),
    ];

    fn text(self) -> &'static str {
        Self::ALL.into_iter().find(|(finding, _)| *finding == self).map_or("", |(_, text)| text)
    }

    fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == text).map(|(finding, _)| finding)
    }

    /// The bridge's code for an entry that fits nothing.
    pub(in crate::payment_hub) fn code(self) -> Option<&'static str> {
        (!matches!(self, Self::Remitted | Self::Reversed)).then_some(self.text())
    }
}

/// An entry of a statement, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_hub) struct Noted {
    pub(in crate::payment_hub) statement: i64,
    /// The bank's number of the statement, and of its part.
    pub(in crate::payment_hub) numbers: (u32, u32),
    /// Counted from 1.
    pub(in crate::payment_hub) place: u32,
    pub(in crate::payment_hub) finding: Finding,
    /// The disbursement that it names, or what it names instead.
    pub(in crate::payment_hub) disbursement: String,
    pub(in crate::payment_hub) bank_reference: String,
    pub(in crate::payment_hub) entry_date: String,
    pub(in crate::payment_hub) value_date: String,
    /// What it was for; why a payment came back.
    pub(in crate::payment_hub) reason: String,
}

/// Keeps a statement under its number: the account, the bank's numbers, and when it was handed in.
pub(in crate::payment_hub) fn keep_statement(
    tx: &Connection,
    number: i64,
    (account, numbers, at): (&str, (u32, u32), &str),
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into statement (number, account, bank_number, sequence, at) values ($1, $2, $3, $4, $5)",
    )?
    .execute(params![number, account, numbers.0, numbers.1, at])?;
    Ok(())
}

/// Keeps an entry of a statement that is kept.
pub(in crate::payment_hub) fn keep_entry(tx: &Connection, new: &Noted) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into statement_entry (statement, place, finding, disbursement, bank_reference, entry_date,
           value_date, reason) values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )?
    .execute(params![
        new.statement,
        new.place,
        new.finding.text(),
        new.disbursement,
        new.bank_reference,
        new.entry_date,
        new.value_date,
        new.reason
    ])?;
    Ok(())
}

/// What statements say of a disbursement, in the order in which they came.
pub(in crate::payment_hub) fn noted(
    db: &Connection,
    disbursement: &str,
) -> rusqlite::Result<Vec<Noted>> {
    let read = |row: &Row<'_>| {
        let Some(finding) = Finding::of(&row.get::<_, String>(4)?) else { return Ok(None) };
        Ok(Some(Noted {
            statement: row.get(0)?,
            numbers: (row.get(1)?, row.get(2)?),
            place: row.get(3)?,
            finding,
            disbursement: row.get(5)?,
            bank_reference: row.get(6)?,
            entry_date: row.get(7)?,
            value_date: row.get(8)?,
            reason: row.get(9)?,
        }))
    };
    let mut query = db.prepare_cached(
        "select e.statement, s.bank_number, s.sequence, e.place, e.finding, e.disbursement, e.bank_reference,
           e.entry_date, e.value_date, e.reason
         from statement_entry e join statement s on s.number = e.statement
         where e.disbursement = $1 order by e.statement, e.place",
    )?;
    let all = query.query_map([disbursement], read)?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(all.into_iter().flatten().collect())
}
