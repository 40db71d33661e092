//! The counter of the disability registry: the DCI routes, the questions about one person (`extras.rs`), and
//! `POST /assessments` where a decision is entered (our own).

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use standards::dci::HttpErrors;

use super::describe::{DECIDED, NEWBORN, REGISTRY};
use super::model::{Assessment, Refusal, is_newborn, opened};
use super::{extras, store};
use crate::kit::openapi::{Routes, says};
use crate::kit::registry::{self, Family, entered};
use crate::kit::roll;
use crate::kit::seed::cast_uin;
use crate::kit::server::Call;

pub(super) fn routes(routes: &mut Routes) {
    registry::registry_routes(routes, &REGISTRY);
    let told = roll::Told { registry: &REGISTRY, event: DECIDED };
    roll::routes::registry_routes(routes, &super::roll::ROLL, told);
    extras::mount(routes, "/registry", Family::Registry);
    let decided = json!({
        "uin": cast_uin("daniel"), "status": "Approved", "level": "Moderate", "review": "2029-10-01",
    });
    routes.post(
        "/assessments",
        assess,
        says("Enters what the assessors decided about a person")
            .tag("the registrar's counter")
            .takes::<Assessment>(decided)
            .gives::<Decision>(200, "Decided anew, and how many were told")
            .gives::<Decision>(201, "Decided for the first time")
            .gives::<HttpErrors>(
                409,
                "It says so already, or the civil registry records that this person died",
            ),
    );
}

pub(super) fn official_routes(routes: &mut Routes) {
    registry::official_routes(routes, &REGISTRY);
    extras::mount(routes, "", Family::Official);
}

type Failed = registry::Failed<Refusal>;

async fn assess(call: Call) -> HttpResponse {
    let done = decide(&call).await.inspect(|(_, facts)| {
        call.errand.event("disability assessed", "An assessment was decided", &json!(facts));
    });
    entered(&call, done)
}

/// Enters a decision and tells subscribers of it.
async fn decide(call: &Call) -> Result<(u16, Decision), Failed> {
    let assessment = Assessment::read(&call.body)?;
    let (uin, today) = (assessment.uin.as_str(), call.room().clock.today());
    let before = call.store().read(|db| store::certificate(db, uin))?;
    let before = before.map(|(_, record)| record);
    assessment.check(before.as_ref(), today)?;
    let fresh = if before.is_some() {
        registry::lives(&call.errand, uin).await.map_err(Refusal::from)?;
        None
    } else {
        let civil = registry::newcomer(&call.errand, uin).await.map_err(Refusal::from)?;
        Some(opened(&civil, uin, today))
    };
    let (status, record, notices) = call.store().write(|tx| {
        // Somebody else may have decided while the civil registry was asked.
        let now = store::certificate(tx, uin)?.map(|(_, record)| record);
        assessment.check(now.as_ref(), today)?;
        let status = if now.is_some() { 200 } else { 201 };
        let record = assessment.decided(&now.or(fresh).unwrap_or_default(), today)?;
        let number = store::keep(tx, &record)?;
        let mut notices = registry::file(tx, &call.errand, &REGISTRY, DECIDED, number)?;
        if status == 201 && is_newborn(&record, today) {
            notices.extend(registry::file(tx, &call.errand, &REGISTRY, NEWBORN, number)?);
        }
        Ok::<_, Failed>((status, record, notices))
    })?;
    let told = registry::deliver(call, &REGISTRY, notices);
    let decision = Decision {
        uin: uin.into(),
        status: assessment.status.label().into(),
        level: record.disability_status_level.as_ref().map(|level| level.label().into()),
        notices: told,
    };
    Ok((status, decision))
}

/// What was decided, and how many were told.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AssessmentEntered")]
struct Decision {
    uin: String,
    status: String,
    level: Option<String>,
    notices: usize,
}
