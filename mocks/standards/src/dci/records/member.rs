//! core/v1/data: Member (a person in a household) and `DisabilityInfo`.

use super::codes::{
    EducationLevel, EmploymentStatus, FunctionalLimitation, FunctionalSeverity, MaritalStatus,
    Occupation,
};
use super::person::{Identifier, Person, RelatedPerson};
use super::record::record;
use serde_json::Value;

record! {
    /// What somebody cannot do, and how badly.
    DisabilityInfo: "DisabilityInfo" at "core/v1/data/DisabilityInfo.jsonld" {
        /// What.
        disability_limitation_type: Option<FunctionalLimitation>,
        /// How badly.
        functional_severity: Option<FunctionalSeverity>,
    }
}

record! {
    /// A person in a household.
    Member: "Member" at "core/v1/data/Member.jsonld" {
        /// Numbers of the member.
        member_identifier: Vec<Identifier>,
        /// Who it is.
        demographic_info: Option<Person>,
        /// Who is related.
        related_person: Vec<RelatedPerson>,
        /// Whether disabled.
        is_disabled: Option<bool>,
        /// What the member cannot do.
        disability_info: Vec<DisabilityInfo>,
        /// Whether married.
        marital_status: Option<MaritalStatus>,
        /// Whether at work.
        employment_status: Option<EmploymentStatus>,
        /// Which work.
        occupation: Option<Occupation>,
        /// How much is earned, as the country codes it.
        income_level: Option<String>,
        /// Which language, as the country codes it.
        language_code: Option<String>,
        /// Which school was finished.
        education_level: Option<EducationLevel>,
        /// More, as the country has it.
        additional_attributes: Vec<Value>,
        /// When the member was registered.
        registration_date: Option<String>,
        /// When the record last changed.
        last_updated: Option<String>,
    }
}
