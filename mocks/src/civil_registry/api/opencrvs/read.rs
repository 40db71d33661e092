//! `GET /api/events/events/{id}`.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde_json::{Value, json};

use super::refusal::{Refused, answer};
use super::tokens::check;
use crate::civil_registry::model::refusal::Refusal;
use crate::civil_registry::store::events;
use crate::kit::server::Call;

pub(super) async fn event(call: Call, id: Path<String>) -> HttpResponse {
    let done = found(&call, &id).await;
    answer(&call, done)
}

async fn found(call: &Call, id: &str) -> Result<Value, Refused> {
    check(call, "record.read").await?;
    let kept = call.store().read(|db| events::find(db, id))?;
    let kept = kept.ok_or_else(|| Refusal::UnknownEvent(id.into()))?;
    Ok(json!(kept.event))
}
