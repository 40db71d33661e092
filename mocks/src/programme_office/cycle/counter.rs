//! The officer's counter for cycles. Our own routes; what they set going happens in the background.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{ServiceConfig, get, post, resource};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::model::Refusal;
use super::store::Trouble;
use super::{approve, finish, mend, pay, reconcile, show, verify as checks};
use crate::kit::server::{Call, Part};

pub(in super::super) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/cycles").route(get().to(list)).route(post().to(open)))
        .service(resource("/cycles/{id}").route(get().to(look)))
        .service(resource("/cycles/{id}/payees").route(get().to(payees)))
        .service(resource("/cycles/{id}/report.csv").route(get().to(report)))
        .service(resource("/cycles/{id}/verify").route(post().to(verify)))
        .service(resource("/cycles/{id}/approve").route(post().to(approve)))
        .service(resource("/cycles/{id}/pay").route(post().to(pay)))
        .service(resource("/cycles/{id}/resend").route(post().to(resend)))
        .service(resource("/cycles/{id}/ask").route(post().to(ask)))
        .service(resource("/cycles/{id}/reconcile").route(post().to(reconcile)))
        .service(resource("/cycles/{id}/mend").route(post().to(mend)))
        .service(resource("/cycles/{id}/finish").route(post().to(finish)))
        .service(resource("/cycles/{id}/close").route(post().to(close)));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewCycle {
    programme: String,
    month: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    officer: String,
}

fn read<T: DeserializeOwned>(call: &Call) -> Result<T, Trouble> {
    let wrong = |e: serde_json::Error| Refusal::Malformed(e.to_string());
    Ok(serde_json::from_slice(&call.body).map_err(wrong)?)
}

