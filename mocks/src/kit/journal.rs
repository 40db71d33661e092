//! The journal: every message that crosses a border, written once, in order. The stage, the transcript, the report
//! and the tests all read it. Nothing is shown that is not in here.
//!
//! One writer thread takes entries from a bounded queue and commits them in groups; a bell rings after each commit
//! and readers fetch what came `after` the last entry they saw. Old entries stay on disk, never in memory.

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::store::{COMMON_SCHEMA, Store, StoreError};

/// How many entries may wait for the writer; a sender then waits too.
const QUEUE: usize = 4096;
/// How many entries one commit takes at the most.
const GROUP: usize = 512;
/// Longer bodies are cut in the journal, and marked as cut.
pub const LONGEST_BODY: usize = 64 * 1024;

/// What kind of row this is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    #[default]
    /// A request arrived (or could not be delivered: then it has no answer).
    Request,
    /// The answer to the request `of`.
    Answer,
    /// Something that happened inside a system and that people should see, such as a decision.
    Event,
}

/// What the receiver found when it checked the signature.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nobody looked, because the standard signs nothing here.
    #[default]
    None,
    /// The message should carry a signature and does not.
    Unsigned,
    /// Signed, and the signature is right.
    Valid,
    /// Signed, and the signature is wrong.
    Invalid,
}

/// One row of the journal.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// Counts from 1 in each room.
    pub seq: i64,
    /// Sandbox time, ISO 8601.
    pub at: String,
    pub kind: Kind,
    /// The `seq` of the request that this answers; 0 where it answers none.
    pub of: i64,
    /// The id of the story step, empty outside stories.
    pub step: String,
    /// Who sent it: a system's name, a persona, or what a stranger called itself.
    pub from: String,
    /// Who received it.
    pub to: String,
    /// The standard, as the receiving system names it.
    pub standard: String,
    /// Method and route, with names for what varies: `PUT /quotes/{id}`.
    pub action: String,
    /// Path and query as they were sent.
    pub path: String,
    /// HTTP status of an answer; 0 on a request.
    pub status: u16,
    /// Headers, `name: value` a line, secrets masked.
    pub headers: String,
    /// The body as text; empty where there is none.
    pub body: String,
    /// The business correlation: transaction, transfer or message id, where known.
    pub correlation: String,
    pub verdict: Verdict,
    /// A human sentence about what went wrong or was decided; empty where all is normal.
    pub remark: String,
    /// How long the receiver took, in microseconds; 0 on a request.
    pub duration_us: i64,
    /// W3C trace id.
    pub trace: String,
    /// Place in the tree of causes, such as `3.1.2`.
    pub place: String,
}

/// A room's journal. Dropping it writes what is waiting.
#[derive(Debug)]
pub struct Journal {
    store: Arc<Store>,
    queue: Mutex<Option<SyncSender<Entry>>>,
    last: AtomicI64,
    /// How often this journal was cleared since the program started.
    epoch: AtomicI64,
    bell: watch::Sender<i64>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Journal {
    /// Opens the journal at `path` and starts its writer.
    pub fn open(path: &Path) -> Result<Arc<Self>, StoreError> {
        let store = Arc::new(Store::open(path, &format!("{COMMON_SCHEMA}{SCHEMA}"))?);
        let last = store
            .read(|db| db.query_row("select coalesce(max(seq), 0) from entry", [], |r| r.get(0)))?;
        let (queue, waiting) = sync_channel(QUEUE);
        let bell = watch::Sender::new(last);
        let writer = {
            let (store, bell) = (Arc::clone(&store), bell.clone());
            std::thread::spawn(move || write_in_groups(&store, &waiting, &bell))
        };
        Ok(Arc::new(Self {
            store,
            queue: Mutex::new(Some(queue)),
            last: AtomicI64::new(last),
            epoch: AtomicI64::new(0),
            bell,
            writer: Mutex::new(Some(writer)),
        }))
    }

    /// Puts an entry in line and gives its `seq`. Waits where the writer cannot keep up.
    pub fn write(&self, mut entry: Entry) -> i64 {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let seq = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        entry.seq = seq;
        if let Some(queue) = queue.as_ref()
            && queue.send(entry).is_err()
        {
            tracing::error!(seq, "the journal's writer is gone; an entry is lost");
        }
        seq
    }

    /// The `seq` of the last entry that was put in line.
    pub fn last(&self) -> i64 {
        self.last.load(Ordering::Relaxed)
    }

    /// How often this journal was cleared: a reader that sees another number than before starts again at 0.
    pub fn epoch(&self) -> i64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// The bell: its value is the `seq` of the last entry that can be read.
    pub fn bell(&self) -> watch::Receiver<i64> {
        self.bell.subscribe()
    }

    /// Up to `limit` entries after `seq`, oldest first.
    pub fn after(&self, seq: i64, limit: u32) -> Result<Vec<Entry>, StoreError> {
        self.select("where seq > $1 order by seq limit $2", rusqlite::params![seq, limit])
    }

    /// The entry `seq`, where there is one.
    pub fn entry(&self, seq: i64) -> Result<Option<Entry>, StoreError> {
        Ok(self.select("where seq = $1", [seq])?.pop())
    }

    /// Entries that fit `condition`, a piece of SQL of this program's own (never of a caller's).
    pub fn select(
        &self,
        condition: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<Entry>, StoreError> {
        self.store.read(|db| {
            let mut query =
                db.prepare_cached(&format!("select {COLUMNS} from entry {condition}"))?;
            query.query_map(values, read_entry)?.collect()
        })
    }

    /// Waits until everything put in line so far can be read.
    pub async fn settled(&self) {
        let mut bell = self.bell();
        let target = self.last();
        // An error means that the writer is gone: then nothing more will come.
        drop(bell.wait_for(|written| *written >= target).await);
    }

    /// Forgets everything; numbers start at 1 again.
    pub async fn clear(&self) -> Result<(), StoreError> {
        self.settled().await;
        self.store.write(|tx| Ok::<_, StoreError>(tx.execute_batch("delete from entry")?))?;
        self.last.store(0, Ordering::Relaxed);
        self.epoch.fetch_add(1, Ordering::AcqRel);
        self.bell.send_replace(0);
        Ok(())
    }

    /// The room's own database: settings that outlive the program.
    pub fn store(&self) -> &Store {
        &self.store
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).take();
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if writer.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the journal's writer ended badly");
        }
    }
}

