//! How a list stands, as Payment Hub EE tells it: `GET /batch/Summary/{id}`, `/batches/{id}/summary`,
//! `/batches/{id}/detail`, `/batch/detail`, `/api/v1/batch/detail`, and the push of `GovStack`'s second shape, `POST /api/v1/batch`. Lists
//! of every counter are told.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use standards::money::Money;
use url::Url;

use super::let_in;
use super::result;
use super::transactions::Refusal;
use super::transactions::hub;
use super::wish::{amount, own, why};
use crate::kit::courier::{Errand, Letter};
use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::payment_hub::model::{PAYER_BANK, Progress, State};
use crate::payment_hub::store::{self, Batch, BatchState, Instruction};

/// A page of payments is so long at the most.
const LONGEST_PAGE: i64 = 1000;

pub(super) fn routes(routes: &mut Routes) {
    let of = |summary| {
        hub(summary)
            .path("id", "BATCH-000001")
            .gives::<Value>(200, "As Payment Hub tells it")
            .after(PAID)
    };
    for path in ["/batch/Summary/{id}", "/batches/{id}/summary"] {
        routes.get(path, summary, of("How a list stands"));
    }
    routes.aside(
        (actix_web::http::Method::GET, "/batch/summary/{id}"),
        summary,
        "as /batch/Summary/{id}, for clients that write it so",
    );
    routes.get(
        "/batches/{id}/detail",
        detail,
        of("The payments of a list")
            .query("pageNo", "0")
            .query("pageSize", "10")
            .query("status", ""),
    );
    let asked = |summary| {
        of(summary).asks("batchId", "BATCH-000001").query("pageNo", "0").query("pageSize", "10")
    };
    routes.get("/batch/detail", detail_asked, asked("The payments of a list, as a bare list")).get(
        "/api/v1/batch/detail",
        page_asked,
        asked("The payments of a list, as the operations app pages them").query("status", "ALL"),
    );
}

pub(super) const PAID: &str = "a list of this name was taken";

/// How a list stands.
pub(super) async fn summary(call: Call, id: Path<String>) -> HttpResponse {
    summary_named(&call, &id).await
}

/// As [`summary`], of the list of this name.
pub(super) async fn summary_named(call: &Call, id: &str) -> HttpResponse {
    let outcome = async {
        let_in(call, "payments.disburse").await?;
        let batch = named(call, id)?;
        let progress = call.store().read(|db| store::progress(db, batch.id))?;
        Ok::<_, Refusal>(summary_of(&call.errand, &batch, &progress))
    };
    match outcome.await {
        Ok(summary) => HttpResponse::Ok().json(summary),
        Err(refused) => refused.answer(call),
    }
}

/// The list with this number, or the newest that its sender named so.
pub(super) fn named(call: &Call, id: &str) -> Result<Batch, Refusal> {
    let found = call.store().read(|db| {
        let own = store::batch_of_correlation(db, id)?;
        Ok(match own {
            Some(batch) => Some(batch),
            None => store::newest_named(db, id)?,
        })
    })?;
    found.ok_or_else(|| Refusal::unknown(id))
}

/// A sum of a list as a number.
pub(super) fn number(batch: &Batch, minor: i64) -> Value {
    Money::new(minor, batch.currency).to_json().map_or(Value::Null, Value::Number)
}

/// What of a list is open, paid and failed: counts and sums. What is held is open: nothing has become of it.
pub(super) struct Sums {
    pub(super) all: (i64, i64),
    pub(super) open: (i64, i64),
    pub(super) paid: (i64, i64),
    pub(super) failed: (i64, i64),
}

impl Sums {
    pub(super) fn of(progress: &Progress) -> Self {
        let all =
            progress.states.iter().fold((0, 0), |(n, m), (_, count, minor)| (n + count, m + minor));
        let (paid, failed) = (progress.of(&[State::Paid]), progress.of(&[State::Failed]));
        let open = (all.0 - paid.0 - failed.0, all.1 - paid.1 - failed.1);
        Self { all, open, paid, failed }
    }

