//! Identity records.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::Value;

use super::logins::json_error;
use crate::identity::model::factor::{self, Factor};
use crate::identity::model::mock_identity;
use crate::identity::model::person::{Person, Status};

const COLUMNS: &str = "uin, given_name, family_name, birth_date, sex, phone, email, street, locality, region, \
     postal_code, status, deceased_on, deceased_by, names, language, locked";

/// What mock-identity-system was told besides; [`read`] reads it behind the columns.
const TOLD: &str = "(select record from told_record where told_record.uin = person.uin)";

/// The person with this number.
pub(in crate::identity) fn find(db: &Connection, uin: &str) -> rusqlite::Result<Option<Person>> {
    db.prepare_cached(&format!("select {COLUMNS}, {TOLD} from person where uin = $1"))?
        .query_row([uin], read)
        .optional()
}

/// The person who alone has this telephone number (`phone`) or e-mail address (`email`).
pub(in crate::identity) fn of_handle(
    db: &Connection,
    (field, value): (&str, &str),
) -> rusqlite::Result<Option<Person>> {
    let column = match field {
        "phone" => "phone",
        "email" => "email",
        _ => return Ok(None),
    };
    let mut query = db.prepare_cached(&format!(
        "select {COLUMNS}, {TOLD} from person where lower({column}) = lower($1) order by uin limit 2"
    ))?;
    let mut found: Vec<Person> = query.query_map([value], read)?.collect::<Result<_, _>>()?;
    Ok(if found.len() == 1 { found.pop() } else { None })
}

/// Adds a person.
pub(in crate::identity) fn add(db: &Connection, p: &Person) -> rusqlite::Result<()> {
    db.prepare_cached(&format!(
        "insert into person ({COLUMNS}) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17)"
    ))?
    .execute(params![
        p.uin,
        p.given_name,
        p.family_name,
        p.birth_date,
        p.sex,
        p.phone,
        p.email,
        p.street,
        p.locality,
        p.region,
        p.postal_code,
        p.status.word(),
        p.deceased_on,
        p.deceased_by,
        names_text(p)?,
        p.language,
        factor::words(&p.locked)
    ])?;
    Ok(())
}

/// Keeps a number for somebody who is still to be born, so that stories can name it.
pub(in crate::identity) fn reserve(
    db: &Connection,
    uin: &str,
    name: &str,
    birth_date: &str,
) -> rusqlite::Result<()> {
    db.prepare_cached("insert into reserved (uin, name, birth_date) values ($1, $2, $3)")?
        .execute([uin, name, birth_date])?;
    Ok(())
}

/// The number kept for this name and birth date, where there is one that nobody has yet.
pub(in crate::identity) fn reserved(
    db: &Connection,
    name: &str,
    birth_date: &str,
) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(
        "select uin from reserved where name = $1 and birth_date = $2
         and not exists (select 1 from person where person.uin = reserved.uin)",
    )?
    .query_row([name, birth_date], |row| row.get(0))
    .optional()
}

/// Writes a person's record anew; identity number, status and death stay.
pub(in crate::identity) fn rewrite(tx: &Connection, p: &Person) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update person set given_name = $1, family_name = $2, birth_date = $3, sex = $4, phone = $5, email = $6,
         street = $7, locality = $8, region = $9, postal_code = $10, names = $11, language = $12 where uin = $13",
    )?
    .execute(params![
        p.given_name,
        p.family_name,
        p.birth_date,
        p.sex,
        p.phone,
        p.email,
        p.street,
        p.locality,
        p.region,
        p.postal_code,
        names_text(p)?,
        p.language,
        p.uin
    ])?;
    Ok(())
}

/// People whose number or name begins with `text`, at most `limit`.
pub(in crate::identity) fn search(
    db: &Connection,
    text: &str,
    limit: u32,
) -> rusqlite::Result<Vec<Person>> {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let mut query = db.prepare_cached(&format!(
        "select {COLUMNS}, {TOLD} from person
         where uin like $1 or (given_name like $1 and family_name like $2) or (family_name like $1 and given_name like $2)
         order by family_name, given_name, uin limit $3"
    ))?;
    let begins = |part: &str| format!("{}%", part.trim().replace(['%', '_'], ""));
    query.query_map(params![begins(first), begins(rest), limit], read)?.collect()
}

/// Up to `limit` people whose number is higher than `uin`, by number.
pub(in crate::identity) fn after(
    db: &Connection,
    uin: &str,
    limit: u32,
) -> rusqlite::Result<Vec<Person>> {
    let mut query = db.prepare_cached(&format!(
        "select {COLUMNS}, {TOLD} from person where uin > $1 order by uin limit $2"
    ))?;
    query.query_map(params![uin, limit], read)?.collect()
}

/// Sets where an identity stands in its life.
pub(in crate::identity) fn set_status(
    tx: &Connection,
    uin: &str,
    status: Status,
) -> rusqlite::Result<()> {
    tx.prepare_cached("update person set status = $1 where uin = $2")?
        .execute(params![status.word(), uin])?;
    Ok(())
}

/// Notes a death that the civil registry entered under `number`.
pub(in crate::identity) fn enter_death(
    tx: &Connection,
    uin: &str,
    date: &str,
    number: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached("update person set deceased_on = $1, deceased_by = $2 where uin = $3")?
        .execute(params![date, number, uin])?;
    Ok(())
}

/// Locks a way of proving who one is, or opens it again.
pub(in crate::identity) fn set_locked(
    tx: &Connection,
    uin: &str,
    locked: &BTreeSet<Factor>,
) -> rusqlite::Result<()> {
    tx.prepare_cached("update person set locked = $1 where uin = $2")?
        .execute(params![factor::words(locked), uin])?;
    Ok(())
}

/// The spellings as one document; nothing where no language has its own.
fn names_text(p: &Person) -> rusqlite::Result<Option<String>> {
    if p.names.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(&p.names).map(Some).map_err(json_error)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Person> {
    let word: String = row.get(11)?;
    let names: Option<String> = row.get(14)?;
    let locked: String = row.get(16)?;
    let told: Option<String> = row.get(17)?;
    let told: Option<Value> =
        told.map(|text| serde_json::from_str(&text)).transpose().map_err(json_error)?;
    Ok(Person {
        uin: row.get(0)?,
        given_name: row.get(1)?,
        family_name: row.get(2)?,
        birth_date: row.get(3)?,
        sex: row.get(4)?,
        phone: row.get(5)?,
        email: row.get(6)?,
        street: row.get(7)?,
        locality: row.get(8)?,
        region: row.get(9)?,
        postal_code: row.get(10)?,
        country: told.as_ref().and_then(mock_identity::country),
        // A word that nobody of ours wrote bars the person rather than letting them in.
        status: Status::read(&word).unwrap_or(Status::Blocked),
        deceased_on: row.get(12)?,
        deceased_by: row.get(13)?,
        names: names
            .map_or(Ok(BTreeMap::new()), |t| serde_json::from_str(&t))
            .map_err(json_error)?,
        language: row.get(15)?,
        locked: factor::from_words(&locked),
    })
}
