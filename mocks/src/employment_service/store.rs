//! The archive of the employment service: one line a person, with the record as it is answered, and a line a job.

use rusqlite::types::Type;
use rusqlite::{Connection, Error, OptionalExtension, params};
use serde::de::DeserializeOwned;
use standards::dci::records::{
    Beneficiary, EmploymentType, EnrollmentStatus, EssMember, UnemploymentReason,
};

use super::model::JobSeeker;
use crate::kit::registry::folded;
use crate::kit::registry::portrait::Traits;
use crate::kit::store::unwritable;

/// Somebody who looks for work, by the UIN: number in the archive, and what is known.
pub(super) fn jobseeker(db: &Connection, uin: &str) -> rusqlite::Result<Option<(i64, JobSeeker)>> {
    let found: Option<(i64, String, String)> = db
        .prepare_cached("select number, record, enrolment from jobseeker where uin = $1")?
        .query_row([uin], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((number, record, enrolment)) = found else { return Ok(None) };
    let (member, enrolment) = (read::<EssMember>(&record)?, read::<Beneficiary>(&enrolment)?);
    Ok(Some((number, JobSeeker { member, enrolment })))
}

fn read<T: DeserializeOwned>(text: &str) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(|e| Error::FromSqlConversionFailure(1, Type::Text, e.into()))
}

/// Keeps somebody, new or changed, and gives the number in the archive.
pub(super) fn keep(db: &Connection, who: &JobSeeker) -> rusqlite::Result<i64> {
    let JobSeeker { member, enrolment } = who;
    let about = Traits::of(&member.member_identifier, member.demographic_info.as_ref())
        .ok_or_else(|| Error::ToSqlConversionFailure("a member bears no UIN".into()))?;
    let number = db
        .prepare_cached(
            "insert into jobseeker (uin, given_name, surname, sex, birth_date, region, district, locality, status, reason,
               registered, updated, enrolment, record)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
             on conflict (uin) do update set status = excluded.status, reason = excluded.reason,
               updated = excluded.updated, enrolment = excluded.enrolment, record = excluded.record
             returning number",
        )?
        .query_row(
            params![
                about.uin,
                about.given_name,
                about.surname,
                about.sex,
                about.birth_date,
                about.region,
                about.district,
                about.locality,
                enrolment.enrollment_status.as_ref().map(EnrollmentStatus::as_str),
                member.unemployment_reason.as_ref().map(UnemploymentReason::as_str),
                member.registration_date,
                member.last_updated,
                enrolment.to_json().map_err(unwritable)?,
                member.to_json().map_err(unwritable)?,
            ],
            |row| row.get(0),
        )?;
    db.prepare_cached("delete from job where jobseeker = $1")?.execute([number])?;
    let mut job = db.prepare_cached(
        "insert into job (jobseeker, started, ended, title, employer, kind) values ($1, $2, $3, $4, $5, $6)",
    )?;
    for had in &member.employment_info {
        let fold = |text: &Option<String>| text.as_deref().map(folded);
        let kind = had.employment_type.as_ref().map(EmploymentType::as_str);
        let (title, employer) = (fold(&had.job_title), fold(&had.employer));
        job.execute(params![number, had.start_date, had.end_date, title, employer, kind])?;
    }
    Ok(number)
}
