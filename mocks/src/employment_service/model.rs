//! The law of the employment service: what somebody says on registering, and how a standing may change.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use standards::dci::records::{
    AssistanceUnit, Beneficiary, ContributionType, CrvsPerson, EmploymentInfo, EmploymentType,
    EnrollmentStatus, EssEnrolmentStatus, EssMember, Programme, ProgrammeType,
    SocialProtectionFunction, UnemploymentReason, kind,
};

use crate::kit::registry::{NotTaken, Refuses, portrait};

/// Somebody who looks for work, or did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct JobSeeker {
    pub(super) member: EssMember,
    /// The enrolment in employment support, without the member.
    pub(super) enrolment: Beneficiary,
}

/// What somebody says on registering; codes or their published names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Registration {
    pub(super) uin: String,
    /// Why there is no work now.
    pub(super) reason: UnemploymentReason,
    /// The latest job, where there was one.
    pub(super) job_title: Option<String>,
    pub(super) employer: Option<String>,
    pub(super) employment_type: Option<EmploymentType>,
    #[schemars(with = "Option<String>")]
    pub(super) start_date: Option<Date>,
    #[schemars(with = "Option<String>")]
    pub(super) end_date: Option<Date>,
}

/// A standing that an officer, or the person, changes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Standing {
    pub(super) status: EssEnrolmentStatus,
}

