//! Names of record types in the published schemas, and those a registry gives to a shared type (Social `SR_Person`, ...).

/// A record type: its `@type` and the file that describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// As in `@type`.
    pub ld_type: &'static str,
    /// As in `@context`.
    pub context: &'static str,
}

/// The record type `@type`, described by a file below <https://schema.spdci.org>.
macro_rules! described {
    ($ld_type:literal, $file:literal) => {
        $crate::dci::records::Kind {
            ld_type: $ld_type,
            context: concat!("https://schema.spdci.org/", $file),
        }
    };
}
pub(crate) use described;

/// What a registry calls a shared type in its own schema.
///
/// ```
/// use standards::dci::records::{Person, kind};
/// let person = Person::default().called(kind::SOCIAL_PERSON);
/// assert_eq!(person.ld_type, "SR_Person");
/// ```
pub mod kind {
    use super::Kind;

    /// Household of the social registry.
    pub const SOCIAL_GROUP: Kind = described!("Group", "extensions/social/v1/data/Group.jsonld");
    /// Member of a household of the social registry.
    pub const SOCIAL_MEMBER: Kind = described!("Member", "extensions/social/v1/data/Member.jsonld");
    /// Person of the social registry.
    pub const SOCIAL_PERSON: Kind =
        described!("SR_Person", "extensions/social/v1/data/SRPerson.jsonld");
    /// Household of the beneficiary registry.
    pub const IBR_GROUP: Kind = described!("Group", "extensions/ibr/v1/data/Group.jsonld");
    /// Member of the beneficiary registry.
    pub const IBR_MEMBER: Kind = described!("Member", "extensions/ibr/v1/data/Member.jsonld");
    /// Person of the beneficiary registry; its schema really calls it `SR_Person`.
    pub const IBR_PERSON: Kind = described!("SR_Person", "extensions/ibr/v1/data/IBRPerson.jsonld");
    /// Household of the disability registry.
    pub const DR_GROUP: Kind = described!("Group", "extensions/dr/v1/data/Group.jsonld");
    /// Member of the disability registry.
    pub const DR_MEMBER: Kind = described!("Member", "extensions/dr/v1/data/Member.jsonld");
    /// Person of the disability registry.
    pub const DR_PERSON: Kind = described!("DR_Person", "extensions/dr/v1/data/DRPerson.jsonld");
    /// Household of the farmer registry.
    pub const FR_GROUP: Kind = described!("Group", "extensions/fr/v1/data/Group.jsonld");
    /// Member of the farmer registry.
    pub const FR_MEMBER: Kind = described!("Member", "extensions/fr/v1/data/Member.jsonld");
    /// Person of the farmer registry.
    pub const FR_PERSON: Kind = described!("FR_Person", "extensions/fr/v1/data/FRPerson.jsonld");
    /// Household of employment support.
    pub const ESS_GROUP: Kind = described!("Group", "extensions/ess/v1/data/Group.jsonld");
    /// Person of employment support.
    pub const ESS_PERSON: Kind =
        described!("ESS_Person", "extensions/ess/v1/data/ESSPerson.jsonld");
    /// Beneficiary of employment support.
    pub const ESS_BENEFICIARY: Kind =
        described!("beneficiary", "extensions/ess/v1/data/Beneficiary.jsonld");
    /// Programme of employment support.
    pub const ESS_PROGRAMME: Kind =
        described!("programme", "extensions/ess/v1/data/Programme.jsonld");
}
