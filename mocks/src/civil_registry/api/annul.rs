//! Annulling an entry that was made in error, and taking up entries that are older than the log of events.

use rusqlite::Connection;
use serde_json::{Value, json};
use standards::dci::records::{CrvsPerson, IdentifierType};

use super::enter::couple_of;
use super::office::{Clerk, Failed};
use super::settings::{Manner, manner};
use crate::civil_registry::describe::REGISTRY;
use crate::civil_registry::link::messages::Process;
use crate::civil_registry::link::packets;
use crate::civil_registry::model::annulment;
use crate::civil_registry::model::birth::names;
use crate::civil_registry::model::event::{Action, ActionKind, EventType, Fields};
use crate::civil_registry::model::fold::{REVOKE, REVOKED};
use crate::civil_registry::model::known::Known;
use crate::civil_registry::model::marriage::Union;
use crate::civil_registry::model::refusal::Refusal;
use crate::civil_registry::store::events::{self, Kept};
use crate::civil_registry::store::people;
use crate::kit::registry;

/// The event, the notices to deliver, and the packet for Arenoa ID.
type Annulled = (Kept, Vec<String>, Option<String>);

/// How subscribers hear of it.
const ANNULMENT: &str = "Annulment";

/// Annuls the entry `number`: the records stand as if it had never been. Gives what is to be delivered.
pub(super) fn annul(
    tx: &Connection,
    clerk: &Clerk,
    number: &str,
    reason: &str,
) -> Result<Annulled, Failed> {
    let mut kept = entry(tx, number)?;
    if kept.event.is_flagged(REVOKED) {
        return Err(Refusal::Annulled(number.into()).into());
    }
    let changed = match kept.event.kind {
        EventType::Birth => return unborn(tx, clerk, kept, (number, reason)),
        EventType::Death => alive_again(tx, clerk, number)?,
        EventType::Marriage => unmarried(tx, clerk, &kept, number)?,
        EventType::Divorce => still_married(tx, clerk, &kept, number)?,
    };
    // A death is one person's; the widow's record only follows.
    let concerned = if kept.event.kind == EventType::Death { 1 } else { changed.len() };
    let mut notices = Vec::new();
    for (place, (person, record)) in changed.into_iter().enumerate() {
        people::save(tx, person, &record)?;
        if place < concerned {
            notices.extend(registry::file(tx, &clerk.errand, &REGISTRY, ANNULMENT, person)?);
        }
    }
    revoke(tx, clerk, &mut kept, reason)?;
    let told = kept.event.kind == EventType::Death && manner(tx)? == Manner::Packets;
    let packet =
        if told { packets::file(tx, &clerk.errand, &kept, Process::DeathRevoked)? } else { None };
    Ok((kept, notices, packet))
}

fn revoke(tx: &Connection, clerk: &Clerk, kept: &mut Kept, reason: &str) -> rusqlite::Result<()> {
    let mut action = clerk.action(ActionKind::Custom);
    action.custom_action_type = Some(REVOKE.into());
    action.reason = Some(reason.into());
    kept.event.push(action);
    events::save(tx, kept)
}

/// A birth that never was: subscribers see the record for the last time, then it goes.
fn unborn(
    tx: &Connection,
    clerk: &Clerk,
    mut kept: Kept,
    (number, reason): (&str, &str),
) -> Result<Annulled, Failed> {
    let child = people::by_brn(tx, number)?;
    let child = child.ok_or_else(|| Refusal::UnknownEntry(number.into()))?;
    let children = match child.id(&IdentifierType::Uin) {
        Some(uin) => people::children_of(tx, uin)?,
        None => Vec::new(),
    };
    annulment::check_birth(&child, &children)?;
    let notices = registry::file(tx, &clerk.errand, &REGISTRY, ANNULMENT, child.number)?;
    people::remove(tx, child.number)?;
    packets::withdraw(tx, &kept)?;
    revoke(tx, clerk, &mut kept, reason)?;
    Ok((kept, notices, None))
}

type Changed = Vec<(i64, CrvsPerson)>;

fn alive_again(tx: &Connection, clerk: &Clerk, drn: &str) -> Result<Changed, Failed> {
    let person = people::by_drn(tx, drn)?;
    let person = person.ok_or_else(|| Refusal::UnknownEntry(drn.into()))?;
    let mut changed = vec![(person.number, annulment::alive(&person, drn, clerk.today))];
    if let Some(mrn) = person.id(&IdentifierType::Mrn).filter(|_| person.is_married()) {
        let others = people::by_mrn(tx, mrn)?;
        let others = others.iter().filter(|other| other.number != person.number);
        changed.extend(others.filter_map(|other| {
            Some((other.number, annulment::spouse_again(other, clerk.today)?))
        }));
    }
    Ok(changed)
}

