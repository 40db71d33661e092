//! Settlement windows, settlements of them, and how far each account has come.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use standards::money::Currency;

use super::books::move_for_settlement;
use crate::kit::store::next_number;
use crate::payment_switch::model::Stage;

/// A window of time: what was committed in it is settled together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_switch) struct Window {
    pub(in crate::payment_switch) id: i64,
    pub(in crate::payment_switch) state: String,
    pub(in crate::payment_switch) reason: String,
    pub(in crate::payment_switch) created: String,
    pub(in crate::payment_switch) changed: String,
    pub(in crate::payment_switch) settlement: Option<i64>,
}

/// A settlement of windows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_switch) struct Settlement {
    pub(in crate::payment_switch) id: i64,
    pub(in crate::payment_switch) model: String,
    pub(in crate::payment_switch) reason: String,
    pub(in crate::payment_switch) state: String,
    pub(in crate::payment_switch) created: String,
    pub(in crate::payment_switch) changed: String,
}

/// An account in a settlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_switch) struct Share {
    /// The number of its position account.
    pub(in crate::payment_switch) account: i64,
    pub(in crate::payment_switch) participant: String,
    pub(in crate::payment_switch) participant_id: i64,
    pub(in crate::payment_switch) currency: String,
    /// What it owes for the windows; negative where it is owed.
    pub(in crate::payment_switch) net: i64,
    pub(in crate::payment_switch) stage: Stage,
    pub(in crate::payment_switch) reason: String,
}

const WINDOW: &str =
    "select id, state, reason, created, changed, settlement from settlement_window";

fn read_window(row: &Row<'_>) -> rusqlite::Result<Window> {
    Ok(Window {
        id: row.get(0)?,
        state: row.get(1)?,
        reason: row.get(2)?,
        created: row.get(3)?,
        changed: row.get(4)?,
        settlement: row.get(5)?,
    })
}

/// Whether a window is open: the first is opened when somebody needs it.
pub(in crate::payment_switch) fn has_open_window(db: &Connection) -> rusqlite::Result<bool> {
    find_open_window(db).map(|open| open.is_some())
}

fn find_open_window(db: &Connection) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("select id from settlement_window where state = 'OPEN'")?
        .query_row([], |row| row.get(0))
        .optional()
}

/// The number of the open window; there always is one.
pub(in crate::payment_switch) fn open_window(tx: &Connection, at: &str) -> rusqlite::Result<i64> {
    if let Some(open) = find_open_window(tx)? {
        return Ok(open);
    }
    let id = next_number(tx, "settlement window")?;
    tx.prepare_cached(
        "insert into settlement_window (id, state, reason, created, changed)
         values ($1, 'OPEN', '', $2, $3)",
    )?
    .execute(params![id, at, at])?;
    Ok(id)
}

/// All windows, by number.
pub(in crate::payment_switch) fn windows(db: &Connection) -> rusqlite::Result<Vec<Window>> {
    db.prepare_cached(&format!("{WINDOW} order by id"))?.query_map([], read_window)?.collect()
}

/// A window by its number.
pub(in crate::payment_switch) fn window(
    db: &Connection,
    id: i64,
) -> rusqlite::Result<Option<Window>> {
    db.prepare_cached(&format!("{WINDOW} where id = $1"))?.query_row([id], read_window).optional()
}

/// The currencies of what was committed in a window.
pub(in crate::payment_switch) fn currencies_in_window(
    db: &Connection,
    window: i64,
) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached(
        "select distinct currency from transfer
         where settlement_window = $1 and state = 'COMMITTED' order by currency",
    )?
    .query_map([window], |row| row.get(0))?
    .collect()
}

/// Changes a window's state, and why.
pub(in crate::payment_switch) fn set_window(
    tx: &Connection,
    id: i64,
    (state, reason): (&str, &str),
    at: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update settlement_window set state = $1, reason = $2, changed = $3 where id = $4",
    )?
    .execute(params![state, reason, at, id])?;
    Ok(())
}

/// Changes the state of all windows of a settlement.
pub(in crate::payment_switch) fn set_windows_of(
    tx: &Connection,
    settlement: i64,
    state: &str,
    at: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update settlement_window set state = $1, changed = $2 where settlement = $3",
    )?
    .execute(params![state, at, settlement])?;
    Ok(())
}