    fn percent(&self, part: i64) -> String {
        // Two decimals, without a float: parts of ten thousand.
        let parts = if self.all.0 == 0 { 0 } else { part * 10_000 / self.all.0 };
        format!("{}.{:02}", parts / 100, parts % 100)
    }
}

/// How a list stands, in the words of the operations app; `Held` is our own.
pub(super) fn status(batch: &Batch, sums: &Sums) -> &'static str {
    match batch.state {
        BatchState::Received | BatchState::Running => "Pending",
        _ if sums.open.0 > 0 => "Held",
        _ if sums.failed.0 > 0 => "Failed",
        _ => "COMPLETED",
    }
}

/// The summary of a list.
pub(super) fn summary_of(errand: &Errand, batch: &Batch, progress: &Progress) -> Value {
    let sums = Sums::of(progress);
    let status = status(batch, &sums);
    let modes = batch.asked["modes"].as_str().unwrap_or_else(|| batch.face.text());
    json!({"batchId": batch.correlation, "requestId": batch.transaction_id, "total": sums.all.0,
        "ongoing": sums.open.0, "failed": sums.failed.0, "successful": sums.paid.0,
        "totalAmount": number(batch, sums.all.1), "successfulAmount": number(batch, sums.paid.1),
        "pendingAmount": number(batch, sums.open.1), "failedAmount": number(batch, sums.failed.1),
        "file": result::url(errand, batch), "notes": "", "createdAt": batch.asked["createdAt"],
        "status": status, "modes": modes, "purpose": batch.asked["purpose"],
        "failPercentage": sums.percent(sums.failed.0), "successPercentage": sums.percent(sums.paid.0),
        "currency": batch.currency, "registeringInstitutionId": batch.sender,
        "payerFsp": PAYER_BANK, "correlationId": batch.transaction_id})
}

/// Which page.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    #[serde(default)]
    batch_id: String,
    page_no: Option<String>,
    page_size: Option<String>,
    status: Option<String>,
}

impl Page {
    /// Offset and size.
    fn bounds(&self) -> Result<(i64, i64), Refusal> {
        let read = |name: &str, text: &Option<String>, otherwise: i64, range: (i64, i64)| {
            let number = text.as_deref().map_or(Some(otherwise), |text| text.parse().ok());
            number.filter(|n| (range.0..=range.1).contains(n)).ok_or_else(|| {
                let right = format!("{name}: write a number from {} to {}", range.0, range.1);
                Refusal::wrong("Invalid page", right)
            })
        };
        let size = read("pageSize", &self.page_size, 10, (1, LONGEST_PAGE))?;
        let page = read("pageNo", &self.page_no, 0, (0, 1_000_000))?;
        Ok((page * size, size))
    }

    /// The states that are wanted; all, where none is named.
    fn states(&self) -> Result<&'static [State], Refusal> {
        use State::{Failed, Held, InDoubt, LookingUp, Paid, Quoting, Received, Transferring};
        Ok(match self.status.as_deref().map(str::to_ascii_uppercase).as_deref() {
            None | Some("" | "ALL") => &[],
            Some("COMPLETED" | "SUCCESS") => &[Paid],
            Some("FAILED") => &[Failed],
            Some("IN_PROGRESS") => &[Received, LookingUp, Quoting, Transferring, Held],
            Some("UNKNOWN") => &[InDoubt],
            Some(_) => {
                let right = "status: write ALL, COMPLETED, FAILED, IN_PROGRESS or UNKNOWN";
                return Err(Refusal::wrong("Invalid status", right));
            }
        })
    }
}

/// A page of the payments, as Spring writes pages.
async fn detail(call: Call, id: Path<String>, page: Query<Page>) -> HttpResponse {
    paged(&call, &id, &page).await
}

async fn page_asked(call: Call, page: Query<Page>) -> HttpResponse {
    paged(&call, &page.batch_id, &page).await
}

