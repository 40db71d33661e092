//! What the operations app of Payment Hub EE and its suite ask: `GET /api/v1/batch`, `/api/v1/batch/{id}`,
//! `/api/v1/batches`, `/api/v1/batches/{id}`, `/actuator/health`, and the login `POST /oauth/token`. A list has no
//! sub-batches here.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};

use super::batches::{self, Sums, named, number, summary_named, summary_of, word};
use super::transactions::{Refusal, hub};
use super::wish::{amount, own, why};
use super::{let_in, result};
use crate::kit::openapi::{Operation, Routes, says};
use crate::kit::room::Policy;
use crate::kit::server::Call;
use crate::payment_hub::model::{PAYER_BANK, Progress};
use crate::payment_hub::store::{self, Batch, Instruction};

/// A page of lists is so long at the most.
const LONGEST_PAGE: i64 = 1000;
/// A login is said to hold so many seconds.
const LOGIN_SECONDS: u32 = 3600;

pub(super) fn routes(routes: &mut Routes) {
    let of = |summary: &'static str| {
        hub(summary)
            .path("id", "BATCH-000001")
            .gives::<Value>(200, "As the operations app tells it")
            .after(batches::PAID)
    };
    routes
        .get(
            "/api/v1/batch",
            asked,
            hub("How a list stands")
                .asks("batchId", "BATCH-000001")
                .gives::<Value>(200, "As the operations app tells it")
                .after(batches::PAID),
        )
        .get("/api/v1/batch/{id}", batches::summary, of("How a list stands"))
        .get(
            "/api/v1/batches",
            all,
            hub("The newest lists")
                .query("offset", "0")
                .query("limit", "10")
                .gives::<Value>(200, "A page, the newest first"),
        )
        .get(
            "/api/v1/batches/{id}",
            one,
            of("How a list stands, or its payments").query("associations", "all"),
        )
        .get("/actuator/health", health, says_health())
        .post(
            "/oauth/token",
            login,
            says("Logs in where nobody is asked who he is")
                .tag("Payment Hub EE, and GovStack Payments, second shape")
                .more("The token opens nothing that an open room does not open without it.")
                .query("grant_type", "password")
                .query("username", "mifos")
                .query("password", "password")
                .gives::<Value>(200, "A token"),
        );
}

/// What `/actuator/health` is for.
fn says_health() -> Operation {
    says("Whether it is up")
        .tag("Payment Hub EE, and GovStack Payments, second shape")
        .gives::<Value>(200, "It is")
}

async fn health() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "UP"}))
}

/// The app logs its user in before it asks. An open room lets in everybody; a strict one takes tokens of the gateway.
async fn login(call: Call) -> HttpResponse {
    if call.room().policy() == Policy::Strict {
        let right = "a strict room takes tokens of the gateway: POST /oauth2/client/token there";
        call.remark(right);
        return HttpResponse::BadRequest()
            .json(json!({"error": "unsupported_grant_type", "error_description": right}));
    }
    call.remark("no password is looked at in an open room, and the token opens nothing else");
    HttpResponse::Ok().json(json!({"access_token": "open-room", "token_type": "bearer",
        "expires_in": LOGIN_SECONDS, "scope": "all"}))
}

/// Which list is asked after.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Question {
    #[serde(default)]
    batch_id: String,
}

async fn asked(call: Call, question: Query<Question>) -> HttpResponse {
    summary_named(&call, &question.batch_id).await
}

/// What is to be told with a list.
#[derive(Debug, Deserialize)]
struct With {
    #[serde(default)]
    associations: String,
}

async fn one(call: Call, id: Path<String>, with: Query<With>) -> HttpResponse {
    let outcome = async {
        let_in(&call, "payments.disburse").await?;
        let batch = named(&call, &id)?;
        let (progress, payments) = call
            .store()
            .read(|db| Ok((store::progress(db, batch.id)?, store::instructions(db, batch.id)?)))?;
        Ok::<_, Refusal>(match with.associations.as_str() {
            "" => whole(&call, &batch, (&progress, &payments)),
            _ => detail(&call, &batch, (&Sums::of(&progress), &payments)),
        })
    };
    match outcome.await {
        Ok(told) => HttpResponse::Ok().json(told),
        Err(refused) => refused.answer(&call),
    }
}

