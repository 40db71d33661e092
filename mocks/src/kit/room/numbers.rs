//! The numbers in an office's ids, counted from 1 in each story. After a stop they go on behind those that were given: the
//! journal's database knows of them before they are.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::kit::journal::Journal;
use crate::kit::store::{StoreError, set_setting, setting};

/// So many numbers are noted at once, so that hardly any costs a commit.
const AHEAD: u64 = 1000;

/// The numbers of one office.
#[derive(Debug)]
pub(super) struct Numbers {
    journal: Arc<Journal>,
    /// The name under which they are noted.
    name: String,
    last: AtomicU64,
    /// Numbers up to this one may have been given.
    noted: AtomicU64,
}

impl Numbers {
    /// Those of `system`, behind what was given before a stop.
    pub(super) fn open(journal: &Arc<Journal>, system: &str) -> Result<Self, StoreError> {
        let name = format!("numbers of {system}");
        let noted = journal.store().read(|db| setting(db, &name))?;
        // A folder from before they were noted has only its journal to go by.
        let written = || u64::try_from(journal.last()).unwrap_or(0);
        let noted = noted.and_then(|text| text.parse().ok()).unwrap_or_else(written);
        let (last, noted) = (AtomicU64::new(noted), AtomicU64::new(noted));
        Ok(Self { journal: Arc::clone(journal), name, last, noted })
    }

    /// A number that was not given in this story.
    pub(super) fn next(&self) -> u64 {
        let next = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        if next > self.noted.load(Ordering::Relaxed)
            && let Err(error) = self.note(next)
        {
            tracing::error!(%error, "ids may come twice after a stop");
        }
        next
    }

    /// Counts from 1 again: nobody remembers what was given.
    pub(super) fn restart(&self) {
        self.last.store(0, Ordering::Relaxed);
    }

    fn note(&self, next: u64) -> Result<(), StoreError> {
        self.journal.store().write(|tx| {
            // Somebody else may have noted it while this waited.
            if next > self.noted.load(Ordering::Relaxed) {
                set_setting(tx, &self.name, &(next + AHEAD).to_string())?;
                self.noted.store(next + AHEAD, Ordering::Relaxed);
            }
            Ok(())
        })
    }
}
