//! The registries that the office can ask, by the names of their parts.

/// The part that records births and deaths.
pub(in crate::programme_office) const CIVIL: &str = "civil_registry";
/// The part that knows households.
pub(in crate::programme_office) const SOCIAL: &str = "social_registry";
/// The part that knows who receives what.
pub(in crate::programme_office) const BENEFICIARIES: &str = "beneficiary_registry";
/// The part that certifies disabilities.
pub(in crate::programme_office) const DISABILITY: &str = "disability_registry";
/// The part that knows farms.
pub(in crate::programme_office) const FARMERS: &str = "farmer_registry";
/// The part that helps people find work.
pub(in crate::programme_office) const EMPLOYMENT: &str = "employment_service";

/// Everybody whom the office can ask, in the order in which it does.
pub(in crate::programme_office) const ORDER: [&str; 6] =
    [CIVIL, DISABILITY, FARMERS, EMPLOYMENT, SOCIAL, BENEFICIARIES];
