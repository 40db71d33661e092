//! How a new database is laid out and filled at once.

use std::path::Path;

use rusqlite::Connection;

use super::{Store, Transaction};

/// Begins the comment in a schema behind which what can wait until the people are entered stands: indexes that nobody needs
/// before.
pub const LAID_LAST: &str = "-- Laid last";

/// What the tables of a system hold most of, which decides how its database is laid out. (`PostgreSQL` decides for itself.)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Short rows that change often: small pages, because a change writes whole pages.
    Rows,
    /// Records, which seldom change: large pages, of which there are fewer. Of each person in the country it holds about so
    /// many bytes.
    Records { bytes: u16 },
}

impl Layout {
    /// Bytes of a page.
    fn page(self) -> u32 {
        match self {
            Self::Rows => 4096,
            Self::Records { .. } => 16_384,
        }
    }

    /// How much there is to do for a system: whoever does something for all of them begins with the largest.
    pub(in crate::kit) fn weight(self) -> u16 {
        match self {
            Self::Rows => 0,
            Self::Records { bytes } => bytes,
        }
    }
}

impl Store {
    /// Makes a new database at `path` with `schema` and what `fill` writes, fast and without a safety net: whoever
    /// finds it half made after a crash makes it again. What stands behind [`LAID_LAST`] in the schema comes after `fill`.
    pub fn build(
        path: &Path,
        layout: Layout,
        schema: &str,
        fill: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        let db = blank(path, layout)?;
        let tx = Transaction::begin(&db)?;
        let (first, last) = schema.split_once(LAID_LAST).unwrap_or((schema, ""));
        tx.execute_batch(first)?;
        fill(&tx)?;
        tx.execute_batch(&format!("{LAID_LAST}{last}"))?;
        tx.commit()?;
        db.execute_batch("pragma journal_mode = wal;")
    }
}

/// A new database at `path`, to be filled at once and without a safety net.
#[expect(clippy::disallowed_methods, reason = "the one place that opens a database")]
fn blank(path: &Path, layout: Layout) -> rusqlite::Result<Connection> {
    let db = Connection::open(path)?;
    db.execute_batch(&format!(
        "pragma page_size = {}; pragma journal_mode = off; pragma synchronous = off; pragma temp_store = memory;
         pragma cache_size = -65536; pragma foreign_keys = on;",
        layout.page()
    ))?;
    Ok(db)
}

#[cfg(test)]
mod tests {
    use tempfile::tempdir;

    use super::*;

    const SCHEMA: &str = "create table if not exists person (name text not null) strict;
-- Laid last, for this test.
create index if not exists person_by_name on person (name);";

    #[test]
    fn what_is_laid_last_comes_after_the_people_and_large_records_have_large_pages() {
        for (layout, page) in [(Layout::Rows, 4096_i64), (Layout::Records { bytes: 900 }, 16_384)] {
            let dir = tempdir().unwrap();
            let path = dir.path().join("new.db");
            let indexes = "select count(*) from sqlite_schema where type = 'index'";
            let count = |db: &Connection| db.query_row(indexes, [], |row| row.get::<_, i64>(0));
            let filled = Store::build(&path, layout, SCHEMA, |tx| {
                assert_eq!(count(tx)?, 0, "none while the people are entered");
                tx.execute("insert into person (name) values ('Tomas')", []).map(drop)
            });
            filled.unwrap();
            let store = Store::open(&path, SCHEMA).unwrap();
            let size =
                |db: &Connection| db.query_row("pragma page_size", [], |row| row.get::<_, i64>(0));
            assert_eq!(store.read(count).unwrap(), 1);
            assert_eq!(store.read(size).unwrap(), page);
        }
    }
}
