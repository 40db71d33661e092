//! The employment service's roll: a row is somebody who looks for work, with the latest job.

use jiff::civil::Date;
use rusqlite::Connection;
use standards::dci::records::{
    EmploymentInfo, EmploymentType, EssEnrolmentStatus, EssMember, UnemploymentReason, kind,
};

use super::model::{JobSeeker, enrolment};
use super::store;
use crate::kit::registry::portrait;
use crate::kit::roll::person::{columns_with_a_person, misplaced, person, text};
use crate::kit::roll::{Column, Record, Roll, Row, Unique, Wrong, begin, list};

/// The employment service's roll.
pub(crate) static ROLL: Roll = Roll {
    columns: JobSeeker::COLUMNS,
    unique: &[Unique { column: "uin", table: "jobseeker", at: "uin" }],
    begin: begin::<JobSeeker>,
    list: list::<JobSeeker>,
};

impl Record for JobSeeker {
    const COLUMNS: &'static [Column] = columns_with_a_person![
        "/member",
        needed,
        needed("enrollment_status", &["status"], Cell::Code(EssEnrolmentStatus::LIST))
            .at("/enrolment/enrollment_status"),
        needed("enrollment_date", &["enrolment_date"], Cell::Date).at("/enrolment/enrollment_date"),
        optional("status_change_date", &["status_change_dates"], Cell::Dates)
            .at("/enrolment/status_change_date"),
        needed("unemployment_reason", &["reason"], Cell::Code(UnemploymentReason::LIST))
            .at("/member/unemployment_reason"),
        optional("job_title", &["job"], Cell::Text).at("/member/employment_info/0/job_title"),
        optional("employer", &[], Cell::Text).at("/member/employment_info/0/employer"),
        optional("employment_type", &["contract"], Cell::Code(EmploymentType::LIST))
            .at("/member/employment_info/0/employment_type"),
        optional("start_date", &[], Cell::Date).at("/member/employment_info/0/start_date"),
        optional("end_date", &[], Cell::Date).at("/member/employment_info/0/end_date"),
        needed("registration_date", &["registered"], Cell::Date).at("/member/registration_date"),
        needed("last_updated", &["updated"], Cell::Date).at("/member/last_updated"),
    ];
    const TABLE: &'static str = "jobseeker";
    const RECORD: &'static str =
        "json_object('member', json(record), 'enrolment', json(enrolment))";

    fn contradiction(row: &Row<'_>) -> Option<Wrong> {
        if let Some(wrong) = misplaced(row) {
            return Some(wrong);
        }
        let of_a_job = ["employer", "employment_type", "start_date", "end_date"];
        let half = of_a_job.into_iter().any(|column| row.get(column).is_some());
        if half && row.get("job_title").is_none() {
            return Some(Wrong::new("job_title", "", "a value where something is said of a job"));
        }
        let (start, end) = (row.get("start_date")?, row.get("end_date")?);
        let right = || format!("a day not before the start, {start}");
        (end < start).then(|| Wrong::new("end_date", end, right()))
    }

    fn of(row: &Row<'_>) -> Self {
        let uin = row.need("uin");
        let job = row.get("job_title").map(|title| EmploymentInfo {
            start_date: text(row, "start_date"),
            end_date: text(row, "end_date"),
            job_title: Some(title.into()),
            employer: text(row, "employer"),
            employment_type: row.get("employment_type").map(EmploymentType::from),
            ..EmploymentInfo::default().inner()
        });
        let member = EssMember {
            ld_id: Some(format!("urn:arenoa:employment-service:{uin}")),
            member_identifier: vec![portrait::uin(uin)],
            demographic_info: Some(person(row, kind::ESS_PERSON)),
            employment_info: job.into_iter().collect(),
            unemployment_reason: row.get("unemployment_reason").map(UnemploymentReason::from),
            registration_date: text(row, "registration_date"),
            last_updated: text(row, "last_updated"),
            ..EssMember::default()
        };
        let status = EssEnrolmentStatus::from(row.need("enrollment_status"));
        let since: Date = row.need("enrollment_date").parse().unwrap_or_default();
        let mut enrolment = enrolment(uin, &status, since);
        enrolment.status_change_date = row.several("status_change_date");
        Self { member, enrolment }
    }

    fn keep(&self, db: &Connection) -> rusqlite::Result<i64> {
        store::keep(db, self)
    }
}
