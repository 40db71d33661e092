//! The attributes that stand together in records of several registries (schema.spdci.org, core/v1/data: Person).

/// Other names for `surname`, as older texts and clients write it.
pub const SURNAME: &[&str] = &[
    "family_name",
    "familyName",
    "last_name",
    "lastName",
    "sur_name",
    "name.surname",
    "name.last_name",
];

/// Other names for `given_name`.
pub const GIVEN_NAME: &[&str] =
    &["givenName", "first_name", "firstName", "name.given_name", "name.first_name"];

/// What `demographic_info` of a member tells; [`super::Path`] says what stands in front of it.
pub const DEMOGRAPHIC: &[&str] = &[
    "birth_date",
    "YOB",
    "age",
    "sex",
    "surname",
    "given_name",
    "address.region_code",
    "address.sub_region_code",
    "address.locality",
];
