//! POST /registry/notify to subscribers: something happened to a record (DCI v1.0.0, `NotifyEventRequest`).

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use serde_json::{Value, json};
use standards::dci::query::Mode;
use standards::dci::subscribe::SubscribeItem;
use standards::dci::{Status, TransactionId};

use super::archive::{self, Operation, Places, Style, Txn};
use super::book::{At, EVERY, Event, Kind, Registry};
use super::callbacks::follow_all;
use super::older;
use super::sql::condition;
use crate::kit::courier::Errand;
use crate::kit::server::Call;

/// A subscription that an event may concern.
struct Subscriber {
    sender: String,
    address: String,
    item: SubscribeItem,
    /// How it wants to be told.
    style: Style,
    /// Whether the event's record bears the very identifier that was named, so that nothing is left to check.
    named: bool,
}

/// Files a notice for every subscriber whom the event called `event` concerns, in the transaction that enters it: either
/// both stand or neither. What is given is for [`deliver`].
pub fn file(
    db: &Connection,
    errand: &Errand,
    registry: &'static Registry,
    event: &str,
    number: i64,
) -> rusqlite::Result<Vec<String>> {
    let Some(event) = registry.event(event) else { return Ok(Vec::new()) };
    let record: Option<String> = db
        .prepare_cached(&format!(
            "select {} from {} as r where r.number = $1",
            event.kind.record, event.kind.table
        ))?
        .query_row([number], |row| row.get(0))
        .optional()?;
    let record = record.unwrap_or_else(|| String::from("null"));
    let mut ids = Vec::new();
    for subscriber in subscribers(db, event, number, errand)? {
        if !subscriber.named && !is_meant(db, event.kind, &subscriber, number, errand)? {
            continue;
        }
        let id = errand.office.next_id("NTF");
        let at = errand.stamp();
        let data = told(registry, event, &subscriber, &record)?;
        let entry = json!({"reference_id": id, "timestamp": at, "data": data, "locale": "eng"});
        let message = json!({"transaction_id": id, "notify_event": [entry]});
        let (traceparent, tracestate) = errand.cause.headers(errand.office.system.name);
        let txn = Txn {
            correlation_id: id.clone(),
            operation: Operation::Notify,
            transaction_id: TransactionId::Text(id.clone()),
            sender: subscriber.sender,
            address: subscriber.address,
            request: String::new(),
            mode: Mode::Lenient,
            state: Status::Succ,
            answer: Some(message.to_string()),
            page: 1,
            places: Places::default(),
            style: subscriber.style,
            message_id: errand.office.next_id("MSG"),
            attempt: 0,
            traceparent,
            tracestate,
        };
        archive::open(db, &txn, &[], &at)?;
        ids.push(id);
    }
    Ok(ids)
}

/// Whether anybody wants to be told of the event called `event`: what many records are, is asked once.
pub fn is_followed(
    db: &Connection,
    registry: &'static Registry,
    event: &str,
) -> rusqlite::Result<bool> {
    let Some(event) = registry.event(event) else { return Ok(false) };
    db.prepare_cached(
        "select 1 from subscription where event in ($1, $2) and status = 'subscribe' limit 1",
    )?
    .exists([event.name, EVERY])
}

/// Delivers notices that were filed, once the answer to `call` has been written. Gives how many are told.
pub fn deliver(call: &Call, registry: &'static Registry, ids: Vec<String>) -> usize {
    let told = ids.len();
    if told > 0 {
        call.later(delivery(call.errand.clone(), registry, ids));
    }
    told
}

/// The same, for who has more to do behind it: each notice is delivered once, in their order; those that nobody takes wait
/// by themselves, are kept and tried again. For [`Call::later`], because notices come after the answer.
pub async fn delivery(errand: Errand, registry: &'static Registry, ids: Vec<String>) {
    follow_all(errand, registry, ids).await;
}

