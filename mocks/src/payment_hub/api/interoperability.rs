//! The Payments Interoperability Layer of DCI (proof of concept): `GET /health`, `POST /disbursementCheck`,
//! `POST /disbursement`, `GET /disbursement/{disbursementId}`. Errors are those of FSPIOP, because the text lists statuses
//! and leaves their bodies open.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::Path;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use standards::dci::TransactionId;
use standards::fspiop::{ErrorCode, PartyIdType};
use standards::g2p_connect::FinancialAddress;
use standards::money::{Currency, Money};

use super::disburse::finished;
use super::mapper::{self, Found};
use super::party::{self, Unknown};
use super::settings::{self, Settings};
use super::wish::{Wish, own, why};
use super::{let_in, words};
use crate::kit::clock::pause;
use crate::kit::fspiop::{Refusal, read};
use crate::kit::openapi::{Routes, Token, says};
use crate::kit::payee::id_of;
use crate::kit::seed::{cast_phone, cast_uin};
use crate::kit::server::Call;
use crate::payment_hub::model::{Account, Face, State};
use crate::payment_hub::pipeline::{self, NotTaken, Stand, Submission};
use crate::payment_hub::store::{self, Batch, Instruction};

/// Callers do not name themselves at this counter.
const SENDER: &str = "interoperability layer";
/// A list has so many payees at the most.
const MOST_PAYEES: usize = 1000;
/// Who asks about many is answered after so long, whether everybody was asked about or not.
const LONGEST_CHECK: Duration = Duration::from_secs(20);

pub(super) fn routes(routes: &mut Routes) {
    let ours =
        |summary| says(summary).tag("Payments Interoperability Layer of DCI").with(Token::Strict);
    let payee = json!({
        "payeeIdType": "MOBILE", "payeeIdValue": cast_phone("tomas"), "amount": "60.00", "currency": "XTS",
    });
    let asked = json!({"requestId": "Q-1", "payeeList": [{"payeeIdType": "UIN", "payeeIdValue": cast_uin("tomas")}]});
    routes
        .get(
            "/health",
            health,
            says("Whether it is up")
                .tag("Payments Interoperability Layer of DCI")
                .gives::<Value>(200, "It is"),
        )
        .post(
            "/disbursementCheck",
            check,
            ours("Whether people can be paid")
                .takes::<Check>(asked)
                .gives::<Value>(200, "For each, or why not"),
        )
        .post(
            "/disbursement",
            disburse,
            ours("Pays people")
                .takes::<Disbursement>(
                    json!({"disbursementId": "D-1", "note": "October 2026", "payeeList": [payee]}),
                )
                .gives::<Value>(200, "How each payment stands"),
        )
        .get(
            "/disbursement/{id}",
            show,
            ours("How payments stand")
                .path("id", "D-1")
                .gives::<Value>(200, "Each of them")
                .after("a disbursement of this name was asked for"),
        );
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Payee {
    payee_id_type: String,
    payee_id_value: String,
    #[serde(default)]
    amount: Value,
    #[serde(default)]
    currency: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Check {
    request_id: String,
    payee_list: Vec<Payee>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "InteroperabilityDisbursement")]
#[serde(rename_all = "camelCase")]
struct Disbursement {
    disbursement_id: String,
    #[serde(default)]
    note: Option<String>,
    payee_list: Vec<Payee>,
}

async fn health() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "OK"}))
}

fn answered(call: &Call, outcome: Result<Value, Refusal>) -> HttpResponse {
    match outcome {
        Ok(value) => HttpResponse::Ok().json(value),
        Err(refused) => {
            call.remark(&refused.sentence);
            refused.answer()
        }
    }
}

fn bounded(payees: &[Payee]) -> Result<(), Refusal> {
    let right = format!("payeeList: name 1 to {MOST_PAYEES} payees, not {}", payees.len());
    match payees.len() {
        0 => Err(Refusal::new(ErrorCode::MISSING_ELEMENT, right)),
        n if n > MOST_PAYEES => Err(Refusal::new(ErrorCode::TOO_MANY_ELEMENTS, right)),
        _ => Ok(()),
    }
}

