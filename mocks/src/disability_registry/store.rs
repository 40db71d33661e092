//! The archive of the disability registry: one line a certificate, with the record as it is answered.

use rusqlite::types::Type;
use rusqlite::{Connection, Error, OptionalExtension, params};
use standards::dci::records::{
    AnimalAssistanceType, AssistiveTechnologyType, DisabilityLevel, DisabilityOnset,
    DisabilityStatus, DisabilitySupport, HousingSupportType, HousingType, HumanAssistanceType,
    ImpairmentCause, ImpairmentLevel, ImpairmentType, MedicalCareType, PwdPerson, SupportStatus,
    TransportRequirement,
};

use crate::kit::registry::folded;
use crate::kit::registry::portrait::Traits;
use crate::kit::store::unwritable;

/// The certificate of a person: its number and record.
pub(super) fn certificate(
    db: &Connection,
    uin: &str,
) -> rusqlite::Result<Option<(i64, PwdPerson)>> {
    let found: Option<(i64, String)> = db
        .prepare_cached("select number, record from certificate where uin = $1")?
        .query_row([uin], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((number, record)) = found else { return Ok(None) };
    let record = serde_json::from_str(&record)
        .map_err(|e| Error::FromSqlConversionFailure(1, Type::Text, e.into()))?;
    Ok(Some((number, record)))
}

/// Keeps a certificate, new or changed, and gives its number.
pub(super) fn keep(db: &Connection, record: &PwdPerson) -> rusqlite::Result<i64> {
    let member = record.personal_details.as_ref();
    let about = member
        .and_then(|m| Traits::of(&m.member_identifier, m.demographic_info.as_ref()))
        .ok_or_else(|| Error::ToSqlConversionFailure("a certificate names nobody".into()))?;
    let json = record.to_json().map_err(unwritable)?;
    let number = db
        .prepare_cached(
            "insert into certificate (uin, given_name, surname, sex, birth_date, region, district, locality, status, level,
               transport, housing, registered, updated, record)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
             on conflict (uin) do update set status = excluded.status, level = excluded.level,
               transport = excluded.transport, housing = excluded.housing, updated = excluded.updated,
               record = excluded.record
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
                record.disability_status.as_ref().map(DisabilityStatus::as_str),
                record.disability_status_level.as_ref().map(DisabilityLevel::as_str),
                record.transport_requirement.as_ref().map(TransportRequirement::as_str),
                record.housing_type.as_ref().map(HousingType::as_str),
                record.registration_date,
                record.last_updated,
                json,
            ],
            |row| row.get(0),
        )?;
    keep_lines(db, number, record)?;
    Ok(number)
}

/// The lines that the certificate can be asked by, written anew.
fn keep_lines(db: &Connection, number: i64, record: &PwdPerson) -> rusqlite::Result<()> {
    db.prepare_cached("delete from impairment where certificate = $1")?.execute([number])?;
    db.prepare_cached("delete from support where certificate = $1")?.execute([number])?;
    let mut impairment = db.prepare_cached(
        "insert into impairment (certificate, kind, level, cause, onset) values ($1, $2, $3, $4, $5)",
    )?;
    for one in &record.disability_details {
        impairment.execute(params![
            number,
            one.impairment_type.as_ref().map(ImpairmentType::as_str),
            one.impairment_level.as_ref().map(ImpairmentLevel::as_str),
            one.impairment_cause.as_ref().map(ImpairmentCause::as_str),
            one.age_on_set.as_ref().map(DisabilityOnset::as_str),
        ])?;
    }
    let mut support =
        db.prepare_cached("insert into support (certificate, kind, status) values ($1, $2, $3)")?;
    for (kind, status) in record.disability_support.iter().flat_map(kinds) {
        support.execute(params![
            number,
            folded(&kind),
            status.as_ref().map(SupportStatus::as_str)
        ])?;
    }
    Ok(())
}

/// The published names of all support, whichever list it stands in, and whether it is received.
fn kinds(support: &DisabilitySupport) -> Vec<(String, Option<SupportStatus>)> {
    let mut found = Vec::new();
    let mut take = |kind: Option<&str>, status: &Option<SupportStatus>| {
        found.extend(kind.map(|kind| (kind.to_owned(), status.clone())));
    };
    for one in &support.human_assistance {
        take(one.kind.as_ref().map(HumanAssistanceType::label), &one.support);
    }
    for one in &support.assistive_technology {
        take(one.kind.as_ref().map(AssistiveTechnologyType::label), &one.status);
    }
    for one in &support.housing_support {
        take(one.kind.as_ref().map(HousingSupportType::label), &one.status);
    }
    for one in &support.medical_care {
        take(one.kind.as_ref().map(MedicalCareType::label), &one.status);
    }
    for one in &support.animal_assistance {
        take(one.kind.as_ref().map(AnimalAssistanceType::label), &one.status);
    }
    found
}
