//! The cast: the people whose stories are told, laid over the country by hand as its first persons.

mod kin;
mod personas;
mod roster;
mod roster_insurance;

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::names::{FamilyName, GivenName};
use super::numbers::{Phone, Source, Uin};
use super::person::{Link, Sex};
use super::register::Register;
use super::register::account_number;
use kin::{Family, SEATS};
use personas::{BIRTHS, PERSONAS};

/// One of the cast: who, in which story, and the verdict that the story is tested for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Persona {
    /// The name in scenarios: `tomas`.
    pub id: &'static str,
    /// The name on the stage: `Tomas Amaro`.
    pub name: &'static str,
    /// The story, `S01`, or the branch of it, `S01-F1`.
    pub story: &'static str,
    pub expected: &'static str,
    /// The index in [`People::persons`](super::People::persons).
    pub person: usize,
    /// What single systems believe differently; nothing for most.
    pub quirks: Vec<Quirk>,
}

/// What one system believes about a persona although the others, and [`Person`](super::Person), say something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quirk {
    /// The civil registry has a death that no other register has heard of.
    DeadInCivilRegistryOnly { on: Date },
    /// The identity system has this birth date.
    IdBirthDate(Date),
    /// The civil registry has this birth date.
    CivilBirthDate(Date),
    /// The civil registry has no entry.
    NoCivilRecord,
    /// The person declines when the identity system asks.
    RefusesConsent,
    /// The mapper still shows the account, as inactive.
    AccountClosed,
    /// The beneficiary registry lists the person in the contributory pension, CPF.
    OtherPension,
    /// The identity system knows this number as an older one of the same person.
    FormerUin(Uin),
    /// The same human being as that persona, registered a second time.
    DuplicateOf(&'static str),
    /// The payment switch refuses a transfer to this payee with this FSPIOP error code.
    PayeeFails { code: u16 },
}

/// A birth that a story will bring; nobody has registered it when the story starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedBirth {
    /// The name in scenarios: `ada`.
    pub id: &'static str,
    pub given: GivenName,
    pub family: FamilyName,
    pub sex: Sex,
    pub on: Date,
    /// The index of the mother.
    pub mother: usize,
    /// The index of the father.
    pub father: usize,
    /// The number that the identity system will issue.
    pub uin: Uin,
}

/// Everything that the hand-made part of the country adds.
#[derive(Debug, Default)]
pub(super) struct Cast {
    pub(super) personas: Vec<Persona>,
    pub(super) births: Vec<ExpectedBirth>,
    /// How many persons are of the cast, their families included.
    pub(super) persons: usize,
    /// The numbers of the cast, which cannot be reckoned back to an index.
    pub(super) by_uin: BTreeMap<Uin, usize>,
    by_key: BTreeMap<&'static str, usize>,
}

impl Cast {
    /// Enters the families of the cast, and ties those who do not live together.
    pub(super) fn enter(register: &mut Register) -> Self {
        let mut cast = Self::default();
        for family in families() {
            let indices = register.admit(&family.draft());
            for (kin, index) in family.people.iter().zip(indices) {
                cast.by_key.insert(kin.key, index);
            }
        }
        for family in families() {
            cast.tie(family, register);
        }
        cast.persons = register.persons.len();
        cast.by_uin = register.persons.iter().map(|p| (p.uin, p.index as usize)).collect();
        cast.personas = PERSONAS.iter().filter_map(|part| cast.persona(part)).collect();
        cast.births = BIRTHS.iter().filter_map(|birth| cast.birth(birth)).collect();
        cast
    }

    /// The index of somebody by the name in the roster.
    pub(super) fn find(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }

    fn tie(&self, family: &Family, register: &mut Register) {
        let link = |key: Option<&str>| key.and_then(|key| self.find(key)).map(Link::to);
        for kin in family.people {
            let person = self.find(kin.key).and_then(|index| register.persons.get_mut(index));
            let Some(person) = person else { continue };
            person.mother = link(kin.mother).unwrap_or(person.mother);
            person.father = link(kin.father).unwrap_or(person.father);
        }
    }

    fn persona(&self, part: &personas::Part) -> Option<Persona> {
        let mut quirks = part.quirks.to_vec();
        if let Some(slot) = part.former_slot {
            quirks.push(Quirk::FormerUin(Uin::issue(Source::Roster(slot))));
        }
        let person = self.find(part.id)?;
        let personas::Part { id, name, story, expected, .. } = *part;
        Some(Persona { id, name, story, expected, person, quirks })
    }

    fn birth(&self, birth: &personas::Birth) -> Option<ExpectedBirth> {
        Some(ExpectedBirth {
            id: birth.id,
            given: birth.given,
            family: birth.family,
            sex: birth.sex,
            on: birth.on,
            mother: self.find(birth.mother)?,
            father: self.find(birth.father)?,
            uin: Uin::issue(Source::Roster(birth.slot)),
        })
    }
}

fn families() -> impl Iterator<Item = &'static Family> {
    roster::FAMILIES.iter().chain(roster_insurance::FAMILIES)
}

/// The slot in the roster of the `seat`th of a family: a number that later families cannot move.
const fn slot(family: u32, seat: u32) -> u32 {
    family * SEATS + seat
}

/// The UIN of somebody of the cast, by the name in the roster; empty where nobody is called so. The same in every
/// country, so that examples can name it.
pub fn cast_uin(key: &str) -> String {
    slot_of(key).map(|slot| Uin::issue(Source::Roster(slot)).to_string()).unwrap_or_default()
}

/// The telephone number of somebody of the cast, without the plus sign.
pub fn cast_phone(key: &str) -> String {
    let phone = slot_of(key).and_then(|slot| Phone::issue(Source::Roster(slot)));
    phone.map(Phone::msisdn).unwrap_or_default()
}

/// The account of somebody of the cast who is with Pinkbank.
pub fn cast_account(key: &str) -> String {
    let uin = slot_of(key).map(|slot| Uin::issue(Source::Roster(slot)));
    uin.map(|uin| account_number(uin).to_string()).unwrap_or_default()
}

fn slot_of(key: &str) -> Option<u32> {
    families().find_map(|family| {
        let seats = family.people.iter().zip(0..);
        let (_, seat) = seats.into_iter().find(|(kin, _)| kin.key == key)?;
        Some(slot(family.number, seat))
    })
}
