//! What the social registry tells the engine about itself (DCI Social v1.0.0: attributes as clients name them).

use standards::dci::records::{
    EducationLevel, FunctionalLimitation, FunctionalSeverity, Occupation,
};

use crate::kit::registry::codes::{ASSISTANCE_UNIT, EMPLOYMENT_STATUS, MARITAL_STATUS, SEX};
use crate::kit::registry::paths::{DEMOGRAPHIC, GIVEN_NAME, SURNAME};
use crate::kit::registry::{
    At, Attribute, Event, Holds, Identifier, Kind, Path, Readers, Registry, column,
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

/// Something about the head of the household, by the path of the record and of its older spelling.
const fn of_the_head(
    name: &'static str,
    also: &'static [&'static str],
    column: &'static str,
    holds: Holds,
) -> Attribute {
    Attribute { name, also, at: At::Linked { table: "member", by: "head", column }, holds }
}

const UIN: &[&str] = &["NID", "NationalID"];

/// What is asked for seldom is read out of the member's record; of several disabilities the first counts.
const OCCUPATION: &str = "record ->> 'occupation'";
const EDUCATION: &str = "record ->> 'education_level'";
const LIMITATION: (&str, &str) = (
    "disability_info.disability_limitation_type",
    "record ->> '$.disability_info[0].disability_limitation_type'",
);
const SEVERITY: (&str, &str) = (
    "disability_info.functional_severity",
    "record ->> '$.disability_info[0].functional_severity'",
);

/// What a member has beside its demographic facts.
const OF_A_MEMBER: &[&str] = &[
    "marital_status",
    "employment_status",
    "is_disabled",
    "occupation",
    "education_level",
    LIMITATION.0,
    SEVERITY.0,
];

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
            also: &["group_identifier", "HHID"],
            at: At::Column("household_id"),
        },
    ],
    attributes: &[
        column("group_type", &[], "record ->> 'group_type'", Holds::Code(ASSISTANCE_UNIT)),
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
        of_a_member("birth_date", &["date_of_birth", "dob"], "birth_date", Holds::Date),
        of_a_member("marital_status", &[], "marital_status", Holds::Code(MARITAL_STATUS)),
        of_a_member("employment_status", &[], "employment", Holds::Code(EMPLOYMENT_STATUS)),
        of_a_member("is_disabled", &[], "disabled", Holds::YesNo),
        of_a_member("occupation", &[], OCCUPATION, Holds::Code(Occupation::LIST)),
        of_a_member("education_level", &[], EDUCATION, Holds::Code(EducationLevel::LIST)),
        of_a_member(LIMITATION.0, &[], LIMITATION.1, Holds::Code(FunctionalLimitation::LIST)),
        of_a_member(SEVERITY.0, &[], SEVERITY.1, Holds::Code(FunctionalSeverity::LIST)),
        of_a_member("surname", SURNAME, "surname", Holds::Name),
        of_a_member("given_name", GIVEN_NAME, "given_name", Holds::Name),
        of_the_head(
            "group_head_info.demographic_info.sex",
            &["group_head_info.sex", "group_head_info.demographic_info.person.sex"],
            "sex",
            Holds::Code(SEX),
        ),
        of_the_head(
            "group_head_info.demographic_info.age",
            &["group_head_info.age"],
            "birth_date",
            Holds::Age,
        ),
        of_the_head(
            "group_head_info.demographic_info.birth_date",
            &["group_head_info.birth_date", "group_head_info.demographic_info.person.birth_date"],
            "birth_date",
            Holds::Date,
        ),
        of_the_head(
            "group_head_info.demographic_info.name.surname",
            &["group_head_info.surname"],
            "surname",
            Holds::Name,
        ),
        of_the_head(
            "group_head_info.marital_status",
            &[],
            "marital_status",
            Holds::Code(MARITAL_STATUS),
        ),
        of_the_head(
            "group_head_info.employment_status",
            &[],
            "employment",
            Holds::Code(EMPLOYMENT_STATUS),
        ),
        of_the_head("group_head_info.is_disabled", &[], "disabled", Holds::YesNo),
    ],
    paths: &[
        Path {
            before: &[
                "member_list.demographic_info",
                "member_list.demographic_info.person",
                "member_list",
                "member.demographic_info",
                "member",
                "demographic_info",
                "demographic_info.person",
            ],
            leads_to: &["sex", "age", "birth_date", "surname", "given_name"],
        },
        Path {
            before: &["member_list", "member"],
            leads_to: OF_A_MEMBER,
        },
    ],
};

