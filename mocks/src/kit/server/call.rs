//! What a handler knows about the request that it answers.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::dev::Payload;
use actix_web::http::header::HeaderValue;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use bytes::Bytes;
use std::future::{Ready, ready};

use crate::kit::courier::Errand;
use crate::kit::journal::Verdict;
use crate::kit::room::Room;
use crate::kit::store::{Store, StoreError};

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A request at an office's counter: who asked, with what, and why.
#[derive(Clone)]
pub struct Call {
    /// The office, and the cause of whatever it now sends.
    pub errand: Errand,
    /// Who sent it: a system's name, a persona's, or `outside`.
    pub from: String,
    /// The body, read whole and bounded.
    pub body: Bytes,
    /// The header `Authorization`, for [`crate::kit::trust::tokens::check`].
    pub authorization: Option<HeaderValue>,
    /// The header `Accept`, for readers of older records.
    pub accept: Option<HeaderValue>,
    /// The header `Content-Type`, for counters that insist on JSON.
    pub content_type: Option<HeaderValue>,
    pub(super) remarks: Arc<Remarks>,
}

/// What the handler leaves for the border.
#[derive(Default)]
pub(super) struct Remarks {
    found: Mutex<Found>,
    later: Mutex<Vec<Work>>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    pub(super) verdict: Verdict,
    pub(super) remark: String,
    pub(super) correlation: String,
}

impl Call {
    /// The office's archive.
    pub fn store(&self) -> &Store {
        &self.errand.office.store
    }

    /// Does `work` on the archive so that it stays when a story starts; see [`crate::kit::room::Office::for_good`].
    pub fn for_good<T, E: From<StoreError>>(
        &self,
        work: impl Fn(&Store) -> Result<T, E>,
    ) -> Result<T, E> {
        self.errand.office.for_good(&self.errand.cause, work)
    }

    /// The room, with its clock and journal.
    pub fn room(&self) -> &Arc<Room> {
        &self.errand.office.room
    }

    /// Tells the journal what became of the signature.
    pub fn verdict(&self, verdict: Verdict) {
        self.found(|found| found.verdict = verdict);
    }

    /// Tells the journal, in a sentence, what was wrong or worth knowing.
    pub fn remark(&self, remark: &str) {
        self.found(|found| found.remark = remark.into());
    }

    /// Tells the journal the business correlation of this exchange.
    pub fn correlation(&self, id: &str) {
        self.found(|found| found.correlation = id.into());
    }

    /// Does `work` after the answer has been written: callbacks come after the acknowledgement. It ends early when
    /// the room is reset.
    pub fn later(&self, work: impl Future<Output = ()> + Send + 'static) {
        let work = Box::pin(self.room().part_of_story(work));
        self.remarks.later.lock().unwrap_or_else(PoisonError::into_inner).push(work);
    }

    fn found(&self, change: impl FnOnce(&mut Found)) {
        change(&mut self.remarks.found.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Remarks {
    pub(super) fn set_remark(&self, remark: &str) {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).remark = remark.into();
    }

    pub(super) fn take_found(&self) -> Found {
        std::mem::take(&mut self.found.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn take_later(&self) -> Vec<Work> {
        std::mem::take(&mut self.later.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call(to {}, from {})", self.errand.office.system.name, self.from)
    }
}

impl FromRequest for Call {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let call = req.extensions().get::<Self>().cloned();
        ready(call.ok_or_else(|| {
            actix_web::error::ErrorInternalServerError("no office stands behind this route")
        }))
    }
}
