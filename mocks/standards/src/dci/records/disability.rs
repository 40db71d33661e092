//! extensions/dr/v1/data: `PWDPerson`, `DisabilityDetails` and `DisabilitySupport`.

use super::beneficiary::Programme;
use super::codes::{
    AnimalAssistanceType, AssistiveTechnologyType, DisabilityLevel, DisabilityOnset,
    DisabilityStatus, HousingSupportType, HousingType, HumanAssistanceType, ImpairmentCause,
    ImpairmentLevel, ImpairmentType, MedicalCareType, Relationship, SupportFrequency,
    SupportStatus, TransportRequirement,
};
use super::member::Member;
use super::person::Person;
use super::record::record;

record! {
    /// A person with a disability.
    PwdPerson: "PWD_Person" at "extensions/dr/v1/data/PWDPerson.jsonld" {
        /// Who.
        personal_details: Option<Member>,
        /// Whether recognised.
        disability_status: Option<DisabilityStatus>,
        /// How much support is needed.
        disability_status_level: Option<DisabilityLevel>,
        /// Which impairments.
        disability_details: Vec<DisabilityDetails>,
        /// Which support.
        disability_support: Vec<DisabilitySupport>,
        /// Which transport is needed.
        transport_requirement: Option<TransportRequirement>,
        /// How the person lives.
        housing_type: Option<HousingType>,
        /// In which programmes.
        programs_enrolments: Vec<Programme>,
        /// When the person was registered.
        registration_date: Option<String>,
        /// When the record last changed.
        last_updated: Option<String>,
    }
}

record! {
    /// One impairment.
    DisabilityDetails: "DisabilityDetails" at "extensions/dr/v1/data/DisabilityDetails.jsonld" {
        /// Of what.
        impairment_type: Option<ImpairmentType>,
        /// How badly.
        impairment_level: Option<ImpairmentLevel>,
        /// From what.
        impairment_cause: Option<ImpairmentCause>,
        /// At which age.
        age_on_set: Option<DisabilityOnset>,
    }
}

record! {
    /// Support of every kind.
    DisabilitySupport: "DisabilitySupport" at "extensions/dr/v1/data/DisabilitySupport.jsonld" {
        /// By people.
        human_assistance: Vec<HumanAssistance>,
        /// By devices.
        assistive_technology: Vec<AssistiveTechnology>,
        /// At home.
        housing_support: Vec<HousingSupport>,
        /// By medicine.
        medical_care: Vec<MedicalCare>,
        /// By animals.
        animal_assistance: Vec<AnimalAssistance>,
        /// When it was registered.
        registration_date: Option<String>,
        /// When the record last changed.
        last_updated: Option<String>,
    }
}

record! {
    /// Support by a person.
    HumanAssistance: "HumanAssistance" at "extensions/dr/v1/data/HumanAssistance.jsonld" {
        /// With what.
        #[serde(rename = "type")]
        kind: Option<HumanAssistanceType>,
        /// How often.
        intensity: Option<SupportFrequency>,
        /// Needed or received.
        support: Option<SupportStatus>,
        /// By whom.
        caregiver: Option<Person>,
        /// How related.
        relationship: Option<Relationship>,
        /// When it was registered.
        registration_date: Option<String>,
        /// When the record last changed.
        last_updated: Option<String>,
    }
}

record! {
    /// Support by a device.
    AssistiveTechnology: "AssistiveTechnology" at "extensions/dr/v1/data/AssistiveTechnology.jsonld" {
        /// Which.
        #[serde(rename = "type")]
        kind: Option<AssistiveTechnologyType>,
        /// Needed or received.
        status: Option<SupportStatus>,
        /// When it was registered.
        registration_date: Option<String>,
        /// When the record last changed.
        last_updated: Option<String>,
    }
}

record! {
    /// Support at home.
    HousingSupport: "HousingSupport" at "extensions/dr/v1/data/HousingSupport.jsonld" {
        /// Which.
        #[serde(rename = "type")]
        kind: Option<HousingSupportType>,
        /// Needed or received.
        status: Option<SupportStatus>,
        /// When it was registered.
        registration_date: Option<String>,
        /// When the record last changed.
        last_updated: Option<String>,
    }
}

record! {
    /// Support by medicine.
    MedicalCare: "MedicalCare" at "extensions/dr/v1/data/MedicalCare.jsonld" {
        /// Which.
        #[serde(rename = "type")]
        kind: Option<MedicalCareType>,
        /// Needed or received.
        status: Option<SupportStatus>,
        /// When it was registered.
        registration_date: Option<String>,
        /// When the record last changed.
        last_updated: Option<String>,
    }
}

record! {
    /// Support by an animal.
    AnimalAssistance: "AnimalAssistance" at "extensions/dr/v1/data/AnimalAssistance.jsonld" {
        /// Which.
        #[serde(rename = "type")]
        kind: Option<AnimalAssistanceType>,
        /// Needed or received.
        status: Option<SupportStatus>,
        /// When it was registered.
        registration_date: Option<String>,
        /// When the record last changed.
        last_updated: Option<String>,
    }
}
