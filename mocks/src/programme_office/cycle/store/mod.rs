//! The archive's part that keeps cycles: who is in one, how each stands, what was asked and handed in.

mod lists;
mod payees;
mod stopped;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

pub(super) use lists::{
    List, add_list, ask, close_question, lists, mark_reported, mark_sent, next_round, of_list,
    question,
};
pub(super) use payees::{
    Payee, codes, failures_by_district, issue, learn, leave_unknown, members_by_district, move_all,
    note_end, note_reversal, payees, set_standing, set_ticket, standing_so, standings, stands,
};
pub(in crate::programme_office) use stopped::{hold, stop};

use super::Member;
use super::model::{CycleState, Refusal};
use crate::kit::store::{Store, StoreError};

/// Why the archive could not do what was wanted.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Another system gave no answer to go on with.
    #[error("{0}")]
    Unanswered(String),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// A cycle.
#[derive(Debug, Clone)]
pub(super) struct Cycle {
    pub(super) id: String,
    pub(super) programme: String,
    /// `2026-10`.
    pub(super) month: String,
    pub(super) state: CycleState,
    pub(super) amount_cents: i64,
    pub(super) currency: String,
    pub(super) officers: Vec<String>,
    /// What the treasury said of the funds, in the words of the bridge of `OpenG2P`.
    pub(super) funds: String,
    pub(super) opened_at: String,
    /// How the last reconciliation went, as JSON.
    pub(super) reconciled: Option<String>,
}

/// Writes somebody into the list of those whom a programme has enrolled; who is there stays as it is.
pub(in crate::programme_office) fn add_member(
    tx: &Connection,
    member: &Member<'_>,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into member (uin, programme, name, district, new_account)
         values ($1, $2, $3, $4, $5) on conflict (programme, uin) do nothing",
    )?
    .execute(params![
        member.uin,
        member.programme,
        member.name,
        member.district,
        member.new_account
    ])?;
    Ok(())
}

const CYCLE: &str = "select id, programme, month, state, amount_cents, currency, first_officer,
    second_officer, funds, opened_at, reconciled from cycle";

fn read_cycle(row: &Row<'_>) -> rusqlite::Result<Cycle> {
    let state = CycleState::parse(&row.get::<_, String>(3)?);
    let officers: [Option<String>; 2] = [row.get(6)?, row.get(7)?];
    Ok(Cycle {
        id: row.get(0)?,
        programme: row.get(1)?,
        month: row.get(2)?,
        state: state.ok_or(rusqlite::Error::InvalidQuery)?,
        amount_cents: row.get(4)?,
        currency: row.get(5)?,
        officers: officers.into_iter().flatten().collect(),
        funds: row.get(8)?,
        opened_at: row.get(9)?,
        reconciled: row.get(10)?,
    })
}

/// Opens a cycle and copies everybody who is enrolled into it, but who left or paused, and who was paid for this month when
/// enrolled. Who left and was enrolled again is among them. Says how many.
pub(super) fn open(tx: &Connection, cycle: &Cycle) -> rusqlite::Result<usize> {
    tx.prepare_cached(
        "insert into cycle (id, programme, month, state, amount_cents, currency, funds, opened_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )?
    .execute(params![
        cycle.id,
        cycle.programme,
        cycle.month,
        cycle.state.text(),
        cycle.amount_cents,
        cycle.currency,
        cycle.funds,
        cycle.opened_at
    ])?;
    tx.prepare_cached(
        "insert into cycle_member (cycle, place, uin, standing, remark, amount_cents, attempt)
         select $1, row_number() over (order by uin), uin, 'copied', '', $2, 0
         from member where programme = $3
           and (exists (select 1 from application a where a.uin = member.uin and a.programme = $3
               and a.state = 'enrolled')
             or (not exists (select 1 from application a where a.uin = member.uin and a.programme = $3
                   and a.state in ('paused', 'exited'))
               and not exists (select 1 from departure d where d.uin = member.uin and d.programme = $3)))
           and not exists (select 1 from entitlement e where e.uin = member.uin and e.programme = $3 and e.cycle = $4)",
    )?
    .execute(params![cycle.id, cycle.amount_cents, cycle.programme, cycle.month])
}

/// A cycle by its id.
pub(super) fn cycle(db: &Connection, id: &str) -> rusqlite::Result<Option<Cycle>> {
    db.prepare_cached(&format!("{CYCLE} where id = $1"))?.query_row([id], read_cycle).optional()
}

/// A cycle by its id, or a refusal that names it.
pub(super) fn known(store: &Store, id: &str) -> Result<Cycle, Trouble> {
    let found = store.read(|db| cycle(db, id))?;
    Ok(found.ok_or_else(|| Refusal::UnknownCycle(id.into()))?)
}

/// All cycles, the newest last.
pub(super) fn cycles(db: &Connection) -> rusqlite::Result<Vec<Cycle>> {
    db.prepare_cached(&format!("{CYCLE} order by opened_at, id"))?
        .query_map([], read_cycle)?
        .collect()
}

/// Cycles whose registries were being asked, and approved ones that are being paid.
pub(super) fn interrupted(store: &Store) -> Result<Vec<Cycle>, StoreError> {
    store.read(|db| {
        db.prepare_cached(&format!("{CYCLE} where state in ('verifying', 'approved') order by id"))?
            .query_map([], read_cycle)?
            .collect()
    })
}

/// Moves a cycle on; a refusal says where it must stand.
pub(super) fn enter(
    tx: &Connection,
    id: &str,
    (from, to): (CycleState, CycleState),
) -> Result<(), Trouble> {
    let now = cycle(tx, id)?.ok_or_else(|| Refusal::UnknownCycle(id.into()))?;
    if now.state != from {
        return Err(Refusal::NotNow { is: now.state.text(), right: from.text() }.into());
    }
    tx.prepare_cached("update cycle set state = $1 where id = $2")?.execute([to.text(), id])?;
    Ok(())
}

/// Notes who approved.
pub(super) fn sign(
    tx: &Connection,
    id: &str,
    is_second: bool,
    officer: &str,
) -> rusqlite::Result<()> {
    let column = if is_second { "second_officer" } else { "first_officer" };
    tx.prepare_cached(&format!("update cycle set {column} = $1 where id = $2"))?
        .execute([officer, id])?;
    Ok(())
}

/// Notes what the treasury said of the funds.
pub(super) fn set_funds(tx: &Connection, id: &str, funds: &str) -> rusqlite::Result<()> {
    tx.prepare_cached("update cycle set funds = $1 where id = $2")?.execute([funds, id])?;
    Ok(())
}

/// Keeps how a reconciliation went; None where what it found no longer holds.
pub(super) fn set_reconciled(
    tx: &Connection,
    id: &str,
    json: Option<&str>,
) -> rusqlite::Result<()> {
    tx.prepare_cached("update cycle set reconciled = $1 where id = $2")?
        .execute(params![json, id])?;
    Ok(())
}
