//! `GET` and `PUT /settings`, our own: whether ids of `GovStack` are taken as long as clients send them (`lenient`, as
//! the USCT application needs it) or exactly as long as the compliance suite has them (`strict`).

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::beneficiary::Lengths;
use crate::kit::openapi::{Routes, says};
use crate::kit::server::Call;
use crate::kit::store::{Store, StoreError, set_setting, setting};

const NAME: &str = "govstack_v1";

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Settings {
    govstack_v1: Word,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Word {
    Lenient,
    Strict,
}

pub(super) fn routes(routes: &mut Routes) {
    let ours = |summary| says(summary).gives::<Settings>(200, "As it is now");
    routes.get("/settings", show, ours("How long ids of GovStack may be")).put(
        "/settings",
        change,
        ours("Sets how long ids of GovStack may be")
            .takes::<Settings>(json!({"govstack_v1": "lenient"})),
    );
}

/// How long ids are in this room.
pub(super) fn lengths(call: &Call) -> Result<Lengths, StoreError> {
    let strict = call.store().read(|db| setting(db, NAME))?.as_deref() == Some("strict");
    Ok(if strict { Lengths::Strict } else { Lengths::Lenient })
}

async fn show(call: Call) -> HttpResponse {
    match lengths(&call) {
        Ok(lengths) => told(lengths),
        Err(error) => failed(&call, &error),
    }
}

async fn change(call: Call) -> HttpResponse {
    let wanted: Settings = match serde_json::from_slice(&call.body) {
        Ok(settings) => settings,
        Err(error) => {
            let sentence = format!(r#"{error}; write {{"govstack_v1":"lenient"}} or "strict""#);
            call.remark(&sentence);
            return HttpResponse::BadRequest().json(super::api::refusal(400, &sentence));
        }
    };
    let (word, lengths) = match wanted.govstack_v1 {
        Word::Lenient => ("lenient", Lengths::Lenient),
        Word::Strict => ("strict", Lengths::Strict),
    };
    let set = |store: &Store| store.alter(|tx| set_setting(tx, NAME, word));
    match call.for_good(set) {
        Ok(()) => told(lengths),
        Err(error) => failed(&call, &error),
    }
}

fn told(lengths: Lengths) -> HttpResponse {
    let word = if lengths == Lengths::Strict { Word::Strict } else { Word::Lenient };
    HttpResponse::Ok().json(Settings { govstack_v1: word })
}

fn failed(call: &Call, error: &StoreError) -> HttpResponse {
    tracing::error!(%error, "the mapper's settings failed");
    call.remark("the archive failed");
    HttpResponse::InternalServerError().json(super::api::refusal(500, "try again"))
}
