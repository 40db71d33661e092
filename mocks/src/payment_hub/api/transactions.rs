//! `POST /batchtransactions` of Payment Hub EE, which is also the second shape of `GovStack` Payments: a list as JSON
//! (`type: raw`) or as a CSV file (`type: csv`, in a form of several parts or as it is).

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use standards::dci::TransactionId;

use super::listed::{self, Reading};
use super::{file, let_in, settings};
use crate::kit::courier::delivers_to;
use crate::kit::openapi::{Operation, Routes, Token, says};
use crate::kit::room::Policy;
use crate::kit::seed::cast_phone;
use crate::kit::server::Call;
use crate::kit::store::StoreError;
use crate::kit::trust::tokens::NotLetIn;
use crate::payment_hub::model::Face;
use crate::payment_hub::pipeline::{self, MOST_PAYMENTS, NotTaken, Stand, Submission};
use crate::payment_hub::store::Batch;

/// Who asks is told to come back after so long.
const SUGGESTED_SECONDS: u32 = 5;

pub(super) fn routes(routes: &mut Routes) {
    let list = json!([{
        "requestId": "R-1", "creditParty": [{"key": "msisdn", "value": cast_phone("tomas")}],
        "debitParty": [{"key": "accountNumber", "value": "GOV-SP-001"}], "amount": 60, "currency": "XTS",
        "descriptionText": "October 2026",
    }]);
    routes.post(
        "/batchtransactions",
        take,
        hub("Pays a list")
            .more("A list of JSON, or CSV (`type: csv`). How it ended is told to the header `X-CallbackURL`, if sent.")
            .header("X-CorrelationID", "C-1")
            .header("Platform-TenantId", "arenoa")
            .header("type", "raw")
            .takes::<Vec<Transaction>>(list)
            .gives::<Value>(202, "Taken, and where to ask how it stands"),
    );
}

/// What Payment Hub EE asks of the hub.
pub(super) fn hub(summary: &'static str) -> Operation {
    says(summary).tag("Payment Hub EE, and GovStack Payments, second shape").with(Token::Strict)
}

/// Why a list is refused: Payment Hub's three words for it.
#[derive(Debug, thiserror::Error)]
#[error("{sentence}")]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) information: &'static str,
    pub(super) sentence: String,
}

impl Refusal {
    pub(super) fn wrong(information: &'static str, sentence: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, information, sentence: sentence.into() }
    }

    /// There is no list of that name.
    pub(super) fn unknown(id: &str) -> Self {
        let sentence = format!("no batch is called {id}");
        Self { status: StatusCode::NOT_FOUND, information: "Batch not found", sentence }
    }

    /// The answer that says so.
    pub(super) fn answer(&self, call: &Call) -> HttpResponse {
        call.remark(&self.sentence);
        let mut told = json!({"errorInformation": self.information,
            "errorDescription": self.sentence, "errorCode": self.status.as_u16().to_string()});
        if self.information == file::STRUCTURE {
            // As the bulk processor heads what it says of a file.
            told["Error Information"] = json!(self.sentence);
        }
        HttpResponse::build(self.status).json(told)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the hub's archive failed");
        let sentence = String::from("the archive failed, and nothing was done; try again");
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self { status, information: "Internal error", sentence }
    }
}

impl From<NotLetIn> for Refusal {
    fn from(refused: NotLetIn) -> Self {
        let status = StatusCode::from_u16(refused.status()).unwrap_or(StatusCode::UNAUTHORIZED);
        Self { status, information: "Unauthorized", sentence: refused.to_string() }
    }
}

/// A transaction of a list.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Transaction {
    pub(super) request_id: String,
    pub(super) credit_party: Vec<Party>,
    #[serde(default)]
    pub(super) debit_party: Vec<Party>,
    #[serde(default)]
    pub(super) payment_mode: Option<String>,
    #[serde(default)]
    pub(super) amount: Value,
    #[serde(default)]
    pub(super) currency: String,
    #[serde(default)]
    pub(super) description_text: Option<String>,
}

/// One name of a party.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "TransactionParty")]
pub(super) struct Party {
    pub(super) key: String,
    pub(super) value: String,
}

/// A header by any of its spellings.
fn header(req: &HttpRequest, names: &[&str]) -> Option<String> {
    let value = names.iter().find_map(|name| req.headers().get(*name))?.to_str().ok()?.trim();
    Some(value.to_owned()).filter(|value| !value.is_empty())
}

/// What the headers say.
struct Heading {
    correlation: String,
    tenant: String,
    institution: Option<String>,
    purpose: Option<String>,
    callback: Option<String>,
    content_type: String,
    is_csv: bool,
}

