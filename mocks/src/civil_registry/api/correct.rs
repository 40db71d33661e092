//! Correcting an entry: asked for, then approved or rejected; at the counter both at once.

use jiff::civil::Date;
use rusqlite::Connection;

use super::enter::{children_of, couple_of, family_of};
use super::office::{Clerk, Failed};
use crate::civil_registry::describe::REGISTRY;
use crate::civil_registry::model::birth::Birth;
use crate::civil_registry::model::correction;
use crate::civil_registry::model::death::Death;
use crate::civil_registry::model::event::{ActionKind, EventType, Fields, Status};
use crate::civil_registry::model::fold::REVOKED;
use crate::civil_registry::model::marriage::Union;
use crate::civil_registry::model::refusal::Refusal;
use crate::civil_registry::store::events::{self, Kept};
use crate::civil_registry::store::people;
use crate::kit::registry;

/// Asks for a correction; nothing changes in the register before it is approved. Gives the id of the request.
pub(super) fn request(
    tx: &Connection,
    clerk: &Clerk,
    kept: &mut Kept,
    (changes, reason): (Fields, &str),
) -> Result<String, Failed> {
    let status = kept.event.status();
    if status != Status::Registered {
        return Err(Refusal::WrongMoment("corrected", kept.event.kind, status).into());
    }
    if kept.event.is_flagged(REVOKED) {
        let number = kept.event.registration_number().unwrap_or_default();
        return Err(Refusal::Annulled(number.into()).into());
    }
    if kept.event.waiting_correction().is_some() {
        return Err(Refusal::NotWaiting("a second correction: decide the first").into());
    }
    let stands = kept.event.declaration();
    correction::check_fields(kept.event.kind, &stands, &changes)?;
    // What could never be approved is refused at once.
    correct(tx, clerk, kept, &correction::corrected(&stands, &changes))?;
    let mut action = clerk.action(ActionKind::RequestCorrection);
    action.declaration = changes;
    action.reason = Some(reason.into());
    let id = kept.event.push(action);
    events::save(tx, kept)?;
    Ok(id)
}

/// Approves the correction that waits. Gives the notices to deliver.
pub(super) fn approve(
    tx: &Connection,
    clerk: &Clerk,
    kept: &mut Kept,
) -> Result<Vec<String>, Failed> {
    let asked = kept.event.waiting_correction().cloned();
    let asked = asked.ok_or(Refusal::NotWaiting("a decision about a correction"))?;
    let stands = kept.event.declaration();
    let fields = correction::corrected(&stands, &asked.declaration);
    let changed = correct(tx, clerk, kept, &fields)?;
    let mut action = clerk.action(ActionKind::ApproveCorrection);
    // A field that is gone is written as null, which takes it out of the declaration.
    action.declaration =
        stands.keys().filter(|name| !fields.contains_key(*name)).map(|name| gone(name)).collect();
    action.declaration.extend(asked.declaration);
    action.original_action_id = Some(asked.id);
    kept.event.push(action);
    events::save(tx, kept)?;
    let mut notices = Vec::new();
    let told_as = kept.event.kind.told_as();
    for (person, record) in changed {
        people::save(tx, person, &record)?;
        notices.extend(registry::file(tx, &clerk.errand, &REGISTRY, told_as, person)?);
    }
    Ok(notices)
}

fn gone(name: &str) -> (String, serde_json::Value) {
    (name.to_owned(), serde_json::Value::Null)
}

/// Rejects the correction that waits.
pub(super) fn reject(
    tx: &Connection,
    clerk: &Clerk,
    kept: &mut Kept,
    reason: &str,
) -> Result<(), Failed> {
    let asked = kept.event.waiting_correction().map(|action| action.id.clone());
    let asked = asked.ok_or(Refusal::NotWaiting("a decision about a correction"))?;
    let mut action = clerk.action(ActionKind::RejectCorrection);
    action.original_action_id = Some(asked);
    action.reason = Some(reason.into());
    kept.event.push(action);
    Ok(events::save(tx, kept)?)
}

type Changed = Vec<(i64, standards::dci::records::CrvsPerson)>;

/// The records as they would stand with `fields`; nothing is saved.
fn correct(
    tx: &Connection,
    clerk: &Clerk,
    kept: &Kept,
    fields: &Fields,
) -> Result<Changed, Failed> {
    let number = kept.event.registration_number().unwrap_or_default();
    let unknown = || Failed::from(Refusal::UnknownEntry(number.into()));
    let today = clerk.today;
    match kept.event.kind {
        EventType::Birth => birth(tx, number, fields, today),
        EventType::Death => {
            let person = people::by_drn(tx, number)?.ok_or_else(unknown)?;
            let death = Death::read(fields)?;
            let children = children_of(tx, &person)?;
            let (dead, at) = ((&person, children.as_slice()), death.place.as_deref());
            let record = correction::death(dead, death.date, at, today)?;
            Ok(vec![(person.number, record)])
        }
        kind @ (EventType::Marriage | EventType::Divorce) => {
            let was = Union::read(&kept.event.declaration())?;
            let union = Union::read(fields)?;
            let couple = couple_of(tx, &union)?;
            let days = (was.date, union.date);
            let record = |person: &crate::civil_registry::model::known::Known| {
                Ok((person.number, correction::union_day(person, kind, days, today)?))
            };
            couple.iter().map(record).collect()
        }
    }
}

fn birth(tx: &Connection, brn: &str, fields: &Fields, today: Date) -> Result<Changed, Failed> {
    let child = people::by_brn(tx, brn)?;
    let child = child.ok_or_else(|| Refusal::UnknownEntry(brn.into()))?;
    let birth = Birth::read(fields)?;
    let mut family = family_of(tx, &birth)?;
    // The child is neither its own sibling nor its own namesake.
    family.siblings.retain(|sibling| sibling.number != child.number);
    family.namesake = family.namesake.filter(|other| other.number != child.number);
    let children = children_of(tx, &child)?;
    let record = correction::birth(&child, &birth, &family, &children, today)?;
    Ok(vec![(child.number, record)])
}
