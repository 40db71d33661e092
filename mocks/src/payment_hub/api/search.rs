//! `POST /disburse/search` (answered at `/disburse/on-search`) and `/disburse/sync/search` of G2P Connect 1.0.0: payments
//! found by who pays, who is paid, or by their names.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use standards::dci::{Ack, Action, DateTime, Envelope, ReasonCode, Status, TransactionId};
use standards::g2p_connect::FinancialAddress;

use super::status::tell_later;
use super::{g2p, g2p_later, wallet};
use crate::kit::dci::{Whole, answer, check_header, forgives_times, receive, rejected};
use crate::kit::openapi::Routes;
use crate::kit::registry::message;
use crate::kit::server::Call;
use crate::kit::store::{StoreError, next_number};
use crate::kit::trust::jwks::sender_id_of;
use crate::payment_hub::pipeline::status;
use crate::payment_hub::store::{self, By, Instruction};

/// More payments than this are not told for one criterion.
const MOST_FOUND: u16 = 1000;
/// More criteria than this are refused.
const MOST_CRITERIA: usize = 1000;
/// What all criteria of a search find is told up to this size, in bytes.
const MOST_TOLD: usize = 8 << 20;

pub(super) fn routes(routes: &mut Routes) {
    let asked = message(
        "search",
        Some(1),
        &json!({"transaction_id": "S-1", "search_criteria": [{
            "reference_id": "Q-1", "timestamp": "2026-10-01T08:00:00Z", "request_type": "disburse",
            "attribute_type": "payee_fa", "attribute_value": wallet(),
        }]}),
    );
    routes
        .post(
            "/disburse/sync/search",
            now,
            g2p("Finds payments, answered on the same line")
                .takes::<Envelope<SearchRequest>>(asked.clone())
                .gives::<Envelope<Value>>(200, "What was found"),
        )
        .post(
            "/disburse/search",
            later,
            g2p_later("Finds payments, answered at sender_uri/disburse/on-search")
                .takes::<Envelope<SearchRequest>>(asked),
        );
}

/// `message` of a search.
#[derive(Debug, Deserialize, JsonSchema)]
struct SearchRequest {
    transaction_id: TransactionId,
    search_criteria: Vec<Criterion>,
}

/// What is searched for. Everything is optional, so that one bad criterion is refused with its own code.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Criterion {
    reference_id: Value,
    timestamp: Option<DateTime>,
    request_type: Value,
    attribute_type: Value,
    attribute_value: Value,
    share_attributes: Value,
}

async fn now(call: Call) -> HttpResponse {
    let mut asked = match receive::<SearchRequest>(&call, super::strictness(&call)).await {
        Ok(asked) => asked,
        Err(refused) => return refused.respond(&call),
    };
    forgives_times(&call, &mut asked.header);
    if let Err(whole) = whole(&call, &asked) {
        let nothing =
            json!({"transaction_id": asked.message.transaction_id, "disbursements_status": []});
        return answer(&call, &rejected(&call, &asked.header, whole), &nothing);
    }
    match search(&call, &asked) {
        Ok((message, _)) => {
            let own = sender_id_of(call.errand.office.system.name);
            let id = call.errand.office.next_id("MSG");
            let header = asked.header.answer(Status::Succ, &own, id, call.errand.stamp());
            answer(&call, &header, &message)
        }
        Err(error) => failed(&call, &error),
    }
}

async fn later(call: Call) -> HttpResponse {
    let mut asked = match receive::<SearchRequest>(&call, super::strictness(&call)).await {
        Ok(asked) => asked,
        Err(refused) => return refused.respond(&call),
    };
    forgives_times(&call, &mut asked.header);
    if let Err((_, sentence)) = whole(&call, &asked) {
        return super::disburse::refused_with_ack(&call, &sentence);
    }
    match search(&call, &asked) {
        Ok((message, correlation)) => {
            let header = standards::dci::Header { action: Action::Search, ..asked.header };
            tell_later(&call, header, "/disburse/on-search", (message, None));
            HttpResponse::Ok().json(Ack::accepted(correlation, call.errand.stamp()))
        }
        Err(error) => failed(&call, &error),
    }
}

fn failed(call: &Call, error: &StoreError) -> HttpResponse {
    tracing::error!(%error, "a search failed");
    call.remark("the archive failed");
    HttpResponse::InternalServerError().json(super::refusal(500, "ask again later"))
}

/// What is wrong with a search as a whole, in the words of the header.
fn whole(call: &Call, asked: &Envelope<SearchRequest>) -> Result<(), Whole> {
    let there = asked.message.search_criteria.len();
    if there == 0 {
        let sentence = format!("search_criteria: name 1 to {MOST_CRITERIA}, not 0");
        return Err((ReasonCode::TotalCountLimitExceeded, sentence));
    }
    check_header(call, &asked.header, &[Action::Search.as_str()], (there, MOST_CRITERIA))
}

