//! Everybody with a disability that somebody has certified or is about to, and what support each needs.

use jiff::civil::Date;
use standards::dci::records::{
    AnimalAssistance, AnimalAssistanceType, AssistiveTechnology, AssistiveTechnologyType,
    DisabilityDetails, DisabilityLevel, DisabilityOnset, DisabilityStatus, DisabilitySupport,
    HousingSupport, HousingSupportType, HousingType, HumanAssistance, HumanAssistanceType,
    ImpairmentCause, ImpairmentLevel, ImpairmentType, MedicalCare, MedicalCareType, Name,
    Person as Demographics, PwdPerson, Relationship, SupportFrequency, SupportStatus,
    TransportRequirement, kind,
};

use super::model::REVIEW;
use super::store::keep;
use crate::kit::registry::portrait;
use crate::kit::seed::{Disability, Impairment, People, Person, Role};
use crate::kit::store::Transaction;

pub(super) fn seed(people: &People, tx: &Transaction<'_>) -> rusqlite::Result<()> {
    for person in people.living() {
        if let Some(disability) = &person.disability {
            keep(tx, &certificate(people, person, disability))?;
        }
    }
    Ok(())
}

fn certificate(people: &People, person: &Person, of: &Disability) -> PwdPerson {
    let since = of.registered.to_string();
    let kinds = (kind::DR_MEMBER, kind::DR_PERSON);
    let code = |digit: u8| digit.to_string();
    let housing = match person.role {
        Role::Head | Role::Spouse => HousingType::OwnHome,
        _ => HousingType::RelativesHome,
    };
    let mut record = PwdPerson {
        ld_id: Some(format!("urn:arenoa:disability-registry:{}", person.uin)),
        personal_details: Some(portrait::member(people, person, kinds, of.registered)),
        disability_status: Some(DisabilityStatus::from(code(of.status.code()))),
        disability_status_level: Some(DisabilityLevel::from(code(of.level))),
        disability_details: vec![DisabilityDetails {
            impairment_type: Some(ImpairmentType::from(code(of.impairment.code()))),
            impairment_level: Some(ImpairmentLevel::from(code(of.impairment_level()))),
            impairment_cause: Some(ImpairmentCause::from(code(of.cause))),
            age_on_set: Some(DisabilityOnset::from(code(of.onset))),
            ..DisabilityDetails::default().inner()
        }],
        disability_support: vec![support(people, person, of)],
        transport_requirement: Some(transport(of)),
        housing_type: Some(housing),
        registration_date: Some(since.clone()),
        last_updated: Some(since),
        ..PwdPerson::default()
    };
    record.more.insert(REVIEW.into(), of.review.to_string().into());
    record
}

/// How somebody gets about.
fn transport(of: &Disability) -> TransportRequirement {
    match (of.impairment, of.level) {
        (Impairment::Mobility, 1 | 2) => TransportRequirement::AdaptableVehicle,
        (_, 1) | (Impairment::Vision, 2) => TransportRequirement::PointToPointTransportation,
        _ => TransportRequirement::PublicTransportation,
    }
}

fn support(people: &People, person: &Person, of: &Disability) -> DisabilitySupport {
    let since = Some(of.registered.to_string());
    // Two of three have what they need.
    let has = !person.index.is_multiple_of(3);
    let status = Some(if has { SupportStatus::Received } else { SupportStatus::Needed });
    let severe = of.level <= 2;
    let device = match of.impairment {
        Impairment::Mobility if severe => Some(AssistiveTechnologyType::Wheelchairs),
        Impairment::Hearing => Some(AssistiveTechnologyType::HearingAids),
        Impairment::Speech if severe => Some(AssistiveTechnologyType::SpeechGeneratingDevices),
        _ => None,
    };
    let care = match of.impairment {
        Impairment::Mental => Some(MedicalCareType::MaintenanceMedicine),
        _ if of.level == 1 => Some(MedicalCareType::ConstantHealthcare),
        _ => None,
    };
    let at_home = (of.impairment == Impairment::Mobility && severe)
        .then_some(HousingSupportType::HomeAdaptation);
    let animal = (of.impairment == Impairment::Vision && of.level == 1)
        .then_some(AnimalAssistanceType::ServiceDog);
    macro_rules! lines {
        ($record:ident, $kind:expr) => {
            $kind
                .map(|kind| $record {
                    kind: Some(kind),
                    status: status.clone(),
                    registration_date: since.clone(),
                    last_updated: since.clone(),
                    ..$record::default().inner()
                })
                .into_iter()
                .collect()
        };
    }
    DisabilitySupport {
        human_assistance: assistance(people, person, of).into_iter().collect(),
        assistive_technology: lines!(AssistiveTechnology, device),
        housing_support: lines!(HousingSupport, at_home),
        medical_care: lines!(MedicalCare, care),
        animal_assistance: lines!(AnimalAssistance, animal),
        registration_date: since.clone(),
        last_updated: since.clone(),
        ..DisabilitySupport::default().inner()
    }
}

/// Who helps, and with what.
fn assistance(people: &People, person: &Person, of: &Disability) -> Option<HumanAssistance> {
    let with = match of.impairment {
        Impairment::Mobility | Impairment::Vision if of.level <= 2 => HumanAssistanceType::Mobility,
        Impairment::Cognitive | Impairment::Mental if of.level <= 2 => {
            HumanAssistanceType::DecisionMaking
        }
        Impairment::Hearing | Impairment::Speech if of.level == 1 => {
            HumanAssistanceType::Communication
        }
        _ => return None,
    };
    let helper = helper(people, person);
    let status = if helper.is_some() { SupportStatus::Received } else { SupportStatus::Needed };
    let often = if of.level == 1 { SupportFrequency::Permanent } else { SupportFrequency::Daily };
    let (caregiver, relationship) = helper.unzip();
    Some(HumanAssistance {
        kind: Some(with),
        intensity: Some(often),
        support: Some(status),
        caregiver: caregiver.map(|c| named(c, of.registered)),
        relationship: relationship.map(Relationship::from),
        registration_date: Some(of.registered.to_string()),
        last_updated: Some(of.registered.to_string()),
        ..HumanAssistance::default().inner()
    })
}

/// The spouse, the mother of a child, or the head, where they live under one roof.
fn helper<'p>(people: &'p People, person: &Person) -> Option<(&'p Person, &'static str)> {
    let home = people.household_of(person)?;
    let lives_here = |index: usize| home.members().contains(&index);
    let spouse = person.spouse().filter(|i| lives_here(*i)).map(|i| (i, "SPS"));
    let mother = person.mother().filter(|i| lives_here(*i)).map(|i| (i, "MTH"));
    let head = Some(home.head()).filter(|i| *i != person.index as usize).map(|i| (i, "FAMMEMB"));
    let (index, tie) = spouse.or(mother).or(head)?;
    Some((people.person(index), tie))
}

fn named(person: &Person, since: Date) -> Demographics {
    Demographics {
        identifier: vec![portrait::uin(&person.uin.to_string())],
        name: Some(Name::of(person.given_name(), person.family_name()).inner()),
        registration_date: Some(since.to_string()),
        ..Demographics::default()
    }
    .called(kind::DR_PERSON)
    .inner()
}
