//! The beneficiary registry's roll: a row is somebody in a programme; benefits stand in `more`.

use rusqlite::{Connection, Error};
use standards::dci::records::{AssistanceUnit, Beneficiary, EnrollmentStatus, kind};

use super::model::{described, name_of};
use super::programmes::{CODES, named};
use super::store;
use crate::kit::registry::codes::{ASSISTANCE_UNIT, ENROLLMENT_STATUS};
use crate::kit::registry::portrait::Traits;
use crate::kit::roll::person::{columns_with_a_person, member, misplaced, text};
use crate::kit::roll::{Column, Record, Roll, Row, Wrong, begin, list};

/// The beneficiary registry's roll. Nobody is in a programme twice, and many are in several.
pub(crate) static ROLL: Roll = Roll {
    columns: Beneficiary::COLUMNS,
    unique: &[],
    begin: begin::<Beneficiary>,
    list: list::<Beneficiary>,
};

impl Record for Beneficiary {
    const COLUMNS: &'static [Column] = columns_with_a_person![
        "/member",
        optional,
        needed("programme_identifier", &["programme", "program"], Cell::Code(&CODES))
            .at("/programme_identifier/0/programme_identifier"),
        needed("assistance_unit", &["unit"], Cell::Code(ASSISTANCE_UNIT)).at("/assistance_unit"),
        needed("enrollment_status", &["enrolment_status", "status"], Cell::Code(ENROLLMENT_STATUS))
            .at("/enrollment_status"),
        needed("enrollment_date", &["enrolment_date"], Cell::Date).at("/enrollment_date"),
        optional("status_change_date", &["status_change_dates"], Cell::Dates)
            .at("/status_change_date"),
    ];
    const TABLE: &'static str = "enrolment";

    fn contradiction(row: &Row<'_>) -> Option<Wrong> {
        misplaced(row)
    }

    fn of(row: &Row<'_>) -> Self {
        let (uin, programme) = (row.need("uin"), row.need("programme_identifier"));
        Self {
            ld_id: Some(name_of(uin, programme)),
            assistance_unit: row.get("assistance_unit").map(AssistanceUnit::from),
            member: Some(member(row, (kind::IBR_MEMBER, kind::IBR_PERSON))),
            programme_identifier: named(programme).map(described).into_iter().collect(),
            enrollment_date: text(row, "enrollment_date"),
            enrollment_status: row.get("enrollment_status").map(EnrollmentStatus::from),
            status_change_date: row.several("status_change_date"),
            ..Self::default()
        }
    }

    fn keep(&self, db: &Connection) -> rusqlite::Result<i64> {
        let member = self.member.as_ref();
        let who = member
            .and_then(|m| Traits::of(&m.member_identifier, m.demographic_info.as_ref()))
            .ok_or_else(|| Error::ToSqlConversionFailure("a beneficiary bears no UIN".into()))?;
        let programme = self.programme_identifier.first();
        let programme = programme.and_then(|p| p.programme_identifier.as_deref());
        store::keep(db, &who.uin, programme.unwrap_or_default(), self)
    }
}
