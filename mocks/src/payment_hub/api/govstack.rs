//! `GovStack` Payments, first shape: `POST /prepayment-validation`, `/prepayment-validation-response`, `/bulk-payment`.
//! Two readings of it are spoken; see `settings.rs`.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use standards::dci::TransactionId;
use standards::money::{Currency, Money};

use super::let_in;
use super::mapper;
use super::settings::{self, Reading, Settings};
use super::wish::{Wish, money_of};
use crate::kit::openapi::{Routes, Token, says};
use crate::kit::payee::id_of;
use crate::kit::seed::cast_uin;
use crate::kit::server::Call;
use crate::kit::store::StoreError;
use crate::kit::trust::tokens::NotLetIn;
use crate::payment_hub::model::Face;
use crate::payment_hub::pipeline::{self, MOST_PAYMENTS, NotTaken, Stand, Submission};
use crate::payment_hub::store::{self, Batch, Validated};

/// The longest ids that other clients send although the standard says less: UUIDs.
const LENIENT: usize = 36;

pub(super) fn routes(routes: &mut Routes) {
    let list = json!({"RequestID": "R-1", "SourceBBID": "SOCIAL", "BatchID": "B-1", "CreditInstructions": [{
        "InstructionID": "I-1", "PayeeFunctionalID": cast_uin("tomas"), "Amount": 60, "Currency": "XTS",
        "Narration": "October 2026",
    }]});
    let ours = |summary| {
        says(summary)
            .tag("GovStack Payments, first shape")
            .with(Token::Strict)
            .gives::<Value>(200, "`ResponseCode` 00")
    };
    routes
        .post(
            "/prepayment-validation",
            validate,
            ours("Whether the people of a list can be paid").takes::<Request>(list.clone()),
        )
        .post(
            "/prepayment-validation-response",
            outcome,
            ours("What a validation found")
                .takes::<Question>(json!({"RequestID": "R-2", "Source_BatchID": "B-1"}))
                .after("a list of this name was validated"),
        )
        .post(
            "/bulk-payment",
            bulk,
            ours("Pays a list that was validated")
                .takes::<Request>(list)
                .after("the same list was validated"),
        );
    let why = "the same, as GovStack's OpenAPI text names it";
    routes.aside((Method::POST, "/prepaymentValidation"), validate, why);
    routes.aside((Method::POST, "/bulkPayment"), bulk, why);
}