/// Searches, and keeps the answer for who asks after the search.
fn search(call: &Call, asked: &Envelope<SearchRequest>) -> Result<(Value, String), StoreError> {
    let sender = asked.header.sender_id.clone().unwrap_or_default();
    let mut named = BTreeSet::new();
    let (mut results, mut size) = (Vec::new(), 0);
    for criterion in &asked.message.search_criteria {
        let reference = criterion.reference_id.as_str().unwrap_or_default().to_owned();
        let twice = !named.insert(reference.clone());
        let found = match read(criterion, twice) {
            Ok((by, value)) => found(call, &sender, (by, &value))?,
            Err(wrong) => Err(wrong),
        };
        let told = found.and_then(|payments| {
            let told: Vec<Value> = payments.iter().map(|payment| json!(status(payment))).collect();
            size += told.iter().map(|one| one.to_string().len()).sum::<usize>();
            if size > MOST_TOLD {
                Err(too_many("this search finds more than one answer holds"))
            } else {
                Ok(told)
            }
        });
        match told {
            Ok(told) => results.extend(told),
            Err((code, sentence)) => results.push(json!({"reference_id": reference,
                "timestamp": call.errand.stamp(), "status": "rjct", "status_reason_code": code,
                "status_reason_message": sentence, "locale": "eng"})),
        }
    }
    let correlation = call.errand.office.next_id("CORR");
    let message =
        json!({"transaction_id": asked.message.transaction_id, "disbursements_status": results});
    call.store().alter(|tx| {
        let number = next_number(tx, "search")?;
        let transaction = asked.message.transaction_id.to_string();
        store::keep_search(tx, number, (&sender, &transaction, &correlation), &message)?;
        Ok(())
    })?;
    Ok((message, correlation))
}

type Wrong = (&'static str, String);

/// By what is searched, and for which value.
fn read(criterion: &Criterion, twice: bool) -> Result<(By, String), Wrong> {
    let text =
        |value: &Value| value.as_str().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let wrong = |code, sentence: &str| Err((code, sentence.to_owned()));
    if text(&criterion.reference_id).is_none() {
        return wrong("rjct.reference_id.invalid", "reference_id: give each criterion a name");
    }
    if twice {
        return wrong("rjct.reference_id.duplicate", "reference_id stands twice in this search");
    }
    if criterion.timestamp.as_ref().is_some_and(|at| at.instant().is_err()) {
        return wrong("rjct.timestamp.invalid", "timestamp: write 2026-10-01T08:00:00Z");
    }
    if criterion.request_type != "disburse" {
        return wrong("rjct.request_type.invalid", "request_type: write disburse");
    }
    if !(criterion.share_attributes.is_null() || criterion.share_attributes.is_array()) {
        return wrong("rjct.share_attributes.invalid", "share_attributes: write a list of names");
    }
    let value = text(&criterion.attribute_value);
    let kind = criterion.attribute_type.as_str().unwrap_or_default();
    let address = value.clone().filter(|v| v.parse::<FinancialAddress>().is_ok());
    match (kind, value, address) {
        ("payer_fa", _, Some(fa)) => Ok((By::Payer, fa)),
        ("payee_fa", _, Some(fa)) => Ok((By::Payee, fa)),
        ("transaction_id", Some(id), _) => Ok((By::Transaction, id)),
        ("reference_id", Some(id), _) => Ok((By::Reference, id)),
        ("payer_fa", ..) => wrong(
            "rjct.srch_payer_fa.invalid",
            "attribute_value: write account:GOV-SP-001@treasury",
        ),
        ("payee_fa", ..) => wrong(
            "rjct.srch_payee_fa.invalid",
            "attribute_value: write msisdn:99912345678@greenbank",
        ),
        ("transaction_id", ..) => {
            wrong("rjct.srch_transaction_id.invalid", "attribute_value: write a transaction_id")
        }
        // The underscore in place of the point is the text's own.
        ("reference_id", ..) => {
            wrong("rjct_srch_reference_id.invalid", "attribute_value: write a reference_id")
        }
        _ => wrong(
            "rjct.attribute_type.invalid",
            "attribute_type: write payer_fa, payee_fa, transaction_id or reference_id",
        ),
    }
}

fn too_many(found: &str) -> Wrong {
    ("rjct.srch.too_many_records_found", format!("{found}: search for less"))
}

/// The payments of a sender; addresses that nobody was paid at give none, and names must be known.
fn found(
    call: &Call,
    sender: &str,
    (by, value): (By, &str),
) -> Result<Result<Vec<Instruction>, Wrong>, StoreError> {
    let most = i64::from(MOST_FOUND) + 1;
    let found = call.store().read(|db| store::search(db, sender, (by, value), most))?;
    if found.len() > usize::from(MOST_FOUND) {
        return Ok(Err(too_many(&format!("more than {MOST_FOUND} payments are found"))));
    }
    let sentence = format!("no payment of yours is known by {value}");
    Ok(match by {
        By::Transaction if found.is_empty() => {
            Err(("rjct.srch_transaction_id.not_found", sentence))
        }
        By::Reference if found.is_empty() => Err(("rjct_srch_reference_id.not_found", sentence)),
        _ => Ok(found),
    })
}