const MEMBER_IDENTIFIERS: &[Identifier] =
    &[Identifier { name: "UIN", also: UIN, at: At::Column("uin") }];

const MEMBER_ATTRIBUTES: &[Attribute] = &[
    column("sex", &["gender"], "sex", Holds::Code(SEX)),
    column("age", &[], "birth_date", Holds::Age),
    column("birth_date", &["date_of_birth", "dob"], "birth_date", Holds::Date),
    column("YOB", &["year_of_birth"], "birth_date", Holds::Year),
    column("marital_status", &[], "marital_status", Holds::Code(MARITAL_STATUS)),
    column("employment_status", &[], "employment", Holds::Code(EMPLOYMENT_STATUS)),
    column("is_disabled", &[], "disabled", Holds::YesNo),
    column("occupation", &[], OCCUPATION, Holds::Code(Occupation::LIST)),
    column("education_level", &[], EDUCATION, Holds::Code(EducationLevel::LIST)),
    column(LIMITATION.0, &[], LIMITATION.1, Holds::Code(FunctionalLimitation::LIST)),
    column(SEVERITY.0, &[], SEVERITY.1, Holds::Code(FunctionalSeverity::LIST)),
    column("surname", SURNAME, "surname", Holds::Name),
    column("given_name", GIVEN_NAME, "given_name", Holds::Name),
    column("registration_date", &[], "registered", Holds::Date),
    column("last_updated", &[], "updated", Holds::Date),
];

/// Where a person's facts stand in a member; a person has them at the top.
const MEMBER_PATHS: &[Path] = &[
    Path {
        before: &[
            "demographic_info",
            "demographic_info.person",
            "member",
            "member.demographic_info",
            "person",
        ],
        leads_to: DEMOGRAPHIC,
    },
    Path { before: &["member"], leads_to: OF_A_MEMBER },
];

static MEMBER: Kind = Kind {
    name: "Member",
    also: &[],
    table: "member",
    record: "'{\"@id\":' || json_quote('urn:arenoa:social-registry:' || (select household_id from household where number = r.household)
        || ':' || r.uin) || ',' || substr(r.record, 2)",
    identifiers: MEMBER_IDENTIFIERS,
    attributes: MEMBER_ATTRIBUTES,
    paths: MEMBER_PATHS,
};

/// A member without the household's view: name, sex, dates.
static PERSON: Kind = Kind {
    name: "SRPerson",
    also: &["SR_Person", "Person"],
    table: "member",
    record: "'{\"@id\":' || json_quote('urn:arenoa:social-registry:' || r.uin) || ','
        || substr(json_extract(r.record, '$.demographic_info'), 2)",
    identifiers: MEMBER_IDENTIFIERS,
    attributes: MEMBER_ATTRIBUTES,
    paths: MEMBER_PATHS,
};

/// A household came with a file. Nothing else can happen to one here, so nothing else can be subscribed to.
pub(super) const REGISTERED: &str = "REGISTER";

/// The social registry.
pub(super) static REGISTRY: Registry = Registry {
    reg_type: "ns:org:RegistryType:Social",
    also: &["SR", "social_registry"],
    // A person's number without a record type means the person, the first who has it as its own.
    kinds: &[&GROUP, &PERSON, &MEMBER],
    events: &[
        Event {
            name: REGISTERED,
            also: &["registration"],
            kind: &GROUP,
            recorded: None,
            is_entry: true,
        },
        Event::every(&GROUP),
    ],
    readers: Readers::Standard,
};
