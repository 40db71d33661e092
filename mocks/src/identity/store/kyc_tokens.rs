//! What mock-identity-system keeps: records as they were told, and tokens. Each token is exchanged once, by the client
//! and for the transaction that it was given.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::Value;

use super::logins::{json_error, moment};
use crate::kit::store::{Store, StoreError};

/// Keeps a token (its digest).
pub(in crate::identity) fn keep(
    store: &Store,
    token: &str,
    (uin, client, transaction): (&str, &str, &str),
    until: Timestamp,
) -> Result<(), StoreError> {
    store.write(|tx| {
        tx.prepare_cached(
            "insert into kyc_token (token, uin, client, ident, until) values ($1, $2, $3, $4, $5)",
        )?
        .execute(params![token, uin, client, transaction, until.to_string()])?;
        Ok(())
    })
}

/// Takes a token: the first who brings it with all that belongs to it learns that it held and until when.
pub(in crate::identity) fn take(
    store: &Store,
    token: &str,
    (uin, client, transaction): (&str, &str, &str),
) -> Result<Option<Timestamp>, StoreError> {
    store.write(|tx| {
        let until: Option<String> = tx
            .prepare_cached(
                "delete from kyc_token where token = $1 and uin = $2 and client = $3 and ident = $4 returning until",
            )?
            .query_row([token, uin, client, transaction], |row| row.get(0))
            .optional()?;
        Ok(until.map(|until| moment(&until)).transpose()?)
    })
}

/// Keeps what was told about a person.
pub(in crate::identity) fn keep_record(
    tx: &Connection,
    uin: &str,
    record: &Value,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into told_record (uin, record) values ($1, $2)
         on conflict (uin) do update set record = excluded.record",
    )?
    .execute(params![uin, record.to_string()])?;
    Ok(())
}

/// What was told about a person; null where nothing was.
pub(in crate::identity) fn record_of(db: &Connection, uin: &str) -> rusqlite::Result<Value> {
    let text: Option<String> = db
        .prepare_cached("select record from told_record where uin = $1")?
        .query_row([uin], |row| row.get(0))
        .optional()?;
    text.map_or(Ok(Value::Null), |text| serde_json::from_str(&text).map_err(json_error))
}
