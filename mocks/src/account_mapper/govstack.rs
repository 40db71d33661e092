//! The face of the `GovStack` Payments building block, first shape: `POST /register-beneficiary` and
//! `/update-beneficiary-details`, answered at once with `ResponseCode` 00 or 01.

use actix_web::HttpResponse;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use standards::ids::verhoeff;

use super::model::{self, Change, Entry, Verb};
use super::store;
use crate::kit::room::Policy;
use crate::kit::server::Call;
use crate::kit::store::StoreError;
use crate::kit::trust::tokens;

/// The longest ids that other clients send although the standard says less: UUIDs.
const LENIENT: usize = 36;

/// Beneficiaries to register or to change.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    #[serde(rename = "RequestID")]
    request_id: String,
    #[serde(rename = "SourceBBID")]
    source_bb_id: String,
    beneficiaries: Vec<Beneficiary>,
}

/// Somebody who is to be paid.
#[derive(Debug, Clone, Deserialize, Serialize)]
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
    #[error("Beneficiary exists already")]
    Exists,
    #[error("Beneficiary {0} is not registered")]
    Unknown(String),
    #[error("the archive failed; try again")]
    Archive(#[from] StoreError),
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Archive(error.into())
    }
}

/// Registers or changes beneficiaries.
pub(super) async fn handle(call: Call, verb: Verb) -> HttpResponse {
    let strict = call.room().policy() == Policy::Strict;
    if strict
        && let Err(refused) =
            tokens::check(&call.errand, call.authorization.as_ref(), Some("mapper.link")).await
    {
        call.remark(&refused.to_string());
        return HttpResponse::Unauthorized().json(answer("01", &refused.to_string(), ""));
    }
    let request: Request = match serde_json::from_slice(&call.body) {
        Ok(request) => request,
        Err(error) => return refuse(&call, &Refusal::Wrong(error.to_string()), ""),
    };
    call.correlation(&request.request_id);
    let at = call.errand.stamp();
    let done = entries(&request, strict, &at).and_then(|entries| {
        call.store().write(|tx| match verb {
            Verb::Update => update(tx, &entries, &at),
            _ => register(tx, &entries, &at),
        })
    });
    match done {
        Ok(()) => HttpResponse::Ok().json(answer("00", "Success", &request.request_id)),
        Err(refused) => refuse(&call, &refused, &request.request_id),
    }
}

fn answer(code: &str, description: &str, request_id: &str) -> Value {
    let description: String = description.chars().take(200).collect();
    json!({"ResponseCode": code, "ResponseDescription": description, "RequestID": request_id})
}

fn refuse(call: &Call, refused: &Refusal, request_id: &str) -> HttpResponse {
    let sentence = refused.to_string();
    call.remark(&sentence);
    let answer = answer("01", &sentence, request_id);
    if let Refusal::Archive(error) = refused {
        tracing::error!(%error, "the mapper's archive failed");
        return HttpResponse::InternalServerError().json(answer);
    }
    HttpResponse::BadRequest().json(answer)
}

fn entries(request: &Request, strict: bool, at: &str) -> Result<Vec<Entry>, Refusal> {
    let most = |standard: usize| if strict { standard } else { LENIENT.max(standard) };
    within("RequestID", &request.request_id, most(12))?;
    within("SourceBBID", &request.source_bb_id, most(12))?;
    if request.beneficiaries.is_empty() {
        return Err(Refusal::Wrong("Beneficiaries is empty".into()));
    }
    let entry = |(number, beneficiary): (usize, &Beneficiary)| {
        let payee = &beneficiary.payee_functional_id;
        within("PayeeFunctionalID", payee, most(20))?;
        let entry = Entry {
            reference_id: format!("{}-{number}", request.request_id),
            timestamp: at.into(),
            id: Some(id_of(payee, &request.source_bb_id)),
            fa: address_of(beneficiary)?,
            name: None,
            phone: None,
            additional: String::from("[]"),
            scope: None,
        };
        model::check(Verb::Link, &entry, false).map_err(|f| Refusal::Wrong(f.to_string()))?;
        Ok(entry)
    };
    request.beneficiaries.iter().enumerate().map(entry).collect()
}

fn within(name: &str, text: &str, most: usize) -> Result<(), Refusal> {
    match text.chars().count() {
        0 => Err(Refusal::Wrong(format!("{name} is empty"))),
        length if length > most => {
            Err(Refusal::Wrong(format!("{name} has {length} characters; {most} are allowed")))
        }
        _ => Ok(()),
    }
}

/// The same person under the same id in every face: a UIN is one everywhere, another functional id is its source's own.
fn id_of(payee: &str, source: &str) -> String {
    if payee.len() == 10 && verhoeff::is_valid(payee) {
        return format!("uin:{payee}@arenoa");
    }
    format!("functional:{payee}@{source}")
}

/// The account in the words of G2P Connect; the modality tells what a bare address is.
fn address_of(beneficiary: &Beneficiary) -> Result<Option<String>, Refusal> {
    let modality = beneficiary.payment_modality.as_deref();
    let (token, provider) = match modality {
        None | Some("00") => ("account", "bank"),
        Some("01") => ("msisdn", "mobile-money"),
        Some("02") => ("voucher", "vouchers"),
        Some("03") => ("wallet", "wallets"),
        Some("04") => ("proxy", "proxies"),
        Some(other) => {
            let sentence = format!("PaymentModality `{other}` is none of 00, 01, 02, 03, 04");
            return Err(Refusal::Wrong(sentence));
        }
    };
    let Some(address) = &beneficiary.financial_address else { return Ok(None) };
    within("FinancialAddress", address, 30)?;
    if address.contains('@') {
        return Ok(Some(address.clone()));
    }
    Ok(Some(format!("{token}:{address}@{provider}")))
}

/// Registers those who are new. Who is there already with the same account is fine; where nobody is new, it is an error.
fn register(tx: &Connection, entries: &[Entry], at: &str) -> Result<(), Refusal> {
    let mut taken = false;
    for entry in entries {
        let facts = store::facts(tx, entry)?;
        let outcome = model::decide(Verb::Link, entry, &facts);
        let own = facts.holder.and_then(|h| h.account).map(|(fa, _)| fa);
        match outcome.change {
            Change::Nothing if own.is_some() && own == entry.fa => taken = true,
            Change::Nothing if own.is_some() => {}
            Change::Nothing => return Err(Refusal::Wrong(outcome.sentence)),
            change => {
                store::apply(tx, entry, &change, at)?;
                taken = true;
            }
        }
    }
    if taken { Ok(()) } else { Err(Refusal::Exists) }
}

/// Changes all or nobody.
fn update(tx: &Connection, entries: &[Entry], at: &str) -> Result<(), Refusal> {
    for entry in entries {
        let facts = store::facts(tx, entry)?;
        if facts.holder.is_none() {
            return Err(Refusal::Unknown(entry.id.clone().unwrap_or_default()));
        }
        if facts.account == Some(false) {
            return Err(Refusal::Wrong("the account is closed: name another".into()));
        }
        store::apply(tx, entry, &Change::Pay, at)?;
    }
    Ok(())
}
