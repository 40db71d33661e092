//! Code lists that several registries can be asked by (schema.spdci.org, core/v1/code): code and published name.

/// A code list as [`super::Holds::Code`] takes it.
pub type Codes = &'static [(&'static str, &'static str)];

/// DCI `SexCategoryEnum`.
pub const SEX: Codes =
    &[("male", "Male"), ("female", "Female"), ("other", "Others"), ("unknown", "Unknown")];

/// Older words for codes, which questions may use: the examples of v1.0.0 write a sex so.
pub(super) const OLDER: Codes = &[("male", "M"), ("female", "F")];

/// DCI `MaritalStatusEnum`.
pub const MARITAL_STATUS: Codes = &[
    ("S", "Never Married"),
    ("M", "Married"),
    ("W", "Widow"),
    ("A", "Annulled"),
    ("D", "Divorced"),
    ("L", "Legally Separated"),
    ("U", "Unmarried"),
];

/// DCI `EmploymentStatusEnum`.
pub const EMPLOYMENT_STATUS: Codes = &[
    ("1", "Employed"),
    ("2", "Not Employed"),
    ("3", "Unknown"),
    ("4", "Paid employment: Employee"),
    ("5", "Self employment: Employers"),
    ("6", "Self employment: Own-account workers"),
    ("7", "Self employment: Members of producers’ cooperatives"),
    ("8", "Self employment: Contributing family workers"),
];

/// DCI `EnrollmentStatusEnum` (IBR).
pub const ENROLLMENT_STATUS: Codes =
    &[("1", "Active"), ("2", "Deceased"), ("3", "Graduated"), ("4", "Suspended")];

/// DCI `AssistanceUnit`.
pub const ASSISTANCE_UNIT: Codes =
    &[("1", "Member (Person/Individual)"), ("2", "Household"), ("3", "Family")];
