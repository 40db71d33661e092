//! A transaction. Its beginning and its end are statements that stay prepared, as all others do.

use std::ops::Deref;

use rusqlite::Connection;

/// A transaction under way: a connection that may write. Letting it go without a commit takes everything back.
#[derive(Debug)]
pub struct Transaction<'a> {
    db: &'a Connection,
    /// Whether nothing of it is left to take back.
    is_over: bool,
}

impl<'a> Transaction<'a> {
    /// Begins to write on the one connection that does.
    pub(super) fn begin(db: &'a Connection) -> rusqlite::Result<Self> {
        db.prepare_cached("begin immediate")?.execute([])?;
        Ok(Self { db, is_over: false })
    }

    pub(super) fn commit(mut self) -> rusqlite::Result<()> {
        self.db.prepare_cached("commit")?.execute([])?;
        self.is_over = true;
        Ok(())
    }
}

impl Deref for Transaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.db
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.is_over || self.db.is_autocommit() {
            return;
        }
        if let Err(error) = self.db.execute_batch("rollback") {
            tracing::error!(%error, "a transaction could not be taken back");
        }
    }
}
