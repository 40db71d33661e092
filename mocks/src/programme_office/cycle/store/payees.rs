//! Everybody in a cycle, and how each stands.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};
use serde::Serialize;

use super::super::model::Standing;

/// One person in a cycle.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct Payee {
    pub(in super::super) place: i64,
    pub(in super::super) uin: String,
    pub(in super::super) name: String,
    pub(in super::super) standing: Standing,
    pub(in super::super) remark: String,
    pub(in super::super) amount_cents: i64,
    pub(in super::super) payee_fa: Option<String>,
    pub(in super::super) reference_id: Option<String>,
    pub(in super::super) attempt: i64,
    /// The list that the payment was handed in with.
    pub(in super::super) list: Option<String>,
    pub(in super::super) scheme_code: Option<u16>,
    pub(in super::super) ticket: Option<String>,
    pub(in super::super) owner: Option<String>,
    pub(in super::super) district: String,
    pub(in super::super) new_account: Option<String>,
    /// When the hub told how the payment ended, or the bank gave it back.
    pub(in super::super) ended_at: Option<String>,
}

/// How many stand how, and what they are owed.
pub(in super::super) fn standings(
    db: &Connection,
    id: &str,
) -> rusqlite::Result<Vec<(Standing, i64, i64)>> {
    db.prepare_cached(
        "select standing, count(*), sum(amount_cents) from cycle_member where cycle = $1
         group by standing order by standing",
    )?
    .query_map([id], |row| Ok((standing(row, 0)?, row.get(1)?, row.get(2)?)))?
    .collect()
}

/// How many were refused with which code of the scheme.
pub(in super::super) fn codes(db: &Connection, id: &str) -> rusqlite::Result<Vec<(u16, i64)>> {
    db.prepare_cached(
        "select scheme_code, count(*) from cycle_member
         where cycle = $1 and scheme_code is not null and standing in ('failed', 'ticket')
         group by scheme_code order by scheme_code",
    )?
    .query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?
    .collect()
}

fn standing(row: &Row<'_>, column: usize) -> rusqlite::Result<Standing> {
    Standing::parse(&row.get::<_, String>(column)?).ok_or(rusqlite::Error::InvalidQuery)
}

pub(super) const PAYEE: &str =
    "select p.place, p.uin, m.name, p.standing, p.remark, p.amount_cents,
    p.payee_fa, p.reference_id, p.attempt, p.list, p.scheme_code, p.ticket, p.owner, m.district,
    m.new_account, e.at
    from cycle_member p join cycle c on c.id = p.cycle
    join member m on m.uin = p.uin and m.programme = c.programme
    left join cycle_ending e on e.reference_id = p.reference_id";

pub(super) fn read_payee(row: &Row<'_>) -> rusqlite::Result<Payee> {
    Ok(Payee {
        place: row.get(0)?,
        uin: row.get(1)?,
        name: row.get(2)?,
        standing: standing(row, 3)?,
        remark: row.get(4)?,
        amount_cents: row.get(5)?,
        payee_fa: row.get(6)?,
        reference_id: row.get(7)?,
        attempt: row.get(8)?,
        list: row.get(9)?,
        scheme_code: row.get(10)?,
        ticket: row.get(11)?,
        owner: row.get(12)?,
        district: row.get(13)?,
        new_account: row.get(14)?,
        ended_at: row.get(15)?,
    })
}

/// Everybody in a cycle, in the order of their places.
pub(in super::super) fn payees(db: &Connection, id: &str) -> rusqlite::Result<Vec<Payee>> {
    db.prepare_cached(&format!("{PAYEE} where p.cycle = $1 order by p.place"))?
        .query_map([id], read_payee)?
        .collect()
}

/// Those who stand in one of these ways.
pub(in super::super) fn standing_so(
    db: &Connection,
    id: &str,
    standings: &[Standing],
) -> rusqlite::Result<Vec<Payee>> {
    let mut all = payees(db, id)?;
    all.retain(|payee| standings.contains(&payee.standing));
    Ok(all)
}

/// Whether somebody still stands as when they were read: a notice may have come since.
pub(in super::super) fn stands(tx: &Connection, id: &str, payee: &Payee) -> rusqlite::Result<bool> {
    tx.prepare_cached("select standing = $1 from cycle_member where cycle = $2 and place = $3")?
        .query_row(params![payee.standing.text(), id, payee.place], |row| row.get(0))
}

/// Notes how somebody stands, and why.
pub(in super::super) fn set_standing(
    tx: &Connection,
    (cycle, place): (&str, i64),
    (standing, remark): (Standing, &str),
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update cycle_member set standing = $1, remark = $2 where cycle = $3 and place = $4",
    )?
    .execute(params![standing.text(), remark, cycle, place])?;
    Ok(())
}

/// Notes what the registries say of somebody, once: who is further on stays there.
pub(in super::super) fn learn(
    tx: &Connection,
    (cycle, place): (&str, i64),
    (standing, remark): (Standing, &str),
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update cycle_member set standing = $1, remark = $2
         where cycle = $3 and place = $4 and standing = 'copied'",
    )?
    .execute(params![standing.text(), remark, cycle, place])?;
    Ok(())
}

