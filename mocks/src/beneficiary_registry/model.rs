//! The law of the beneficiary registry: what an `enrolled` question may ask, and what an update changes.

use jiff::civil::Date;
use serde_json::Value;
use standards::dci::parse_timestamp;
use standards::dci::query::{Filter, Op};
use standards::dci::records::v1::modernise;
use standards::dci::records::{
    AssistanceUnit, Beneficiary, Benefit, BenefitType, ContributionType, CrvsPerson,
    EnrollmentStatus, IdentifierType, InstitutionType, LegalStatus, Programme as Described,
    ProgrammeType, SocialProtectionFunction, kind,
};

use super::programmes::{Programme, codes, named};
use crate::kit::registry::{NotTaken, portrait};

/// Who, in which programme: all that may be asked at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) uin: String,
    pub(super) programme: &'static str,
}

/// Why a question is not answered or an update is not kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error(
        "name one person and one programme: {{\"person_identifier\": {{\"eq\": \"...\"}}, \"programme_identifier\": {{\"eq\": \"OAP\"}}}}"
    )]
    NotOnePersonAndProgramme,
    #[error("there is no programme {0}; use {1}")]
    Programme(String, String),
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("this is no beneficiary: {0}")]
    Malformed(String),
    #[error("{0} `{1}` cannot be kept; write {2}")]
    Wrong(&'static str, String, String),
    #[error(transparent)]
    NotTaken(#[from] NotTaken),
}

impl Asked {
    /// Reads the question out of its filter. Whoever asks about more than one programme learns too much about a person.
    pub(super) fn read(filter: &Filter) -> Result<Self, Refusal> {
        let parts = match filter {
            Filter::All(parts) => parts.as_slice(),
            other => std::slice::from_ref(other),
        };
        let (mut uin, mut programme) = (None, None);
        for part in parts {
            let Filter::Compare { attribute, op: Op::Eq, value } = part else {
                return Err(Refusal::NotOnePersonAndProgramme);
            };
            let last = attribute.rsplit('.').next().unwrap_or(attribute);
            let place = match last.to_ascii_lowercase().as_str() {
                "person_identifier" | "member_identifier" | "uin" | "identifier_value" => &mut uin,
                "programme_identifier" | "program_identifier" | "programme" => &mut programme,
                _ => return Err(Refusal::NotOnePersonAndProgramme),
            };
            let text =
                value.as_str().map(str::to_owned).or_else(|| Some(value.as_u64()?.to_string()));
            if place.replace(text.ok_or(Refusal::NotOnePersonAndProgramme)?).is_some() {
                return Err(Refusal::NotOnePersonAndProgramme);
            }
        }
        match (uin, programme) {
            (Some(uin), Some(code)) => Ok(Self { uin, programme: known(&code)?.code }),
            _ => Err(Refusal::NotOnePersonAndProgramme),
        }
    }
}

fn known(code: &str) -> Result<&'static Programme, Refusal> {
    named(code).ok_or_else(|| Refusal::Programme(code.into(), codes()))
}

/// An update that was read.
#[derive(Debug, Clone)]
pub(super) struct Update {
    pub(super) uin: String,
    pub(super) programme: &'static str,
    pub(super) status: EnrollmentStatus,
    pub(super) record: Beneficiary,
}

/// What an update does to an enrolment.
#[derive(Debug, Clone)]
pub(super) struct Changed {
    pub(super) record: Beneficiary,
    pub(super) is_new: bool,
    pub(super) status_changed: bool,
}

