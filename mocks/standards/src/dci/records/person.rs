//! core/v1/data: Person, Name, Identifier, `RelatedPerson`.

use super::codes::{IdentifierType, Relationship, Sex};
use super::place::Address;
use super::record::record;

record! {
    /// A number that names somebody or something.
    Identifier: "Identifier" at "core/v1/data/Identifier.jsonld" {
        /// What kind of number.
        identifier_type: Option<IdentifierType>,
        /// The number.
        identifier_value: Option<String>,
    }
}

impl Identifier {
    /// An identifier of that type.
    pub fn new(kind: impl Into<IdentifierType>, value: impl Into<String>) -> Self {
        Self {
            identifier_type: Some(kind.into()),
            identifier_value: Some(value.into()),
            ..Self::default()
        }
    }

    /// Whether it is of that type, in any case.
    pub fn is_a(&self, kind: &str) -> bool {
        self.identifier_type.as_ref().is_some_and(|own| own.as_str().eq_ignore_ascii_case(kind))
    }
}

record! {
    /// A name in parts.
    Name: "Name" at "core/v1/data/Name.jsonld" {
        /// Family name.
        surname: Option<String>,
        /// First name.
        given_name: Option<String>,
        /// Further first names.
        second_name: Option<String>,
        /// Family name at birth.
        maiden_name: Option<String>,
        /// Before the name.
        prefix: Option<String>,
        /// Behind the name.
        suffix: Option<String>,
    }
}

impl Name {
    /// First name and family name.
    pub fn of(given_name: &str, surname: &str) -> Self {
        Self {
            given_name: Some(given_name.to_owned()),
            surname: Some(surname.to_owned()),
            ..Self::default()
        }
    }
}

record! {
    /// A person, as every registry knows one.
    Person: "Person" at "core/v1/data/Person.jsonld" {
        /// Numbers of the person.
        identifier: Vec<Identifier>,
        /// Name of the person.
        name: Option<Name>,
        /// Sex of the person.
        sex: Option<Sex>,
        /// A date.
        birth_date: Option<String>,
        /// A date.
        death_date: Option<String>,
        /// Where the person lives.
        address: Vec<Address>,
        /// Telephones.
        phone_number: Vec<String>,
        /// Mailboxes.
        email: Vec<String>,
        /// When the person was registered.
        registration_date: Option<String>,
        /// When the record last changed.
        last_updated: Option<String>,
    }
}

record! {
    /// Somebody related.
    RelatedPerson: "RelatedPerson" at "core/v1/data/RelatedPerson.jsonld" {
        /// How.
        relationship_type: Option<Relationship>,
        /// Who.
        related_member: Option<Person>,
    }
}
