//! Entering an event in the register: load what is known, decide, save; the same for the counter and for the event API.

use rusqlite::Connection;
use serde_json::json;
use standards::dci::records::{IdentifierType, MaritalStatus};

use super::office::{Clerk, Failed};
use super::settings::{Manner, manner};
use crate::civil_registry::describe::REGISTRY;
use crate::civil_registry::link::messages::Process;
use crate::civil_registry::link::packets;
use crate::civil_registry::model::birth::{Birth, Family, names};
use crate::civil_registry::model::death::{Death, widowed};
use crate::civil_registry::model::event::{ActionKind, ActionStatus, EventType, Fields, Status};
use crate::civil_registry::model::fold::FLAGS;
use crate::civil_registry::model::known::Known;
use crate::civil_registry::model::marriage::Union;
use crate::civil_registry::model::refusal::Refusal;
use crate::civil_registry::store::events::{self, Kept};
use crate::civil_registry::store::people;
use crate::kit::registry;

/// What became of an event that was to be entered.
#[derive(Debug)]
pub(super) enum Entered {
    /// It stands in the register; these notices, and this packet for Arenoa ID, wait to be delivered.
    Registered { notices: Vec<String>, packet: Option<String> },
    /// Arenoa ID is to be asked first: the registration waits for its word.
    Requested,
    /// It may be one of these entries again; somebody must say that it is not.
    Suspect(Vec<String>),
}

type Write = Box<dyn FnOnce(&Connection, &str) -> rusqlite::Result<Written>>;

/// What somebody else said when they accepted a registration.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Word<'a> {
    /// The number of the entry.
    pub(super) number: Option<&'a str>,
    /// What is to be added to the form.
    pub(super) declaration: Option<&'a Fields>,
}

/// An event that may be entered.
pub(super) struct Draft {
    year: i16,
    pub(super) suspects: Vec<String>,
    flags: Vec<&'static str>,
    /// Names that the register knows and the form left out.
    names: Fields,
    /// What Arenoa ID hears.
    process: Option<Process>,
    write: Write,
}

/// Whose records changed, and what an annulment would put back.
struct Written {
    people: Vec<i64>,
    undo: Fields,
}

/// Enters `kept`, with what somebody else said about it; or asks Arenoa ID first, where it is to be asked.
pub(super) fn register(
    tx: &Connection,
    clerk: &Clerk,
    kept: &mut Kept,
    word: Word<'_>,
) -> Result<Entered, Failed> {
    let kind = kept.event.kind;
    let mut fields = kept.event.declaration();
    fields.extend(word.declaration.cloned().unwrap_or_default());
    let draft = draft(tx, clerk, kind, &fields)?;
    if !draft.suspects.is_empty() && !kept.event.is_cleared() {
        let mut action = clerk.action(ActionKind::DuplicateDetected);
        action.duplicates.clone_from(&draft.suspects);
        kept.event.push(action);
        events::save(tx, kept)?;
        return Ok(Entered::Suspect(draft.suspects));
    }
    let manner = manner(tx)?;
    let waits = kept.event.waiting_registration().is_some();
    if manner == Manner::Trigger && !waits && clerk.has_neighbour() {
        let mut action = clerk.action(ActionKind::Register);
        action.status = ActionStatus::Requested;
        kept.event.push(action);
        events::save(tx, kept)?;
        return Ok(Entered::Requested);
    }
    let number = match word.number {
        Some(number) if events::of_entry(tx, number)?.is_some() => {
            return Err(Refusal::BornTwice(number.into()).into());
        }
        Some(number) => number.to_owned(),
        None => people::new_number(tx, kind, draft.year)?,
    };
    let written = (draft.write)(tx, &number)?;
    let mut action = clerk.action(ActionKind::Register);
    action.original_action_id = kept.event.waiting_registration().map(|a| a.id.clone());
    action.registration_number = Some(number);
    action.declaration = draft.names;
    action.declaration.extend(word.declaration.cloned().unwrap_or_default());
    if !draft.flags.is_empty() {
        action.annotation.insert(FLAGS.into(), json!(draft.flags));
    }
    kept.event.push(action);
    kept.undo = written.undo;
    events::save(tx, kept)?;
    let mut notices = Vec::new();
    for person in written.people {
        notices.extend(registry::file(tx, &clerk.errand, &REGISTRY, kind.told_as(), person)?);
    }
    let packet = match draft.process.filter(|_| manner == Manner::Packets) {
        Some(process) => packets::file(tx, &clerk.errand, kept, process)?,
        None => None,
    };
    Ok(Entered::Registered { notices, packet })
}

/// Whether the event can be entered from where it stands.
pub(super) fn must_be_open(kept: &Kept, what: &'static str) -> Result<(), Refusal> {
    let status = kept.event.status();
    if kept.event.waiting_registration().is_some() {
        return Err(Refusal::NotWaiting("this: it waits for the word of another system"));
    }
    match status {
        Status::Registered | Status::Archived => {
            Err(Refusal::WrongMoment(what, kept.event.kind, status))
        }
        _ => Ok(()),
    }
}

/// Checks a declaration against everything that the register knows.
pub(super) fn draft(
    tx: &Connection,
    clerk: &Clerk,
    kind: EventType,
    fields: &Fields,
) -> Result<Draft, Failed> {
    match kind {
        EventType::Birth => birth(tx, clerk, fields),
        EventType::Death => death(tx, clerk, fields),
        EventType::Marriage => marriage(tx, clerk, fields),
        EventType::Divorce => divorce(tx, clerk, fields),
    }
}

