//! The archive of the beneficiary registry: one line an enrolment, with the record as it is answered.

use rusqlite::types::Type;
use rusqlite::{Connection, Error, OptionalExtension, params};
use standards::dci::records::{AssistanceUnit, Beneficiary, EnrollmentStatus, Sex};

use super::model::Asked;
use crate::kit::store::unwritable;

/// Whether the person is active in the programme now.
pub(super) fn is_enrolled(db: &Connection, asked: &Asked) -> rusqlite::Result<bool> {
    let status: Option<String> = db
        .prepare_cached("select status from enrolment where uin = $1 and programme = $2")?
        .query_row(params![asked.uin, asked.programme], |row| row.get(0))
        .optional()?;
    Ok(status.as_deref() == Some(EnrollmentStatus::Active.as_str()))
}

/// The enrolment of a person in a programme: its number and record.
pub(super) fn enrolment(
    db: &Connection,
    uin: &str,
    programme: &str,
) -> rusqlite::Result<Option<(i64, Beneficiary)>> {
    let found: Option<(i64, String)> = db
        .prepare_cached("select number, record from enrolment where uin = $1 and programme = $2")?
        .query_row(params![uin, programme], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((number, record)) = found else { return Ok(None) };
    let record = serde_json::from_str(&record)
        .map_err(|e| Error::FromSqlConversionFailure(1, Type::Text, e.into()))?;
    Ok(Some((number, record)))
}

/// Keeps an enrolment, new or changed, and gives its number.
pub(super) fn keep(
    db: &Connection,
    uin: &str,
    programme: &str,
    record: &Beneficiary,
) -> rusqlite::Result<i64> {
    let person = record.member.as_ref().and_then(|m| m.demographic_info.as_ref());
    let json = record.to_json().map_err(unwritable)?;
    db.prepare_cached(
        "insert into enrolment (uin, programme, unit, status, enrolled, birth_date, sex, record)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (uin, programme) do update set unit = excluded.unit, status = excluded.status,
           enrolled = excluded.enrolled, record = excluded.record
         returning number",
    )?
    .query_row(
        params![
            uin,
            programme,
            record.assistance_unit.as_ref().map(AssistanceUnit::as_str),
            record.enrollment_status.as_ref().map(EnrollmentStatus::as_str),
            // A time of day is kept in the record only: days are compared as texts.
            record.enrollment_date.as_deref().map(|day| day.get(..10).unwrap_or(day)),
            person.and_then(|p| p.birth_date.clone()),
            person.and_then(|p| p.sex.as_ref()).map(Sex::as_str),
            json,
        ],
        |row| row.get(0),
    )
}
