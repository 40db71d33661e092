//! POST /registry/sync/disabled (the official mock: /sync/get-disability-status), /sync/get-disability-details and
//! /sync/get-disability-support (DCI DR v1.0.0): questions about one person or a few.

use actix_web::HttpResponse;
use serde::Deserialize;
use serde_json::{Value, json};
use standards::dci::disability::{
    DisabilityData, DisabilityResponse, DisabilityResult, DisabledRequest, DisabledResponse,
    DisabledResult,
};
use standards::dci::enrollment::YesNo;
use standards::dci::records::{DisabilityStatus, PwdPerson};
use standards::dci::search::Page;
use standards::dci::{Action, Envelope, Malformed, ReasonCode, Status, TransactionId, read};

use super::describe::REGISTRY;
use super::model::REVIEW;
use super::store;
use crate::kit::openapi::{Routes, Sealable};
use crate::kit::registry::{self, Answered, Counter, Family, Request, persons};
use crate::kit::seed::cast_uin;
use crate::kit::server::Call;

pub(super) fn mount(routes: &mut Routes, prefix: &str, family: Family) {
    let counter = Counter { registry: &REGISTRY, family };
    let question = json!({"transaction_id": "T-1", "disabled_criteria": {
        "query_type": "expression", "query": {"member.member_identifier": {"eq": cast_uin("daniel")}},
    }});
    let about = |summary| {
        counter
            .says(summary)
            .takes::<Envelope<DisabledRequest>>(registry::message("search", None, &question))
    };
    for path in ["disabled", "get-disability-status"] {
        routes.post(
            &format!("{prefix}/sync/{path}"),
            move |call| disabled(call, counter),
            about("Whether somebody has an approved certificate: yes or no").gives::<Sealable<
                DisabledResponse,
            >>(
                200,
                "Yes, no, or why it cannot be said",
            ),
        );
    }
    for (path, summary, part) in [
        ("get-disability-details", "What is impaired", details as fn(&PwdPerson) -> Value),
        ("get-disability-support", "The support that somebody needs or has", support),
    ] {
        routes.post(
            &format!("{prefix}/sync/{path}"),
            move |call| described(call, counter, part),
            about(summary).gives::<Sealable<DisabilityResponse>>(200, "A record for each person"),
        );
    }
}

/// The same question, answered with records.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
struct Describe(DisabledRequest);

impl Request for Describe {
    const ACTION: Action = Action::Search;
    const SCOPE: &'static str = "registry.search";
    const ANSWER: &'static str = "search_response";

    fn read(bytes: &[u8]) -> Result<Envelope<Self>, Malformed> {
        read(bytes)
    }

    fn transaction_id(&self) -> &TransactionId {
        &self.0.transaction_id
    }

    fn count(&self) -> usize {
        1
    }
}

async fn disabled(call: Call, counter: Counter) -> HttpResponse {
    let at = call.errand.stamp();
    if counter.is_probed(&call) {
        let example = json!({"reference_id": "REF-EXAMPLE", "timestamp": at, "status": "succ", "disabled_status": "yes"});
        return registry::probe_answer(&call, &answer_with("disabled_response", &example));
    }
    registry::answer::<DisabledRequest, _>(&call, counter, |asked, id| {
        let criteria = &asked.message.disabled_criteria;
        let wanted = criteria.filter(asked.mode).map_err(|e| e.to_string());
        let results = match wanted.and_then(|filter| persons(&filter)) {
            Ok(uins) => uins.iter().map(|uin| is_disabled(&call, uin)).collect::<Result<_, _>>()?,
            Err(sentence) => vec![refused(&call, &sentence)],
        };
        let status = overall(results.iter().map(|r: &DisabledResult| &r.status));
        let message = DisabledResponse {
            transaction_id: asked.message.transaction_id.clone(),
            correlation_id: id.into(),
            disabled_response: results,
        };
        Ok(Answered { status, message })
    })
    .await
}

/// Only an approved certificate is a yes.
fn is_disabled(call: &Call, uin: &str) -> Result<DisabledResult, registry::Refusal> {
    let found = call.store().read(|db| store::certificate(db, uin));
    let found = found.map_err(|e| registry::Refusal::failed(&e))?;
    let status = found.and_then(|(_, record)| record.disability_status);
    let yes = status == Some(DisabilityStatus::Approved);
    Ok(DisabledResult {
        reference_id: uin.into(),
        timestamp: call.errand.stamp().into(),
        status: Status::Succ,
        status_reason_message: None,
        disabled_status: Some(if yes { YesNo::Yes } else { YesNo::No }),
    })
}

