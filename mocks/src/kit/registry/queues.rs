//! What waits for somebody who was not there: one queue an address, so that nobody hears of a death before the birth.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::kit::courier::Errand;

/// More than this do not wait for one address.
pub(super) const MOST_WAITING: usize = 10_000;

/// A transaction that waits.
pub(super) struct Waiting {
    pub(super) errand: Errand,
    pub(super) id: String,
}

/// The queues of an office. An address has one as long as somebody has the turn there; what was lost with the memory is
/// found in the archive when the office wakes.
#[derive(Default)]
pub(super) struct Queues(Mutex<BTreeMap<String, Queue>>);

/// Who waits for an address, and the bell for whoever has the turn there.
#[derive(Default)]
struct Queue {
    waiting: VecDeque<Waiting>,
    bell: Arc<Notify>,
}

impl Queues {
    /// Puts `waiting` behind the others of an address, or gives it back where there are none.
    pub(super) fn behind_others(&self, address: &str, waiting: Waiting) -> Option<Waiting> {
        match self.locked().get_mut(address) {
            Some(queue) => queue.waiting.push_back(waiting),
            None => return Some(waiting),
        }
        None
    }

    /// Whether nobody else may wait for an address.
    pub(super) fn is_full(&self, address: &str) -> bool {
        self.locked().get(address).is_some_and(|queue| queue.waiting.len() >= MOST_WAITING)
    }

    /// Somebody at an address was heard of: who waits for it need not wait any longer.
    pub(super) fn ring(&self, address: &str) {
        if let Some(queue) = self.locked().get(address) {
            queue.bell.notify_one();
        }
    }

    /// Waits until the bell of an address is rung.
    pub(super) async fn rung(&self, address: &str) {
        let bell = self.locked().get(address).map(|queue| Arc::clone(&queue.bell));
        match bell {
            Some(bell) => bell.notified().await,
            None => std::future::pending().await,
        }
    }

    fn locked(&self) -> MutexGuard<'_, BTreeMap<String, Queue>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The turn at an address: what comes for it while somebody has the turn waits behind. An answer that went out when
/// nobody had it may arrive beside. It is given up when it is dropped.
pub(super) struct Turn {
    queues: Arc<Queues>,
    address: String,
    pub(super) current: Waiting,
    is_over: bool,
}

impl Turn {
    /// Takes the turn for `waiting`, which else stands behind the others.
    pub(super) fn take(queues: &Arc<Queues>, address: &str, waiting: Waiting) -> Option<Self> {
        let mut all = queues.locked();
        if let Some(queue) = all.get_mut(address) {
            queue.waiting.push_back(waiting);
            return None;
        }
        all.insert(address.to_owned(), Queue::default());
        let (queues, address) = (Arc::clone(queues), address.to_owned());
        Some(Self { queues, address, current: waiting, is_over: false })
    }

    /// Waits until the bell of the address is rung.
    pub(super) async fn rung(&self) {
        self.queues.rung(&self.address).await;
    }

    /// The turn of the next in the queue; none where nobody waits any longer.
    pub(super) fn next(mut self) -> Option<Self> {
        let next = {
            let mut all = self.queues.locked();
            let next = all.get_mut(&self.address).and_then(|q| q.waiting.pop_front());
            if next.is_none() {
                all.remove(&self.address);
            }
            next
        };
        let Some(next) = next else {
            self.is_over = true;
            return None;
        };
        self.current = next;
        Some(self)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.is_over {
            self.queues.locked().remove(&self.address);
        }
    }
}
