//! The counter of the programme office: which route leads to whom, and what a refusal looks like.

mod callbacks;
mod officer;
mod page;
mod portal;
mod trying;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::programme_office::cycle;
use crate::programme_office::model::application::Refusal;
use crate::programme_office::store::Trouble;

pub(in crate::programme_office) fn routes(routes: &mut Routes) {
    portal::routes(routes);
    officer::routes(routes);
    trying::routes(routes);
    cycle::routes(routes);
    callbacks::routes(routes);
}

/// The body of an error: `{"error": "..."}`.
pub(super) fn refusal(_status: u16, sentence: &str) -> Value {
    json!({"error": sentence})
}

/// What the asker did wrong, or that our own archive failed.
pub(in crate::programme_office) fn refuse(call: &Call, trouble: &Trouble) -> HttpResponse {
    let Trouble::Refused(refused) = trouble else { return failed(call, &trouble.to_string()) };
    let status = match refused {
        Refusal::Unknown(_) | Refusal::NoMember { .. } => StatusCode::NOT_FOUND,
        Refusal::NotNow { .. } | Refusal::Membership(_) | Refusal::Enrolled(_) => {
            StatusCode::CONFLICT
        }
        _ => StatusCode::BAD_REQUEST,
    };
    let sentence = refused.to_string();
    call.remark(&sentence);
    HttpResponse::build(status).json(refusal(status.as_u16(), &sentence))
}

pub(in crate::programme_office) fn failed(call: &Call, error: &str) -> HttpResponse {
    tracing::error!(error, "the programme office failed");
    call.remark("the office failed");
    HttpResponse::InternalServerError()
        .json(refusal(500, "the office could not do this; it is our fault, try again"))
}
