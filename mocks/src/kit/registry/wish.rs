//! What a subscriber wishes, checked (DCI v1.0.0, `SubscribeCriteria`, `SubscribeStatusReasonCode`).

use jiff::Timestamp;
use standards::dci::ReasonCode;
use standards::dci::query::{Filter, Mode};
use standards::dci::subscribe::{EventFrequency, SubscribeItem};

use super::archive::Txn;
use super::book::{Event, Kind, Registry};
use super::message::BadItem;
use super::question::NotAnswered;
use super::sql::{Condition, condition};
use super::words::word;
use crate::kit::courier::Errand;

/// A wish that has been checked.
pub(super) struct Wish {
    pub(super) event: &'static Event,
    /// In the attributes' own names.
    pub(super) filter: Filter,
    pub(super) condition: Condition,
    /// `UIN:6580954839` where the filter is one identifier: such a subscription is found without looking at all.
    pub(super) identifier: Option<String>,
    pub(super) span: Option<(Timestamp, Timestamp)>,
}

/// Checks what an item wishes.
pub(super) fn wish(
    errand: &Errand,
    registry: &'static Registry,
    txn: &Txn,
    item: &SubscribeItem,
) -> Result<Wish, NotAnswered> {
    let criteria = &item.subscribe_criteria;
    let details = |sentence| NotAnswered::new(ReasonCode::NotifyDetailsInvalid, sentence);
    if let Some(other) = criteria.reg_type.as_deref().filter(|text| !registry.is_called(text)) {
        let own = registry.reg_type;
        return Err(details(format!("reg_type {other} is not kept here; this is {own}")));
    }
    let types = |sentence| NotAnswered::new(ReasonCode::NotifyTypesInvalid, sentence);
    let known = registry.event_names();
    let event = criteria.reg_event_type.as_deref().unwrap_or_default();
    let Some(event) = registry.event(event) else {
        return Err(types(format!("reg_event_type `{event}` is not told of here; use {known}")));
    };
    // OpenSPP2 asks for a `Person` of every registry, and is told what the event carries.
    let fixed = |text: &str| txn.mode == Mode::Lenient && word(text) == "person";
    let carried = |text: &&str| event.carries(registry, text) || fixed(text);
    let record = criteria.notify_record_type.as_deref();
    if let Some(other) = record.filter(|text| !carried(text)) {
        let (event, kind) = (event.name, event.kind.name);
        let sentence =
            format!("a notice of {event} carries no notify_record_type {other}; use {kind}");
        return Err(types(sentence));
    }
    let span = criteria.frequency.as_ref().map(|f| span(f, errand.now())).transpose();
    let span = span.map_err(details)?;
    let Some(filter) = criteria.filter(txn.mode) else {
        return Err(details(String::from("filter is missing: say whom you want to be told about")));
    };
    let filter = filter.map_err(|e| details(e.to_string()))?;
    let today = errand.office.room.clock.today();
    let condition = condition(event.kind, &filter, today).map_err(details)?;
    let identifier = match &filter {
        Filter::Identifier { kind, value } => {
            event.kind.identifier(kind).map(|known| format!("{}:{value}", known.name))
        }
        _ => None,
    };
    let filter = in_own_names(event.kind, filter);
    Ok(Wish { event, filter, condition, identifier, span })
}

/// The filter with every attribute and identifier by its own name, so that the same wish is known in other words.
fn in_own_names(kind: &Kind, filter: Filter) -> Filter {
    let each = |parts: Vec<Filter>| parts.into_iter().map(|p| in_own_names(kind, p)).collect();
    match filter {
        Filter::All(parts) => Filter::All(each(parts)),
        Filter::Any(parts) => Filter::Any(each(parts)),
        Filter::Not(part) => Filter::Not(Box::new(in_own_names(kind, *part))),
        Filter::Compare { attribute, op, value } => {
            let own = kind.own_name(&attribute).map(str::to_owned);
            Filter::Compare { attribute: own.unwrap_or(attribute), op, value }
        }
        Filter::Identifier { kind: called, value } => {
            let own = kind.identifier(&called).map(|known| known.name.to_owned());
            Filter::Identifier { kind: own.unwrap_or(called), value }
        }
    }
}

/// From when until when; the cron expression must have its five or six fields.
fn span(frequency: &EventFrequency, now: Timestamp) -> Result<(Timestamp, Timestamp), String> {
    let from = frequency.start_time.instant().map_err(|e| format!("frequency.start_time: {e}"))?;
    let until = frequency.end_time.instant().map_err(|e| format!("frequency.end_time: {e}"))?;
    if until <= from || until <= now {
        return Err(format!("frequency ends at {until}, before it begins or before now, {now}"));
    }
    let fields = frequency.frequency.split_whitespace().count();
    if !(5..=6).contains(&fields) {
        let text = &frequency.frequency;
        return Err(format!("frequency `{text}` is no cron expression such as `0 * * * *`"));
    }
    Ok((from, until))
}

/// The code for an item that could not be read at all.
pub(super) fn code_of(bad: &BadItem) -> ReasonCode {
    match bad.field.as_str() {
        "reference_id" => ReasonCode::ReferenceIdInvalid,
        "timestamp" => ReasonCode::TimestampInvalid,
        field if field.ends_with("reg_event_type") => ReasonCode::NotifyTypesInvalid,
        _ => ReasonCode::NotifyDetailsInvalid,
    }
}
