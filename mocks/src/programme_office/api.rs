//! The counter of the programme office: which route leads to whom, and what a refusal looks like.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{ServiceConfig, get, post, put, resource};
use serde_json::{Value, json};

use super::application::Refusal;
use super::store::Trouble;
use super::{callbacks, cycle, officer, portal};
use crate::kit::server::Call;

pub(super) fn routes(config: &mut ServiceConfig) {
    cycle::routes(config);
    config
        .service(resource("/portal/applications").route(post().to(portal::apply)))
        .service(resource("/portal/applications/{id}").route(get().to(portal::show)))
        .service(resource("/portal/applications/{id}/login").route(post().to(portal::log_in_again)))
        .service(resource("/portal/callback").route(get().to(portal::callback)))
        .service(resource("/applications").route(get().to(officer::list)))
        .service(resource("/applications/{id}").route(get().to(officer::look)))
        .service(resource("/applications/{id}/decide").route(post().to(officer::decide)))
        .service(resource("/applications/{id}/choose").route(post().to(officer::choose)))
        .service(resource("/applications/{id}/reassess").route(post().to(officer::reassess)))
        .service(resource("/applications/{id}/resume").route(post().to(officer::resume)))
        .service(resource("/applications/{id}/membership").route(post().to(officer::membership)))
        .service(resource("/members/{uin}/payments").route(get().to(officer::payments)))
        .service(
            resource("/programmes")
                .route(get().to(officer::programmes))
                .route(put().to(officer::set_programmes)),
        )
        .service(resource("/registry/on-subscribe").route(post().to(callbacks::on_subscribe)))
        .service(resource("/registry/on-search").route(post().to(callbacks::on_search)))
        .service(resource("/registry/notify").route(post().to(callbacks::notify)))
        .service(resource("/on-disburse").route(post().to(callbacks::on_disburse)));
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
