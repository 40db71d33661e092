//! `GET /api/events/events/{id}` and `GET /api/events/locations`.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde_json::{Value, json};

use super::refusal::{Refused, answer};
use super::tokens::{caller, check};
use crate::civil_registry::model::refusal::Refusal;
use crate::civil_registry::store::events;
use crate::kit::seed::places::Province;
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

/// The places of the country, each with the one around it; whoever has a token may read them.
pub(super) async fn locations(call: Call) -> HttpResponse {
    let done = caller(&call).await.map(|_| places());
    answer(&call, done)
}

fn places() -> Value {
    let place = |id: String, name: &str, parent: Option<String>| {
        json!({"id": id, "name": name, "externalId": id, "parentId": parent,
            "locationType": "ADMIN_STRUCTURE", "validUntil": null})
    };
    let mut all = Vec::new();
    for province in Province::all() {
        all.push(place(province.code(), province.name(), None));
        for district in province.districts() {
            all.push(place(district.code(), district.name(), Some(province.code())));
            for community in district.communities() {
                let parent = Some(district.code());
                all.push(place(community.code(), &community.name(), parent));
            }
        }
    }
    Value::Array(all)
}
