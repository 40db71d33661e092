//! `POST /api/events/events` opens an event; `POST /api/events/events/notify` opens and notifies it in one call. Both
//! give the same event again where the transaction is known.

use actix_web::HttpResponse;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::form;
use super::input::Input;
use super::refusal::{Refused, answer};
use super::tokens::check;
use crate::civil_registry::api::office::Clerk;
use crate::civil_registry::model::event::{ActionKind, ActionStatus, EventType};
use crate::civil_registry::store::events::{self, Kept};
use crate::kit::server::Call;

pub(super) async fn create(call: Call) -> HttpResponse {
    let done = created(&call).await;
    answer(&call, done)
}

async fn created(call: &Call) -> Result<Value, Refused> {
    let caller = check(call, "record.create").await?;
    let input = Input::read(call)?;
    let kind = input.event_type()?;
    let clerk = Clerk::of(call, &caller.client);
    let kept = call.store().write(|tx| {
        if let Some(kept) = known(tx, &clerk, kind, &input)? {
            return Ok(kept);
        }
        let kept = open(tx, &clerk, kind, &input)?;
        events::save(tx, &kept)?;
        Ok::<_, Refused>(kept)
    })?;
    Ok(json!(kept.event))
}

pub(super) async fn notify_at_once(call: Call) -> HttpResponse {
    let done = notified(&call).await;
    answer(&call, done)
}

async fn notified(call: &Call) -> Result<Value, Refused> {
    let caller = check(call, "record.notify").await?;
    let input = Input::read(call)?;
    let kind = input.event_type()?;
    form::check(kind, &input.declaration)?;
    form::made_somewhere(call, &input)?;
    let clerk = Clerk::of(call, &caller.client);
    let (kept, is_new) = call.store().write(|tx| {
        if let Some(kept) = known(tx, &clerk, kind, &input)? {
            return Ok((kept, false));
        }
        let mut kept = open(tx, &clerk, kind, &input)?;
        notify(&clerk, &mut kept, &input);
        events::save(tx, &kept)?;
        Ok::<_, Refused>((kept, true))
    })?;
    if is_new {
        tell(call, &kept);
    }
    Ok(json!(kept.event))
}

/// The event that this client opened with this transaction before.
fn known(
    tx: &Connection,
    clerk: &Clerk,
    kind: EventType,
    input: &Input,
) -> Result<Option<Kept>, Refused> {
    let kept = events::of_transaction(tx, &clerk.by, &input.transaction_id)?;
    if let Some(other) = kept.as_ref().filter(|kept| kept.event.kind != kind) {
        let sentence = format!("this transactionId opened a {} before", other.event.kind);
        return Err(Refused::new(409, sentence));
    }
    Ok(kept)
}

fn open(tx: &Connection, clerk: &Clerk, kind: EventType, input: &Input) -> Result<Kept, Refused> {
    let mut kept = events::open(tx, kind, &clerk.at)?;
    let mut action = clerk.action(ActionKind::Create);
    action.transaction_id.clone_from(&input.transaction_id);
    action.created_at_location.clone_from(&input.created_at_location);
    kept.event.push(action);
    Ok(kept)
}

/// A clinic says what it knows; the registrar completes it. What is asked is accepted at once, and the log has both.
pub(super) fn notify(clerk: &Clerk, kept: &mut Kept, input: &Input) {
    let mut asked = clerk.action(ActionKind::Notify);
    asked.status = ActionStatus::Requested;
    asked.transaction_id.clone_from(&input.transaction_id);
    asked.created_at_location.clone_from(&input.created_at_location);
    asked.declaration.clone_from(&input.declaration);
    asked.annotation.clone_from(&input.annotation);
    let mut accepted = asked.clone();
    accepted.status = ActionStatus::Accepted;
    accepted.original_action_id = Some(kept.event.push(asked));
    kept.event.push(accepted);
}

/// Shows on the stage that somebody notified an event.
pub(super) fn tell(call: &Call, kept: &Kept) {
    let sentence = format!("A {} was notified; the registrar completes it.", kept.event.kind);
    call.errand.event("event notified", &sentence, &crate::civil_registry::api::log::line(kept));
}
