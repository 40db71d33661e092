//! The archive of the programme office: applications, logins, consents, what was asked of whom, and duties done.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::Serialize;

use crate::kit::room::Office;
use crate::kit::store::{Store, StoreError, Transaction, next_number, set_setting, setting};
use crate::programme_office::model::application::{Application, Refusal};
use crate::programme_office::model::decisions::{MEMBERS, Twin};
use crate::programme_office::model::programmes::{BUILT_IN, Programmes, Wrong};
use crate::programme_office::model::wish::Wish;

mod leaving;
mod money;

pub(super) use leaving::*;
pub(super) use money::*;

/// The setting that holds the programme file in force.
pub(super) const PROGRAMMES: &str = "programmes";
/// The longest list that one answer gives.
const LONGEST_LIST: i64 = 500;

/// Why the archive could not do what was wanted.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("a kept application cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("the kept programme file is wrong: {0}")]
    Programmes(#[from] Wrong),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What must be remembered while somebody logs in.
#[derive(Debug, Clone)]
pub(super) struct Login {
    pub(super) state: String,
    pub(super) application: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
    /// The browser came back with it before.
    pub(super) used: bool,
}

/// What somebody agreed to.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Consent {
    pub(super) id: String,
    pub(super) purpose: String,
    pub(super) sources: Vec<String>,
    pub(super) given_at: String,
    pub(super) expires_at: String,
}

/// One question to another system: what came of it. One row a question, whatever came.
#[derive(Debug, Clone)]
pub(super) struct Fetch<'a> {
    pub(super) application: &'a str,
    pub(super) source: &'a str,
    pub(super) question: &'a str,
    /// `ok`, `not_found`, `refused` or `error`.
    pub(super) result: &'a str,
    pub(super) remark: &'a str,
    pub(super) at: &'a str,
}

/// The programme file in force, as text.
pub(super) fn programmes_text(store: &Store) -> Result<String, StoreError> {
    Ok(store.read(|db| setting(db, PROGRAMMES))?.unwrap_or_else(|| BUILT_IN.to_owned()))
}

/// The programmes in force. They are read anew only where the file has changed.
pub(super) fn programmes(office: &Office) -> Result<Arc<Programmes>, Trouble> {
    let text = programmes_text(&office.store)?;
    let kept = office.memory.of::<InForce>();
    let mut kept = kept.0.lock().unwrap_or_else(PoisonError::into_inner);
    match &*kept {
        Some((of, programmes)) if *of == text => Ok(Arc::clone(programmes)),
        _ => {
            let programmes = Arc::new(Programmes::read(&text)?);
            *kept = Some((text, Arc::clone(&programmes)));
            Ok(programmes)
        }
    }
}

/// The programmes that were read last, and the text that they were read from.
#[derive(Default)]
struct InForce(Mutex<Option<(String, Arc<Programmes>)>>);

/// Puts another programme file in force; the caller has checked it.
pub(super) fn set_programmes(store: &Store, text: &str) -> Result<(), StoreError> {
    store.write(|tx| Ok(set_setting(tx, PROGRAMMES, text)?))
}

