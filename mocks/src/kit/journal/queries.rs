//! What readers ask the journal for: pages of entries, one message with its answer, and the last of a kind.

use rusqlite::{Params, params};

use super::entry::{COLUMNS, read_entry};
use super::{Entry, Journal, Kind};
use crate::kit::store::StoreError;

/// Which requests are looked for; what is not said may be any.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// Only what came after this entry.
    pub after: i64,
    pub from: Option<&'a str>,
    pub to: Option<&'a str>,
    pub action: Option<&'a str>,
}

impl Journal {
    /// Up to `limit` entries after `seq`, oldest first.
    pub fn after(&self, seq: i64, limit: u32) -> Result<Vec<Entry>, StoreError> {
        self.select("where seq > $1 order by seq limit $2", params![seq, limit])
    }

    /// The entry `seq`, where there is one.
    pub fn entry(&self, seq: i64) -> Result<Option<Entry>, StoreError> {
        Ok(self.select("where seq = $1", [seq])?.pop())
    }

    /// The answer to the request `seq`, where it has come.
    pub fn answer_to(&self, seq: i64) -> Result<Option<Entry>, StoreError> {
        Ok(self.select("where of_seq = $1 and kind = 'answer' limit 1", [seq])?.pop())
    }

    /// The last answer that `system` gave before the entry `seq`. Keys are fetched in between, and do not count.
    pub fn last_answer(&self, system: &str, seq: i64) -> Result<Option<Entry>, StoreError> {
        let condition = "where kind = 'answer' and sender = $1 and seq < $2 \
                         and action not like '%/.well-known/%' order by seq desc limit 1";
        Ok(self.select(condition, (system, seq))?.pop())
    }

    /// The last `limit` entries of a kind that `system` sent or received, newest first.
    pub fn latest(&self, kind: Kind, system: &str, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let condition =
            "where kind = $1 and (sender = $2 or receiver = $2) order by seq desc limit $3";
        self.select(condition, (kind.word(), system, limit))
    }

    /// The last `limit` requests that `system` received, newest first.
    pub fn requests_to(&self, system: &str, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let condition = "where kind = 'request' and receiver = $1 order by seq desc limit $2";
        self.select(condition, (system, limit))
    }

    /// Up to `limit` of the requests that are wanted, oldest first.
    pub fn requests(&self, wanted: &Wanted<'_>, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let Wanted { after, from, to, action } = wanted;
        let condition = "where seq > $1 and kind = 'request' and ($2 is null or sender = $2) \
                         and ($3 is null or receiver = $3) and ($4 is null or action = $4) order by seq limit $5";
        self.select(condition, (after, from, to, action, limit))
    }

    fn select(&self, condition: &str, values: impl Params) -> Result<Vec<Entry>, StoreError> {
        self.store.survey(|db| {
            let mut query =
                db.prepare_cached(&format!("select {COLUMNS} from entry {condition}"))?;
            query.query_map(values, read_entry)?.collect()
        })
    }
}
