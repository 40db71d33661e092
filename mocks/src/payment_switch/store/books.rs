//! The books of the switch: positions, reservations and settlement accounts, in double entry.
//!
//! A positive amount is owed by the account's owner. Reserving moves the amount from `reserved` to the payer's position,
//! committing moves it from the payee's position to `reserved`, and giving back undoes the reservation.

use rusqlite::{Connection, OptionalExtension as _, params};
use standards::money::{Currency, Money};

use crate::kit::ledger::{self, Posting};
use crate::payment_switch::model::{AccountKind, Liquidity, Prepare};

/// A participant's account as the admin API shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_switch) struct Position {
    pub(in crate::payment_switch) id: i64,
    pub(in crate::payment_switch) currency: String,
    pub(in crate::payment_switch) kind: String,
    pub(in crate::payment_switch) minor: i64,
    pub(in crate::payment_switch) is_active: bool,
}

/// How the money of a transfer moves.
#[derive(Debug, Clone, Copy)]
pub(super) enum Move {
    Reserve,
    Commit,
    GiveBack,
}

/// The ledger's name of a participant's account.
pub(super) fn code_of(participant: &str, currency: Currency, kind: AccountKind) -> String {
    format!("{participant}/{currency}/{}", kind.text())
}

/// Books one step of a transfer.
pub(super) fn book(
    tx: &Connection,
    transfer: &Prepare,
    step: Move,
    at: &str,
) -> rusqlite::Result<()> {
    let Money { minor, currency } = transfer.amount;
    let reserved = format!("hub/{currency}/RESERVED");
    ledger::open(tx, &reserved, currency)?;
    let position = |name: &str| code_of(name, currency, AccountKind::Position);
    let (what, code, minor) = match step {
        Move::Reserve => ("reserve", position(&transfer.payer), minor),
        Move::Commit => ("commit", position(&transfer.payee), -minor),
        Move::GiveBack => ("give back", position(&transfer.payer), -minor),
    };
    let reference = format!("{} {what}", transfer.id);
    let legs = [(code.as_str(), minor), (reserved.as_str(), -minor)];
    ledger::post(tx, &Posting { reference: &reference, what, at, currency, legs: &legs })
}

/// Books money that a participant pays in as cover.
pub(in crate::payment_switch) fn fund(
    tx: &Connection,
    participant: &str,
    funds: Money,
    (reference, at): (&str, &str),
) -> rusqlite::Result<()> {
    let currency = funds.currency;
    let outside = outside(currency);
    ledger::open(tx, &outside, currency)?;
    let cover = code_of(participant, currency, AccountKind::Settlement);
    let legs = [(cover.as_str(), -funds.minor), (outside.as_str(), funds.minor)];
    ledger::post(tx, &Posting { reference, what: "funds", at, currency, legs: &legs })
}

/// Books what a participant owes from the start, once. Says whether it was booked now.
pub(in crate::payment_switch) fn first_position(
    tx: &Connection,
    participant: &str,
    owed: Money,
    at: &str,
) -> rusqlite::Result<bool> {
    let Money { minor, currency } = owed;
    let reference = format!("initial position of {participant} in {currency}");
    if ledger::is_booked(tx, &reference)? {
        return Ok(false);
    }
    let outside = outside(currency);
    ledger::open(tx, &outside, currency)?;
    let position = code_of(participant, currency, AccountKind::Position);
    let legs = [(position.as_str(), minor), (outside.as_str(), -minor)];
    let what = "initial position";
    ledger::post(tx, &Posting { reference: &reference, what, at, currency, legs: &legs })?;
    Ok(true)
}

/// How funds go out.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Reserve,
    Commit,
    GiveBack,
}

