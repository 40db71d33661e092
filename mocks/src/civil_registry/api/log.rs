//! `GET /events`: the newest events with where they stand and what they wait for; what the registrar's desk shows.

use actix_web::HttpResponse;
use actix_web::web::Query;
use serde::Deserialize;
use serde_json::{Value, json};

use super::office::Failed;
use crate::civil_registry::model::event::{EventType, Fields};
use crate::civil_registry::store::events::{self, Kept};
use crate::kit::registry::entered;
use crate::kit::server::Call;

/// So many are shown.
const SHOWN: u32 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    status: String,
    flag: String,
}

pub(super) async fn list(call: Call, wanted: Query<Wanted>) -> HttpResponse {
    let status = wanted.status.to_uppercase();
    let found = call.store().read(|db| events::list(db, &status, &wanted.flag, SHOWN));
    let told = found.map_err(Failed::from).map(|kept| {
        let lines: Vec<Value> = kept.iter().map(line).collect();
        (200, json!({"events": lines}))
    });
    entered(&call, told)
}

/// An event in a line.
pub(super) fn line(kept: &Kept) -> Value {
    let event = &kept.event;
    let declaration = event.declaration();
    let number = event.registration_number();
    let mut line = json!({
        "event_id": event.id,
        "type": event.kind,
        "status": event.status(),
        "flags": event.flags(),
        "tracking_id": event.tracking_id,
        "registration_number": number,
        "date": events::date_of_event(event.kind, &declaration),
        "names": names(event.kind, &declaration),
        "uin": declaration.get(if event.kind == EventType::Birth { "child.nid" } else { "deceased.nid" }),
    });
    if let (Some(number), Some(line)) = (number, line.as_object_mut()) {
        line.insert(event.kind.series().to_lowercase(), json!(number));
    }
    let duplicates = event.actions.iter().flat_map(|action| &action.duplicates);
    let duplicates: Vec<_> = duplicates.collect();
    if !duplicates.is_empty() {
        line["duplicates"] = json!(duplicates);
    }
    let correction = event.waiting_correction();
    if let Some(asked) = correction {
        line["correction"] = json!({"changes": asked.declaration, "reason": asked.reason});
    }
    line
}

/// Whom the event is about.
fn names(kind: EventType, declaration: &Fields) -> String {
    let who: &[&str] = match kind {
        EventType::Birth => &["child.name"],
        EventType::Death => &["deceased.name"],
        EventType::Marriage | EventType::Divorce => &["spouse1.name", "spouse2.name"],
    };
    let name = |field: &&str| {
        let name = declaration.get(*field)?;
        Some(format!("{} {}", name["firstname"].as_str()?, name["surname"].as_str()?))
    };
    who.iter().filter_map(name).collect::<Vec<_>>().join(", ")
}
