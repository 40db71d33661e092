//! The archive of the messenger: every message that was delivered.

use rusqlite::params;

use super::model::{Delivered, Sms};
use crate::kit::store::{Store, StoreError, next_number};

/// The newest messages of a phone that are shown.
const SHOWN: i64 = 100;

/// Keeps messages and gives their numbers, `SMS-000001`.
pub(super) fn keep(
    store: &Store,
    messages: &[Sms],
    from: &str,
    at: &str,
) -> Result<Vec<String>, StoreError> {
    store.write(|tx| {
        let mut ids = Vec::with_capacity(messages.len());
        for sms in messages {
            let number = next_number(tx, "SMS")?;
            tx.prepare_cached(
                "insert into sms (number, sender, phone, text, at) values ($1, $2, $3, $4, $5)",
            )?
            .execute(params![number, from, sms.to, sms.text, at])?;
            ids.push(format!("SMS-{number:06}"));
        }
        Ok(ids)
    })
}

/// What a phone received, oldest first.
pub(super) fn inbox(store: &Store, phone: &str) -> Result<Vec<Delivered>, StoreError> {
    store.read(|db| {
        let mut query = db.prepare_cached(
            "select sender, text, at from (select * from sms where phone = $1 order by number desc limit $2) as newest
             order by number",
        )?;
        let read = |row: &rusqlite::Row<'_>| Ok(Delivered { from: row.get(0)?, text: row.get(1)?, at: row.get(2)? });
        query.query_map(params![phone, SHOWN], read)?.collect()
    })
}
