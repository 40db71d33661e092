//! The counter of the beneficiary registry: the DCI routes, `sync/enrolled` and `sync/enrollment/updates` (DCI IBR v1.0.0).
//!
//! The published answers of the last two are bare objects; here they come in an envelope, with the bare members beside it.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::HttpResponse;
use serde_json::{Value, json};
use standards::dci::enrollment::{
    EnrolledRequest, EnrolledResponse, EnrolledResult, EnrollmentUpdatesRequest, YesNo,
};
use standards::dci::{Ack, Envelope, Status};

use super::describe::{CHANGED, ENROLLED, REGISTRY};
use super::model::{Asked, Refusal, Update};
use super::store;
use crate::kit::openapi::{Either, Routes, Sealable};
use crate::kit::registry::{self, Admitted, Answered, Counter, Family, NotTaken};
use crate::kit::roll;
use crate::kit::seed::cast_uin;
use crate::kit::server::Call;
use crate::kit::store::StoreError;

/// What the published answers consist of.
const BARE: &[&str] = &["transaction_id", "correlation_id", "enrolled_response"];

pub(super) fn routes(routes: &mut Routes) {
    registry::registry_routes(routes, &REGISTRY);
    let told = roll::Told { registry: &REGISTRY, event: ENROLLED };
    roll::routes::registry_routes(routes, &super::roll::ROLL, told);
    extras(routes, "/registry", Family::Registry);
}

pub(super) fn official_routes(routes: &mut Routes) {
    registry::official_routes(routes, &REGISTRY);
    extras(routes, "", Family::Official);
}

fn extras(routes: &mut Routes, prefix: &str, family: Family) {
    let counter = Counter { registry: &REGISTRY, family };
    let question = json!({"transaction_id": "T-1", "enrolled_criteria": {
        "query_type": "expression", "response_entity": "Member",
        "query": {
            "person_identifier": {"eq": cast_uin("tomas")},
            "programme_identifier.program.programme_identifier": {"eq": "OAP"},
        },
    }});
    let update = json!({"transaction_id": "T-2", "enrolled_updates": {"beneficiaries": [{
        "member": {"member_identifier": [{"identifier_type": "UIN", "identifier_value": cast_uin("tomas")}]},
        "programme_identifier": [{"programme_identifier": "OAP"}], "assistance_unit": "1",
        "enrollment_date": "2026-10-01", "enrollment_status": "1", "benefits": [],
    }]}});
    routes
        .post(
            &format!("{prefix}/sync/enrolled"),
            move |call| enrolled(call, counter),
            counter
                .says("Whether somebody is in a programme: yes or no")
                .takes::<Envelope<EnrolledRequest>>(registry::message("search", None, &question))
                .gives::<Either<Sealable<EnrolledResponse>, Ack>>(
                    200,
                    "Yes, no, or why it cannot be said",
                ),
        )
        .post(
            &format!("{prefix}/sync/enrollment/updates"),
            move |call| updates(call, counter),
            counter
                .says("Tells what became of enrolments")
                .takes::<Envelope<EnrollmentUpdatesRequest>>(registry::message(
                    "notify", None, &update,
                ))
                .gives::<Either<Sealable<EnrolledResponse>, Ack>>(200, "What was kept, one by one"),
        );
}

async fn enrolled(call: Call, counter: Counter) -> HttpResponse {
    if counter.is_probed(&call) {
        return registry::probe_ack(&call);
    }
    let answer = registry::answer(&call, counter, |asked: &Admitted<EnrolledRequest>, id| {
        let result = is_enrolled(&call, asked)?;
        Ok(answered(asked.message.transaction_id.clone(), id, vec![result]))
    });
    registry::with_bare(answer.await, BARE)
}

fn is_enrolled(
    call: &Call,
    asked: &Admitted<EnrolledRequest>,
) -> Result<EnrolledResult, registry::Refusal> {
    let at = call.errand.stamp();
    let filter = asked.message.enrolled_criteria.filter(asked.mode).map_err(|e| e.to_string());
    let read = filter.and_then(|filter| Asked::read(&filter).map_err(|e| e.to_string()));
    let asked = match read {
        Ok(asked) => asked,
        Err(sentence) => return Ok(refused(call, "none", &sentence)),
    };
    let found = call.store().read(|db| store::is_enrolled(db, &asked));
    let yes = found.map_err(|e| registry::Refusal::failed(&e))?;
    Ok(EnrolledResult {
        reference_id: asked.uin,
        timestamp: at.into(),
        status: Status::Succ,
        status_reason_message: None,
        enrolled_status: Some(if yes { YesNo::Yes } else { YesNo::No }),
    })
}

type Told = Admitted<EnrollmentUpdatesRequest>;

