//! The counter of the programme office: which route leads to whom, and what a refusal looks like.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

use super::application::Refusal;
use super::store::Trouble;
use super::{callbacks, officer, portal};
use crate::kit::openapi::{Operation, Part, Routes, says};
use crate::kit::server::Call;

pub(super) fn routes(routes: &mut Routes<'_>) {
    portal_routes(routes);
    officer_routes(routes);
    routes
        .post(
            "/registry/on-subscribe",
            callbacks::on_subscribe,
            told("the answer to a subscription"),
        )
        .post("/registry/on-search", callbacks::on_search, told("the answer to a search"))
        .post("/registry/notify", callbacks::notify, told("notice of an event"))
        .post("/on-disburse", callbacks::on_disburse, told("what became of payments"));
}

/// What an applicant does.
fn portal_routes(routes: &mut Routes<'_>) {
    let wish = json!({"programme": "OAP", "uin": "6580954839"});
    let application = Part::path("id", "APP-2026-000001");
    routes
        .post(
            "/portal/applications",
            portal::apply,
            says("Applies for a programme")
                .tag("portal")
                .takes::<Value>(wish)
                .gives::<Value>(201, "The application, and where to log in"),
        )
        .get(
            "/portal/applications/{id}",
            portal::show,
            says("How an application stands")
                .tag("portal")
                .part(application.clone())
                .after(APPLIED),
        )
        .post(
            "/portal/applications/{id}/login",
            portal::log_in_again,
            says("Logs in once more").tag("portal").part(application).after(APPLIED),
        )
        .get(
            "/portal/callback",
            portal::callback,
            says("Takes the answer of Arenoa ID")
                .more("OpenID Connect Core 1.0, section 3.1.2.5.")
                .tag("portal")
                .after("a login at Arenoa ID"),
        );
}

/// What an officer does.
fn officer_routes(routes: &mut Routes<'_>) {
    let application = |summary| {
        says(summary).tag("officer").part(Part::path("id", "APP-2026-000001")).after(APPLIED)
    };
    routes
        .get("/applications", officer::list, says("All applications").tag("officer"))
        .get(
            "/applications/{id}",
            officer::look,
            application("One application, with its decisions"),
        )
        .post(
            "/applications/{id}/decide",
            officer::decide,
            application("Decides what was left to a person"),
        )
        .post(
            "/applications/{id}/choose",
            officer::choose,
            application("Picks one of several records"),
        )
        .post(
            "/applications/{id}/reassess",
            officer::reassess,
            application("Asks and decides once more"),
        )
        .post("/applications/{id}/resume", officer::resume, application("Takes up what was held"))
        .post(
            "/applications/{id}/membership",
            officer::membership,
            application("Changes a membership"),
        )
        .get(
            "/members/{uin}/payments",
            officer::payments,
            says("What a member was paid").tag("officer").part(Part::path("uin", "6580954839")),
        )
        .get("/programmes", officer::programmes, says("The rules of the programmes").tag("officer"))
        .put(
            "/programmes",
            officer::set_programmes,
            says("Changes the rules of the programmes")
                .tag("officer")
                .after("the rules were read and edited"),
        );
}

const APPLIED: &str = "somebody has applied";

fn told(what: &str) -> Operation {
    says("Takes what a system answers")
        .more(format!("Takes {what}."))
        .tag("callbacks")
        .after("this office has asked")
}

/// The body of an error: `{"error": "..."}`.
pub(super) fn refusal(_status: u16, sentence: &str) -> Value {
    json!({"error": sentence})
}

/// What the asker did wrong, or that our own archive failed.
pub(super) fn refuse(call: &Call, trouble: &Trouble) -> HttpResponse {
    let Trouble::Refused(refused) = trouble else { return failed(call, &trouble.to_string()) };
    let status = match refused {
        Refusal::Unknown(_) => StatusCode::NOT_FOUND,
        Refusal::NotNow { .. } | Refusal::Membership(_) => StatusCode::CONFLICT,
        _ => StatusCode::BAD_REQUEST,
    };
    let sentence = refused.to_string();
    call.remark(&sentence);
    HttpResponse::build(status).json(refusal(status.as_u16(), &sentence))
}

pub(super) fn failed(call: &Call, error: &str) -> HttpResponse {
    tracing::error!(error, "the programme office failed");
    call.remark("the office failed");
    HttpResponse::InternalServerError()
        .json(refusal(500, "the office could not do this; it is our fault, try again"))
}
