//! The disability registry's roll: a row is a certificate, with its first impairment; support stands in `more`.

use rusqlite::Connection;
use standards::dci::records::{
    DisabilityDetails, DisabilityLevel, DisabilityOnset, DisabilityStatus, HousingType,
    ImpairmentCause, ImpairmentLevel, ImpairmentType, PwdPerson, TransportRequirement, kind,
};

use super::model::REVIEW;
use super::store;
use crate::kit::registry::codes::MARITAL_STATUS;
use crate::kit::roll::person::{columns_with_a_person, member, misplaced, text};
use crate::kit::roll::{Column, Record, Roll, Row, Unique, Wrong, begin, list};

/// The disability registry's roll.
pub(crate) static ROLL: Roll = Roll {
    columns: PwdPerson::COLUMNS,
    unique: &[Unique { column: "uin", table: "certificate", at: "uin" }],
    begin: begin::<PwdPerson>,
    list: list::<PwdPerson>,
};

/// What every approved certificate says.
const OF_AN_APPROVAL: [&str; 3] = ["disability_status_level", "impairment_type", REVIEW];

impl Record for PwdPerson {
    const COLUMNS: &'static [Column] = columns_with_a_person![
        "/personal_details",
        needed,
        optional("marital_status", &["civil_status"], Cell::Code(MARITAL_STATUS))
            .at("/personal_details/marital_status"),
        needed("disability_status", &["status"], Cell::Code(DisabilityStatus::LIST))
            .at("/disability_status"),
        optional(
            "disability_status_level",
            &["level", "disability_level"],
            Cell::Code(DisabilityLevel::LIST)
        )
        .at("/disability_status_level"),
        optional("impairment_type", &["impairment"], Cell::Code(ImpairmentType::LIST))
            .at("/disability_details/0/impairment_type"),
        optional("impairment_level", &[], Cell::Code(ImpairmentLevel::LIST))
            .at("/disability_details/0/impairment_level"),
        optional("impairment_cause", &["cause"], Cell::Code(ImpairmentCause::LIST))
            .at("/disability_details/0/impairment_cause"),
        optional("age_on_set", &["onset"], Cell::Code(DisabilityOnset::LIST))
            .at("/disability_details/0/age_on_set"),
        optional("transport_requirement", &["transport"], Cell::Code(TransportRequirement::LIST))
            .at("/transport_requirement"),
        optional("housing_type", &["housing"], Cell::Code(HousingType::LIST)).at("/housing_type"),
        optional(REVIEW, &["review"], Cell::Date).at("/review_date"),
        needed("registration_date", &["registered"], Cell::Date).at("/registration_date"),
        needed("last_updated", &["updated"], Cell::Date).at("/last_updated"),
    ];
    const TABLE: &'static str = "certificate";

    fn contradiction(row: &Row<'_>) -> Option<Wrong> {
        if let Some(wrong) = misplaced(row) {
            return Some(wrong);
        }
        if row.need("disability_status") != DisabilityStatus::Approved.as_str() {
            return None;
        }
        let missing = OF_AN_APPROVAL.into_iter().find(|column| row.get(column).is_none())?;
        Some(Wrong::new(missing, "", "a value: an approved certificate has one"))
    }

    fn of(row: &Row<'_>) -> Self {
        let details = DisabilityDetails {
            impairment_type: row.get("impairment_type").map(ImpairmentType::from),
            impairment_level: row.get("impairment_level").map(ImpairmentLevel::from),
            impairment_cause: row.get("impairment_cause").map(ImpairmentCause::from),
            age_on_set: row.get("age_on_set").map(DisabilityOnset::from),
            ..DisabilityDetails::default().inner()
        };
        let has_details = details != DisabilityDetails::default().inner();
        let mut record = Self {
            ld_id: Some(format!("urn:arenoa:disability-registry:{}", row.need("uin"))),
            personal_details: Some(member(row, (kind::DR_MEMBER, kind::DR_PERSON))),
            disability_status: row.get("disability_status").map(DisabilityStatus::from),
            disability_status_level: row.get("disability_status_level").map(DisabilityLevel::from),
            disability_details: has_details.then_some(details).into_iter().collect(),
            transport_requirement: row.get("transport_requirement").map(TransportRequirement::from),
            housing_type: row.get("housing_type").map(HousingType::from),
            registration_date: text(row, "registration_date"),
            last_updated: text(row, "last_updated"),
            ..Self::default()
        };
        record.more.extend(row.get(REVIEW).map(|day| (REVIEW.into(), day.into())));
        record
    }

    fn keep(&self, db: &Connection) -> rusqlite::Result<i64> {
        store::keep(db, self)
    }
}
