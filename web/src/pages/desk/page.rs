//! The pages of the desks, put together: the list, and one desk with all that is on it.

use askama::Template;
use mocks::kit::journal::Verdict;
use orchestrator::theatre::{Stage, Theatre};

use super::At;
use super::actions::{Action, Kind, actions_of};
use super::applications::{self, Application};
use super::charts::{self, Charts};
use super::errand::{Answer, Values};
use super::events::{self, Event};
use super::identity::{self, Member};
use super::lists::{self, List};
use super::look::{self, FaultLine, Message, Table};
use super::people::{self, People, Told};
use super::trying;
use crate::pages::counter::{address_of, look};
use crate::pages::frame::{Frame, Lane};
use crate::pages::telling;
use crate::pages::visit::Visit;

/// The list of all desks.
#[derive(Debug, Template)]
#[template(path = "desk_list.html")]
pub(super) struct ListPage {
    pub(super) f: Frame,
    systems: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    lane: Lane,
    page: String,
    faults: usize,
    guest: bool,
}

impl ListPage {
    /// Every system of the room.
    pub(super) fn open(visit: &Visit, stage: &Stage, theatre: &Theatre) -> Self {
        let hall = stage.hall();
        let row = |lane: Lane| Row {
            page: format!("{}/desk/{}", visit.prefix, lane.id.replace('_', "-")),
            faults: hall.office(&lane.id).map_or(0, |office| office.faults.list().len()),
            guest: hall.room.is_guest(&lane.id),
            lane,
        };
        let lanes = telling::system_lanes(&theatre.country, visit.texts);
        Self { f: visit.frame("desk"), systems: lanes.into_iter().map(row).collect() }
    }
}

/// What became of a form that was sent.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// The form: an action's id, or `faults`.
    pub(super) of: &'static str,
    pub(super) typed: Values,
    pub(super) answer: Option<Answer>,
    /// What came of a file of people.
    pub(super) people: Option<Told>,
    /// What rules that were tried would mean.
    pub(super) tried: Option<trying::Tried>,
    /// What is wrong with the rules in the form; stands beside them.
    pub(super) wrong: String,
    /// Why nothing was sent; empty where all was well.
    pub(super) refused: String,
}

/// One desk.
#[derive(Debug, Template)]
#[template(path = "desk.html")]
pub(super) struct DeskPage {
    pub(super) f: Frame,
    lane: Lane,
    /// The address of this page.
    desk: String,
    /// Where other systems reach it.
    base: String,
    /// Where a browser reaches it.
    path: String,
    /// Prefixes at the root of the port that it serves besides.
    roots: Vec<&'static str>,
    guest: bool,
    forms: Vec<ActionForm>,
    applications: Option<Vec<Application>>,
    events: Option<Vec<Event>>,
    /// At the desk of Arenoa ID: people to try things with.
    cast: Option<Vec<Member>>,
    cast_text: String,
    lists: Option<Vec<List>>,
    charts: Option<Charts>,
    /// What opens a record that was found; empty where none is kept of people.
    open_with: &'static str,
    people: Option<People>,
    faults: Vec<FaultLine>,
    seen: Vec<String>,
    messages: Vec<Message>,
    tables: Vec<Table>,
    /// Why the tables cannot be seen.
    closed: String,
    outcome: Outcome,
}

/// An action as a form.
#[derive(Debug)]
struct ActionForm {
    id: &'static str,
    title: String,
    fields: Vec<FieldLine>,
    open: bool,
}

#[derive(Debug)]
struct FieldLine {
    name: &'static str,
    label: String,
    example: &'static str,
    /// `line`, `date`, `choice` or `page`.
    kind: &'static str,
    words: &'static [&'static str],
    value: String,
    needed: bool,
}

