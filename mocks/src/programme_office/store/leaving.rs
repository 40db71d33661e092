//! The archive's part that keeps who left a programme without ever having applied, and what is cancelled when somebody dies.

use rusqlite::{Connection, Row, params};
use serde_json::{Value, json};

use super::super::payment::{EntitlementState, PaymentState};
use crate::kit::store::{Store, StoreError, Transaction, next_number};

/// Somebody in a programme: by an application, or on the list of members alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Member {
    pub(in super::super) uin: String,
    pub(in super::super) programme: String,
    pub(in super::super) name: String,
    pub(in super::super) district: String,
    pub(in super::super) application: Option<String>,
    /// Enrolled, and not paused.
    pub(in super::super) is_active: bool,
}

/// The programmes that somebody is in, enrolled or paused.
pub(in super::super) fn memberships(store: &Store, uin: &str) -> Result<Vec<Member>, StoreError> {
    let read = |row: &Row<'_>| {
        let state: Option<String> = row.get(5)?;
        Ok(Member {
            uin: row.get(0)?,
            programme: row.get(1)?,
            name: row.get(2)?,
            district: row.get(3)?,
            application: row.get(4)?,
            is_active: state.is_none_or(|state| state == "enrolled"),
        })
    };
    store.read(|db| {
        db.prepare_cached(
            "select m.uin, m.programme, m.name, m.district, a.id, a.state from member m
             left join application a on a.uin = m.uin and a.programme = m.programme
               and a.state in ('enrolled', 'paused')
             where m.uin = $1
               and (a.id is not null or not exists (select 1 from application b where b.uin = m.uin
                 and b.programme = m.programme and b.state = 'exited'))
               and not exists (select 1 from departure d where d.uin = m.uin and d.programme = m.programme)
             order by m.programme, a.number",
        )?
        .query_map([uin], read)?
        .collect()
    })
}

/// Notes that a member who never applied has left, and gives the number of the note.
pub(in super::super) fn depart(
    tx: &Transaction<'_>,
    (uin, programme): (&str, &str),
    (reason, at): (&str, &str),
) -> rusqlite::Result<String> {
    let number = format!("EXIT-{:06}", next_number(tx, "EXIT")?);
    tx.prepare_cached(
        "insert into departure (number, uin, programme, reason, at) values ($1, $2, $3, $4, $5)",
    )?
    .execute([number.as_str(), uin, programme, reason, at])?;
    Ok(number)
}

/// The programmes that somebody left without ever having applied.
pub(in super::super) fn departures(store: &Store, uin: &str) -> Result<Vec<Value>, StoreError> {
    let read = |row: &Row<'_>| {
        let [programme, reason, at]: [String; 3] = [row.get(0)?, row.get(1)?, row.get(2)?];
        Ok(json!({"programme": programme, "state": "exited", "reason": reason, "at": at}))
    };
    store.read(|db| {
        db.prepare_cached(
            "select programme, reason, at from departure where uin = $1 order by number",
        )?
        .query_map([uin], read)?
        .collect()
    })
}

/// Cancels what an application was owed and what has not left. Gives how much that was.
pub(in super::super) fn cancel_payments(
    tx: &Connection,
    application: &str,
    reason: &str,
) -> rusqlite::Result<i64> {
    let waiting = "state in ('issued', 'held')";
    let cents = tx
        .prepare_cached(&format!(
            "select coalesce(sum(amount_cents), 0) from payment where application = $1 and {waiting}"
        ))?
        .query_row([application], |row| row.get(0))?;
    tx.prepare_cached(&format!(
        "update entitlement set state = $1 where state <> 'paid' and id in
         (select entitlement from payment where application = $2 and {waiting})"
    ))?
    .execute([EntitlementState::Cancelled.as_str(), application])?;
    tx.prepare_cached(&format!(
        "update payment set state = $1, remark = $2 where application = $3 and {waiting}"
    ))?
    .execute(params![PaymentState::Cancelled.as_str(), reason, application])?;
    Ok(cents)
}
