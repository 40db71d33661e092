//! POST /registry/sync/check-enrollment (DCI ESS as its official mock has it): whether somebody is enrolled, by the name of
//! the status.

use actix_web::HttpResponse;
use serde_json::json;
use standards::dci::check_enrollment::{
    CheckEnrollmentRequest, CheckEnrollmentResponse, CheckEnrollmentResult, EnrolmentStatusName,
};
use standards::dci::{Envelope, Status};

use super::describe::REGISTRY;
use super::model::status_of;
use super::store;
use crate::kit::openapi::{Routes, Sealable};
use crate::kit::registry::{self, Answered, Counter, Family, persons};
use crate::kit::seed::cast_uin;
use crate::kit::server::Call;

/// What the readers of the mock find beside the envelope.
const BARE: &[&str] = &["transaction_id", "correlation_id", "enrolled_response"];

pub(super) fn mount(routes: &mut Routes, prefix: &str, family: Family) {
    let counter = Counter { registry: &REGISTRY, family };
    let question = json!({"transaction_id": "T-7", "enrolled_criteria": {
        "query_type": "expression", "query": {"person_identifier": {"eq": cast_uin("ravi")}},
    }});
    routes.post(
        &format!("{prefix}/sync/check-enrollment"),
        move |call| check(call, counter),
        counter
            .says("Whether somebody is enrolled, by the name of the status")
            .takes::<Envelope<CheckEnrollmentRequest>>(registry::message("search", None, &question))
            .gives::<Sealable<CheckEnrollmentResponse>>(
                200,
                "The status, or why it cannot be said",
            ),
    );
}

async fn check(call: Call, counter: Counter) -> HttpResponse {
    if counter.is_probed(&call) {
        let example = json!({"reference_id": "REF-EXAMPLE", "timestamp": call.errand.stamp(), "status": "succ",
            "enrolled_status": "Active"});
        let message = json!({"transaction_id": 123_456_789, "correlation_id": "CORR-123456789",
            "enrolled_response": [example]});
        return registry::probe_answer(&call, &message);
    }
    let answer = registry::answer::<CheckEnrollmentRequest, _>(&call, counter, |asked, _| {
        let criteria = &asked.message.enrolled_criteria;
        let wanted = criteria.filter(asked.mode).map_err(|e| e.to_string());
        let results = match wanted.and_then(|filter| persons(&filter)) {
            Ok(uins) => uins.iter().map(|uin| standing(&call, uin)).collect::<Result<_, _>>()?,
            Err(sentence) => vec![refused(&call, &sentence)],
        };
        let all = results.iter().all(|r: &CheckEnrollmentResult| r.status == Status::Rjct);
        let transaction_id = asked.message.transaction_id.clone();
        let message = CheckEnrollmentResponse {
            // The mock makes its handle so.
            correlation_id: format!("CORR-{transaction_id}").chars().take(99).collect(),
            transaction_id,
            enrolled_response: results,
        };
        Ok(Answered { status: if all { Status::Rjct } else { Status::Succ }, message })
    });
    registry::with_bare(answer.await, BARE)
}

/// The standing of one person. Who was never registered has none: the list of statuses has no word for it.
fn standing(call: &Call, uin: &str) -> Result<CheckEnrollmentResult, registry::Refusal> {
    let found = call.store().read(|db| store::jobseeker(db, uin));
    let found = found.map_err(|e| registry::Refusal::failed(&e))?;
    let status = found.map(|(_, who)| status_of(&who.enrolment));
    let sentence = status.is_none().then(|| format!("{uin} is not registered here"));
    Ok(CheckEnrollmentResult {
        reference_id: uin.into(),
        timestamp: call.errand.stamp().into(),
        status: Status::Succ,
        status_reason_message: sentence,
        enrolled_status: status.map(|s| EnrolmentStatusName::from(s.label())),
    })
}

fn refused(call: &Call, sentence: &str) -> CheckEnrollmentResult {
    call.remark(sentence);
    CheckEnrollmentResult {
        reference_id: String::from("none"),
        timestamp: call.errand.stamp().into(),
        status: Status::Rjct,
        status_reason_message: Some(registry::short(sentence)),
        enrolled_status: None,
    }
}