fn answer(call: &Call, status: StatusCode, outcome: Result<Value, Trouble>) -> HttpResponse {
    let trouble = match outcome {
        Ok(shown) => return HttpResponse::build(status).json(shown),
        Err(trouble) => trouble,
    };
    let status = match &trouble {
        Trouble::Refused(Refusal::UnknownCycle(_)) => StatusCode::NOT_FOUND,
        Trouble::Refused(
            Refusal::Exists(_)
            | Refusal::NotNow { .. }
            | Refusal::SameOfficer(_)
            | Refusal::NotReconciled(_),
        ) => StatusCode::CONFLICT,
        Trouble::Refused(_) => StatusCode::BAD_REQUEST,
        Trouble::Unanswered(_) => StatusCode::BAD_GATEWAY,
        Trouble::Store(error) => {
            tracing::error!(%error, "a cycle could not be kept");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    };
    let sentence = trouble.to_string();
    call.remark(&sentence);
    HttpResponse::build(status).json(super::super::api::refusal(status.as_u16(), &sentence))
}

/// `GET /cycles`.
async fn list(call: Call) -> HttpResponse {
    answer(&call, StatusCode::OK, show::all(&call.errand))
}

/// `GET /cycles/{id}`.
async fn look(call: Call, id: Part) -> HttpResponse {
    answer(&call, StatusCode::OK, show::one(&call.errand, &id))
}

/// `GET /cycles/{id}/payees`: everybody, and how each stands.
async fn payees(call: Call, id: Part) -> HttpResponse {
    answer(&call, StatusCode::OK, show::payees(&call.errand, &id))
}

/// `GET /cycles/{id}/report.csv`: the reconciliation report.
async fn report(call: Call, id: Part) -> HttpResponse {
    match show::report(&call.errand, &id) {
        Ok(text) => HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8")
            .insert_header(("content-disposition", format!("attachment; filename={}.csv", &*id)))
            .body(text),
        Err(trouble) => answer(&call, StatusCode::OK, Err(trouble)),
    }
}

/// `POST /cycles`: a draft with everybody who is enrolled.
async fn open(call: Call) -> HttpResponse {
    let opened = read::<NewCycle>(&call)
        .and_then(|new| approve::open(&call.errand, &new.programme, &new.month));
    let shown = opened.and_then(|id| show::one(&call.errand, &id));
    answer(&call, StatusCode::CREATED, shown)
}

/// `POST /cycles/{id}/verify`: the registries are asked about everybody.
async fn verify(call: Call, id: Part) -> HttpResponse {
    let begun = checks::begin(&call.errand, &id).and_then(|()| show::one(&call.errand, &id));
    if begun.is_ok() {
        let (errand, id) = (call.errand.clone(), String::from(&*id));
        call.later(async move { checks::run(&errand, &id).await });
    }
    answer(&call, StatusCode::ACCEPTED, begun)
}

/// `POST /cycles/{id}/approve`: one of two officers; after the second the money is paid.
async fn approve(call: Call, id: Part) -> HttpResponse {
    let approved = read::<Signature>(&call)
        .and_then(|signature| approve::sign(&call.errand, &id, &signature.officer));
    if matches!(approved, Ok(true)) {
        let (errand, id) = (call.errand.clone(), String::from(&*id));
        call.later(async move { pay::run(&errand, &id).await });
    }
    let shown = approved.and_then(|_| show::one(&call.errand, &id));
    answer(&call, StatusCode::OK, shown)
}

/// `POST /cycles/{id}/pay`: goes on with an approved cycle that could not be paid.
async fn pay(call: Call, id: Part) -> HttpResponse {
    let allowed = pay::may_go_on(&call.errand, &id).and_then(|()| show::one(&call.errand, &id));
    if allowed.is_ok() {
        let (errand, id) = (call.errand.clone(), String::from(&*id));
        call.later(async move { pay::run(&errand, &id).await });
    }
    answer(&call, StatusCode::ACCEPTED, allowed)
}

/// `POST /cycles/{id}/resend`: the first list once more, with the same references; nothing is paid twice.
async fn resend(call: Call, id: Part) -> HttpResponse {
    let sent = pay::resend(&call.errand, &id).await.and_then(|()| show::one(&call.errand, &id));
    answer(&call, StatusCode::OK, sent)
}

/// `POST /cycles/{id}/ask`: the hub is asked how every list stands.
async fn ask(call: Call, id: Part) -> HttpResponse {
    let asked = pay::ask(&call.errand, &id).await.and_then(|()| show::one(&call.errand, &id));
    answer(&call, StatusCode::OK, asked)
}

/// `POST /cycles/{id}/reconcile`: the bank's statement is held against what was instructed.
async fn reconcile(call: Call, id: Part) -> HttpResponse {
    let held = reconcile::reconcile(&call.errand, &id).await;
    let shown = held.and_then(|_| show::one(&call.errand, &id));
    answer(&call, StatusCode::OK, shown)
}

/// `POST /cycles/{id}/mend`: accounts that were learnt are linked, and what did not arrive is paid with new references.
async fn mend(call: Call, id: Part) -> HttpResponse {
    let allowed = mend::may_mend(&call.errand, &id).and_then(|()| show::one(&call.errand, &id));
    if allowed.is_ok() {
        let (errand, id) = (call.errand.clone(), String::from(&*id));
        call.later(async move { mend::run(&errand, &id).await });
    }
    answer(&call, StatusCode::ACCEPTED, allowed)
}

/// `POST /cycles/{id}/finish`: what could not be paid gets an owner; registries and statistics hear of the rest.
async fn finish(call: Call, id: Part) -> HttpResponse {
    let finished = finish::tickets(&call.errand, &id).and_then(|()| show::one(&call.errand, &id));
    if finished.is_ok() {
        let (errand, id) = (call.errand.clone(), String::from(&*id));
        call.later(async move { finish::tell(&errand, &id).await });
    }
    answer(&call, StatusCode::OK, finished)
}

/// `POST /cycles/{id}/close`.
async fn close(call: Call, id: Part) -> HttpResponse {
    let closed = reconcile::close(&call.errand, &id).and_then(|()| show::one(&call.errand, &id));
    answer(&call, StatusCode::OK, closed)
}