/// Which validation is asked about.
#[derive(Deserialize, JsonSchema)]
struct Question {
    #[serde(rename = "RequestID")]
    request_id: String,
    #[serde(rename = "Source_BatchID")]
    batch_id: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Request {
    #[serde(rename = "RequestID")]
    request_id: String,
    #[serde(rename = "SourceBBID")]
    source_bb_id: String,
    #[serde(rename = "BatchID")]
    batch_id: String,
    credit_instructions: Vec<Credit>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Credit {
    #[serde(rename = "InstructionID")]
    instruction_id: String,
    #[serde(rename = "PayeeFunctionalID")]
    payee_functional_id: String,
    amount: Value,
    currency: String,
    #[serde(default)]
    narration: Option<String>,
}

/// Why a request is answered with 01.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("{0}")]
    Wrong(String),
    #[error("there is nothing here but application/json: write Accept: application/json")]
    OtherFormat,
    #[error(transparent)]
    NotLetIn(#[from] NotLetIn),
    #[error("the account mapper does not answer; try again")]
    NoMapper,
    #[error("the archive failed; try again")]
    Archive(#[from] StoreError),
}

/// Answers as both texts have it: 01 is 400, but 200 where a validation says it.
fn answered(call: &Call, validation: bool, done: Result<Value, Refusal>) -> HttpResponse {
    let asked: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let request_id = asked["RequestID"].as_str().unwrap_or_default();
    call.correlation(request_id);
    let refused = match done {
        Ok(answer) => return HttpResponse::Ok().json(answer),
        Err(refused) => refused,
    };
    let sentence = refused.to_string();
    call.remark(&sentence);
    let status = match &refused {
        Refusal::NotLetIn(refused) => {
            StatusCode::from_u16(refused.status()).unwrap_or(StatusCode::UNAUTHORIZED)
        }
        Refusal::Archive(error) => {
            tracing::error!(%error, "the hub's archive failed");
            StatusCode::INTERNAL_SERVER_ERROR
        }
        // As the sandbox of GovStack answers who wants no JSON.
        Refusal::OtherFormat => StatusCode::NOT_IMPLEMENTED,
        _ if validation => StatusCode::OK,
        _ => StatusCode::BAD_REQUEST,
    };
    HttpResponse::build(status).json(response("01", &sentence, request_id))
}

fn response(code: &str, description: &str, request_id: &str) -> Value {
    let description: String = description.chars().take(200).collect();
    json!({"ResponseCode": code, "ResponseDescription": description, "RequestID": request_id})
}

/// Whether the asker takes what is answered here.
fn takes_json(call: &Call) -> Result<(), Refusal> {
    let Some(accept) = call.accept.as_ref().and_then(|accept| accept.to_str().ok()) else {
        return Ok(());
    };
    let kinds = ["application/json", "application/*", "*/*"];
    if kinds.iter().any(|kind| accept.contains(kind)) { Ok(()) } else { Err(Refusal::OtherFormat) }
}

async fn open(call: &Call) -> Result<(Request, Settings), Refusal> {
    takes_json(call)?;
    let_in(call, "payments.disburse").await?;
    let request: Request =
        standards::dci::read(&call.body).map_err(|e| Refusal::Wrong(e.to_string()))?;
    Ok((request, settings::read(call)?))
}

/// What a request says, with its bounds checked. `narrated` where each instruction must say what for.
fn read(request: &Request, reading: Reading, narrated: bool) -> Result<Vec<Validated>, String> {
    within(reading, "RequestID", &request.request_id, 12)?;
    within(reading, "SourceBBID", &request.source_bb_id, 12)?;
    within(reading, "BatchID", &request.batch_id, 12)?;
    let count = request.credit_instructions.len();
    if count == 0 || count > MOST_PAYMENTS {
        return Err(format!("CreditInstructions: name 1 to {MOST_PAYMENTS}, not {count}"));
    }
    let mut named = BTreeSet::<String>::new();
    let one = |(number, credit): (usize, &Credit)| {
        let at = |wrong: String| format!("CreditInstructions[{number}].{wrong}");
        within(reading, "InstructionID", &credit.instruction_id, 16).map_err(at)?;
        within(reading, "PayeeFunctionalID", &credit.payee_functional_id, 20).map_err(at)?;
        if !named.insert(credit.instruction_id.clone()) {
            return Err(at(format!("InstructionID {} stands twice", credit.instruction_id)));
        }
        let currency: Currency =
            credit.currency.parse().map_err(|e| at(format!("Currency: {e}")))?;
        // The engine's sentence begins with its own name of the field.
        let money = money_of(&credit.amount, currency)
            .map_err(|wrong| at(wrong.replacen("amount", "Amount", 1)))?;
        let narration = credit.narration.as_deref();
        let length = narration.map(|text| text.chars().count());
        if length.is_some_and(|length| !(1..=50).contains(&length))
            || (narrated && length.is_none())
        {
            return Err(at("Narration: write 1 to 50 characters".into()));
        }
        Ok(Validated {
            instruction: credit.instruction_id.clone(),
            payee: credit.payee_functional_id.clone(),
            minor: money.minor,
            currency: currency.as_str().into(),
            narration: narration.map(str::to_owned),
            failure: None,
        })
    };
    request.credit_instructions.iter().enumerate().map(one).collect()
}

/// Whether an id that the standard has `standard` characters long is right.
fn within(reading: Reading, name: &str, text: &str, standard: usize) -> Result<(), String> {
    let length = text.chars().count();
    let right = match reading {
        Reading::Strict if length != standard => format!("write exactly {standard}"),
        Reading::Lenient if length == 0 || length > LENIENT => format!("write 1 to {LENIENT}"),
        _ => return Ok(()),
    };
    Err(format!("{name} has {length} characters: {right}"))
}

async fn validate(call: Call) -> HttpResponse {
    let done = validate_all(&call).await;
    answered(&call, true, done)
}

async fn validate_all(call: &Call) -> Result<Value, Refusal> {
    let (request, settings) = open(call).await?;
    let mut all = read(&request, settings.govstack_v1, true).map_err(Refusal::Wrong)?;
    let persons: Vec<String> =
        all.iter().map(|one| id_of(&one.payee, &request.source_bb_id)).collect();
    let found = mapper::find(&call.errand, &persons).await.map_err(|error| {
        tracing::info!(%error, "payees could not be validated");
        Refusal::NoMapper
    })?;
    for (one, person) in all.iter_mut().zip(&persons) {
        let found = found.get(person);
        one.failure = found.and_then(|found| found.as_ref().err()).cloned();
    }
    let batch = (request.source_bb_id.as_str(), request.batch_id.as_str());
    call.store().alter(|tx| store::keep_validation(tx, batch, &all))?;
    let failed = all.iter().find(|one| one.failure.is_some());
    match failed.filter(|_| settings.govstack_v1 == Reading::Lenient) {
        Some(one) => {
            let why = one.failure.clone().unwrap_or_default();
            Err(Refusal::Wrong(format!("{}: {why}", one.payee)))
        }
        None => Ok(response("00", "Success", &request.request_id)),
    }
}

async fn outcome(call: Call) -> HttpResponse {
    let done = outcome_of(&call).await;
    answered(&call, false, done)
}

async fn outcome_of(call: &Call) -> Result<Value, Refusal> {
    takes_json(call)?;
    let_in(call, "payments.disburse").await?;
    let asked: Question =
        standards::dci::read(&call.body).map_err(|e| Refusal::Wrong(e.to_string()))?;
    let all = call.store().read(|db| store::validation(db, &asked.batch_id))?;
    if all.is_empty() {
        let sentence = format!("Source_BatchID: {} was never validated", asked.batch_id);
        return Err(Refusal::Wrong(sentence));
    }
    let failed: Vec<Value> = all
        .iter()
        .filter_map(|one| {
            Some(json!({"InstructionID": one.instruction, "FailureReason": one.failure.as_ref()?}))
        })
        .collect();
    Ok(json!({"RequestID": asked.request_id, "Source_BatchID": asked.batch_id,
        "NumberFailedCases": failed.len(), "FailedAccounts": failed}))
}

async fn bulk(call: Call) -> HttpResponse {
    let done = pay(&call).await;
    answered(&call, false, done)
}

async fn pay(call: &Call) -> Result<Value, Refusal> {
    let (request, settings) = open(call).await?;
    let all = read(&request, settings.govstack_v1, false).map_err(Refusal::Wrong)?;
    let name = TransactionId::from(request.batch_id.as_str());
    let sender = request.source_bb_id.as_str();
    let asked: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let known = call.store().read(|db| store::batch_named(db, Face::GovStack, (sender, &name)))?;
    if let Some(batch) = known {
        return repeated(&request, &batch, &asked);
    }
    if settings.govstack_v1 == Reading::Lenient {
        let missing = call.store().survey(|db| store::not_validated(db, sender, &all))?;
        if let Some(instruction) = missing {
            let sentence = format!(
                "No valid credit instruction for Instruction Id {instruction}: validate it first, with the same payee, amount, currency and narration"
            );
            return Err(Refusal::Wrong(sentence));
        }
    }
    let submission = submission(&request, &all, (&settings, asked.clone()));
    let batch = match pipeline::submit(&call.errand, submission) {
        Ok(batch) => batch,
        // The same list came in at the same moment.
        Err(NotTaken::Known { batch, .. }) => return repeated(&request, &batch, &asked),
        Err(NotTaken::Archive(error)) => return Err(Refusal::Archive(error)),
        Err(NotTaken::Wrong(right)) => return Err(Refusal::Wrong(right)),
        Err(NotTaken::Entries(entries)) => {
            let said = entries.first().map(|(_, why)| why.sentence.clone());
            return Err(Refusal::Wrong(said.unwrap_or_default()));
        }
    };
    let (errand, id) = (call.errand.clone(), batch.id);
    call.later(async move { pipeline::begin(&errand, id).await });
    Ok(response("00", "Success", &request.request_id))
}

/// The same list again is taken as the one that is here.
fn repeated(request: &Request, batch: &Batch, asked: &Value) -> Result<Value, Refusal> {
    if batch.asked["CreditInstructions"] == asked["CreditInstructions"] {
        return Ok(response("00", "Success", &request.request_id));
    }
    let name = &batch.transaction_id;
    Err(Refusal::Wrong(format!("BatchID {name} names another list; take a new one")))
}

fn submission(
    request: &Request,
    all: &[Validated],
    (settings, asked): (&Settings, Value),
) -> Submission {
    let wish = |one: &Validated| {
        let currency: Option<Currency> = one.currency.parse().ok();
        Wish {
            reference: one.instruction.clone(),
            payer: settings.payer(),
            payee: id_of(&one.payee, &request.source_bb_id),
            amount: currency
                .map_or(Value::Null, |currency| json!(Money::new(one.minor, currency).to_string())),
            currency: one.currency.clone(),
            note: one.narration.clone(),
            own: json!({"InstructionID": one.instruction, "PayeeFunctionalID": one.payee}),
        }
        .entry()
    };
    Submission {
        face: Face::GovStack,
        sender: request.source_bb_id.clone(),
        transaction_id: TransactionId::from(request.batch_id.as_str()),
        callback: None,
        asked,
        entries: all.iter().map(wish).collect(),
        refused: BTreeMap::new(),
        entries_stand: Stand::Together,
    }
}
