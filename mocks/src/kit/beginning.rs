//! What a story begins with: an office's seeded template, and what people have changed for good since, such as a rule or
//! people from a file. It stays when a story starts, and goes when the room is put back to its first moment.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::store::{Store, StoreError};

/// The beginning of one office in one room.
#[derive(Debug)]
pub(super) struct Beginning {
    template: PathBuf,
    /// The template's copy with what was changed for good. It exists once something was.
    changed: PathBuf,
    /// Held around a change of the beginning and of the office, so that both say the same.
    turn: Mutex<()>,
}

impl Beginning {
    /// The beginning of the office whose database stands at `database`, seeded as `template` is.
    pub(super) fn of(database: &Path, template: &Path) -> Self {
        let changed = database.with_extension("begin.db");
        Self { template: template.into(), changed, turn: Mutex::default() }
    }

    /// Whether something was changed for good.
    pub(super) fn is_changed(&self) -> bool {
        self.changed.exists()
    }

    /// The database that a story begins with.
    fn path(&self) -> &Path {
        if self.is_changed() { &self.changed } else { &self.template }
    }

    /// Does `work` to the beginning and to the office, whose database `live` is: to both, or where one refuses it to neither. The
    /// beginning is changed as a copy, which takes its place as a whole: a stop finds one or the other.
    pub(super) fn change<T, E: From<StoreError>>(
        &self,
        live: &Store,
        work: impl Fn(&Store) -> Result<T, E>,
    ) -> Result<T, E> {
        let _turn = self.turn();
        let fresh = self.changed.with_extension("fresh");
        Store::copy(self.path(), &fresh)?;
        let store = Store::open(&fresh, "")?;
        work(&store)?;
        store.fold()?;
        // Its log goes with it.
        drop(store);
        let done = work(live)?;
        Store::replace(&fresh, &self.changed)?;
        Ok(done)
    }

    /// Puts the office to where a story begins.
    pub(super) fn lay(&self, live: &Store) -> Result<(), StoreError> {
        let _turn = self.turn();
        live.copy_from(self.path())
    }

    /// Puts the beginning back to the template, and the office with it.
    pub(super) fn forget(&self, live: &Store) -> Result<(), StoreError> {
        let _turn = self.turn();
        if std::fs::remove_file(&self.changed).is_ok() {
            live.touch();
        }
        live.copy_from(self.path())
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
