//! One SQLite database per system and room: one writer, a few readers. The only file that opens a database.
//!
//! A short look is taken on the writer's connection where it is free. What it read before stays in its memory, while each
//! commit empties the memory of every other connection.
//!
//! SQL keeps to what SQLite and PostgreSQL share: `$1` placeholders, `on conflict`, no rowid, text dates. What SQLite alone
//! has stands behind the tables of a schema, `strict` and `without rowid`, and means nothing to what is asked of them.

mod layout;
#[cfg(test)]
mod tests;
mod transaction;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

pub use layout::{LAID_LAST, Layout};
pub use transaction::Transaction;

/// How many prepared statements a connection keeps.
const STATEMENTS: usize = 64;
/// How many idle readers are kept for reuse.
const READERS: usize = 8;
/// How files are locked: once for the whole program, so that no look and no change asks the kernel for a lock. Another
/// program cannot read the database meanwhile, which two countries in one folder could not do either.
const FILES: &str = if cfg!(unix) { "unix-excl" } else { "win32" };
/// A log of so many bytes is folded into its file: seldom, because what changed often in between is written once, and the
/// disk is waited for.
const LONGEST_LOG: u32 = 64 * 1024 * 1024;
/// So much of a file is mapped into memory at the most.
const MOST_MAPPED: u64 = 256 * 1024 * 1024;

/// Why a database could not be used.
#[derive(Debug, thiserror::Error)]
#[error("the database {path}: {operation}")]
pub struct StoreError {
    operation: &'static str,
    path: String,
    source: rusqlite::Error,
}

/// A system's own database.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    /// So many bytes are mapped into memory: what there was at the start. What comes is read, so that the room it takes does
    /// not grow with it.
    mapped: u64,
    writer: Mutex<Connection>,
    readers: Mutex<Readers>,
    /// Whether somebody may have written since the template was copied.
    touched: AtomicBool,
}

/// A connection on loan.
enum Lent<'a> {
    Writer(MutexGuard<'a, Connection>),
    /// With the age of the database that it reads.
    Reader(Connection, u64),
}

impl Lent<'_> {
    fn connection(&self) -> &Connection {
        match self {
            Self::Writer(writer) => writer,
            Self::Reader(reader, _) => reader,
        }
    }
}

/// Idle readers, and how often the database was replaced.
#[derive(Debug, Default)]
struct Readers {
    idle: Vec<Connection>,
    age: u64,
}

impl Store {
    /// Opens the database at `path`, which is made where it is absent, and lays `schema` (which must be repeatable).
    pub fn open(path: &Path, schema: &str) -> Result<Self, StoreError> {
        let fail = |operation| failed(path, operation);
        let mapped = std::fs::metadata(path).map_or(0, |file| file.len()).min(MOST_MAPPED);
        let writer = connect(path, mapped).map_err(fail("opening"))?;
        writer.execute_batch(schema).map_err(fail("laying the schema"))?;
        Ok(Self {
            path: path.into(),
            mapped,
            writer: Mutex::new(writer),
            readers: Mutex::default(),
            touched: AtomicBool::new(true),
        })
    }

    /// Runs `work`, a short look that must not write, on the last committed state.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.lend(self.either()?, work)
    }

    /// As [`Store::read`] for a long look: it takes a reader of its own, so that writers go on meanwhile.
    pub fn survey<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.lend(self.reader()?, work)
    }

    /// Runs `work` in one transaction, which is committed where it answers `Ok` and leaves no trace where it does not.
    pub fn write<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let writer = lock(&self.writer);
        self.touch();
        let transaction = self.begin(&writer)?;
        let value = work(&transaction)?;
        self.commit(transaction)?;
        Ok(value)
    }

    /// As [`Store::write`] for work that only the archive itself can refuse.
    pub fn alter<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.write(|tx| work(tx).map_err(|source| self.failed("writing", source)))
    }

    fn lend<T>(
        &self,
        lent: Lent<'_>,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let before = lent.connection().total_changes();
        let result = work(lent.connection()).map_err(|source| self.failed("reading", source));
        debug_assert_eq!(lent.connection().total_changes(), before, "a look has written");
        self.take_back(lent);
        result
    }

    /// The writer where it is free, and a reader where it is not.
    fn either(&self) -> Result<Lent<'_>, StoreError> {
        match self.writer.try_lock() {
            Ok(free) => Ok(Lent::Writer(free)),
            Err(_) => self.reader(),
        }
    }

    fn reader(&self) -> Result<Lent<'_>, StoreError> {
        let (idle, age) = {
            let mut readers = lock(&self.readers);
            (readers.idle.pop(), readers.age)
        };
        let reader = match idle {
            Some(reader) => reader,
            None => connect_reader(&self.path, self.mapped)
                .map_err(|source| self.failed("opening a reader", source))?,
        };
        Ok(Lent::Reader(reader, age))
    }

    fn take_back(&self, lent: Lent<'_>) {
        let Lent::Reader(reader, its_age) = lent else { return };
        let mut readers = lock(&self.readers);
        if readers.age == its_age && readers.idle.len() < READERS {
            readers.idle.push(reader);
        }
    }

    fn begin<'a>(&self, writer: &'a Connection) -> Result<Transaction<'a>, StoreError> {
        Transaction::begin(writer).map_err(|source| self.failed("beginning to write", source))
    }

    fn commit(&self, transaction: Transaction<'_>) -> Result<(), StoreError> {
        transaction.commit().map_err(|source| self.failed("committing", source))
    }

    /// Copies the database file `from`, which nobody writes to, to `to`. What a stop left of a log there is no part of it.
    pub fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
        remove_log(to);
        std::fs::copy(from, to).map(drop).map_err(unusable(to, from))
    }

    /// Puts the database file `from`, which nobody has open, in the place of `to`.
    pub fn replace(from: &Path, to: &Path) -> Result<(), StoreError> {
        std::fs::rename(from, to).map_err(unusable(to, from))
    }

    /// Has the next [`Store::copy_from`] copy, whatever was written until then.
    pub fn touch(&self) {
        self.touched.store(true, Ordering::Relaxed);
    }

    /// Puts a copy of the database at `template` in the place of this one. A copied file costs less than copied pages:
    /// there is no log to fold in the middle of a story. A database that nobody wrote to since stays as it is.
    pub fn copy_from(&self, template: &Path) -> Result<(), StoreError> {
        // Held from the first, so that two copies do not get in each other's way.
        let mut writer = lock(&self.writer);
        if !self.touched.load(Ordering::Relaxed) {
            return Ok(());
        }
        let fail = |operation| failed(&self.path, operation);
        let fresh = self.path.with_extension("fresh");
        Self::copy(template, &fresh)?;
        let mut readers = lock(&self.readers);
        readers.idle.clear();
        // A reader that is out now belongs to the old database, and must not come back into the pool.
        readers.age += 1;
        // The old database is closed before its files go: a placeholder stands in for it.
        *writer = placeholder().map_err(fail("closing"))?;
        remove_log(&self.path);
        let replaced = Self::replace(&fresh, &self.path);
        // Also where the old database is still there.
        *writer = connect(&self.path, self.mapped).map_err(fail("opening"))?;
        replaced?;
        self.touched.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// Folds the write-ahead log into the file, so that the file alone is the database.
    pub fn fold(&self) -> Result<(), StoreError> {
        lock(&self.writer)
            .query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))
            .map_err(failed(&self.path, "folding the log"))
    }

    fn failed(&self, operation: &'static str, source: rusqlite::Error) -> StoreError {
        failed(&self.path, operation)(source)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(source: rusqlite::Error) -> Self {
        Self { operation: "working", path: String::from("of this system"), source }
    }
}