/// Why something is not entered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("this cannot be read: {0}; write {1}")]
    Malformed(String, &'static str),
    #[error("{field} `{code}` is not in the list; use {known}")]
    Code { field: &'static str, code: String, known: String },
    #[error("the job ended on {0}, and today is {1}: who still works does not register")]
    StillWorks(Date, Date),
    #[error("the job ended on {1}, before it began on {0}")]
    Backwards(Date, Date),
    #[error("a job needs {0}, or leave all of it out")]
    HalfAJob(&'static str),
    #[error("{0} is registered already; change the status instead")]
    Twice(String),
    #[error("{0} is not registered here")]
    Unknown(String),
    #[error("the status is {0} and cannot become {1}{2}")]
    Step(String, String, &'static str),
    #[error(transparent)]
    NotTaken(#[from] NotTaken),
}

impl Refuses for Refusal {
    fn status(&self) -> u16 {
        match self {
            Self::NotTaken(not) => not.status(),
            Self::Unknown(_) => 404,
            Self::Twice(_) | Self::Step(..) => 409,
            _ => 400,
        }
    }
}

impl Registration {
    /// Reads and checks what was said, today.
    pub(super) fn read(body: &[u8], today: Date) -> Result<Self, Refusal> {
        let right = r#"{"uin":"...","reason":"1","job_title":"packer","employer":"...","employment_type":"Permanent","start_date":"2025-02-24","end_date":"2026-09-15"}"#;
        let read: Self =
            serde_json::from_slice(body).map_err(|e| Refusal::Malformed(e.to_string(), right))?;
        if !read.reason.is_known() {
            return Err(not_listed("reason", &read.reason, UnemploymentReason::LIST));
        }
        if let Some(kind) = read.employment_type.as_ref().filter(|k| !k.is_known()) {
            return Err(not_listed("employment_type", kind, EmploymentType::LIST));
        }
        match (read.start_date, read.end_date) {
            (_, Some(end)) if end > today => return Err(Refusal::StillWorks(end, today)),
            (Some(start), Some(end)) if end < start => return Err(Refusal::Backwards(start, end)),
            (Some(_), None) => return Err(Refusal::HalfAJob("end_date")),
            (None, Some(_)) => return Err(Refusal::HalfAJob("start_date")),
            _ => {}
        }
        let some_job = read.employer.is_some() || read.end_date.is_some();
        if some_job && read.job_title.is_none() {
            return Err(Refusal::HalfAJob("job_title"));
        }
        Ok(read)
    }

    /// The first day on which the person worked, or looks for work.
    pub(super) fn works_since(&self, today: Date) -> Date {
        self.start_date.unwrap_or(today)
    }

    /// The person as registered today, active from now on.
    pub(super) fn entered(&self, civil: &CrvsPerson, today: Date) -> JobSeeker {
        let job = self.job_title.clone().map(|title| EmploymentInfo {
            start_date: self.start_date.map(|d| d.to_string()),
            end_date: self.end_date.map(|d| d.to_string()),
            job_title: Some(title),
            employer: self.employer.clone(),
            employment_type: self.employment_type.clone(),
            ..EmploymentInfo::default().inner()
        });
        let member = EssMember {
            ld_id: Some(format!("urn:arenoa:employment-service:{}", self.uin)),
            member_identifier: vec![portrait::uin(&self.uin)],
            demographic_info: Some(portrait::of_civil(civil, kind::ESS_PERSON, today)),
            employment_info: job.into_iter().collect(),
            unemployment_reason: Some(self.reason.clone()),
            registration_date: Some(today.to_string()),
            last_updated: Some(today.to_string()),
            ..EssMember::default()
        };
        let enrolment = enrolment(&self.uin, &EssEnrolmentStatus::Active, today);
        JobSeeker { member, enrolment }
    }
}

impl Standing {
    /// Reads a change of standing.
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        let right = r#"{"status":"Active"}"#;
        let read: Self =
            serde_json::from_slice(body).map_err(|e| Refusal::Malformed(e.to_string(), right))?;
        if !read.status.is_known() {
            return Err(not_listed("status", &read.status, EssEnrolmentStatus::LIST));
        }
        Ok(read)
    }

    /// The person after the change.
    pub(super) fn applied(&self, who: JobSeeker, today: Date) -> Result<JobSeeker, Refusal> {
        use EssEnrolmentStatus as S;
        let before = status_of(&who.enrolment);
        let hint = match (&before, &self.status) {
            (before, after) if before == after => Some(": it is so already"),
            (S::Deceased, _) => Some(": nobody comes back from the dead"),
            (S::Suspended, S::Active) => Some("; write Reinstated"),
            (before, S::Reinstated) if *before != S::Suspended => {
                Some(": only who is suspended is reinstated")
            }
            _ => None,
        };
        if let Some(hint) = hint {
            let (from, to) = (before.label().to_owned(), self.status.label().to_owned());
            return Err(Refusal::Step(from, to, hint));
        }
        let mut after = who;
        after.enrolment.enrollment_status = Some(EnrollmentStatus::from(self.status.as_str()));
        after.enrolment.status_change_date.push(today.to_string());
        after.member.last_updated = Some(today.to_string());
        Ok(after)
    }
}

/// Where somebody stands, in the list of employment support.
pub(super) fn status_of(enrolment: &Beneficiary) -> EssEnrolmentStatus {
    let code = enrolment.enrollment_status.as_ref().map_or("", EnrollmentStatus::as_str);
    EssEnrolmentStatus::from(code)
}

/// An enrolment in employment support. Its codes are those of ESS, which has three more than the list of benefits.
pub(super) fn enrolment(uin: &str, status: &EssEnrolmentStatus, since: Date) -> Beneficiary {
    let programme = Programme {
        programme_name: Some("Employment support".into()),
        programme_identifier: Some("ESS".into()),
        contribution_type: Some(ContributionType::NonContributory),
        programme_type: Some(ProgrammeType::from("14")),
        social_protection_functions: vec![SocialProtectionFunction::from("7")],
        ..Programme::default()
    };
    Beneficiary {
        ld_id: Some(format!("urn:arenoa:employment-service:{uin}:ESS")),
        assistance_unit: Some(AssistanceUnit::Member),
        programme_identifier: vec![programme.called(kind::ESS_PROGRAMME)],
        enrollment_date: Some(since.to_string()),
        enrollment_status: Some(EnrollmentStatus::from(status.as_str())),
        ..Beneficiary::default()
    }
    .called(kind::ESS_BENEFICIARY)
}

fn not_listed(field: &'static str, code: &impl ToString, codes: &[(&str, &str)]) -> Refusal {
    let known = codes.iter().map(|(code, name)| format!("{code} ({name})"));
    Refusal::Code { field, code: code.to_string(), known: known.collect::<Vec<_>>().join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 10, 1);

    fn someone(status: &EssEnrolmentStatus) -> JobSeeker {
        JobSeeker { member: EssMember::default(), enrolment: enrolment("1", status, TODAY) }
    }

    #[test]
    fn the_law_of_standings() {
        use EssEnrolmentStatus as S;
        for (from, to, allowed) in [
            (S::Inactive, S::Active, true),
            (S::Active, S::Active, false),
            (S::Active, S::Suspended, true),
            (S::Suspended, S::Active, false),
            (S::Suspended, S::Reinstated, true),
            (S::Active, S::Reinstated, false),
            (S::Active, S::Deceased, true),
            (S::Deceased, S::Active, false),
            (S::Exited, S::Active, true),
        ] {
            let outcome = Standing { status: to.clone() }.applied(someone(&from), TODAY);
            assert_eq!(outcome.is_ok(), allowed, "{from} to {to}");
            assert!(outcome.is_err() || status_of(&outcome.unwrap().enrolment) == to);
        }
    }

    #[test]
    fn a_job_is_told_whole_and_is_over() {
        let read = |text: &str| Registration::read(text.as_bytes(), TODAY).map(drop);
        assert_eq!(read(r#"{"uin":"1","reason":"Retirement"}"#), Ok(()));
        let half = read(r#"{"uin":"1","reason":1,"employer":"Harbour Stores"}"#);
        assert_eq!(half, Err(Refusal::HalfAJob("job_title")));
        let ahead = r#"{"uin":"1","reason":1,"job_title":"cook","start_date":"2026-01-01","end_date":"2026-10-02"}"#;
        assert_eq!(read(ahead), Err(Refusal::StillWorks(date(2026, 10, 2), TODAY)));
        assert!(matches!(read(r#"{"uin":"1","reason":"9"}"#), Err(Refusal::Code { .. })));
    }
}
