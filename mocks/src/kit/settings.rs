//! Named settings of an office that every message looks at: read from its archive once, then from memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::courier::Errand;
use super::room::Office;
use super::store::{StoreError, set_setting, setting, settings};

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

/// Sets a named setting until a story starts; see [`keep`].
pub fn set(office: &Office, name: &'static str, value: &str) -> Result<(), StoreError> {
    office.store.alter(|tx| set_setting(tx, name, value))?;
    strike_out(office, name);
    Ok(())
}

/// Has the settings of the office, as they are now, stay when a story starts; see [`Office::for_good`].
pub fn keep(errand: &Errand) -> Result<(), StoreError> {
    let Errand { office, cause } = errand;
    office.for_good(cause, |store| {
        let now = office.store.read(settings)?;
        store.write(|tx| {
            Ok(now.iter().try_for_each(|(name, value)| set_setting(tx, name, value))?)
        })
    })
}

/// Changes a named setting so that it stays when a story starts; see [`Office::for_good`]. `change` makes of what was set what
/// is set now, and nothing comes in between.
pub fn change<E: From<StoreError>>(
    errand: &Errand,
    name: &'static str,
    change: impl Fn(Option<String>) -> Result<String, E>,
) -> Result<(), E> {
    let Errand { office, cause } = errand;
    office.for_good(cause, |store| {
        store.write(|tx| {
            let kept = setting(tx, name).map_err(StoreError::from)?;
            set_setting(tx, name, &change(kept)?).map_err(StoreError::from)?;
            Ok::<_, E>(())
        })
    })?;
    strike_out(office, name);
    Ok(())
}

fn strike_out(office: &Office, name: &str) {
    office.memory.of::<Known>().lock().remove(name);
}
