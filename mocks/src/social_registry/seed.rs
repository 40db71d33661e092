//! Every household of the country, as the social registry found it at its latest visit.

use rusqlite::params;
use serde_json::Number;
use standards::dci::records::{
    Address, AssistanceUnit, DisabilityInfo, EducationLevel, EmploymentStatus,
    FunctionalLimitation, FunctionalSeverity, GeoCoordinates, Group, Identifier, IdentifierType,
    MaritalStatus, Member, Name, Occupation, Person as Demographics, Place, RelatedPerson,
    Relationship, Sex, kind,
};

use crate::kit::registry::folded;
use crate::kit::seed::{Household, People, Person, Role};
use crate::kit::store::{Transaction, unwritable};

pub(super) fn seed(people: &People, tx: &Transaction<'_>) -> rusqlite::Result<()> {
    let mut household = tx.prepare(
        "insert into household (number, household_id, head, poverty_score, size, region, district, locality, registered,
           updated, record) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )?;
    let mut member = tx.prepare(
        "insert into member (number, household, uin, given_name, surname, sex, birth_date, marital_status, employment,
           disabled, registered, updated, record) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )?;
    for home in people.households() {
        let number = i64::from(home.index) + 1;
        let community = home.community;
        let head = people.person(home.head());
        household.execute(params![
            number,
            home.number(),
            i64::from(head.index) + 1,
            home.score.value(),
            i64::try_from(home.size()).unwrap_or_default(),
            community.province().code(),
            community.district().code(),
            folded(&community.name()),
            home.registered.to_string(),
            home.updated.to_string(),
            group(home).to_json().map_err(unwritable)?,
        ])?;
        for person in people.members(home) {
            member.execute(params![
                i64::from(person.index) + 1,
                number,
                person.uin.to_string(),
                folded(person.given_name()),
                folded(person.family_name()),
                person.sex.code(),
                person.birth_date.to_string(),
                person.marital_status.code(),
                person.employment.code().to_string(),
                person.disability.is_some(),
                home.registered.to_string(),
                home.updated.to_string(),
                described(home, head, person).to_json().map_err(unwritable)?,
            ])?;
        }
    }
    Ok(())
}

/// The household without its members: they are put in when it is answered.
fn group(home: &Household) -> Group {
    let community = home.community;
    let [longitude, latitude] = home.location().degrees();
    let place = Place {
        geo: Some(GeoCoordinates {
            latitude: Number::from_f64(latitude),
            longitude: Number::from_f64(longitude),
            ..GeoCoordinates::default().inner()
        }),
        ..Place::named(&community.name()).inner()
    };
    let district = Place::named(community.district().name()).inner();
    let province = Place::named(community.province().name()).inner();
    Group {
        ld_id: Some(format!("urn:arenoa:social-registry:{}", home.number())),
        group_identifier: vec![Identifier::new("HOUSEHOLD_ID", home.number()).inner()],
        group_type: Some(AssistanceUnit::Household),
        geographical_location: Some(place.within(district.within(province))),
        address: vec![address(home)],
        place_address: Some(true),
        poverty_score: Number::from_f64(home.score.value()),
        poverty_score_type: Some("proxy means test, 0 poorest to 100 best off".into()),
        group_size: u32::try_from(home.size()).ok(),
        registration_date: Some(home.registered.to_string()),
        last_updated: Some(home.updated.to_string()),
        ..Group::default()
    }
    .called(kind::SOCIAL_GROUP)
}

fn address(home: &Household) -> Address {
    Address {
        address_line_1: Some(home.address_line()),
        locality: Some(home.community.name()),
        sub_region_code: Some(home.community.district().code()),
        region_code: Some(home.community.province().code()),
        country_code: Some("QN".into()),
        ..Address::default().inner()
    }
}

/// A member as the household described itself.
fn described(home: &Household, head: &Person, person: &Person) -> Member {
    let code = |digit: u8| digit.to_string();
    Member {
        member_identifier: vec![uin(person)],
        demographic_info: Some(demographics(home, person)),
        related_person: vec![related(head, person)],
        is_disabled: Some(person.disability.is_some()),
        disability_info: person.disability.iter().map(disability).collect(),
        marital_status: Some(MaritalStatus::from(person.marital_status.code())),
        employment_status: Some(EmploymentStatus::from(code(person.employment.code()))),
        occupation: person.trade.map(|t| Occupation::from(code(t.occupation_code()))),
        income_level: Some(home.income_level().code().into()),
        language_code: Some(person.language.code().into()),
        education_level: Some(EducationLevel::from(code(person.education.code()))),
        registration_date: Some(home.registered.to_string()),
        last_updated: Some(home.updated.to_string()),
        ..Member::default()
    }
    .called(kind::SOCIAL_MEMBER)
}

fn uin(person: &Person) -> Identifier {
    Identifier::new(IdentifierType::Uin, person.uin.to_string()).inner()
}

fn demographics(home: &Household, person: &Person) -> Demographics {
    Demographics {
        identifier: vec![uin(person)],
        name: Some(Name::of(person.given_name(), person.family_name()).inner()),
        sex: Some(Sex::from(person.sex.code())),
        birth_date: Some(person.birth_date.to_string()),
        address: vec![address(home)],
        phone_number: person.phone.iter().map(ToString::to_string).collect(),
        registration_date: Some(home.registered.to_string()),
        last_updated: Some(home.updated.to_string()),
        ..Demographics::default()
    }
    .called(kind::SOCIAL_PERSON)
}

/// What the member is to the head of the household.
fn related(head: &Person, person: &Person) -> RelatedPerson {
    let code = match person.role {
        Role::Head => "SELF",
        Role::Spouse => "SPS",
        Role::Child => "CHILD",
        Role::Grandchild => "GRNDCHILD",
        Role::Parent => "PRN",
        Role::Sibling => "SIB",
    };
    let head = Demographics { identifier: vec![uin(head)], ..Demographics::default() };
    RelatedPerson {
        relationship_type: Some(Relationship::from(code)),
        related_member: Some(head.called(kind::SOCIAL_PERSON).inner()),
        ..RelatedPerson::default().inner()
    }
}

fn disability(of: &crate::kit::seed::Disability) -> DisabilityInfo {
    DisabilityInfo {
        disability_limitation_type: Some(FunctionalLimitation::from(
            of.impairment.limitation_code(),
        )),
        functional_severity: Some(FunctionalSeverity::from(of.functional_severity().to_string())),
        ..DisabilityInfo::default().inner()
    }
}
