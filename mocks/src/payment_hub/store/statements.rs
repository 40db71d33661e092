//! Account statements that were handed in at the bridge, entry by entry.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

/// A statement as it was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_hub) struct KeptStatement {
    pub(in crate::payment_hub) number: i64,
    pub(in crate::payment_hub) account: String,
    pub(in crate::payment_hub) bank_number: u32,
    pub(in crate::payment_hub) sequence: u32,
    pub(in crate::payment_hub) at: String,
}

/// The name of a statement.
pub(in crate::payment_hub) fn statement_id(number: i64) -> String {
    format!("STMT-{number:06}")
}

/// What an entry says of a disbursement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::payment_hub) enum Finding {
    Remitted,
    Reversed,
    /// It fits nothing: the bridge's code says why.
    Wrong(&'static str),
}

impl Finding {
    const WRONG: [&'static str; 4] = [
        "DUPLICATE_DISBURSEMENT",
        "INVALID_DISBURSEMENT_ID",
        "INVALID_DISBURSEMENT_AMOUNT",
        "INVALID_REVERSAL",
    ];

    fn text(self) -> &'static str {
        match self {
            Self::Remitted => "remitted",
            Self::Reversed => "reversed",
            Self::Wrong(code) => code,
        }
    }

    fn of(text: &str) -> Self {
        match text {
            "remitted" => Self::Remitted,
            "reversed" => Self::Reversed,
            code => Self::Wrong(Self::WRONG.into_iter().find(|c| *c == code).unwrap_or("ERROR")),
        }
    }
}

/// An entry of a statement, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_hub) struct KeptEntry {
    pub(in crate::payment_hub) statement: i64,
    /// Counted from 1.
    pub(in crate::payment_hub) place: u32,
    pub(in crate::payment_hub) finding: Finding,
    /// The disbursement that it names, or what it names instead.
    pub(in crate::payment_hub) disbursement: String,
    pub(in crate::payment_hub) bank_reference: String,
    pub(in crate::payment_hub) entry_date: String,
    pub(in crate::payment_hub) value_date: String,
    /// Why a payment came back.
    pub(in crate::payment_hub) reason: String,
}

/// Keeps a statement.
pub(in crate::payment_hub) fn keep_statement(
    tx: &Connection,
    new: &KeptStatement,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into statement (number, account, bank_number, sequence, at) values ($1, $2, $3, $4, $5)",
    )?
    .execute(params![new.number, new.account, new.bank_number, new.sequence, new.at])?;
    Ok(())
}

/// A statement by its number.
pub(in crate::payment_hub) fn statement(
    db: &Connection,
    number: i64,
) -> rusqlite::Result<Option<KeptStatement>> {
    let read = |row: &Row<'_>| {
        Ok(KeptStatement {
            number: row.get(0)?,
            account: row.get(1)?,
            bank_number: row.get(2)?,
            sequence: row.get(3)?,
            at: row.get(4)?,
        })
    };
    db.prepare_cached(
        "select number, account, bank_number, sequence, at from statement where number = $1",
    )?
    .query_row([number], read)
    .optional()
}

/// Keeps an entry.
pub(in crate::payment_hub) fn keep_entry(tx: &Connection, new: &KeptEntry) -> rusqlite::Result<()> {
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
pub(in crate::payment_hub) fn entries_of(
    db: &Connection,
    disbursement: &str,
) -> rusqlite::Result<Vec<KeptEntry>> {
    let read = |row: &Row<'_>| {
        Ok(KeptEntry {
            statement: row.get(0)?,
            place: row.get(1)?,
            finding: Finding::of(&row.get::<_, String>(2)?),
            disbursement: row.get(3)?,
            bank_reference: row.get(4)?,
            entry_date: row.get(5)?,
            value_date: row.get(6)?,
            reason: row.get(7)?,
        })
    };
    db.prepare_cached(
        "select statement, place, finding, disbursement, bank_reference, entry_date, value_date, reason
         from statement_entry where disbursement = $1 order by statement, place",
    )?
    .query_map([disbursement], read)?
    .collect()
}
