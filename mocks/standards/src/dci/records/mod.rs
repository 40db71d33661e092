//! Records of the registries in their JSON-LD shape of 2026 (schema.spdci.org): every field optional, `@context` and `@type` first.
//!
//! ```
//! use standards::dci::records::{CrvsPerson, Identifier, IdentifierType, Name, Sex};
//!
//! let amina = CrvsPerson {
//!     identifier: vec![Identifier::new(IdentifierType::Brn, "BRN-1958-0042")],
//!     name: Some(Name { given_name: Some("Amina".into()), surname: Some("Diallo".into()), ..Name::default() }),
//!     sex: Some(Sex::Female),
//!     birth_date: Some("1958-03-02".into()),
//!     ..CrvsPerson::default()
//! };
//! let json = serde_json::to_string(&amina).unwrap();
//! assert!(json.starts_with(r#"{"@context":"https://schema.spdci.org/extensions/crvs/v1/data/CRVSPerson.jsonld","@type":"CRVS_Person","#));
//! let read: CrvsPerson = serde_json::from_str(&json).unwrap();
//! assert_eq!(read, amina);
//! ```

mod beneficiary;
mod civil;
pub mod codes;
mod disability;
mod employment;
mod farmer;
mod field;
mod group;
mod kinds;
mod member;
mod person;
mod place;
mod record;
pub mod v1;

pub use beneficiary::{Beneficiary, Benefit, BenefitFrequency, Programme};
pub use civil::CrvsPerson;
pub use codes::*;
pub use disability::{
    AnimalAssistance, AssistiveTechnology, DisabilityDetails, DisabilitySupport, HousingSupport,
    HumanAssistance, MedicalCare, PwdPerson,
};
pub use employment::{EmploymentInfo, EssMember};
pub use farmer::{Animals, CropDetails, FarmInfo, FarmerPerson, FarmingActivities, Machineries};
pub use group::Group;
pub use kinds::{Kind, kind};
pub use member::{DisabilityInfo, Member};
pub use person::{Identifier, Name, Person, RelatedPerson};
pub use place::{Address, Bounds, GeoCoordinates, GeoLocation, Geometry, Place, PlusCode};

#[cfg(test)]
mod tests;
