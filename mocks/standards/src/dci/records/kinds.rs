//! Names of record types in the published schemas, and those a registry gives to a shared type (Social `SR_Person`, ...).

/// A record type: its `@type` and the file that describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// As in `@type`.
    pub ld_type: &'static str,
    /// Below <https://schema.spdci.org>.
    pub file: &'static str,
}

impl Kind {
    /// As in `@context`.
    pub fn context(self) -> String {
        format!("https://schema.spdci.org/{}", self.file)
    }
}

/// What a registry calls a shared type in its own schema.
///
/// ```
/// use standards::dci::records::{Person, kind};
/// let person = Person::default().called(kind::SOCIAL_PERSON);
/// assert_eq!(person.ld_type, "SR_Person");
/// ```
pub mod kind {
    use super::Kind;

    const fn of(ld_type: &'static str, file: &'static str) -> Kind {
        Kind { ld_type, file }
    }

    /// Household of the social registry.
    pub const SOCIAL_GROUP: Kind = of("Group", "extensions/social/v1/data/Group.jsonld");
    /// Member of a household of the social registry.
    pub const SOCIAL_MEMBER: Kind = of("Member", "extensions/social/v1/data/Member.jsonld");
    /// Person of the social registry.
    pub const SOCIAL_PERSON: Kind = of("SR_Person", "extensions/social/v1/data/SRPerson.jsonld");
    /// Household of the beneficiary registry.
    pub const IBR_GROUP: Kind = of("Group", "extensions/ibr/v1/data/Group.jsonld");
    /// Member of the beneficiary registry.
    pub const IBR_MEMBER: Kind = of("Member", "extensions/ibr/v1/data/Member.jsonld");
    /// Person of the beneficiary registry; its schema really calls it `SR_Person`.
    pub const IBR_PERSON: Kind = of("SR_Person", "extensions/ibr/v1/data/IBRPerson.jsonld");
    /// Household of the disability registry.
    pub const DR_GROUP: Kind = of("Group", "extensions/dr/v1/data/Group.jsonld");
    /// Member of the disability registry.
    pub const DR_MEMBER: Kind = of("Member", "extensions/dr/v1/data/Member.jsonld");
    /// Person of the disability registry.
    pub const DR_PERSON: Kind = of("DR_Person", "extensions/dr/v1/data/DRPerson.jsonld");
    /// Household of the farmer registry.
    pub const FR_GROUP: Kind = of("Group", "extensions/fr/v1/data/Group.jsonld");
    /// Member of the farmer registry.
    pub const FR_MEMBER: Kind = of("Member", "extensions/fr/v1/data/Member.jsonld");
    /// Person of the farmer registry.
    pub const FR_PERSON: Kind = of("FR_Person", "extensions/fr/v1/data/FRPerson.jsonld");
    /// Household of employment support.
    pub const ESS_GROUP: Kind = of("Group", "extensions/ess/v1/data/Group.jsonld");
    /// Person of employment support.
    pub const ESS_PERSON: Kind = of("ESS_Person", "extensions/ess/v1/data/ESSPerson.jsonld");
    /// Beneficiary of employment support.
    pub const ESS_BENEFICIARY: Kind =
        of("beneficiary", "extensions/ess/v1/data/Beneficiary.jsonld");
    /// Programme of employment support.
    pub const ESS_PROGRAMME: Kind = of("programme", "extensions/ess/v1/data/Programme.jsonld");
}
