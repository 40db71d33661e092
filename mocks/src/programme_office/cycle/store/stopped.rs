//! Payments of a cycle that are stopped before they leave.

use rusqlite::Connection;

use super::super::model::Standing;
use crate::programme_office::work::leaving::End;

/// Who stands so has no payment under way.
const NOT_PAID: &str =
    "p.standing in ('copied', 'entitled', 'validated', 'approved', 'held', 'failed', 'reversed')";

/// A payment that is written into a list that has not left.
const IN_LIST: &str = "(p.standing = 'issued' and exists
    (select 1 from cycle_list l where l.transaction_id = p.list and l.state = 'issued'))";

/// The payments of a person in the open cycles of a programme; `uin` and `programme` are placeholders.
fn of(uin: &str, programme: &str) -> String {
    format!(
        "p.uin = {uin} and exists (select 1 from cycle c where c.id = p.cycle
           and c.programme = {programme} and c.state <> 'ended')"
    )
}

/// Stops what a person whose membership ended is still to be paid in the cycles of a programme: nothing is issued any more.
/// A payment that is written into a list that has not left is taken out of it. Gives how much is not paid, less what nobody
/// had checked.
pub(in super::super::super) fn stop(
    tx: &Connection,
    (uin, programme): (&str, &str),
    (end, remark): (End, &str),
) -> rusqlite::Result<i64> {
    let unpaid = format!("({NOT_PAID} or {IN_LIST})");
    let cents = tx
        .prepare_cached(&format!(
            "select coalesce(sum(p.amount_cents), 0) from cycle_member p
             where {} and p.standing <> 'copied' and {unpaid}",
            of("$1", "$2")
        ))?
        .query_row([uin, programme], |row| row.get(0))?;
    let standing = match end {
        End::Deceased => Standing::Deceased,
        End::Left => Standing::Left,
    };
    take_out(tx, (uin, programme), (standing, remark), &unpaid)?;
    Ok(cents)
}

/// Takes what a person is to be paid out of the lists of a programme that have not left, and holds it.
pub(in super::super::super) fn hold(
    tx: &Connection,
    of: (&str, &str),
    remark: &str,
) -> rusqlite::Result<()> {
    take_out(tx, of, (Standing::Held, remark), IN_LIST)
}

/// Notes how the payments of a person stand now that fit `which`; lists that have not left are shorter by them.
fn take_out(
    tx: &Connection,
    (uin, programme): (&str, &str),
    (standing, remark): (Standing, &str),
    which: &str,
) -> rusqlite::Result<()> {
    let lists = format!("select p.list from cycle_member p where {} and {IN_LIST}", of("$1", "$2"));
    tx.prepare_cached(&format!(
        "update cycle_list set payments = payments - 1, total_cents = total_cents -
           (select p.amount_cents from cycle_member p
            where p.list = cycle_list.transaction_id and p.uin = $1)
         where transaction_id in ({lists})"
    ))?
    .execute([uin, programme])?;
    tx.prepare_cached(&format!(
        "update cycle_member as p set standing = $1, remark = $2,
           list = case when p.standing = 'issued' then null else p.list end
         where {} and {which}",
        of("$3", "$4")
    ))?
    .execute([standing.text(), remark, uin, programme])?;
    tx.prepare_cached("delete from cycle_list where state = 'issued' and payments = 0")?
        .execute([])?;
    Ok(())
}