async fn paged(call: &Call, id: &str, page: &Page) -> HttpResponse {
    match page_of(call, id, page).await {
        Ok((content, total, (offset, size))) => HttpResponse::Ok().json(json!({
            "numberOfElements": content.len(), "content": content, "totalElements": total,
            "totalPages": (total + size - 1) / size, "number": offset / size, "size": size,
            "first": offset == 0, "last": offset + size >= total})),
        Err(refused) => refused.answer(call),
    }
}

/// The same as a bare list.
async fn detail_asked(call: Call, page: Query<Page>) -> HttpResponse {
    match page_of(&call, &page.batch_id, &page).await {
        Ok((content, ..)) => HttpResponse::Ok().json(content),
        Err(refused) => refused.answer(&call),
    }
}

type Content = (Vec<Value>, i64, (i64, i64));

async fn page_of(call: &Call, id: &str, page: &Page) -> Result<Content, Refusal> {
    let_in(call, "payments.disburse").await?;
    let (bounds, states) = (page.bounds()?, page.states()?);
    let batch = named(call, id)?;
    let (payments, total) =
        call.store().read(|db| store::page_in_states(db, batch.id, states, bounds))?;
    Ok((payments.iter().map(|payment| transfer(&batch, payment)).collect(), total, bounds))
}

/// The state of a payment in Payment Hub's words.
pub(super) fn word(state: State) -> &'static str {
    match state {
        State::Paid => "COMPLETED",
        State::Failed => "FAILED",
        State::InDoubt => "UNKNOWN",
        _ => "IN_PROGRESS",
    }
}

/// One payment. A payment that is held or under way is in progress; one in doubt is unknown.
fn transfer(batch: &Batch, payment: &Instruction) -> Value {
    let status = word(payment.state);
    let ended = payment.state.status().is_final().then_some(&payment.since);
    json!({"id": payment.id, "transactionId": payment.transfer_id, "batchId": batch.correlation,
        "requestId": payment.disbursement.reference_id, "status": status,
        "completedAt": ended, "payeeDfspId": payment.payee_bank,
        "payeePartyId": payment.payee_id, "payeePartyIdType": payment.payee_kind.as_str(),
        "payerDfspId": PAYER_BANK, "payerPartyId": batch.payer_account,
        "payerPartyIdType": "ACCOUNT_ID", "amount": amount(payment, batch.currency),
        "currency": batch.currency, "errorInformation": why(payment),
        "paymentMode": own(payment)["paymentMode"],
        "errorCode": payment.why.as_ref().and_then(|why| why.scheme_code)})
}

/// Tells the sender of a list how it ended. Says whether it was told.
pub(super) async fn push(errand: &Errand, batch: &Batch, address: &str) -> bool {
    let read = errand.office.store.read(|db| store::progress(db, batch.id));
    let Ok(progress) = read.inspect_err(|error| tracing::error!(%error, "a list cannot be told"))
    else {
        return false;
    };
    let sums = Sums::of(&progress);
    let told = json!({"requestId": batch.transaction_id, "batchId": batch.correlation,
        "TotalTransactions": sums.all.0, "ongoing": sums.open.0, "failed": sums.failed.0,
        "completed": sums.paid.0, "totalAmount": number(batch, sums.all.1),
        "completed_amount": number(batch, sums.paid.1),
        "ongoing_amount": number(batch, sums.open.1), "failed_amount": number(batch, sums.failed.1),
        "result_file": result::url(errand, batch), "resultGeneratedAt": errand.stamp(), "note": ""});
    // A bare host is completed with the path that the text gives.
    let bare = Url::parse(address).is_ok_and(|url| matches!(url.path(), "" | "/"));
    let address = if bare {
        format!("{}/api/v1/batch", address.trim_end_matches('/'))
    } else {
        address.to_owned()
    };
    let letter = Letter::to_address(Method::POST, &address).route("/api/v1/batch");
    match errand.send(letter.json(&told).correlation(&batch.correlation)).await {
        Ok(reply) => reply.is_success(),
        Err(error) => {
            tracing::info!(%error, batch = batch.id, "a sender was not told of its payments");
            false
        }
    }
}
