//! Named settings of an office that every message looks at: read from its archive once, then from memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::room::Office;
use super::store::{StoreError, set_setting, setting};

#[derive(Debug, Default)]
struct Known(Mutex<BTreeMap<&'static str, Option<Arc<str>>>>);

impl Known {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, Option<Arc<str>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A named setting, where it was set.
pub fn get(office: &Office, name: &'static str) -> Result<Option<Arc<str>>, StoreError> {
    let known = office.memory.of::<Known>();
    // Held while the archive is read: what is read here is there before a change strikes it out.
    let mut known = known.lock();
    if let Some(kept) = known.get(name) {
        return Ok(kept.clone());
    }
    let kept: Option<Arc<str>> = office.store.read(|db| setting(db, name))?.map(Arc::from);
    known.insert(name, kept.clone());
    Ok(kept)
}

/// Sets a named setting.
pub fn set(office: &Office, name: &'static str, value: &str) -> Result<(), StoreError> {
    office.store.write(|tx| Ok::<_, StoreError>(set_setting(tx, name, value)?))?;
    office.memory.of::<Known>().lock().remove(name);
    Ok(())
}
