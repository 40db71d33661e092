//! The counter of the employment service: the DCI routes, `sync/check-enrollment` (`enrolled.rs`), `POST /jobseekers` where
//! people register and `PUT /jobseekers/{uin}/status` where their standing changes (our own).

use actix_web::HttpResponse;
use actix_web::web::Path;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use standards::dci::HttpErrors;
use standards::dci::records::EssEnrolmentStatus;

use super::describe::{CHANGED, REGISTERED, REGISTRY};
use super::model::{JobSeeker, Refusal, Registration, Standing, status_of};
use super::{enrolled, store};
use crate::kit::openapi::{Routes, says};
use crate::kit::registry::{self, Family, entered};
use crate::kit::roll;
use crate::kit::seed::cast_uin;
use crate::kit::server::Call;

pub(super) fn routes(routes: &mut Routes) {
    registry::registry_routes(routes, &REGISTRY);
    let told = roll::Told { registry: &REGISTRY, event: REGISTERED };
    roll::routes::registry_routes(routes, &super::roll::ROLL, told);
    enrolled::mount(routes, "/registry", Family::Registry);
    let newcomer = json!({
        "uin": cast_uin("leo"), "reason": "8", "job_title": "packer", "employer": "Harbour Stores",
        "start_date": "2025-06-02", "end_date": "2026-06-30", "employment_type": "Seasonal",
    });
    let ours = |summary| says(summary).tag("the service's counter");
    routes
        .post(
            "/jobseekers",
            register,
            ours("Registers somebody who looks for work")
                .takes::<Registration>(newcomer)
                .gives::<Entered>(201, "Registered, and how many were told")
                .gives::<HttpErrors>(404, "Nobody has this number")
                .gives::<HttpErrors>(409, "Registered already, dead or too young"),
        )
        .put(
            "/jobseekers/{uin}/status",
            change,
            ours("Changes somebody's standing")
                .path("uin", cast_uin("ravi"))
                .takes::<Standing>(json!({"status": "Active"}))
                .gives::<Entered>(200, "Changed, and how many were told")
                .gives::<HttpErrors>(
                    409,
                    "From where it stands it cannot become that, or this person died",
                ),
        );
}

pub(super) fn official_routes(routes: &mut Routes) {
    registry::official_routes(routes, &REGISTRY);
    enrolled::mount(routes, "", Family::Official);
}

type Failed = registry::Failed<Refusal>;

async fn register(call: Call) -> HttpResponse {
    let done = enter(&call).await;
    answered(&call, 201, done)
}

async fn change(call: Call, uin: Path<String>) -> HttpResponse {
    let done = restand(&call, &uin).await;
    answered(&call, 200, done)
}

fn answered(call: &Call, status: u16, done: Result<Entered, Failed>) -> HttpResponse {
    let done = done.inspect(|facts| {
        call.errand.event("jobseeker", "Somebody's search for work was entered", &json!(facts));
    });
    entered(call, done.map(|facts| (status, facts)))
}

/// Enters somebody new, and tells subscribers of it.
async fn enter(call: &Call) -> Result<Entered, Failed> {
    let today = call.room().clock.today();
    let registration = Registration::read(&call.body, today)?;
    let uin = registration.uin.as_str();
    let twice = || Refusal::Twice(uin.into());
    if call.store().read(|db| store::jobseeker(db, uin))?.is_some() {
        return Err(twice().into());
    }
    let civil = registry::newcomer(&call.errand, uin).await.map_err(Refusal::from)?;
    registry::may_work(&civil, uin, registration.works_since(today)).map_err(Refusal::from)?;
    let who = registration.entered(&civil, today);
    let notices = call.store().write(|tx| {
        // Somebody else may have been quicker while the civil registry was asked.
        if store::jobseeker(tx, uin)?.is_some() {
            return Err(Failed::Refused(twice()));
        }
        let number = store::keep(tx, &who)?;
        Ok(registry::file(tx, &call.errand, &REGISTRY, REGISTERED, number)?)
    })?;
    let told = registry::deliver(call, &REGISTRY, notices);
    Ok(facts(uin, &who, told))
}

/// Changes somebody's standing, and tells subscribers of it.
async fn restand(call: &Call, uin: &str) -> Result<Entered, Failed> {
    let (standing, today) = (Standing::read(&call.body)?, call.room().clock.today());
    let known = call.store().read(|db| store::jobseeker(db, uin))?.is_some();
    // Of somebody who has died, nothing but the death can be entered.
    if known && standing.status != EssEnrolmentStatus::Deceased {
        registry::lives(&call.errand, uin).await.map_err(Refusal::from)?;
    }
    let (who, notices) = call.store().write(|tx| {
        let found = store::jobseeker(tx, uin)?;
        let (_, who) = found.ok_or_else(|| Refusal::Unknown(uin.into()))?;
        let who = standing.applied(who, today)?;
        let number = store::keep(tx, &who)?;
        let notices = registry::file(tx, &call.errand, &REGISTRY, CHANGED, number)?;
        Ok::<_, Failed>((who, notices))
    })?;
    let told = registry::deliver(call, &REGISTRY, notices);
    Ok(facts(uin, &who, told))
}

/// How somebody stands now, and how many were told.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "JobSeekerEntered")]
struct Entered {
    uin: String,
    status: String,
    notices: usize,
}

fn facts(uin: &str, who: &JobSeeker, told: usize) -> Entered {
    let status = status_of(&who.enrolment);
    Entered { uin: uin.into(), status: status.label().into(), notices: told }
}
