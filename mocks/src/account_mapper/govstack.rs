//! The face of the `GovStack` Payments building block, first shape: `POST /register-beneficiary` and
//! `/update-beneficiary-details`, answered at once with `ResponseCode` 00 (200) or 01 (400).

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::header::ACCEPT;
use actix_web::http::{Method, StatusCode};
use rusqlite::Connection;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::beneficiary::{self, Deed, Lengths, Named};
use super::model::{Change, Entry};
use super::settings;
use super::store;
use crate::kit::openapi::{Routes, Token, says};
use crate::kit::room::Policy;
use crate::kit::seed::{cast_phone, cast_uin};
use crate::kit::server::Call;
use crate::kit::store::StoreError;
use crate::kit::trust::tokens;

pub(super) fn routes(routes: &mut Routes) {
    let request = |key: &str| {
        json!({"RequestID": "REQ-000000001", "SourceBBID": "SOCIAL", "Beneficiaries": [{
            "PayeeFunctionalID": cast_uin(key), "PaymentModality": "01",
            "FinancialAddress": format!("msisdn:{}@greenbank", cast_phone(key)),
        }]})
    };
    let ours = |summary, key| {
        says(summary)
            .tag("GovStack Payments, first shape")
            .with(Token::Strict)
            .takes::<Request>(request(key))
            .gives::<Value>(200, "`ResponseCode` 00")
            .gives::<Value>(400, "`ResponseCode` 01")
    };
    for ((path, also), deed, is) in [
        (
            ("/register-beneficiary", "/registerBeneficiaries"),
            Deed::Register,
            ours("Registers beneficiaries", "amina_brandt"),
        ),
        (
            ("/update-beneficiary-details", "/updateBeneficiaryDetails"),
            Deed::Update,
            ours("Changes beneficiaries", "tomas"),
        ),
    ] {
        let handle = move |call: Call, req: HttpRequest| handle(call, req, deed);
        routes.post(path, handle, is);
        routes.aside((Method::POST, also), handle, "the same, as GovStack's OpenAPI text names it");
    }
}

/// Beneficiaries to register or to change.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "GovStackRequest")]
#[serde(rename_all = "PascalCase")]
struct Request {
    #[serde(rename = "RequestID")]
    request_id: String,
    #[serde(rename = "SourceBBID")]
    source_bb_id: String,
    beneficiaries: Vec<Beneficiary>,
}

/// Somebody who is to be paid.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "GovStackBeneficiary")]
#[serde(rename_all = "PascalCase")]
struct Beneficiary {
    #[serde(rename = "PayeeFunctionalID")]
    payee_functional_id: String,
    payment_modality: Option<String>,
    financial_address: Option<String>,
}

