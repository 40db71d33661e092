//! What the farmer registry tells the engine about itself (DCI FR v1.0.0: attributes and events as clients name them).

use standards::dci::records::{FarmType, LandTenure};

use crate::kit::registry::codes::SEX;
use crate::kit::registry::paths::{DEMOGRAPHIC, GIVEN_NAME, SURNAME};
use crate::kit::registry::{
    At, Attribute, Event, Holds, Identifier, Kind, Path, Readers, Registry, column,
};

/// Something about at least one of the lines that a farmer has in `table`.
const fn line(
    name: &'static str,
    also: &'static [&'static str],
    (table, column): (&'static str, &'static str),
    holds: Holds,
) -> Attribute {
    Attribute { name, also, at: At::Line { table, owner: "farmer", column }, holds }
}

static FARMER: Kind = Kind {
    name: "spdci-extensions-dci:Farmer",
    also: &["Farmer_Person", "FarmerPerson", "FR_Person", "Person", "Member"],
    table: "farmer",
    record: "r.record",
    identifiers: &[
        Identifier { name: "UIN", also: &["NID", "NationalID"], at: At::Column("uin") },
        Identifier { name: "FARMER_ID", also: &["farmer_identifier"], at: At::Column("farmer_id") },
        Identifier {
            name: "PLOT_ID",
            also: &["plot"],
            at: At::Line { table: "plot", owner: "farmer", column: "plot" },
        },
    ],
    attributes: &[
        column("member_identifier", &["person_identifier"], "uin", Holds::Text),
        // All land together, and a single plot; both in hectares.
        column("farm_size", &["total_land_size"], "hectares", Holds::Decimal),
        line("land_size", &["plot_size"], ("plot", "hectares"), Holds::Decimal),
        line("land_tenure", &["tenure"], ("plot", "tenure"), Holds::Code(LandTenure::LIST)),
        line(
            "land_details.address.region_code",
            &["farm_details.location.region_code", "farm_details.address.region_code"],
            ("plot", "region"),
            Holds::Text,
        ),
        line(
            "crop_type",
            &["crop", "crop_type_name", "variety"],
            ("crop_word", "word"),
            Holds::Name,
        ),
        line("irrigation_type", &["irrigation_water"], ("water_word", "word"), Holds::Name),
        column("irrigation", &[], "irrigated", Holds::YesNo),
        column("farm_type", &[], "farm_type", Holds::Code(FarmType::LIST)),
        column("registration_date", &[], "registered", Holds::Date),
        column("last_updated", &[], "updated", Holds::Date),
        column("birth_date", &["date_of_birth", "dob"], "birth_date", Holds::Date),
        column("YOB", &["year_of_birth"], "birth_date", Holds::Year),
        column("age", &[], "birth_date", Holds::Age),
        column("sex", &["gender"], "sex", Holds::Code(SEX)),
        column("surname", SURNAME, "surname", Holds::Name),
        column("given_name", GIVEN_NAME, "given_name", Holds::Name),
        column("address.region_code", &["region_code"], "region", Holds::Text),
        column("address.sub_region_code", &["sub_region_code"], "district", Holds::Text),
        column("address.locality", &["location", "locality"], "locality", Holds::Name),
    ],
    paths: &[
        Path {
            before: &[
                "farmer_personal_details.demographic_info",
                "farmer_personal_details.demographic_info.person",
                "farmer_personal_details",
                // As the older examples spell it.
                "famer_personal_details",
                "famer_personal_details.demographic_info",
                "personal_details",
                "member.demographic_info",
                "member",
                "demographic_info",
                "demographic_info.person",
            ],
            leads_to: DEMOGRAPHIC,
        },
        Path {
            before: &["farmer_personal_details", "famer_personal_details", "member"],
            leads_to: &["member_identifier"],
        },
        Path {
            before: &["farm_details", "land_details"],
            // The older examples have the kind of farm here.
            leads_to: &[
                "farm_type",
                "land_size",
                "land_tenure",
                "crop_type",
                "irrigation_type",
                "irrigation",
            ],
        },
        Path {
            before: &[
                "farm_details.farming_activities.crop_production",
                "land_details.farming_activities.crop_production",
                "farming_activities.crop_production",
                "crop_production",
            ],
            leads_to: &["crop_type", "irrigation_type", "irrigation"],
        },
    ],
};

/// A farmer was registered, or land was added or changed: the standard has no other event.
pub(super) const REGISTERED: &str = "REGISTER";

/// The farmer registry.
pub(super) static REGISTRY: Registry = Registry {
    reg_type: "ns:org:RegistryType:FR",
    also: &["Farmer", "FarmerRegistry"],
    kinds: &[&FARMER],
    events: &[
        Event {
            name: REGISTERED,
            also: &["registration", "update"],
            kind: &FARMER,
            recorded: None,
            is_entry: true,
        },
        Event::every(&FARMER),
    ],
    readers: Readers::Nested,
};
