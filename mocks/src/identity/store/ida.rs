//! One-time codes of MOSIP IDA: one a person, bound to the transaction that asked for it.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::logins::{counted, moment};
use super::secrets;
use crate::identity::model::factor::Factor;
use crate::identity::model::otp::Outcome;
use crate::kit::store::{Store, StoreError};

/// What became of a typed code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::identity) enum Tried {
    /// The code was asked for by another transaction.
    OtherTransaction,
    Decided(Outcome),
}

/// Keeps a code (its digest) that was sent; an earlier one no longer counts.
pub(in crate::identity) fn keep(
    store: &Store,
    uin: &str,
    transaction: &str,
    (digest, until): (&str, Timestamp),
) -> Result<(), StoreError> {
    store.write(|tx| {
        tx.prepare_cached(
            "insert into ida_otp (uin, ident, otp, until) values ($1, $2, $3, $4)
             on conflict (uin) do update set ident = excluded.ident, otp = excluded.otp, until = excluded.until",
        )?
        .execute(params![uin, transaction, digest, until.to_string()])?;
        Ok(())
    })
}

/// Decides about a typed code (its digest) in one transaction: it is used once, and wrong ones count for the person as
/// they do at the login page.
pub(in crate::identity) fn attempt(
    store: &Store,
    uin: &str,
    transaction: &str,
    (typed, now): (&str, Timestamp),
) -> Result<Tried, StoreError> {
    store.write(|tx| {
        let sent: Option<(String, String, String)> = tx
            .prepare_cached("select ident, otp, until from ida_otp where uin = $1")?
            .query_row([uin], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        if sent.as_ref().is_some_and(|(asked_by, _, _)| asked_by != transaction) {
            return Ok(Tried::OtherTransaction);
        }
        let until = sent.as_ref().map(|(_, _, until)| moment(until)).transpose()?;
        let sent = sent.as_ref().map(|(_, otp, _)| otp.as_str()).zip(until);
        let outcome = counted(tx, uin, (sent, typed), now)?;
        if matches!(outcome, Outcome::Right | Outcome::LockedNow { .. }) {
            tx.prepare_cached("delete from ida_otp where uin = $1")?.execute([uin])?;
        }
        Ok(Tried::Decided(outcome))
    })
}

/// As [`attempt`], with a PIN or a password (`typed` is its digest).
pub(in crate::identity) fn attempt_secret(
    store: &Store,
    uin: &str,
    factor: Factor,
    (typed, now): (&str, Timestamp),
) -> Result<Outcome, StoreError> {
    store.write(|tx| {
        let kept = secrets::of(tx, uin, factor)?;
        let kept = kept.as_deref().map(|digest| (digest, Timestamp::MAX));
        Ok(counted(tx, uin, (kept, typed), now)?)
    })
}