impl Heading {
    fn read(call: &Call, req: &HttpRequest) -> Result<Self, Refusal> {
        let missing = |name: &str| Refusal::wrong("Header missing", format!("{name} is missing"));
        let content_type = header(req, &[CONTENT_TYPE.as_str()]).unwrap_or_default();
        let is_json = content_type.starts_with("application/json");
        let is_csv = match header(req, &["type"]).map(|said| said.to_ascii_lowercase()).as_deref() {
            None => !is_json,
            Some("raw") if is_json => false,
            Some("csv") if !is_json => true,
            Some("raw" | "csv") => {
                let sentence = format!(
                    "type and Content-Type disagree: {content_type}; write raw with application/json, or csv with multipart/form-data or text/csv"
                );
                return Err(Refusal::wrong("Bulk transfer type mismatch", sentence));
            }
            Some(other) => {
                let sentence = format!("type is raw or csv, not {other}");
                return Err(Refusal::wrong("Invalid bulk transfer type", sentence));
            }
        };
        let callback = header(req, &["x-callback-url", "x-callbackurl"]);
        if let Some(address) = callback.as_deref().filter(|to| !delivers_to(call.room(), to)) {
            let sentence = format!(
                "X-CallbackURL: nothing is delivered to {address}; name a system of this country or an allowed host"
            );
            return Err(Refusal::wrong("Invalid callback URL", sentence));
        }
        Ok(Self {
            correlation: header(req, &["x-correlationid", "x-correlation-id"])
                .ok_or_else(|| missing("X-CorrelationID"))?,
            tenant: header(req, &["platform-tenantid"])
                .ok_or_else(|| missing("Platform-TenantId"))?,
            institution: header(req, &["x-registering-institution-id"]),
            purpose: header(req, &["purpose"]),
            callback,
            content_type,
            is_csv,
        })
    }

    /// Whose payees are meant.
    fn source(&self) -> &str {
        self.institution.as_deref().unwrap_or(&self.tenant)
    }
}

async fn take(call: Call, req: HttpRequest) -> HttpResponse {
    match take_in(&call, &req).await {
        Ok(batch) => HttpResponse::Accepted().json(json!({"batchId": batch.correlation,
            "PollingPath": format!("/batch/Summary/{}", batch.correlation),
            "SuggestedCallbackSeconds": SUGGESTED_SECONDS.to_string()})),
        Err(refused) => refused.answer(&call),
    }
}

/// The transactions of a list, as many as may be paid.
fn transactions(call: &Call, heading: &Heading) -> Result<Vec<Transaction>, Refusal> {
    let all: Vec<Transaction> = if heading.is_csv {
        file::transactions(&call.body, &heading.content_type)
            .map_err(|(information, sentence)| Refusal::wrong(information, sentence))?
    } else {
        standards::dci::read(&call.body)
            .map_err(|error| Refusal::wrong("Invalid body", error.to_string()))?
    };
    if all.is_empty() || all.len() > MOST_PAYMENTS {
        let right = format!("name 1 to {MOST_PAYMENTS} payments, not {}", all.len());
        return Err(Refusal::wrong("Invalid list", right));
    }
    Ok(all)
}

async fn take_in(call: &Call, req: &HttpRequest) -> Result<Batch, Refusal> {
    let_in(call, "payments.disburse").await?;
    let heading = Heading::read(call, req)?;
    call.correlation(&heading.correlation);
    let transactions = transactions(call, &heading)?;
    let registered = match &heading.institution {
        Some(institution) => listed::registered(call, &transactions, institution).await?,
        None => BTreeSet::new(),
    };
    let reading = Reading {
        source: heading.source(),
        payer: settings::read(call)?.payer(),
        registered,
        is_open: call.room().policy() != Policy::Strict,
    };
    if let Some(remark) = reading.remark(&transactions) {
        call.remark(&remark);
    }
    let entries: Vec<_> = transactions.iter().map(|one| reading.wish(one).entry()).collect();
    let submission = Submission {
        face: Face::PaymentHub,
        sender: heading.source().to_owned(),
        transaction_id: TransactionId::from(heading.correlation.as_str()),
        refused: listed::refused(&transactions, &entries),
        entries,
        asked: json!({"purpose": heading.purpose, "tenant": heading.tenant, 
            "createdAt": call.errand.stamp(), "modes": modes(&transactions)}),
        callback: heading.callback,
        entries_stand: Stand::Alone,
    };
    let batch = match pipeline::submit(&call.errand, submission) {
        Ok(batch) => batch,
        // Whoever lost the answer sends the list again, and hears of the same list.
        Err(NotTaken::Known { batch, is_same: true }) => return Ok(*batch),
        Err(NotTaken::Known { .. }) => {
            let name = &heading.correlation;
            let right = format!("X-CorrelationID: {name} names another list; take a new one");
            return Err(Refusal::wrong("Invalid list", right));
        }
        Err(NotTaken::Archive(error)) => return Err(error.into()),
        Err(NotTaken::Wrong(right)) => return Err(Refusal::wrong("Invalid list", right)),
        Err(NotTaken::Entries(_)) => {
            return Err(Refusal::wrong("Invalid list", "an entry is wrong"));
        }
    };
    let (errand, id) = (call.errand.clone(), batch.id);
    call.later(async move { pipeline::begin(&errand, id).await });
    Ok(batch)
}

/// How the payments of a list go, each once; those that name nothing go through the switch, whose API is Mojaloop's.
fn modes(transactions: &[Transaction]) -> String {
    let named = transactions.iter().map(|one| one.payment_mode.as_deref().unwrap_or("MOJALOOP"));
    named.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(",")
}
