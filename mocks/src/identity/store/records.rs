//! What people may look up about themselves: consents given and refused, and what was told to whom.

use rusqlite::{Connection, params};
use serde::Serialize;

use crate::kit::store::next_number;

/// One line of a person's audit: who asked, on what occasion, what was released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::identity) struct Release {
    pub(in crate::identity) asker: String,
    pub(in crate::identity) occasion: String,
    /// Names of claims, separated by spaces; never their values.
    pub(in crate::identity) released: String,
    pub(in crate::identity) at: String,
}

/// A decision that a person made about a relying party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::identity) struct Consent {
    pub(in crate::identity) client: String,
    /// `allowed` or `refused`.
    pub(in crate::identity) decision: String,
    pub(in crate::identity) claims: String,
    pub(in crate::identity) at: String,
}

/// Adds a line to the audit of the person `uin`.
pub(in crate::identity) fn audit(
    tx: &Connection,
    uin: &str,
    line: &Release,
) -> rusqlite::Result<()> {
    let number = next_number(tx, "audit")?;
    tx.prepare_cached(
        "insert into audit (number, uin, asker, occasion, released, at) values ($1, $2, $3, $4, $5, $6)",
    )?
    .execute(params![number, uin, line.asker, line.occasion, line.released, line.at])?;
    Ok(())
}

/// Keeps a decision of the person `uin`.
pub(in crate::identity) fn keep_consent(
    tx: &Connection,
    uin: &str,
    consent: &Consent,
) -> rusqlite::Result<()> {
    let number = next_number(tx, "consent")?;
    tx.prepare_cached(
        "insert into consent (number, uin, client, decision, claims, at) values ($1, $2, $3, $4, $5, $6)",
    )?
    .execute(params![number, uin, consent.client, consent.decision, consent.claims, consent.at])?;
    Ok(())
}

/// Everything that was told about a person, newest last.
pub(in crate::identity) fn audit_of(db: &Connection, uin: &str) -> rusqlite::Result<Vec<Release>> {
    let mut query = db.prepare_cached(
        "select asker, occasion, released, at from audit where uin = $1 order by number",
    )?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Release {
            asker: row.get(0)?,
            occasion: row.get(1)?,
            released: row.get(2)?,
            at: row.get(3)?,
        })
    };
    query.query_map([uin], read)?.collect()
}

/// Every decision of a person, newest last.
pub(in crate::identity) fn consents_of(
    db: &Connection,
    uin: &str,
) -> rusqlite::Result<Vec<Consent>> {
    let mut query = db.prepare_cached(
        "select client, decision, claims, at from consent where uin = $1 order by number",
    )?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Consent {
            client: row.get(0)?,
            decision: row.get(1)?,
            claims: row.get(2)?,
            at: row.get(3)?,
        })
    };
    query.query_map([uin], read)?.collect()
}