/// Why a request is answered with 01.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("{0}")]
    Wrong(String),
    #[error("there is nothing here but application/json: write Accept: application/json")]
    OtherFormat,
    #[error("{0}")]
    NotLetIn(#[from] tokens::NotLetIn),
    #[error("the archive failed; try again")]
    Archive(#[from] StoreError),
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Archive(error.into())
    }
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::Wrong(_) => StatusCode::BAD_REQUEST,
            // As the sandbox of GovStack answers who wants no JSON.
            Self::OtherFormat => StatusCode::NOT_IMPLEMENTED,
            Self::NotLetIn(refused) => {
                StatusCode::from_u16(refused.status()).unwrap_or(StatusCode::UNAUTHORIZED)
            }
            Self::Archive(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// Registers or changes beneficiaries.
pub(super) async fn handle(call: Call, req: HttpRequest, deed: Deed) -> HttpResponse {
    // Where a request cannot be read, its name may still be read to be echoed.
    let named: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let request_id = named["RequestID"].as_str().unwrap_or_default();
    call.correlation(request_id);
    match perform(&call, &req, deed).await {
        Ok(()) => HttpResponse::Ok().json(answer("00", "Success", request_id)),
        Err(refused) => {
            let sentence = refused.to_string();
            call.remark(&sentence);
            if let Refusal::Archive(error) = &refused {
                tracing::error!(%error, "the mapper's archive failed");
            }
            HttpResponse::build(refused.status()).json(answer("01", &sentence, request_id))
        }
    }
}

async fn perform(call: &Call, req: &HttpRequest, deed: Deed) -> Result<(), Refusal> {
    if !takes_json(req) {
        return Err(Refusal::OtherFormat);
    }
    if call.room().policy() == Policy::Strict {
        tokens::check(&call.errand, call.authorization.as_ref(), Some("mapper.link")).await?;
    }
    let request: Request =
        standards::dci::read(&call.body).map_err(|e| Refusal::Wrong(e.to_string()))?;
    let lengths = settings::lengths(call)?;
    let at = call.errand.stamp();
    let entries = entries(&request, lengths, &at).map_err(Refusal::Wrong)?;
    call.store().write(|tx| match deed {
        Deed::Register => register(tx, &entries, &at),
        _ => update(tx, &entries, &at),
    })
}

/// Whether the asker takes what is answered here.
fn takes_json(req: &HttpRequest) -> bool {
    let Some(accept) = req.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok()) else {
        return true;
    };
    ["application/json", "application/*", "*/*"].iter().any(|kind| accept.contains(kind))
}

fn answer(code: &str, description: &str, request_id: &str) -> Value {
    let description: String = description.chars().take(200).collect();
    json!({"ResponseCode": code, "ResponseDescription": description, "RequestID": request_id})
}

fn entries(request: &Request, lengths: Lengths, at: &str) -> Result<Vec<Entry>, String> {
    lengths.check("RequestID", &request.request_id, 12)?;
    lengths.check("SourceBBID", &request.source_bb_id, 12)?;
    if request.beneficiaries.is_empty() {
        return Err("Beneficiaries is empty: name somebody".into());
    }
    let entry = |(number, beneficiary): (usize, &Beneficiary)| {
        let named = Named {
            payee: &beneficiary.payee_functional_id,
            modality: beneficiary.payment_modality.as_deref(),
            address: beneficiary.financial_address.as_deref(),
            bank: None,
        };
        let reference = format!("{}-{number}", request.request_id);
        beneficiary::entry(named, &request.source_bb_id, lengths, (&reference, at))
            .map_err(|wrong| format!("Beneficiaries[{number}]: {wrong}"))
    };
    request.beneficiaries.iter().enumerate().map(entry).collect()
}

/// Registers those who are new. Who is there already with the same account is fine; where nobody is new, it is an error.
fn register(tx: &Connection, entries: &[Entry], at: &str) -> Result<(), Refusal> {
    let mut taken = false;
    let mut why = "";
    for entry in entries {
        let facts = store::facts(tx, entry)?;
        match beneficiary::decide(Deed::Register, entry, &facts) {
            Ok(change) => {
                store::apply(tx, entry, &change, at)?;
                taken = true;
            }
            Err(_) if facts.account == Some(false) => {
                let id = entry.id.as_deref().unwrap_or_default();
                return Err(Refusal::Wrong(format!("{id}: the account is closed: name another")));
            }
            Err(reason) => why = reason,
        }
    }
    if taken { Ok(()) } else { Err(Refusal::Wrong(why.into())) }
}

/// Changes all or nobody.
fn update(tx: &Connection, entries: &[Entry], at: &str) -> Result<(), Refusal> {
    for entry in entries {
        let change = beneficiary::decide(Deed::Update, entry, &store::facts(tx, entry)?);
        let id = entry.id.as_deref().unwrap_or_default();
        let change: Change = change.map_err(|why| Refusal::Wrong(format!("{id}: {why}")))?;
        store::apply(tx, entry, &change, at)?;
    }
    Ok(())
}