/// Books a step of funds on their way out: the cover gives them to the way, the way to the outside or back.
pub(super) fn take_out(
    tx: &Connection,
    (participant, funds): (&str, Money),
    step: Step,
    (id, at): (&str, &str),
) -> rusqlite::Result<()> {
    let Money { minor, currency } = funds;
    let (way, outside) = (format!("hub/{currency}/FUNDS_OUT"), outside(currency));
    ledger::open(tx, &way, currency)?;
    ledger::open(tx, &outside, currency)?;
    let cover = code_of(participant, currency, AccountKind::Settlement);
    let (what, from, to) = match step {
        Step::Reserve => ("funds out", &cover, &way),
        Step::Commit => ("funds out committed", &way, &outside),
        Step::GiveBack => ("funds out aborted", &way, &cover),
    };
    let reference = format!("{id} {what}");
    let legs = [(from.as_str(), minor), (to.as_str(), -minor)];
    ledger::post(tx, &Posting { reference: &reference, what, at, currency, legs: &legs })
}

/// Books what a settlement adds to a participant's position, against what all of them settle together.
pub(super) fn move_for_settlement(
    tx: &Connection,
    (participant, currency): (&str, Currency),
    minor: i64,
    (reference, at): (&str, &str),
) -> rusqlite::Result<()> {
    let common = format!("hub/{currency}/MULTILATERAL_SETTLEMENT");
    ledger::open(tx, &common, currency)?;
    let position = code_of(participant, currency, AccountKind::Position);
    let legs = [(position.as_str(), minor), (common.as_str(), -minor)];
    ledger::post(tx, &Posting { reference, what: "settlement", at, currency, legs: &legs })
}

/// The ledger's name of the world outside, where funds come from and go to.
fn outside(currency: Currency) -> String {
    format!("hub/{currency}/RECONCILIATION")
}

/// Whether a participant can be paid in a currency.
pub(in crate::payment_switch) fn has_account(
    db: &Connection,
    participant: &str,
    currency: Currency,
) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "select 1 from account where participant = $1 and currency = $2 and kind = $3
         and id not in (select account from account_off)",
    )?
    .exists([participant, currency.as_str(), AccountKind::Position.text()])
}

/// Switches an account on or off.
pub(in crate::payment_switch) fn set_account_active(
    tx: &Connection,
    id: i64,
    is_active: bool,
) -> rusqlite::Result<()> {
    tx.prepare_cached("delete from account_off where account = $1")?.execute([id])?;
    if !is_active {
        tx.prepare_cached("insert into account_off (account) values ($1)")?.execute([id])?;
    }
    Ok(())
}

/// How a participant stands in a currency; None where it has no accounts in it.
pub(in crate::payment_switch) fn liquidity(
    db: &Connection,
    participant: &str,
    currency: Currency,
) -> rusqlite::Result<Option<Liquidity>> {
    let balance = |kind| ledger::balance(db, &code_of(participant, currency, kind));
    let (position, settlement) =
        (balance(AccountKind::Position)?, balance(AccountKind::Settlement)?);
    let net_debit_cap = db
        .prepare_cached("select minor from net_debit_cap where participant = $1 and currency = $2")?
        .query_row(params![participant, currency.as_str()], |row| row.get::<_, i64>(0))
        .optional()?;
    Ok(position.zip(settlement).map(|(position, settlement)| Liquidity {
        position,
        cover: -settlement,
        net_debit_cap,
    }))
}

/// The accounts of a participant, by number.
pub(in crate::payment_switch) fn accounts(
    db: &Connection,
    participant: &str,
) -> rusqlite::Result<Vec<Position>> {
    db.prepare_cached(
        "select a.id, a.currency, a.kind, l.balance, o.account is null from account a
         join ledger_account l on l.code = a.participant || '/' || a.currency || '/' || a.kind
         left join account_off o on o.account = a.id
         where a.participant = $1 order by a.id",
    )?
    .query_map([participant], |row| {
        Ok(Position {
            id: row.get(0)?,
            currency: row.get(1)?,
            kind: row.get(2)?,
            minor: row.get(3)?,
            is_active: row.get(4)?,
        })
    })?
    .collect()
}
