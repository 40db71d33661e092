//! What the player has seen of the journal.

use std::collections::BTreeSet;
use std::sync::Arc;

use mocks::kit::journal::{Entry, Journal, Kind, Written};
use tokio::sync::watch;

use crate::scenario::Watch;

/// Entries are fetched so many at a time.
const PAGE: u32 = 2000;

/// The journal since the start of the story, as far as it was read.
#[derive(Debug)]
pub struct Record {
    journal: Arc<Journal>,
    bell: watch::Receiver<Written>,
    entries: Vec<Entry>,
    /// Entries that a watch has already claimed.
    claimed: BTreeSet<i64>,
}

impl Record {
    /// A record that starts with the journal's first entry.
    pub fn new(journal: Arc<Journal>) -> Self {
        let bell = journal.bell();
        Self { journal, bell, entries: Vec::new(), claimed: BTreeSet::new() }
    }

    /// Everything seen so far.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Gives up the record for its entries.
    pub fn into_entries(self) -> Vec<Entry> {
        self.entries
    }

    /// Waits until there is something new in the journal.
    pub async fn more(&mut self) {
        if self.bell.changed().await.is_err() {
            // The writer is gone: nothing more will come, so this waits for ever and leaves the rest to others.
            std::future::pending::<()>().await;
        }
    }

    /// Reads what is new.
    pub fn absorb(&mut self) {
        loop {
            let last = self.entries.last().map_or(0, |e| e.seq);
            match self.journal.after(last, PAGE) {
                Ok(new) if new.is_empty() => return,
                Ok(new) => self.entries.extend(new),
                Err(error) => {
                    tracing::error!(%error, "the journal cannot be read");
                    return;
                }
            }
        }
    }

    /// Whether `entry` is what `watch` waits for.
    fn fits(watch: &Watch, entry: &Entry) -> bool {
        let side = |wanted: Option<&str>, name: &str| wanted.is_none_or(|w| w == name);
        let kind = if watch.event.is_some() { Kind::Event } else { Kind::Request };
        let action = watch.event.as_ref().or(watch.request.as_ref()).map(|a| a.value.as_str());
        entry.kind == kind
            && side(action, &entry.action)
            && side(watch.from.as_ref().map(|f| f.value.as_str()), &entry.from)
            && side(watch.to.as_ref().map(|t| t.value.as_str()), &entry.to)
    }

    /// How many entries fit, claimed or not.
    pub fn count(&self, watch: &Watch) -> usize {
        self.entries.iter().filter(|e| Self::fits(watch, e)).count()
    }

    /// The first entry that fits and that no watch has claimed yet; it is claimed now.
    pub fn claim(&mut self, watch: &Watch) -> Option<Entry> {
        let found =
            self.entries.iter().find(|e| Self::fits(watch, e) && !self.claimed.contains(&e.seq))?;
        self.claimed.insert(found.seq);
        Some(found.clone())
    }

    /// The answer to the request `seq`, where it has come.
    pub fn answer_to(&self, seq: i64) -> Option<&Entry> {
        self.entries.iter().find(|e| e.kind == Kind::Answer && e.of == seq)
    }
}
