//! What the social registry tells the engine about itself (DCI Social v1.0.0: attributes as clients name them).

use crate::kit::registry::codes::{EMPLOYMENT_STATUS, MARITAL_STATUS, SEX};
use crate::kit::registry::{
    At, Attribute, Event, Holds, Identifier, Kind, Readers, Registry, column,
};

/// Something about at least one member of the household.
const fn of_a_member(
    name: &'static str,
    also: &'static [&'static str],
    column: &'static str,
    holds: Holds,
) -> Attribute {
    Attribute { name, also, at: At::Line { table: "member", owner: "household", column }, holds }
}

const UIN: &[&str] = &["NID", "NationalID"];

/// A household, with its members as they are now.
static GROUP: Kind = Kind {
    name: "Group",
    also: &["Household"],
    table: "household",
    // Ready-made pieces of JSON are put together as text: to read and write them anew would take longer than the rest.
    record: "substr(r.record, 1, length(r.record) - 1) || ',\"member_list\":[' || coalesce((select string_agg(m.record, ',')
          from (select record from member where household = r.number order by number) as m), '')
        || '],\"group_head_info\":' || coalesce((select h.record from member as h where h.number = r.head), 'null') || '}'",
    identifiers: &[
        Identifier {
            name: "UIN",
            also: UIN,
            at: At::Line { table: "member", owner: "household", column: "uin" },
        },
        Identifier {
            name: "HOUSEHOLD_ID",
            also: &["group_identifier"],
            at: At::Column("household_id"),
        },
    ],
    attributes: &[
        column("poverty_score", &[], "poverty_score", Holds::Decimal),
        column("group_size", &["household_size"], "size", Holds::Integer),
        column(
            "location",
            &["geographical_location.name", "address.locality"],
            "locality",
            Holds::Name,
        ),
        column("address.region_code", &[], "region", Holds::Text),
        column("address.sub_region_code", &[], "district", Holds::Text),
        column("registration_date", &[], "registered", Holds::Date),
        column("last_updated", &[], "updated", Holds::Date),
        of_a_member("sex", &["gender"], "sex", Holds::Code(SEX)),
        of_a_member("age", &[], "birth_date", Holds::Age),
        of_a_member("birth_date", &["date_of_birth"], "birth_date", Holds::Date),
        of_a_member("marital_status", &[], "marital_status", Holds::Code(MARITAL_STATUS)),
        of_a_member("employment_status", &[], "employment", Holds::Code(EMPLOYMENT_STATUS)),
        of_a_member("is_disabled", &[], "disabled", Holds::YesNo),
        of_a_member("surname", &["family_name", "last_name"], "surname", Holds::Name),
        of_a_member("given_name", &["first_name"], "given_name", Holds::Name),
    ],
};

const MEMBER_IDENTIFIERS: &[Identifier] =
    &[Identifier { name: "UIN", also: UIN, at: At::Column("uin") }];

const MEMBER_ATTRIBUTES: &[Attribute] = &[
    column("sex", &["gender"], "sex", Holds::Code(SEX)),
    column("age", &[], "birth_date", Holds::Age),
    column("birth_date", &["date_of_birth"], "birth_date", Holds::Date),
    column("YOB", &["year_of_birth"], "birth_date", Holds::Year),
    column("marital_status", &[], "marital_status", Holds::Code(MARITAL_STATUS)),
    column("employment_status", &[], "employment", Holds::Code(EMPLOYMENT_STATUS)),
    column("is_disabled", &[], "disabled", Holds::YesNo),
    column("surname", &["family_name", "last_name"], "surname", Holds::Name),
    column("given_name", &["first_name"], "given_name", Holds::Name),
    column("registration_date", &[], "registered", Holds::Date),
];

static MEMBER: Kind = Kind {
    name: "Member",
    also: &[],
    table: "member",
    record: "r.record",
    identifiers: MEMBER_IDENTIFIERS,
    attributes: MEMBER_ATTRIBUTES,
};

/// A member without the household's view: name, sex, dates.
static PERSON: Kind = Kind {
    name: "SRPerson",
    also: &["SR_Person", "Person"],
    table: "member",
    record: "json_extract(r.record, '$.demographic_info')",
    identifiers: MEMBER_IDENTIFIERS,
    attributes: MEMBER_ATTRIBUTES,
};

/// The social registry.
pub(super) static REGISTRY: Registry = Registry {
    reg_type: "ns:org:RegistryType:Social",
    also: &["SR"],
    kinds: &[&GROUP, &MEMBER, &PERSON],
    events: &[
        Event { name: "REGISTER", also: &["registration"], kind: &GROUP },
        Event { name: "UPDATE", also: &[], kind: &GROUP },
        Event { name: "NewHouseHoldMember", also: &[], kind: &MEMBER },
    ],
    readers: Readers::Standard,
};