/// A new application with the next number, `APP-2026-000001`.
pub(super) fn open(store: &Store, wish: Wish, at: &str) -> Result<Application, Trouble> {
    store.write(|tx| {
        let number = next_number(tx, "APP")?;
        let year = at.get(..4).unwrap_or_default();
        let application = Application::new(format!("APP-{year}-{number:06}"), wish, at.to_owned());
        tx.prepare_cached(
            "insert into application (id, number, programme, state, uin, phone, birth_date, record)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )?
        .execute(params![
            application.id,
            number,
            application.programme,
            application.state(),
            application.uin,
            application.phone,
            birth_date(&application),
            serde_json::to_string(&application)?
        ])?;
        Ok(application)
    })
}

/// An application by its id.
pub(super) fn application(store: &Store, id: &str) -> Result<Application, Trouble> {
    let record = store.read(|db| record_of(db, id))?;
    let record = record.ok_or_else(|| Refusal::Unknown(id.into()))?;
    Ok(serde_json::from_str(&record)?)
}

/// Changes an application in one step that nobody else comes between; a refused change leaves no trace.
pub(super) fn change<T>(
    store: &Store,
    id: &str,
    change: impl FnOnce(&mut Application, &Transaction<'_>) -> Result<T, Trouble>,
) -> Result<(Application, T), Trouble> {
    store.write(|tx| {
        let record = record_of(tx, id)?.ok_or_else(|| Refusal::Unknown(id.into()))?;
        let mut application: Application = serde_json::from_str(&record)?;
        let value = change(&mut application, tx)?;
        tx.prepare_cached(
            "update application set state = $1, uin = $2, birth_date = $3, record = $4 where id = $5",
        )?
        .execute(params![
            application.state(),
            application.uin,
            birth_date(&application),
            serde_json::to_string(&application)?,
            id
        ])?;
        Ok((application, value))
    })
}

/// Applications in the order of their numbers, the newest last; those in `state` and those of the person with this `uin`,
/// where they are given.
pub(super) fn applications(
    store: &Store,
    state: Option<&str>,
    uin: Option<&str>,
) -> Result<Vec<Application>, Trouble> {
    let records: Vec<String> = store.read(|db| {
        let mut query = db.prepare_cached(
            "select record from (select number, record from application
             where ($1 is null or state = $1) and ($2 is null or uin = $2)
             order by number desc limit $3) as newest
             order by number",
        )?;
        query.query_map(params![state, uin, LONGEST_LIST], |row| row.get(0))?.collect()
    })?;
    records.iter().map(|r| Ok(serde_json::from_str(r)?)).collect()
}

/// Applications that were under way or have duties left: what a start takes up again.
pub(super) fn unfinished(store: &Store, duties: usize) -> Result<Vec<String>, StoreError> {
    let duties = i64::try_from(duties).unwrap_or(i64::MAX);
    store.read(|db| {
        let mut query = db.prepare_cached(
            "select id from application where state = 'assessing' or (state = 'enrolled' and
             (select count(*) from duty where duty.application = application.id) < $1)
             order by number",
        )?;
        query.query_map([duties], |row| row.get(0))?.collect()
    })
}

/// What looks like the same person in the same programme: live applications, and the list of members, where the person is
/// on it without having applied.
pub(super) fn twins(db: &Connection, of: &Application) -> rusqlite::Result<Vec<Twin>> {
    let mut query = db.prepare_cached(
        "select id, uin is not null and uin = $1 from application
         where id <> $2 and programme = $3 and state in ('enrolled', 'paused')
         and (uin = $1 or (phone = $4 and phone <> '' and birth_date = $5)) order by number",
    )?;
    let read = |row: &Row<'_>| {
        let by_uin: bool = row.get(1)?;
        let by = if by_uin { "UIN" } else { "phone and birth date" };
        Ok(Twin { application: row.get(0)?, by: by.into() })
    };
    let asked = params![of.uin, of.id, of.programme, of.phone, birth_date(of)];
    let mut twins: Vec<Twin> = query.query_map(asked, read)?.collect::<rusqlite::Result<_>>()?;
    if twins.is_empty() && is_member(db, of)? {
        twins.push(Twin { application: MEMBERS.into(), by: "UIN".into() });
    }
    Ok(twins)
}

/// Whether the programme pays the person without an application: members of the payroll never applied. Whoever left may
/// come back.
pub(super) fn is_member(db: &Connection, of: &Application) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "select count(*) > 0 from member where uin = $1 and programme = $2
         and not exists (select 1 from application a where a.uin = $1 and a.programme = $2 and a.id <> $3
           and a.state in ('enrolled', 'paused', 'exited'))
         and not exists (select 1 from departure d where d.uin = $1 and d.programme = $2)",
    )?
    .query_row(params![of.uin, of.programme, of.id], |row| row.get(0))
}

