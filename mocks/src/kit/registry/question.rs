//! One question of a search, checked: which records, in which order, which page (DCI v1.0.0, `SearchCriteria`,
//! `SearchStatusReasonCode`).

use std::collections::BTreeSet;

use jiff::civil::Date;
use standards::dci::query::{Filter, Mode};
use standards::dci::search::{SearchItem, SortOrder};
use standards::dci::{DateTime, ReasonCode};

use super::book::{At, Event, Holds, Kind, Registry};
use super::message::BadItem;
use super::sorting::Key;
use super::sql::{Condition, condition, scanned};
use super::words::word;

/// Larger pages are refused.
pub(super) const LARGEST_PAGE: u64 = 2000;
/// A synchronous question without a page that means more records than this is refused.
pub(super) const MOST_UNPAGED: u64 = 1000;

/// An answer is sorted by at most so many things.
const MOST_KEYS: usize = 16;

/// What is asked, ready for the archive.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) kind: &'static Kind,
    /// The record type in the asker's own word.
    pub(super) called: String,
    pub(super) condition: Condition,
    /// The same as it came, and the day that ages count from.
    filter: Filter,
    /// What holds of records of the event that was asked for.
    recorded: Option<&'static str>,
    today: Date,
    pub(super) order: Vec<Key>,
    /// Size and number, counted from 1; none where all records are wanted.
    pub(super) page: Option<(u64, u64)>,
}

impl Question {
    /// The condition for the later pages of a long answer.
    pub(super) fn scanned(&self) -> Condition {
        // What could be written once can be written again.
        let scanned = scanned(self.kind, &self.filter, self.today);
        scanned.map_or_else(|_| self.condition.clone(), |found| found.and(self.recorded))
    }
}

/// Why an item is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NotAnswered {
    pub(super) code: ReasonCode,
    pub(super) sentence: String,
}

impl NotAnswered {
    pub(super) fn new(code: ReasonCode, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into() }
    }
}

/// The reference ids of a message so far: each may come once.
#[derive(Debug, Default)]
pub(super) struct References(BTreeSet<String>);

impl References {
    /// Checks what every item has, whatever it asks.
    pub(super) fn check(&mut self, id: &str, timestamp: &DateTime) -> Result<(), NotAnswered> {
        if id.trim().is_empty() {
            let sentence = "reference_id is empty; give each item a name of its own";
            return Err(NotAnswered::new(ReasonCode::ReferenceIdInvalid, sentence));
        }
        if !self.0.insert(id.to_owned()) {
            let sentence = format!("reference_id {id} stands twice in this message");
            return Err(NotAnswered::new(ReasonCode::ReferenceIdDuplicate, sentence));
        }
        timely(timestamp)
    }
}

/// Whether a time is one.
pub(super) fn timely(timestamp: &DateTime) -> Result<(), NotAnswered> {
    let instant = timestamp.instant().map(drop);
    instant.map_err(|e| NotAnswered::new(ReasonCode::TimestampInvalid, e.to_string()))
}

/// The code for an item that could not be read at all.
pub(super) fn code_of(bad: &BadItem) -> ReasonCode {
    let part = |name: &str| bad.field.split(['.', '[']).any(|part| part == name);
    match () {
        () if part("reference_id") => ReasonCode::ReferenceIdInvalid,
        () if part("timestamp") => ReasonCode::TimestampInvalid,
        () if part("sort") => ReasonCode::SortInvalid,
        () if part("pagination") => ReasonCode::PaginationInvalid,
        () if part("query") => ReasonCode::FilterInvalid,
        () => ReasonCode::SearchCriteriaInvalid,
    }
}

/// Checks the criteria of `item`.
pub(super) fn question(
    registry: &Registry,
    item: &SearchItem,
    mode: Mode,
    today: Date,
) -> Result<Question, NotAnswered> {
    let criteria = &item.search_criteria;
    let refuse = |sentence| NotAnswered::new(ReasonCode::SearchCriteriaInvalid, sentence);
    if let Some(reg_type) = criteria.reg_type.as_deref()
        && !registry.is_called(reg_type)
    {
        let own = registry.reg_type;
        return Err(refuse(format!("reg_type {reg_type} is not kept here; this is {own}")));
    }
    let (kind, called) = kind(registry, item).map_err(refuse)?;
    check_event(registry, item).map_err(refuse)?;
    let event = event(registry, item).filter(|event| event.kind.name == kind.name);
    let recorded = event.and_then(|event| event.recorded);
    let filter =
        criteria.filter(mode).map_err(|e| NotAnswered::new(e.reason_code(), e.to_string()))?;
    let condition = condition(kind, &filter, today)
        .map_err(|sentence| NotAnswered::new(ReasonCode::FilterInvalid, sentence))?
        .and(recorded);
    let (order, page) = (order(kind, item)?, page(item)?);
    Ok(Question { kind, called, condition, filter, recorded, today, order, page })
}

