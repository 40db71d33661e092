//! What the employment service tells the engine about itself (DCI ESS: the JSON-LD of 2026; no other text is published).

use standards::dci::records::{EmploymentType, EssEnrolmentStatus, UnemploymentReason};

use crate::kit::registry::codes::SEX;
use crate::kit::registry::paths::{DEMOGRAPHIC, GIVEN_NAME, SURNAME};
use crate::kit::registry::{
    At, Attribute, Event, Holds, Identifier, Kind, Path, Readers, Registry, column,
};

/// Something about at least one of the jobs that somebody had.
const fn job(
    name: &'static str,
    also: &'static [&'static str],
    column: &'static str,
    holds: Holds,
) -> Attribute {
    Attribute { name, also, at: At::Line { table: "job", owner: "jobseeker", column }, holds }
}

const IDENTIFIERS: &[Identifier] =
    &[Identifier { name: "UIN", also: &["NID", "NationalID"], at: At::Column("uin") }];

const ATTRIBUTES: &[Attribute] = &[
    column("member_identifier", &["person_identifier"], "uin", Holds::Text),
    column(
        "enrollment_status",
        &["enrolment_status", "enrolled_status"],
        "status",
        Holds::Code(EssEnrolmentStatus::LIST),
    ),
    column("unemployment_reason", &[], "reason", Holds::Code(UnemploymentReason::LIST)),
    job("job_title", &[], "title", Holds::Name),
    job("employer", &[], "employer", Holds::Name),
    job("employment_type", &[], "kind", Holds::Code(EmploymentType::LIST)),
    job("start_date", &[], "started", Holds::Date),
    job("end_date", &[], "ended", Holds::Date),
    column("registration_date", &["enrollment_date"], "registered", Holds::Date),
    column("last_updated", &[], "updated", Holds::Date),
    column("birth_date", &["date_of_birth", "dob"], "birth_date", Holds::Date),
    column("YOB", &["year_of_birth"], "birth_date", Holds::Year),
    column("age", &[], "birth_date", Holds::Age),
    column("sex", &["gender"], "sex", Holds::Code(SEX)),
    column("surname", SURNAME, "surname", Holds::Name),
    column("given_name", GIVEN_NAME, "given_name", Holds::Name),
    column("address.region_code", &[], "region", Holds::Text),
    column("address.sub_region_code", &[], "district", Holds::Text),
    column("address.locality", &["location"], "locality", Holds::Name),
];

/// Where a member's own facts stand, in a member and in an enrolment that has one.
const PATHS: &[Path] = &[
    Path {
        before: &[
            "demographic_info",
            "demographic_info.person",
            "member",
            "member.demographic_info",
            "member.demographic_info.person",
        ],
        leads_to: DEMOGRAPHIC,
    },
    Path { before: &["member"], leads_to: &["member_identifier", "unemployment_reason"] },
    Path {
        before: &["employment_info", "member.employment_info"],
        leads_to: &["job_title", "employer", "employment_type", "start_date", "end_date"],
    },
];

/// Who looks for work, with the jobs so far.
static MEMBER: Kind = Kind {
    name: "Member",
    also: &["ESS_Person", "Person", "JobSeeker"],
    table: "jobseeker",
    record: "r.record",
    identifiers: IDENTIFIERS,
    attributes: ATTRIBUTES,
    paths: PATHS,
};

/// The same person's enrolment in employment support.
static BENEFICIARY: Kind = Kind {
    name: "Beneficiary",
    also: &["Enrolment", "Enrollment"],
    table: "jobseeker",
    record: "substr(r.enrolment, 1, length(r.enrolment) - 1) || ',\"member\":' || r.record || '}'",
    identifiers: IDENTIFIERS,
    attributes: ATTRIBUTES,
    paths: PATHS,
};

/// Somebody registered as looking for work.
pub(super) const REGISTERED: &str = "REGISTER";
/// Somebody's standing changed.
pub(super) const CHANGED: &str = "UPDATE";

/// The employment service.
pub(super) static REGISTRY: Registry = Registry {
    reg_type: "ns:org:RegistryType:ESS",
    also: &["Employment", "EmploymentSupport"],
    kinds: &[&MEMBER, &BENEFICIARY],
    events: &[
        Event {
            name: REGISTERED,
            also: &["registration", "enrollment"],
            kind: &MEMBER,
            recorded: None,
            is_entry: true,
        },
        Event {
            name: CHANGED,
            also: &["status_change", "enrollment_status_change"],
            kind: &BENEFICIARY,
            recorded: None,
            is_entry: false,
        },
        Event::every(&MEMBER),
    ],
    readers: Readers::Employment,
};
