//! The journal's one writer: commits entries in groups, and clears where a reset took its place in the queue.

use std::iter;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use tokio::sync::{oneshot, watch};

use super::Written;
use super::packed::Packed;
use crate::kit::clock::{Stopwatch, rest};
use crate::kit::store::{Store, StoreError};

/// How many entries one commit takes at the most.
const GROUP: usize = 512;
/// A commit is followed by the next at this distance for each entry that it held, so that a busy room has few large ones,
/// and a story, of which somebody waits for each message, many small ones.
const DISTANCE: Duration = Duration::from_micros(80);
/// The largest distance, and the one where nobody listens for the bell.
const LARGEST_DISTANCE: Duration = Duration::from_millis(2);
/// A long load forgets the oldest entries, so that the disk does not fill up.
const BOUNDS: Bounds = Bounds { kept: 200_000, forgotten: 2_000 };

/// How much a journal holds.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    /// So many entries are kept at the least.
    kept: i64,
    /// How many more there may be before they are forgotten together.
    forgotten: i64,
}

/// What the writer is asked to do, in this order.
#[derive(Debug)]
pub(super) enum Order {
    Keep(Packed),
    Clear(oneshot::Sender<Result<(), StoreError>>),
}

/// The one that writes.
#[derive(Debug)]
pub(super) struct Writer {
    store: Arc<Store>,
    bell: watch::Sender<Written>,
    end: Written,
    /// Entries up to this one are forgotten.
    forgotten: i64,
    bounds: Bounds,
}

impl Writer {
    pub(super) fn new(store: Arc<Store>, bell: watch::Sender<Written>) -> Self {
        let end = *bell.borrow();
        Self { store, bell, end, forgotten: 0, bounds: BOUNDS }
    }

    /// Works until the journal is dropped.
    pub(super) fn work(mut self, waiting: &Receiver<Order>) {
        let mut group = Vec::new();
        let (mut since, mut distance) = (Stopwatch::start(), Duration::ZERO);
        while let Ok(first) = waiting.recv() {
            if let Some(early) = distance.checked_sub(since.elapsed()) {
                rest(early);
            }
            for order in iter::once(first).chain(waiting.try_iter().take(GROUP - 1)) {
                match order {
                    Order::Keep(entry) => group.push(entry),
                    Order::Clear(done) => {
                        group.clear();
                        // Whoever asked may have gone; it is cleared all the same.
                        drop(done.send(self.clear()));
                    }
                }
            }
            self.write(&group);
            distance = self.distance(group.len());
            group.clear();
            since = Stopwatch::start();
        }
    }

    /// How long after a commit of so many entries the next one is made.
    fn distance(&self, entries: usize) -> Duration {
        if self.bell.receiver_count() == 0 {
            return LARGEST_DISTANCE;
        }
        let entries = u32::try_from(entries).unwrap_or(u32::MAX);
        DISTANCE.saturating_mul(entries).min(LARGEST_DISTANCE)
    }

    fn write(&mut self, group: &[Packed]) {
        let Some(last) = group.last() else { return };
        self.end.seq = last.seq;
        let kept_from = (last.seq - self.bounds.kept).max(0);
        let forget = kept_from - self.forgotten >= self.bounds.forgotten;
        let written = self.store.alter(|tx| {
            group.iter().try_for_each(|entry| entry.insert(tx))?;
            if forget {
                tx.execute("delete from entry where seq <= $1", [kept_from])?;
            }
            Ok(())
        });
        match written {
            Ok(()) if forget => self.forgotten = kept_from,
            Ok(()) => {}
            Err(error) => tracing::error!(%error, "the journal could not be written"),
        }
        self.bell.send_replace(self.end);
    }

    fn clear(&mut self) -> Result<(), StoreError> {
        self.end = Written { epoch: self.end.epoch + 1, seq: 0 };
        self.forgotten = 0;
        let cleared = self.store.alter(|tx| tx.execute_batch("delete from entry"));
        self.bell.send_replace(self.end);
        cleared
    }
}

#[cfg(test)]
mod tests {
    use tempfile::tempdir;

    use super::super::{Entry, Journal};
    use super::*;

    #[test]
    fn the_oldest_entries_are_forgotten_a_few_at_a_time() {
        let dir = tempdir().unwrap();
        let journal = Journal::open(&dir.path().join("journal.db")).unwrap();
        let mut writer =
            Writer::new(Arc::clone(&journal.store), watch::Sender::new(Written::default()));
        writer.bounds = Bounds { kept: 10, forgotten: 3 };
        let mut left = Vec::new();
        for seq in 1..=16 {
            writer.write(&[Packed::of(&Entry { seq, ..Entry::default() })]);
            left.push(journal.after(0, 100).unwrap().first().map_or(0, |entry| entry.seq));
        }
        let wanted = [[1; 12].as_slice(), &[4; 3], &[7]].concat();
        assert_eq!(left, wanted, "three are forgotten when there are thirteen");
    }
}
