//! Settlement models, as they were written.

use rusqlite::{Connection, params};

use crate::kit::store::next_number;

/// Keeps a model; says whether its name is new.
pub(in crate::payment_switch) fn add_model(
    tx: &Connection,
    name: &str,
    body: &str,
) -> rusqlite::Result<bool> {
    if tx.prepare_cached("select 1 from settlement_model where name = $1")?.exists([name])? {
        return Ok(false);
    }
    let id = next_number(tx, "settlement model")?;
    tx.prepare_cached("insert into settlement_model (id, name, body) values ($1, $2, $3)")?
        .execute(params![id, name, body])?;
    Ok(true)
}

/// All models, by name: number and body.
pub(in crate::payment_switch) fn models(db: &Connection) -> rusqlite::Result<Vec<(i64, String)>> {
    db.prepare_cached("select id, body from settlement_model order by name")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}