fn birth(tx: &Connection, clerk: &Clerk, fields: &Fields) -> Result<Draft, Failed> {
    let (birth, today) = (Birth::read(fields)?, clerk.today);
    let family = family_of(tx, &birth)?;
    let suspects = birth.check(&family, today)?;
    Ok(Draft {
        year: birth.date.year(),
        suspects,
        flags: birth.flags(today),
        names: Birth::known_names(&family),
        process: birth.gets_number(today).then_some(Process::New),
        write: Box::new(move |tx, brn| {
            let child = people::add(tx, &birth.entered(&family, brn, today))?;
            Ok(Written { people: vec![child], undo: Fields::new() })
        }),
    })
}

/// What the register knows about the parents, the siblings and the number of a child.
pub(super) fn family_of(tx: &Connection, birth: &Birth) -> Result<Family, Failed> {
    let parent = |number: Option<&str>| number.map(|uin| known(tx, uin)).transpose();
    let siblings = match birth.mother.number() {
        Some(mother) => people::children_of(tx, mother)?,
        None => Vec::new(),
    };
    Ok(Family {
        mother: parent(birth.mother.number())?,
        father: parent(birth.father.number())?,
        siblings,
        namesake: match &birth.uin {
            Some(uin) => people::by_uin(tx, uin)?,
            None => None,
        },
    })
}

fn death(tx: &Connection, clerk: &Clerk, fields: &Fields) -> Result<Draft, Failed> {
    let (death, today) = (Death::read(fields)?, clerk.today);
    let person = known(tx, &death.uin)?;
    death.check(&person, &children_of(tx, &person)?, today)?;
    let spouse = spouse_of(tx, &person)?;
    Ok(Draft {
        year: death.date.year(),
        suspects: Vec::new(),
        flags: death.flags(today),
        names: names("deceased", &person),
        process: Some(Process::Death),
        write: Box::new(move |tx, drn| {
            people::save(tx, person.number, &death.entered(&person, drn, today))?;
            if let Some(spouse) = spouse {
                people::save(tx, spouse.number, &widowed(&spouse, today))?;
            }
            Ok(Written { people: vec![person.number], undo: Fields::new() })
        }),
    })
}

/// The children of somebody, as far as the register knows them.
pub(super) fn children_of(tx: &Connection, person: &Known) -> Result<Vec<Known>, Failed> {
    match person.id(&IdentifierType::Uin) {
        Some(uin) => Ok(people::children_of(tx, uin)?),
        None => Ok(Vec::new()),
    }
}

/// The living person to whom somebody is married.
fn spouse_of(tx: &Connection, person: &Known) -> Result<Option<Known>, Failed> {
    let Some(mrn) = person.id(&IdentifierType::Mrn).filter(|_| person.is_married()) else {
        return Ok(None);
    };
    let couple = people::by_mrn(tx, mrn)?;
    Ok(couple.into_iter().find(|other| {
        other.number != person.number && other.is_married() && other.death_date().is_none()
    }))
}

fn marriage(tx: &Connection, clerk: &Clerk, fields: &Fields) -> Result<Draft, Failed> {
    let (union, today) = (Union::read(fields)?, clerk.today);
    let couple = couple_of(tx, &union)?;
    union.check_marriage(&couple, today)?;
    Ok(Draft {
        year: union.date.year(),
        suspects: Vec::new(),
        flags: Vec::new(),
        names: names_of(&couple),
        process: None,
        write: Box::new(move |tx, mrn| {
            let mut undo = Fields::new();
            for person in &couple {
                let before = person.record.marital_status.as_ref().map(MaritalStatus::as_str);
                undo.insert(person.called().into(), json!(before));
                people::save(tx, person.number, &union.married(person, mrn, today))?;
            }
            Ok(Written { people: couple.iter().map(|person| person.number).collect(), undo })
        }),
    })
}

fn divorce(tx: &Connection, clerk: &Clerk, fields: &Fields) -> Result<Draft, Failed> {
    let (union, today) = (Union::read(fields)?, clerk.today);
    let couple = couple_of(tx, &union)?;
    union.check_divorce(&couple, today)?;
    Ok(Draft {
        year: union.date.year(),
        suspects: Vec::new(),
        flags: Vec::new(),
        names: names_of(&couple),
        process: None,
        write: Box::new(move |tx, _| {
            for person in &couple {
                people::save(tx, person.number, &union.divorced(person, today))?;
            }
            let people = couple.iter().map(|person| person.number).collect();
            Ok(Written { people, undo: Fields::new() })
        }),
    })
}

/// The two people of a marriage or a divorce.
pub(super) fn couple_of(tx: &Connection, union: &Union) -> Result<[Known; 2], Failed> {
    let [one, other] = &union.spouses;
    Ok([known(tx, one)?, known(tx, other)?])
}

fn names_of(couple: &[Known; 2]) -> Fields {
    let mut fields = names("spouse1", &couple[0]);
    fields.extend(names("spouse2", &couple[1]));
    fields
}

/// The person with that number, who must be in the register.
pub(super) fn known(tx: &Connection, uin: &str) -> Result<Known, Failed> {
    let found = people::by_uin(tx, uin)?;
    found.ok_or_else(|| Refusal::Unknown(uin.into()).into())
}