impl Update {
    /// Reads a beneficiary as a programme reports it, in the words of 2026 or those of v1.0.0.
    pub(super) fn read(beneficiary: &Value) -> Result<Self, Refusal> {
        let mut beneficiary = beneficiary.clone();
        modernise(&mut beneficiary);
        let record: Beneficiary = standards::dci::read_value(&beneficiary)
            .map_err(|e| Refusal::Malformed(e.to_string()))?;
        let member = record.member.as_ref();
        let member = member.ok_or(Refusal::Missing("member, with member_identifier"))?;
        let own = member.demographic_info.iter().flat_map(|p| &p.identifier);
        let typed = member
            .member_identifier
            .iter()
            .chain(own)
            .find(|id| id.identifier_type == Some(IdentifierType::Uin));
        // v1.0.0 writes the number alone, and a member bears the UIN here.
        let bare = || member.member_identifier.iter().find(|id| id.identifier_type.is_none());
        let uin = typed
            .or_else(bare)
            .and_then(|id| id.identifier_value.clone())
            .filter(|uin| !uin.trim().is_empty());
        let uin = uin.ok_or(Refusal::Missing("member.member_identifier of type UIN"))?;
        if uin.len() != 10 || !uin.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Refusal::Wrong("UIN", uin, String::from("ten digits")));
        }
        let [programme] = record.programme_identifier.as_slice() else {
            return Err(Refusal::Missing("programme_identifier, a list with one programme,"));
        };
        let code = programme.programme_identifier.as_deref();
        let code = code.ok_or(Refusal::Missing("programme_identifier[0].programme_identifier"))?;
        let programme = known(code)?.code;
        let status = record.enrollment_status.clone();
        let status = status.ok_or(Refusal::Missing("enrollment_status"))?;
        if !status.is_known() {
            let sentence = format!("enrollment_status {status} is none of 1, 2, 3, 4");
            return Err(Refusal::Malformed(sentence));
        }
        check_unit_and_days(&record)?;
        Ok(Self { uin, programme, status, record })
    }

    /// Whether it tells enough of the person that searches find it.
    pub(super) fn tells_who_it_is(&self) -> bool {
        let member = self.record.member.as_ref();
        let person = member.and_then(|member| member.demographic_info.as_ref());
        person.is_some_and(|person| person.birth_date.is_some() && person.sex.is_some())
    }

    /// The same with the facts that the civil registry has of the person; what it does not keep stays as it was told.
    pub(super) fn of(mut self, civil: &CrvsPerson, today: Date) -> Self {
        let mut member = self.record.member.take().unwrap_or_default();
        let mut person = portrait::of_civil(civil, kind::IBR_PERSON, today);
        if let Some(told) = member.demographic_info.take() {
            person.phone_number = told.phone_number;
            person.email = told.email;
        }
        member.member_identifier = vec![portrait::uin(&self.uin)];
        member.demographic_info = Some(person);
        self.record.member = Some(member.called(kind::IBR_MEMBER).inner());
        self
    }

    /// Whether somebody can have been enrolled on the day that the update tells: not before the birth, and not ahead of today.
    pub(super) fn check_enrolment_day(
        &self,
        before: Option<&Beneficiary>,
        today: Date,
    ) -> Result<(), Refusal> {
        let Some(told) = &self.record.enrollment_date else { return Ok(()) };
        let Some(on) = day(told) else { return Ok(()) };
        let wrong = |right| Err(Refusal::Wrong("enrollment_date", told.clone(), right));
        if on > today {
            return wrong(format!("a day not after today, {today}"));
        }
        match birth_of(&self.record).or_else(|| before.and_then(birth_of)) {
            Some(born) if on < born => wrong(format!("a day not before the birth, {born}")),
            _ => Ok(()),
        }
    }

    /// The enrolment after this update, which came on the day `today`. The same benefit line twice is one line.
    pub(super) fn applied(self, before: Option<Beneficiary>, today: &str) -> Changed {
        let Some(mut record) = before else {
            let mut record = self.record;
            // The programme's name for it is the programme's: two records here never share one.
            record.ld_id = Some(name_of(&self.uin, self.programme));
            record.programme_identifier =
                named(self.programme).map(described).into_iter().collect();
            record.assistance_unit.get_or_insert(AssistanceUnit::Member);
            record.enrollment_date.get_or_insert_with(|| today.into());
            return Changed { record, is_new: true, status_changed: false };
        };
        let status_changed = record.enrollment_status.as_ref() != Some(&self.status);
        if status_changed {
            record.enrollment_status = Some(self.status);
            record.status_change_date.push(today.into());
        }
        if self.record.enrollment_date.is_some() {
            record.enrollment_date = self.record.enrollment_date;
        }
        if self.record.assistance_unit.is_some() {
            record.assistance_unit = self.record.assistance_unit;
        }
        for benefit in self.record.benefits {
            if !record.benefits.iter().any(|known| same(known, &benefit)) {
                record.benefits.push(benefit);
            }
        }
        Changed { record, is_new: false, status_changed }
    }
}

/// What the record of an enrolment is called in the web.
pub(super) fn name_of(uin: &str, programme: &str) -> String {
    format!("urn:arenoa:beneficiary-registry:{uin}:{programme}")
}

/// When the person of an enrolment was born, where that is known.
fn birth_of(record: &Beneficiary) -> Option<Date> {
    day(record.member.as_ref()?.demographic_info.as_ref()?.birth_date.as_deref()?)
}