/// The payee in the words of G2P Connect: an account, or a person.
fn address(payee: &Payee) -> String {
    let value = &payee.payee_id_value;
    match payee.payee_id_type.to_ascii_uppercase().as_str() {
        "MOBILE" | "MSISDN" => {
            format!("msisdn:{}@{}", value.trim_start_matches('+'), words::ANY_WALLET)
        }
        "ACCOUNT" | "ACCOUNT_ID" => format!("account:{value}@{}", words::ANY_BANK),
        "IBAN" => format!("iban:{value}@{}", words::ANY_BANK),
        _ => id_of(value, &payee.payee_id_type),
    }
}

async fn check(call: Call) -> HttpResponse {
    answered(&call, check_all(&call).await)
}

async fn check_all(call: &Call) -> Result<Value, Refusal> {
    let_in(call, "payments.disburse").await.map_err(|refused| words::refused(&refused))?;
    let asked: Check = read(&call.body)?;
    call.correlation(&asked.request_id);
    bounded(&asked.payee_list)?;
    let persons: Vec<String> = asked.payee_list.iter().map(address).collect();
    let known = mapper::find(&call.errand, &persons).await.map_err(|error| {
        Refusal::new(ErrorCode::SERVICE_UNAVAILABLE, format!("the account mapper: {error}"))
    })?;
    let mut results = Vec::new();
    let mut is_late = false;
    let mut end = std::pin::pin!(pause(LONGEST_CHECK));
    for (payee, address) in asked.payee_list.iter().zip(&persons) {
        let asked = payable(call, payee, (address.as_str(), known.get(address)));
        let result = tokio::select! {
            biased;
            () = &mut end, if !is_late => {
                is_late = true;
                None
            }
            result = asked, if !is_late => Some(result),
            else => None,
        };
        results.push(result.unwrap_or_else(|| not_asked(call, payee)));
    }
    Ok(json!({"requestId": asked.request_id, "payeeResults": results}))
}

/// What is said of somebody who may be payable and may not.
fn undecided(call: &Call, payee: &Payee) -> Value {
    json!({"payeeIdType": payee.payee_id_type, "payeeIdValue": payee.payee_id_value,
        "isPayable": false, "timestamp": call.errand.stamp()})
}

/// Nobody answered about the payee in time.
fn not_asked(call: &Call, payee: &Payee) -> Value {
    let mut result = undecided(call, payee);
    result["errors"] = json!(["there was no time left to ask; ask about fewer payees at once"]);
    result
}

/// Whether a payee can be paid: the mapper knows the account, and the bank knows its holder.
async fn payable(call: &Call, payee: &Payee, (address, found): (&str, Option<&Found>)) -> Value {
    let mut result = undecided(call, payee);
    let account = match found {
        Some(Ok(fa)) => fa.as_str(),
        Some(Err(why)) => {
            result["errors"] = json!([why]);
            return result;
        }
        None => address,
    };
    let account = account.parse::<FinancialAddress>().ok().and_then(|fa| Account::read(&fa));
    let asked = match &account {
        Some(account) => party::ask(&call.errand, &account.kind, &account.id).await,
        None => Err(Unknown::Refused(format!("{address} is no account that the switch knows"))),
    };
    match asked {
        Ok(party) => {
            result["isPayable"] = json!(true);
            let named = party.name.clone();
            result["name"] = json!(named);
            let born = party.personal_info.and_then(|info| info.date_of_birth);
            result["dateOfBirth"] = json!(born);
        }
        Err(unknown) => result["errors"] = json!([unknown.to_string()]),
    }
    words::without_nulls(&mut result);
    result
}

async fn disburse(call: Call) -> HttpResponse {
    answered(&call, pay(&call).await)
}

async fn pay(call: &Call) -> Result<Value, Refusal> {
    let_in(call, "payments.disburse").await.map_err(|refused| words::refused(&refused))?;
    let asked: Disbursement = read(&call.body)?;
    call.correlation(&asked.disbursement_id);
    bounded(&asked.payee_list)?;
    let settings = settings::read(call)?;
    let submission = submission(call, &asked, &settings);
    let body = submission.asked.clone();
    match pipeline::submit(&call.errand, submission) {
        Ok(batch) => {
            finished(call, batch.id).await;
            told(call, &batch)
        }
        Err(NotTaken::Known { batch, .. }) if batch.asked == body => told(call, &batch),
        Err(NotTaken::Known { batch, .. }) => {
            let name = &batch.transaction_id;
            let right = format!("disbursementId: {name} names another list; take a new one");
            Err(Refusal::new(ErrorCode::MODIFIED_REQUEST, right))
        }
        Err(NotTaken::Archive(error)) => Err(error.into()),
        Err(NotTaken::Wrong(right)) => Err(Refusal::new(ErrorCode::VALIDATION, right)),
        Err(NotTaken::Entries(_)) => Err(Refusal::new(ErrorCode::VALIDATION, "payeeList is wrong")),
    }
}