async fn updates(call: Call, counter: Counter) -> HttpResponse {
    if counter.is_probed(&call) {
        return registry::probe_ack(&call);
    }
    let answer = registry::answer_later(&call, counter, async |asked: &Told, id: &str| {
        let beneficiaries = &asked.message.enrolled_updates.beneficiaries;
        let results = kept(&call, beneficiaries).await;
        let results = results.map_err(|e| registry::Refusal::failed(&e))?;
        Ok(answered(asked.message.transaction_id.clone(), id, results))
    });
    registry::with_bare(answer.await, BARE)
}

/// Keeps what is told of each beneficiary. Who is new, and of whom too little is told, is asked for in the civil registry first.
async fn kept(call: &Call, beneficiaries: &[Value]) -> Result<Vec<EnrolledResult>, StoreError> {
    let read: Vec<_> = beneficiaries.iter().map(Update::read).collect();
    let is_new = |update: &Update| {
        let known = |db: &_| store::enrolment(db, &update.uin, update.programme);
        call.store().read(known).map(|known| known.is_none())
    };
    let mut unknown = BTreeSet::new();
    for update in read.iter().flatten().filter(|update| !update.tells_who_it_is()) {
        if is_new(update)? {
            unknown.insert(update.uin.clone());
        }
    }
    let unknown: Vec<_> = unknown.into_iter().collect();
    let found = registry::newcomers(&call.errand, &unknown).await;
    let found: BTreeMap<_, _> = unknown.into_iter().zip(found).collect();
    let today = call.room().clock.today();
    let mut notices = Vec::new();
    let each = read.into_iter().zip(beneficiaries).map(|(update, told)| {
        let known = update.and_then(|update| match found.get(&update.uin) {
            Some(Ok(civil)) => Ok(update.of(civil, today)),
            // Who plays without a civil registry takes the programme's word.
            None | Some(Err(NotTaken::Nobody(_))) => Ok(update),
            Some(Err(why)) => Err(Refusal::from(why.clone())),
        });
        keep(call, told["@id"].as_str(), known, &mut notices)
    });
    let results = each.collect();
    // All in one turn: subscribers hear of the beneficiaries in the order of the message.
    registry::deliver(call, &REGISTRY, notices);
    results
}

/// Keeps one beneficiary's update; `notices` are what subscribers are to hear of it.
fn keep(
    call: &Call,
    name: Option<&str>,
    update: Result<Update, Refusal>,
    notices: &mut Vec<String>,
) -> Result<EnrolledResult, StoreError> {
    let update = match update {
        Ok(update) => update,
        Err(refusal) => return Ok(told(call, name.unwrap_or("none"), Err(&refusal))),
    };
    let reference = name.map_or_else(|| format!("{}:{}", update.uin, update.programme), Into::into);
    let today = call.room().clock.today();
    let kept = call.store().alter(|tx| {
        let (uin, programme) = (update.uin.clone(), update.programme);
        let before = store::enrolment(tx, &uin, programme)?.map(|(_, record)| record);
        if let Err(refusal) = update.check_enrolment_day(before.as_ref(), today) {
            return Ok(Err(refusal));
        }
        let changed = update.applied(before, &today.to_string());
        let number = store::keep(tx, &uin, programme, &changed.record)?;
        let news = [(changed.is_new, ENROLLED), (changed.status_changed, CHANGED)];
        let mut filed = Vec::new();
        for (_, event) in news.into_iter().filter(|(happened, _)| *happened) {
            filed.extend(registry::file(tx, &call.errand, &REGISTRY, event, number)?);
        }
        Ok(Ok(filed))
    })?;
    Ok(match kept {
        Ok(filed) => {
            notices.extend(filed);
            told(call, &reference, Ok(()))
        }
        Err(refusal) => told(call, &reference, Err(&refusal)),
    })
}

fn told(call: &Call, reference: &str, outcome: Result<(), &Refusal>) -> EnrolledResult {
    match outcome {
        Err(refusal) => refused(call, reference, &refusal.to_string()),
        Ok(()) => EnrolledResult {
            reference_id: reference.into(),
            timestamp: call.errand.stamp().into(),
            status: Status::Succ,
            status_reason_message: None,
            enrolled_status: None,
        },
    }
}

fn refused(call: &Call, reference: &str, sentence: &str) -> EnrolledResult {
    call.remark(sentence);
    EnrolledResult {
        reference_id: reference.into(),
        timestamp: call.errand.stamp().into(),
        status: Status::Rjct,
        status_reason_message: Some(registry::short(sentence)),
        enrolled_status: None,
    }
}

/// The whole answer: refused where every part of it was.
fn answered(
    transaction_id: standards::dci::TransactionId,
    correlation_id: &str,
    results: Vec<EnrolledResult>,
) -> Answered<EnrolledResponse> {
    let all = !results.is_empty() && results.iter().all(|r| r.status == Status::Rjct);
    Answered {
        status: if all { Status::Rjct } else { Status::Succ },
        message: EnrolledResponse {
            transaction_id,
            correlation_id: correlation_id.into(),
            enrolled_response: results,
        },
    }
}
