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
    part("tomas", "Tomas Amaro", "S01", "OAP yes (67)"),
    part("grace", "Grace Amaro", "S03", "SUR 90 at age 64"),
    part("oda", "Oda Brandt", "S01-F2", "OAP yes: 65 on the first day"),
    part("elia", "Elia Brandt", "S01-F2", "OAP no: one day too young"),
    part("pavel", "Pavel Oran", "S01-F1", "OAP no: deceased in the civil registry")
        .but(&[Quirk::DeadInCivilRegistryOnly { on: date(2025, 12, 2) }]),
    part("otto", "Otto Reyn", "S01-F3", "OAP no: has a contributory pension")
        .but(&[Quirk::OtherPension]),
    part("kemal", "Kemal Torres", "S01-F4", "OAP review: day and month differ")
        .but(&[Quirk::IdBirthDate(date(1958, 5, 7)), Quirk::CivilBirthDate(date(1958, 7, 5))]),
    part("ivo", "Ivo Mensal", "S01-F5", "OAP manual check: never registered")
        .but(&[Quirk::NoCivilRecord]),
    part("dina", "Dina Prat", "S01-F7", "nothing is asked: consent refused")
        .but(&[Quirk::RefusesConsent]),
    part("rosa", "Rosa Elling", "S01-F8", "OAP yes, payment held: account closed")
        .but(&[Quirk::AccountClosed]),
    part("tomas_norra", "Tomas Amaro", "S01-F6", "a namesake born on the same day"),
    part("tomas_altena", "Tomas Amaro", "S01-F6", "a namesake born on the same day"),
    part("lena", "Lena Ortal", "S04", "CHG 25 for her newborn"),
    part("daniel", "Daniel Sefu", "S05", "DIS 175"),
    part("ravi", "Ravi Coman", "S06", "UNE 320"),
    part("ama", "Ama Belloc", "S07", "AGR voucher 120"),
    part("yara", "Yara Nimri", "S08", "FLD 200 for a household of 5"),
    part("ines", "Ines Falk", "S09", "CAR: home care"),
    part("leo", "Leo Falk", "S09", "JOB: referred to employment support"),
    part("josef", "Josef Adani", "S11", "OAP payment of October repaired")
        .but(&[Quirk::PayeeFails { code: 3204 }]),
    part("nadia", "Nadia Kerim", "S12", "switches from GCT to DIS").formerly(slot(19, 15)),
    part("hana", "Hana Volpi", "S13", "SCH 30"),
    part("sara", "Sara Lindo", "S13", "MAT 348.40"),
    part("marta", "Marta Silvan", "S12", "kept"),
    part("martha", "Martha Sylvan", "S12", "duplicated").but(&[Quirk::DuplicateOf("marta")]),
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
