//! The law of the disability registry: what an assessment may decide, and what a decision changes in a certificate.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use standards::dci::records::{
    CrvsPerson, DisabilityDetails, DisabilityLevel, DisabilityOnset, DisabilityStatus,
    ImpairmentCause, ImpairmentLevel, ImpairmentType, Member, PwdPerson, TransportRequirement,
    kind,
};

use crate::kit::registry::{NotTaken, Refuses, portrait};

/// The day of the next assessment, beside the published attributes of a record.
pub(super) const REVIEW: &str = "review_date";

/// What the assessors decided about a person; codes or their published names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Assessment {
    pub(super) uin: String,
    pub(super) status: DisabilityStatus,
    pub(super) level: Option<DisabilityLevel>,
    pub(super) impairment: Option<ImpairmentType>,
    pub(super) cause: Option<ImpairmentCause>,
    pub(super) onset: Option<DisabilityOnset>,
    pub(super) transport: Option<TransportRequirement>,
    /// When it has to be looked at again.
    #[schemars(with = "Option<String>")]
    pub(super) review: Option<Date>,
}

/// Why a decision is not entered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error(
        r#"this is no assessment: {0}; write {{"uin":"...","status":"Approved","level":"Severe","impairment":"Mobility","review":"2029-10-01"}}"#
    )]
    Malformed(String),
    #[error("{field} `{code}` is not in the list; use {known}")]
    Code { field: &'static str, code: String, known: String },
    #[error("an approved certificate needs {0}")]
    Missing(&'static str),
    #[error("the review on {0} is not ahead: today is {1}")]
    ReviewPassed(Date, Date),
    #[error("{0} has no certificate that could expire")]
    NoCertificate(String),
    #[error("the certificate of {0} says so already")]
    Same(String),
    #[error(transparent)]
    NotTaken(#[from] NotTaken),
}

impl Refuses for Refusal {
    fn status(&self) -> u16 {
        match self {
            Self::NotTaken(not) => not.status(),
            Self::NoCertificate(_) => 404,
            Self::Same(_) => 409,
            _ => 400,
        }
    }
}

impl Assessment {
    /// Reads what an assessor entered.
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        let read: Self =
            serde_json::from_slice(body).map_err(|e| Refusal::Malformed(e.to_string()))?;
        macro_rules! known {
            ($($field:ident: $list:ty),+) => {$(
                if let Some(code) = read.$field.as_ref().filter(|c| !c.is_known()) {
                    let known = listed(<$list>::LIST);
                    return Err(Refusal::Code { field: stringify!($field), code: code.to_string(), known });
                }
            )+};
        }
        known!(level: DisabilityLevel, impairment: ImpairmentType, cause: ImpairmentCause,
            onset: DisabilityOnset, transport: TransportRequirement);
        if !read.status.is_known() {
            let (code, known) = (read.status.to_string(), listed(DisabilityStatus::LIST));
            return Err(Refusal::Code { field: "status", code, known });
        }
        Ok(read)
    }

    /// Whether it may be decided today about somebody whose certificate so far is `before`.
    pub(super) fn check(&self, before: Option<&PwdPerson>, today: Date) -> Result<(), Refusal> {
        if let Some(review) = self.review.filter(|review| *review <= today) {
            return Err(Refusal::ReviewPassed(review, today));
        }
        match self.status {
            DisabilityStatus::Approved => self.check_approval(before),
            DisabilityStatus::Expired if before.is_none() => {
                Err(Refusal::NoCertificate(self.uin.clone()))
            }
            _ => Ok(()),
        }
    }

    fn check_approval(&self, before: Option<&PwdPerson>) -> Result<(), Refusal> {
        let known = |known: fn(&PwdPerson) -> bool| before.is_some_and(known);
        if self.level.is_none() && !known(|b| b.disability_status_level.is_some()) {
            return Err(Refusal::Missing("a level, 1 to 4"));
        }
        if self.impairment.is_none() && !known(|b| !b.disability_details.is_empty()) {
            return Err(Refusal::Missing("an impairment, 1 to 6"));
        }
        if self.review.is_none() && !known(|b| b.more.contains_key(REVIEW)) {
            return Err(Refusal::Missing("a date of review"));
        }
        Ok(())
    }

    /// The certificate after this decision; what it does not speak of stays as it was.
    pub(super) fn decided(&self, before: &PwdPerson, today: Date) -> Result<PwdPerson, Refusal> {
        let mut record = before.clone();
        record.disability_status = Some(self.status.clone());
        if self.level.is_some() {
            record.disability_status_level.clone_from(&self.level);
        }
        if self.transport.is_some() {
            record.transport_requirement.clone_from(&self.transport);
        }
        if let Some(review) = self.review {
            record.more.insert(REVIEW.into(), review.to_string().into());
        }
        let earlier = record.disability_details.first().cloned();
        let mut details = earlier.unwrap_or_else(|| DisabilityDetails::default().inner());
        if self.impairment.is_some() {
            details.impairment_type.clone_from(&self.impairment);
        }
        if self.cause.is_some() {
            details.impairment_cause.clone_from(&self.cause);
        }
        if self.onset.is_some() {
            details.age_on_set.clone_from(&self.onset);
        }
        if self.level.is_some() {
            details.impairment_level = self.level.as_ref().and_then(as_impairment);
        }
        if details.impairment_type.is_some() {
            record.disability_details = vec![details];
        }
        if record == *before {
            return Err(Refusal::Same(self.uin.clone()));
        }
        record.last_updated = Some(today.to_string());
        Ok(record)
    }
}

/// An empty certificate for somebody whom the civil registry knows.
pub(super) fn opened(civil: &CrvsPerson, uin: &str, today: Date) -> PwdPerson {
    let member = Member {
        member_identifier: vec![portrait::uin(uin)],
        demographic_info: Some(portrait::of_civil(civil, kind::DR_PERSON, today)),
        marital_status: civil.marital_status.clone(),
        registration_date: Some(today.to_string()),
        last_updated: Some(today.to_string()),
        ..Member::default()
    };
    PwdPerson {
        ld_id: Some(format!("urn:arenoa:disability-registry:{uin}")),
        personal_details: Some(member.called(kind::DR_MEMBER).inner()),
        registration_date: Some(today.to_string()),
        ..PwdPerson::default()
    }
}

/// Whether somebody is in the first year of life.
pub(super) fn is_newborn(record: &PwdPerson, today: Date) -> bool {
    let person = record.personal_details.as_ref().and_then(|m| m.demographic_info.as_ref());
    let born = person.and_then(|p| p.birth_date.as_deref()?.parse::<Date>().ok());
    born.is_some_and(|born| crate::kit::seed::age_on(born, today) == 0)
}

/// The two lists count in opposite directions: high support needs (1) is an extreme impairment (4).
fn as_impairment(level: &DisabilityLevel) -> Option<ImpairmentLevel> {
    Some(match level {
        DisabilityLevel::HighSupportNeeds => ImpairmentLevel::Extreme,
        DisabilityLevel::Severe => ImpairmentLevel::Severe,
        DisabilityLevel::Moderate => ImpairmentLevel::Moderate,
        DisabilityLevel::Mild => ImpairmentLevel::Mild,
        DisabilityLevel::Other(_) => return None,
    })
}

fn listed(codes: &[(&str, &str)]) -> String {
    codes.iter().map(|(code, name)| format!("{code} ({name})")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 10, 1);

    fn read(text: &str) -> Assessment {
        Assessment::read(text.as_bytes()).unwrap()
    }

    #[test]
    fn an_approval_says_what_and_until_when() {
        let whole =
            r#"{"uin":"1","status":"Approved","level":2,"impairment":"3","review":"2029-10-01"}"#;
        assert_eq!(read(whole).check(None, TODAY), Ok(()));
        let bare = read(r#"{"uin":"1","status":"0"}"#);
        assert_eq!(bare.check(None, TODAY), Err(Refusal::Missing("a level, 1 to 4")));
        let late = read(r#"{"uin":"1","status":"1","review":"2026-10-01"}"#);
        assert_eq!(late.check(None, TODAY), Err(Refusal::ReviewPassed(TODAY, TODAY)));
        let expired = read(r#"{"uin":"1","status":"Expired"}"#);
        assert!(matches!(expired.check(None, TODAY), Err(Refusal::NoCertificate(_))));
    }

    #[test]
    fn a_code_that_is_in_no_list_is_refused_with_the_list() {
        let wrong = Assessment::read(br#"{"uin":"1","status":"Approved","level":"9"}"#);
        let said = wrong.unwrap_err().to_string();
        assert!(said.starts_with("level `9`") && said.contains("2 (Severe)"), "{said}");
    }

    #[test]
    fn what_a_decision_does_not_speak_of_stays() {
        let whole = read(
            r#"{"uin":"1","status":"0","level":"2","impairment":"3","cause":"5","review":"2029-10-01"}"#,
        );
        let record = whole.decided(&PwdPerson::default(), TODAY).unwrap();
        let milder = read(r#"{"uin":"1","status":"0","level":"3"}"#);
        assert_eq!(milder.check(Some(&record), TODAY), Ok(()));
        let after = milder.decided(&record, TODAY).unwrap();
        let details = &after.disability_details[0];
        assert_eq!(details.impairment_cause, Some(ImpairmentCause::WorkAccident));
        assert_eq!(details.impairment_level, Some(ImpairmentLevel::Moderate));
        assert_eq!(milder.decided(&after, TODAY), Err(Refusal::Same("1".into())));
    }
}
