//! What the beneficiary registry tells the engine about itself (DCI IBR v1.0.0: attributes as clients name them).

use crate::kit::registry::codes::{ASSISTANCE_UNIT, ENROLLMENT_STATUS, SEX};
use crate::kit::registry::{At, Event, Holds, Identifier, Kind, Path, Readers, Registry, column};

/// One enrolment: a person or household in one programme.
static BENEFICIARY: Kind = Kind {
    name: "Beneficiary",
    also: &["Member", "Group"],
    table: "enrolment",
    record: "r.record",
    identifiers: &[Identifier { name: "UIN", also: &["NID", "NationalID"], at: At::Column("uin") }],
    attributes: &[
        column("person_identifier", &["member_identifier"], "uin", Holds::Text),
        column("programme_identifier", &["program_identifier"], "programme", Holds::Text),
        column(
            "enrollment_status",
            &["enrolment_status"],
            "status",
            Holds::Code(ENROLLMENT_STATUS),
        ),
        column("enrollment_date", &["enrolment_date"], "enrolled", Holds::Date),
        column("assistance_unit", &[], "unit", Holds::Code(ASSISTANCE_UNIT)),
        column("birth_date", &["date_of_birth", "dob"], "birth_date", Holds::Date),
        column("age", &[], "birth_date", Holds::Age),
        column("sex", &["gender"], "sex", Holds::Code(SEX)),
    ],
    paths: &[
        Path {
            before: &[
                "member.demographic_info",
                "member.demographic_info.person",
                "member",
                "demographic_info",
                "demographic_info.person",
            ],
            leads_to: &["birth_date", "age", "sex"],
        },
        Path { before: &["member"], leads_to: &["person_identifier"] },
        // The older spelling has the programme one level deeper, and the standing beside it.
        Path {
            before: &[
                "programme_identifier",
                "programme_identifier.program",
                "programme_identifier.programme",
            ],
            leads_to: &["programme_identifier"],
        },
        Path {
            before: &["programme_identifier"],
            leads_to: &["enrollment_status", "enrollment_date"],
        },
    ],
};

/// Somebody is new in a programme; the standard spells it so.
pub(super) const ENROLLED: &str = "enrollement";
/// Somebody's standing in a programme changed.
pub(super) const CHANGED: &str = "enrollement_status_change";

/// The beneficiary registry.
pub(super) static REGISTRY: Registry = Registry {
    reg_type: "ns:org:RegistryType:IBR",
    also: &[],
    kinds: &[&BENEFICIARY],
    events: &[
        Event {
            name: ENROLLED,
            also: &["enrollment", "enrolment"],
            kind: &BENEFICIARY,
            recorded: None,
            is_entry: true,
        },
        Event {
            name: CHANGED,
            also: &["enrollment_status_change", "enrolment_status_change"],
            kind: &BENEFICIARY,
            recorded: None,
            is_entry: false,
        },
        Event::every(&BENEFICIARY),
    ],
    readers: Readers::ItemOnTop,
};
