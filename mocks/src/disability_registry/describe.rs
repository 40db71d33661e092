//! What the disability registry tells the engine about itself (DCI DR v1.0.0: attributes and events as clients name them).

use standards::dci::records::{
    DisabilityLevel, DisabilityOnset, DisabilityStatus, HousingType, ImpairmentCause,
    ImpairmentLevel, ImpairmentType, TransportRequirement,
};

use crate::kit::registry::codes::SEX;
use crate::kit::registry::paths::{DEMOGRAPHIC, GIVEN_NAME, SURNAME};
use crate::kit::registry::{
    At, Attribute, Event, Holds, Identifier, Kind, Path, Readers, Registry, column,
};

/// Something about at least one of the lines that a certificate has in `table`.
const fn line(
    name: &'static str,
    also: &'static [&'static str],
    (table, column): (&'static str, &'static str),
    holds: Holds,
) -> Attribute {
    Attribute { name, also, at: At::Line { table, owner: "certificate", column }, holds }
}

static DISABLED_PERSON: Kind = Kind {
    name: "spdci-extensions-dci:DisabledPerson",
    also: &["PWD_Person", "PWDPerson", "DR_Person", "Person", "Member"],
    table: "certificate",
    record: "r.record",
    identifiers: &[Identifier { name: "UIN", also: &["NID", "NationalID"], at: At::Column("uin") }],
    attributes: &[
        column("member_identifier", &["person_identifier"], "uin", Holds::Text),
        column("disability_status", &[], "status", Holds::Code(DisabilityStatus::LIST)),
        column(
            "disability_status_level",
            &["disability_level"],
            "level",
            Holds::Code(DisabilityLevel::LIST),
        ),
        line("impairment_type", &[], ("impairment", "kind"), Holds::Code(ImpairmentType::LIST)),
        line("impairment_level", &[], ("impairment", "level"), Holds::Code(ImpairmentLevel::LIST)),
        line("impairment_cause", &[], ("impairment", "cause"), Holds::Code(ImpairmentCause::LIST)),
        line("age_on_set", &[], ("impairment", "onset"), Holds::Code(DisabilityOnset::LIST)),
        // The kinds of all five lists of support: `wheelchairs`, `home adaptation`, `constant healthcare`.
        line("disability_support", &["support_type"], ("support", "kind"), Holds::Name),
        column("transport_requirement", &[], "transport", Holds::Code(TransportRequirement::LIST)),
        column("housing_type", &[], "housing", Holds::Code(HousingType::LIST)),
        column("registration_date", &[], "registered", Holds::Date),
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
    ],
    paths: &[
        Path {
            before: &[
                "personal_details.demographic_info",
                "personal_details.demographic_info.person",
                "personal_details",
                "member.demographic_info",
                "member",
                "demographic_info",
                "demographic_info.person",
            ],
            leads_to: DEMOGRAPHIC,
        },
        Path { before: &["personal_details", "member"], leads_to: &["member_identifier"] },
        Path {
            before: &["disability_details"],
            leads_to: &["impairment_type", "impairment_level", "impairment_cause", "age_on_set"],
        },
    ],
};

/// Something was decided about somebody's disability.
pub(super) const DECIDED: &str = "DisabledPerson";
/// A child in its first year was certified.
pub(super) const NEWBORN: &str = "NewDisabledNewborn";

/// The disability registry.
pub(super) static REGISTRY: Registry = Registry {
    reg_type: "ns:org:RegistryType:DR",
    also: &["Disability", "DisabilityRegistry"],
    kinds: &[&DISABLED_PERSON],
    events: &[
        Event {
            name: DECIDED,
            also: &["register", "registration", "update", "status_change"],
            kind: &DISABLED_PERSON,
            recorded: None,
            is_entry: true,
        },
        Event { name: NEWBORN, also: &[], kind: &DISABLED_PERSON, recorded: None, is_entry: true },
        Event::every(&DISABLED_PERSON),
    ],
    readers: Readers::Standard,
};
