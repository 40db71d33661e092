//! Which transfers and bulks expire by the clock on the wall as well, so that they do after a stop, too.

use rusqlite::Connection;

/// Keeps that what has this path expires in real time as well.
pub(in crate::payment_switch) fn keep_real_expiry(
    tx: &Connection,
    uri: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached("insert into real_expiry (uri) values ($1)")?.execute([uri])?;
    Ok(())
}

/// Whether what has this path expires in real time as well.
pub(in crate::payment_switch) fn has_real_expiry(
    db: &Connection,
    uri: &str,
) -> rusqlite::Result<bool> {
    db.prepare_cached("select 1 from real_expiry where uri = $1")?.exists([uri])
}

/// Strikes out what has ended.
pub(in crate::payment_switch) fn drop_real_expiry(
    tx: &Connection,
    uri: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached("delete from real_expiry where uri = $1")?.execute([uri])?;
    Ok(())
}