fn unmarried(tx: &Connection, clerk: &Clerk, kept: &Kept, mrn: &str) -> Result<Changed, Failed> {
    let couple = couple_of(tx, &Union::read(&kept.event.declaration())?)?;
    let record = |person: &Known| {
        person.must_live()?;
        let before = kept.undo.get(person.called()).and_then(Value::as_str);
        let record = annulment::unmarried(person, mrn, before, clerk.today)?;
        Ok((person.number, record))
    };
    couple.iter().map(record).collect()
}

fn still_married(
    tx: &Connection,
    clerk: &Clerk,
    kept: &Kept,
    number: &str,
) -> Result<Changed, Failed> {
    let couple = couple_of(tx, &Union::read(&kept.event.declaration())?)?;
    let mrn = couple[0].id(&IdentifierType::Mrn).unwrap_or_default().to_owned();
    let record = |person: &Known| {
        let record = annulment::still_married(person, &mrn, number, clerk.today)?;
        Ok((person.number, record))
    };
    couple.iter().map(record).collect()
}

/// The event behind an entry. Entries older than the log get one when somebody first changes them.
pub(super) fn entry(tx: &Connection, number: &str) -> Result<Kept, Failed> {
    if let Some(kept) = events::of_entry(tx, number)? {
        return Ok(kept);
    }
    let unknown = || Failed::from(Refusal::UnknownEntry(number.into()));
    let (kind, fields, on) = older(tx, number)?.ok_or_else(unknown)?;
    let at = format!("{on}T00:00:00Z");
    let mut kept = events::open(tx, kind, &at)?;
    let mut created = Action::of(ActionKind::Create, "register", &at);
    created.declaration = fields;
    kept.event.push(created);
    let mut entered = Action::of(ActionKind::Register, "register", &at);
    entered.registration_number = Some(number.into());
    kept.event.push(entered);
    events::save(tx, &kept)?;
    Ok(kept)
}

/// What the records say about an entry without an event, and when it was made.
fn older(tx: &Connection, number: &str) -> rusqlite::Result<Option<(EventType, Fields, String)>> {
    let told = |person: &Known, date: Option<&String>| date.cloned().or_else(|| registered(person));
    Ok(match number.split('-').next() {
        Some("BRN") => people::by_brn(tx, number)?
            .and_then(|child| Some((EventType::Birth, birth_fields(&child), registered(&child)?))),
        Some("DRN") => people::by_drn(tx, number)?.and_then(|person| {
            let on = person.record.death_date.clone()?;
            let mut fields = names("deceased", &person);
            fields.insert("deceased.nid".into(), json!(person.called()));
            fields.insert("eventDetails.date".into(), json!(on));
            Some((EventType::Death, fields, on))
        }),
        Some("MRN") => {
            let couple = people::by_mrn(tx, number)?;
            couple.first().and_then(|first| {
                let on = told(first, first.record.marriage_date.last())?;
                Some((EventType::Marriage, union_fields(&couple, &on), on))
            })
        }
        _ => None,
    })
}

fn registered(person: &Known) -> Option<String> {
    person.record.registration_date.clone()
}

fn birth_fields(child: &Known) -> Fields {
    let record = &child.record;
    let mut fields = names("child", child);
    fields.insert("child.gender".into(), json!(record.sex));
    let place = record.birth_place.as_ref().and_then(|place| place.name.as_ref());
    let uin = child.id(&IdentifierType::Uin);
    fields.extend(place.map(|place| ("child.placeOfBirth".to_owned(), json!(place))));
    fields.extend(uin.map(|uin| ("child.nid".to_owned(), json!(uin))));
    let parents = [("mother", &record.parent1_identifier), ("father", &record.parent2_identifier)];
    for (who, parent) in parents {
        let number = parent.as_ref().and_then(|id| id.identifier_value.as_ref());
        fields.insert(
            number.map_or_else(|| format!("{who}.detailsNotAvailable"), |_| format!("{who}.nid")),
            number.map_or(json!(true), |number| json!(number)),
        );
    }
    fields
}

fn union_fields(couple: &[Known], on: &str) -> Fields {
    let mut fields = Fields::from([("eventDetails.date".to_owned(), json!(on))]);
    for (who, person) in ["spouse1", "spouse2"].into_iter().zip(couple) {
        fields.extend(names(who, person));
        fields.insert(format!("{who}.nid"), json!(person.called()));
    }
    fields
}
