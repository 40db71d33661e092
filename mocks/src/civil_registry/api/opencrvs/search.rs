//! `POST /api/events/events/search`: clauses of matchers over the event index (exact, fuzzy, anyOf, range, within).

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::refusal::{Refused, answer};
use super::tokens::check;
use crate::civil_registry::api::log;
use crate::civil_registry::model::search::Question;
use crate::civil_registry::store::events::{Kept, date_of_event};
use crate::civil_registry::store::search::found;
use crate::kit::server::Call;
use crate::kit::store::next_number;

/// So many searches a client and a day.
const MOST_A_DAY: i64 = 2000;

pub(super) async fn search(call: Call) -> HttpResponse {
    let done = searched(&call).await;
    answer(&call, done)
}

async fn searched(call: &Call) -> Result<Value, Refused> {
    let caller = check(call, "record.search").await?;
    let question = Question::read(&call.body).map_err(Refused::bad)?;
    let day = format!("searches of {} on {}", caller.client, call.room().clock.today());
    let count = call.store().alter(|tx| next_number(tx, &day))?;
    if count > MOST_A_DAY {
        let sentence =
            format!("{} searched {MOST_A_DAY} times today; go on tomorrow", caller.client);
        return Err(Refused::new(429, sentence));
    }
    let (total, kept) = call.store().read(|db| found(db, &question))?;
    let results: Vec<Value> = kept.iter().map(index).collect();
    Ok(json!({"total": total, "results": results}))
}

/// An event as the index has it.
fn index(kept: &Kept) -> Value {
    let event = &kept.event;
    let declaration = event.declaration();
    let entered = event.actions.iter().rev().find(|action| action.registration_number.is_some());
    let legal = entered.map_or_else(
        || json!({}),
        |action| {
            json!({"REGISTERED": {"acceptedAt": action.created_at, "createdBy": action.created_by,
            "registrationNumber": action.registration_number}})
        },
    );
    let location = event.actions.iter().find_map(|action| action.created_at_location.as_ref());
    json!({
        "id": event.id, "type": event.kind, "status": event.status(), "flags": event.flags(),
        "trackingId": event.tracking_id, "createdAt": event.created_at, "updatedAt": event.updated_at,
        "createdAtLocation": location, "legalStatuses": legal,
        "dateOfEvent": date_of_event(event.kind, &declaration),
        "title": log::line(kept)["names"], "declaration": declaration,
    })
}