fn submission(call: &Call, asked: &Disbursement, settings: &Settings) -> Submission {
    let wish = |(number, payee): (usize, &Payee)| Wish {
        reference: format!("{}-{}", asked.disbursement_id, number + 1),
        payer: settings.payer(),
        payee: address(payee),
        amount: payee.amount.clone(),
        currency: payee.currency.clone().unwrap_or_default(),
        note: asked.note.clone(),
        own: json!({"payeeIdType": payee.payee_id_type, "payeeIdValue": payee.payee_id_value,
            "amount": payee.amount, "currency": payee.currency}),
    };
    let entries = asked.payee_list.iter().enumerate().map(wish).map(Wish::entry).collect();
    Submission {
        face: Face::Interoperability,
        sender: SENDER.into(),
        transaction_id: TransactionId::from(asked.disbursement_id.as_str()),
        callback: None,
        asked: serde_json::from_slice(&call.body).unwrap_or_default(),
        entries,
        refused: BTreeMap::new(),
        entries_stand: Stand::Alone,
    }
}

/// The list of this name.
fn named(call: &Call, name: &TransactionId) -> Result<Option<Batch>, Refusal> {
    let face = Face::Interoperability;
    Ok(call.store().read(|db| store::batch_named(db, face, (SENDER, name)))?)
}

async fn show(call: Call, id: Path<String>) -> HttpResponse {
    let outcome = async {
        let_in(&call, "payments.disburse").await.map_err(|refused| words::refused(&refused))?;
        let unknown = || {
            let sentence = format!("no disbursement is called {id}");
            Refusal::new(ErrorCode::TRANSACTION_ID_NOT_FOUND, sentence)
        };
        let batch = named(&call, &TransactionId::from(id.as_str()))?.ok_or_else(unknown)?;
        told(&call, &batch)
    };
    match outcome.await {
        Err(refused) if refused.code == ErrorCode::TRANSACTION_ID_NOT_FOUND => {
            call.remark(&refused.sentence);
            HttpResponse::NotFound().json(refused.body())
        }
        outcome => answered(&call, outcome),
    }
}

/// How the payments of a list stand. `payeeList` and `requestId` are required by the text, though its own program sends
/// neither.
fn told(call: &Call, batch: &Batch) -> Result<Value, Refusal> {
    let all = call.store().read(|db| store::instructions(db, batch.id))?;
    let list = all.iter().map(|payment| {
        let mut named = own(payment).clone();
        words::without_nulls(&mut named);
        named
    });
    let list: Vec<Value> = list.collect();
    Ok(json!({"disbursementId": batch.transaction_id, "requestId": batch.transaction_id,
        "payeeList": list, "payeeResults": all.iter().map(|payment| result(payment, batch.currency)).collect::<Vec<_>>()}))
}

fn result(payment: &Instruction, currency: Currency) -> Value {
    let mut result = own(payment).clone();
    result["timestamp"] = json!(payment.since);
    result["status"] = json!(match payment.state {
        State::Received => "RECEIVED",
        State::Paid => "COMPLETED",
        // Whether the transfer was tried: terms were there, so it was.
        State::Failed if payment.given.is_some() => "ABORTED",
        State::Failed => "REJECTED",
        _ => "PENDING",
    });
    if payment.state == State::Paid {
        // In the form of FSPIOP: without decimals that say nothing.
        let amount = Money::new(payment.minor, currency).to_fspiop().ok();
        result["amountDebited"] = json!(amount);
        result["amountCredited"] = json!(amount);
    }
    if let Some(why) = why(payment) {
        result["errors"] = json!([why]);
    }
    words::without_nulls(&mut result);
    result
}

/// An account as the switch names it, for those who search.
pub(super) fn kind_and_id(address: &str) -> Option<(PartyIdType, String)> {
    let account = Account::read(&address.parse().ok()?)?;
    Some((account.kind, account.id))
}
