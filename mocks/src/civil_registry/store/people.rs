//! One line a person, with the record as it is answered and what it can be asked by beside it.

use jiff::civil::Date;
use rusqlite::types::Type;
use rusqlite::{Connection, Error, OptionalExtension, Row, params};
use serde_json::Value;
use standards::dci::records::{CrvsPerson, IdentifierType, MaritalStatus, Sex};

use crate::civil_registry::model::event::EventType;
use crate::civil_registry::model::known::{Known, id_of};
use crate::kit::registry::folded;
use crate::kit::store::{next_number, unwritable};

/// The person with that UIN.
pub(in crate::civil_registry) fn by_uin(
    db: &Connection,
    uin: &str,
) -> rusqlite::Result<Option<Known>> {
    one(db, "select number, birth_date, record from person where uin = $1", uin)
}

/// The person whose birth has that number.
pub(in crate::civil_registry) fn by_brn(
    db: &Connection,
    brn: &str,
) -> rusqlite::Result<Option<Known>> {
    one(db, "select number, birth_date, record from person where brn = $1", brn)
}

/// The person whose death has that number.
pub(in crate::civil_registry) fn by_drn(
    db: &Connection,
    drn: &str,
) -> rusqlite::Result<Option<Known>> {
    one(db, "select number, birth_date, record from person where drn = $1", drn)
}

/// The people whose last marriage has that number.
pub(in crate::civil_registry) fn by_mrn(
    db: &Connection,
    mrn: &str,
) -> rusqlite::Result<Vec<Known>> {
    let sql = "select number, birth_date, record from person where mrn = $1 order by number";
    db.prepare_cached(sql)?.query_map([mrn], read)?.collect()
}

/// The next number of the entries of a kind in a year, `BRN-2026-0001`. Numbers that came with people by file, or were
/// given by who was asked for one, are left out.
pub(in crate::civil_registry) fn new_number(
    tx: &Connection,
    kind: EventType,
    year: i16,
) -> rusqlite::Result<String> {
    let column = match kind {
        EventType::Birth => "brn",
        EventType::Death => "drn",
        EventType::Marriage => "mrn",
        EventType::Divorce => "null",
    };
    let sql = format!(
        "select 1 from person where {column} = $1 union all select 1 from event where registration_number = $1"
    );
    let series = format!("{}-{year}", kind.series());
    loop {
        let number = format!("{series}-{:04}", next_number(tx, &series)?);
        if !tx.prepare_cached(&sql)?.exists([&number])? {
            return Ok(number);
        }
    }
}

/// The children of the person with that UIN.
pub(in crate::civil_registry) fn children_of(
    db: &Connection,
    uin: &str,
) -> rusqlite::Result<Vec<Known>> {
    let sql = "select number, birth_date, record from person where parent1 = $1
         union all select number, birth_date, record from person where parent2 = $1 order by 1";
    db.prepare_cached(sql)?.query_map([uin], read)?.collect()
}

fn one(db: &Connection, sql: &str, value: &str) -> rusqlite::Result<Option<Known>> {
    db.prepare_cached(sql)?.query_row([value], read).optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Known> {
    let (birth_date, record): (String, String) = (row.get(1)?, row.get(2)?);
    let birth_date: Date = birth_date.parse().map_err(|e| unreadable(1, Box::new(e)))?;
    let record: CrvsPerson =
        serde_json::from_str(&record).map_err(|e| unreadable(2, Box::new(e)))?;
    Ok(Known { number: row.get(0)?, birth_date, record })
}

fn unreadable(column: usize, error: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::FromSqlConversionFailure(column, Type::Text, error)
}

/// Enters somebody new, and gives the number of the line.
pub(in crate::civil_registry) fn add(
    db: &Connection,
    record: &CrvsPerson,
) -> rusqlite::Result<i64> {
    let number: i64 =
        db.query_row("select coalesce(max(number), 0) + 1 from person", [], |row| row.get(0))?;
    db.prepare_cached(
        "insert into person (number, uin, brn, given_name, surname, sex, birth_date, birth_place, marital_status,
           region, district, locality, registered, updated, record)
         values ($1, null, '', '', '', '', '', '', '', '', '', '', $2, '', '')",
    )?
    .execute(params![number, record.registration_date.as_deref().unwrap_or_default()])?;
    save(db, number, record)?;
    Ok(number)
}

/// Writes somebody's record anew, and everything that it can be asked by.
pub(in crate::civil_registry) fn save(
    db: &Connection,
    number: i64,
    record: &CrvsPerson,
) -> rusqlite::Result<()> {
    let id = |kind| id_of(record, &kind);
    let name = record.name.as_ref();
    let name_part = |part: Option<&String>| part.map(|p| folded(p)).unwrap_or_default();
    let home = record.address.first();
    let home_part = |part: Option<&String>| part.cloned().unwrap_or_default();
    let born_in = record.birth_place.as_ref().and_then(|place| place.name.as_ref());
    let parent = |id: &Option<standards::dci::records::Identifier>| {
        id.as_ref().and_then(|id| id.identifier_value.clone())
    };
    db.prepare_cached(
        "update person set uin = $1, brn = $2, mrn = $3, drn = $4, given_name = $5, surname = $6, sex = $7,
           birth_date = $8, birth_place = $9, death_date = $10, marital_status = $11, region = $12, district = $13,
           locality = $14, parent1 = $15, parent2 = $16, record = $17, updated = $18, divorce_date = $19
         where number = $20",
    )?
    .execute(params![
        id(IdentifierType::Uin),
        id(IdentifierType::Brn).unwrap_or_default(),
        id(IdentifierType::Mrn),
        id(IdentifierType::Drn),
        name_part(name.and_then(|n| n.given_name.as_ref())),
        name_part(name.and_then(|n| n.surname.as_ref())),
        record.sex.as_ref().map(Sex::as_str).unwrap_or_default(),
        record.birth_date.as_deref().unwrap_or_default(),
        name_part(born_in),
        record.death_date,
        record.marital_status.as_ref().map(MaritalStatus::as_str).unwrap_or_default(),
        home_part(home.and_then(|a| a.region_code.as_ref())),
        home_part(home.and_then(|a| a.sub_region_code.as_ref())),
        name_part(home.and_then(|a| a.locality.as_ref())),
        parent(&record.parent1_identifier),
        parent(&record.parent2_identifier),
        tidied(record)?,
        updated(record),
        record.divorce_date.first(),
        number,
    ])?;
    Ok(())
}

/// When the record was last changed: at its registration, where nothing came after.
pub(in crate::civil_registry) fn updated(record: &CrvsPerson) -> &str {
    let updated = record.last_updated.as_deref().or(record.registration_date.as_deref());
    updated.unwrap_or_default()
}

/// A record that was read knows its vocabulary in every part; it is written once, at the top.
fn tidied(record: &CrvsPerson) -> rusqlite::Result<String> {
    let mut value = serde_json::to_value(record).map_err(unwritable)?;
    for part in value.as_object_mut().into_iter().flat_map(|members| members.values_mut()) {
        without_context(part);
    }
    Ok(value.to_string())
}

fn without_context(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(without_context),
        Value::Object(members) => {
            members.remove("@context");
            members.values_mut().for_each(without_context);
        }
        _ => {}
    }
}

/// Takes somebody out of the register, whose birth was annulled.
pub(in crate::civil_registry) fn remove(db: &Connection, number: i64) -> rusqlite::Result<()> {
    db.prepare_cached("delete from person where number = $1")?.execute([number])?;
    Ok(())
}
