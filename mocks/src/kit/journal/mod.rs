//! The journal: every message that crosses a border, written once, in order. The stage, the transcript, the report
//! and the tests all read it. Nothing is shown that is not in here.
//!
//! One writer thread takes entries from a bounded queue and commits them in groups; a bell rings after each commit
//! and readers fetch what came `after` the last entry they saw. Entries stay on disk, never in memory, and the oldest of
//! very many are forgotten. A reset takes its place in the queue: what was put in line before it is gone, what comes
//! after it counts from 1, and what belongs to the time before it but comes late is dropped.

mod entry;
mod packed;
mod queries;
#[cfg(test)]
mod tests;
mod writer;

use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::{oneshot, watch};

pub use entry::{Entry, Kind, LONGEST_BODY, Verdict, readable, stamp};
pub use queries::Wanted;

use entry::SCHEMA;
use packed::Packed;
use writer::{Order, Writer};

use super::clock::wall;
use super::store::{COMMON_SCHEMA, Store, StoreError};

/// How many entries may wait for the writer; a sender then waits too.
const QUEUE: usize = 1024;
/// How far the journal has been written: where an entry stands in which epoch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Written {
    /// How often the journal was cleared since the program started.
    pub epoch: i64,
    /// The `seq` of the last entry that can be read; 0 where there is none.
    pub seq: i64,
}

/// A room's journal. Dropping it writes what is waiting.
#[derive(Debug)]
pub struct Journal {
    store: Arc<Store>,
    line: Mutex<Line>,
    bell: watch::Sender<Written>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// The end of the queue: numbers are given where entries are put in line, so that both have the same order.
#[derive(Debug)]
struct Line {
    queue: Option<SyncSender<Order>>,
    end: Written,
}

impl Journal {
    /// Opens the journal at `path` and starts its writer.
    pub fn open(path: &Path) -> Result<Arc<Self>, StoreError> {
        let store = Arc::new(Store::open(path, &format!("{COMMON_SCHEMA}{SCHEMA}"))?);
        let seq = store
            .read(|db| db.query_row("select coalesce(max(seq), 0) from entry", [], |r| r.get(0)))?;
        // Windows that saw another run of the program know by the epoch that theirs is over.
        let end = Written { epoch: wall().as_second(), seq };
        let (queue, waiting) = sync_channel(QUEUE);
        let bell = watch::Sender::new(end);
        let writer = Writer::new(Arc::clone(&store), bell.clone());
        let writer = std::thread::spawn(move || writer.work(&waiting));
        Ok(Arc::new(Self {
            store,
            line: Mutex::new(Line { queue: Some(queue), end }),
            bell,
            writer: Mutex::new(Some(writer)),
        }))
    }

    /// Puts an entry in line and gives its `seq`. Waits where the writer cannot keep up.
    pub fn write(&self, entry: Entry) -> i64 {
        self.put(entry, None)
    }

    /// As [`Journal::write`], for something that began in `epoch`. Where the journal has been cleared since, it belongs
    /// to another story: it is dropped, and its `seq` is 0.
    pub fn write_in(&self, epoch: i64, entry: Entry) -> i64 {
        self.put(entry, Some(epoch))
    }

    fn put(&self, mut entry: Entry, epoch: Option<i64>) -> i64 {
        let mut line = self.line();
        if epoch.is_some_and(|epoch| epoch != line.end.epoch) {
            return 0;
        }
        line.end.seq += 1;
        entry.seq = line.end.seq;
        line.send(Order::Keep(Packed::of(&entry)));
        line.end.seq
    }

    /// The `seq` of the last entry that was put in line.
    pub fn last(&self) -> i64 {
        self.line().end.seq
    }

    /// How often what can be read was cleared: a reader that sees another number than before starts again at 0.
    pub fn epoch(&self) -> i64 {
        self.bell.borrow().epoch
    }

    /// The epoch that entries are put in line for, see [`Journal::write_in`]. It is ahead of [`Journal::epoch`] while
    /// the journal is being cleared.
    pub fn writing_epoch(&self) -> i64 {
        self.line().end.epoch
    }

    /// The bell: its value says what can be read.
    pub fn bell(&self) -> watch::Receiver<Written> {
        self.bell.subscribe()
    }

    /// Waits until everything put in line so far can be read, or has been cleared away.
    pub async fn settled(&self) {
        let mut bell = self.bell();
        let target = self.line().end;
        // An error means that the writer is gone: then nothing more will come.
        drop(bell.wait_for(|written| *written >= target).await);
    }

    /// Forgets everything; numbers start at 1 again.
    pub async fn clear(&self) -> Result<(), StoreError> {
        let (done, cleared) = oneshot::channel();
        {
            let mut line = self.line();
            line.end = Written { epoch: line.end.epoch + 1, seq: 0 };
            line.send(Order::Clear(done));
        }
        // Without a writer there is nothing to wait for, and it has been logged.
        cleared.await.unwrap_or(Ok(()))
    }

    /// The room's own database: settings that outlive the program.
    pub fn store(&self) -> &Store {
        &self.store
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    fn send(&self, order: Order) {
        if let Some(queue) = &self.queue
            && queue.send(order).is_err()
        {
            tracing::error!(seq = self.end.seq, "the journal's writer is gone; an entry is lost");
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.line().queue.take();
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if writer.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the journal's writer ended badly");
        }
    }
}
