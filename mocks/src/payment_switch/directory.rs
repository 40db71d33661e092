//! Who takes part and where each is reached, as every message needs it: read from the archive once, then from memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::model::Participant;
use super::store;
use crate::kit::room::Office;
use crate::kit::store::StoreError;

/// What is known of one name.
#[derive(Debug)]
pub(super) struct Listed {
    /// None where nobody of that name takes part.
    pub(super) participant: Option<Participant>,
    /// Where its messages go: kind and address.
    pub(super) endpoints: Vec<(String, String)>,
    /// The JWK set that was handed over for it.
    pub(super) keys: Option<String>,
}

impl Listed {
    pub(super) fn is_active(&self) -> bool {
        self.participant.as_ref().is_some_and(|participant| participant.is_active)
    }
}

/// Names that nobody has are not kept, so that strangers cannot fill it.
#[derive(Debug, Default)]
struct Directory(Mutex<BTreeMap<String, Arc<Listed>>>);

/// What is known of `name`.
pub(super) fn look_up(office: &Office, name: &str) -> Result<Arc<Listed>, StoreError> {
    let directory = office.memory.of::<Directory>();
    // Held while the archive is read: what is read here is there before a change strikes it out.
    let mut known = directory.0.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(listed) = known.get(name) {
        return Ok(Arc::clone(listed));
    }
    let listed = office.store.read(|db| {
        let (participant, endpoints) = (store::participant(db, name)?, store::endpoints(db, name)?);
        Ok(Arc::new(Listed { participant, endpoints, keys: store::kept_keys(db, name)? }))
    })?;
    if listed.participant.is_some() {
        known.insert(name.to_owned(), Arc::clone(&listed));
    }
    Ok(listed)
}

/// Has everything read anew: a participant or its endpoints were changed.
pub(super) fn forget(office: &Office) {
    office.memory.of::<Directory>().0.lock().unwrap_or_else(PoisonError::into_inner).clear();
}
