//! The tokens of mock-identity-system: each is exchanged once, by the client and for the transaction that it was given.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::logins::moment;
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
