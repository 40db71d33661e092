//! Questions that a cycle asked, and lists that it handed in.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::payees::{PAYEE, Payee, read_payee};

/// A list that was handed to the payment hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct List {
    pub(in super::super) transaction_id: String,
    pub(in super::super) cycle: String,
    pub(in super::super) attempt: i64,
    pub(in super::super) payments: i64,
    pub(in super::super) total_cents: i64,
    /// `issued`, `sent` or `reported`.
    pub(in super::super) state: String,
    /// The hub's name for it, from its receipt.
    pub(in super::super) hub_list: Option<String>,
}

/// Keeps a question to the civil registry about the people at these places.
pub(in super::super) fn ask(
    tx: &Connection,
    transaction: &str,
    cycle: &str,
    (first, last): (i64, i64),
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into cycle_question (transaction_id, cycle, first_place, last_place, is_answered)
         values ($1, $2, $3, $4, 0)",
    )?
    .execute(params![transaction, cycle, first, last])?;
    Ok(())
}

/// The cycle and the places that an open question is about.
pub(in super::super) fn question(
    db: &Connection,
    transaction: &str,
) -> rusqlite::Result<Option<(String, i64, i64)>> {
    db.prepare_cached(
        "select cycle, first_place, last_place from cycle_question
         where transaction_id = $1 and is_answered = 0",
    )?
    .query_row([transaction], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    .optional()
}

/// Closes a question that was answered.
pub(in super::super) fn close_question(tx: &Connection, transaction: &str) -> rusqlite::Result<()> {
    tx.prepare_cached("update cycle_question set is_answered = 1 where transaction_id = $1")?
        .execute([transaction])?;
    Ok(())
}

/// Keeps a list before it is handed in.
pub(in super::super) fn add_list(tx: &Connection, list: &List) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into cycle_list (transaction_id, cycle, attempt, payments, total_cents, state)
         values ($1, $2, $3, $4, $5, $6)",
    )?
    .execute(params![
        list.transaction_id,
        list.cycle,
        list.attempt,
        list.payments,
        list.total_cents,
        list.state
    ])?;
    Ok(())
}

/// The lists of a cycle, in the order in which they were made.
pub(in super::super) fn lists(db: &Connection, cycle: &str) -> rusqlite::Result<Vec<List>> {
    let read = |row: &Row<'_>| {
        Ok(List {
            transaction_id: row.get(0)?,
            cycle: row.get(1)?,
            attempt: row.get(2)?,
            payments: row.get(3)?,
            total_cents: row.get(4)?,
            state: row.get(5)?,
            hub_list: row.get(6)?,
        })
    };
    db.prepare_cached(
        "select transaction_id, cycle, attempt, payments, total_cents, state, hub_list
         from cycle_list where cycle = $1 order by attempt, transaction_id",
    )?
    .query_map([cycle], read)?
    .collect()
}

/// The number of a cycle's next round: no list and no payment of an earlier one has it.
pub(in super::super) fn next_round(db: &Connection, cycle: &str) -> rusqlite::Result<i64> {
    db.prepare_cached(
        "select coalesce(max(made.attempt), 0) + 1 from
           (select attempt from cycle_list where cycle = $1
            union all select attempt from cycle_member where cycle = $1) as made",
    )?
    .query_row([cycle], |row| row.get(0))
}

/// The payments of a list.
pub(in super::super) fn of_list(db: &Connection, list: &str) -> rusqlite::Result<Vec<Payee>> {
    db.prepare_cached(&format!("{PAYEE} where p.list = $1 order by p.place"))?
        .query_map([list], read_payee)?
        .collect()
}

/// Notes that the hub took a list, under its own name; a list that was reported on meanwhile stays so.
pub(in super::super) fn mark_sent(
    tx: &Connection,
    list: &str,
    hub_list: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update cycle_list set hub_list = coalesce(hub_list, $1),
            state = case when state = 'issued' then 'sent' else state end where transaction_id = $2",
    )?
    .execute([hub_list, list])?;
    tx.prepare_cached(
        "update cycle_member set standing = 'sent' where list = $1 and standing = 'issued'",
    )?
    .execute([list])?;
    Ok(())
}

/// Notes that the hub has told how every payment of a list ended. Gives its cycle, where the list is a cycle's.
pub(in super::super) fn mark_reported(
    tx: &Connection,
    list: &str,
) -> rusqlite::Result<Option<String>> {
    let open: i64 = tx
        .prepare_cached(
            "select count(*) from cycle_member where list = $1 and standing in ('issued', 'sent')",
        )?
        .query_row([list], |row| row.get(0))?;
    if open == 0 {
        tx.prepare_cached("update cycle_list set state = 'reported' where transaction_id = $1")?
            .execute([list])?;
    }
    tx.prepare_cached("select cycle from cycle_list where transaction_id = $1")?
        .query_row([list], |row| row.get(0))
        .optional()
}
