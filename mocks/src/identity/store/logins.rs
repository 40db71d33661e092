//! Logins under way, and the count of wrong one-time codes.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{grants, secrets, vids};
use crate::identity::model::factor::Factor;
use crate::identity::model::otp::{self, Attempt, Outcome};
use crate::identity::model::request::Asked;
use crate::kit::store::{Store, StoreError};

/// A login under way.
#[derive(Debug, Clone)]
pub(in crate::identity) struct Login {
    /// Digest of the ticket.
    pub(in crate::identity) ticket: String,
    pub(in crate::identity) asked: Asked,
    pub(in crate::identity) language: String,
    /// Who says to be logging in; proven where `auth_time` is set.
    pub(in crate::identity) uin: Option<String>,
    /// The virtual number that was typed, where it was one.
    pub(in crate::identity) vid: Option<String>,
    pub(in crate::identity) otp: Option<(String, Timestamp)>,
    /// Real time of the proof, in seconds.
    pub(in crate::identity) auth_time: Option<i64>,
    /// How it was proved.
    pub(in crate::identity) factor: Option<Factor>,
    /// The digest of what eSignet's call `oauth-details` answered, where the login began there.
    pub(in crate::identity) details: Option<String>,
    pub(in crate::identity) until: Timestamp,
    pub(in crate::identity) finished: bool,
}

/// What became of a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::identity) enum Tried {
    Decided(Outcome),
    /// The virtual number that was typed no longer counts.
    VidEnded,
}

/// Opens a login, and forgets what has expired by `now` (of the sandbox, and in real seconds): it no longer holds anyway.
pub(in crate::identity) fn open(
    store: &Store,
    login: &Login,
    now: (Timestamp, i64),
) -> Result<(), StoreError> {
    let asked = serde_json::to_string(&login.asked).map_err(json_error)?;
    store.write(|tx| {
        tx.prepare_cached("delete from login where until < $1")?.execute([now.0.to_string()])?;
        grants::forget_expired(tx, now)?;
        tx.prepare_cached(
            "insert into login (ticket, asked, language, details, until) values ($1, $2, $3, $4, $5)",
        )?
        .execute(params![login.ticket, asked, login.language, login.details, login.until.to_string()])?;
        Ok(())
    })
}

/// The login with this ticket (its digest).
pub(in crate::identity) fn find(db: &Connection, ticket: &str) -> rusqlite::Result<Option<Login>> {
    db.prepare_cached(
        "select asked, language, uin, otp, otp_until, auth_time, until, finished, vid, factor, details
         from login where ticket = $1",
    )?
    .query_row([ticket], |row| {
        let asked: String = row.get(0)?;
        let otp: Option<String> = row.get(3)?;
        let otp_until: Option<String> = row.get(4)?;
        Ok(Login {
            ticket: ticket.into(),
            asked: serde_json::from_str(&asked).map_err(json_error)?,
            language: row.get(1)?,
            uin: row.get(2)?,
            otp: otp.zip(otp_until.map(|t| moment(&t)).transpose()?),
            auth_time: row.get(5)?,
            until: moment(&row.get::<_, String>(6)?)?,
            finished: row.get(7)?,
            vid: row.get(8)?,
            factor: row.get::<_, Option<String>>(9)?.as_deref().and_then(Factor::read),
            details: row.get(10)?,
        })
    })
    .optional()
}

/// Keeps the language that the person chose.
pub(in crate::identity) fn speak(
    store: &Store,
    ticket: &str,
    language: &str,
) -> Result<(), StoreError> {
    store.write(|tx| {
        tx.prepare_cached("update login set language = $1 where ticket = $2")?
            .execute(params![language, ticket])?;
        Ok(())
    })
}

/// Keeps a one-time code that was sent to the person `uin` (who typed `vid`): an earlier one no longer counts.
pub(in crate::identity) fn keep_otp(
    store: &Store,
    ticket: &str,
    (uin, vid): (&str, Option<&str>),
    (otp, until): (&str, Timestamp),
) -> Result<(), StoreError> {
    store.write(|tx| {
        tx.prepare_cached(
            "update login set uin = $1, vid = $2, otp = $3, otp_until = $4, auth_time = null where ticket = $5",
        )?
        .execute(params![uin, vid, otp, until.to_string(), ticket])?;
        Ok(())
    })
}

