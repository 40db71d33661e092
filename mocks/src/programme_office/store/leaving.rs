//! The archive's part that keeps who is paused in a programme, who left it and whether that was told, and what is cancelled
//! when somebody leaves.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::{Value, json};

use crate::kit::store::{Store, StoreError, Transaction, next_number};
use crate::programme_office::model::payment::{EntitlementState, PaymentState};

/// Somebody in a programme: by an application, or on the list of members alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::programme_office) struct Member {
    pub(in crate::programme_office) uin: String,
    pub(in crate::programme_office) programme: String,
    pub(in crate::programme_office) name: String,
    pub(in crate::programme_office) district: String,
    pub(in crate::programme_office) application: Option<String>,
    /// Enrolled, and not paused.
    pub(in crate::programme_office) is_active: bool,
}

/// The programmes that somebody is in, enrolled or paused.
pub(in crate::programme_office) fn memberships(
    store: &Store,
    uin: &str,
) -> Result<Vec<Member>, StoreError> {
    let read = |row: &Row<'_>| {
        let (state, is_paused): (Option<String>, bool) = (row.get(5)?, row.get(6)?);
        Ok(Member {
            uin: row.get(0)?,
            programme: row.get(1)?,
            name: row.get(2)?,
            district: row.get(3)?,
            application: row.get(4)?,
            is_active: state.map_or(!is_paused, |state| state == "enrolled"),
        })
    };
    store.read(|db| {
        db.prepare_cached(
            "select m.uin, m.programme, m.name, m.district, a.id, a.state,
               exists (select 1 from pause p where p.uin = m.uin and p.programme = m.programme)
             from member m
             left join application a on a.uin = m.uin and a.programme = m.programme
               and a.state in ('enrolled', 'paused')
             where m.uin = $1
               and (a.id is not null or (not exists (select 1 from application b where b.uin = m.uin
                   and b.programme = m.programme and b.state = 'exited')
                 and not exists (select 1 from departure d where d.uin = m.uin and d.programme = m.programme)))
             order by m.programme, a.number",
        )?
        .query_map([uin], read)?
        .collect()
    })
}

/// Notes that a member who never applied has left, and gives the number of the note.
pub(in crate::programme_office) fn depart(
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
pub(in crate::programme_office) fn departures(
    store: &Store,
    uin: &str,
) -> Result<Vec<Value>, StoreError> {
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

/// Pauses somebody in a programme: no payment leaves. A later reason replaces the one before.
pub(in crate::programme_office) fn pause(
    tx: &Connection,
    (uin, programme): (&str, &str),
    (reason, at): (&str, &str),
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into pause (uin, programme, reason, at) values ($1, $2, $3, $4)
         on conflict (programme, uin) do update set reason = excluded.reason, at = excluded.at",
    )?
    .execute([uin, programme, reason, at])?;
    Ok(())
}

/// Ends a pause, and gives its reason where there was one.
pub(in crate::programme_office) fn lift_pause(
    tx: &Connection,
    (uin, programme): (&str, &str),
) -> rusqlite::Result<Option<String>> {
    tx.prepare_cached("delete from pause where uin = $1 and programme = $2 returning reason")?
        .query_row([uin, programme], |row| row.get(0))
        .optional()
}

/// Everybody who is paused in a programme, and why.
pub(in crate::programme_office) fn paused(
    db: &Connection,
    programme: &str,
) -> rusqlite::Result<BTreeMap<String, String>> {
    db.prepare_cached("select uin, reason from pause where programme = $1")?
        .query_map([programme], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// Notes that a membership has ended, which the beneficiary registry is to be told; `status` is its word for how.
pub(in crate::programme_office) fn note_ending(
    tx: &Connection,
    (uin, programme): (&str, &str),
    (status, at): (&str, &str),
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into ending (uin, programme, status, at) values ($1, $2, $3, $4)
         on conflict (programme, uin) do update
           set status = excluded.status, at = excluded.at, is_told = 0",
    )?
    .execute([uin, programme, status, at])?;
    Ok(())
}

/// Whoever is enrolled again has neither left nor paused.
pub(in crate::programme_office) fn come_back(
    tx: &Connection,
    (uin, programme): (&str, &str),
) -> rusqlite::Result<()> {
    lift_pause(tx, (uin, programme))?;
    tx.prepare_cached("delete from ending where uin = $1 and programme = $2")?
        .execute([uin, programme])?;
    Ok(())
}

/// How the membership of everybody ended who left a programme, in the words of the beneficiary registry.
pub(in crate::programme_office) fn endings(
    db: &Connection,
    programme: &str,
) -> rusqlite::Result<BTreeMap<String, String>> {
    db.prepare_cached("select uin, status from ending where programme = $1")?
        .query_map([programme], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// Ends of memberships that the beneficiary registry was not told of: person, programme and how it ended.
pub(in crate::programme_office) fn untold_endings(
    store: &Store,
) -> Result<Vec<(String, String, String)>, StoreError> {
    store.read(|db| {
        db.prepare_cached(
            "select uin, programme, status from ending where is_told = 0 order by programme, uin",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect()
    })
}

/// Notes that the beneficiary registry knows that a membership has ended.
pub(in crate::programme_office) fn mark_ending_told(
    store: &Store,
    (uin, programme, status): (&str, &str, &str),
) -> Result<(), StoreError> {
    store.write(|tx| {
        tx.prepare_cached(
            "update ending set is_told = 1 where uin = $1 and programme = $2 and status = $3",
        )?
        .execute([uin, programme, status])?;
        Ok(())
    })
}

/// Cancels what an application was owed and what has not left. Gives how much that was.
pub(in crate::programme_office) fn cancel_payments(
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