pub(super) fn keep_login(store: &Store, login: &Login) -> Result<(), StoreError> {
    store.write(|tx| {
        tx.prepare_cached(
            "insert into login (state, application, nonce, verifier) values ($1, $2, $3, $4)",
        )?
        .execute(params![login.state, login.application, login.nonce, login.verifier])?;
        Ok(())
    })
}

/// The login that a browser comes back with. It is used up: `used` says whether it was before.
pub(super) fn take_login(store: &Store, state: &str) -> Result<Option<Login>, StoreError> {
    store.write(|tx| {
        let read = |row: &Row<'_>| {
            Ok(Login {
                state: state.into(),
                application: row.get(0)?,
                nonce: row.get(1)?,
                verifier: row.get(2)?,
                used: row.get(3)?,
            })
        };
        let login = tx
            .prepare_cached(
                "select application, nonce, verifier, used from login where state = $1",
            )?
            .query_row([state], read)
            .optional()?;
        tx.prepare_cached("update login set used = 1 where state = $1")?.execute([state])?;
        Ok(login)
    })
}

/// Keeps what somebody agreed to, and gives it its id.
pub(super) fn keep_consent(
    store: &Store,
    application: &str,
    mut consent: Consent,
) -> Result<Consent, StoreError> {
    store.write(|tx| {
        consent.id = format!("CNS-{:06}", next_number(tx, "CNS")?);
        tx.prepare_cached(
            "insert into consent (id, application, purpose, sources, given_at, expires_at)
             values ($1, $2, $3, $4, $5, $6)",
        )?
        .execute(params![
            consent.id,
            application,
            consent.purpose,
            consent.sources.join(" "),
            consent.given_at,
            consent.expires_at
        ])?;
        Ok(consent)
    })
}

/// The last consent given for an application.
pub(super) fn consent(store: &Store, application: &str) -> Result<Option<Consent>, StoreError> {
    store.read(|db| {
        let read = |row: &Row<'_>| {
            let sources: String = row.get(2)?;
            Ok(Consent {
                id: row.get(0)?,
                purpose: row.get(1)?,
                sources: sources.split(' ').map(str::to_owned).collect(),
                given_at: row.get(3)?,
                expires_at: row.get(4)?,
            })
        };
        db.prepare_cached(
            "select id, purpose, sources, given_at, expires_at from consent
             where application = $1 order by id desc limit 1",
        )?
        .query_row([application], read)
        .optional()
    })
}

pub(super) fn keep_fetch(store: &Store, fetch: &Fetch<'_>) -> Result<(), StoreError> {
    store.write(|tx| {
        let number = next_number(tx, "FETCH")?;
        tx.prepare_cached(
            "insert into fetch (number, application, source, question, result, remark, at)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )?
        .execute(params![
            number,
            fetch.application,
            fetch.source,
            fetch.question,
            fetch.result,
            fetch.remark,
            fetch.at
        ])?;
        Ok(())
    })
}

pub(super) fn is_done(store: &Store, application: &str, duty: &str) -> Result<bool, StoreError> {
    store.read(|db| {
        db.prepare_cached("select count(*) > 0 from duty where application = $1 and name = $2")?
            .query_row([application, duty], |row| row.get(0))
    })
}

pub(super) fn mark_done(
    store: &Store,
    application: &str,
    duty: &str,
    at: &str,
) -> Result<(), StoreError> {
    store.write(|tx| {
        tx.prepare_cached(
            "insert into duty (application, name, done_at) values ($1, $2, $3)
             on conflict (application, name) do nothing",
        )?
        .execute([application, duty, at])?;
        Ok(())
    })
}

fn record_of(db: &Connection, id: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("select record from application where id = $1")?
        .query_row([id], |row| row.get(0))
        .optional()
}

/// The birth date as far as it is known: the register's, else the one that was typed.
fn birth_date(application: &Application) -> Option<String> {
    let known = application.facts.date("birth_date");
    known.or(application.birth_date).map(|date| date.to_string())
}
