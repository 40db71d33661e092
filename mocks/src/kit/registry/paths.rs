//! The attributes that stand together in records of several registries (schema.spdci.org, core/v1/data: Person).

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
