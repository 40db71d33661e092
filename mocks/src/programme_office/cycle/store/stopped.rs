//! Payments of a cycle that are stopped before they leave.

use rusqlite::Connection;

/// Who stands so has no payment under way.
const NOT_PAID: &str =
    "p.standing in ('copied', 'entitled', 'validated', 'approved', 'held', 'failed', 'reversed')";

/// Stops what a person who died is still to be paid in the cycles of a programme: nothing is issued any more. A payment that
/// is written into a list that has not left is taken out of it. Gives how much is not paid, less what nobody had checked.
pub(in super::super::super) fn stop_dead(
    tx: &Connection,
    (uin, programme): (&str, &str),
    remark: &str,
) -> rusqlite::Result<i64> {
    let in_list = "p.standing = 'issued'
        and exists (select 1 from cycle_list l where l.transaction_id = p.list and l.state = 'issued')";
    let of = |uin: &str, programme: &str| {
        format!(
            "p.uin = {uin} and exists (select 1 from cycle c where c.id = p.cycle
               and c.programme = {programme} and c.state <> 'ended')"
        )
    };
    let first = of("$1", "$2");
    let cents = tx
        .prepare_cached(&format!(
            "select coalesce(sum(p.amount_cents), 0) from cycle_member p
             where {first} and p.standing <> 'copied' and ({NOT_PAID} or ({in_list}))"
        ))?
        .query_row([uin, programme], |row| row.get(0))?;
    let lists = format!("select p.list from cycle_member p where {first} and {in_list}");
    tx.prepare_cached(&format!(
        "update cycle_list set payments = payments - 1, total_cents = total_cents -
           (select p.amount_cents from cycle_member p
            where p.list = cycle_list.transaction_id and p.uin = $1)
         where transaction_id in ({lists})"
    ))?
    .execute([uin, programme])?;
    tx.prepare_cached(&format!(
        "update cycle_member as p set standing = 'deceased', remark = $1,
           list = case when p.standing = 'issued' then null else p.list end
         where {} and ({NOT_PAID} or ({in_list}))",
        of("$2", "$3")
    ))?
    .execute([remark, uin, programme])?;
    tx.prepare_cached("delete from cycle_list where state = 'issued' and payments = 0")?
        .execute([])?;
    Ok(cents)
}

/// Holds what a person is to be paid in the cycles of a programme and is not issued yet.
pub(in super::super::super) fn hold(
    tx: &Connection,
    (uin, programme): (&str, &str),
    remark: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update cycle_member as p set standing = 'held', remark = $1
         where p.uin = $2 and p.standing in ('entitled', 'validated', 'approved')
           and exists (select 1 from cycle c where c.id = p.cycle and c.programme = $3)",
    )?
    .execute([remark, uin, programme])?;
    Ok(())
}