/// Why a record that JSON cannot hold is not kept.
pub fn unwritable(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}

/// The next number of the series `name`, counted from 1, in the table `serial` that every system has. Whoever asks writes,
/// and writes alone.
pub fn next_number(tx: &Connection, name: &str) -> rusqlite::Result<i64> {
    let last: Option<i64> = tx
        .prepare_cached("select last from serial where name = $1")?
        .query_row([name], |row| row.get(0))
        .optional()?;
    let next = last.unwrap_or(0) + 1;
    tx.prepare_cached(
        "insert into serial (name, last) values ($1, $2)
         on conflict (name) do update set last = excluded.last",
    )?
    .execute(params![name, next])?;
    Ok(next)
}

/// Laid in every database before the system's own schema.
pub const COMMON_SCHEMA: &str = "
create table if not exists serial (name text primary key, last integer not null) strict;
create table if not exists setting (name text primary key, value text not null) strict;
";

/// A named setting of the system, where it was set.
pub fn setting(db: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("select value from setting where name = $1")?
        .query_row([name], |row| row.get(0))
        .optional()
}

/// Every setting of the system, by name.
pub fn settings(db: &Connection) -> rusqlite::Result<Vec<(String, String)>> {
    db.prepare_cached("select name, value from setting order by name")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// Sets a named setting of the system.
pub fn set_setting(db: &Connection, name: &str, value: &str) -> rusqlite::Result<()> {
    db.prepare_cached(
        "insert into setting (name, value) values ($1, $2)
         on conflict (name) do update set value = excluded.value",
    )?
    .execute([name, value])?;
    Ok(())
}

/// An empty database in memory that nobody reads.
#[expect(clippy::disallowed_methods, reason = "the one place that opens a database")]
fn placeholder() -> rusqlite::Result<Connection> {
    Connection::open_in_memory()
}

#[expect(clippy::disallowed_methods, reason = "the one place that opens a database")]
fn connect(path: &Path, mapped: u64) -> rusqlite::Result<Connection> {
    let db = Connection::open_with_flags_and_vfs(path, OpenFlags::default(), FILES)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    // Plans that depend on the values bound would be made anew for every query.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    let page: u32 = db.query_row("pragma page_size", [], |row| row.get(0))?;
    db.execute_batch(&format!(
        "pragma journal_mode = wal; pragma synchronous = normal; pragma temp_store = memory;
         pragma wal_autocheckpoint = {}; pragma cache_size = -1000; pragma mmap_size = {mapped};
         pragma foreign_keys = on;",
        LONGEST_LOG / page
    ))?;
    Ok(db)
}

fn connect_reader(path: &Path, mapped: u64) -> rusqlite::Result<Connection> {
    let db = connect(path, mapped)?;
    db.execute_batch("pragma query_only = on;")?;
    Ok(db)
}

/// Removes the log of a database that nobody has open.
fn remove_log(path: &Path) {
    for log in ["-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(log);
        // Where there is no log there is nothing to remove.
        drop(std::fs::remove_file(name));
    }
}

fn failed(path: &Path, operation: &'static str) -> impl Fn(rusqlite::Error) -> StoreError {
    let path = path.display().to_string();
    move |source| StoreError { operation, path: path.clone(), source }
}

fn unusable(path: &Path, template: &Path) -> impl Fn(std::io::Error) -> StoreError {
    let (fail, template) = (failed(path, "copying the template"), template.to_owned());
    move |_| fail(rusqlite::Error::InvalidPath(template.clone()))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
