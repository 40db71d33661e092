//! What the civil registry tells the engine about itself (DCI CRVS v1.0.0: attributes and events as clients name them).

use crate::kit::registry::codes::{MARITAL_STATUS, SEX};
use crate::kit::registry::paths::{DEMOGRAPHIC, GIVEN_NAME, SURNAME};
use crate::kit::registry::{
    At, Attribute, Event, Holds, Identifier, Kind, Path, Readers, Registry, column,
};

const fn identifier(
    name: &'static str,
    also: &'static [&'static str],
    column: &'static str,
) -> Identifier {
    Identifier { name, also, at: At::Column(column) }
}

/// The events of a birth, a marriage or a death, by the person whose entry has their number.
const ENTRIES: &str = "(select p.number as person, e.id as id from event as e join person as p on p.brn = e.registration_number
    union all select p.number, e.id from event as e join person as p on p.mrn = e.registration_number
    union all select p.number, e.id from event as e join person as p on p.drn = e.registration_number)";

/// Each day in a list of days in somebody's record, and whose it is.
const MARRIAGES: &str = "(select p.number as person, d.value as day from person as p, json_each(p.record, '$.marriage_date') as d)";
const DIVORCES: &str = "(select p.number as person, d.value as day from person as p, json_each(p.record, '$.divorce_date') as d)";

/// A day of which a record may have several.
const fn day(name: &'static str, table: &'static str) -> Attribute {
    Attribute {
        name,
        also: &[],
        at: At::Line { table, owner: "person", column: "day" },
        holds: Holds::Date,
    }
}

static PERSON: Kind = Kind {
    name: "spdci-extensions-dci:Person",
    also: &["CRVS_Person", "CRVSPerson"],
    table: "person",
    record: "r.record",
    identifiers: &[
        identifier("UIN", &["NID", "NationalID"], "uin"),
        identifier("BRN", &["BIRTH_REG_NO"], "brn"),
        identifier("MRN", &[], "mrn"),
        identifier("DRN", &[], "drn"),
        // The event by which an entry came, of entries since the country began.
        Identifier {
            name: "OPENCRVS_RECORD_ID",
            also: &[],
            at: At::Line { table: ENTRIES, owner: "person", column: "id" },
        },
    ],
    attributes: &[
        column(
            "birth_date",
            &["birthdate", "date_of_birth", "dob", "birthDate"],
            "birth_date",
            Holds::Date,
        ),
        column("YOB", &["year_of_birth"], "birth_date", Holds::Year),
        column("age", &[], "birth_date", Holds::Age),
        column(
            "birth_place",
            &["birthplace", "place_of_birth", "birth_place.name"],
            "birth_place",
            Holds::Name,
        ),
        column(
            "death_date",
            &["date_of_death", "deathDate", "dateOfEvent"],
            "death_date",
            Holds::Date,
        ),
        column(
            "death_place",
            &["place_of_death", "death_place.name"],
            "record ->> '$.death_place.name' collate nocase",
            Holds::Name,
        ),
        day("marriage_date", MARRIAGES),
        day("divorce_date", DIVORCES),
        column(
            "parent1_identifier",
            &["parent1_identifier.identifier_value"],
            "parent1",
            Holds::Text,
        ),
        column(
            "parent2_identifier",
            &["parent2_identifier.identifier_value"],
            "parent2",
            Holds::Text,
        ),
        column("sex", &["gender"], "sex", Holds::Code(SEX)),
        column("surname", SURNAME, "surname", Holds::Name),
        column("given_name", GIVEN_NAME, "given_name", Holds::Name),
        column("marital_status", &[], "marital_status", Holds::Code(MARITAL_STATUS)),
        column("address.region_code", &[], "region", Holds::Text),
        column("address.sub_region_code", &[], "district", Holds::Text),
        column("address.locality", &["location"], "locality", Holds::Name),
        column(
            "registration_date",
            &["createdAt", "dateOfDeclaration", "legalStatuses.REGISTERED.acceptedAt"],
            "registered",
            Holds::Date,
        ),
        column("last_updated", &["updated"], "updated", Holds::Date),
    ],
    // A person of this registry has its facts at the top; clients of the others write them deeper.
    paths: &[Path {
        before: &["person", "demographic_info", "demographic_info.person"],
        leads_to: DEMOGRAPHIC,
    }],
};

/// The civil registry.
pub(super) static REGISTRY: Registry = Registry {
    reg_type: "ns:org:RegistryType:Civil",
    also: &["CRVS", "civil_registry", "birth", "death", "marriage"],
    kinds: &[&PERSON],
    events: &[
        Event {
            name: "Death",
            // The numbers are those of DCI's code directory, CD.04, as OpenCRVS writes them.
            also: &["2"],
            kind: &PERSON,
            recorded: Some("r.death_date is not null"),
            is_entry: false,
        },
        Event {
            name: "LiveBirth",
            also: &["birth", "register", "registration", "1"],
            kind: &PERSON,
            recorded: None,
            is_entry: true,
        },
        Event {
            name: "Marriage",
            also: &["4"],
            kind: &PERSON,
            recorded: Some("r.mrn is not null"),
            is_entry: false,
        },
        Event {
            name: "Divorce",
            also: &[],
            kind: &PERSON,
            recorded: Some("r.divorce_date is not null"),
            is_entry: false,
        },
        // An entry was made in error: the record stands as if it had never been.
        Event {
            name: "Annulment",
            also: &["annul", "revocation"],
            kind: &PERSON,
            recorded: None,
            is_entry: false,
        },
        Event::every(&PERSON),
    ],
    readers: Readers::Standard,
};
