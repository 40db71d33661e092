//! Funds in and out: what a participant pays in as cover at once, and takes out in two steps.

use rusqlite::{Connection, OptionalExtension as _, params};
use standards::fspiop::TransferState;
use standards::money::Money;

use super::books::{Step, fund, take_out};

/// A movement of funds that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_switch) struct Funds {
    /// As the operator named it.
    pub(in crate::payment_switch) id: String,
    pub(in crate::payment_switch) participant: String,
    pub(in crate::payment_switch) money: Money,
    /// The action that asked for it.
    pub(in crate::payment_switch) action: String,
    pub(in crate::payment_switch) state: FundsState,
}

/// How far a movement of funds has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::payment_switch) enum FundsState {
    Reserved,
    Committed,
    Aborted,
}

impl FundsState {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Reserved, "RESERVED"), (Self::Committed, "COMMITTED"), (Self::Aborted, "ABORTED")];

    /// As participants hear it.
    pub(in crate::payment_switch) fn wire(self) -> TransferState {
        match self {
            Self::Reserved => TransferState::Reserved,
            Self::Committed => TransferState::Committed,
            Self::Aborted => TransferState::Aborted,
        }
    }

    fn text(self) -> &'static str {
        Self::ALL.into_iter().find(|(state, _)| *state == self).map_or("", |(_, text)| text)
    }
}

/// A movement of funds by its id.
pub(in crate::payment_switch) fn find_funds(
    db: &Connection,
    id: &str,
) -> rusqlite::Result<Option<Funds>> {
    db.prepare_cached(
        "select id, participant, minor, currency, action, state from funds where id = $1",
    )?
    .query_row([id], |row| {
        let (currency, state): (String, String) = (row.get(3)?, row.get(5)?);
        let currency = currency.parse().map_err(|_| rusqlite::Error::InvalidQuery)?;
        let state = FundsState::ALL.into_iter().find(|(_, text)| *text == state);
        Ok(Funds {
            id: row.get(0)?,
            participant: row.get(1)?,
            money: Money::new(row.get(2)?, currency),
            action: row.get(4)?,
            state: state.ok_or(rusqlite::Error::InvalidQuery)?.0,
        })
    })
    .optional()
}

/// Keeps a new movement and books its first step: in at once, or out as far as reserved.
pub(in crate::payment_switch) fn move_funds(
    tx: &Connection,
    funds: &Funds,
    at: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into funds (id, participant, currency, minor, action, state)
         values ($1, $2, $3, $4, $5, $6)",
    )?
    .execute(params![
        funds.id,
        funds.participant,
        funds.money.currency.as_str(),
        funds.money.minor,
        funds.action,
        funds.state.text()
    ])?;
    match funds.state {
        FundsState::Reserved => {
            take_out(tx, (&funds.participant, funds.money), Step::Reserve, (&funds.id, at))
        }
        _ => fund(tx, &funds.participant, funds.money, (&funds.id, at)),
    }
}

/// Ends a movement out that was reserved.
pub(in crate::payment_switch) fn end_funds(
    tx: &Connection,
    funds: &Funds,
    is_committed: bool,
    at: &str,
) -> rusqlite::Result<()> {
    let (state, step) = if is_committed {
        (FundsState::Committed, Step::Commit)
    } else {
        (FundsState::Aborted, Step::GiveBack)
    };
    tx.prepare_cached("update funds set state = $1 where id = $2")?
        .execute([state.text(), &funds.id])?;
    take_out(tx, (&funds.participant, funds.money), step, (&funds.id, at))
}