impl DeskPage {
    /// Looks everything up.
    pub(super) async fn open(at: &At, theatre: &Theatre, mut outcome: Outcome) -> Self {
        let (hall, visit, name) = (at.stage.hall(), &at.visit, at.system.name);
        let lanes = telling::lanes(&theatre.country, visit.texts);
        let mut forms = Vec::new();
        for action in actions_of(name) {
            forms.push(form(at, action, &outcome).await);
        }
        let (tables, closed) = match look::tables(hall, name, at.system.secrets).await {
            Ok(tables) => (tables, String::new()),
            Err(why) => (Vec::new(), why),
        };
        let told = outcome.people.take();
        let is_office = name == applications::OFFICE;
        Self {
            f: visit.frame("desk"),
            lane: lanes.get(name),
            desk: at.address(),
            base: hall.room.base_of(name).unwrap_or_default(),
            path: address_of(hall, &visit.prefix, name),
            roots: at.system.at_root.iter().map(|(prefix, _)| *prefix).collect(),
            guest: hall.room.is_guest(name),
            forms,
            applications: if is_office {
                Some(applications::list(hall, &visit.prefix).await.unwrap_or_default())
            } else {
                None
            },
            cast: (name == identity::OFFICE)
                .then(|| identity::list(&theatre.country, hall, &visit.prefix, visit.texts)),
            cast_text: identity::lead(visit.texts),
            lists: if name == lists::HUB {
                Some(lists::lists(hall).await.unwrap_or_default())
            } else {
                None
            },
            charts: charts(at, &outcome.typed).await,
            open_with: match name {
                "civil_registry" => "person",
                "social_registry" => "household",
                identity::OFFICE => "file",
                _ => "",
            },
            people: people::form(name, outcome.typed.get("map").map_or("", String::as_str), told),
            events: if name == events::REGISTRY {
                Some(events::list(hall).await.unwrap_or_default())
            } else {
                None
            },
            faults: look::faults(at.office.faults.list()),
            seen: look::actions_seen(hall, name),
            messages: look::messages(hall, name, &lanes).await,
            tables,
            closed,
            outcome,
        }
    }
}

/// The charts, at the desk that has them.
async fn charts(at: &At, typed: &Values) -> Option<Charts> {
    if at.system.name != charts::OFFICE {
        return None;
    }
    let wish = |name: &str| typed.get(name).map_or("", String::as_str);
    let wanted = (wish("indicator"), wish("by"));
    charts::charts(at.stage.hall(), wanted, at.visit.texts).await.ok()
}

async fn form(at: &At, action: &'static Action, outcome: &Outcome) -> ActionForm {
    let texts = at.visit.texts;
    let was_sent = outcome.of == action.id;
    let mut fields = Vec::new();
    for field in action.fields {
        // Whom the last form was about, the next one mostly is about too.
        let is_kept = was_sent || field.name == "uin";
        let typed = is_kept.then(|| outcome.typed.get(field.name).cloned()).flatten();
        let value = match (typed, field.kind) {
            (Some(typed), _) => typed,
            (None, Kind::Page(path)) => written(at, path).await,
            (None, _) => String::new(),
        };
        let (kind, words) = match field.kind {
            Kind::Line => ("line", &[][..]),
            Kind::Date => ("date", &[][..]),
            Kind::Choice(words) => ("choice", words),
            Kind::Page(_) => ("page", &[][..]),
        };
        fields.push(FieldLine {
            name: field.name,
            label: texts.get(&format!("desk-field-{}", field.name)),
            example: field.example,
            kind,
            words,
            value,
            needed: field.needed,
        });
    }
    let title = texts.get(&format!("desk-do-{}", action.id));
    ActionForm { id: action.id, title, fields, open: was_sent }
}

/// A text as the system has it now; empty where it does not answer.
async fn written(at: &At, path: &str) -> String {
    let reply = look(at.stage.hall(), at.system.name, path, "text/plain, */*").await;
    let reply = reply.ok().filter(mocks::kit::courier::Reply::is_success);
    reply.map(|reply| String::from_utf8_lossy(&reply.body).into_owned()).unwrap_or_default()
}