/// The day of a date or a time.
fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// The unit, the days and the benefits must be what a search can find; absent ones are told by nobody.
fn check_unit_and_days(record: &Beneficiary) -> Result<(), Refusal> {
    if let Some(unit) = record.assistance_unit.as_ref().filter(|unit| !unit.is_known()) {
        let known = AssistanceUnit::KNOWN.join(", ");
        return Err(Refusal::Wrong("assistance_unit", unit.to_string(), known));
    }
    let days = record.enrollment_date.iter().map(|day| ("enrollment_date", day));
    let changes = record.status_change_date.iter().map(|day| ("status_change_date", day));
    let given =
        record.benefits.iter().filter_map(|b| Some(("benefit_date", b.benefit_date.as_ref()?)));
    for (field, day) in days.chain(changes).chain(given) {
        if day.parse::<Date>().is_err() && parse_timestamp(day).is_err() {
            let right = String::from("a date such as 2026-10-01");
            return Err(Refusal::Wrong(field, day.clone(), right));
        }
    }
    for benefit in &record.benefits {
        let kind = benefit.benefit_type.as_ref();
        let kind = kind.ok_or(Refusal::Missing("benefit_type of a benefit"))?;
        if !kind.is_known() {
            let known = BenefitType::KNOWN.join(", ");
            return Err(Refusal::Wrong("benefit_type", kind.to_string(), known));
        }
        benefit.benefit_date.as_ref().ok_or(Refusal::Missing("benefit_date of a benefit"))?;
    }
    Ok(())
}

/// Whether two lines tell of the same benefit, whatever web names they have.
fn same(one: &Benefit, other: &Benefit) -> bool {
    let told = |benefit: &Benefit| {
        let Benefit {
            benefit_type,
            benefit_date,
            benefit_value,
            benefit_description,
            benefit_quantity,
            ..
        } = benefit.clone();
        (benefit_type, benefit_date, benefit_value, benefit_description, benefit_quantity)
    };
    told(one) == told(other)
}

/// A programme as records describe it.
pub(super) fn described(programme: &Programme) -> Described {
    Described {
        programme_name: Some(programme.name.into()),
        programme_identifier: Some(programme.code.into()),
        implementing_institution: Some("Republic of Arenoa".into()),
        institution_type: Some(InstitutionType::Public),
        legal_status: Some(LegalStatus::AnchoredInNationalLegislation),
        social_protection_functions: vec![SocialProtectionFunction::from(programme.function)],
        contribution_type: Some(ContributionType::from(programme.contribution)),
        programme_type: Some(ProgrammeType::from(programme.kind)),
        ..Described::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use standards::dci::query::{Mode, parse};

    fn asked(query: &Value) -> Result<Asked, Refusal> {
        Asked::read(&parse("expression", query, Mode::Lenient).unwrap())
    }

    #[test]
    fn one_person_and_one_programme_can_be_asked_after() {
        let query = json!({"person_identifier": {"eq": "847951632"},
            "programme_identifier.program.programme_identifier": {"eq": "oap"}});
        let right = Asked { uin: "847951632".into(), programme: "OAP" };
        assert_eq!(asked(&query), Ok(right));
    }

    #[test]
    fn nobody_learns_all_programmes_of_a_person() {
        let refused = Err(Refusal::NotOnePersonAndProgramme);
        assert_eq!(asked(&json!({"person_identifier": {"eq": "1"}})), refused);
        let both = json!({"person_identifier": {"eq": "1"}, "programme_identifier": {"in": ["OAP", "CPF"]}});
        assert_eq!(asked(&both), refused);
    }

    #[test]
    fn a_benefit_reported_twice_is_one_line() {
        let report = json!({"member": {"member_identifier": [{"identifier_type": "UIN", "identifier_value": "2464795924"}]},
            "programme_identifier": [{"programme_identifier": "OAP"}], "enrollment_status": "1",
            "benefits": [{"benefit_type": "1", "benefit_date": "2026-10-01", "benefit_value": "100.00 XTS"}]});
        let once = Update::read(&report).unwrap().applied(None, "2026-10-01");
        assert!(once.is_new);
        let twice = Update::read(&report).unwrap().applied(Some(once.record), "2026-10-01");
        assert_eq!(
            (twice.record.benefits.len(), twice.is_new, twice.status_changed),
            (1, false, false)
        );
    }
}