/// Whether the event asked for is one: an unknown word would else mean the records of all.
fn check_event(registry: &Registry, item: &SearchItem) -> Result<(), String> {
    let asked = item.search_criteria.reg_event_type.as_deref().unwrap_or_default();
    let is_known = || registry.event(asked).is_some() || registry.kind(asked).is_some();
    if word(asked).is_empty() || is_known() {
        return Ok(());
    }
    Err(unknown_event(registry, asked))
}

fn unknown_event(registry: &Registry, asked: &str) -> String {
    format!("reg_event_type {asked} is not known here; use {}", registry.event_names())
}

/// The event whose records are asked for: by its name, or by the registry's where that is an event's (`death`).
fn event(registry: &Registry, item: &SearchItem) -> Option<&'static Event> {
    let criteria = &item.search_criteria;
    let asked = criteria.reg_event_type.as_deref().or(criteria.reg_type.as_deref())?;
    if word(asked).is_empty() { None } else { registry.event(asked) }
}

/// The record type asked for, and the collection that an expression names beside it, which must be the same.
fn kind(registry: &Registry, item: &SearchItem) -> Result<(&'static Kind, String), String> {
    let Some(collection) = item.search_criteria.query.pointer("/value/expression/collection")
    else {
        return asked_kind(registry, item);
    };
    let named = collection.as_str().and_then(|name| registry.kind(name));
    let named = named.ok_or_else(|| {
        format!("collection {collection} is not kept here; use {}", registry.kind_names())
    })?;
    let criteria = &item.search_criteria;
    let entity = criteria.response_entity.as_deref();
    if criteria.record_or_event_type().or(entity).is_none() {
        return Ok((named, named.name.to_owned()));
    }
    let asked = asked_kind(registry, item)?;
    // `response_entity` says what is answered, wherever it is looked for.
    if asked.0.name == named.name || criteria.record_or_event_type().is_none() {
        return Ok(asked);
    }
    Err(format!("collection {collection} is not of the record type asked for, {}", asked.1))
}

/// The type of the identifier that is asked by.
fn identified(item: &SearchItem) -> Option<String> {
    match item.search_criteria.filter(Mode::Lenient).ok()? {
        Filter::Identifier { kind, .. } => Some(kind),
        _ => None,
    }
}

/// The record type asked for: by its name, by the event's, or the registry's first.
fn asked_kind(registry: &Registry, item: &SearchItem) -> Result<(&'static Kind, String), String> {
    let criteria = &item.search_criteria;
    let asked = criteria.reg_record_type.as_deref().or(criteria.response_entity.as_deref());
    if let Some(text) = asked {
        let found = registry.kind(text).map(|kind| (kind, text.to_owned()));
        return found.ok_or_else(|| {
            format!("records of type {text} are not kept here; use {}", registry.kind_names())
        });
    }
    let event = criteria.reg_event_type.as_deref();
    if let Some(text) = event {
        let kind = registry.event(text).map(|e| e.kind).or_else(|| registry.kind(text));
        let found = kind.map(|kind| (kind, kind.name.to_owned()));
        return found.ok_or_else(|| unknown_event(registry, text));
    }
    // A number that a household has only by its members means the member, where the standard does not say.
    let own = identified(item).and_then(|id| registry.kinds.iter().copied().find(|k| k.owns(&id)));
    own.or_else(|| registry.kinds.first().copied())
        .map(|kind| (kind, kind.name.to_owned()))
        .ok_or_else(|| String::from("this registry keeps no records"))
}

fn order(kind: &Kind, item: &SearchItem) -> Result<Vec<Key>, NotAnswered> {
    let refuse = |sentence| NotAnswered::new(ReasonCode::SortInvalid, sentence);
    if item.search_criteria.sort.len() > MOST_KEYS {
        return Err(refuse(format!("an answer is sorted by at most {MOST_KEYS} attributes")));
    }
    let mut keys = Vec::new();
    for sort in &item.search_criteria.sort {
        let name = &sort.attribute_name;
        let Some((At::Column(column), holds)) = kind.attribute(name) else {
            let known = kind.attribute_names();
            return Err(refuse(format!("nothing can be sorted by `{name}`; use {known}")));
        };
        // The older, the earlier born: an age stands in a column of birth dates.
        let turned = matches!(holds, Holds::Age);
        let descending = match &sort.sort_order {
            SortOrder::Asc => turned,
            SortOrder::Desc => !turned,
            SortOrder::Other(other) => {
                return Err(refuse(format!("sort_order {other} is no order; write asc or desc")));
            }
        };
        keys.push(Key { column, descending });
    }
    Ok(keys)
}

/// The page asked for: its size and number.
pub(super) fn page(item: &SearchItem) -> Result<Option<(u64, u64)>, NotAnswered> {
    let refuse = |sentence| NotAnswered::new(ReasonCode::PaginationInvalid, sentence);
    let Some(page) = item.page() else { return Ok(None) };
    let (size, number) = page.checked().map_err(|e| refuse(e.to_string()))?;
    if size > LARGEST_PAGE {
        return Err(refuse(format!("page_size is {size}; at most {LARGEST_PAGE} fit on a page")));
    }
    Ok(Some((size, number)))
}
