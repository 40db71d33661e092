//! Our own routes: payment lists whatever counter they came in at, how far each has come, and its payments.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};
use standards::money::Money;

use crate::kit::openapi::{Routes, says};
use crate::kit::server::Call;
use crate::kit::store::StoreError;
use crate::payment_hub::model::{Progress, State};
use crate::payment_hub::store::{self, Batch, Instruction};

/// So many lists are shown, the newest first.
const MOST_LISTS: i64 = 100;
/// A page of payments is so long at the most.
const LONGEST_PAGE: i64 = 1000;

pub(super) fn routes(routes: &mut Routes) {
    let ours = |summary| says(summary).tag("our own");
    routes
        .get(
            "/lists",
            list,
            ours("The newest payment lists").gives::<Value>(200, "The newest first"),
        )
        .get(
            "/lists/{id}",
            show,
            ours("How a list stands, and its payments")
                .path("id", "BATCH-000001")
                .query("page", "1")
                .query("size", "100")
                .gives::<Value>(200, "The list")
                .after("a list of this name was taken"),
        );
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

/// Which page of a list's payments; pages are counted from 1.
#[derive(Deserialize)]
struct Page {
    page: Option<i64>,
    size: Option<i64>,
}

fn answer(call: &Call, outcome: Result<Option<Value>, StoreError>) -> HttpResponse {
    match outcome {
        Ok(Some(value)) => HttpResponse::Ok().json(value),
        Ok(None) => {
            let sentence = "there is no such list: name it as its receipt does, BATCH-000001";
            call.remark(sentence);
            HttpResponse::NotFound().json(super::refusal(404, sentence))
        }
        Err(error) => {
            tracing::error!(%error, "payment lists could not be read");
            HttpResponse::InternalServerError().json(super::refusal(500, "ask again later"))
        }
    }
}

async fn list(call: Call) -> HttpResponse {
    let read = call.store().read(|db| {
        let batches = store::recent_batches(db, MOST_LISTS)?;
        let cards = batches.iter().map(|batch| Ok(card(batch, &store::progress(db, batch.id)?)));
        Ok(Some(json!({"lists": cards.collect::<rusqlite::Result<Vec<_>>>()?})))
    });
    answer(&call, read)
}

async fn show(call: Call, path: Path<Id>, page: Query<Page>) -> HttpResponse {
    let size = page.size.unwrap_or(LONGEST_PAGE).clamp(1, LONGEST_PAGE);
    let skip = page.page.unwrap_or(1).max(1).saturating_sub(1).saturating_mul(size);
    let read = call.store().read(|db| {
        let Some(batch) = store::batch_of_correlation(db, &path.id)? else { return Ok(None) };
        let mut shown = card(&batch, &store::progress(db, batch.id)?);
        let payments = store::instructions_page(db, batch.id, (size, skip))?;
        shown["payments"] = payments.iter().map(|p| payment(&batch, p)).collect();
        Ok(Some(shown))
    });
    answer(&call, read)
}

fn card(batch: &Batch, progress: &Progress) -> Value {
    let told = |(count, minor): (i64, i64)| json!({"count": count, "sum": money(batch, minor)});
    let states =
        progress.states.iter().map(|(state, ..)| (state.text(), told(progress.of(&[*state]))));
    json!({
        "list": batch.correlation,
        "face": batch.face.text(),
        "sender": batch.sender,
        "transaction_id": batch.transaction_id,
        "currency": batch.currency,
        "state": batch.state.text(),
        "block": batch.block,
        "states": states.collect::<std::collections::BTreeMap<_, _>>(),
        "open": told(progress.open()),
    })
}

fn money(batch: &Batch, minor: i64) -> String {
    Money::new(minor, batch.currency).to_string()
}

fn payment(batch: &Batch, payment: &Instruction) -> Value {
    let why = payment.why.as_ref();
    json!({
        "reference": payment.disbursement.reference_id,
        "payee": payment.disbursement.payee_fa,
        "bank": payment.payee_bank,
        "bundle": payment.bundle,
        "amount": money(batch, payment.minor),
        "state": payment.state.text(),
        "since": payment.since,
        "scheme_code": why.and_then(|why| why.scheme_code),
        "reason": why.map(|why| &why.sentence),
        "transfer_id": (payment.state != State::Received).then_some(&payment.transfer_id),
    })
}
