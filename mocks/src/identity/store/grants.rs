//! Authorization codes and access tokens. Everything about a code is decided inside one write transaction.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use super::logins::{json_error, moment};
use crate::identity::model::claims::Allowed;
use crate::identity::model::client::Client;
use crate::identity::model::factor::Factor;
use crate::identity::model::pkce;
use crate::kit::store::{Store, StoreError};

/// What a person granted to a client.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub(in crate::identity) struct Granted {
    pub(in crate::identity) client: String,
    pub(in crate::identity) uin: String,
    pub(in crate::identity) scope: Vec<String>,
    pub(in crate::identity) allowed: Allowed,
    pub(in crate::identity) nonce: Option<String>,
    pub(in crate::identity) acr: String,
    pub(in crate::identity) factor: Factor,
    pub(in crate::identity) auth_time: i64,
    #[serde(default)]
    pub(in crate::identity) locales: Vec<String>,
}

/// A code that is to be redeemed.
#[derive(Debug, Clone, Copy)]
pub(in crate::identity) struct Redeeming<'a> {
    /// Digest of the code.
    pub(in crate::identity) code: &'a str,
    pub(in crate::identity) client: &'a Client,
    pub(in crate::identity) redirect_uri: &'a str,
    pub(in crate::identity) verifier: Option<&'a str>,
    pub(in crate::identity) now: Timestamp,
    /// The access token that will be issued: its id and its end in real seconds.
    pub(in crate::identity) token: (&'a str, i64),
}

/// What became of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::identity) enum Redeemed {
    Granted(Box<Granted>),
    Unknown,
    /// It was used before: whatever it brought is revoked.
    Replayed,
    Expired,
    OtherClient,
    OtherRedirect,
    WrongVerifier,
}

/// Keeps a code (its digest) until it is redeemed.
pub(in crate::identity) fn keep_code(
    tx: &Connection,
    code: &str,
    granted: &Granted,
    (redirect_uri, challenge, until): (&str, Option<&str>, Timestamp),
) -> rusqlite::Result<()> {
    let document = serde_json::to_string(granted).map_err(json_error)?;
    tx.prepare_cached(
        "insert into code (code, client, redirect_uri, challenge, granted, until) values ($1, $2, $3, $4, $5, $6)",
    )?
    .execute(params![code, granted.client, redirect_uri, challenge, document, until.to_string()])?;
    Ok(())
}

/// Redeems a code: one of many who try together gets what it stands for, and then loses it again to the others'
/// replay (RFC 6749, 4.1.2).
pub(in crate::identity) fn redeem(
    store: &Store,
    it: &Redeeming<'_>,
) -> Result<Redeemed, StoreError> {
    store.write(|tx| {
        let row = tx
            .prepare_cached("select client, redirect_uri, challenge, granted, until, used from code where code = $1")?
            .query_row([it.code], |row| {
                let text: (String, String, Option<String>) = (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok((text, row.get::<_, String>(3)?, row.get::<_, String>(4)?, row.get::<_, bool>(5)?))
            })
            .optional()?;
        let Some(((client, redirect_uri, challenge), granted, until, used)) = row else {
            return Ok(Redeemed::Unknown);
        };
        if client != it.client.id {
            return Ok(Redeemed::OtherClient);
        }
        if used {
            tx.prepare_cached("update token set revoked = 1 where code = $1")?.execute([it.code])?;
            return Ok(Redeemed::Replayed);
        }
        if it.now >= moment(&until)? {
            return Ok(Redeemed::Expired);
        }
        if !it.client.redeems_with(&redirect_uri, it.redirect_uri) {
            return Ok(Redeemed::OtherRedirect);
        }
        let proven = match (&challenge, it.verifier) {
            (Some(challenge), Some(verifier)) => pkce::fits(challenge, verifier),
            (None, None) => true,
            // A verifier without a challenge is a sign that a challenge was taken out on the way (RFC 9700, 4.8.2).
            (Some(_), None) | (None, Some(_)) => false,
        };
        if !proven {
            return Ok(Redeemed::WrongVerifier);
        }
        tx.prepare_cached("update code set used = 1 where code = $1")?.execute([it.code])?;
        tx.prepare_cached("insert into token (id, code, granted, expires) values ($1, $2, $3, $4)")?
            .execute(params![it.token.0, it.code, granted, it.token.1])?;
        Ok(Redeemed::Granted(Box::new(serde_json::from_str(&granted).map_err(json_error)?)))
    })
}

/// What the access token with this id stands for, unless it was revoked.
pub(in crate::identity) fn granted_by(
    db: &Connection,
    token: &str,
) -> rusqlite::Result<Option<Granted>> {
    let text: Option<String> = db
        .prepare_cached("select granted from token where id = $1 and revoked = 0")?
        .query_row([token], |row| row.get(0))
        .optional()?;
    text.map(|text| serde_json::from_str(&text).map_err(json_error)).transpose()
}

/// Forgets tokens and codes that have expired. A code that was redeemed stays as long as its token, so that whoever uses it
/// again still takes the token back.
pub(super) fn forget_expired(
    tx: &Connection,
    (now, wall): (Timestamp, i64),
) -> rusqlite::Result<()> {
    tx.prepare_cached("delete from token where expires < $1")?.execute([wall])?;
    tx.prepare_cached(
        "delete from code where until < $1 and not exists (select 1 from token where token.code = code.code)",
    )?
    .execute([now.to_string()])?;
    Ok(())
}

/// Notes that a client assertion with an id of its own was used; false where it was before (RFC 7523, 3, item 7).
/// Those that `expires` before `past` are forgotten: they no longer hold anyway.
pub(in crate::identity) fn note_assertion(
    store: &Store,
    digest: &str,
    (expires, past): (i64, i64),
) -> Result<bool, StoreError> {
    store.write(|tx| {
        tx.prepare_cached("delete from assertion where expires < $1")?.execute([past])?;
        let noted = tx
            .prepare_cached(
                "insert into assertion (digest, expires) values ($1, $2) on conflict (digest) do nothing",
            )?
            .execute(params![digest, expires])?;
        Ok(noted == 1)
    })
}