/// Until when the login of a person is locked, as far as it was ever.
pub(in crate::identity) fn lock_of(
    db: &Connection,
    uin: &str,
) -> rusqlite::Result<(u32, Option<Timestamp>)> {
    let row: Option<(u32, Option<String>)> = db
        .prepare_cached("select wrong, locked_until from otp_lock where uin = $1")?
        .query_row([uin], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (wrong, until) = row.unwrap_or((0, None));
    Ok((wrong, until.map(|t| moment(&t)).transpose()?))
}

/// Decides about a typed code and keeps the decision, in one transaction: a code is used once and wrong ones are all
/// counted, however many arrive together. `typed` is a digest; `wall` the real time in seconds.
pub(in crate::identity) fn attempt(
    store: &Store,
    ticket: &str,
    typed: &str,
    now: (Timestamp, i64),
) -> Result<Tried, StoreError> {
    store.write(|tx| {
        let none = Tried::Decided(Outcome::NotSent);
        let Some(login) = find(tx, ticket)? else { return Ok(none) };
        let Some(uin) = login.uin.as_deref() else { return Ok(none) };
        let sent = login.otp.as_ref().map(|(otp, until)| (otp.as_str(), *until));
        let it = Proving { ticket, uin, vid: login.vid.as_deref(), factor: Factor::Otp };
        Ok(prove(tx, &it, (sent, typed), now)?)
    })
}

/// A person who proves who they are, in a login.
#[derive(Debug, Clone, Copy)]
pub(in crate::identity) struct Proving<'a> {
    pub(in crate::identity) ticket: &'a str,
    pub(in crate::identity) uin: &'a str,
    pub(in crate::identity) vid: Option<&'a str>,
    pub(in crate::identity) factor: Factor,
}

/// As [`attempt`], with a PIN or a password (`typed` is its digest).
pub(in crate::identity) fn attempt_secret(
    store: &Store,
    it: &Proving<'_>,
    typed: &str,
    now: (Timestamp, i64),
) -> Result<Tried, StoreError> {
    store.write(|tx| {
        tx.prepare_cached(
            "update login set uin = $1, vid = $2, otp = null, auth_time = null where ticket = $3",
        )?
        .execute(params![it.uin, it.vid, it.ticket])?;
        let kept = secrets::of(tx, it.uin, it.factor)?;
        let kept = kept.as_deref().map(|digest| (digest, Timestamp::MAX));
        Ok(prove(tx, it, (kept, typed), now)?)
    })
}

fn prove(
    tx: &Connection,
    it: &Proving<'_>,
    (right, typed): (Option<(&str, Timestamp)>, &str),
    (now, wall): (Timestamp, i64),
) -> rusqlite::Result<Tried> {
    let outcome = counted(tx, it.uin, (right, typed), now)?;
    match outcome {
        Outcome::Right => {
            if !vids::spend(tx, it.vid, now)? {
                return Ok(Tried::VidEnded);
            }
            tx.prepare_cached(
                "update login set otp = null, auth_time = $1, factor = $2 where ticket = $3",
            )?
            .execute(params![wall, it.factor.word(), it.ticket])?;
        }
        Outcome::LockedNow { .. } => {
            tx.prepare_cached("update login set otp = null where ticket = $1")?
                .execute([it.ticket])?;
        }
        _ => {}
    }
    Ok(Tried::Decided(outcome))
}

/// Decides about a proof of a person and counts it if it is wrong.
pub(super) fn counted(
    tx: &Connection,
    uin: &str,
    (sent, typed): (Option<(&str, Timestamp)>, &str),
    now: Timestamp,
) -> rusqlite::Result<Outcome> {
    let (wrong, locked_until) = lock_of(tx, uin)?;
    // A lock that has passed starts the count anew.
    let wrong = if locked_until.is_some_and(|until| until <= now) { 0 } else { wrong };
    let outcome = otp::decide(&Attempt { sent, typed, wrong, locked_until, now });
    match outcome {
        Outcome::Right => set_lock(tx, uin, 0, None)?,
        Outcome::Wrong { .. } => set_lock(tx, uin, wrong + 1, None)?,
        Outcome::LockedNow { until } => set_lock(tx, uin, wrong + 1, Some(until))?,
        Outcome::Locked { .. } | Outcome::Expired | Outcome::NotSent => {}
    }
    Ok(outcome)
}

fn set_lock(
    tx: &Connection,
    uin: &str,
    wrong: u32,
    until: Option<Timestamp>,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into otp_lock (uin, wrong, locked_until) values ($1, $2, $3)
         on conflict (uin) do update set wrong = excluded.wrong, locked_until = excluded.locked_until",
    )?
    .execute(params![uin, wrong, until.map(|t| t.to_string())])?;
    Ok(())
}

/// Forgets the wrong codes of a person, and the lock.
pub(in crate::identity) fn unlock(tx: &Connection, uin: &str) -> rusqlite::Result<()> {
    set_lock(tx, uin, 0, None)
}

/// Ends a login; false where it was ended before: a ticket leads to one answer.
pub(in crate::identity) fn finish(tx: &Connection, ticket: &str) -> rusqlite::Result<bool> {
    let ended = tx
        .prepare_cached("update login set finished = 1 where ticket = $1 and finished = 0")?
        .execute([ticket])?;
    Ok(ended == 1)
}

/// A moment as the archive keeps it.
pub(super) fn moment(text: &str) -> rusqlite::Result<Timestamp> {
    text.parse().map_err(|e: jiff::Error| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))
}

/// A document of the archive that could not be read or written.
pub(super) fn json_error(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}
