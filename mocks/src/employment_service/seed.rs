//! Everybody whose latest job is over and who looks for another.

use standards::dci::records::{
    EmploymentInfo, EmploymentType, EssEnrolmentStatus, EssMember, UnemploymentReason, kind,
};

use super::model::{JobSeeker, enrolment};
use super::store::keep;
use crate::kit::registry::portrait;
use crate::kit::seed::{Career, People};
use crate::kit::store::Transaction;

pub(super) fn seed(people: &People, tx: &Transaction<'_>) -> rusqlite::Result<()> {
    for career in people.careers() {
        let person = people.person(career.person);
        if let (Some((end, reason)), true) = (career.ended, person.is_alive()) {
            let since = end.tomorrow().unwrap_or(end);
            let uin = person.uin.to_string();
            let member = EssMember {
                ld_id: Some(format!("urn:arenoa:employment-service:{uin}")),
                member_identifier: vec![portrait::uin(&uin)],
                demographic_info: Some(portrait::person(people, person, kind::ESS_PERSON, since)),
                employment_info: vec![job(career)],
                unemployment_reason: Some(UnemploymentReason::from(reason.to_string())),
                registration_date: Some(since.to_string()),
                last_updated: Some(since.to_string()),
                ..EssMember::default()
            };
            let enrolment = enrolment(&uin, &standing(people, career), since);
            keep(tx, &JobSeeker { member, enrolment })?;
        }
    }
    Ok(())
}

fn job(career: &Career) -> EmploymentInfo {
    EmploymentInfo {
        start_date: Some(career.started.to_string()),
        end_date: career.ended.map(|(end, _)| end.to_string()),
        job_title: Some(career.trade.title().into()),
        employer: Some(career.employer.into()),
        employment_type: Some(EmploymentType::from(career.contract.code().to_string())),
        ..EmploymentInfo::default().inner()
    }
}

/// Who of the cast has lost work has been told of and has not come yet: stories activate them. Most others are active.
fn standing(people: &People, career: &Career) -> EssEnrolmentStatus {
    if people.is_cast(career.person) {
        return EssEnrolmentStatus::Inactive;
    }
    match career.person % 10 {
        0 => EssEnrolmentStatus::Suspended,
        1 | 2 => EssEnrolmentStatus::Inactive,
        3 => EssEnrolmentStatus::AwaitingRenewal,
        _ => EssEnrolmentStatus::Active,
    }
}
