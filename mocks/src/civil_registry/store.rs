//! The archive of the civil registry: one line a person, with the record as it is answered.

use jiff::civil::Date;
use rusqlite::types::Type;
use rusqlite::{Error, OptionalExtension, Transaction, params};
use standards::dci::records::CrvsPerson;

use super::model::{Death, Known};
use crate::kit::store::next_number;

/// What the register knows about the person with that number.
pub(super) fn known(tx: &Transaction<'_>, uin: &str) -> rusqlite::Result<Option<Known>> {
    let row = tx
        .prepare_cached("select number, birth_date, drn, record from person where uin = $1")?
        .query_row([uin], |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get::<_, String>(3)?))
        })
        .optional()?;
    let Some((number, birth_date, drn, record)) = row else { return Ok(None) };
    let birth_date: Date = birth_date.parse().map_err(|e| unreadable(1, Box::new(e)))?;
    let record: CrvsPerson =
        serde_json::from_str(&record).map_err(|e| unreadable(3, Box::new(e)))?;
    Ok(Some(Known { number, birth_date, drn, record }))
}

fn unreadable(column: usize, error: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::FromSqlConversionFailure(column, Type::Text, error)
}

/// Enters a death and gives the number of its entry, `DRN-2026-0001`.
pub(super) fn enter_death(
    tx: &Transaction<'_>,
    person: &Known,
    death: &Death,
    today: Date,
) -> rusqlite::Result<String> {
    let series = format!("DRN-{}", death.date.year());
    let drn = format!("{series}-{:04}", next_number(tx, &series)?);
    let record = super::seed::written(&death.entered(person, &drn, today))?;
    tx.prepare_cached(
        "update person set death_date = $1, drn = $2, record = $3 where number = $4",
    )?
    .execute(params![death.date.to_string(), drn, record, person.number])?;
    Ok(drn)
}
