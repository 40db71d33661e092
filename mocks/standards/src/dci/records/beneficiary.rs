//! extensions/ibr/v1/data: Beneficiary, Programme, Benefit, `BenefitFrequency`.

use super::codes::{
    AssistanceUnit, BenefitType, ContributionType, EnrollmentStatus, InstitutionType, LegalStatus,
    ProgrammeType, SocialProtectionFunction,
};
use super::group::Group;
use super::member::Member;
use super::record::record;
use serde_json::{Number, Value};

record! {
    /// Somebody who gets something from a programme.
    Beneficiary: "Beneficiary" at "extensions/ibr/v1/data/Beneficiary.jsonld" {
        /// Who gets it: a person, a household or a family.
        assistance_unit: Option<AssistanceUnit>,
        /// The household.
        group: Option<Group>,
        /// The person.
        member: Option<Member>,
        /// From which programmes.
        programme_identifier: Vec<Programme>,
        /// Since when.
        enrollment_date: Option<String>,
        /// Whether still.
        enrollment_status: Option<EnrollmentStatus>,
        /// When that changed.
        status_change_date: Vec<String>,
        /// More, as the country has it.
        additional_attributes: Vec<Value>,
    } always {
        /// What was given: required, so that nothing yet is an empty list.
        benefits: Vec<Benefit>,
    }
}

record! {
    /// A programme of social protection.
    Programme: "Programme" at "extensions/ibr/v1/data/Programme.jsonld" {
        /// Its name.
        programme_name: Option<String>,
        /// Its number.
        programme_identifier: Option<String>,
        /// What it is for.
        programme_description: Option<String>,
        /// Who runs it.
        implementing_institution: Option<String>,
        /// What kind of institution that is.
        institution_type: Option<InstitutionType>,
        /// What it stands on.
        legal_status: Option<LegalStatus>,
        /// Against which risks.
        social_protection_functions: Vec<SocialProtectionFunction>,
        /// Who pays in.
        contribution_type: Option<ContributionType>,
        /// What kind of programme.
        programme_type: Option<ProgrammeType>,
        /// What it gives.
        benefit: Vec<Benefit>,
        /// How often.
        benefit_frequency: Vec<BenefitFrequency>,
    }
}

record! {
    /// Something given.
    Benefit: "Benefit" at "extensions/ibr/v1/data/Benefit.jsonld" {
        /// What kind of thing.
        benefit_type: Option<BenefitType>,
        /// When.
        benefit_date: Option<String>,
        /// What it is worth: the schema says a string.
        benefit_value: Option<Value>,
        /// What it is.
        benefit_description: Option<String>,
        /// How many.
        benefit_quantity: Option<i64>,
    }
}

record! {
    /// How often something is given, in the words of iCalendar.
    BenefitFrequency: "BenefitFrequency" at "extensions/ibr/v1/code/BenefitFrequency.jsonld" {
        /// `MONTHLY`, `YEARLY`, ...
        freq: Option<String>,
        /// From when.
        dtstart: Option<String>,
        /// Every how many.
        interval: Option<Number>,
        /// On which day the week begins.
        wkst: Option<String>,
        /// How many times.
        count: Option<i64>,
        /// Until when.
        until: Option<String>,
    }
}