/// Notes that an answer left these people out: nobody is paid on a missing fact.
pub(in super::super) fn leave_unknown(
    tx: &Connection,
    (cycle, first, last): (&str, i64, i64),
    remark: &str,
) -> rusqlite::Result<usize> {
    tx.prepare_cached(
        "update cycle_member set standing = 'unknown', remark = $1
         where cycle = $2 and place between $3 and $4 and standing = 'copied'",
    )?
    .execute(params![remark, cycle, first, last])
}

/// Moves everybody who stands so.
pub(in super::super) fn move_all(
    tx: &Connection,
    cycle: &str,
    (from, to): (Standing, Standing),
) -> rusqlite::Result<usize> {
    tx.prepare_cached("update cycle_member set standing = $1 where cycle = $2 and standing = $3")?
        .execute([to.text(), cycle, from.text()])
}

/// Writes somebody's payment into a list: `reference` is new for each attempt.
pub(in super::super) fn issue(
    tx: &Connection,
    (cycle, place): (&str, i64),
    (reference, list, fa): (&str, &str, &str),
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update cycle_member set standing = 'issued', remark = '', scheme_code = null,
            attempt = attempt + 1, reference_id = $1, list = $2, payee_fa = $3
         where cycle = $4 and place = $5",
    )?
    .execute(params![reference, list, fa, cycle, place])?;
    Ok(())
}

/// What the hub says of a payment, by its reference. Gives the cycle where this changed something: what is paid stays
/// paid, and what has ended is not opened again.
pub(in super::super) fn note_end(
    tx: &Connection,
    (reference, at): (&str, &str),
    (standing, remark, scheme_code): (Standing, &str, Option<u16>),
) -> rusqlite::Result<bool> {
    let changed = tx
        .prepare_cached(
            "update cycle_member set standing = $1, remark = $2, scheme_code = $3
             where reference_id = $4
               and (standing in ('issued', 'sent')
                 or (standing in ('deceased', 'left', 'held') and $1 = 'paid'))",
        )?
        .execute(params![standing.text(), remark, scheme_code, reference])?;
    if changed > 0 {
        note_when(tx, reference, at)?;
    }
    if changed > 0 && standing == Standing::Failed {
        tx.prepare_cached(
            "insert into cycle_failure (reference_id, cycle, place)
             select reference_id, cycle, place from cycle_member where reference_id = $1
             on conflict (reference_id) do nothing",
        )?
        .execute([reference])?;
    }
    Ok(changed > 0)
}

fn note_when(tx: &Connection, reference: &str, at: &str) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into cycle_ending (reference_id, at) values ($1, $2)
         on conflict (reference_id) do update set at = excluded.at",
    )?
    .execute([reference, at])?;
    Ok(())
}

/// A district's people or payments, and their money.
type Districts = BTreeMap<String, (i64, i64)>;

/// Payments of a cycle that failed, by district; who was paid with a later one is among them.
pub(in super::super) fn failures_by_district(
    db: &Connection,
    id: &str,
) -> rusqlite::Result<Districts> {
    let query = "select m.district, count(*), sum(p.amount_cents) from cycle_failure f
         join cycle_member p on p.cycle = f.cycle and p.place = f.place
         join cycle c on c.id = f.cycle
         join member m on m.uin = p.uin and m.programme = c.programme
         where f.cycle = $1 group by m.district";
    districts(db, query, id)
}

/// Members of a programme who never applied for it, by district.
pub(in super::super) fn members_by_district(
    db: &Connection,
    programme: &str,
) -> rusqlite::Result<Districts> {
    let query = "select m.district, count(*), 0 from member m where m.programme = $1
           and not exists (select 1 from application a
             where a.uin = m.uin and a.programme = m.programme and a.state in ('enrolled', 'paused', 'exited'))
         group by m.district";
    districts(db, query, programme)
}

fn districts(db: &Connection, query: &str, of: &str) -> rusqlite::Result<Districts> {
    db.prepare_cached(query)?
        .query_map([of], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?
        .collect()
}

/// Notes that the bank gave a payment back, and why. Says whether it was paid until now.
pub(in super::super) fn note_reversal(
    tx: &Connection,
    (cycle, reference): (&str, &str),
    (remark, at): (&str, &str),
) -> rusqlite::Result<bool> {
    let changed = tx
        .prepare_cached(
            "update cycle_member set standing = 'reversed', remark = $1
             where cycle = $2 and reference_id = $3 and standing = 'paid'",
        )?
        .execute([remark, cycle, reference])?;
    if changed > 0 {
        note_when(tx, reference, at)?;
    }
    Ok(changed > 0)
}

/// Opens an item for somebody who could not be paid.
pub(in super::super) fn set_ticket(
    tx: &Connection,
    (cycle, place): (&str, i64),
    (ticket, owner): (&str, &str),
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update cycle_member set standing = 'ticket', ticket = $1, owner = $2
         where cycle = $3 and place = $4",
    )?
    .execute(params![ticket, owner, cycle, place])?;
    Ok(())
}