/// Begins a settlement of these windows: what each account owes for them is what its transfers in them sum to.
pub(in crate::payment_switch) fn begin_settlement(
    tx: &Connection,
    windows: &[i64],
    (model, reason): (&str, &str),
    at: &str,
) -> rusqlite::Result<i64> {
    let id = next_number(tx, "settlement")?;
    tx.prepare_cached(
        "insert into settlement (id, model, reason, state, created, changed)
         values ($1, $2, $3, $4, $5, $6)",
    )?
    .execute(params![id, model, reason, Stage::Pending.text(), at, at])?;
    for window in windows {
        tx.prepare_cached(
            "update settlement_window set state = 'PENDING_SETTLEMENT', settlement = $1,
                reason = $2, changed = $3 where id = $4",
        )?
        .execute(params![id, reason, at, window])?;
    }
    tx.prepare_cached(
        "insert into settlement_account (settlement, account, net, state, reason)
         select $1, a.id, sum(m.minor), $2, $3 from (
           select payer as participant, currency, minor from transfer where state = 'COMMITTED'
             and settlement_window in (select id from settlement_window where settlement = $1)
           union all
           select payee, currency, -minor from transfer where state = 'COMMITTED'
             and settlement_window in (select id from settlement_window where settlement = $1)) m
         join account a on a.participant = m.participant and a.currency = m.currency and a.kind = 'POSITION'
         group by a.id",
    )?
    .execute(params![id, Stage::Pending.text(), reason])?;
    Ok(id)
}

/// All settlements, by number.
pub(in crate::payment_switch) fn settlements(db: &Connection) -> rusqlite::Result<Vec<Settlement>> {
    let read = |row: &Row<'_>| {
        Ok(Settlement {
            id: row.get(0)?,
            model: row.get(1)?,
            reason: row.get(2)?,
            state: row.get(3)?,
            created: row.get(4)?,
            changed: row.get(5)?,
        })
    };
    db.prepare_cached(
        "select id, model, reason, state, created, changed from settlement order by id",
    )?
    .query_map([], read)?
    .collect()
}

/// The accounts of a settlement, by number.
pub(in crate::payment_switch) fn shares(
    db: &Connection,
    settlement: i64,
) -> rusqlite::Result<Vec<Share>> {
    let read = |row: &Row<'_>| {
        Ok(Share {
            account: row.get(0)?,
            participant: row.get(1)?,
            participant_id: row.get(2)?,
            currency: row.get(3)?,
            net: row.get(4)?,
            stage: Stage::parse(&row.get::<_, String>(5)?).ok_or(rusqlite::Error::InvalidQuery)?,
            reason: row.get(6)?,
        })
    };
    db.prepare_cached(
        "select s.account, a.participant, p.id, a.currency, s.net, s.state, s.reason
         from settlement_account s join account a on a.id = s.account
         join participant p on p.name = a.participant
         where s.settlement = $1 order by s.account",
    )?
    .query_map([settlement], read)?
    .collect()
}

/// Moves an account of a settlement on, with `minor` added to its position.
pub(in crate::payment_switch) fn move_share(
    tx: &Connection,
    settlement: i64,
    share: &Share,
    (stage, reason, minor): (Stage, &str, i64),
    at: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update settlement_account set state = $1, reason = $2 where settlement = $3 and account = $4",
    )?
    .execute(params![stage.text(), reason, settlement, share.account])?;
    if minor == 0 {
        return Ok(());
    }
    let currency: Currency = share.currency.parse().map_err(|_| rusqlite::Error::InvalidQuery)?;
    let reference =
        format!("settlement {settlement} {} {currency} {}", share.participant, stage.text());
    move_for_settlement(tx, (&share.participant, currency), minor, (&reference, at))
}

/// Changes the state of a settlement.
pub(in crate::payment_switch) fn set_settlement(
    tx: &Connection,
    id: i64,
    state: &str,
    at: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached("update settlement set state = $1, changed = $2 where id = $3")?
        .execute(params![state, at, id])?;
    Ok(())
}
