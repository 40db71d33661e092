//! PINs and passwords of people, as digests.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::identity::model::factor::Factor;

/// Sets a PIN or a password (its digest).
pub(in crate::identity) fn set(
    tx: &Connection,
    uin: &str,
    factor: Factor,
    digest: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into secret (uin, factor, secret_digest) values ($1, $2, $3)
         on conflict (uin, factor) do update set secret_digest = excluded.secret_digest",
    )?
    .execute(params![uin, factor.word(), digest])?;
    Ok(())
}

/// The digest of a person's PIN or password, where one was set.
pub(in crate::identity) fn of(
    db: &Connection,
    uin: &str,
    factor: Factor,
) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("select secret_digest from secret where uin = $1 and factor = $2")?
        .query_row(params![uin, factor.word()], |row| row.get(0))
        .optional()
}