/// The summary with what the app tells besides.
fn whole(call: &Call, batch: &Batch, (progress, payments): (&Progress, &[Instruction])) -> Value {
    let sums = Sums::of(progress);
    let banks: std::collections::BTreeSet<&str> = payments
        .iter()
        .map(|one| one.payee_bank.as_str())
        .filter(|bank| !bank.is_empty())
        .collect();
    let mut told = summary_of(&call.errand, batch, progress);
    told["failedPercentage"] = told["failPercentage"].clone();
    told["payeeFsp"] = json!(banks);
    told["generatedAt"] = json!(call.errand.stamp());
    told["totalSubBatches"] = json!("0");
    told["subBatchSummaryList"] = json!([]);
    told["totalInstructionCount"] = json!(sums.all.0);
    told["approvedTransactionCount"] = json!(sums.paid.0);
    told["approvedAmount"] = number(batch, sums.paid.1);
    told
}

/// A list with its payments.
fn detail(call: &Call, batch: &Batch, (sums, payments): (&Sums, &[Instruction])) -> Value {
    let instruction = |payment: &Instruction| {
        let ended = payment.state.status().is_final().then_some(&payment.since);
        let named = own(payment)["creditParty"]["value"].clone();
        let payee = if named.is_null() { json!(payment.payee_id) } else { named };
        json!({"instructionId": payment.disbursement.reference_id, "payerFsp": PAYER_BANK,
            "payeeFunctionalId": payee, "amount": amount(payment, batch.currency),
            "status": word(payment.state), "reason": why(payment),
            "startedAt": batch.asked["createdAt"], "completedAt": ended, "subBatchId": null})
    };
    json!({"batchId": batch.correlation, "payerFsp": PAYER_BANK,
        "reportGeneratedBy": call.errand.office.system.title,
        "reportGeneratedAt": call.errand.stamp(), "subBatchList": [],
        "instructionList": payments.iter().map(instruction).collect::<Vec<_>>(),
        "totalInstruction": sums.all.0, "totalBatchAmount": number(batch, sums.all.1),
        "clientCorrelationId": batch.transaction_id})
}

/// Which page.
#[derive(Debug, Deserialize)]
struct Page {
    offset: Option<i64>,
    limit: Option<i64>,
}

async fn all(call: Call, page: Query<Page>) -> HttpResponse {
    let outcome = async {
        let_in(&call, "payments.disburse").await?;
        let bounds =
            (page.offset.unwrap_or(0).max(0), page.limit.unwrap_or(10).clamp(1, LONGEST_PAGE));
        let (lists, total) = call.store().read(|db| {
            let (batches, total) = store::batches_page(db, bounds)?;
            let with = |batch: Batch| Ok((store::progress(db, batch.id)?, batch));
            Ok((batches.into_iter().map(with).collect::<rusqlite::Result<Vec<_>>>()?, total))
        })?;
        Ok::<_, Refusal>(listed(&call, &lists, total))
    };
    match outcome.await {
        Ok(told) => HttpResponse::Ok().json(told),
        Err(refused) => refused.answer(&call),
    }
}

/// A page of lists. The sums are those of the page; null where they are more than can be counted.
fn listed(call: &Call, lists: &[(Progress, Batch)], total: i64) -> Value {
    let sums: Vec<Sums> = lists.iter().map(|(progress, _)| Sums::of(progress)).collect();
    let sum = |part: fn(&Sums) -> i64| sums.iter().map(part).try_fold(0, i64::checked_add);
    let money = |minor: Option<i64>| match (lists.first(), minor) {
        (Some((_, batch)), Some(minor)) => number(batch, minor),
        (Some(_), None) => Value::Null,
        (None, _) => json!(0),
    };
    let row = |((_, batch), sums): (&(Progress, Batch), &Sums)| {
        json!({"id": batch.id, "batchId": batch.correlation, "requestId": batch.transaction_id,
            "totalTransactions": sums.all.0, "ongoing": sums.open.0, "failed": sums.failed.0,
            "completed": sums.paid.0, "totalAmount": number(batch, sums.all.1),
            "ongoingAmount": number(batch, sums.open.1), "failedAmount": number(batch, sums.failed.1),
            "completedAmount": number(batch, sums.paid.1), "resultFile": result::url(&call.errand, batch),
            "startedAt": batch.asked["createdAt"], "paymentMode": batch.asked["modes"],
            "registeringInstitutionId": batch.sender, "payerFsp": PAYER_BANK,
            "correlationId": batch.transaction_id, "status": batches::status(batch, sums),
            "subBatchId": null})
    };
    json!({"totalBatches": total, "totalTransactions": sum(|sums| sums.all.0),
        "totalAmount": money(sum(|sums| sums.all.1)), "totalApprovedCount": sum(|sums| sums.paid.0),
        "totalApprovedAmount": money(sum(|sums| sums.paid.1)), "totalSubBatchesCreated": 0,
        "data": lists.iter().zip(&sums).map(row).collect::<Vec<_>>()})
}
