//! What a story begins with: an office's seeded template, and what people have changed for good since, such as a rule or
//! people from a file. It stays when a story starts, and goes when the room is put back to its first moment.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::store::{Store, StoreError};

/// The beginning of one office in one room.
#[derive(Debug)]
pub(super) struct Beginning {
    template: PathBuf,
    /// The template's copy with what was changed for good. It exists once something was.
    changed: PathBuf,
    turn: Mutex<()>,
}

impl Beginning {
    /// The beginning of the office whose database stands at `database`, seeded as `template` is.
    pub(super) fn of(database: &Path, template: &Path) -> Self {
        let changed = database.with_extension("begin.db");
        Self { template: template.into(), changed, turn: Mutex::default() }
    }

    /// The database that a story begins with.
    pub(super) fn path(&self) -> &Path {
        if self.changed.exists() { &self.changed } else { &self.template }
    }

    /// Does to the beginning what was done to the office. It is done to a copy, which takes its place as a whole: a story that
    /// starts meanwhile, or a stop, finds one or the other.
    pub(super) fn change<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, E>,
    ) -> Result<T, E> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = self.changed.with_extension("fresh");
        Store::copy(self.path(), &fresh)?;
        let store = Store::open(&fresh, "")?;
        let done = work(&store)?;
        store.fold()?;
        // Its log goes with it.
        drop(store);
        Store::replace(&fresh, &self.changed)?;
        Ok(done)
    }

    /// Puts the beginning back to the template, and says whether that changed it.
    pub(super) fn forget(&self) -> bool {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        std::fs::remove_file(&self.changed).is_ok()
    }
}
