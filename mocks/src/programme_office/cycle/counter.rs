//! The officer's counter for cycles. Our own routes; what they set going happens in the background.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::model::Refusal;
use super::store::Trouble;
use super::{approve, finish, mend, pay, reconcile, show, verify as checks};
use crate::kit::openapi::{Routes, says};
use crate::kit::server::Call;

pub(in crate::programme_office) fn routes(routes: &mut Routes) {
    let ours = |summary| says(summary).tag("payroll cycles");
    let one = |summary| ours(summary).path("id", FIRST).after("a cycle of this name was opened");
    let step = |summary, status| one(summary).gives::<Value>(status, "How the cycle stands");
    routes
        .get("/cycles", list, ours("All cycles").gives::<Value>(200, "A line each"))
        .post(
            "/cycles",
            open,
            ours("Drafts a cycle with everybody who is enrolled")
                .takes::<NewCycle>(json!({"programme": "OAP", "month": "2026-10"}))
                .gives::<Value>(201, "How the cycle stands"),
        )
        .get("/cycles/{id}", look, step("One cycle", 200))
        .get(
            "/cycles/{id}/payees",
            payees,
            one("Everybody, and how each stands").gives::<Value>(200, "One by one"),
        )
        .get(
            "/cycles/{id}/report.csv",
            report,
            one("The reconciliation report").gives_as::<String>(
                200,
                "text/csv",
                "A line a payment",
            ),
        )
        .post("/cycles/{id}/verify", verify, step("Asks the registries about everybody", 202))
        .post(
            "/cycles/{id}/approve",
            approve,
            step("One of two officers approves; after the second the money is paid", 200)
                .takes::<Signature>(json!({"officer": "Ida"})),
        )
        .post("/cycles/{id}/pay", pay, step("Goes on with what could not be paid", 202))
        .post(
            "/cycles/{id}/resend",
            resend,
            step("Sends the first list once more; nothing is paid twice", 200),
        )
        .post("/cycles/{id}/ask", ask, step("Asks the hub how every list stands", 200))
        .post(
            "/cycles/{id}/reconcile",
            reconcile,
            step("Holds the bank's statement against what was instructed", 200),
        )
        .post(
            "/cycles/{id}/mend",
            mend,
            step("Pays what did not arrive, to accounts that were learnt", 202),
        )
        .post(
            "/cycles/{id}/finish",
            finish,
            step("Gives what could not be paid an owner, and tells the rest", 200),
        )
        .post("/cycles/{id}/close", close, step("Closes the cycle", 200));
}

/// A cycle, in examples.
const FIRST: &str = "OAP-2026-10";

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewCycle {
    programme: String,
    month: String,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "OfficerSignature")]
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
    HttpResponse::build(status)
        .json(crate::programme_office::api::refusal(status.as_u16(), &sentence))
}

/// `GET /cycles`.
async fn list(call: Call) -> HttpResponse {
    answer(&call, StatusCode::OK, show::all(&call.errand))
}

/// `GET /cycles/{id}`.
async fn look(call: Call, id: Path<String>) -> HttpResponse {
    answer(&call, StatusCode::OK, show::one(&call.errand, &id))
}

/// `GET /cycles/{id}/payees`: everybody, and how each stands.
async fn payees(call: Call, id: Path<String>) -> HttpResponse {
    answer(&call, StatusCode::OK, show::payees(&call.errand, &id))
}

/// `GET /cycles/{id}/report.csv`: the reconciliation report.
async fn report(call: Call, id: Path<String>) -> HttpResponse {
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
async fn verify(call: Call, id: Path<String>) -> HttpResponse {
    let begun = checks::begin(&call.errand, &id).and_then(|()| show::one(&call.errand, &id));
    if begun.is_ok() {
        let (errand, id) = (call.errand.clone(), String::from(&*id));
        call.later(async move { checks::run(&errand, &id).await });
    }
    answer(&call, StatusCode::ACCEPTED, begun)
}

/// `POST /cycles/{id}/approve`: one of two officers; after the second the money is paid.
async fn approve(call: Call, id: Path<String>) -> HttpResponse {
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
async fn pay(call: Call, id: Path<String>) -> HttpResponse {
    let allowed = pay::may_go_on(&call.errand, &id).and_then(|()| show::one(&call.errand, &id));
    if allowed.is_ok() {
        let (errand, id) = (call.errand.clone(), String::from(&*id));
        call.later(async move { pay::run(&errand, &id).await });
    }
    answer(&call, StatusCode::ACCEPTED, allowed)
}

/// `POST /cycles/{id}/resend`: the first list once more, with the same references; nothing is paid twice.
async fn resend(call: Call, id: Path<String>) -> HttpResponse {
    let sent = pay::resend(&call.errand, &id).await.and_then(|()| show::one(&call.errand, &id));
    answer(&call, StatusCode::OK, sent)
}

/// `POST /cycles/{id}/ask`: the hub is asked how every list stands.
async fn ask(call: Call, id: Path<String>) -> HttpResponse {
    let asked = pay::ask(&call.errand, &id).await.and_then(|()| show::one(&call.errand, &id));
    answer(&call, StatusCode::OK, asked)
}

/// `POST /cycles/{id}/reconcile`: the bank's statement is held against what was instructed.
async fn reconcile(call: Call, id: Path<String>) -> HttpResponse {
    let held = reconcile::reconcile(&call.errand, &id).await;
    let shown = held.and_then(|_| show::one(&call.errand, &id));
    answer(&call, StatusCode::OK, shown)
}

/// `POST /cycles/{id}/mend`: accounts that were learnt are linked, and what did not arrive is paid with new references.
async fn mend(call: Call, id: Path<String>) -> HttpResponse {
    let allowed = mend::may_mend(&call.errand, &id).and_then(|()| show::one(&call.errand, &id));
    if allowed.is_ok() {
        let (errand, id) = (call.errand.clone(), String::from(&*id));
        call.later(async move { mend::run(&errand, &id).await });
    }
    answer(&call, StatusCode::ACCEPTED, allowed)
}

/// `POST /cycles/{id}/finish`: what could not be paid gets an owner; registries and statistics hear of the rest.
async fn finish(call: Call, id: Path<String>) -> HttpResponse {
    let finished = finish::tickets(&call.errand, &id).and_then(|()| show::one(&call.errand, &id));
    if finished.is_ok() {
        let (errand, id) = (call.errand.clone(), String::from(&*id));
        call.later(async move { finish::tell(&errand, &id).await });
    }
    answer(&call, StatusCode::OK, finished)
}

/// `POST /cycles/{id}/close`.
async fn close(call: Call, id: Path<String>) -> HttpResponse {
    let closed = reconcile::close(&call.errand, &id).and_then(|()| show::one(&call.errand, &id));
    answer(&call, StatusCode::OK, closed)
}
