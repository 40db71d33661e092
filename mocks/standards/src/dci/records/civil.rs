//! extensions/crvs/v1/data/CRVSPerson: a person as the civil registry knows one.

use super::codes::{MaritalStatus, Sex};
use super::person::{Identifier, Name};
use super::place::{Address, Place};
use super::record::record;

record! {
    /// A person as the civil registry knows one: a Person with the events of a life.
    CrvsPerson: "CRVS_Person" at "extensions/crvs/v1/data/CRVSPerson.jsonld" {
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
        /// Where the person was born.
        birth_place: Option<Place>,
        /// Where the person died.
        death_place: Option<Place>,
        /// Whether married.
        marital_status: Option<MaritalStatus>,
        /// Dates of marriages.
        marriage_date: Vec<String>,
        /// Dates of divorces.
        divorce_date: Vec<String>,
        /// A parent.
        parent1_identifier: Option<Identifier>,
        /// The other parent.
        parent2_identifier: Option<Identifier>,
    }
}
