//! Whether the books tell what a system's own records do: each transfer and payment is booked as far as it has come, and
//! no further.

use rusqlite::{Connection, OptionalExtension as _};

use super::Broken;

/// A record that the books contradict. Nothing is contradicted where the system lays no views of its records, as in a
/// folder of before there were any.
pub(super) fn contradicted(db: &Connection) -> rusqlite::Result<Option<Broken>> {
    let contradictions = [
        ("ledger_called_for", misbooked as fn(&Connection) -> _),
        ("ledger_untold", untold),
        ("ledger_under_way", astray),
    ];
    for (view, contradiction) in contradictions {
        let broken = if has(db, view)? { contradiction(db)? } else { None };
        if broken.is_some() {
            return Ok(broken);
        }
    }
    Ok(None)
}

/// An entry that gives an account something else than the records call for.
fn misbooked(db: &Connection) -> rusqlite::Result<Option<Broken>> {
    db.query_row(
        "select c.reference, c.account, coalesce(l.minor, 0), c.minor from ledger_called_for c
         left join ledger_entry e on e.reference = c.reference
         left join ledger_leg l on l.entry = e.number and l.account = c.account
         where c.minor <> coalesce(l.minor, 0) limit 1",
        [],
        |row| {
            Ok(Broken::Misbooked {
                reference: row.get(0)?,
                account: row.get(1)?,
                booked: row.get(2)?,
                right: row.get(3)?,
            })
        },
    )
    .optional()
}

/// An entry of which no record tells.
fn untold(db: &Connection) -> rusqlite::Result<Option<Broken>> {
    db.query_row("select reference from ledger_untold limit 1", [], |row| {
        Ok(Broken::Untold { reference: row.get(0)? })
    })
    .optional()
}

/// An account on which something else stands than is under way.
fn astray(db: &Connection) -> rusqlite::Result<Option<Broken>> {
    db.query_row(
        "select u.account, coalesce(a.balance, 0), u.minor from ledger_under_way u
         left join ledger_account a on a.code = u.account
         where u.minor <> coalesce(a.balance, 0) limit 1",
        [],
        |row| Ok(Broken::Astray { account: row.get(0)?, shown: row.get(1)?, right: row.get(2)? }),
    )
    .optional()
}

fn has(db: &Connection, view: &str) -> rusqlite::Result<bool> {
    db.prepare("select 1 from sqlite_schema where type = 'view' and name = $1")?.exists([view])
}
