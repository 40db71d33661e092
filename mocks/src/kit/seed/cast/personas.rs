//! The parts of the cast: who plays in which story, what is expected, and what a single system believes differently.

use jiff::civil::{Date, date};

use super::super::names::{FamilyName, GivenName};
use super::super::person::Sex;
use super::{Quirk, slot};

pub(super) struct Part {
    /// The key in the roster and the name in scenarios.
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) story: &'static str,
    pub(super) expected: &'static str,
    pub(super) quirks: &'static [Quirk],
    /// The slot of an older identity number of the same person.
    pub(super) former_slot: Option<u32>,
}

pub(super) struct Birth {
    pub(super) id: &'static str,
    pub(super) given: GivenName,
    pub(super) family: FamilyName,
    pub(super) sex: Sex,
    pub(super) on: Date,
    pub(super) mother: &'static str,
    pub(super) father: &'static str,
    pub(super) slot: u32,
}

const fn part(
    id: &'static str,
    name: &'static str,
    story: &'static str,
    expected: &'static str,
) -> Part {
    Part { id, name, story, expected, quirks: &[], former_slot: None }
}

impl Part {
    const fn but(mut self, quirks: &'static [Quirk]) -> Self {
        self.quirks = quirks;
        self
    }

    const fn formerly(mut self, slot: u32) -> Self {
        self.former_slot = Some(slot);
        self
    }
}

pub(super) static PERSONAS: &[Part] = &[
    part("tomas", "Tomas Amaro", "S01", "Old age pension: yes, 100 XTS a month."),
    part(
        "grace",
        "Grace Amaro",
        "S03",
        "Survivor allowance: not today, because her husband is alive.",
    ),
    part("oda", "Oda Brandt", "S01-F2", "65 today. Old age pension: yes."),
    part("elia", "Elia Brandt", "S01-F2", "65 tomorrow. Old age pension: not today."),
    part(
        "pavel",
        "Pavel Oran",
        "S01-F1",
        "Dead in the civil registry. Old age pension: no, and flagged.",
    )
    .but(&[Quirk::DeadInCivilRegistryOnly { on: date(2025, 12, 2) }]),
    part("otto", "Otto Reyn", "S01-F3", "Draws the contributory pension. Old age pension: no.")
        .but(&[Quirk::OtherPension]),
    part(
        "kemal",
        "Kemal Torres",
        "S01-F4",
        "Two registers differ on his birth date. Old age pension: an officer must look.",
    )
    .but(&[Quirk::IdBirthDate(date(1958, 5, 7)), Quirk::CivilBirthDate(date(1958, 7, 5))]),
    part(
        "ivo",
        "Ivo Mensal",
        "S01-F5",
        "His birth was never registered. Old age pension: an officer checks by hand.",
    )
    .but(&[Quirk::NoCivilRecord]),
    part(
        "dina",
        "Dina Prat",
        "S01-F7",
        "Refuse at the consent page, as she would: no registry is asked.",
    )
    .but(&[Quirk::RefusesConsent]),
    part(
        "rosa",
        "Rosa Elling",
        "S01-F8",
        "Her account is closed. Old age pension: yes, but the payment waits.",
    )
    .but(&[Quirk::AccountClosed]),
    part(
        "tomas_norra",
        "Tomas Amaro",
        "S01-F6",
        "In Norra; two more have his name and birth date. Old age pension: yes.",
    ),
    part(
        "tomas_altena",
        "Tomas Amaro",
        "S01-F6",
        "In Altena; two more have his name and birth date. Old age pension: yes.",
    ),
    part(
        "lena",
        "Lena Ortal",
        "S04",
        "Expects a child on 4 October. Child grant: not before the birth.",
    ),
    part(
        "daniel",
        "Daniel Sefu",
        "S05",
        "Lost a leg at work. Disability support: yes, 175 XTS a month.",
    ),
    part(
        "ravi",
        "Ravi Coman",
        "S06",
        "Lost his job. Unemployment insurance: not offered yet, because no contribution fund takes part yet.",
    ),
    part("ama", "Ama Belloc", "S07", "A small farm. Input subsidy: yes, a voucher of 120 XTS."),
    part(
        "yara",
        "Yara Nimri",
        "S08",
        "Lives by the river. Flood response: not offered yet, because no flood map takes part yet.",
    ),
    part(
        "ines",
        "Ines Falk",
        "S09",
        "Old age pension: yes. Home care: not offered yet, because no social care system takes part yet.",
    ),
    part(
        "leo",
        "Leo Falk",
        "S09",
        "Looks for work, but has no profile at the employment service. Public works: not today.",
    ),
    part(
        "josef",
        "Josef Adani",
        "S11",
        "Draws the old age pension already. In the monthly payroll his payment fails: the bank does not know him.",
    )
    .but(&[Quirk::PayeeFails { code: 3204 }]),
    part(
        "nadia",
        "Nadia Kerim",
        "S12",
        "Disability support: yes. General cash transfer: yes. Never both: the second is refused.",
    )
    .formerly(slot(19, 15)),
    part(
        "hana",
        "Hana Volpi",
        "S13",
        "Goes to school, and has no phone of her own: she logs in with her PIN. Child grant: no, it ends at six.",
    ),
    part(
        "sara",
        "Sara Lindo",
        "S13",
        "Expects a child on 30 October. Maternity benefit: not offered yet, because no contribution fund takes part yet.",
    ),
    part(
        "marta",
        "Marta Silvan",
        "S12",
        "General cash transfer: yes. Registered a second time by mistake, as Martha Sylvan.",
    ),
    part(
        "martha",
        "Martha Sylvan",
        "S12",
        "The same woman as Marta Silvan, registered a second time by mistake.",
    )
    .but(&[Quirk::DuplicateOf("marta")]),
];

pub(super) static BIRTHS: &[Birth] = &[
    Birth {
        id: "ada",
        given: GivenName::of("Ada"),
        family: FamilyName::of("Ortal"),
        sex: Sex::Female,
        on: date(2026, 10, 4),
        mother: "lena",
        father: "milan_ortal",
        slot: slot(11, 14),
    },
    Birth {
        id: "noah_lindo",
        given: GivenName::of("Noah"),
        family: FamilyName::of("Lindo"),
        sex: Sex::Male,
        on: date(2026, 10, 30),
        mother: "sara",
        father: "luca_lindo",
        slot: slot(21, 14),
    },
];