fn write_in_groups(store: &Store, waiting: &Receiver<Entry>, bell: &watch::Sender<i64>) {
    while let Ok(first) = waiting.recv() {
        let mut group = vec![first];
        group.extend(waiting.try_iter().take(GROUP - 1));
        let last = group.last().map_or(0, |entry| entry.seq);
        let written =
            store.write(|tx| Ok::<_, StoreError>(group.iter().try_for_each(|e| insert(tx, e))?));
        if let Err(error) = written {
            tracing::error!(%error, "the journal could not be written");
        }
        bell.send_replace(last);
    }
}

const SCHEMA: &str = "
create table if not exists entry (
  seq integer primary key, at text not null, kind text not null, of_seq integer not null, step text not null,
  sender text not null, receiver text not null, standard text not null, action text not null, path text not null,
  status integer not null, headers text not null, body text not null, correlation text not null,
  verdict text not null, remark text not null, duration_us integer not null, trace text not null, place text not null
) strict;
";

const COLUMNS: &str = "seq, at, kind, of_seq, step, sender, receiver, standard, action, path, status, headers, body, \
     correlation, verdict, remark, duration_us, trace, place";

fn insert(tx: &Connection, e: &Entry) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!(
        "insert into entry ({COLUMNS})
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19)"
    ))?
    .execute(rusqlite::params![
        e.seq,
        e.at,
        e.kind,
        e.of,
        e.step,
        e.from,
        e.to,
        e.standard,
        e.action,
        e.path,
        e.status,
        e.headers,
        e.body,
        e.correlation,
        e.verdict,
        e.remark,
        e.duration_us,
        e.trace,
        e.place
    ])?;
    Ok(())
}

fn read_entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        seq: row.get(0)?,
        at: row.get(1)?,
        kind: row.get(2)?,
        of: row.get(3)?,
        step: row.get(4)?,
        from: row.get(5)?,
        to: row.get(6)?,
        standard: row.get(7)?,
        action: row.get(8)?,
        path: row.get(9)?,
        status: row.get(10)?,
        headers: row.get(11)?,
        body: row.get(12)?,
        correlation: row.get(13)?,
        verdict: row.get(14)?,
        remark: row.get(15)?,
        duration_us: row.get(16)?,
        trace: row.get(17)?,
        place: row.get(18)?,
    })
}

/// Words in the database for a small enum, the same as on the wire.
macro_rules! stored_as_word {
    ($type:ty, $($variant:ident = $word:literal),+) => {
        impl $type {
            /// The word for this in the journal and on the wire.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
        impl ToSql for $type {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.word().into())
            }
        }
        impl FromSql for $type {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                match value.as_str()? { $($word => Ok(Self::$variant),)+ _ => Err(FromSqlError::InvalidType) }
            }
        }
    };
}

stored_as_word!(Kind, Request = "request", Answer = "answer", Event = "event");
stored_as_word!(
    Verdict,
    None = "none",
    Unsigned = "unsigned",
    Valid = "valid",
    Invalid = "invalid"
);

/// The time as the journal and most standards write it: milliseconds, `Z`.
pub fn stamp(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// A body as the journal keeps it: text, cut at [`LONGEST_BODY`].
pub fn readable(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(LONGEST_BODY)]);
    if body.len() > LONGEST_BODY {
        return format!("{text}\n… cut here: the body has {} bytes", body.len());
    }
    text.into_owned()
}
