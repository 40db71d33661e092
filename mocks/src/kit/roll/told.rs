//! Who is told of people that came by a file: subscribers of the registry, as of people who came to its counter.

use rusqlite::Connection;

use crate::kit::courier::Errand;
use crate::kit::registry::{self, Registry};
use crate::kit::store::StoreError;

/// What a file brings, as subscribers hear of it.
#[derive(Debug, Clone, Copy)]
pub struct Told {
    pub registry: &'static Registry,
    /// The event that each new record is.
    pub event: &'static str,
}

impl Told {
    /// The number of the newest record.
    pub(super) fn last(self, db: &Connection) -> rusqlite::Result<i64> {
        let Some(table) = self.table() else { return Ok(0) };
        db.query_row(&format!("select coalesce(max(number), 0) from {table}"), [], |r| r.get(0))
    }

    /// Files a notice of every record after `last`, in the transaction that enters them.
    pub(super) fn file(
        self,
        db: &Connection,
        errand: &Errand,
        last: i64,
    ) -> Result<Vec<String>, StoreError> {
        let Some(table) = self.table() else { return Ok(Vec::new()) };
        if !registry::is_followed(db, self.registry, self.event)? {
            return Ok(Vec::new());
        }
        let sql = format!("select number from {table} where number > $1 order by number");
        let mut query = db.prepare_cached(&sql)?;
        let numbers = query.query_map([last], |row| row.get(0))?;
        let mut filed = Vec::new();
        for number in numbers {
            filed.extend(registry::file(db, errand, self.registry, self.event, number?)?);
        }
        Ok(filed)
    }

    fn table(self) -> Option<&'static str> {
        self.registry.event(self.event).map(|event| event.kind.table)
    }
}