fn refused(call: &Call, sentence: &str) -> DisabledResult {
    call.remark(sentence);
    DisabledResult {
        reference_id: String::from("none"),
        timestamp: call.errand.stamp().into(),
        status: Status::Rjct,
        status_reason_message: Some(registry::short(sentence)),
        disabled_status: None,
    }
}

/// What is impaired, and what the certificate says of it.
fn details(record: &PwdPerson) -> Value {
    json!({
        "disability_status": record.disability_status,
        "disability_status_level": record.disability_status_level,
        "disability_details": record.disability_details,
        REVIEW: record.more.get(REVIEW),
    })
}

/// The support that a person needs or has: a list of its own for every person. The need of transport stands beside it.
fn support(record: &PwdPerson) -> Value {
    let with_transport = |support| {
        let mut support = json!(support);
        support["transport_requirement"] = json!(record.transport_requirement);
        support
    };
    record.disability_support.iter().map(with_transport).collect()
}

async fn described(call: Call, counter: Counter, part: fn(&PwdPerson) -> Value) -> HttpResponse {
    let at = call.errand.stamp();
    if counter.is_probed(&call) {
        let example = json!({"reference_id": "REF-EXAMPLE", "timestamp": at, "status": "succ",
            "data": {"version": "1.0.0", "reg_records": [part(&PwdPerson::default())]},
            "pagination": {"page_size": 1, "page_number": 1, "total_count": 1}, "locale": "eng"});
        return registry::probe_answer(&call, &answer_with("search_response", &example));
    }
    registry::answer::<Describe, _>(&call, counter, |asked, id| {
        let wanted = asked.message.0.disabled_criteria.filter(asked.mode);
        let wanted = wanted.map_err(|e| e.to_string()).and_then(|filter| persons(&filter));
        let results = match wanted {
            Ok(uins) => uins.iter().map(|uin| told(&call, uin, part)).collect::<Result<_, _>>()?,
            Err(sentence) => {
                call.remark(&sentence);
                vec![DisabilityResult {
                    status: Status::Rjct,
                    status_reason_code: Some(ReasonCode::FilterInvalid),
                    status_reason_message: Some(registry::short(&sentence)),
                    ..result("none", &at)
                }]
            }
        };
        let status = overall(results.iter().map(|r: &DisabilityResult| &r.status));
        let message = DisabilityResponse {
            transaction_id: asked.message.0.transaction_id.clone(),
            correlation_id: id.into(),
            search_response: results,
        };
        Ok(Answered { status, message })
    })
    .await
}

/// What the certificate of one person says; no record where there is none.
fn told(
    call: &Call,
    uin: &str,
    part: fn(&PwdPerson) -> Value,
) -> Result<DisabilityResult, registry::Refusal> {
    let found = call.store().read(|db| store::certificate(db, uin));
    let found = found.map_err(|e| registry::Refusal::failed(&e))?;
    let records: Vec<_> = found.iter().map(|(_, record)| part(record)).collect();
    let total_count = records.len() as u64;
    Ok(DisabilityResult {
        data: Some(DisabilityData { version: Some("1.0.0".into()), reg_records: records }),
        pagination: Some(Page { page_size: 1, page_number: 1, total_count }),
        ..result(uin, &call.errand.stamp())
    })
}

fn result(reference_id: &str, at: &str) -> DisabilityResult {
    DisabilityResult {
        reference_id: reference_id.into(),
        timestamp: at.into(),
        status: Status::Succ,
        status_reason_code: None,
        status_reason_message: None,
        data: None,
        pagination: None,
        locale: Some("eng".into()),
    }
}

/// Refused where every part of the answer was.
fn overall<'a>(mut statuses: impl Iterator<Item = &'a Status>) -> Status {
    if statuses.all(|status| *status == Status::Rjct) { Status::Rjct } else { Status::Succ }
}

fn answer_with(list: &str, example: &Value) -> Value {
    let mut message = json!({"transaction_id": 123_456_789, "correlation_id": "COR-EXAMPLE"});
    message[list] = json!([example]);
    message
}