/// What is told, in the words in which it was asked for.
fn told(
    registry: &Registry,
    event: &Event,
    subscriber: &Subscriber,
    record: &str,
) -> rusqlite::Result<Value> {
    let criteria = &subscriber.item.subscribe_criteria;
    let carried = criteria.notify_record_type.as_deref();
    let carried = carried.filter(|text| event.carries(registry, text));
    let older = older::example(registry).filter(|_| subscriber.style.older);
    let record = older::spelled(older, record.to_owned())?;
    // In the subscriber's own word for it; who wishes to hear of everything hears what it was.
    let asked = criteria.reg_event_type.as_deref();
    let asked = asked.filter(|text| registry.event(text).is_some_and(|e| e.name == event.name));
    Ok(json!({
        "version": "1.0.0",
        "reg_type": registry.reg_type,
        "reg_event_type": asked.unwrap_or(event.name),
        "reg_record_type": carried.unwrap_or(event.kind.name),
        "reg_records": record,
    }))
}

/// The subscriptions in force that name the record, and those that must be looked at.
fn subscribers(
    db: &Connection,
    event: &Event,
    number: i64,
    errand: &Errand,
) -> rusqlite::Result<Vec<Subscriber>> {
    let now = errand.now().as_second();
    let mut identifiers = identifiers(db, event.kind, number)?;
    // Never empty, so that the statement has one form.
    identifiers.push(String::new());
    let places: Vec<_> = (0..identifiers.len()).map(|i| format!("${}", i + 4)).collect();
    let sql = format!(
        "select sender, address, item, identifier is not null, older, encrypted from subscription
         where event in ($1, $2) and status = 'subscribe' and coalesce(starts, $3) <= $3 and coalesce(ends, $3) >= $3
           and (identifier is null or identifier in ({})) order by code",
        places.join(", ")
    );
    let values = [Sql::Text(event.name.into()), Sql::Text(EVERY.into()), Sql::Integer(now)]
        .into_iter()
        .chain(identifiers.into_iter().map(Sql::Text));
    let mut query = db.prepare_cached(&sql)?;
    let mut rows = query.query(params_from_iter(values))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let item: String = row.get(2)?;
        let Ok(item) = serde_json::from_str(&item) else { continue };
        found.push(Subscriber {
            sender: row.get(0)?,
            address: row.get(1)?,
            item,
            named: row.get(3)?,
            style: Style { older: row.get(4)?, encrypted: row.get(5)? },
        });
    }
    Ok(found)
}

/// Everything that the record can be looked up by, as subscriptions keep it: `UIN:6580954839`.
fn identifiers(db: &Connection, kind: &Kind, number: i64) -> rusqlite::Result<Vec<String>> {
    let mut found = Vec::new();
    for identifier in kind.identifiers {
        let sql = match identifier.at {
            At::Column(column) => {
                format!("select {column} from {} where number = $1", kind.table)
            }
            At::Line { table, owner, column } => {
                format!("select {column} from {table} where {owner} = $1")
            }
            At::Linked { table, by, column } => format!(
                "select {column} from {table} where number = (select {by} from {} where number = $1)",
                kind.table
            ),
        };
        let mut query = db.prepare_cached(&sql)?;
        let values = query.query_map([number], |row| row.get::<_, Option<String>>(0))?;
        for value in values {
            found.extend(value?.map(|value| format!("{}:{value}", identifier.name)));
        }
    }
    Ok(found)
}

/// Whether the record meets the subscription's filter as it stands now. What cannot be asked is met by no record: who wished
/// for it must not keep anything from being entered.
fn is_meant(
    db: &Connection,
    kind: &Kind,
    subscriber: &Subscriber,
    number: i64,
    errand: &Errand,
) -> rusqlite::Result<bool> {
    let not_asked = |why: &dyn std::fmt::Display| {
        tracing::warn!(%why, sender = subscriber.sender, "a subscription's filter cannot be asked");
        false
    };
    // What was read when it was entered, strictly or not, can be read without strictness now.
    let filter = match subscriber.item.subscribe_criteria.filter(Mode::Lenient) {
        Some(Ok(filter)) => filter,
        Some(Err(error)) => return Ok(not_asked(&error)),
        None => return Ok(false),
    };
    let condition = match condition(kind, &filter, errand.office.room.clock.today()) {
        Ok(condition) => condition,
        Err(sentence) => return Ok(not_asked(&sentence)),
    };
    let last = condition.values.len() + 1;
    let sql = format!(
        "select 1 from {} as r where ({}) and r.number = ${last}",
        kind.table, condition.text
    );
    let values = condition.values.into_iter().chain([Sql::Integer(number)]);
    match db.prepare_cached(&sql) {
        Ok(mut asked) => asked.exists(params_from_iter(values)),
        Err(error) => Ok(not_asked(&error)),
    }
}
