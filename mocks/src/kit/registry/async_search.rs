//! POST /registry/search: accepted with an Ack, answered with one or more on-search (DCI v1.0.0, `SearchResponse`).
//!
//! A question with a page is answered with that page. One without is answered whole, in as many callbacks as it has pages.

use serde_json::{Value, json};
use standards::dci::Status;
use standards::dci::search::{SearchItem, SearchResponse};

use super::archive::{self, Txn};
use super::book::Registry;
use super::callbacks::{Step, header};
use super::message::{Batch, MOST_RECORDS, Request as _};
use super::older;
use super::refusal::short;
use super::search::{self, Course, Way};
use super::sync::overall;
use crate::kit::courier::Errand;
use crate::kit::store::StoreError;

/// How many records of an item one callback carries at most, where no page was asked for: receivers bound what they take,
/// many at a quarter of a megabyte.
const PAGE: u64 = 100;

/// The page of a message with so many items: the more there are, the shorter the part of each.
fn page(items: usize) -> u64 {
    (MOST_RECORDS / (items as u64).max(1)).clamp(1, PAGE)
}

/// The next page of the answer.
pub(super) fn step(
    errand: &Errand,
    registry: &'static Registry,
    txn: &Txn,
) -> Result<Step, StoreError> {
    let store = &errand.office.store;
    let asked = Batch::<SearchItem>::read(txn.request.as_bytes()).map_err(unreadable)?;
    let at = errand.stamp();
    let today = errand.office.room.clock.today();
    let size = page(asked.message.items.len());
    let course = Course { size, number: txn.page, places: &txn.places };
    let older = older::example(registry).filter(|_| txn.style.older);
    let way = Way { registry, mode: txn.mode, today, at: &at, older, course: Some(course) };
    let answers = store.survey(|db| search::answer(db, way, &asked.message.items))?;
    let (status, refused) = match overall(&answers.results) {
        Ok(status) => (status, None),
        Err(refusal) => (Status::Rjct, Some(refusal)),
    };
    // Who named no address asks after the answer, and is told its first page.
    let more = !answers.next.is_empty() && refused.is_none() && !txn.address.is_empty();
    let next = more.then_some(answers.next);
    let status = if next.is_some() { Status::Pdng } else { status };
    let mut header = header(errand, txn, (&asked.header, asked.message.count()), status);
    let mut results = answers.results;
    if let Some(super::refusal::Refusal::Header { code, sentence }) = refused {
        header = header.because(code, short(&sentence));
        results.clear();
    }
    let message = json!(SearchResponse {
        transaction_id: txn.transaction_id.clone(),
        correlation_id: txn.correlation_id.clone(),
        search_response: results,
    });
    // The first page is what a question about the transaction is answered with: a bounded part of a long answer.
    let kept = (txn.page == 1).then(|| message.to_string());
    store.alter(|tx| archive::note(tx, txn, status, kept.as_deref()))?;
    Ok(Step { header, message, next })
}

/// What was readable when it was accepted is readable now.
pub(super) fn unreadable(error: standards::dci::Malformed) -> StoreError {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error)).into()
}

/// An answer while nothing is known yet: every item waits.
pub(super) fn waiting(txn: &Txn, at: &str) -> Value {
    let asked = Batch::<SearchItem>::read(txn.request.as_bytes()).ok();
    let items = asked.map(|a| a.message.items).unwrap_or_default();
    let ids = items.iter().map(|item| match item {
        Ok(item) => item.reference_id.as_str(),
        Err(bad) => bad.reference_id.as_str(),
    });
    let entry = |id| json!({"reference_id": id, "timestamp": at, "status": txn.state});
    json!({
        "transaction_id": txn.transaction_id,
        "correlation_id": txn.correlation_id,
        "search_response": ids.map(entry).collect::<Vec<_>>(),
    })
}
