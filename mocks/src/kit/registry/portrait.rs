//! People as registries write them down: identifier, name, birth and home (schema.spdci.org, core/v1/data).

use jiff::civil::Date;
use standards::dci::records::{
    Address, CrvsPerson, Identifier, IdentifierType, Kind, MaritalStatus, Member, Name, Person, Sex,
};

use super::value::folded;
use crate::kit::seed::{Household, People, Person as Somebody};

/// The number by which every registry knows a person.
pub fn uin(number: &str) -> Identifier {
    Identifier::new(IdentifierType::Uin, number).inner()
}

/// Where a household lives.
pub fn address(home: &Household) -> Address {
    Address {
        address_line_1: Some(home.address_line()),
        locality: Some(home.community.name()),
        sub_region_code: Some(home.community.district().code()),
        region_code: Some(home.community.province().code()),
        country_code: Some("QN".into()),
        ..Address::default().inner()
    }
}

/// Somebody of the country, whom a registry that calls persons `kind` has known since that day.
pub fn person(people: &People, somebody: &Somebody, kind: Kind, since: Date) -> Person {
    let home = people.household_of(somebody);
    Person {
        identifier: vec![uin(&somebody.uin.to_string())],
        name: Some(Name::of(somebody.given_name(), somebody.family_name()).inner()),
        sex: Some(Sex::from(somebody.sex.code())),
        birth_date: Some(somebody.birth_date.to_string()),
        address: home.map(address).into_iter().collect(),
        phone_number: somebody.phone.iter().map(ToString::to_string).collect(),
        registration_date: Some(since.to_string()),
        last_updated: Some(since.to_string()),
        ..Person::default()
    }
    .called(kind)
    .inner()
}

/// The same somebody as a member; `kinds` are the registry's words for a member and a person.
pub fn member(people: &People, somebody: &Somebody, kinds: (Kind, Kind), since: Date) -> Member {
    Member {
        member_identifier: vec![uin(&somebody.uin.to_string())],
        demographic_info: Some(person(people, somebody, kinds.1, since)),
        marital_status: Some(MaritalStatus::from(somebody.marital_status.code())),
        registration_date: Some(since.to_string()),
        last_updated: Some(since.to_string()),
        ..Member::default()
    }
    .called(kinds.0)
    .inner()
}

/// A person as the civil registry describes one, written down by another registry today.
pub fn of_civil(record: &CrvsPerson, kind: Kind, today: Date) -> Person {
    let numbers = record.identifier.iter().filter(|id| id.is_a("UIN")).cloned();
    Person {
        identifier: numbers.collect(),
        name: record.name.clone(),
        sex: record.sex.clone(),
        birth_date: record.birth_date.clone(),
        address: record.address.clone(),
        registration_date: Some(today.to_string()),
        last_updated: Some(today.to_string()),
        ..Person::default()
    }
    .called(kind)
    .inner()
}

/// What a record about a person can be asked by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traits {
    pub uin: String,
    pub given_name: Option<String>,
    pub surname: Option<String>,
    pub sex: Option<String>,
    pub birth_date: Option<String>,
    pub region: Option<String>,
    pub district: Option<String>,
    pub locality: Option<String>,
}

impl Traits {
    /// Reads them out of the record; none where it bears no UIN.
    pub fn of(identifiers: &[Identifier], person: Option<&Person>) -> Option<Self> {
        let own = person.into_iter().flat_map(|p| &p.identifier);
        let number = identifiers.iter().chain(own).find(|id| id.is_a("UIN"))?;
        let mut traits = Self { uin: number.identifier_value.clone()?, ..Self::default() };
        let Some(person) = person else { return Some(traits) };
        let fold = |text: &Option<String>| text.as_deref().map(folded);
        if let Some(name) = &person.name {
            (traits.given_name, traits.surname) = (fold(&name.given_name), fold(&name.surname));
        }
        if let Some(home) = person.address.first() {
            traits.region.clone_from(&home.region_code);
            traits.district.clone_from(&home.sub_region_code);
            traits.locality = fold(&home.locality);
        }
        traits.sex = person.sex.as_ref().map(|sex| sex.as_str().to_owned());
        traits.birth_date.clone_from(&person.birth_date);
        Some(traits)
    }
}
